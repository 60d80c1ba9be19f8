//! How the month under way stands beside budgets.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_analysis::report::{self, BudgetMonth, BudgetOutlook, ReportFacts};
use trimtab_model::document::Days;
use trimtab_model::money::{Currency, Money};
use trimtab_render::money::ExchangeRate;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::Lake;

use super::bill::{DailyBill, unreadable};
use crate::config::{BudgetTable, Settings};
use crate::failure::Failure;

/// Decimals of a converted budget: a quotient may have no end of them.
const CONVERTED_DECIMALS: u32 = 6;

/// One budget beside what the bill says of the month.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetStanding {
    /// The month; absent where no charge of the bill is one that the budget counts.
    pub outlook: Option<BudgetOutlook>,
    /// The budget in the currency of the bill; absent where no rate leads there.
    pub budget: Option<Money>,
}

/// Compares one budget with charges by day, service, account and then each tag that names owners. Without a
/// budget the whole bill is looked at.
pub fn budget_standing(
    groups: &[CostGroup],
    covered: Option<Days>,
    table: Option<&BudgetTable>,
    rates: &[ExchangeRate],
    (time_zone, known_until): (&TimeZone, Timestamp),
) -> BudgetStanding {
    let counted =
        groups.iter().filter(|group| table.is_none_or(|table| counts(table, group))).cloned();
    let counted: Vec<CostGroup> = counted.collect();
    let daily = DailyBill::of(&counted, covered);
    let facts = ReportFacts { bill: daily.facts(), ..ReportFacts::empty(known_until, time_zone) };
    let Some(currency) = report::budget_outlook(&facts).map(|outlook| outlook.currency) else {
        return BudgetStanding { outlook: None, budget: None };
    };
    let budget = table.and_then(|table| in_currency(table.monthly.0, currency, rates));
    let outlook = report::budget_outlook(&ReportFacts { budget, ..facts });
    BudgetStanding { outlook, budget }
}

/// Returns the budget of the whole bill in a currency; absent where there is none, or no rate leads there.
pub(super) fn whole_budget(settings: &Settings, currency: Currency) -> Option<Money> {
    let whole = settings.budgets.iter().find(|table| table.scope().is_empty())?;
    in_currency(whole.monthly.0, currency, &settings.style().rates)
}

/// Returns each budget that is kept to a part of the bill, beside what that part cost in a month.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(super) fn of_month(
    lake: &Lake,
    settings: &Settings,
    month: Date,
) -> Result<Vec<BudgetMonth>, Failure> {
    let parts: Vec<&BudgetTable> =
        settings.budgets.iter().filter(|table| !table.scope().is_empty()).collect();
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let tags = settings.tags.owners.iter().cloned().map(GroupBy::Tag);
    let by: Vec<GroupBy> =
        [GroupBy::Month, GroupBy::Service, GroupBy::Account].into_iter().chain(tags).collect();
    let filter = CostFilter {
        month: Some(format!("{:04}-{:02}", month.year(), month.month())),
        ..CostFilter::default()
    };
    let groups = cost::cost_groups(lake, &by, &filter).map_err(unreadable)?;
    let rates = settings.style().rates;
    Ok(parts.into_iter().filter_map(|table| beside(table, &groups, &rates)).collect())
}

/// Compares a budget with the charges that it counts; absent where no rate leads to their currency.
fn beside(
    table: &BudgetTable,
    groups: &[CostGroup],
    rates: &[ExchangeRate],
) -> Option<BudgetMonth> {
    let counted: Vec<&CostGroup> = groups.iter().filter(|group| counts(table, group)).collect();
    let currency = counted.first().map_or(table.monthly.0.currency, |group| group.currency);
    let is_mixed = counted.iter().any(|group| group.currency != currency);
    let is_effective = counted.iter().all(|group| group.whole_effective().is_some());
    let mut amounts = counted
        .iter()
        .map(|group| group.whole_effective().filter(|_| is_effective).unwrap_or(group.billed));
    let sum = amounts.try_fold(Money::zero(currency), |sum, one| sum.checked_add(one).ok());
    Some(BudgetMonth {
        name: table.name.clone().unwrap_or_else(|| table.scope().join(" · ")),
        budget: in_currency(table.monthly.0, currency, rates)?,
        cost: sum.filter(|_| !counted.is_empty() && !is_mixed),
        is_mixed,
    })
}

fn in_currency(budget: Money, currency: Currency, rates: &[ExchangeRate]) -> Option<Money> {
    if budget.currency == currency {
        return Some(budget);
    }
    let converted = rates.iter().find_map(|rate| rate.convert(budget, currency))?;
    Some(converted.cut(CONVERTED_DECIMALS))
}

fn counts(table: &BudgetTable, group: &CostGroup) -> bool {
    let [_, service, account, tags @ ..] = group.key.as_slice() else { return false };
    let is = |wanted: &Option<String>, found: &Option<String>| {
        wanted.as_ref().is_none_or(|wanted| found.as_ref() == Some(wanted))
    };
    let of_team = |team: &String| {
        tags.iter().flatten().any(|value| value.trim().eq_ignore_ascii_case(team.trim()))
    };
    is(&table.service, service)
        && is(&table.account, account)
        && table.team.as_ref().is_none_or(of_team)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::sample::cost_group;

    fn group(day: &str, account: &str, team: &str, cost: i64) -> CostGroup {
        cost_group(&[day, "Amazon EC2", account, team], cost)
    }

    fn to_date(toml: &str) -> Option<Money> {
        let groups = [
            group("2026-10-01", "1", "Live-Ops", 5),
            group("2026-10-02", "2", "live-ops", 7),
            group("2026-10-02", "2", "tools", 11),
        ];
        let covered =
            Days { first: "2026-10-01".parse().unwrap(), last: "2026-10-02".parse().unwrap() };
        let table: BudgetTable = toml::from_str(toml).unwrap();
        let moment = (&TimeZone::UTC, "2026-10-03T00:00:00Z".parse().unwrap());
        let standing = budget_standing(&groups, Some(covered), Some(&table), &[], moment);
        standing.outlook.and_then(|outlook| outlook.to_date)
    }

    #[test]
    fn a_budget_of_a_team_stands_beside_its_month() {
        let groups = [group("2026-10", "1", "Live-Ops", 5), group("2026-10", "2", "tools", 11)];
        let table = |toml: &str| -> BudgetTable { toml::from_str(toml).unwrap() };
        let found = beside(&table("monthly = \"4 USD\"\nteam = \"live-ops\""), &groups, &[]);
        let usd = |amount: i64| Money::usd(amount.into());
        let expected = BudgetMonth {
            name: "live-ops".into(),
            budget: usd(4),
            cost: Some(usd(5)),
            is_mixed: false,
        };
        assert_eq!(found, Some(expected));
        let found = beside(&table("monthly = \"4 USD\"\nteam = \"art\""), &groups, &[]);
        assert_eq!(found.and_then(|found| found.cost), None);
    }

    #[test]
    fn only_charges_that_meet_every_condition_count() {
        let usd = |amount: i64| Some(Money::usd(amount.into()));
        assert_eq!(to_date("monthly = \"100 USD\""), usd(23));
        assert_eq!(to_date("monthly = \"100 USD\"\nteam = \"LIVE-OPS\""), usd(12));
        assert_eq!(to_date("monthly = \"100 USD\"\nteam = \"live-ops\"\naccount = \"2\""), usd(7));
        assert_eq!(to_date("monthly = \"100 USD\"\nservice = \"Amazon RDS\""), None);
    }
}

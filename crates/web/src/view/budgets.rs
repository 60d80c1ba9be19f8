//! What the budgets page says: what a month may cost, what it cost so far, and how likely it is passed.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::config::BudgetTable;
use trimtab_app::failure::Failure;
use trimtab_app::pipeline;
use trimtab_app::pipeline::report::{BudgetStanding, budget_standing};
use trimtab_model::document::{CostBasis, FanPoint};
use trimtab_model::money::Money;
use trimtab_model::text::Text;
use trimtab_render::number::percent_of;
use trimtab_store::cost::{CostFilter, GroupBy};

use super::amount::{Amount, amount_or_none, english_or_none};
use super::savings;
use crate::shared::Shared;

/// What the budgets page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Budgets {
    /// Each budget, in the order of the configuration. The whole bill stands alone where there is none.
    pub(crate) items: Vec<BudgetItem>,
    /// Whether the configuration has a budget.
    pub(crate) is_configured: bool,
}

/// One budget beside the month under way.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct BudgetItem {
    /// What people call it; null where it has no name.
    pub(crate) name: Option<String>,
    /// The account whose cost counts; null for every one.
    pub(crate) account: Option<String>,
    /// The team whose cost counts; null for every one.
    pub(crate) team: Option<String>,
    /// The service whose cost counts; null for every one.
    pub(crate) service: Option<String>,
    /// What a month may cost, as it is configured; null where nothing is.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) monthly: Option<Money>,
    /// The same in the currency of the bill, by the rate of the configuration; null where no rate leads there.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) compared: Option<Money>,
    /// The month, as `2026-10`; null where no charge of the bill is one that the budget counts.
    pub(crate) month: Option<String>,
    /// The last day of the bill, UTC.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) until: Option<Date>,
    /// `effective`, or `billed` where some charges have no effective cost.
    pub(crate) basis: Option<String>,
    /// What the month cost so far; null where the bill does not cover it from its first day on.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) to_date: Option<Money>,
    /// The share of the budget that is spent, in percent.
    pub(crate) spent_percent: Option<f64>,
    /// What the whole month is expected to cost, as the reports have it; null where the bill does not support that.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) forecast: Option<Money>,
    /// One time in ten it is less.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) forecast_low: Option<Money>,
    /// One time in ten it is more.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) forecast_high: Option<Money>,
    /// How likely the month costs more than the budget, in percent; null without both.
    pub(crate) overrun_percent: Option<f64>,
    /// Why something is not known.
    #[serde(serialize_with = "english_or_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) missing: Option<Text>,
    /// The running sum by day, for the chart.
    #[serde(skip)]
    pub(crate) points: Vec<FanPoint>,
}

/// Makes what the budgets page says; none where there is neither a budget nor a bill.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn budgets(shared: &Shared) -> Result<Option<Budgets>, Failure> {
    let settings = &shared.settings;
    let tables = &settings.budgets;
    let has_bills = shared.has_bills()?;
    if !has_bills {
        let items: Vec<BudgetItem> = tables.iter().map(BudgetItem::without_bill).collect();
        return Ok((!items.is_empty()).then_some(Budgets { items, is_configured: true }));
    }
    let by = [GroupBy::Day, GroupBy::Service, GroupBy::Account];
    let mut groups = shared.grouped(&by, &CostFilter::default())?;
    if tables.iter().any(|table| table.team.is_some()) {
        // Tags are in the charges alone, which takes longer than the sums by day.
        let tags = settings.tags.owners.iter().cloned().map(GroupBy::Tag);
        let by: Vec<GroupBy> = by.into_iter().chain(tags).collect();
        groups = shared.grouped(&by, &CostFilter::default())?;
    }
    let covered = shared.covered()?;
    let visible = shared.analysis()?;
    let as_of = visible.as_ref().map(|visible| visible.open.as_of);
    let now = savings::moment(visible.as_ref());
    let known_until = pipeline::known_until(covered.map(|days| days.last), as_of, now);
    let rates = settings.style().rates;
    let standing = |table: Option<&BudgetTable>| {
        let moment = (&settings.timezone, known_until);
        budget_standing(&groups, covered, table, &rates, moment)
    };
    let mut items: Vec<BudgetItem> =
        tables.iter().map(|table| BudgetItem::of(Some(table), standing(Some(table)))).collect();
    if items.is_empty() {
        items.push(BudgetItem::of(None, standing(None)));
    }
    Ok(Some(Budgets { items, is_configured: !tables.is_empty() }))
}

impl BudgetItem {
    fn without_bill(table: &BudgetTable) -> Self {
        let missing = Text::new("no bill was ingested yet", "아직 수집한 청구서가 없습니다");
        Self { missing: Some(missing), ..Self::named(Some(table)) }
    }

    fn named(table: Option<&BudgetTable>) -> Self {
        Self {
            name: table.and_then(|table| table.name.clone()),
            account: table.and_then(|table| table.account.clone()),
            team: table.and_then(|table| table.team.clone()),
            service: table.and_then(|table| table.service.clone()),
            monthly: table.map(|table| table.monthly.0),
            compared: None,
            month: None,
            until: None,
            basis: None,
            to_date: None,
            spent_percent: None,
            forecast: None,
            forecast_low: None,
            forecast_high: None,
            overrun_percent: None,
            missing: None,
            points: Vec::new(),
        }
    }

    fn of(table: Option<&BudgetTable>, standing: BudgetStanding) -> Self {
        let named = Self::named(table);
        let Some(outlook) = standing.outlook else {
            let missing = Text::new(
                "no charge of the bill is one that this budget counts",
                "이 예산에 해당하는 비용이 청구 데이터에 없습니다",
            );
            return Self { missing: Some(missing), ..named };
        };
        let no_rate = table.filter(|_| standing.budget.is_none()).map(|table| {
            let (of, to) = (table.monthly.0.currency, outlook.currency);
            Text::new(
                format!(
                    "the budget is in {of} and the bill in {to}: give a rate in `exchange_rate`"
                ),
                format!("예산은 {of}, 청구서는 {to}입니다. `exchange_rate`에 환율을 적어 주세요"),
            )
        });
        let (expected, why) = match outlook.expected {
            Ok(expected) => (Some(expected), None),
            Err(why) => (None, Some(why)),
        };
        let spent = outlook.to_date.zip(standing.budget);
        Self {
            compared: standing.budget,
            month: Some(outlook.days.first.strftime("%Y-%m").to_string()),
            until: Some(outlook.days.last),
            basis: Some(
                match outlook.basis {
                    CostBasis::Effective => "effective",
                    CostBasis::Billed => "billed",
                }
                .to_owned(),
            ),
            to_date: outlook.to_date,
            spent_percent: spent
                .and_then(|(spent, budget)| percent_of(spent.amount, budget.amount)),
            forecast: expected.map(|month| month.likely),
            forecast_low: expected.map(|month| month.low),
            forecast_high: expected.map(|month| month.high),
            overrun_percent: outlook.overrun_percent,
            missing: no_rate.or(why),
            points: outlook.points,
            ..named
        }
    }
}

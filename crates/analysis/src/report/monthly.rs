//! The monthly report: for leads and finance, once a bill is closed.
//!
//! From last month to this by steps that add up, whose cost it was, what commitments did, what
//! was saved, and the resources that cost the most.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_model::commitment::BillState;
use trimtab_model::document::{
    Block, Column, ColumnKind, CostBasis, Document, DocumentKind, Figure, Figures, Row, Rows,
    Section, Sentence, Tone, Value,
};
use trimtab_model::id::{ResourceId, SubAccountId};
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::{StaticText, Text};

use super::bridge::Bridge;
use super::facts::ReportFacts;
use super::ledger::{Ledger, days_of, month_before, month_name, percent_of};
use super::movers::account_name;
use super::tags::ALLOCATION;
use super::{
    accounts, changes, commitments, figures, footer, forecast, savings, services, tags, teams,
    unit_trend,
};

/// The title of that list.
const TOP_TITLE: StaticText =
    StaticText { en: "The ten most expensive resources", ko: "비용이 큰 자원 10개" };

/// Resources of the list of the most expensive ones.
const TOP: usize = 10;

/// Makes the report of the last whole month before the moment of `facts`.
pub fn monthly(facts: &ReportFacts<'_>) -> Document {
    let today = facts.known_until.to_zoned_datetime(TimeZone::UTC).date();
    let month = last_month(facts).unwrap_or(today.first_of_month());
    let before = month_before(month).unwrap_or(month);
    let ledger = Ledger::open_months(facts);
    let bridge = ledger.map(|ledger| Bridge::of(facts, ledger, month));
    // What a part of a month cost is not what it cost.
    let is_in_part = ledger.is_some_and(|ledger| whole_month(ledger, month).is_none());
    let days = days_of(month);
    let from = days.first.to_zoned_datetime(facts.time_zone.clone());
    let from = from.map_or(facts.now, |midnight| midnight.timestamp());
    let currency = ledger.map_or(Currency::USD, |ledger| ledger.currency);
    Document {
        kind: DocumentKind::Monthly,
        title: Text::new("Monthly cost report", "월간 비용 보고"),
        verdict: verdict(ledger, month),
        as_of: facts.now,
        period: days,
        basis: ledger.map_or(CostBasis::Effective, |ledger| ledger.basis),
        sections: vec![
            summary(facts, ledger, month),
            bridge_section(bridge.as_ref(), ledger, before, month),
            if is_in_part {
                not_whole("allocation", ALLOCATION, month)
            } else {
                tags::allocation(facts, month, currency)
            },
            if is_in_part && !facts.budgets.is_empty() {
                not_whole("budgets", teams::BUDGETS, month)
            } else {
                teams::section(facts)
            },
            unit_trend::section(facts, ledger),
            commitments::section(facts, month),
            savings::funnel(facts, currency, from),
            changes::without_note(facts, from),
            savings::waste(facts),
            forecast::outlook(Ledger::open(facts)),
            if is_in_part { not_whole("top", TOP_TITLE, month) } else { top(facts, ledger, month) },
        ],
        sheets: accounts::sheets(facts, ledger, before, month),
        footer: footer::footer(facts, ledger, days),
    }
}

/// Returns the first of the last month that is over in UTC and in the zone.
pub fn last_month(facts: &ReportFacts<'_>) -> Option<Date> {
    month_before(facts.first_day_to_come()?)
}

/// Returns what a whole month cost; absent where the bill does not cover all of it.
pub(super) fn whole_month(ledger: Ledger<'_>, month: Date) -> Option<Money> {
    let (charge, amount) = ledger.month(month)?;
    (charge.state == BillState::Whole).then_some(amount)
}

fn verdict(ledger: Option<Ledger<'_>>, month: Date) -> Sentence {
    let cost = ledger.and_then(|ledger| whole_month(ledger, month));
    let before =
        ledger.zip(month_before(month)).and_then(|(ledger, month)| whole_month(ledger, month));
    let name = ("month", Value::Text(month_name(month)));
    let Some(cost) = cost else {
        return Sentence::plain(
            "What {month} cost is not known: no bill of all of it was read.",
            "{month} 비용을 알 수 없습니다. 한 달치 청구 데이터를 모두 읽지 못했습니다.",
            &[name],
        );
    };
    let opening = Sentence::plain(
        "{month} cost {cost}.",
        "{month} 비용은 {cost}입니다.",
        &[name, ("cost", Value::Amount(cost))],
    );
    let Some(change) = before.and_then(|before| cost.checked_sub(before).ok()) else {
        return opening.then(Sentence::plain(
            "Of the month before, not all is in the bill.",
            "전달 비용은 청구 데이터에 다 있지 않습니다.",
            &[],
        ));
    };
    let amount = Money::new(change.amount.abs(), change.currency);
    let percent = before.and_then(|before| percent_of(amount, before)).map_or_else(
        || Value::Missing(Text::new("nothing before", "전달 비용 없음")),
        Value::Percent,
    );
    let values = [("amount", Value::Amount(amount)), ("percent", percent)];
    opening.then(match Tone::of_change(change) {
        Tone::Fell => Sentence::new(
            "That is [{amount} ({percent}) less] than the month before.",
            "전달보다 [{amount} ({percent}) 줄었습니다].",
            Tone::Fell,
            &values,
        ),
        Tone::Rose => Sentence::new(
            "That is [{amount} ({percent}) more] than the month before.",
            "전달보다 [{amount} ({percent}) 늘었습니다].",
            Tone::Rose,
            &values,
        ),
        Tone::Plain | Tone::Danger | Tone::Muted => {
            Sentence::plain("The month before cost the same.", "전달과 같습니다.", &[])
        }
    })
}

fn summary(facts: &ReportFacts<'_>, ledger: Option<Ledger<'_>>, month: Date) -> Section {
    let cost = ledger.and_then(|ledger| whole_month(ledger, month));
    let not_whole = || {
        Text::new(
            "the bill does not cover all of the month",
            "한 달치 청구 데이터가 다 있지 않습니다",
        )
    };
    let charge = ledger.and_then(|ledger| ledger.month(month)).map(|(charge, _)| charge);
    let month_cost = Figure {
        name: "month".into(),
        label: Text::new("Cost of the month", "월 비용"),
        value: cost.map_or_else(|| Value::Missing(not_whole()), Value::Amount),
        note: budget(facts, cost),
        tone: Tone::Plain,
    };
    let discount = charge.zip(cost).and_then(|(charge, cost)| {
        let list = charge.list?;
        percent_of(list.checked_sub(cost).ok()?, list)
    });
    let discount = Figure {
        name: "discount".into(),
        label: Text::new("Below list prices", "정가 대비 할인"),
        value: discount.map_or_else(
            || {
                Value::Missing(Text::new(
                    "the bill has no list price for every charge",
                    "정가가 없는 비용이 청구 데이터에 있습니다",
                ))
            },
            Value::Percent,
        ),
        note: None,
        tone: Tone::Plain,
    };
    let per_user = cost.and_then(|cost| figures::user_cost(facts, days_of(month), cost));
    let per_user = Figure {
        name: "per_user".into(),
        label: Text::new("Cost per daily user", "DAU당 비용"),
        value: per_user.map_or_else(
            || {
                Value::Missing(Text::new(
                    "cost and users of every day of the month are needed",
                    "한 달 내내의 비용과 사용자 수가 필요합니다",
                ))
            },
            Value::UnitPrice,
        ),
        note: None,
        tone: Tone::Plain,
    };
    let all = [month_cost, discount, figures::found(facts), per_user];
    Section { name: "summary".into(), title: None, blocks: vec![Block::Figures(Figures::new(all))] }
}

fn budget(facts: &ReportFacts<'_>, cost: Option<Money>) -> Option<Sentence> {
    let budget = facts.budget?;
    let share = percent_of(cost?, budget)?;
    Some(Sentence::plain(
        "{share} of the budget of {budget}",
        "예산 {budget}의 {share}",
        &[("share", Value::Percent(share)), ("budget", Value::Amount(budget))],
    ))
}

fn bridge_section(
    bridge: Option<&Result<Bridge, Text>>,
    ledger: Option<Ledger<'_>>,
    before: Date,
    month: Date,
) -> Section {
    let blocks = match bridge {
        None => vec![super::movers::missing_bill()],
        Some(Err(why)) => vec![Block::missing(Sentence::plain(
            "The two months cannot be compared: {why}.",
            "두 달을 비교할 수 없습니다: {why}.",
            &[("why", Value::Text(why.clone()))],
        ))],
        Some(Ok(bridge)) => {
            let mut blocks = vec![Block::chart(bridge.chart(before, month))];
            blocks.extend(services::per_day(bridge, before, month));
            blocks.extend(ledger.and_then(|ledger| services::table(ledger, before, month)));
            blocks
        }
    };
    Section {
        name: "bridge".into(),
        title: Some(Text::new("What made the difference", "무엇이 달라졌나")),
        blocks,
    }
}

/// Makes a section of a month that the bill covers in part.
fn not_whole(name: &str, title: StaticText, month: Date) -> Section {
    Section {
        name: name.into(),
        title: Some(title.into()),
        blocks: vec![Block::missing(Sentence::plain(
            "The bill does not cover all of {month}, so nothing is added up for it. `trimtab ingest` reads the rest \
             once it is there.",
            "{month} 청구 데이터가 다 있지 않아 합계를 내지 않았습니다. 나머지 청구 데이터가 나오면 `trimtab ingest`로 읽으세요.",
            &[("month", Value::Text(month_name(month)))],
        ))],
    }
}

/// A resource and the service and account that it is charged to.
type Charged<'a> = (&'a ResourceId, &'a str, Option<&'a SubAccountId>);

/// What a resource is called, and what it cost; absent where the sum is too large.
#[derive(Debug, Clone, Copy)]
struct OfResource<'a> {
    name: Option<&'a str>,
    cost: Option<Money>,
}

fn top(facts: &ReportFacts<'_>, ledger: Option<Ledger<'_>>, month: Date) -> Section {
    let sums = ledger.map(|ledger| by_resource(ledger, month)).unwrap_or_default();
    // One whose sum is too large for an amount is left out: it cannot be shown.
    let mut sums: Vec<(Charged<'_>, Option<&str>, Money)> =
        sums.into_iter().filter_map(|(key, sum)| Some((key, sum.name, sum.cost?))).collect();
    sums.sort_by(|left, right| {
        right.2.amount.cmp(&left.2.amount).then_with(|| left.0.cmp(&right.0))
    });
    let whole = ledger.and_then(|ledger| whole_month(ledger, month));
    let rows: Vec<Row> = sums
        .iter()
        .take(TOP)
        .map(|((resource, service, account), name, cost)| {
            let share = whole.and_then(|whole| percent_of(*cost, whole)).map_or_else(
                || {
                    Value::Missing(Text::new(
                        "the whole month is not known",
                        "월 비용 전체를 알 수 없습니다",
                    ))
                },
                Value::Percent,
            );
            Row::new(vec![
                Value::Name(shown(resource, *name)),
                Value::Name((*service).to_owned()),
                account_name(facts, *account),
                Value::Amount(*cost),
                share,
            ])
        })
        .collect();
    let block = if rows.is_empty() {
        Block::missing(Sentence::plain(
            "The bill names no resource. Data Exports with resource IDs would make them known.",
            "청구 데이터에 자원이 없습니다. 리소스 ID를 포함한 Data Exports가 있으면 알 수 있습니다.",
            &[],
        ))
    } else {
        Block::Rows(Rows {
            name: "top_resources".into(),
            title: None,
            columns: vec![
                Column::new("resource", ColumnKind::Text, "Resource", "자원"),
                Column::new("service", ColumnKind::Text, "Service", "서비스"),
                Column::new("account", ColumnKind::Text, "Account", "계정"),
                Column::new("cost", ColumnKind::Amount, "Cost of the month", "월 비용"),
                Column::new("share", ColumnKind::Percent, "Share", "비율"),
            ],
            rows,
        })
    };
    Section { name: "top".into(), title: Some(TOP_TITLE.into()), blocks: vec![block] }
}

/// Returns the name of a resource with the end of its identifier, which tells two of one name apart.
fn shown(resource: &ResourceId, name: Option<&str>) -> String {
    let id = resource.as_str();
    let end = id.rsplit(['/', ':']).next().filter(|end| !end.is_empty()).unwrap_or(id);
    match name.filter(|name| !name.trim().is_empty()) {
        None => id.to_owned(),
        Some(name) if name == end => name.to_owned(),
        Some(name) => format!("{name} ({end})"),
    }
}

fn by_resource(ledger: Ledger<'_>, month: Date) -> BTreeMap<Charged<'_>, OfResource<'_>> {
    let mut sums: BTreeMap<Charged<'_>, OfResource<'_>> = BTreeMap::new();
    for (meter, cost) in ledger.meters(month) {
        let Some(resource) = &meter.resource else { continue };
        let key = (resource, meter.service.as_str(), meter.account.as_ref());
        let nothing = OfResource { name: None, cost: Some(Money::zero(ledger.currency)) };
        let sum = sums.entry(key).or_insert(nothing);
        sum.name = sum.name.or(meter.name.as_deref());
        sum.cost = sum.cost.and_then(|sum| sum.checked_add(cost).ok());
    }
    sums
}

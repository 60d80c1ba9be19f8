//! What moved between two weeks, and why, where that is known.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_model::document::{
    Block, Column, ColumnKind, Days, Row, Rows, Section, Sentence, Tone, Value,
};
use trimtab_model::id::SubAccountId;
use trimtab_model::money::Money;
use trimtab_model::recommendation::Onset;
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::{Text, counted};

use super::facts::{ChangeOutcome, ReportFacts, UsagePart};
use super::ledger::{Ledger, Place, percent_of, total};
use super::split::{Split, UsageMeter, WeekMeters, split};
use super::week::Comparison;

/// Rows of the table; the rest stands in one row, so that it adds up.
const MOST_ROWS: usize = 8;
/// The places of usage and price in a row.
const USAGE: usize = 5;
const PRICE: usize = 6;

/// What one service in one account cost more.
#[derive(Debug, Clone)]
pub(super) struct Mover {
    /// The service and the account.
    pub(super) place: Place,
    /// What it cost the week before.
    before: Money,
    /// How much more it was.
    pub(super) change: Money,
}

/// Returns what moved, the largest first; empty where there is nothing to compare with.
pub(super) fn movers(ledger: Ledger<'_>, week: &Comparison) -> Vec<Mover> {
    if week.cost_before.is_none() {
        return Vec::new();
    }
    let sums = ledger.by_place(week.days).zip(ledger.by_place(week.days_before));
    let Some((after, before)) = sums else { return Vec::new() };
    let zero = Money::zero(ledger.currency);
    let mut places: BTreeMap<Place, (Money, Money)> =
        before.into_iter().map(|(place, amount)| (place, (amount, zero))).collect();
    for (place, amount) in after {
        places.entry(place).or_insert((zero, zero)).1 = amount;
    }
    let mut movers: Vec<Mover> = places
        .into_iter()
        .filter_map(|(place, (before, after))| {
            let change = after.checked_sub(before).ok()?;
            (!change.amount.is_zero()).then_some(Mover { place, before, change })
        })
        .collect();
    movers.sort_by(|left, right| {
        let by_size = right.change.amount.abs().cmp(&left.change.amount.abs());
        by_size.then_with(|| left.place.cmp(&right.place))
    });
    movers
}

/// Makes the section.
pub(super) fn section(
    facts: &ReportFacts<'_>,
    week: Option<&Comparison>,
    movers: &[Mover],
) -> Section {
    let block = match week {
        None => missing_bill(),
        Some(week) if week.cost_before.is_none() => Block::missing(Sentence::plain(
            "The bill does not cover the same days of the week before, so nothing can be compared. \
             A bill from {first} on would settle it.",
            "청구 데이터에 전주 같은 날의 비용이 없어 비교할 수 없습니다. {first}부터의 청구 데이터가 있으면 비교합니다.",
            &[("first", Value::Date(week.days_before.first))],
        )),
        Some(week) if movers.is_empty() => Block::note(Sentence::plain(
            "Every service in every account cost what it did on the same days of the week before: {cost}.",
            "모든 계정의 모든 서비스가 전주 같은 날과 비용이 같습니다: {cost}.",
            &[("cost", Value::Amount(week.cost))],
        )),
        Some(week) => table(facts, week, movers),
    };
    Section {
        name: "movers".into(),
        title: Some(Text::new("What moved", "무엇이 움직였나")),
        blocks: vec![block],
    }
}

/// Says that without a bill nothing is known of cost.
pub(super) fn missing_bill() -> Block {
    Block::missing(Sentence::plain(
        "No bill of these days is kept in the data directory. `trimtab ingest` reads a bill or a FOCUS export.",
        "데이터 디렉터리에 이 기간의 청구 데이터가 없습니다. `trimtab ingest`로 청구서나 FOCUS 내보내기를 읽을 수 있습니다.",
        &[],
    ))
}

/// Returns whether anybody is named who answers for an account: there is nothing to say where not.
pub(super) fn has_owners(facts: &ReportFacts<'_>) -> bool {
    facts.bill.accounts.values().any(|account| account.owner.is_some())
}

fn table(facts: &ReportFacts<'_>, week: &Comparison, movers: &[Mover]) -> Block {
    let has_owners = has_owners(facts);
    let mut rows: Vec<Row> =
        movers.iter().take(MOST_ROWS).map(|mover| row(facts, week, mover)).collect();
    let others = movers.get(MOST_ROWS..).unwrap_or_default();
    if let Some(first) = others.first() {
        let currency = first.change.currency;
        let change = total(currency, others.iter().map(|mover| mover.change));
        let count = others.len();
        let all = Text::new(counted(count, "more row"), format!("그 밖의 {count}개 항목"));
        rows.push(remainder(all, change, None));
    }
    if let Some(change) = week.change() {
        let row = remainder(Text::new("Together", "합계"), Some(change), week.percent());
        rows.push(row.total());
    }
    let mut columns = vec![
        Column::new("service", ColumnKind::Text, "Service", "서비스"),
        Column::new("account", ColumnKind::Text, "Account", "계정"),
        Column::new("change", ColumnKind::Amount, "Change", "증감"),
        Column::new("percent", ColumnKind::Percent, "%", "%"),
        Column::new("cause", ColumnKind::Text, "Cause", "원인"),
    ];
    // Where the bill has no quantities, two columns would say so in every row.
    let is_split =
        rows.iter().any(|row| matches!(row.cells.get(USAGE), Some((Value::Change(_), _))));
    let is_taken_apart = is_split.then(|| {
        [
            Column::new("usage", ColumnKind::Amount, "Usage", "사용량"),
            Column::new("price", ColumnKind::Amount, "Price", "단가"),
        ]
    });
    match is_taken_apart {
        Some(apart) => columns.extend(apart),
        None => rows.iter_mut().for_each(|row| drop(row.cells.drain(USAGE..=PRICE))),
    }
    if has_owners {
        columns.push(Column::new("owner", ColumnKind::Text, "Owner", "담당"));
    }
    for row in &mut rows {
        row.cells.truncate(columns.len());
    }
    Block::Rows(Rows { name: "movers".into(), title: None, columns, rows })
}

fn remainder(words: Text, change: Option<Money>, percent: Option<f64>) -> Row {
    let none = || Value::text("", "");
    let change = change.map_or_else(too_large, Value::Change);
    let percent = percent.map_or_else(none, Value::PercentChange);
    Row::new(vec![Value::Text(words), none(), change, percent, none(), none(), none(), none()])
}

fn too_large() -> Value {
    Value::Missing(Text::new("the amount is too large", "금액이 너무 큽니다"))
}

fn row(facts: &ReportFacts<'_>, week: &Comparison, mover: &Mover) -> Row {
    let (service, account) = &mover.place;
    let percent = percent_of(mover.change, mover.before).map_or_else(
        || {
            Value::Missing(Text::new(
                "it cost nothing the week before",
                "전주에는 비용이 없었습니다",
            ))
        },
        Value::PercentChange,
    );
    let known = account.as_ref().and_then(|account| facts.bill.accounts.get(account));
    let owner = Value::name_or(known.and_then(|account| account.owner.as_deref()), || {
        Text::new("this account has no owner", "이 계정에는 담당자가 없습니다")
    });
    let [usage, price] = apart(facts, mover);
    Row::new(vec![
        Value::Name(service.clone()),
        account_name(facts, account.as_ref()),
        Value::Change(mover.change),
        percent,
        cause(facts, week, mover),
        usage,
        price,
        owner,
    ])
    .toned(2, Tone::of_change(mover.change))
}

/// Takes the change of a mover apart into usage and price.
fn apart(facts: &ReportFacts<'_>, mover: &Mover) -> [Value; 2] {
    let (service, account) = &mover.place;
    let is_here = |meter: &&UsageMeter| {
        meter.service.as_ref() == Some(service)
            && meter.account.as_deref() == account.as_ref().map(SubAccountId::as_str)
    };
    let WeekMeters { before, after } = facts.usage.meters;
    let (before, after) = (before.iter().filter(is_here), after.iter().filter(is_here));
    match split(before, after, mover.change) {
        Some(Split { usage, price }) => [usage, price].map(Value::Change),
        None => [(); 2].map(|()| {
            Value::Missing(Text::new(
                "the bill has no quantities for all of it",
                "청구 데이터에 수량이 다 있지 않습니다",
            ))
        }),
    }
}

/// Returns what people call an account.
pub(super) fn account_name(facts: &ReportFacts<'_>, account: Option<&SubAccountId>) -> Value {
    let Some(account) = account else {
        return Value::Missing(Text::new(
            "the bill names no account",
            "청구 데이터에 계정이 없습니다",
        ));
    };
    let alias = facts.bill.accounts.get(account).and_then(|known| known.alias.clone());
    Value::Name(alias.unwrap_or_else(|| account.to_string()))
}

/// A cause that the data names: a change that was made, or an increase that the analysis knows.
///
/// That both moved the same way in the same days is all that is claimed; a mover without such a
/// fact has no cause that is known.
fn cause(facts: &ReportFacts<'_>, week: &Comparison, mover: &Mover) -> Value {
    let days = Days { first: week.days_before.first, last: week.days.last };
    let known = if mover.change.is_positive() {
        risen(facts, days, &mover.place)
    } else {
        applied(facts, days, &mover.place)
    };
    let known = known.or_else(|| moved_most(facts, week, mover));
    known.unwrap_or_else(|| {
        Value::Missing(Text::new("cause not known", "원인이 확인되지 않았습니다"))
    })
}

/// Names the usage type that moved most, where it makes at least half of the change. Why it moved is
/// not known from a bill.
fn moved_most(facts: &ReportFacts<'_>, week: &Comparison, mover: &Mover) -> Option<Value> {
    let (service, account) = &mover.place;
    let is_here = |part: &&UsagePart| {
        part.service.as_ref() == Some(service)
            && part.account.as_deref() == account.as_ref().map(SubAccountId::as_str)
    };
    let sum = |part: &UsagePart, days: Days| {
        let mut within = part.days.iter().filter(|(date, _)| days.contains(**date));
        within.try_fold(Decimal::ZERO, |sum, (_, amount)| sum.checked_add(*amount))
    };
    let parts = facts.usage.parts.iter().filter(is_here);
    let moves = parts.filter_map(|part| {
        Some((sum(part, week.days)?.checked_sub(sum(part, week.days_before)?)?, part))
    });
    let same = moves.filter(|(by, _)| by.is_sign_positive() == mover.change.is_positive());
    let (by, part) = same.max_by_key(|(by, _)| by.abs())?;
    let half = mover.change.amount.abs().checked_div(Decimal::TWO)?;
    (by.abs() >= half).then(|| {
        Value::Text(Text::new(
            format!("mostly {}; why is not in the bill", part.usage_type),
            format!("대부분 {}. 이유는 청구 데이터에 없습니다", part.usage_type),
        ))
    })
}

/// Returns whether the bill counts a resource to a service and an account.
fn is_at(facts: &ReportFacts<'_>, resource: &ResourceRef, place: &Place) -> bool {
    let (service, account) = place;
    account.as_ref() == Some(&resource.account)
        && facts.bill.services.contains(&(resource.id.clone(), service.clone()))
}

fn utc_day(moment: jiff::Timestamp) -> Date {
    moment.to_zoned_datetime(TimeZone::UTC).date()
}

fn applied(facts: &ReportFacts<'_>, days: Days, place: &Place) -> Option<Value> {
    let mut changes = 0_usize;
    let mut titles: Vec<&Text> = Vec::new();
    for plan in facts.plans {
        let here = plan.changes.iter().filter(|change| {
            let ChangeOutcome::Applied { at } = &change.outcome else { return false };
            days.contains(utc_day(*at)) && is_at(facts, &change.resource, place)
        });
        let count = here.count();
        if count > 0 {
            changes += count;
            titles.push(&plan.title);
        }
    }
    let first = titles.first()?;
    let more = titles.len().saturating_sub(1);
    let and_more = |word: String| if more == 0 { String::new() } else { word };
    Some(Value::Text(Text::new(
        format!(
            "applied: {}{} ({})",
            first.en,
            and_more(format!(" and {}", counted(more, "more plan"))),
            counted(changes, "change")
        ),
        format!("적용: {}{} (변경 {changes}건)", first.ko, and_more(format!(" 외 계획 {more}건"))),
    )))
}

fn risen(facts: &ReportFacts<'_>, days: Days, place: &Place) -> Option<Value> {
    let increases = &facts.analysis?.increases;
    let of_place = increases.iter().find(|rising| {
        rising.increase.onset == Onset::Past
            && days.contains(utc_day(rising.increase.from))
            && is_at(facts, &rising.resource, place)
    })?;
    Some(Value::Text(of_place.increase.reason.text.clone()))
}

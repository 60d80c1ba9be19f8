//! What the cost page says: cost by one thing in one stretch of time, beside another stretch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::PROVISIONAL_DAYS;
use trimtab_model::money::{Currency, Money, MoneyError};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use super::amount::{Amount, amount, amount_or_none};
use super::by_resource::{self, Sums};
use super::daily::{Basis, Daily, before, grouped_daily};
use super::grouping::{GROUPINGS, Grouping, Narrowed, narrow};
use crate::query::Query;
use crate::scope::Scope;
use crate::shared::Shared;

/// Days that are looked at where nobody says.
const DAYS: i32 = 30;
/// More days than these are not looked at: no bill reaches so far.
const MOST_DAYS: i32 = 3_660;

/// What the cost page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Spending {
    /// What it is kept apart by.
    pub(crate) group_by: String,
    /// Which cost it is.
    pub(crate) basis: Basis,
    /// The first day, UTC.
    #[schema(value_type = String, format = Date)]
    pub(crate) from: Date,
    /// The last day, which counts too.
    #[schema(value_type = String, format = Date)]
    pub(crate) until: Date,
    /// The first day of the stretch that is compared with: the one before, of the same length, where no other is named.
    #[schema(value_type = String, format = Date)]
    pub(crate) before_from: Date,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    pub(crate) before_until: Date,
    /// The sum of the days that bills cover; null where they cover none.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) total: Option<Money>,
    /// Days of the stretch that no bill covers, and which are in no sum.
    pub(crate) missing_days: u64,
    /// The sum of the stretch before; null where bills do not cover every day of both.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) total_before: Option<Money>,
    /// The parts, the largest first. An answer has those of its part of the list.
    #[serde(serialize_with = "cut_apart")]
    pub(crate) items: Vec<Group>,
    /// Groups of charges whose cost of this basis is not known, and which are in no sum.
    pub(crate) unknown: u64,
    /// Currencies of the same bills, which are in no sum here.
    pub(crate) other_currencies: Vec<String>,
    /// From this day on AWS may still change what the bill says.
    #[schema(value_type = String, format = Date)]
    pub(crate) provisional_from: Date,
    /// By day, for the chart.
    #[serde(skip)]
    pub(crate) daily: Daily,
    /// By service and account, for the chart.
    #[serde(skip)]
    pub(crate) areas: Arc<Vec<CostGroup>>,
}

/// Leaves the parts to whoever cuts them: there may be very many, and an answer has some hundred of them.
fn cut_apart<S: Serializer>(_: &[Group], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq::<[(); 0]>([])
}

/// One part of the cost.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Group {
    /// Its name; null for charges without one.
    pub(crate) key: Option<String>,
    /// Its cost.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    pub(crate) cost: Money,
    /// Its cost in the stretch before; null where bills do not cover every day of both.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) before: Option<Money>,
}

/// What of an address is asked of the bill.
const ASKED: [&str; 13] = [
    "group_by",
    "basis",
    "service",
    "account",
    "region",
    "resource",
    "environment",
    "team",
    "usage_type",
    "from",
    "until",
    "against_from",
    "against_until",
];

impl Spending {
    /// Returns about how many amounts it holds.
    pub(crate) fn weight(&self) -> u64 {
        (self.items.len() * 2 + self.daily.cells() + self.areas.len()) as u64
    }
}

/// Returns what the cost page says; none without a bill.
///
/// # Errors
/// Fails on a day that is none, and if the lake cannot be read.
pub(crate) fn spending(shared: &Shared, query: &Query) -> Result<Option<Arc<Spending>>, Failure> {
    let asked: Vec<Option<&str>> = ASKED.iter().map(|key| query.get(key)).collect();
    shared.spent(format!("{asked:?}"), || Ok(made(shared, query)?.map(Arc::new)))
}

fn made(shared: &Shared, query: &Query) -> Result<Option<Spending>, Failure> {
    let word = query.get("group_by").unwrap_or("service");
    let (word, by) = GROUPINGS.iter().find(|(name, _)| *name == word).ok_or_else(|| {
        let known: Vec<&str> = GROUPINGS.iter().map(|(name, _)| *name).collect();
        let known = known.join(", ");
        Failure::usage(
            (format!("there is no grouping `{word}`"), format!("그런 기준이 없습니다: `{word}`")),
            (format!("group_by is one of {known}"), format!("group_by에 쓸 수 있는 값: {known}")),
        )
    })?;
    let basis = Basis::of(query.get("basis"))?;
    let filter = CostFilter {
        service: query.get("service").map(str::to_owned),
        account: Scope::of(query)?.account,
        region: query.get("region").map(str::to_owned),
        resource: query.get("resource").map(str::to_owned),
        ..CostFilter::default()
    };
    let narrowed = Narrowed::of(query);
    let of = (&filter, &narrowed);
    let is_by_resource = *by == Grouping::By(GroupBy::Resource);
    let daily = match is_by_resource {
        true => by_resource::whole_days(shared, basis, of)?,
        false => grouped_daily(shared, by, basis, of)?,
    };
    let Some(mut daily) = daily else { return Ok(None) };
    let Some(last) = daily.last() else { return Ok(None) };
    let stretch = stretch(query, last)?;
    let against = against(query, stretch)?;
    let is_comparable = daily.covers(against.0, against.1) && daily.covers(stretch.0, stretch.1);
    let sums = |of_days: (Date, Date)| match is_by_resource {
        true => by_resource::sums(shared, (basis, daily.currency), of, of_days),
        false => Ok(Sums {
            costs: daily.by_key(of_days.0, of_days.1).map_err(too_large)?,
            unknown: daily.unknown(of_days.0, of_days.1),
            without: BTreeSet::new(),
        }),
    };
    let now = sums(stretch)?;
    let earlier = if is_comparable { sums(against)? } else { Sums::default() };
    if is_by_resource {
        daily = by_resource::with_largest(shared, daily, &now, of, stretch)?;
    }
    let (from, until) = stretch;
    let filter = CostFilter { from: Some(from), until: until.tomorrow().ok(), ..filter };
    let areas = narrow(shared, &[GroupBy::Service, GroupBy::Account], &filter, &narrowed)?;
    let total = |sums: &Sums| sums.total(daily.currency).map_err(too_large);
    let has_days = daily.sum(from, until).map_err(too_large)?.is_some();
    Ok(Some(Spending {
        group_by: (*word).to_owned(),
        basis,
        from,
        until,
        before_from: against.0,
        before_until: against.1,
        total: has_days.then(|| total(&now)).transpose()?,
        total_before: (is_comparable && earlier.without.is_empty())
            .then(|| total(&earlier))
            .transpose()?,
        missing_days: daily.missing(from, until),
        unknown: now.unknown,
        items: parts(now, earlier, is_comparable, daily.currency),
        provisional_from: before(last, PROVISIONAL_DAYS - 1),
        areas,
        other_currencies: daily.others.iter().map(|one| one.code().to_owned()).collect(),
        daily,
    }))
}

/// Puts each part beside what it was; what it was is not known where the stretches cannot be compared.
fn parts(now: Sums, earlier: Sums, is_comparable: bool, currency: Currency) -> Vec<Group> {
    let zero = Money::zero(currency);
    let mut gone: BTreeMap<Option<String>, Money> = earlier.costs.into_iter().collect();
    let with_before = |(key, cost): (Option<String>, Money)| {
        let is_known = is_comparable && !earlier.without.contains(&key);
        let before = is_known.then(|| gone.remove(&key).unwrap_or(zero));
        Group { key, cost, before }
    };
    let mut parts: Vec<Group> = now.costs.into_iter().map(with_before).collect();
    let mut gone: Vec<Group> =
        gone.into_iter().map(|(key, cost)| Group { key, cost: zero, before: Some(cost) }).collect();
    gone.sort_by(|left, right| {
        let amount = |group: &Group| group.before.map(|cost| cost.amount);
        amount(right).cmp(&amount(left)).then_with(|| left.key.cmp(&right.key))
    });
    parts.extend(gone);
    parts
}

fn too_large(cause: MoneyError) -> Failure {
    Failure::from_error(Kind::Failed, &cause)
}

/// Returns the first and the last day that an address asks for; the thirty that end with `last` where it asks for none.
///
/// # Errors
/// Fails on a day that is none, and on a stretch that ends before it begins or is far too long.
pub(super) fn stretch(query: &Query, last: Date) -> Result<(Date, Date), Failure> {
    let until = day(query, "until")?.unwrap_or(last);
    let from = day(query, "from")?.unwrap_or_else(|| before(until, DAYS - 1));
    in_order(from, until)?;
    Ok((from, until))
}

/// Returns the stretch that an address compares with; the one before, of the same length, where it names none.
///
/// # Errors
/// Fails as [`stretch`] does, and where one end is missing.
fn against(query: &Query, (from, until): (Date, Date)) -> Result<(Date, Date), Failure> {
    match (day(query, "against_from")?, day(query, "against_until")?) {
        (None, None) => {
            let length = until.since(from).map_or(DAYS, |span| span.get_days() + 1);
            Ok((before(from, length), before(from, 1)))
        }
        (Some(first), Some(last)) => {
            in_order(first, last)?;
            Ok((first, last))
        }
        _ => Err(Failure::usage(
            (
                "the days to compare with have one end only",
                "비교할 기간의 시작일과 종료일 중 하나가 없습니다",
            ),
            (
                "give against_from and against_until",
                "against_from과 against_until을 함께 지정하세요",
            ),
        )),
    }
}

fn in_order(from: Date, until: Date) -> Result<(), Failure> {
    let length = until.since(from).map_or(DAYS, |span| span.get_days() + 1);
    if length < 1 {
        return Err(Failure::usage(
            (format!("{from} is after {until}"), format!("시작일 {from} 이후여야 합니다: {until}")),
            ("give the earlier day first", "앞선 날짜를 먼저 지정하세요"),
        ));
    }
    if length > MOST_DAYS {
        return Err(Failure::usage(
            (
                format!("{from} to {until} are {length} days"),
                format!("{from}부터 {until}까지는 {length}일입니다"),
            ),
            (
                format!("look at {MOST_DAYS} days at most"),
                format!("최대 {MOST_DAYS}일까지 볼 수 있습니다"),
            ),
        ));
    }
    Ok(())
}

/// Returns the day that an address names; none where it names none.
///
/// # Errors
/// Fails on what is no day.
pub(crate) fn day(query: &Query, key: &str) -> Result<Option<Date>, Failure> {
    let Some(text) = query.get(key) else { return Ok(None) };
    text.parse::<Date>().map(Some).map_err(|_| {
        Failure::usage(
            (format!("`{text}` is no day"), format!("날짜가 아닙니다: `{text}`")),
            ("write it as 2026-10-31", "2026-10-31과 같이 쓰세요"),
        )
    })
}

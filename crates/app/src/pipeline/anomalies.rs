//! Days of the bill that stand out: what page, API and command line show, computed once, and what
//! people say of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

use trimtab_analysis::anomaly::{
    self, Anomalies as Found, Anomaly, DailySeries, LEAST_WEEKS, Limits, drivers, standing,
};
use trimtab_model::anomaly::{Acknowledgement, Anomalies, AnomalyItem, AnomalyKind, AnomalyPart};
use trimtab_model::document::Days;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::AnomalyId;
use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy, inventory_id};
use trimtab_store::lake::Lake;
use trimtab_store::state::State;

use super::cost::{PROVISIONAL_DAYS, usual_currency};
use super::plan::{kept, operator};
use super::reason::stated_reason;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::cost::lake_with_bills;

/// Days that are looked at.
const DAYS: i32 = 90;
/// Weeks before a day that it may be compared with, in days.
const BEFORE: i32 = 56;
/// Anomalies whose parts are looked up: each is two questions.
const EXPLAINED: usize = 10;
/// Parts that are named.
const DRIVERS: usize = 3;
/// From which share of the usual cost on a day stands out, in percent.
const LEAST_PERCENT: u64 = 25;

/// What the cost that is looked at is kept apart by.
pub const SERIES: [GroupBy; 3] = [GroupBy::Day, GroupBy::Service, GroupBy::Account];

/// Usage types and resources that moved.
pub type AnomalyParts = (Vec<AnomalyPart>, Vec<AnomalyPart>);

/// Who answers questions about the bill: the lake itself, or a server that keeps its answers.
pub trait BillAnswers {
    /// Returns the currency that most charges are in; none without a bill.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    fn currency(&self) -> Result<Option<Currency>, Failure>;

    /// Answers with cost by some things.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    fn grouped(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Arc<Vec<CostGroup>>, Failure>;

    /// Answers the same without keeping it: cost by resource and day is large.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    fn asked(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Vec<CostGroup>, Failure>;

    /// Returns the parts of an anomaly that moved, as `make` finds them or found them in the same bills.
    ///
    /// # Errors
    /// Fails as `make` does.
    fn parts(
        &self,
        question: String,
        make: &dyn Fn() -> Result<AnomalyParts, Failure>,
    ) -> Result<AnomalyParts, Failure>;

    /// Returns the days that the bills cover without a gap, up to the last; none without a bill by day.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    fn covered(&self) -> Result<Option<Days>, Failure>;
}

impl BillAnswers for Lake {
    fn currency(&self) -> Result<Option<Currency>, Failure> {
        let all = self.grouped(&[GroupBy::Day, GroupBy::Service], &CostFilter::default())?;
        Ok(usual_currency(&all))
    }

    fn grouped(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Arc<Vec<CostGroup>>, Failure> {
        self.asked(by, filter).map(Arc::new)
    }

    fn asked(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Vec<CostGroup>, Failure> {
        cost::cost_groups(self, by, filter)
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    }

    fn parts(
        &self,
        _question: String,
        make: &dyn Fn() -> Result<AnomalyParts, Failure>,
    ) -> Result<AnomalyParts, Failure> {
        make()
    }

    fn covered(&self) -> Result<Option<Days>, Failure> {
        cost::covered_days(self).map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    }
}

/// Finds what stands out in the bills that were ingested, with what was said of it; none without a bill by day.
///
/// # Errors
/// Fails if nothing was ingested, or the lake cannot be read.
pub fn anomalies(settings: &Settings) -> Result<Option<Anomalies>, Failure> {
    let lake = lake_with_bills(settings)?;
    anomalies_of(&lake, lake.state())
}

/// Finds what stands out in bills, with what the state says that people said of it; none without a bill by day.
///
/// # Errors
/// Fails if the lake or the state cannot be read.
pub fn anomalies_of(bills: &impl BillAnswers, state: &State) -> Result<Option<Anomalies>, Failure> {
    let Some(currency) = bills.currency()? else { return Ok(None) };
    let Some(covered) = bills.covered()? else { return Ok(None) };
    let usage = usage(currency);
    let groups = bills.grouped(&SERIES, &usage)?;
    let looked_at = Days { first: before(covered.last, DAYS - 1), last: covered.last };
    let mut looked = Looked::of(&groups, covered, looked_at, currency);
    for item in looked.found.items.iter().take(EXPLAINED).filter(|item| is_named(item)) {
        let question = format!("{:?} {:?} {:?}", item.service, item.account, item.days);
        let basis = looked.basis;
        let parts = bills.parts(question, &|| {
            let part = |by: GroupBy| -> Result<Vec<AnomalyPart>, Failure> {
                let groups = bills.asked(&[GroupBy::Day, by], &around(item, covered, &usage))?;
                Ok(moved(&groups, basis, covered, item))
            };
            Ok((part(GroupBy::UsageType)?, part(GroupBy::Resource)?))
        })?;
        looked.parts.push(parts);
    }
    Ok(Some(looked.finish(&kept(state.acknowledgements())?)))
}

/// Returns which charges are looked at: those for usage, in one currency.
pub fn usage(currency: Currency) -> CostFilter {
    CostFilter {
        category: Some(ChargeCategory::Usage),
        currency: Some(currency),
        ..CostFilter::default()
    }
}

/// Returns whether charges can be asked for by the names of an anomaly.
fn is_named(item: &Anomaly) -> bool {
    item.service.is_some() && item.account.is_some()
}

/// Returns what an anomaly is compared with: its service in its account, on its days and before.
fn around(item: &Anomaly, covered: Days, usage: &CostFilter) -> CostFilter {
    let first = item.days.first().map_or(covered.first, |day| before(day.date, BEFORE));
    let last = item.days.last().map_or(covered.last, |day| day.date);
    CostFilter {
        from: Some(first),
        until: last.tomorrow().ok(),
        service: item.service.clone(),
        account: item.account.clone(),
        ..usage.clone()
    }
}

fn before(day: Date, days: i32) -> Date {
    day.checked_sub(days.days()).unwrap_or(Date::MIN)
}

/// Which cost is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CostOf {
    Effective,
    Billed,
}

impl CostOf {
    fn of(self, group: &CostGroup) -> Money {
        match self {
            Self::Effective => group.whole_effective().unwrap_or(group.billed),
            Self::Billed => group.billed,
        }
    }
}

/// What stands out, while it is made.
struct Looked {
    all: Anomalies,
    found: Found,
    basis: CostOf,
    least: Money,
    parts: Vec<AnomalyParts>,
}

impl Looked {
    fn of(groups: &[CostGroup], covered: Days, looked_at: Days, currency: Currency) -> Self {
        let is_effective = groups.iter().all(|group| group.whole_effective().is_some());
        let basis = if is_effective { CostOf::Effective } else { CostOf::Billed };
        let series = series(groups, basis);
        let limits = Limits::of(&series, covered, currency);
        let provisional_from = before(covered.last, PROVISIONAL_DAYS - 1);
        let provisional: BTreeSet<Date> =
            Days { first: provisional_from, last: covered.last }.iter().collect();
        let found = limits.map_or(Found { items: Vec::new(), judged: None }, |limits| {
            anomaly::anomalies(&series, (covered, looked_at), &provisional, &limits)
        });
        let zero = Money::zero(currency);
        let rises = found.items.iter().filter(|item| item.of().is_rise);
        let mut rises = rises.map(|item| item.difference);
        let rose = rises.try_fold(zero, |sum, one| sum.checked_add(one).ok());
        let judged = found.judged;
        let day = |date: Date| {
            let mut of_day = series.iter().filter_map(|one| one.days.get(&date).copied());
            let sum = of_day.try_fold(zero, |sum, one| sum.checked_add(one).ok());
            (date, sum.filter(|_| covered.contains(date)))
        };
        let all = Anomalies {
            judged: judged.map(|days| (days.first, days.last)),
            covered_days: covered.count() as u64,
            least_weeks: LEAST_WEEKS as u64,
            provisional_from,
            currency,
            is_effective,
            least_amount: limits.map(|limits| limits.amount).filter(|_| judged.is_some()),
            least_percent: LEAST_PERCENT,
            rose: rose.filter(|_| judged.is_some()),
            items: Vec::new(),
            days: judged.map(|days| days.iter().map(day).collect()).unwrap_or_default(),
        };
        let least = limits.map_or(zero, |limits| limits.amount);
        Self { all, found, basis, least, parts: Vec::new() }
    }

    fn finish(self, said: &[Acknowledgement]) -> Anomalies {
        let mut parts = self.parts.into_iter();
        let items = self.found.items.into_iter().enumerate().filter_map(|(place, item)| {
            let is_explained = place < EXPLAINED && is_named(&item);
            let (usage_types, resources) =
                is_explained.then(|| parts.next()).flatten().unwrap_or_default();
            Some(AnomalyItem {
                id: item.id()?,
                of: item.of(),
                days: item.differences(),
                from: item.days.first()?.date,
                until: item.days.last()?.date,
                cost: item.cost,
                usual: item.usual,
                difference: item.difference,
                is_provisional: item.is_provisional,
                standing: standing(&item, said, self.least),
                usage_types,
                resources,
                is_explained,
            })
        });
        Anomalies { items: items.collect(), ..self.all }
    }
}

fn day_of(group: &CostGroup) -> Option<Date> {
    group.key.first()?.as_deref()?.parse().ok()
}

/// Keeps the cost of each service in each account apart. A sum that is too large for an amount is left out.
fn series(groups: &[CostGroup], basis: CostOf) -> Vec<DailySeries> {
    let mut all: BTreeMap<(Option<String>, Option<String>), BTreeMap<Date, Money>> =
        BTreeMap::new();
    for group in groups {
        let Some(date) = day_of(group) else { continue };
        let part = |place: usize| group.key.get(place).cloned().flatten();
        let days = all.entry((part(1), part(2))).or_default();
        let sum = days.entry(date).or_insert(Money::zero(group.currency));
        *sum = sum.checked_add(basis.of(group)).unwrap_or(*sum);
    }
    let of = |((service, account), days)| DailySeries { service, account, days };
    all.into_iter().map(of).collect()
}

/// Returns the parts that moved most the way of an anomaly.
fn moved(groups: &[CostGroup], basis: CostOf, covered: Days, item: &Anomaly) -> Vec<AnomalyPart> {
    let mut parts: BTreeMap<String, BTreeMap<Date, Decimal>> = BTreeMap::new();
    for group in groups {
        let key = group.key.get(1).cloned().flatten();
        let (Some(date), Some(key)) = (day_of(group), key) else { continue };
        let key = inventory_id(&key).to_owned();
        let sum = parts.entry(key).or_default().entry(date).or_default();
        *sum = sum.checked_add(basis.of(group).amount).unwrap_or(*sum);
    }
    let found = drivers(&parts, covered, item, DRIVERS);
    found.into_iter().map(|one| AnomalyPart { key: one.key, difference: one.difference }).collect()
}

/// What somebody says of an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnomalyWord {
    /// What it is.
    pub kind: AnomalyKind,
    /// Why.
    pub reason: String,
    /// Who says it; the user of this machine where absent.
    pub by: Option<String>,
}

/// Returns the one anomaly whose identifier begins so, `A-` optional, without case; none where none does.
///
/// # Errors
/// Fails where several do.
pub fn find_anomaly<'a>(
    all: &'a Anomalies,
    beginning: &str,
) -> Result<Option<&'a AnomalyItem>, Failure> {
    let digits = |text: &str| {
        let lower = text.trim().to_ascii_lowercase();
        lower.strip_prefix("a-").unwrap_or(&lower).to_owned()
    };
    let wanted = digits(beginning);
    if wanted.is_empty() {
        return Ok(None);
    }
    let own = |item: &AnomalyItem| digits(item.id.as_str());
    let said =
        |item: &AnomalyItem| item.standing.acknowledgement().map(|said| digits(said.id.as_str()));
    // An anomaly of its own name comes before one that something of that name was said of.
    let exact: Vec<&AnomalyItem> = all.items.iter().filter(|item| own(item) == wanted).collect();
    let begun: Vec<&AnomalyItem> =
        all.items.iter().filter(|item| own(item).starts_with(&wanted)).collect();
    let named =
        all.items.iter().filter(|item| said(item).is_some_and(|id| id.starts_with(&wanted)));
    let found = [exact, begun, named.collect()].into_iter().find(|found| !found.is_empty());
    let mut found = found.unwrap_or_default().into_iter();
    let first = found.next();
    if found.next().is_some() {
        return Err(Failure::usage(
            (
                format!("several anomalies begin with {beginning}"),
                format!("{beginning}(으)로 시작하는 이상 비용이 여럿입니다"),
            ),
            ("give more digits of one", "하나를 가리키도록 더 길게 쓰세요"),
        ));
    }
    Ok(first)
}

/// Keeps what somebody says of an anomaly, with how much it is now: it comes back when it grows.
///
/// # Errors
/// Fails without a reason or a name, and if the state cannot be written.
pub fn acknowledge(
    state: &State,
    item: &AnomalyItem,
    word: &AnomalyWord,
    at: Timestamp,
) -> Result<Acknowledgement, Failure> {
    let said = Acknowledgement {
        id: item.id.clone(),
        of: item.of.clone(),
        days: item.days.clone(),
        kind: word.kind,
        reason: stated_reason(Some(&word.reason))?.to_owned(),
        by: operator(word.by.as_deref())?,
        at,
    };
    kept(state.acknowledge(&said, &said_of(state, item)?))?;
    Ok(said)
}

/// Takes back what was said of an anomaly; returns whether anything was.
///
/// # Errors
/// Fails if the state cannot be written.
pub fn reopen_anomaly(state: &State, item: &AnomalyItem) -> Result<bool, Failure> {
    let mut is_taken_back = false;
    for id in said_of(state, item)? {
        is_taken_back |= kept(state.reopen_anomaly(&id))?;
    }
    Ok(is_taken_back)
}

/// Returns the identifiers under which something was said of the days of an anomaly.
fn said_of(state: &State, item: &AnomalyItem) -> Result<Vec<AnomalyId>, Failure> {
    let is_its = |one: &Acknowledgement| {
        one.of == item.of && item.days.keys().any(|date| one.days.contains_key(date))
    };
    let all = kept(state.acknowledgements())?.into_iter();
    Ok(all.filter(is_its).map(|one| one.id).collect())
}

/// Returns the kind that a word names.
///
/// # Errors
/// Fails on a word that names none.
pub fn anomaly_kind(word: &str) -> Result<AnomalyKind, Failure> {
    word.parse().map_err(|_| {
        Failure::usage(
            (
                format!("`{word}` is nothing that an anomaly can be"),
                format!("이상 비용의 구분에 없는 값입니다: `{word}`"),
            ),
            ("say expected, real or in-progress", "expected, real, in-progress 중 하나를 쓰세요"),
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::anomaly::AnomalyStanding;

    use super::*;
    use crate::pipeline::sample::cost_group;

    fn group(day: Date, service: &str, cost: i64) -> CostGroup {
        cost_group(&[&day.to_string(), service, "1"], cost)
    }

    fn looked(first: &str, spike: i64) -> Looked {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let covered = Days { first: date(first), last: date("2026-10-31") };
        let groups: Vec<CostGroup> = covered
            .iter()
            .flat_map(|day| {
                let cost = if day == date("2026-10-20") { spike } else { 100 };
                [group(day, "EC2", cost), group(day, "RDS", 50)]
            })
            .collect();
        Looked::of(&groups, covered, covered, Currency::USD)
    }

    #[test]
    fn the_days_of_the_chart_add_up_to_the_bill_and_a_spike_is_named_with_its_difference() {
        let found = looked("2026-09-01", 900).finish(&[]);
        let sum = found.days.iter().fold(Decimal::ZERO, |sum, (_, day)| sum + day.unwrap().amount);
        // From the 29th of September on: 33 days of 150, and 800 more.
        assert_eq!(sum, Decimal::from(33 * 150 + 800));
        assert_eq!((found.items.len(), found.rose), (1, Some(Money::usd(800.into()))));
        assert_eq!(found.items[0].of.service.as_deref(), Some("EC2"));
        assert_eq!((found.items[0].days.len(), found.items[0].is_provisional), (1, false));
        assert_eq!(found.items[0].standing, AnomalyStanding::Open);
    }

    #[test]
    fn three_weeks_of_a_bill_judge_nothing_and_say_so() {
        let found = looked("2026-10-11", 900).finish(&[]);
        assert_eq!((found.judged, found.least_amount, found.rose), (None, None, None));
        assert_eq!((found.covered_days, found.items.len()), (21, 0));
    }

    #[test]
    fn what_is_acknowledged_comes_back_when_it_has_grown_and_can_be_reopened() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::open(dir.path()).unwrap();
        let of = |spike: i64| {
            looked("2026-09-01", spike).finish(&state.acknowledgements().unwrap()).items.remove(0)
        };
        let word = AnomalyWord {
            kind: AnomalyKind::Expected,
            reason: " the autumn event ".into(),
            by: Some("kim".into()),
        };
        let at: Timestamp = "2026-10-21T00:00:00Z".parse().unwrap();
        let said = acknowledge(&state, &of(900), &word, at).unwrap();
        assert_eq!((said.reason.as_str(), said.by.as_str()), ("the autumn event", "kim"));
        assert!(!of(900).standing.is_open());
        // A usual day of the whole bill is 150, and a hundredth of it is the least.
        assert!(!of(901).standing.is_open());
        let grown = of(902);
        assert_eq!(grown.standing.as_str(), "returned");
        let nobody = AnomalyWord { reason: "  ".into(), ..word.clone() };
        assert!(acknowledge(&state, &grown, &nobody, at).is_err());
        acknowledge(&state, &grown, &word, at).unwrap();
        assert!(!of(902).standing.is_open());
        assert!(reopen_anomaly(&state, &of(902)).unwrap());
        assert!(!reopen_anomaly(&state, &of(902)).unwrap());
        assert!(of(902).standing.is_open());
    }

    #[test]
    fn an_anomaly_is_found_by_the_beginning_of_its_identifier() {
        let all = looked("2026-09-01", 900).finish(&[]);
        let id = all.items[0].id.as_str();
        let found = |text: &str| find_anomaly(&all, text).unwrap().map(|item| item.id.as_str());
        assert_eq!(found(id), Some(id));
        assert_eq!(found(&id.to_lowercase()[2..6]), Some(id));
        assert_eq!((found(""), found("A-"), found("A-zz")), (None, None, None));
        assert!(anomaly_kind("fine").is_err());
        assert_eq!(anomaly_kind("in-progress").ok(), Some(AnomalyKind::InProgress));
    }
}

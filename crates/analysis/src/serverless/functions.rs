//! The Lambda functions of an account, and what is remarkable about each.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::function_use::{CostSource, FunctionMonth, FunctionUse, FunctionWork};
use trimtab_model::id::{CheckId, RegionId, ResourceId, SubAccountId};
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::money::Money;
use trimtab_model::period::{HOURS_PER_MONTH, Period};
use trimtab_model::recommendation::{Recommendation, Unknown};
use trimtab_model::resource::function::Function;
use trimtab_model::resource::{Resource, ResourceKey, ResourceKind};
use trimtab_model::serverless::FunctionArchitecture;

use super::remarks::{OF_BUSY, OF_X86, remarks};
use crate::check::Facts;
use crate::function::{architecture, names};
use crate::observation::{Observation, missing};
use crate::pricing::Tariff;
use crate::saving::{AMOUNT_DECIMALS, OF_LAMBDA, charges_of};
use crate::verdict::unknown;

const NAMESPACE: &str = "AWS/Lambda";
const SUM: &[Statistic] = &[Statistic::Sum];
/// Seconds of metrics that must be there: less says nothing of a month.
pub(super) const LEAST_SECONDS: f64 = 86_400.0;

/// From when to when the calls of each function were asked for.
///
/// Lambda writes no samples while a function rests: this tells "not called" from "not read".
pub type Asked = BTreeMap<(SubAccountId, RegionId, ResourceId), Period>;

/// Returns the functions of the inventory, the dearest first, those whose cost is not known last.
///
/// `items` are the recommendations of the same facts: what the checks of functions recommend is a remark.
pub fn functions(facts: &Facts<'_>, items: &[Recommendation], asked: &Asked) -> Vec<FunctionUse> {
    let mut recommended: BTreeMap<ResourceKey, Vec<&CheckId>> = BTreeMap::new();
    for item in items.iter().filter(|item| [OF_X86, OF_BUSY].contains(&item.check.as_str())) {
        recommended.entry(item.resource.key()).or_default().push(&item.check);
    }
    let ready = kept_ready(facts);
    // Where not one series is left, the samples are gone, and that they were asked for proves nothing.
    let measured: BTreeSet<&Origin> =
        facts.profiles.iter().filter_map(|(key, _)| key.origin.as_ref()).collect();
    let mut all: Vec<FunctionUse> = facts
        .snapshot
        .functions
        .iter()
        .map(|function| {
            let reference = function.reference(ResourceKind::Function);
            let place = (function.account.clone(), function.region.clone(), function.id.clone());
            let is_there = measured.contains(&function.origin());
            let asked = asked.get(&place).filter(|_| is_there);
            let checks = recommended.get(&reference.key()).map_or(&[][..], Vec::as_slice);
            let ready = match ready.get(&place) {
                Some(ready) => *ready,
                None => facts
                    .snapshot
                    .was_listed(
                        ResourceKind::ProvisionedConcurrency,
                        &function.account,
                        &function.region,
                    )
                    .then_some(0),
            };
            one(facts, function, (asked, checks, ready))
        })
        .collect();
    all.sort_by_cached_key(|function| {
        let cost = function.cost.as_ref().ok().map(|month| month.cost);
        let amount = cost.map(|cost| (cost.currency, Reverse(cost.amount)));
        (cost.is_none(), amount, function.resource.clone())
    });
    all
}

/// Returns the environments that are kept ready, by function; absent where a count is.
fn kept_ready(facts: &Facts<'_>) -> BTreeMap<(SubAccountId, RegionId, ResourceId), Option<u32>> {
    let mut ready = BTreeMap::new();
    for one in &facts.snapshot.provisioned_concurrency {
        let name = ResourceId::from(one.kind.function_name.as_str());
        let count = one.kind.allocated.or(one.kind.requested);
        let sum = ready.entry((one.account.clone(), one.region.clone(), name)).or_insert(Some(0));
        *sum = sum.zip(count).map(|(sum, count): (u32, u32)| sum.saturating_add(count));
    }
    ready
}

fn one(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    (asked, checks, kept_ready): (Option<&Period>, &[&CheckId], Option<u32>),
) -> FunctionUse {
    let names = names(function);
    let architecture = architecture(&function.kind);
    let work = work(facts, function, &names, asked);
    let tariff = Tariff::of(facts, function);
    let cost = match billed(facts, function, &names) {
        Some(billed) => billed,
        None => measured(&tariff, function, architecture, work.as_ref()),
    };
    let remarks = remarks(&tariff, (&function.kind, architecture), work.as_ref().ok(), checks);
    FunctionUse {
        resource: function.reference(ResourceKind::Function),
        tags: function.tags.clone(),
        function_arn: function.kind.function_arn.clone(),
        memory_mb: function.kind.memory_size_mb,
        architecture,
        timeout_seconds: function.kind.timeout_seconds,
        kept_ready,
        work,
        cost,
        remarks,
    }
}

/// Returns what the metrics say for a month.
///
/// # Errors
/// Returns `Unknown` where calls were not read, or for less than a day.
fn work(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    names: &[ResourceId],
    asked: Option<&Period>,
) -> Result<FunctionWork, Unknown> {
    let find = |metric, statistics| {
        Observation::find(facts, function, names, NAMESPACE, metric, statistics)
    };
    let Some(calls) = find("Invocations", SUM) else {
        return silent(facts, function, asked);
    };
    let count = calls.profile.sum;
    let seconds = looked_at(&calls, asked, calls.seconds(facts, function));
    if seconds < LEAST_SECONDS {
        return Err(too_short(seconds));
    }
    let days = seconds / 86_400.0;
    if count <= 0.0 {
        return Ok(nothing(days));
    }
    let months = seconds / 3600.0 / f64::from(HOURS_PER_MONTH);
    // A mean of means says nothing of a call: what is called once counts there as much as what is called a thousand times.
    let duration = find("Duration", SUM);
    let milliseconds = duration.as_ref().map(|seen| seen.profile.sum);
    let sums = duration;
    let duration_ms = milliseconds.map(|all| all / count);
    let memory = function.kind.memory_size_mb.map(f64::from);
    let timeout = function.kind.timeout_seconds.map(f64::from);
    Ok(FunctionWork {
        days,
        calls: count / months,
        duration_ms,
        longest_ms: find("Duration", &[Statistic::Maximum]).map(|seen| seen.profile.max),
        gb_seconds: milliseconds
            .zip(memory)
            .map(|(all, memory)| all / 1000.0 * memory / 1024.0 / months),
        at_once: sums.map(|seen| seen.profile.sum / 1000.0 / seconds),
        at_once_busiest: sums
            .map(|seen| seen.profile.max / 1000.0 / f64::from(seen.profile.period_seconds.max(1))),
        error_share: find("Errors", SUM).map(|seen| (seen.profile.sum / count).min(1.0)),
        timeout_times: duration_ms
            .filter(|mean| *mean > 0.0)
            .zip(timeout)
            .map(|(mean, timeout)| timeout * 1000.0 / mean),
    })
}

/// Returns the seconds that a series of calls stands for.
///
/// Samples are there for the times alone in which a function was called. What was asked for counts, else the time
/// `since_first` until the last sample of any function; of a series of nothing but zeros, which others than CloudWatch write, what its samples cover.
fn looked_at(calls: &Observation<'_>, asked: Option<&Period>, since_first: f64) -> f64 {
    let profile = calls.profile;
    let asked = asked.filter(|asked| asked.start() <= profile.first);
    let within = asked.map(|asked| overlap(asked, &profile.window));
    match within {
        Some(seconds) => seconds,
        None if profile.sum <= 0.0 => profile.covered_seconds as f64,
        // Nobody says what was asked for: a function may have come with its first call, and rests after its last one.
        None => since_first,
    }
}

fn overlap(one: &Period, other: &Period) -> f64 {
    let start = one.start().max(other.start());
    let end = one.end().min(other.end());
    (end.as_second() - start.as_second()).max(0) as f64
}

/// Returns the work of a function without a sample: none, if its calls were asked for.
fn silent(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    asked: Option<&Period>,
) -> Result<FunctionWork, Unknown> {
    let not_read = || missing(NAMESPACE, "Invocations", SUM);
    let asked = asked.ok_or_else(not_read)?;
    let days = facts.policy.sizing(function.environment).lookback.days();
    let length = SignedDuration::from_hours(24 * i64::from(days));
    let start = facts.now.checked_sub(length).map_err(|_| not_read())?;
    let window = Period::new(start, facts.now).map_err(|_| not_read())?;
    let seconds = overlap(asked, &window);
    if seconds < LEAST_SECONDS {
        return Err(too_short(seconds));
    }
    Ok(nothing(seconds / 86_400.0))
}

fn nothing(days: f64) -> FunctionWork {
    FunctionWork {
        days,
        calls: 0.0,
        duration_ms: None,
        longest_ms: None,
        gb_seconds: Some(0.0),
        at_once: Some(0.0),
        at_once_busiest: Some(0.0),
        error_share: None,
        timeout_times: None,
    }
}

fn too_short(seconds: f64) -> Unknown {
    let hours = seconds / 3600.0;
    unknown(
        "window-too-short",
        format!("Its calls were read for {hours:.0} hours; a day is needed."),
        format!("호출 지표가 {hours:.0}시간치뿐입니다. 하루치가 필요합니다."),
        &["metrics:AWS/Lambda:Invocations"],
    )
}

/// Returns what the bill charges for a function a month; absent where it does not name it.
fn billed(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    names: &[ResourceId],
) -> Option<Result<FunctionMonth, Unknown>> {
    let reference = function.reference(ResourceKind::Function);
    let charges = charges_of(facts, Some(&reference), names, OF_LAMBDA);
    let currency = charges.first()?.cost.effective.currency;
    let sum = charges
        .iter()
        .try_fold(Money::zero(currency), |sum, charge| sum.checked_add(charge.cost.effective).ok());
    let month = sum
        .zip(facts.charges.monthly_factor())
        .and_then(|(sum, factor)| sum.times(factor).ok())
        .map(|cost| FunctionMonth {
            cost: cost.cut(AMOUNT_DECIMALS),
            source: CostSource::Bill,
            components: Vec::new(),
        });
    Some(month.ok_or_else(|| {
        unknown(
            "charges-not-summable",
            "Its charges on the bill have no sum: they are in several currencies, or too large.",
            "청구서의 요금을 더할 수 없습니다. 통화가 여럿이거나 금액이 너무 큽니다.",
            &["billing"],
        )
    }))
}

/// Returns what a function costs a month by its metrics, at list prices: without free tier, storage and what is kept
/// ready.
fn measured(
    tariff: &Tariff<'_>,
    function: &Resource<Function>,
    architecture: Option<FunctionArchitecture>,
    work: Result<&FunctionWork, &Unknown>,
) -> Result<FunctionMonth, Unknown> {
    let work = work.map_err(|missing| {
        let mut missing = missing.clone();
        missing.settled_by.push("billing".to_owned());
        missing
    })?;
    let Some(gb_seconds) = work.gb_seconds else {
        return Err(match function.kind.memory_size_mb {
            Some(_) => missing(NAMESPACE, "Duration", SUM),
            None => memory_unknown(),
        });
    };
    let meter = meter_of(architecture.ok_or_else(architecture_unknown)?);
    let components = vec![
        tariff.meter("GB-seconds", quantity(gb_seconds)?, meter)?,
        tariff.meter("Lambda requests", quantity(work.calls)?, "lambda/request")?,
    ];
    let usd = super::economics::sum(&components)?;
    Ok(FunctionMonth { cost: Money::usd(usd), source: CostSource::Metrics, components })
}

/// Returns the meter of a processor's GB-seconds.
pub(super) fn meter_of(architecture: FunctionArchitecture) -> &'static str {
    match architecture {
        FunctionArchitecture::Arm64 => "lambda/gb_second_arm",
        FunctionArchitecture::X86 => "lambda/gb_second_x86",
    }
}

fn quantity(value: f64) -> Result<Decimal, Unknown> {
    Decimal::from_f64(value)
        .map(|value| value.round_dp(3))
        .ok_or_else(|| missing(NAMESPACE, "Duration", SUM))
}

fn memory_unknown() -> Unknown {
    unknown(
        "memory-unknown",
        "The memory of the function is not known.",
        "함수의 메모리 크기를 알 수 없습니다.",
        &["inventory:list-functions"],
    )
}

fn architecture_unknown() -> Unknown {
    unknown(
        "architecture-unknown",
        "The architecture of the function is not known.",
        "함수의 아키텍처를 알 수 없습니다.",
        &["inventory:list-functions"],
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::metric::MetricKey;
    use trimtab_model::policy::{Lookback, SizingPolicy};
    use trimtab_model::profile::{Profiles, UsageProfile};

    use super::*;
    use crate::scene::{Scene, days_ago, flat, now, scene};

    /// A function of 1 GB that is called so often every five minutes, for so many milliseconds.
    fn called(calls: f64, milliseconds: f64) -> Scene {
        metric(priced(), "Invocations", Statistic::Sum, calls).metric(
            "resize",
            NAMESPACE,
            "Duration",
            Statistic::Sum,
            flat(calls * milliseconds, 14),
        )
    }

    fn priced() -> Scene {
        scene().price("lambda/request", "0.0000002").function(|_| ())
    }

    fn metric(scene: Scene, metric: &str, statistic: Statistic, value: f64) -> Scene {
        scene.metric("resize", NAMESPACE, metric, statistic, flat(value, 14))
    }

    fn only(scene: &Scene, asked: &Asked) -> FunctionUse {
        let mut found = functions(&scene.facts(), &[], asked);
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    fn read(scene: &Scene) -> FunctionUse {
        only(scene, &Asked::new())
    }

    fn codes(function: &FunctionUse) -> Vec<&'static str> {
        function.remarks.iter().map(|remark| remark.code.as_str()).collect()
    }

    /// A scene with another function's series of the place, and its calls asked for so many days.
    fn asked_for(days: i64, lookback: Lookback) -> (Scene, Asked) {
        let mut scene = priced();
        let policy = SizingPolicy { lookback, ..SizingPolicy::default() };
        scene.policy.sizing = Environment::ALL.iter().map(|one| (*one, policy)).collect();
        let function = scene.snapshot.functions[0].clone();
        let key = MetricKey {
            origin: Some(function.origin()),
            resource_id: "other".into(),
            namespace: NAMESPACE.to_owned(),
            metric: "Invocations".to_owned(),
            statistic: Statistic::Sum,
        };
        scene.profiles.extend(Profiles::new([(key, flat(1.0, 14))]));
        let period = Period::new(days_ago(days), now()).expect("in order");
        let place = (function.account, function.region, function.id);
        (scene, Asked::from([(place, period)]))
    }

    #[test]
    fn calls_durations_and_cost_are_for_a_month_of_730_hours() {
        let function = read(&called(3.0, 500.0));
        let work = function.work.expect("measured");
        // 12 times an hour, each of three calls.
        assert!((work.calls - 3.0 * 12.0 * 730.0).abs() < 1e-6, "{}", work.calls);
        assert_eq!(work.duration_ms, Some(500.0));
        assert!((work.gb_seconds.expect("known") - work.calls / 2.0).abs() < 1e-6);
        assert!((work.at_once.expect("known") - 1.5 / 300.0).abs() < 1e-9);
        assert_eq!(work.timeout_times, Some(60.0));
        let month = function.cost.expect("priced");
        assert_eq!(month.source, CostSource::Metrics);
        // 13,140 GB-seconds and 26,280 requests.
        assert_eq!(month.cost, Money::usd("0.224256".parse().expect("a number")));
    }

    #[test]
    fn the_bill_says_the_cost_where_it_names_the_function() {
        let scene = called(3.0, 500.0).bill("resize", "Lambda-GB-Second", "1000", "30");
        let month = read(&scene).cost.expect("billed");
        assert_eq!(
            (month.source, month.cost),
            (CostSource::Bill, Money::usd("30.4166666666".parse().expect("a number")))
        );
        // A log group of the same name is no function.
        let other = called(3.0, 500.0).bill("resize", "TimedStorage-ByteHrs", "1000", "30");
        assert_eq!(read(&other).cost.expect("priced").source, CostSource::Metrics);
    }

    #[test]
    fn a_function_that_nothing_was_read_of_is_unknown_and_not_idle() {
        let function = read(&priced());
        assert_eq!(function.work.expect_err("nothing was read").reason.code, "metric-missing");
        let unknown = function.cost.expect_err("nothing was read");
        assert!(unknown.settled_by.contains(&"billing".to_owned()), "{unknown:?}");
        assert!(function.remarks.is_empty());
    }

    #[test]
    fn a_function_that_was_asked_for_and_gave_nothing_is_idle_after_thirty_days() {
        let (scene, asked) = asked_for(40, Lookback::Days32);
        let function = only(&scene, &asked);
        assert_eq!(codes(&function), ["idle"]);
        assert_eq!(function.calls(), Some(0.0));
        assert!(function.cost.expect("priced").cost.amount.is_zero());
        let (scene, asked) = asked_for(20, Lookback::Days32);
        let function = only(&scene, &asked);
        assert_eq!(codes(&function), ["idle-so-far"]);
        assert!(function.remarks[0].text.en.contains("20 days"), "{:?}", function.remarks);
        // A look-back of 14 days sees no more than that.
        let (scene, asked) = asked_for(40, Lookback::Days14);
        assert_eq!(codes(&only(&scene, &asked)), ["idle-so-far"]);
    }

    #[test]
    fn what_was_asked_for_proves_nothing_where_no_sample_of_the_place_is_left() {
        let (mut scene, asked) = asked_for(40, Lookback::Days32);
        scene.profiles = Profiles::default();
        assert!(only(&scene, &asked).work.is_err());
    }

    #[test]
    fn zeros_that_somebody_wrote_count_for_what_they_cover() {
        let scene = metric(priced(), "Invocations", Statistic::Sum, 0.0);
        assert_eq!(codes(&read(&scene)), ["idle-so-far"]);
        let month = scene.metric("resize", NAMESPACE, "Invocations", Statistic::Sum, flat(0.0, 30));
        assert_eq!(codes(&read(&month)), ["idle"]);
    }

    #[test]
    fn calls_count_for_the_time_that_was_asked_for() {
        let scene = called(3.0, 500.0);
        let function = &scene.snapshot.functions[0];
        let place = (function.account.clone(), function.region.clone(), function.id.clone());
        let wide = Period::new(days_ago(90), now()).expect("in order");
        let work = only(&scene, &Asked::from([(place, wide)])).work.expect("measured");
        assert!((work.days - 14.0).abs() < 1e-9, "{}", work.days);
    }

    #[test]
    fn calls_of_the_first_days_are_not_stretched_over_the_silent_ones() {
        // Six calls on each of two days, and none in the twelve after them.
        let series = |value: f64| UsageProfile {
            first: days_ago(14),
            last: days_ago(12),
            sum: value,
            ..flat(value / 12.0, 14)
        };
        let alone = || {
            priced()
                .metric("resize", NAMESPACE, "Invocations", Statistic::Sum, series(12.0))
                .metric("resize", NAMESPACE, "Duration", Statistic::Sum, series(6_000.0))
        };
        // Nothing tells that functions were asked for after that.
        let work = read(&alone()).work.expect("measured");
        assert!((work.days - 2.0).abs() < 0.01, "{}", work.days);
        let scene =
            alone().metric("other", NAMESPACE, "Invocations", Statistic::Sum, flat(1.0, 14));
        let function = read(&scene);
        let work = function.work.expect("measured");
        assert!((work.days - 14.0).abs() < 0.01, "{}", work.days);
        assert!((work.calls - 12.0 * 730.0 / 336.0).abs() < 0.1, "{}", work.calls);
        assert_eq!(work.duration_ms, Some(500.0));
    }

    #[test]
    fn a_function_that_is_there_since_today_says_nothing_of_a_month() {
        let young = UsageProfile { first: now() - SignedDuration::from_hours(23), ..flat(1.0, 14) };
        let scene = priced().metric("resize", NAMESPACE, "Invocations", Statistic::Sum, young);
        assert_eq!(read(&scene).work.expect_err("too short").reason.code, "window-too-short");
    }

    #[test]
    fn a_timeout_far_above_the_mean_tells_what_one_hung_call_costs() {
        let with = |timeout| {
            let mut scene = called(3.0, 500.0);
            scene.snapshot.functions[0].kind.timeout_seconds = Some(timeout);
            scene
        };
        assert!(read(&with(60)).remarks.is_empty());
        let function = read(&with(900));
        assert_eq!(codes(&function), ["timeout-far-above"]);
        // 900 GB-seconds.
        assert_eq!(function.remarks[0].hung_call_usd, Some(Decimal::new(15, 3)));
        assert!(function.remarks[0].text.en.contains("1800 times"), "{:?}", function.remarks);
        let mut without = with(900);
        without.snapshot.functions[0].kind.memory_size_mb = None;
        let function = read(&without);
        assert_eq!(function.remarks[0].hung_call_usd, None);
        assert_eq!(function.cost.expect_err("no memory").reason.code, "memory-unknown");
    }

    #[test]
    fn a_call_near_the_timeout_is_told_where_the_longest_was_measured() {
        let longest = |value| metric(called(3.0, 20_000.0), "Duration", Statistic::Maximum, value);
        assert_eq!(codes(&read(&longest(27_000.0))), ["timeout-near"]);
        assert!(read(&longest(26_999.0)).remarks.is_empty());
    }

    #[test]
    fn errors_count_where_they_were_read() {
        assert_eq!(read(&called(4.0, 500.0)).work.expect("measured").error_share, None);
        let scene = metric(called(4.0, 500.0), "Errors", Statistic::Sum, 1.0);
        assert_eq!(read(&scene).work.expect("measured").error_share, Some(0.25));
    }

    #[test]
    fn what_checks_recommend_is_a_remark() {
        let scene = called(10_000.0, 1000.0);
        let items = crate::analyze::analyze(&scene.facts()).items;
        let found = functions(&scene.facts(), &items, &Asked::new());
        let checks: BTreeSet<&str> = items
            .iter()
            .map(|item| item.check.as_str())
            .filter(|one| one.starts_with("lambda-function-"))
            .collect();
        assert!(!checks.is_empty());
        let told: BTreeSet<&str> =
            found[0].remarks.iter().filter_map(|one| Some(one.check.as_ref()?.as_str())).collect();
        assert_eq!(told, checks);
    }

    #[test]
    fn the_dearest_comes_first_and_what_is_not_known_last() {
        let scene = called(3.0, 500.0)
            .function(|function| function.id = "a-unknown".into())
            .function(|function| function.id = "b-dear".into())
            .bill("b-dear", "Lambda-GB-Second", "1000", "30");
        let found = functions(&scene.facts(), &[], &Asked::new());
        let ids: Vec<&str> = found.iter().map(|one| one.resource.id.as_str()).collect();
        assert_eq!(ids, ["b-dear", "resize", "a-unknown"]);
    }

    #[test]
    fn what_is_kept_ready_is_summed_over_aliases_and_unknown_where_not_listed() {
        let scene = priced().provisioned_concurrency(|one| one.kind.allocated = Some(2));
        let scene = scene.provisioned_concurrency(|one| one.kind.allocated = Some(3));
        assert_eq!(read(&scene).kept_ready, Some(5));
        assert_eq!(read(&priced()).kept_ready, Some(0));
        let mut unlisted = priced();
        unlisted.snapshot.listed.clear();
        assert_eq!(read(&unlisted).kept_ready, None);
    }
}

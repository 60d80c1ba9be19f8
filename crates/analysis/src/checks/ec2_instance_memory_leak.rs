//! Finds EC2 instances whose memory grows until something restarts.
//!
//! **Why it costs.** A leak takes a little memory with every hour or every call. The size of the
//! instance is then chosen for the days before a restart, and not for its users.
//!
//! **What we do.** Read the lowest memory use of each hour and cut it where it falls sharply: a
//! restart, a deployment, a crash. Between the cuts the growth is measured with a method that
//! outliers and the season of a day do not move, together with its interval. A cache that fills up
//! and stays full, a step, and growth that comes with more users are no leak. Where access logs are
//! tied to the instance, the endpoint whose calls the growth goes with is named, and how many of
//! these calls only repeat another one. The size that would suffice is chosen as for any instance,
//! for the memory that is left without the growth. Its saving depends on the repair: it is in no
//! sum of likely savings, and only what it adds to a change of size that needs no repair counts.
//!
//! **What could go wrong.** A connection between calls and growth is no proof of the cause.
//! Endpoints that rise and fall together cannot be told apart, and the page names them. A leak
//! that began before the first sample and never restarted hides how little memory suffices. The
//! change of type stops the instance, and before the repair it would run out of memory.
//!
//! **Where others err.** They fit one line over weeks, which misses every leak that a nightly
//! restart hides and calls a filled cache a leak; or they take the highest use for the need and
//! recommend a larger machine for a fault of the program.
//!
//! # 한국어
//!
//! 재시작할 때까지 메모리가 계속 늘어나는 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 메모리 누수는 시간마다 또는 호출마다 메모리를 조금씩 차지합니다. 그러면 인스턴스
//! 크기를 사용자 수가 아니라 재시작 직전의 메모리에 맞춰 정하게 됩니다.
//!
//! **제안하는 조치.** 시간별 최저 메모리 사용량을 읽고, 재시작·배포·비정상 종료처럼 급격히 떨어지는 지점에서
//! 나눕니다. 그 사이의 증가는 이상값과 하루의 계절성에 흔들리지 않는 방법으로 구간과 함께 잽니다. 가득 찬 뒤
//! 그대로인 캐시, 한 번의 수준 변화, 사용자 증가에 따른 증가는 누수로 보지 않습니다. 접근 로그가 인스턴스에
//! 연결되어 있으면 어떤 엔드포인트의 호출과 함께 늘어나는지, 그 호출 중 얼마나가 단순 반복인지 밝힙니다. 필요한
//! 크기는 누수를 뺀 메모리로 다른 인스턴스와 같은 방법으로 고릅니다. 이 절감은 수정에 달려 있으므로 예상 절감
//! 합계에 넣지 않고, 수정 없이 가능한 크기 변경보다 더 줄어드는 만큼만 셉니다.
//!
//! **주의할 점.** 호출과 증가의 관련이 곧 원인이라는 증거는 아닙니다. 함께 늘고 줄어 구분할 수 없는
//! 엔드포인트는 모두 표시합니다. 첫 샘플보다 먼저 시작되어 한 번도 재시작하지 않은 누수라면 실제로 필요한
//! 메모리는 더 적을 수 있습니다. 유형을 바꾸려면 인스턴스를 중지해야 하며, 수정 전에 바꾸면 메모리가 부족해집니다.
//!
//! **다른 도구와 다른 점.** 몇 주에 걸쳐 직선 하나만 맞추면 매일 밤 재시작에 가려진 누수를 놓치고, 가득 찬
//! 캐시를 누수로 봅니다. 최대 사용량을 곧 필요량으로 보면 프로그램의 결함 때문에 더 큰 서버를 권하게 됩니다.

use jiff::tz::TimeZone;

use trimtab_model::action::ApplicationFault;
use trimtab_model::evidence::{Evidence, MetricCoverage};
use trimtab_model::metric::Statistic;
use trimtab_model::profile::Hours;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::application::duplicates::{Repeats, calls, endpoint_of, percent};
use crate::application::evidence::{
    add_coverage, add_driver, add_repeats, moment_in, of_leak, repair_first,
};
use crate::application::repaired::{Suffices, Without, current, suffices};
use crate::application::service::{self, service_of};
use crate::check::{Check, Facts, Judgement, Need};
use crate::leak::{Doubt, Follows, Growth, Leak, NoLeak, driver, growth};
use crate::sizing::demand::PEAK_THEN_MEAN;
use crate::sizing::exemption;
use crate::sizing::series::Series;
use crate::verdict::{Proposal, judge_each, pass, unknown};

/// The name of the memory metric in what settles an unknown verdict.
const MEMORY: &str = "metrics:CWAgent:mem_used_percent";

/// The share of an endpoint's calls that must be repeats before they are repaired as well.
const REPEATS_MATTER: f64 = 10.0;

/// Finds instances whose memory leaks.
pub static CHECK: Check = Check {
    id: "ec2-instance-memory-leak",
    title: StaticText {
        en: "EC2 instance whose memory leaks",
        ko: "메모리 누수가 있는 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::FixApplication,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Metric("CWAgent", "mem_used_percent", PEAK_THEN_MEAN),
        Need::OptionalMetric("AWS/EC2", "CPUUtilization", PEAK_THEN_MEAN),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_growth_percent_a_week",
        default: "1",
        unit: "%",
        text: StaticText {
            en: "Growth of the lowest memory use in a week, in percent of the memory, from which on it is called a leak: slower growth takes two years to fill a machine, and machines restart for updates before.",
            ko: "누수로 보는 최저 메모리 사용량의 주간 증가(전체 메모리 대비). 이보다 느리면 서버를 채우는 데 2년이 걸리고, 그 전에 업데이트로 재시작합니다.",
        },
    }],
    judge,
};

fn judge(check: &Check, facts: &Facts<'_>) -> Vec<Judgement> {
    judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, verdict)
}

fn verdict(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    let (memory, hours) = memory(facts, instance).ok_or_else(not_measured)?;
    let processor = processor(facts, instance);
    match growth(hours, processor) {
        Growth::None(NoLeak::TooShort) => Err(unknown(
            "insufficient-data",
            "Memory was measured for too few hours to see a growth.",
            "메모리 측정 시간이 짧아 증가 여부를 알 수 없습니다.",
            &[MEMORY],
        )),
        Growth::None(why) => Ok(no_leak(why)),
        Growth::Suspected(leak, doubt) => Err(suspected(&leak, doubt)),
        Growth::Leak(leak) => {
            let least = check.threshold_f64(facts, "min_growth_percent_a_week");
            if leak.per_hour * 168.0 < least {
                return Ok(pass(
                    "slow-growth",
                    format!("Memory grows by {:.1} % a week only.", leak.per_hour * 168.0),
                    format!("메모리 증가는 한 주에 {:.1}%뿐입니다.", leak.per_hour * 168.0),
                ));
            }
            leaking(check, facts, instance, Found { leak, hours, processor, memory })
        }
    }
}

/// A leak, and the series that show it.
struct Found<'a> {
    leak: Leak,
    hours: &'a Hours,
    processor: Option<&'a Hours>,
    memory: MetricCoverage,
}

/// Returns the memory metric with most hours: what is resident, else what is promised.
fn memory<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
) -> Option<(MetricCoverage, &'a Hours)> {
    ["mem_used_percent", "Memory % Committed Bytes In Use"].into_iter().find_map(|metric| {
        let series = Series::find(facts, instance, "CWAgent", metric, PEAK_THEN_MEAN)?;
        Some((series.coverage(), series.profile.hours.as_ref()?))
    })
}

/// The demand beside it: means where there are any, for peaks grow with the spread too.
fn processor<'a>(facts: &Facts<'a>, instance: &Resource<Instance>) -> Option<&'a Hours> {
    let means = &[Statistic::Average, Statistic::Maximum];
    let series = Series::find(facts, instance, "AWS/EC2", "CPUUtilization", means)?;
    series.profile.hours.as_ref()
}

fn leaking(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
    found: Found<'_>,
) -> Result<Verdict, Unknown> {
    let type_now = current(facts, instance)?;
    if let Some(verdict) = exemption::instance_store(type_now) {
        return Ok(verdict);
    }
    let leak = &found.leak;
    let mut evidence = Evidence {
        window_days: Some(days(found.hours)),
        figures: of_leak(leak, type_now.memory_mib, &facts.policy.calendar.time_zone),
        ..Evidence::default()
    };
    add_coverage(&mut evidence, found.memory);
    let mut faults = vec![ApplicationFault::MemoryLeak];
    let mut without = Without { memory_percent: Some(leak.highest_without), processor_left: None };
    let alone = suffices(facts, instance, type_now, without)?;
    let mut endpoint = None;
    let mut repeated = None;
    match service_of(facts, instance) {
        None => evidence.signals_not_seen.push(service::unseen(facts)),
        Some((service, tie)) => {
            evidence.notes.push(tie.text(&service.service));
            let follows = driver(found.hours, leak, &calls(service));
            add_driver(&mut evidence, &follows, type_now.memory_mib);
            if let Follows::Endpoint(driver) = follows {
                repeated = repeats_of(service, &driver.name);
                endpoint = Some(driver.name);
            }
            let repeats = Repeats::of(service).filter(|_| repeated.is_some());
            if let Some(repeats) = repeats {
                without.processor_left =
                    found.processor.and_then(|processor| repeats.processor_left(processor));
                faults.push(ApplicationFault::DuplicateCalls);
                add_repeats(&mut evidence, &repeats, without.processor_left);
            }
        }
    }
    let both = match faults.len() > 1 {
        true => suffices(facts, instance, type_now, without)?,
        false => alone.clone(),
    };
    let zone = &facts.policy.calendar.time_zone;
    let Some(best) = both.or_else(|| alone.clone()) else {
        let sentence =
            sentence((leak, zone), type_now.memory_mib, endpoint.as_deref(), repeated, None);
        return Ok(pass(
            "leak-without-saving",
            format!("{} No cheaper type suffices without the leak either.", sentence.0),
            format!("{} 누수가 없어도 더 저렴한 유형으로는 부족합니다.", sentence.1),
        ));
    };
    let (en, ko) =
        sentence((leak, zone), type_now.memory_mib, endpoint.as_deref(), repeated, Some(&best));
    evidence.notes.push(repair_first());
    let mut reason_codes = vec![ReasonCode::MemoryLeak];
    if faults.len() > 1 {
        reason_codes.push(ReasonCode::DuplicateCalls);
    }
    let proposal = Proposal {
        action: best.action(&faults, endpoint.clone()),
        finding: Finding::NotOptimized,
        reason_codes,
        reason: Reason::new("memory-leak", en, ko),
        savings: best.savings.clone(),
        performance_risk: best.risk,
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence,
    };
    let options = options(&best, alone.as_ref(), &faults, endpoint);
    let reference = instance.reference(ResourceKind::Instance);
    Ok(proposal.into_verdict(check, reference).with(|recommendation| {
        recommendation.projected = best.projected;
        recommendation.options = options;
    }))
}

/// The repair of all faults first, then that of the leak alone where another size goes with it.
fn options(
    best: &Suffices,
    alone: Option<&Suffices>,
    faults: &[ApplicationFault],
    endpoint: Option<String>,
) -> Vec<trimtab_model::recommendation::RecommendationOption> {
    let leak_only = [ApplicationFault::MemoryLeak];
    let alone = alone.filter(|alone| alone.to != best.to);
    std::iter::once(best.option(faults, endpoint.clone()))
        .chain(alone.map(|alone| alone.option(&leak_only, endpoint)))
        .collect()
}

/// Returns the share of an endpoint's calls that repeat another one, where it matters.
fn repeats_of(service: &trimtab_model::traffic::ServiceTraffic, name: &str) -> Option<f64> {
    let endpoint = endpoint_of(service, name)?;
    Some(percent(endpoint.duplicates.repeat, endpoint.total()))
        .filter(|share| *share >= REPEATS_MATTER)
}

fn days(hours: &Hours) -> u32 {
    u32::try_from(hours.mean.len().div_ceil(24)).unwrap_or(u32::MAX)
}

/// Ties it together: how fast, with what, and what would suffice.
fn sentence(
    (leak, zone): (&Leak, &TimeZone),
    memory_mib: u64,
    endpoint: Option<&str>,
    repeated: Option<f64>,
    suffices: Option<&Suffices>,
) -> (String, String) {
    let mib = leak.per_hour / 100.0 * memory_mib as f64;
    let since = moment_in(leak.since, zone);
    let mut en = format!("Memory grows by {mib:.0} MiB an hour since {since}");
    let mut ko = format!("메모리가 {since}부터 시간당 {mib:.0} MiB씩 늘어납니다");
    if let Some(endpoint) = endpoint {
        en.push_str(&format!(", with the calls to {endpoint}"));
        ko.push_str(&format!("({endpoint} 호출과 함께)"));
    }
    en.push('.');
    ko.push('.');
    if let Some(share) = repeated {
        en.push_str(&format!(" {share:.0} % of these repeat another one of the same client."));
        ko.push_str(&format!(" 그중 {share:.0}%는 같은 클라이언트가 반복한 호출입니다."));
    }
    if let Some(Suffices { from, to, .. }) = suffices {
        en.push_str(&format!(" Repaired, {to} suffices instead of {from}."));
        ko.push_str(&format!(" 고치면 {from} 대신 {to} 유형으로 충분합니다."));
    }
    (en, ko)
}

fn not_measured() -> Unknown {
    unknown(
        "memory-not-measured",
        "Memory use was not measured. The CloudWatch agent or Prometheus provides mem_used_percent.",
        "메모리 사용률이 측정되지 않았습니다. CloudWatch 에이전트나 Prometheus로 mem_used_percent를 수집할 수 있습니다.",
        &[MEMORY],
    )
}

fn no_leak(why: NoLeak) -> Verdict {
    match why {
        NoLeak::TooShort | NoLeak::NotGrowing => pass(
            "not-growing",
            "Memory does not grow by more than chance explains.",
            "메모리가 우연으로 설명되는 것보다 더 늘지 않습니다.",
        ),
        NoLeak::Settles => pass(
            "settles",
            "Memory comes to a level and stays there, as a cache does.",
            "메모리가 캐시처럼 어느 수준까지 늘어난 뒤 그대로입니다.",
        ),
        NoLeak::FollowsDemand => pass(
            "follows-demand",
            "Memory grows as the load does, within the day and over the weeks.",
            "메모리가 하루 안에서나 여러 주에 걸쳐서나 부하와 함께 늘어납니다.",
        ),
    }
}

fn suspected(leak: &Leak, doubt: Doubt) -> Unknown {
    let week = leak.per_hour * 168.0;
    let (en, ko) = match doubt {
        Doubt::Noisy => (
            "but much else moves it; a longer window would tell",
            "다른 변화가 많습니다. 더 긴 기간이 있으면 알 수 있습니다",
        ),
        Doubt::DemandGrew => (
            "and the load grew as well; a window in which it did not would tell",
            "부하도 함께 늘었습니다. 부하가 그대로인 기간이 있으면 알 수 있습니다",
        ),
        Doubt::Brief => (
            "but for a few days only; a longer window would tell",
            "기간이 며칠뿐입니다. 더 긴 기간이 있으면 알 수 있습니다",
        ),
    };
    unknown(
        "leak-suspected",
        format!("Memory grows by {week:.1} % a week like a leak, {en}."),
        format!("메모리가 한 주에 {week:.1}%씩 누수처럼 늘어나지만 {ko}."),
        &[MEMORY],
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;
    use trimtab_model::profile::UsageProfile;

    use super::*;
    use crate::scene::{Scene, check, flat, logs, recommended, scene, with_hours};
    use crate::sizing::fit::tests::instance_type;

    /// An m5.xlarge of 16 GiB for four weeks, at 10 % CPU.
    fn running() -> Scene {
        scene()
            .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
            .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
            .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(10.0, 28))
    }

    fn memory(scene: Scene, of_hour: impl Fn(f64) -> f64) -> Scene {
        let values: Vec<f64> = (0..28 * 24).map(|hour| of_hour(f64::from(hour))).collect();
        let profile: UsageProfile = with_hours(flat(20.0, 28), &values);
        scene.metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, profile)
    }

    /// From 20 to 70 % in a week, then a restart.
    fn sawtooth(hour: f64) -> f64 {
        20.0 + (hour % 168.0) / 168.0 * 50.0
    }

    #[test]
    fn a_leak_fires_and_its_saving_is_that_of_the_size_without_it() {
        let scene = memory(running(), sawtooth);
        // 730 × (0.192 - 0.096), and 37.5 % less for a commitment that no bill shows.
        check(&CHECK, scene.clone(), "recommend 43.80 / 70.08 / 70.08");
        let found = recommended(&CHECK, &scene);
        assert!(found.is_conditional());
        let Action::FixApplication(repair) = &found.action else { panic!("a repair") };
        assert_eq!((repair.from.as_str(), repair.to.as_str()), ("m5.xlarge", "m5.large"));
        assert!(found.reason.text.en.contains("MiB an hour"), "{}", found.reason.text.en);
        assert!(found.evidence.signals_not_seen.iter().any(|unseen| unseen.name == "requests"));
    }

    #[test]
    fn the_endpoint_and_its_repeats_are_named() {
        let service = logs("web");
        let first = service.hours[0].hour;
        let inventory = &service.endpoints[0];
        let mut used = 20.0;
        let values: Vec<f64> = (0..28 * 24_usize)
            .map(|hour| {
                if hour % 168 == 100 {
                    used = 20.0;
                }
                let grown = f64::from(inventory.requests[hour]) * 0.0004;
                used += grown;
                used - grown / 2.0
            })
            .collect();
        let mut profile = with_hours(flat(20.0, 28), &values);
        profile.hours.as_mut().expect("hours").first = first;
        let scene = running()
            .metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, profile)
            .load_balancer(|balancer| balancer.kind.target_ids = Some(vec!["i-1".to_owned()]))
            .requests(service);
        let found = recommended(&CHECK, &scene);
        let Action::FixApplication(repair) = &found.action else { panic!("a repair") };
        assert_eq!(repair.endpoint.as_deref(), Some("GET /inventory/{}"));
        assert_eq!(repair.faults, [ApplicationFault::MemoryLeak, ApplicationFault::DuplicateCalls]);
        assert!(found.reason.text.en.contains("repeat another one"), "{}", found.reason.text.en);
    }

    #[test]
    fn memory_that_stays_passes() {
        check(&CHECK, memory(running(), |_| 60.0), "pass not-growing");
        let filled = memory(running(), |hour| 20.0 + 40.0 * (1.0 - (-hour / 150.0).exp()));
        check(&CHECK, filled, "pass settles");
    }

    #[test]
    fn growth_just_under_the_threshold_passes_and_at_it_fires() {
        let grows = |a_week: f64| memory(running(), move |hour| 30.0 + hour / 168.0 * a_week);
        let mut scene = grows(2.9);
        scene
            .policy
            .thresholds
            .entry(CHECK.check_id())
            .or_default()
            .insert("min_growth_percent_a_week".to_owned(), rust_decimal::Decimal::from(3));
        check(&CHECK, scene.clone(), "pass slow-growth");
        let policy = scene.policy;
        let at = Scene { policy, ..grows(3.1) };
        check(&CHECK, at, "recommend 43.80 / 70.08 / 70.08");
    }

    #[test]
    fn a_leak_without_a_smaller_size_passes_and_says_so() {
        let scene = memory(running(), |hour| 50.0 + (hour % 168.0) / 168.0 * 40.0);
        check(&CHECK, scene, "pass leak-without-saving");
    }

    #[test]
    fn unmeasured_memory_is_unknown() {
        check(&CHECK, running(), "unknown memory-not-measured");
    }
}

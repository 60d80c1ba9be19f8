//! Finds EC2 instances outside production that nobody uses at night or at weekends.
//!
//! **Why it costs.** An instance is charged by the second while it runs. One that developers use from ten to
//! seven on working days works 45 of the 168 hours of a week and is paid for all of them.
//!
//! **What we do.** Stop it in the hours in which it was idle in every week that was read, and start it an hour before
//! the first use. The commands set up EventBridge Scheduler; `trimtab schedule show` draws the week.
//! An hour is idle if CPU stayed below 5 % and the network below 1000 bytes a second in every sample of it,
//! in at least 2 weeks. A stop must last 4 hours.
//!
//! **What it saves.** The hourly rate of the bill, licence included, for the hours off, at a month of 730 hours. Volumes and
//! Elastic IP addresses go on costing and are not counted. Where a smaller size is recommended too, the hours are counted at its price.
//!
//! **What could go wrong.** Starting needs free capacity of the type, and a public address without an Elastic IP
//! changes at each start. A job that runs once a month may fall into a night. What has no environment
//! counts as production and is never scheduled; neither are members of an Auto Scaling group, Spot
//! instances, and instances with an instance store, whose data a stop erases.
//!
//! **Where others err.** They average the weeks, so that one night of work disappears; they take a public holiday for
//! proof that Tuesdays are idle. Holidays count as Sundays here, and an hour that was used once is on.
//!
//! # 한국어
//!
//! 운영 환경이 아니면서 밤이나 주말에 아무도 쓰지 않는 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 인스턴스는 실행되는 동안 초 단위로 과금됩니다. 평일 10시부터 19시까지만 쓰는 개발 서버는 일주일
//! 168시간 중 45시간만 일하고 전체 요금을 냅니다.
//!
//! **제안하는 조치.** 읽은 모든 주에서 유휴였던 시간에 중지하고, 첫 사용 1시간 전에 시작합니다. 명령은 EventBridge Scheduler를
//! 설정하며, `trimtab schedule show`가 한 주를 그려 줍니다. 2주 이상, 그 시간의 모든 표본에서 CPU가 5% 미만이고
//! 네트워크가 초당 1000바이트 미만일 때 유휴로 봅니다. 중지는 4시간 이상 이어져야 합니다.
//!
//! **절감액.** 꺼 두는 시간에 청구서의 시간당 요금(라이선스 포함)을 곱하며, 한 달은 730시간입니다. 볼륨과 Elastic IP는 계속
//! 과금되므로 포함하지 않습니다. 더 작은 크기도 추천된 경우에는 그 가격으로 계산합니다.
//!
//! **주의할 점.** 시작하려면 해당 유형의 여유 용량이 있어야 하고, Elastic IP가 아닌 퍼블릭 주소는 시작할 때마다 바뀝니다. 한 달에 한 번
//! 도는 작업이 밤에 걸릴 수 있습니다. 환경을 알 수 없는 것은 운영 환경으로 보고 제안하지 않습니다. Auto Scaling 그룹의
//! 구성원, 스팟 인스턴스, 중지하면 데이터가 지워지는 인스턴스 스토어가 있는 인스턴스도 제안하지 않습니다.
//!
//! **다른 도구와 다른 점.** 여러 주를 평균하면 하룻밤의 작업이 사라지고, 공휴일을 화요일이 한가하다는 증거로 읽기도 합니다.
//! trimtab은 공휴일을 일요일로 계산하고, 한 번이라도 사용한 시간에는 켜 둡니다.

use trimtab_model::action::ScheduleTarget;
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Threshold, Unknown, Verdict};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{INSTANCE_HOURS, deletion};
use crate::schedule::credits::{credits, is_burstable};
use crate::schedule::demand::{Bound, Proof, Scale, Signal};
use crate::schedule::gate::{MIN_WEEKS, START_LEAD_HOURS, production};
use crate::schedule::proposal::{Case, judge as judge_case, min_off_hours};
use crate::sizing::exemption;
use crate::verdict::{exempt, judge_each, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-off-hours",
    title: StaticText {
        en: "EC2 instance outside production that nobody uses at night or at weekends",
        ko: "운영 환경이 아니면서 밤이나 주말에 쓰지 않는 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Schedule,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Metric("AWS/EC2", "CPUUtilization", &[Statistic::Maximum]),
        Need::Metric("AWS/EC2", "NetworkIn", &[Statistic::Sum]),
        Need::Metric("AWS/EC2", "NetworkOut", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_cpu_percent",
            default: "5",
            unit: "%",
            text: StaticText {
                en: "CPU use from which an hour counts as used.",
                ko: "CPU 사용률이 이 값 이상이면 사용한 시간으로 봅니다.",
            },
        },
        Threshold {
            name: "max_network_bytes_per_second",
            default: "1000",
            unit: "B/s",
            text: StaticText {
                en: "Bytes in and out a second from which an hour counts as used.",
                ko: "초당 송수신 바이트가 이 값 이상이면 사용한 시간으로 봅니다.",
            },
        },
        MIN_WEEKS,
        min_off_hours("4"),
        START_LEAD_HOURS,
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    if let Some(verdict) = production(instance.environment)? {
        return Ok(verdict);
    }
    if let Some(verdict) = not_stoppable(facts, instance)? {
        return Ok(verdict);
    }
    let names = std::slice::from_ref(&instance.id);
    let complete = |metric, statistic| {
        Observation::complete(check, facts, instance, names, "AWS/EC2", metric, &[statistic])
    };
    let cpu = complete("CPUUtilization", Statistic::Maximum)?;
    let received = complete("NetworkIn", Statistic::Sum)?;
    let sent = complete("NetworkOut", Statistic::Sum)?;
    let signals = vec![
        Signal {
            name: "cpu_off_max",
            label: ("Highest CPU use while off", "꺼 두는 시간의 최대 CPU 사용률"),
            unit: "%",
            limit: check.threshold_f64(facts, "max_cpu_percent"),
            bound: Bound::From,
            scale: Scale::Plain,
            proof: Proof::UseAndRest,
            subjects: vec![vec![cpu]],
        },
        Signal {
            name: "network_off_max",
            label: ("Highest network use while off", "꺼 두는 시간의 최대 네트워크"),
            unit: "B/s",
            limit: check.threshold_f64(facts, "max_network_bytes_per_second"),
            bound: Bound::From,
            scale: Scale::PerSecondOf(1.0),
            proof: Proof::UseAndRest,
            subjects: vec![vec![received, sent]],
        },
    ];
    let reference = instance.reference(ResourceKind::Instance);
    let list = Tariff::of(facts, instance).running_hours(&instance.kind).map(|part| vec![part]);
    let case = Case {
        stopped: deletion(facts, &reference, names, INSTANCE_HOURS, list),
        resource: reference,
        target: ScheduleTarget::Instance,
        signals,
        idle_check: "ec2-instance-idle",
        base_risk: 1,
        loss: Text::new(
            "Starting again needs free capacity of the type; a public address without an Elastic IP changes at each start.",
            "다시 시작하려면 해당 유형의 여유 용량이 있어야 하며, Elastic IP가 아닌 퍼블릭 IP는 시작할 때마다 바뀝니다.",
        ),
        unseen: UnseenSignal {
            name: "rare_jobs".to_owned(),
            text: Text::new(
                "Work that comes less often than the window is long, and people who log in without moving data.",
                "관측 기간보다 드물게 실행되는 작업과, 데이터 전송 없이 접속만 하는 사용자는 알 수 없습니다.",
            ),
        },
        notes: std::iter::once(Text::new(
            "Its volumes and Elastic IP addresses go on costing while it is off, and are not counted. An automatic public IPv4 address is not charged then, which is not counted either.",
            "꺼 두는 동안에도 볼륨과 Elastic IP는 과금되므로 절감액에 넣지 않았습니다. 자동 할당된 퍼블릭 IPv4는 그동안 과금되지 않지만 이 역시 넣지 않았습니다.",
        ))
        .chain(is_burstable(&instance.kind.instance_type).then(credits))
        .collect(),
    };
    judge_case(check, facts, case)
}

/// Returns the verdict on an instance that must not, or need not, be stopped at night.
fn not_stoppable(
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Option<Verdict>, Unknown> {
    if instance.kind.is_managed_by_service == Some(true) {
        return Ok(Some(exempt(
            "managed",
            "A service of AWS runs this instance and decides about it.",
            "AWS 서비스가 운영하고 관리하는 인스턴스입니다.",
        )));
    }
    let instance_type = &instance.kind.instance_type;
    let Some(known) = facts.prices.instance_types.get(instance_type) else {
        return Err(unknown(
            "type-unknown",
            format!(
                "Whether {instance_type} has an instance store, which a stop erases, is not known."
            ),
            format!("{instance_type}에 중지하면 지워지는 인스턴스 스토어가 있는지 알 수 없습니다."),
            &[&format!("prices:{instance_type}")],
        ));
    };
    Ok(known.instance_store_gb.map(|size| {
        exempt(
            "instance-store-data",
            format!("Its {size} GB of instance store are erased by every stop."),
            format!("중지할 때마다 인스턴스 스토어 {size}GB의 데이터가 지워집니다."),
        )
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::tz::TimeZone;
    use trimtab_model::action::Action;
    use trimtab_model::calendar::Calendar;
    use trimtab_model::environment::Environment;
    use trimtab_model::metric::Statistic;
    use trimtab_model::text::Text;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, office, recommended, scene};

    /// An instance used at work, with this CPU and these bytes a second otherwise.
    fn instance(cpu: f64, bytes_per_second: f64, days: i64) -> Scene {
        let network = || office(9_000_000.0, bytes_per_second * 300.0 / 2.0, days);
        scene()
            .instance(|_| ())
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, office(40.0, cpu, days))
            .metric("i-1", "AWS/EC2", "NetworkIn", Statistic::Sum, network())
            .metric("i-1", "AWS/EC2", "NetworkOut", Statistic::Sum, network())
    }

    #[test]
    fn an_instance_that_rests_at_night_fires() {
        // 118 of 168 hours of 70.08 USD.
        check(&CHECK, instance(2.0, 100.0, 14), "recommend 30.76 / 49.22 / 49.22");
        let scene = instance(2.0, 100.0, 14);
        let Action::ApplySchedule { schedule, .. } = recommended(&CHECK, &scene).action else {
            panic!("a schedule");
        };
        assert_eq!(schedule.phrase().en, "Mon–Fri 09–19");
    }

    #[test]
    fn an_instance_that_works_around_the_clock_passes() {
        check(&CHECK, instance(40.0, 100.0, 14), "pass no-off-hours");
    }

    #[test]
    fn just_under_both_thresholds_it_fires_and_at_either_it_passes() {
        check(&CHECK, instance(4.99, 999.9, 14), "recommend 30.76 / 49.22 / 49.22");
        check(&CHECK, instance(5.0, 100.0, 14), "pass no-off-hours");
        check(&CHECK, instance(2.0, 1000.0, 14), "pass no-off-hours");
    }

    #[test]
    fn without_enough_weeks_or_a_metric_it_is_unknown() {
        check(&CHECK, instance(2.0, 100.0, 13), "unknown window-too-short");
        let mut once = instance(2.0, 100.0, 14);
        let mut series = office(40.0, 2.0, 14);
        series.local_week.as_mut().expect("a week").complete[3] = 1;
        once = once.metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, series);
        check(&CHECK, once, "unknown hours-unseen");
        let mut silent = instance(2.0, 100.0, 14);
        silent.profiles = Default::default();
        check(&CHECK, silent, "unknown metric-missing");
    }

    #[test]
    fn one_night_of_work_in_any_week_keeps_that_hour_on() {
        let mut series = office(40.0, 2.0, 14);
        // Tuesday 22:00.
        series.local_week.as_mut().expect("a week").max[46] = Some(30.0);
        let scene = instance(2.0, 100.0, 14).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Maximum,
            series,
        );
        let Action::ApplySchedule { schedule, .. } = recommended(&CHECK, &scene).action else {
            panic!("a schedule");
        };
        assert!(schedule.phrase().en.contains("Tue 09–23"), "{}", schedule.phrase().en);
    }

    #[test]
    fn what_is_never_used_is_left_to_the_idle_check() {
        let scene = instance(2.0, 100.0, 14)
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(2.0, 14))
            .metric("i-1", "AWS/EC2", "NetworkIn", Statistic::Sum, flat(0.0, 14))
            .metric("i-1", "AWS/EC2", "NetworkOut", Statistic::Sum, flat(0.0, 14));
        check(&CHECK, scene, "pass never-used");
    }

    #[test]
    fn production_passes_and_an_unnamed_environment_is_treated_like_it() {
        let of = |environment| {
            let mut scene = instance(2.0, 100.0, 14);
            scene.snapshot.instances[0].environment = environment;
            scene
        };
        check(&CHECK, of(Environment::Prod), "pass production");
        check(&CHECK, of(Environment::Unknown), "unknown environment-unknown");
        check(&CHECK, of(Environment::Staging), "recommend 30.76 / 49.22 / 49.22");
    }

    #[test]
    fn what_cannot_be_stopped_is_exempt() {
        let mut member = instance(2.0, 100.0, 14);
        member.snapshot.instances[0].kind.auto_scaling_group_name = Some("web".into());
        check(&CHECK, member, "exempt auto-scaling-group-member");
        let mut spot = instance(2.0, 100.0, 14);
        spot.snapshot.instances[0].kind.instance_lifecycle = Some("spot".into());
        check(&CHECK, spot, "exempt instance-lifecycle");
        let mut stored = instance_facts("m5.large", 2, 8);
        stored.instance_store_gb = Some(75);
        check(
            &CHECK,
            instance(2.0, 100.0, 14).instance_type(stored, "0.096"),
            "exempt instance-store-data",
        );
        let mut strange = instance(2.0, 100.0, 14);
        strange.prices.instance_types.clear();
        check(&CHECK, strange, "unknown type-unknown");
    }

    #[test]
    fn the_bill_says_what_an_hour_costs_also_where_no_price_list_does() {
        let mut windows = instance(2.0, 100.0, 14);
        windows.snapshot.instances[0].kind.platform_details = Some("Windows".into());
        check(&CHECK, windows.clone(), "unknown price-missing");
        let billed = windows.bill("i-1", "BoxUsage:m5.large", "720", "144.00");
        // 146 USD in 730 hours.
        check(&CHECK, billed, "recommend 102.55 / 102.55 / 102.55");
    }

    #[test]
    fn coming_holidays_count_in_the_best_case() {
        let mut scene = instance(2.0, 100.0, 14);
        let christmas = ("2026-11-25".parse().expect("a day"), Text::verbatim("a holiday"));
        scene.policy.calendar = Calendar {
            time_zone: TimeZone::UTC,
            holidays: BTreeMap::from([christmas]),
            known_until: None,
        };
        // Ten hours of 720 more.
        check(&CHECK, scene, "recommend 30.76 / 49.22 / 50.20");
    }
}

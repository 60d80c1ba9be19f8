//! Users from end to end: what follows them, what comes, and what more of them would need.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use trimtab_model::calendar::Calendar;
use trimtab_model::driver::{DriverUnit, EffectBasis, LinkVerdict, UserEvent};
use trimtab_model::environment::Environment;
use trimtab_model::metric::Statistic;
use trimtab_model::period::Period;
use trimtab_model::policy::{SizingMethod, SizingPolicy};
use trimtab_model::profile::{Hours, UsageProfile};
use trimtab_model::resource::ResourceKind;
use trimtab_model::simulation::{Outcome, Scenario, ScenarioEvent};
use trimtab_model::text::Text;
use trimtab_model::traffic::{
    ClientBasis, Distinctness, HourTraffic, LineCount, ServiceTraffic, Traffic, TrafficSource,
    UserDay,
};

use super::driver::date;
use super::{Ahead, Coming, forecasts, links, loads, simulate};
use crate::check::{Check, Facts};
use crate::scene::{Scene, days_ago, flat, scene};
use crate::sizing::fit::tests::instance_type;

pub(crate) const DAYS: i64 = 28;

/// Users of each day before the scene's moment, most at weekends.
pub(crate) fn users(growth_per_day: f64) -> Traffic {
    let first = days_ago(DAYS).as_second() / 86_400;
    let days = (first..first + DAYS).map(|day| {
        let weekend = if day % 7 >= 5 { 1.8 } else { 1.0 };
        let users = 1_000.0 * weekend * (1.0 + growth_per_day).powi((day - first) as i32);
        UserDay {
            date: date(day).expect("this century"),
            dau: users as u64,
            new_users: None,
            peak_concurrent_users: None,
        }
    });
    Traffic { days: days.collect(), ..Traffic::default() }
}

/// A processor that needs `idle` percent for itself and one percent for `per_percent` users.
pub(crate) fn following(traffic: &Traffic, idle: f64, per_percent: f64) -> UsageProfile {
    let hours: Vec<Option<f32>> = traffic
        .days
        .iter()
        .flat_map(|day| {
            let percent = idle + day.dau as f64 / per_percent;
            std::iter::repeat_n(Some(percent as f32), 24)
        })
        .collect();
    let highest = hours.iter().flatten().copied().fold(0.0, f32::max);
    let first = days_ago(DAYS).as_second() / 3_600;
    let row = Hours { first, mean: hours.clone(), max: hours.clone(), min: hours };
    UsageProfile { hours: Some(row), ..flat(f64::from(highest), DAYS) }
}

fn account(traffic: Traffic, profile: UsageProfile) -> Scene {
    let mut scene = scene()
        .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
        .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
        .instance_type(instance_type("m5.2xlarge", 8, 32 << 10), "0.384")
        .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
        .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, profile)
        .metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, flat(20.0, DAYS));
    scene.traffic = traffic;
    scene
}

fn sizes() -> Vec<&'static Check> {
    crate::checks::ALL
        .iter()
        .copied()
        .filter(|check| check.id == "ec2-instance-oversized")
        .collect()
}

fn of_instances(facts: &Facts<'_>) -> Coming {
    let instances = &facts.snapshot.instances;
    Coming::of(facts, ResourceKind::Instance, instances, |instance| vec![instance.id.clone()])
}

fn scenario(users: f64) -> Scenario {
    Scenario { users, events: Vec::new() }
}

#[test]
fn a_processor_that_follows_users_says_what_a_thousand_need() {
    let traffic = users(0.0);
    let profile = following(&traffic, 5.0, 100.0);
    let scene = account(traffic, profile);
    let loads = loads(&scene.facts());
    let cpu = loads.iter().find(|load| load.link.metric == "CPUUtilization").unwrap();
    let (driver, fit) = cpu.link.explained().unwrap();
    assert_eq!(driver.unit, DriverUnit::DailyUsers);
    assert!((fit.slope - 0.01).abs() < 1e-4 && (fit.intercept - 5.0).abs() < 0.1, "{fit:?}");
    // Ten percent of four vCPUs; (80 - 5) / 0.01 users, 1,800 of them lately.
    assert!((cpu.vcpu_per_thousand.unwrap() - 0.4).abs() < 0.01);
    assert!((cpu.headroom().unwrap() - 7_500.0 / 1_800.0).abs() < 0.05);
    let memory = loads.iter().find(|load| load.link.metric == "mem_used_percent").unwrap();
    assert!(matches!(memory.link.verdict, LinkVerdict::NotExplained { .. }));
    let cost = cpu.cost.unwrap();
    assert_eq!(cost.monthly.amount.to_string(), "140.160");
    assert!(memory.cost.is_none());
}

#[test]
fn without_users_nothing_follows_them() {
    let scene = account(Traffic::default(), flat(20.0, DAYS));
    let facts = scene.facts();
    assert!(links(facts.traffic, facts.profiles, &facts.policy.calendar).is_empty());
    let instance = &scene.snapshot.instances[0];
    assert_eq!(of_instances(&facts).growth(instance), None);
}

#[test]
fn users_that_grow_make_demand_grow_and_a_fall_is_not_counted_on() {
    let check = |per_day: f64| {
        let traffic = users(per_day);
        let profile = following(&traffic, 2.0, 100.0);
        let scene = account(traffic, profile);
        let instance = &scene.snapshot.instances[0];
        of_instances(&scene.facts()).growth(instance).cloned()
    };
    let grown = check(0.02).unwrap();
    assert!(grown.cpu > 1.1 && grown.cpu < 2.5, "{grown:?}");
    assert!((grown.memory - 1.0).abs() < 1e-12);
    assert!(grown.note.en.contains("follows them") && grown.note.ko.contains("사용자"));
    assert_eq!(check(-0.02), None);
}

#[test]
fn a_machine_that_users_to_come_would_fill_keeps_its_size() {
    let judged = |per_day: f64, traffic: fn(f64) -> Traffic| {
        // Some 45 % of four vCPUs at most: just under half of them with headroom is too little.
        let profile = following(&users(per_day), 2.0, 85.0);
        let mut scene = account(traffic(per_day), profile);
        scene.policy.sizing = Environment::ALL
            .iter()
            .map(|environment| {
                let method = SizingMethod::Percentile;
                (*environment, SizingPolicy { method, ..SizingPolicy::default() })
            })
            .collect();
        let analysis = crate::analyze_with(&sizes(), &scene.facts());
        let passed = analysis.passed.first().map(|passed| passed.reason.clone());
        (analysis.items.len(), passed)
    };
    let nobody = |_: f64| Traffic::default();
    assert_eq!(judged(0.02, nobody), (1, None));
    let (items, passed) = judged(0.02, users);
    let reason = passed.expect("kept");
    assert_eq!((items, reason.code.as_str()), (0, "users-expected-to-grow"));
    assert!(reason.text.ko.contains("사용자가"), "{reason:?}");
    assert_eq!(judged(-0.02, users), (1, None));
}

#[test]
fn more_users_move_recommendations_and_make_machines_too_small() {
    let traffic = users(0.0);
    let profile = following(&traffic, 2.0, 100.0);
    let scene = account(traffic, profile);
    let facts = scene.facts();
    let now = crate::analyze_with(&sizes(), &facts);
    assert_eq!(now.items.len(), 1, "20 % of four vCPUs fit into two");
    let more = simulate(&sizes(), &facts, &now, scenario(6.0));
    assert_eq!(more.moved[0].outcome, Outcome::Falls);
    assert_eq!(more.too_small.len(), 1, "{:?}", more.too_small);
    let remedy = more.too_small[0].remedy.as_ref().unwrap();
    let extra = remedy.extra_monthly.amount.normalize().to_string();
    assert_eq!((remedy.size.as_str(), extra.as_str()), ("m5.2xlarge", "140.16"));
    assert_eq!(more.extra_monthly, remedy.extra_monthly);
    let memory = more.unchanged.iter().find(|one| one.metric.contains("mem_used")).unwrap();
    assert_eq!(memory.reason.code, "not-explained-by-users");
}

#[test]
fn an_event_outside_of_the_horizon_changes_nothing_and_says_so() {
    let traffic = users(0.0);
    let profile = following(&traffic, 2.0, 100.0);
    let scene = account(traffic, profile);
    let facts = scene.facts();
    let now = crate::analyze_with(&sizes(), &facts);
    let event = ScenarioEvent { date: "2028-01-01".parse().unwrap(), factor: 9.0 };
    let scenario = Scenario { users: 1.0, events: vec![event] };
    let simulation = simulate(&sizes(), &facts, &now, scenario);
    assert_eq!((simulation.moved.len(), simulation.outside.len()), (0, 1));
}

/// Requests of one service, hour by hour.
fn requests(hours: &[u64]) -> Traffic {
    let first = days_ago(DAYS).as_second() / 3_600;
    let moment = |hour: i64| Timestamp::from_second(hour * 3_600).expect("in range");
    let service = ServiceTraffic {
        service: "lobby".to_owned(),
        source: TrafficSource::Alb,
        period: Period::new(moment(first), moment(first + DAYS * 24)).expect("in order"),
        gaps: Vec::new(),
        time_zone: TimeZone::UTC,
        clients: ClientBasis::AddressAndAgent,
        distinctness: Distinctness::Exact,
        rules: None,
        duplicates_incomplete: false,
        hours: (first..)
            .zip(hours)
            .map(|(hour, requests)| HourTraffic {
                hour,
                requests: *requests,
                ..HourTraffic::default()
            })
            .collect(),
        days: Vec::new(),
        endpoints: Vec::new(),
        other_endpoints: None,
        lines: LineCount::default(),
    };
    Traffic { services: vec![service], ..Traffic::default() }
}

#[test]
fn demand_that_comes_later_and_stands_at_its_ceiling_is_still_explained() {
    let busy = |hour: i64| 2_000.0 + 1_500.0 * (hour as f64 * 0.2617).sin();
    let hours: Vec<u64> = (0..DAYS * 24).map(|hour| busy(hour) as u64).collect();
    let traffic = requests(&hours);
    // Two hours later, 4 % for 100 requests; the busiest hours would need more than there is.
    let percent: Vec<Option<f32>> = (0..DAYS * 24)
        .map(|hour| Some((1.0 + busy(hour - 2).floor() * 0.03).min(100.0) as f32))
        .collect();
    let first = days_ago(DAYS).as_second() / 3_600;
    let row = Hours { first, mean: percent.clone(), max: percent.clone(), min: percent };
    let profile = UsageProfile { hours: Some(row), ..flat(50.0, DAYS) };
    let scene = account(traffic, profile);
    let facts = scene.facts();
    let links = links(facts.traffic, facts.profiles, &facts.policy.calendar);
    let cpu = links.iter().find(|link| link.metric == "CPUUtilization").unwrap();
    let (driver, fit) = cpu.explained().unwrap();
    assert_eq!((driver.unit, fit.lag_hours), (DriverUnit::RequestsPerHour, 2));
    assert!((fit.slope - 0.03).abs() < 1e-3 && fit.saturated > 50, "{fit:?}");
}

#[test]
fn past_holidays_say_what_the_next_one_does() {
    let mut traffic = users(0.0);
    let days: Vec<Date> = traffic.days.iter().map(|day| day.date).collect();
    let next = days[27].checked_add(3.days()).unwrap();
    let holidays = [days[9], days[17], next];
    let mut calendar = Calendar::default();
    for holiday in holidays {
        calendar.holidays.insert(holiday, Text::new("a holiday", "공휴일"));
    }
    for index in [9, 17] {
        traffic.days[index].dau /= 2;
    }
    let found = forecasts(&traffic, &calendar, Ahead::Days(7));
    let event = &found[0].events[0];
    assert_eq!((event.date, event.basis), (next, EffectBasis::Past { days: 2 }));
    assert!((event.factor - 0.5).abs() < 0.01, "{event:?}");
    // Without a past, none is assumed.
    calendar.holidays = [(next, Text::new("a holiday", "공휴일"))].into();
    let found = forecasts(&traffic, &calendar, Ahead::Days(7));
    assert_eq!(found[0].events[0].basis, EffectBasis::NotKnown);
    // What the owner says comes first.
    traffic.events = vec![UserEvent { date: next, name: "Patch".to_owned(), factor: Some(2.0) }];
    let found = forecasts(&traffic, &calendar, Ahead::Days(7));
    assert_eq!(found[0].events[0].basis, EffectBasis::Given);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn as_many_users_as_today_change_nothing(idle in 0.0_f64..30.0, per_percent in 40.0_f64..400.0) {
        let traffic = users(0.0);
        let profile = following(&traffic, idle, per_percent);
        let scene = account(traffic, profile);
        let facts = scene.facts();
        let now = crate::analyze_with(&sizes(), &facts);
        let simulation = simulate(&sizes(), &facts, &now, scenario(1.0));
        prop_assert!(simulation.moved.is_empty() && simulation.too_small.is_empty());
        prop_assert_eq!(simulation.stay, now.items.len() as u64);
        prop_assert!(simulation.savings.iter().all(|(now, then)| now == then));
    }
}

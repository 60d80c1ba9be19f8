//! Properties of planned weeks and of what their hours off are worth.

use proptest::prelude::*;
use rust_decimal::Decimal;

use trimtab_model::calendar::{HOURS_PER_WEEK, WeekHour};
use trimtab_model::metric::Statistic;
use trimtab_model::money::Money;
use trimtab_model::price::PriceBasis;
use trimtab_model::profile::{LocalWeek, UsageProfile};
use trimtab_model::recommendation::Estimate;
use trimtab_model::schedule::WeekPlan;
use trimtab_model::text::Text;

use super::demand::{Bound, Demand, Hour, Proof, Scale, Signal};
use super::plan::{Rules, plan};
use super::saving::{ComingHoliday, of_hours_off};
use crate::observation::Observation;
use crate::scene::flat;

/// Weeks in which a few stretches are used: hours drawn alone would leave no stop.
fn used() -> impl Strategy<Value = Vec<bool>> {
    let stretch = (0..HOURS_PER_WEEK, 1_usize..14);
    proptest::collection::vec(stretch, 1..8).prop_map(|stretches| {
        let mut used = vec![false; HOURS_PER_WEEK];
        for (start, length) in stretches {
            for hour in start..start + length {
                used[hour % HOURS_PER_WEEK] = true;
            }
        }
        used
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    (0_usize..4, 1_usize..12)
        .prop_map(|(start_lead_hours, min_off_hours)| Rules { start_lead_hours, min_off_hours })
}

fn off_run(week: &WeekPlan, hour: WeekHour, way: fn(WeekHour, usize) -> WeekHour) -> usize {
    (1..HOURS_PER_WEEK).take_while(|hours| week.is_off(way(hour, *hours))).count()
}

proptest! {
    #[test]
    fn no_hour_that_was_used_is_ever_off(used in used(), rules in rules()) {
        let week = plan(|hour| used[hour.index()], rules);
        for hour in WeekHour::all().filter(|hour| used[hour.index()]) {
            prop_assert!(!week.is_off(hour));
            for ahead in 1..=rules.start_lead_hours {
                prop_assert!(!week.is_off(hour.earlier(ahead)), "the start comes before the use");
            }
        }
    }

    #[test]
    fn every_stop_is_long_enough(used in used(), rules in rules()) {
        let week = plan(|hour| used[hour.index()], rules);
        for hour in WeekHour::all().filter(|hour| week.is_off(*hour)) {
            let around = off_run(&week, hour, WeekHour::earlier) + 1 + off_run(&week, hour, WeekHour::later);
            prop_assert!(around >= rules.min_off_hours);
        }
    }

    #[test]
    fn an_hour_is_idle_only_where_every_signal_saw_it_and_stayed_below(
        cpu in proptest::collection::vec((proptest::option::of(0_u8..12), 0_u16..4), HOURS_PER_WEEK),
        network in proptest::collection::vec((proptest::option::of(0_u8..12), 0_u16..4), HOURS_PER_WEEK),
        min_weeks in 1_u16..4,
    ) {
        let profile = |hours: &[(Option<u8>, u16)]| UsageProfile {
            local_week: Some(LocalWeek {
                max: hours.iter().map(|(max, _)| max.map(f64::from)).collect(),
                complete: hours.iter().map(|(_, times)| *times).collect(),
            }),
            ..flat(0.0, 14)
        };
        let (of_cpu, of_network) = (profile(&cpu), profile(&network));
        let signal = |profile, limit, bound| Signal {
            name: "test",
            label: ("test", "시험"),
            unit: "",
            limit,
            bound,
            scale: Scale::Plain,
            proof: Proof::UseAndRest,
            subjects: vec![vec![Observation {
                namespace: "AWS/EC2",
                metric: "test",
                statistic: Statistic::Maximum,
                profile,
            }]],
        };
        let signals = [signal(&of_cpu, 5.0, Bound::From), signal(&of_network, 0.0, Bound::Above)];
        let demand = Demand::of(&signals, min_weeks);
        for hour in WeekHour::all() {
            let ((cpu, cpu_times), (network, times)) = (cpu[hour.index()], network[hour.index()]);
            let is_used = cpu.is_some_and(|max| max >= 5) || network.is_some_and(|max| max > 0);
            let expected = match (is_used, cpu_times.min(times) >= min_weeks) {
                (true, _) => Hour::Used,
                (false, true) => Hour::Idle,
                (false, false) => Hour::Unproven,
            };
            prop_assert_eq!(demand.at(hour), expected);
        }
    }

    #[test]
    fn hours_off_never_save_more_than_stopping_for_good(
        used in used(),
        rules in rules(),
        cents in (0_i64..1_000_000, 0_i64..1_000_000, 0_i64..1_000_000, 0_i64..1_000_000),
        holidays in proptest::collection::vec(1_usize..24, 0..8),
    ) {
        let mut cents = [cents.0, cents.1, cents.2, cents.3];
        cents.sort_unstable();
        let [low, likely, high, cost_now] = cents.map(|cents| Money::usd(Decimal::new(cents, 2)));
        let stopped = Estimate {
            low, likely, high, cost_now,
            before_discounts: high,
            cost_after: cost_now.checked_sub(likely).expect("one currency"),
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::List,
            billed: None,
        };
        let holidays: Vec<ComingHoliday> = holidays.into_iter().map(|hours| ComingHoliday {
            date: "2026-12-25".parse().expect("a day"),
            name: Text::verbatim("a holiday"),
            hours,
        }).collect();
        let week = plan(|hour| used[hour.index()], rules);
        let savings = of_hours_off(stopped.clone(), &week, &holidays).expect("it fits");
        prop_assert!(savings.low.amount <= savings.likely.amount);
        prop_assert!(savings.likely.amount <= savings.high.amount);
        prop_assert!(savings.high.amount <= stopped.high.amount);
        prop_assert_eq!(
            savings.cost_after.amount + savings.likely.amount,
            savings.cost_now.amount
        );
    }
}

//! Work that is longer than a run.

use rust_decimal::Decimal;

use trimtab_model::evidence::{Evidence, FigureValue};
use trimtab_model::metric::Statistic;
use trimtab_model::serverless::{Candidate, Trigger};

use super::{only, waiting};
use crate::scene::{Scene, now_and_then, recommended};
use crate::serverless::{Assumed, simulate};

/// A server that works for half an hour twice a day, by the clock.
fn scene() -> Scene {
    let mut profile = now_and_then(16.0, 1.0, 14);
    if let Some(bursts) = &mut profile.bursts {
        bursts.longest_seconds = 1_800;
        bursts.stretches /= 6;
        bursts.regularity = Some(0.95);
    }
    let scene = waiting().price("eventbridge/scheduler_invocation", "0.000001");
    scene.metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile)
}

fn half_hours() -> Candidate {
    only(&scene())
}

#[test]
fn a_simulation_without_assumptions_is_the_proposal_also_where_work_is_cut() {
    let candidate = half_hours();
    let economics = candidate.economics.clone().expect("priced");
    let proposed = &economics.options[0];
    let as_it_is = simulate(&candidate, &Assumed::default()).expect("it can be");
    assert_eq!(as_it_is.runs, proposed.components[0].quantity);
    assert!(as_it_is.seconds <= Decimal::from(900), "{}", as_it_is.seconds);
    let fitting = economics.options.iter().filter(|one| one.unfit.is_none());
    for one in fitting {
        let assumed = Assumed {
            memory_mb: Some(one.memory_mb),
            architecture: Some(one.architecture),
            ..Assumed::default()
        };
        let found = simulate(&candidate, &assumed).expect("it can be");
        let difference = (found.function - one.monthly_high).abs();
        assert!(difference < Decimal::new(1, 3), "{} MB: {difference}", one.memory_mb);
    }
}

#[test]
fn runs_that_are_assumed_are_those_that_are_listed_and_seconds_are_of_a_whole_one() {
    let candidate = half_hours();
    let simulated = |assumed: Assumed| simulate(&candidate, &assumed).expect("it can be");
    let as_it_is = simulated(Assumed::default());
    let listed = Decimal::try_from(candidate.workload.runs).expect("a number");
    let same = simulated(Assumed { runs: Some(listed), ..Assumed::default() });
    assert!((same.runs - as_it_is.runs).abs() < Decimal::ONE, "{} {}", same.runs, as_it_is.runs);
    assert_eq!(same.seconds, as_it_is.seconds);
    // Somebody has measured that a whole job takes ten minutes: it is not cut.
    let ten = Some(Decimal::from(600));
    let measured = simulated(Assumed { seconds: ten, ..Assumed::default() });
    assert!((measured.runs - listed).abs() < Decimal::ONE, "{} {listed}", measured.runs);
    let thrice = Some(Decimal::from(3));
    let more = simulated(Assumed { seconds: ten, factor: thrice, ..Assumed::default() });
    assert!((more.runs - listed * Decimal::from(3)).abs() < Decimal::ONE, "{}", more.runs);
}

#[test]
fn each_piece_is_started_and_counts_at_the_break_even() {
    let candidate = half_hours();
    assert_eq!(candidate.trigger, Trigger::Schedule);
    let economics = candidate.economics.expect("priced");
    let proposed = &economics.options[0];
    let runs = proposed.components[0].quantity;
    let uncut = Decimal::try_from(candidate.workload.runs).expect("a number");
    assert!(runs >= uncut * Decimal::TWO - Decimal::ONE, "{runs} {uncut}");
    let started = economics.triggers[0].cost.clone().expect("priced").expect("it is paid for");
    assert_eq!(started.quantity, runs);
    assert_eq!(proposed.components.last().map(|one| one.quantity), Some(runs));
    let at_break_even = economics.break_even.expect("it costs something") * runs;
    let told = economics.break_even_runs.expect("it costs something");
    assert!((told - at_break_even).abs() <= Decimal::ONE, "{told} {at_break_even}");
}

#[test]
fn the_figures_multiply_to_what_is_paid_and_short_work_has_no_pieces() {
    let figure = |evidence: &Evidence, name: &str| {
        let found = evidence.figures.iter().find(|figure| figure.name == name)?;
        let FigureValue::Number(value) = found.value else { return None };
        Some(value)
    };
    let check = crate::checks::ALL.iter().find(|check| check.id == "ec2-instance-mostly-waiting");
    let check = check.expect("the check");
    let evidence = recommended(check, &scene()).evidence;
    let known = |name: &str| figure(&evidence, name).expect(name);
    let gb_seconds =
        known("runs") * known("pieces") * known("function_seconds") * known("function_memory")
            / 1024.0;
    let proposed = half_hours().economics.expect("priced").options.remove(0);
    assert_eq!(proposed.pieces.map(f64::from), Some(known("pieces")));
    let paid = f64::try_from(proposed.components[1].quantity).expect("a number");
    assert!((gb_seconds / paid - 1.0).abs() < 1e-3, "{gb_seconds} {paid}");
    let short = recommended(check, &waiting()).evidence;
    assert_eq!(figure(&short, "pieces"), None);
    let options = only(&waiting()).economics.expect("priced").options;
    assert!(options.iter().all(|one| one.pieces.is_none()));
}

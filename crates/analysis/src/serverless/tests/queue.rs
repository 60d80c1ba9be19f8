//! Servers that read a queue.

use trimtab_model::metric::Statistic;
use trimtab_model::serverless::{Fit, RunsBy, Trigger, TriggerKind};

use super::{only, waiting};
use crate::scene::{Scene, flat, scene};

const RECEIVED: &str = "NumberOfMessagesReceived";
const DEPTH: &str = "ApproximateNumberOfMessagesVisible";
const IN_FLIGHT: &str = "ApproximateNumberOfMessagesNotVisible";

/// Samples of five minutes in a month of 730 hours.
const SAMPLES: f64 = 730.0 * 12.0;

/// The server reads a queue that nobody measured.
fn tagged() -> Scene {
    let mut scene = waiting();
    let tag = (trimtab_model::queue::QUEUE_TAG.to_owned(), "jobs".to_owned());
    scene.snapshot.instances[0].tags.extend([tag]);
    scene
}

fn measured(scene: Scene, metric: &'static str, statistic: Statistic, value: f64) -> Scene {
    scene.metric("jobs", "AWS/SQS", metric, statistic, flat(value, 14))
}

/// Each five minutes so many messages are received, wait on average, wait at most, and are seen in flight.
fn reads(received: f64, waiting: f64, deepest: f64, in_flight: f64) -> Scene {
    let scene = measured(tagged(), RECEIVED, Statistic::Sum, received);
    let scene = measured(scene, DEPTH, Statistic::Average, waiting);
    let scene = measured(scene, DEPTH, Statistic::Maximum, deepest);
    measured(scene, IN_FLIGHT, Statistic::Sum, in_flight)
}

#[test]
fn messages_are_runs_and_the_depth_of_their_queue_is_told() {
    let found = only(&reads(2.0, 0.1, 7.0, 0.2));
    assert_eq!((found.workload.runs_by, found.trigger), (RunsBy::Messages, Trigger::Queue));
    assert!((found.workload.runs - 2.0 * SAMPLES).abs() < 1.0, "{}", found.workload.runs);
    let queues = found.workload.queues.as_ref().expect("a queue");
    assert_eq!(queues.names, ["jobs"]);
    assert_eq!((queues.deepest, queues.readers), (Some(7.0), 1));
    // Seen in flight in 0.2 samples of a minute for two messages.
    let held = queues.seconds_of_a_message.expect("measured");
    assert!((held - 0.2 * 60.0 / 2.0).abs() < 1e-9, "{held}");
    let unseen: Vec<&str> = found.signals_not_seen.iter().map(|one| one.name.as_str()).collect();
    assert!(!unseen.contains(&"requests") && !unseen.contains(&"queue"), "{unseen:?}");
    let economics = found.economics.expect("priced");
    assert_eq!(economics.triggers[0].kind, TriggerKind::Queue);
    assert!(economics.triggers[0].is_generated);
}

#[test]
fn a_message_takes_no_less_than_its_part_of_the_work_and_no_less_than_it_is_held() {
    // Held for six seconds, and 300 s of each two hours are work for 48 messages: 6.25 s.
    let high = |in_flight: f64| {
        let found = only(&reads(2.0, 0.1, 7.0, in_flight));
        super::seconds(&found.workload, 1769).1
    };
    assert!((high(0.2) - 6.25).abs() < 0.01, "{}", high(0.2));
    // Ten at a time: each is paid for.
    assert!((high(2.0) - 60.0).abs() < 0.01, "{}", high(2.0));
}

#[test]
fn messages_that_take_too_long_are_cut_and_much_longer_ones_stand_against_it() {
    // One message in each five minutes, held for 20 minutes and for two hours.
    let cut = only(&reads(1.0, 0.1, 7.0, 20.0));
    assert_eq!(cut.fit, Fit::FitsAfterChanges);
    assert_eq!(cut.changes[0].code, "cut-runs");
    let long = only(&reads(1.0, 0.1, 7.0, 120.0));
    assert_eq!(long.obstacles[0].code, "long-runs");
    assert!(long.obstacles[0].text.en.contains("A message takes it 120 minutes"));
}

#[test]
fn a_queue_that_is_never_empty_is_no_proof_of_waiting_for_work() {
    let behind = only(&reads(2.0, 40.0, 70.0, 0.2));
    assert_eq!(behind.fit, Fit::FitsAfterChanges);
    assert!(behind.changes.iter().any(|one| one.code == "backlog"));
    assert_eq!(behind.economics.expect_err("not to be told").reason.code, "backlog");
    let level = only(&reads(2.0, 0.9, 70.0, 0.2));
    assert!(level.economics.is_ok());
}

#[test]
fn silence_of_a_queue_counts_as_empty_and_gaps_of_a_full_one_leave_it_open() {
    let covered = |share: f64| {
        let mut depth = flat(40.0, 14);
        depth.covered_seconds = (14.0 * 86_400.0 * share) as u64;
        let mut received = flat(2.0, 14);
        received.covered_seconds = depth.covered_seconds;
        let scene = reads(2.0, 0.1, 70.0, 0.2);
        let scene = scene.metric("jobs", "AWS/SQS", RECEIVED, Statistic::Sum, received);
        let scene = scene.metric("jobs", "AWS/SQS", DEPTH, Statistic::Average, depth);
        only(&scene).economics.err().map(|unknown| unknown.reason.code)
    };
    assert_eq!(covered(0.4), None);
    assert_eq!(covered(0.8).as_deref(), Some("depth-unknown"));
    assert_eq!(covered(1.0).as_deref(), Some("backlog"));
    // Messages were received where the depth was not read: that is no silence.
    let mut depth = flat(0.1, 14);
    depth.covered_seconds /= 2;
    let scene = reads(2.0, 0.1, 70.0, 0.2);
    let scene = scene.metric("jobs", "AWS/SQS", DEPTH, Statistic::Average, depth);
    assert_eq!(only(&scene).economics.expect_err("gaps").reason.code, "depth-unknown");
    // The mean of an hour may be that of one full minute.
    let mut hourly = flat(1.0, 14);
    hourly.period_seconds = 3600;
    let scene = reads(2.0, 0.1, 70.0, 0.2);
    let scene = scene.metric("jobs", "AWS/SQS", DEPTH, Statistic::Average, hourly);
    assert_eq!(only(&scene).economics.expect_err("coarse").reason.code, "depth-unknown");
}

#[test]
fn what_is_in_flight_counts_beside_the_messages_of_the_same_days() {
    let held = |days: usize, share: f64, least: f64| {
        let mut part = flat(0.2, 14);
        part.days.truncate(days);
        part.covered_seconds = (14.0 * 86_400.0 * share) as u64;
        part.min = least;
        let scene = reads(2.0, 0.1, 7.0, 0.2);
        let scene = scene.metric("jobs", "AWS/SQS", IN_FLIGHT, Statistic::Sum, part);
        only(&scene).workload.queues.and_then(|one| one.seconds_of_a_message)
    };
    assert!(held(14, 1.0, 0.0).is_some_and(|held| (held - 6.0).abs() < 1e-9));
    // SQS says nothing where nothing is in flight.
    assert!(held(14, 0.1, 1.0).is_some_and(|held| (held - 6.0).abs() < 1e-9));
    // Where it says so, what is missing is a gap; and so are days of which nothing was read.
    assert_eq!(held(14, 0.5, 0.0), None);
    assert_eq!(held(7, 0.1, 1.0), None);
}

#[test]
fn what_else_a_server_works_on_is_no_long_message() {
    // Nine messages a month and 300 s of work in each two hours: something else works there too.
    let found = only(&reads(0.001, 0.0, 1.0, 0.0005));
    assert!(!found.obstacles.iter().any(|one| one.code == "long-runs"), "{:?}", found.obstacles);
    // No size of a function does all of it in time.
    assert_eq!(found.fit, Fit::DoesNotFit);
    assert_eq!(found.obstacles[0].code, "no-function");
}

#[test]
fn a_queue_of_another_place_is_told() {
    let mut scene = waiting();
    let arn = "arn:aws:sqs:eu-west-1:111122223333:jobs";
    scene.snapshot.instances[0]
        .tags
        .insert(trimtab_model::queue::QUEUE_TAG.to_owned(), arn.to_owned());
    let found = only(&scene);
    assert_eq!(found.trigger, Trigger::Queue);
    assert_eq!(found.economics.expect_err("not read").reason.code, "messages-unknown");
    let unseen = found.signals_not_seen;
    assert_eq!(unseen.iter().filter(|one| one.name == "queue").count(), 1);
    assert!(unseen.iter().any(|one| one.name == "queue" && one.text.en.contains(arn)));
}

#[test]
fn what_was_not_measured_of_a_queue_is_not_made_up() {
    let found = only(&tagged());
    assert_eq!(found.workload.runs_by, RunsBy::Stretches);
    assert_eq!(found.economics.expect_err("unknown").reason.code, "messages-unknown");
    let unseen: Vec<&str> = found.signals_not_seen.iter().map(|one| one.name.as_str()).collect();
    assert!(unseen.contains(&"queue_depth"), "{unseen:?}");
    let counted = measured(tagged(), RECEIVED, Statistic::Sum, 2.0);
    assert_eq!(only(&counted).economics.expect_err("unknown").reason.code, "depth-unknown");
    let level = measured(counted, DEPTH, Statistic::Average, 0.1);
    assert_eq!(only(&level).economics.expect_err("unknown").reason.code, "duration-unknown");
    // A queue from which nothing comes starts nothing.
    let silent = only(&reads(0.0, 0.0, 0.0, 0.0));
    assert_eq!((silent.workload.runs_by, silent.trigger), (RunsBy::Stretches, Trigger::Event));
    assert!(silent.economics.is_ok());
    assert!(silent.signals_not_seen.iter().any(|one| one.text.en.contains("nothing was received")));
    let stuck = only(&reads(0.0, 50.0, 50.0, 0.0));
    assert_eq!(stuck.economics.expect_err("stuck").reason.code, "backlog");
}

#[test]
fn the_order_of_a_queue_is_what_has_to_be_kept() {
    let mut scene = waiting();
    let tag = (trimtab_model::queue::QUEUE_TAG.to_owned(), "mails.fifo".to_owned());
    scene.snapshot.instances[0].tags.extend([tag]);
    let changes = only(&scene).changes;
    assert!(changes.iter().any(|one| one.code == "ordered-messages"), "{changes:?}");
}

#[test]
fn servers_that_share_a_queue_are_taken_to_receive_as_many() {
    let mut shared = reads(2.0, 0.1, 7.0, 0.2);
    let mut other = shared.snapshot.instances[0].clone();
    other.id = "i-2".into();
    shared.snapshot.instances.push(other);
    let found = only(&shared);
    assert!((found.workload.runs - SAMPLES).abs() < 1.0, "{}", found.workload.runs);
    assert!(found.signals_not_seen.iter().any(|one| one.name == "queue_share"));
}

#[test]
fn requests_and_messages_of_one_server_are_not_mixed() {
    let mut both = reads(2.0, 0.1, 7.0, 0.2).load_balancer(|balancer| {
        balancer.kind.target_ids = Some(vec!["i-1".to_owned()]);
    });
    let id = both.snapshot.load_balancers[0].id.as_str().to_owned();
    both = both.metric(&id, "AWS/ApplicationELB", "RequestCount", Statistic::Sum, flat(6.0, 14));
    let found = only(&both);
    assert_eq!(found.workload.runs_by, RunsBy::Requests);
    assert_eq!(found.economics.expect_err("mixed").reason.code, "work-beside-requests");
}

#[test]
fn a_service_reads_the_queue_that_scales_it() {
    let mut scene = scene()
        .price("fargate/vcpu_hour_x86", "0.04048")
        .price("fargate/gb_hour_x86", "0.004445")
        .ecs_service(|_| ())
        .scalable_target(|target| {
            for policy in target.kind.policies.iter_mut().flatten() {
                policy.queues = vec!["jobs".into()];
                policy.alarms = vec!["unread".to_owned()];
            }
        });
    let cpu = crate::scene::now_and_then(30.0, 1.0, 14);
    scene = scene.metric("arena/match", "AWS/ECS", "CPUUtilization", Statistic::Average, cpu);
    scene = measured(scene, RECEIVED, Statistic::Sum, 2.0);
    let found = only(&scene);
    assert_eq!(found.workload.runs_by, RunsBy::Messages);
    assert_eq!(found.workload.queues.expect("a queue").names, ["jobs"]);
    assert!(found.signals_not_seen.iter().any(|one| one.name == "queue"));
}

#[test]
fn what_is_covered_of_queues_are_those_that_are_known() {
    let covered = |scene: &Scene| {
        let coverage = crate::coverage::coverage(crate::checks::ALL, &scene.facts());
        let of_queues = coverage
            .sources
            .into_iter()
            .find(|one| one.source == "metrics:AWS/SQS:NumberOfMessagesReceived");
        of_queues.and_then(|one| one.resources)
    };
    assert_eq!(covered(&waiting()), Some((0, 0)));
    assert_eq!(covered(&tagged()), Some((0, 1)));
    assert_eq!(covered(&reads(2.0, 0.1, 7.0, 0.2)), Some((1, 1)));
}

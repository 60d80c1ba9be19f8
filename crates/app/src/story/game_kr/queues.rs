//! The queue of the patch builder: what it builds at night comes as messages.

use trimtab_model::metric::Statistic;
use trimtab_model::queue::{NAMESPACE, QUEUE_TAG};

use super::calendar::{DAY, fine, hourly};
use super::curve::Curve;
use crate::story::error::StoryError;
use crate::story::metric_file::{Grid, MetricFile, Series};

/// The machine that reads it.
const READER: &str = "patch-builder-1";
/// Its name in SQS.
const QUEUE: &str = "patch-builds";
/// When the messages of a night are sent, as a second of the day in UTC.
const SENT: i64 = 18 * 3600;
/// Messages of a night: a build for each platform.
const MESSAGES: i64 = 3;
/// Seconds that a build takes.
const BUILD_SECONDS: i64 = 80 * 60;
/// Seconds of a sample.
const SAMPLE: i64 = 300;
/// Samples that SQS takes of what is in flight in one of these.
const LOOKS: f64 = 5.0;

/// Returns the tags by which a machine names the queues that it reads.
pub(super) fn tags(machine: &str) -> Option<(String, String)> {
    (machine == READER).then(|| (QUEUE_TAG.to_owned(), QUEUE.to_owned()))
}

/// What is seen of the queue in five minutes.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    received: f64,
    waiting: f64,
    deepest: f64,
    in_flight: f64,
}

/// Writes what CloudWatch says of the queue.
pub(super) fn write(file: &mut MetricFile) -> Result<(), StoryError> {
    for (grid, moments) in [hourly(), fine()] {
        let in_one = i64::from(grid.period_seconds) / SAMPLE;
        let samples = Grid { start_ms: grid.start_ms, period_seconds: 300 };
        let count = moments * usize::try_from(in_one).unwrap_or(1);
        let seen = seen(samples, count);
        let all: Vec<&[Seen]> = seen.chunks(usize::try_from(in_one).unwrap_or(1)).collect();
        let sum = |part: fn(&Seen) -> f64| -> Vec<f64> {
            all.iter().map(|samples| samples.iter().map(part).sum()).collect()
        };
        let visible = "ApproximateNumberOfMessagesVisible";
        let means = sum(|one| one.waiting).into_iter().map(|sum| sum / in_one as f64).collect();
        let most = |samples: &&[Seen]| samples.iter().map(|one| one.deepest).fold(0.0, f64::max);
        let peaks = all.iter().map(most).collect();
        for (metric, statistic, values) in [
            ("NumberOfMessagesReceived", Statistic::Sum, sum(|one| one.received)),
            ("ApproximateNumberOfMessagesNotVisible", Statistic::Sum, sum(|one| one.in_flight)),
            (visible, Statistic::Average, means),
            (visible, Statistic::Maximum, peaks),
        ] {
            let series = Series {
                resource_id: QUEUE,
                namespace: NAMESPACE,
                metric,
                statistic,
                unit: "Count",
            };
            file.push(&series, grid, values)?;
        }
    }
    Ok(())
}

/// Returns what is seen in samples of five minutes: of three messages one is built at a time.
fn seen(grid: Grid, moments: usize) -> Vec<Seen> {
    let builds = Curve::NightlyBuild.load(grid, moments);
    let mut second = grid.start_ms / 1000;
    builds
        .into_iter()
        .map(|load| {
            let since = second.rem_euclid(DAY) - SENT;
            second += SAMPLE;
            if load <= 0.0 {
                return Seen::default();
            }
            let is_taken = since % BUILD_SECONDS == 0;
            let waiting = (MESSAGES - 1 - since / BUILD_SECONDS) as f64;
            let taken = if is_taken { 1.0 } else { 0.0 };
            Seen { received: taken, waiting, deepest: waiting + taken, in_flight: LOOKS }
        })
        .collect()
}

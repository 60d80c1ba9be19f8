//! The queues that a server reads, and what they tell of its work.

use std::collections::BTreeMap;

use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::profile::Hours;
use trimtab_model::queue::{NAMESPACE, QUEUE_TAG, ReadQueues};
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::Resource;
use trimtab_model::serverless::QueueWork;

use super::functions::LEAST_SECONDS;
use crate::check::{Facts, Need};
use crate::observation::Observation;
use crate::verdict::unknown;

const RECEIVED: &str = "NumberOfMessagesReceived";
const VISIBLE: &str = "ApproximateNumberOfMessagesVisible";
const IN_FLIGHT: &str = "ApproximateNumberOfMessagesNotVisible";
/// The series that tells how full a queue is.
const SOURCE_OF_DEPTH: &str = "metrics:AWS/SQS:ApproximateNumberOfMessagesVisible";
const SUM: &[Statistic] = &[Statistic::Sum];
const MEAN: &[Statistic] = &[Statistic::Average];
const PEAK: &[Statistic] = &[Statistic::Maximum];

/// Messages that a queue's readers received.
pub const QUEUE_MESSAGES: Need = Need::OptionalMetric(NAMESPACE, RECEIVED, SUM);
/// How many messages wait in a queue, the mean of a sample.
pub const QUEUE_DEPTH: Need = Need::OptionalMetric(NAMESPACE, VISIBLE, MEAN);
/// The same, the most.
pub const QUEUE_DEEPEST: Need = Need::OptionalMetric(NAMESPACE, VISIBLE, PEAK);
/// Messages that a queue's readers hold.
pub const QUEUE_HELD: Need = Need::OptionalMetric(NAMESPACE, IN_FLIGHT, SUM);

/// Seconds between two samples of SQS: it counts what is in flight once a minute, and says nothing where there is nothing (SQS
/// developer guide, "Available CloudWatch metrics").
const SAMPLE_SECONDS: f64 = 60.0;
/// Share of the time that samples of the depth cover where their median is that of all of it: SQS is silent about a queue that
/// nobody has used for hours.
const STEADY: f64 = 0.9;
/// Below this share the queue is silent half of the time, and so empty.
const SILENT: f64 = 0.5;
/// Share of the samples of one series that another one of the same queue has to have as well.
const WHOLE: f64 = 0.95;
/// The longest samples, in seconds, whose mean tells whether messages wait.
const FINEST_MEANS: u32 = 300;

/// The queues of a server, as they were measured.
#[derive(Default)]
pub(super) struct Queues<'a> {
    /// What they tell together; absent where none is known.
    pub(super) work: Option<QueueWork>,
    /// Messages by hour, and the share of them that is the server's, where it has one queue.
    pub(super) by_hour: Option<(&'a Hours, f64)>,
    /// The series that were read.
    pub(super) seen: Vec<Observation<'a>>,
}

impl<'a> Queues<'a> {
    /// Looks at the queues that a server reads.
    pub(super) fn of<K>(facts: &Facts<'a>, server: &Resource<K>, read: &ReadQueues) -> Self {
        let mut all = Self::default();
        if read.names.is_empty() {
            return all;
        }
        let measured: Vec<Measured<'a>> =
            read.names.iter().map(|name| Measured::of(facts, server, name)).collect();
        all.seen = measured.iter().flat_map(Measured::series).collect();
        if let [only] = measured.as_slice()
            && let Some(received) = only.received
        {
            all.by_hour = by_hour(received, only.share());
        }
        let readers = measured.iter().map(|one| one.readers).max().unwrap_or(1);
        all.work = Some(QueueWork {
            names: read.names.iter().map(|name| name.as_str().to_owned()).collect(),
            messages: measured.iter().map(Measured::messages).sum(),
            deepest: highest(&measured, |one| Some(one.deepest?.profile.max)),
            usual_depth: highest(&measured, Measured::usual_depth),
            seconds_of_a_message: seconds_of_a_message(&measured),
            readers: u32::try_from(readers).unwrap_or(u32::MAX),
        });
        all
    }
}

/// One queue.
struct Measured<'a> {
    readers: usize,
    received: Option<Observation<'a>>,
    depth: Option<Observation<'a>>,
    deepest: Option<Observation<'a>>,
    in_flight: Option<Observation<'a>>,
    /// Seconds that the messages received stand for.
    seconds: f64,
}

impl<'a> Measured<'a> {
    fn of<K>(facts: &Facts<'a>, server: &Resource<K>, name: &ResourceId) -> Self {
        let names = std::slice::from_ref(name);
        let find = |metric, statistics| {
            Observation::find(facts, server, names, NAMESPACE, metric, statistics)
        };
        let received = find(RECEIVED, SUM);
        Self {
            readers: facts.snapshot.readers_of_queue(name, server),
            received,
            depth: find(VISIBLE, MEAN),
            deepest: find(VISIBLE, PEAK),
            in_flight: find(IN_FLIGHT, SUM),
            seconds: received.map_or(0.0, |seen| seen.seconds(facts, server)),
        }
    }

    fn series(&self) -> impl Iterator<Item = Observation<'a>> + use<'a> {
        [self.received, self.depth, self.deepest, self.in_flight].into_iter().flatten()
    }

    fn share(&self) -> f64 {
        1.0 / self.readers.max(1) as f64
    }

    /// Returns the server's messages of a month of 730 hours; absent where less than a day was seen.
    fn messages(&self) -> Option<f64> {
        let received = self.received?.profile.sum * self.share();
        let hours = self.seconds / 3600.0;
        (self.seconds >= LEAST_SECONDS).then(|| received / hours * f64::from(HOURS_PER_MONTH))
    }

    /// Returns how many messages wait on average in half of the samples and more; absent where that is left open.
    ///
    /// SQS is silent about all series of a queue together that nobody has used for hours: only then silence counts as empty.
    fn usual_depth(&self) -> Option<f64> {
        let (depth, received) = (self.depth?.profile, self.received?.profile);
        if (depth.covered_seconds as f64) < received.covered_seconds as f64 * WHOLE {
            return None;
        }
        let all = depth.span_seconds().max(self.seconds);
        let share = if all > 0.0 { depth.covered_seconds as f64 / all } else { 0.0 };
        if share < SILENT {
            return Some(0.0);
        }
        // The mean of an hour may be that of one full minute.
        let is_fine = share >= STEADY && depth.period_seconds <= FINEST_MEANS;
        (is_fine || depth.p50 < 1.0).then_some(depth.p50)
    }

    /// Returns the messages in flight, in seconds, and those received, of the days that both series have; absent where samples are
    /// missing.
    ///
    /// SQS may say nothing where nothing is in flight. A series that has zeros says so there, and what is missing in it is a gap.
    fn held(&self) -> Option<(f64, f64)> {
        let (in_flight, received) = (self.in_flight?.profile, self.received?.profile);
        let is_whole = in_flight.covered_seconds as f64 >= received.covered_seconds as f64 * WHOLE;
        let days: BTreeMap<i32, f64> =
            in_flight.days.iter().map(|day| (day.day, day.sum)).collect();
        let (mut seconds, mut messages, mut all) = (0.0, 0.0, 0.0);
        for day in &received.days {
            all += day.sum;
            if let Some(sum) = days.get(&day.day) {
                seconds += sum * SAMPLE_SECONDS;
                messages += day.sum;
            }
        }
        let is_sparse = in_flight.min > 0.0 && messages >= all * WHOLE;
        (is_whole || is_sparse).then_some((seconds, messages))
    }
}

/// Returns the highest figure of several queues; absent where one of them has none.
fn highest<'a>(
    measured: &[Measured<'a>],
    figure: impl Fn(&Measured<'a>) -> Option<f64>,
) -> Option<f64> {
    let all: Option<Vec<f64>> = measured.iter().map(figure).collect();
    all?.into_iter().reduce(f64::max)
}

/// Returns for how long a message is held, by Little's law: the messages in flight, counted each minute, over those received on the
/// same days.
fn seconds_of_a_message(measured: &[Measured<'_>]) -> Option<f64> {
    let (mut seconds, mut messages) = (0.0, 0.0);
    for one in measured {
        let (held, received) = one.held()?;
        seconds += held;
        messages += received;
    }
    (messages > 0.0).then(|| seconds / messages)
}

/// Returns the hours of a series, and by what its samples are multiplied for the messages of an hour.
fn by_hour(received: Observation<'_>, share: f64) -> Option<(&Hours, f64)> {
    let hours = received.profile.hours.as_ref()?;
    Some((hours, super::server::samples_of_an_hour(&received, hours) * share))
}

/// Says why the work of a server cannot be priced that reads queues of which nothing can be read.
pub(super) fn unreadable(read: &ReadQueues) -> Option<Unknown> {
    let words: Vec<&str> = read.elsewhere.iter().chain(&read.wrong).map(String::as_str).collect();
    let names = words.join(", ");
    (!words.is_empty()).then(|| {
        unknown(
            "messages-unknown",
            format!("Its tag {QUEUE_TAG} has {names}, which cannot be read: how many messages come from there is not known."),
            format!("{QUEUE_TAG} 태그의 {names} 대기열을 읽을 수 없어 메시지 수를 알 수 없습니다."),
            &["metrics:AWS/SQS:NumberOfMessagesReceived"],
        )
    })
}

/// Says why the work of a server that reads queues cannot be priced; `answers` says whether it answers requests too.
pub(super) fn unpriced(work: &QueueWork, answers: bool) -> Option<Unknown> {
    let names = work.names.join(", ");
    let Some(messages) = work.messages else { return Some(unknown_messages(work)) };
    let (code, en, ko, source) = if is_behind(work) {
        (
            "backlog",
            format!(
                "Messages wait in {names} half of the time and more while its processor waits too: how long its work takes cannot be told from its processor."
            ),
            format!(
                "CPU가 쉬는 동안에도 {names} 대기열에 메시지가 절반 이상의 시간 동안 쌓여 있어, CPU 사용률로는 작업 시간을 알 수 없습니다."
            ),
            SOURCE_OF_DEPTH,
        )
    } else if messages <= 0.0 {
        return None;
    } else if answers {
        (
            "work-beside-requests",
            format!(
                "It answers requests and reads {names}: how much of its work is for which is not known."
            ),
            format!(
                "요청에 응답하면서 {names} 대기열도 읽습니다. 어느 쪽 작업이 얼마나 되는지 알 수 없습니다."
            ),
            "traffic",
        )
    } else if work.usual_depth.is_none() {
        (
            "depth-unknown",
            format!(
                "Whether messages wait in {names} while its processor waits too is not known: {VISIBLE} (Average) was not read every five minutes, or has gaps."
            ),
            format!(
                "CPU가 쉬는 동안에도 {names} 대기열에 메시지가 쌓여 있는지 알 수 없습니다. {VISIBLE}(Average) 지표가 5분 간격으로 없거나 빠진 구간이 있습니다."
            ),
            SOURCE_OF_DEPTH,
        )
    } else {
        return None;
    };
    Some(unknown(code, en, ko, &[source]))
}

/// Returns whether a message or more waits on average in half of the samples and more.
pub(super) fn is_behind(work: &QueueWork) -> bool {
    work.usual_depth.is_some_and(|depth| depth >= 1.0)
}

/// Says why it is not known how many messages a server reads, where it is known to read a queue.
fn unknown_messages(work: &QueueWork) -> Unknown {
    let names = work.names.join(", ");
    unknown(
        "messages-unknown",
        format!(
            "It reads {names}, and how many messages is not known: {RECEIVED} was not read, or for less than a day."
        ),
        format!(
            "{names} 대기열을 읽는 서버인데 메시지 수를 알 수 없습니다. {RECEIVED} 지표를 읽지 못했거나 하루치도 되지 않습니다."
        ),
        &["metrics:AWS/SQS:NumberOfMessagesReceived"],
    )
}

/// Says that it is not known how long a message takes.
pub(super) fn unknown_duration() -> Unknown {
    unknown(
        "duration-unknown",
        format!(
            "How long a message takes is not known: {IN_FLIGHT} (Sum) of its queue, without gaps, tells it."
        ),
        format!(
            "메시지 하나에 걸리는 시간을 알 수 없습니다. 대기열의 {IN_FLIGHT}(Sum) 지표가 빠진 구간 없이 있으면 알 수 있습니다."
        ),
        &["metrics:AWS/SQS:ApproximateNumberOfMessagesNotVisible"],
    )
}

//! The work of a server, out of what its processor did.

use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::profile::{Bursts, UsageProfile};
use trimtab_model::serverless::{QueueWork, RunsBy, Workload};

/// Seconds of a month of 730 hours.
const MONTH_SECONDS: f64 = HOURS_PER_MONTH as f64 * 3600.0;

/// Below this use, in percent, a server waits, by Compute Optimizer's measure of idle instances: without stretches it does
/// nothing at all.
const IDLE_PERCENT: f64 = 5.0;

/// The same in vCPUs: a few percent of a large machine are work.
const IDLE_PROCESSORS: f64 = 0.5;

/// What the work of a server is told by.
#[derive(Debug, Clone)]
pub(super) struct Measured<'a> {
    /// Use of its processor, in percent.
    pub(super) processor: &'a UsageProfile,
    /// How the same comes in stretches.
    pub(super) bursts: &'a Bursts,
    /// Its vCPUs.
    pub(super) processors: f64,
    /// Requests a month, where they are counted.
    pub(super) requests: Option<f64>,
    /// Messages a month that are its runs, where they are counted.
    pub(super) messages: Option<f64>,
    /// Seconds that it worked on a request, where access logs tell it.
    pub(super) seconds_of_a_request: Option<f64>,
    /// The most memory in use, in MB, where it was measured.
    pub(super) memory_mb: Option<f64>,
    /// What of it was in use beyond the median.
    pub(super) memory_rise_mb: Option<f64>,
    /// What its queues tell.
    pub(super) queues: Option<QueueWork>,
}

/// Returns the work of a server for a month of 730 hours.
///
/// Work is what the processor does beyond what it does while it waits. A server without stretches that
/// stand out works all of the time, so that nothing of its use is taken for waiting, unless it does nothing at all; and so
/// does one whose stretches stand out from work.
pub(super) fn workload(measured: Measured<'_>) -> Workload {
    let Measured { processor, bursts, processors, requests, messages, .. } = measured;
    let months = bursts.seconds as f64 / MONTH_SECONDS;
    let a_month = |all: f64| if months > 0.0 { all / months } else { 0.0 };
    let (working_percent, waiting_percent, working_seconds) = match bursts.working_mean {
        Some(working)
            if bursts.waiting_mean < IDLE_PERCENT
                && bursts.waiting_mean / 100.0 * processors < IDLE_PROCESSORS =>
        {
            (working, bursts.waiting_mean, bursts.working_seconds as f64)
        }
        None if processor.max < IDLE_PERCENT => (0.0, bursts.waiting_mean, 0.0),
        Some(_) | None => (processor.mean, 0.0, bursts.seconds as f64),
    };
    let duty_cycle = match bursts.seconds {
        0 => 0.0,
        all => working_seconds / all as f64,
    };
    let taken = (working_percent - waiting_percent).max(0.0) / 100.0 * processors;
    // Work that nobody asked for through a load balancer or a queue is started by something else.
    let some = |count: Option<f64>| count.filter(|count| *count > 0.0);
    let (runs, runs_by) = match (some(requests), some(messages)) {
        (Some(requests), _) => (requests, RunsBy::Requests),
        (None, Some(messages)) => (messages, RunsBy::Messages),
        (None, None) => (a_month(bursts.stretches as f64), RunsBy::Stretches),
    };
    Workload {
        days: bursts.seconds as f64 / 86_400.0,
        period_seconds: processor.period_seconds,
        duty_cycle,
        working_percent,
        waiting_percent,
        working_seconds: a_month(working_seconds),
        processor_seconds: a_month(working_seconds) * taken,
        processors: taken,
        longest_seconds: bursts.longest_seconds,
        usual_distance_seconds: bursts.usual_distance_seconds,
        regularity: bursts.regularity,
        runs,
        runs_by,
        seconds_of_a_request: measured.seconds_of_a_request,
        memory_mb: measured.memory_mb,
        memory_rise_mb: measured.memory_rise_mb,
        queues: measured.queues,
    }
}

//! A server as it is judged, whatever it is made of.

use std::collections::BTreeSet;

use trimtab_model::analysis::Passed;
use trimtab_model::evidence::{MetricCoverage, UnseenSignal};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::profile::{Bursts, Hours};
use trimtab_model::queue::ReadQueues;
use trimtab_model::recommendation::{CostComponent, Unknown, Verdict};
use trimtab_model::resource::ResourceRef;
use trimtab_model::serverless::{Candidate, Fit, RunsBy, ServiceTasks, Trigger, Workload};
use trimtab_model::text::Reason;

use super::beside::Beside;
use super::economics::{Question, economics};
use super::fit::{BUSY, Body, Limits, NO_WORK, fit};
use super::functions::LEAST_SECONDS;
use super::queue::{Queues, unpriced, unreadable};
use super::workload::{Measured, workload};
use crate::check::{Check, Facts};
use crate::observation::Observation;
use crate::pricing::Tariff;
use crate::verdict::unknown;

/// The longest samples that still show stretches of work, in seconds.
const LONGEST_SAMPLE_SECONDS: u32 = 300;
/// Share of the days that samples so fine have to cover.
const LEAST_COVERED: f64 = 0.9;
/// The checks whose candidates are listed.
const OF_INSTANCES: &str = "ec2-instance-mostly-waiting";
const OF_SERVICES: &str = "ecs-service-mostly-waiting";
/// Share of alike distances from which on a clock starts the work.
const REGULAR: f64 = 0.8;

/// What was found of one server.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// It was looked at.
    Candidate(Box<Candidate>, Vec<MetricCoverage>),
    /// It is not ours to judge.
    Other(Box<Verdict>),
}

/// A server, and what was measured of it.
pub(super) struct Server<'a> {
    pub(super) resource: ResourceRef,
    /// An instance type, or the size of tasks.
    pub(super) label: String,
    /// vCPUs of all of it.
    pub(super) processors: f64,
    pub(super) cpu: Observation<'a>,
    pub(super) memory: Option<(Observation<'a>, f64)>,
    /// Requests that are counted, and the share of them that it answers.
    pub(super) requests: Option<Requests<'a>>,
    /// Why it is not known how often it is asked, where a load balancer stands before it.
    pub(super) requests_unknown: Option<Unknown>,
    /// Seconds that it works on one of them, the mean, where access logs tell it.
    pub(super) seconds_of_a_request: Option<f64>,
    pub(super) body: Body,
    /// The queues that it reads.
    pub(super) queues: Queues<'a>,
    /// What it costs a month.
    pub(super) now: Result<Vec<CostComponent>, Unknown>,
    /// What ends when it is deleted.
    pub(super) beside: Beside,
    pub(super) tariff: Tariff<'a>,
    /// The tasks of a service.
    pub(super) tasks: Option<ServiceTasks>,
}

/// Requests that a load balancer counts for a server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Requests<'a> {
    /// Those of the load balancer.
    pub(super) seen: Observation<'a>,
    /// The part of them that is the server's.
    pub(super) share: f64,
    /// The seconds that they stand for: a load balancer writes no samples while nobody asks.
    pub(super) seconds: f64,
}

impl Server<'_> {
    /// Judges it.
    ///
    /// # Errors
    /// Returns `Unknown` if its use was not measured finely enough.
    pub(super) fn judged(self, limits: Limits) -> Result<Found, Unknown> {
        let bursts = bursts(&self.cpu, limits.min_days)?;
        // Absent within: they are counted, for less than a day.
        let requests = self.requests.map(a_month);
        let requests_unknown = match requests {
            Some(None) => Some(self.requests_unknown.unwrap_or_else(counted_too_short)),
            Some(Some(_)) | None => self.requests_unknown,
        };
        let answers = requests.flatten().is_some_and(|requests| requests > 0.0);
        let Queues { work: queues, by_hour: messages_by_hour, seen: of_queues } = self.queues;
        // It may answer requests that nobody counted: then messages are not its runs.
        let messages = match requests_unknown {
            Some(_) => None,
            None => queues.as_ref().and_then(|queues| queues.messages),
        };
        let is_unpriced = requests_unknown
            .or_else(|| unreadable(&self.body.read_queues))
            .or_else(|| queues.as_ref().and_then(|queues| unpriced(queues, answers)));
        let measured = Measured {
            processor: self.cpu.profile,
            bursts: &bursts,
            processors: self.processors,
            requests: requests.flatten(),
            seconds_of_a_request: self.seconds_of_a_request,
            memory_mb: self.memory.map(|(seen, mb)| seen.profile.max / 100.0 * mb),
            memory_rise_mb: self
                .memory
                .map(|(seen, mb)| (seen.profile.max - seen.profile.p50).max(0.0) / 100.0 * mb),
            messages,
            queues,
        };
        let workload = workload(measured);
        let trigger = trigger(&workload, &self.body.read_queues);
        let (mut fit, changes, mut obstacles) = fit(&workload, &self.body, limits);
        let by_hour: Option<(&Hours, f64)> =
            self.requests.and_then(|Requests { seen, share, .. }| {
                let hours = seen.profile.hours.as_ref()?;
                Some((hours, samples_of_an_hour(&seen, hours) * share))
            });
        let by_hour = match workload.runs_by {
            RunsBy::Messages => messages_by_hour,
            RunsBy::Requests | RunsBy::Stretches => by_hour,
        };
        let economics = is_unpriced.map_or(Ok(()), Err).and(self.now).and_then(|now| {
            economics(&Question {
                workload: &workload,
                trigger,
                requests_by_hour: by_hour,
                now,
                beside: self.beside,
                tariff: self.tariff,
            })
        });
        // Where no size ends in time, the largest is what is priced. What else stands against it says more.
        let proposed = economics.as_ref().ok().and_then(|one| one.options.first());
        let unfit = proposed.and_then(|one| one.unfit.clone());
        if let Some(unfit) = unfit.filter(|_| obstacles.is_empty()) {
            fit = Fit::DoesNotFit;
            obstacles.push(Reason { code: "no-function".to_owned(), text: unfit });
        }
        let seen = [
            Some(self.cpu),
            self.memory.map(|(seen, _)| seen),
            self.requests.map(|requests| requests.seen),
        ];
        let seen = seen.iter().flatten().chain(&of_queues);
        let coverage = seen.map(Observation::coverage).collect();
        let signals_not_seen = super::fit::unseen(&workload, &self.body);
        let candidate = Candidate {
            resource: self.resource,
            server: self.label,
            fit,
            changes,
            obstacles,
            signals_not_seen,
            workload,
            trigger,
            economics,
            tasks: self.tasks,
        };
        Ok(Found::Candidate(Box::new(candidate), coverage))
    }
}

/// Returns the stretches of work of a series.
fn bursts(cpu: &Observation<'_>, min_days: f64) -> Result<Bursts, Unknown> {
    let source = format!("metrics:{}:{}", cpu.namespace, cpu.metric);
    if cpu.profile.period_seconds > LONGEST_SAMPLE_SECONDS {
        return Err(unknown(
            "period-too-long",
            format!(
                "Samples of {} seconds do not show how long work lasts: five minutes are needed.",
                cpu.profile.period_seconds
            ),
            format!(
                "{}초 간격의 지표로는 작업이 얼마나 이어지는지 알 수 없습니다. 5분 간격이 필요합니다.",
                cpu.profile.period_seconds
            ),
            &[&source],
        ));
    }
    let bursts = cpu.profile.bursts.ok_or_else(|| {
        unknown(
            "stretches-unknown",
            "The metric was reduced before stretches of work were looked for.",
            "작업 구간을 찾기 전에 요약된 지표입니다.",
            &[&source],
        )
    })?;
    // Older samples may be coarser, and stretches are looked for in the finest ones alone.
    let days = bursts.seconds as f64 / 86_400.0;
    if days < min_days * LEAST_COVERED {
        return Err(unknown(
            "window-too-short",
            format!(
                "Its samples of five minutes or less cover {days:.1} days; {min_days:.0} are needed."
            ),
            format!(
                "5분 이하 간격의 지표가 {days:.1}일치뿐입니다. {min_days:.0}일치가 필요합니다."
            ),
            &[&source],
        ));
    }
    Ok(bursts)
}

/// Returns the requests of a month of 730 hours; absent where less than a day was seen.
fn a_month(Requests { seen, share, seconds }: Requests<'_>) -> Option<f64> {
    let requests = seen.profile.sum * share;
    (seconds >= LEAST_SECONDS).then(|| requests / (seconds / 3600.0) * f64::from(HOURS_PER_MONTH))
}

fn counted_too_short() -> Unknown {
    unknown(
        "requests-unknown",
        "A load balancer calls it and has counted requests for less than a day, which says nothing of a month.",
        "로드 밸런서가 호출하는 서버인데 요청 수가 하루치도 되지 않아 한 달의 요청 수를 알 수 없습니다.",
        &["metrics:AWS/ApplicationELB:RequestCount"],
    )
}

/// Returns the samples that an hour of a series has on average, of those hours that have any.
pub(super) fn samples_of_an_hour(seen: &Observation<'_>, hours: &Hours) -> f64 {
    seen.profile.count as f64 / hours.iter().count().max(1) as f64
}

/// Returns whether a server reads a queue whose messages nobody counted.
fn reads_unmeasured(workload: &Workload, read: &ReadQueues) -> bool {
    !read.elsewhere.is_empty()
        || workload.queues.as_ref().is_some_and(|queues| queues.messages.is_none())
}

fn trigger(workload: &Workload, read: &ReadQueues) -> Trigger {
    match (workload.runs_by, workload.regularity) {
        (RunsBy::Requests, _) => Trigger::Request,
        (RunsBy::Messages, _) => Trigger::Queue,
        // It reads one, and how often is not known.
        (RunsBy::Stretches, _) if reads_unmeasured(workload, read) => Trigger::Queue,
        (RunsBy::Stretches, Some(regularity)) if regularity >= REGULAR => Trigger::Schedule,
        (RunsBy::Stretches, _) => Trigger::Event,
    }
}

/// Returns the servers of an account that mostly wait, the largest saving first, those that do not fit behind them.
///
/// `checks` are those that judged, and `passed` is what they left as it is: what its owner took out is no candidate.
pub fn candidates(checks: &[&Check], facts: &Facts<'_>, passed: &[Passed]) -> Vec<Candidate> {
    let check = |id: &str| {
        let disabled = &facts.policy.disabled_checks;
        let found = checks.iter().find(|check| check.id == id);
        found.copied().filter(|check| !disabled.contains(&check.check_id()))
    };
    let is_ours = |check: &str| check == OF_INSTANCES || check == OF_SERVICES;
    let exempt: BTreeSet<&ResourceRef> = passed
        .iter()
        .filter(|one| one.is_exempt() && is_ours(one.check.as_str()))
        .map(|one| &one.resource)
        .collect();
    let instances = check(OF_INSTANCES).into_iter().flat_map(|check| {
        facts.snapshot.instances.iter().map(move |one| super::instance_candidate(check, facts, one))
    });
    let services = check(OF_SERVICES).into_iter().flat_map(|check| {
        facts
            .snapshot
            .ecs_services
            .iter()
            .map(move |one| super::service_candidate(check, facts, one))
    });
    let mut found: Vec<Candidate> = instances
        .chain(services)
        .filter_map(|found| match found {
            Ok(Found::Candidate(candidate, _)) => Some(*candidate),
            Ok(Found::Other(_)) | Err(_) => None,
        })
        .filter(|candidate| !is_no_candidate(candidate) && !exempt.contains(&candidate.resource))
        .collect();
    found.sort_by(|one, other| {
        let saved = |candidate: &Candidate| {
            let economics = candidate.economics.as_ref().ok()?;
            let server = super::economics::sum(&economics.now).ok()?;
            server.checked_sub(economics.options.first()?.monthly_high)
        };
        (one.fit, std::cmp::Reverse(saved(one)), &one.resource).cmp(&(
            other.fit,
            std::cmp::Reverse(saved(other)),
            &other.resource,
        ))
    });
    found
}

/// Returns whether it is refused because it works most of the time, or never: a list of all servers tells nobody
/// anything.
fn is_no_candidate(candidate: &Candidate) -> bool {
    let mut codes = candidate.obstacles.iter().map(|obstacle| obstacle.code.as_str());
    codes.any(|code| code == BUSY || code == NO_WORK)
}

/// What nobody can measure from outside.
pub(super) fn unseen_signal(name: &str, en: &str, ko: &str) -> UnseenSignal {
    UnseenSignal { name: name.to_owned(), text: trimtab_model::text::Text::new(en, ko) }
}

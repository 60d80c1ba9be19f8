//! Traffic: logs, events and users of a directory, reduced in a child process.

use std::path::{Path, PathBuf};

use trimtab_analysis::traffic::request_counts;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Text;
use trimtab_model::traffic::{ServiceTraffic, Traffic};
use trimtab_store::{InputError, input, traffic};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::{self, STRANGE_ANSWER, SUSPECT};
use crate::pipeline::metrics;
use crate::pipeline::state::now;
use crate::progress::{OnProgress, Progress, Stage};
use crate::task::{self, Answer, Task};
use crate::worker::{Isolation, WorkerError};

/// Whose traffic to read.
#[derive(Debug, Clone)]
pub struct TrafficRequest {
    /// A directory of exports; what was ingested where absent.
    pub from: Option<PathBuf>,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// The traffic, and what could not be read.
#[derive(Debug)]
pub struct TrafficRead {
    /// The traffic; of load balancers that have metrics only, too.
    pub traffic: Traffic,
    /// What could not be read, file by file.
    pub errors: Vec<InputError>,
}

/// Reads the traffic of a directory, or what was ingested.
///
/// # Errors
/// Fails if the directory cannot be used, or no child can be run.
pub fn traffic(
    settings: &Settings,
    request: &TrafficRequest,
    told: OnProgress<'_>,
) -> Result<TrafficRead, Failure> {
    let dir = request.from.as_deref().unwrap_or(&settings.data_dir);
    told(Progress::stage(Stage::Traffic));
    let (mut traffic, mut errors) = match &request.from {
        Some(dir) => {
            ingest::require_directory(dir)?;
            read(settings, dir, &request.isolation)?
        }
        None => kept(settings),
    };
    let (files, unlisted) = input::list(dir, "metrics");
    errors.extend(unlisted);
    let end = metrics::end(&request.isolation, &files, told)?;
    if let Some(end) = end {
        let snapshot = Snapshot::empty(end);
        let policy = &settings.policy;
        let profiled = metrics::profiles(&request.isolation, &files, &snapshot, policy, end, told)?;
        errors.extend(profiled.errors);
        let zone = &settings.policy.calendar.time_zone;
        add(&mut traffic, request_counts(&profiled.profiles, zone));
    }
    if traffic.days.is_empty() && traffic.services.is_empty() && errors.is_empty() {
        return Err(nothing(dir));
    }
    Ok(TrafficRead { traffic, errors })
}

/// Adds services, in order.
pub(super) fn add(traffic: &mut Traffic, services: Vec<ServiceTraffic>) {
    traffic.services.extend(services);
    traffic
        .services
        .sort_by(|one, other| (&one.service, one.source).cmp(&(&other.service, other.source)));
}

/// Returns what was ingested: users, and services as they were reduced then.
pub(super) fn kept(settings: &Settings) -> (Traffic, Vec<InputError>) {
    let mut read = Traffic::default();
    let mut errors = Vec::new();
    match traffic::read_users(&settings.data_dir) {
        Ok(days) => read.days = days.unwrap_or_default(),
        Err(error) => errors.push(error),
    }
    match traffic::read_events(&settings.data_dir) {
        Ok(events) => read.events = events,
        Err(error) => errors.push(error),
    }
    match traffic::kept(&settings.data_dir) {
        Ok(services) => read.services = services,
        Err(error) => errors.push(error),
    }
    (read, errors)
}

/// Reads `traffic/` of a directory, in a child where `isolation` says so.
pub(super) fn read(
    settings: &Settings,
    dir: &Path,
    isolation: &Isolation,
) -> Result<(Traffic, Vec<InputError>), Failure> {
    let task = Task::ReadTraffic {
        dir: dir.to_owned(),
        calendar: settings.policy.calendar.clone(),
        now: now(),
    };
    let part = dir.join("traffic");
    let error = match task::run(isolation, task, &|_| {}) {
        Ok(Answer::Traffic(read)) => return Ok(*read),
        Err(WorkerError::Died { .. }) => InputError::new(
            &part,
            (
                "made the reader run into its limits of memory or time, or crash",
                "읽다가 메모리나 시간의 한도를 넘었거나 비정상 종료했습니다",
            ),
            SUSPECT,
        ),
        Err(cause) => return Err(Failure::from_error(Kind::Failed, &cause)),
        Ok(Answer::Bill(_) | Answer::Span(_) | Answer::Profiles(_)) => {
            let problem = Text::new("could not be read", "읽지 못했습니다")
                .because(&STRANGE_ANSWER.to_text());
            InputError::new(&part, problem, ("run the command again", "명령을 다시 실행하세요"))
        }
    };
    Ok((Traffic::default(), vec![error]))
}

pub(super) fn nothing(dir: &Path) -> Failure {
    let shown = dir.display();
    Failure::new(
        Kind::Failed,
        (
            format!("{shown} holds no traffic"),
            format!("트래픽 자료가 없습니다: {shown}"),
        ),
    )
    .with_hint((
        "put access logs into traffic/logs/SERVICE/, events into traffic/events/, users per day into traffic/users.csv, or RequestCount of the load balancers into metrics/; docs/guide/traffic.md says how",
        "액세스 로그는 traffic/logs/SERVICE/, 이벤트는 traffic/events/, 일별 사용자는 traffic/users.csv에 두세요. 로드 밸런서의 RequestCount 지표는 metrics/에 둡니다. 자세한 방법은 docs/guide/traffic.md에 있습니다",
    ))
}

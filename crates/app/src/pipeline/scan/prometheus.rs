//! What Prometheus measured of the machines and databases that AWS lists, from where the last
//! scan stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};

use trimtab_analysis::{Need, checks};
use trimtab_model::coverage::{SourceCoverage, SourceStatus};
use trimtab_model::explain::Explain;
use trimtab_model::id::{CheckId, RegionId, ResourceId, SubAccountId};
use trimtab_model::metric::has_stand_in;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::{Reason, Text, counted};
use trimtab_prometheus::client::Client;
use trimtab_prometheus::error::PrometheusError;
use trimtab_prometheus::fetch::{Fetched, fetch};
use trimtab_prometheus::figure::{FIGURES, Figure};
use trimtab_prometheus::mapping::{Assignment, NameLabels, Subject, assign};
use trimtab_prometheus::stretch::Stretch;
use trimtab_prometheus::target::targets;
use trimtab_store::metrics::SeriesFile;
use trimtab_store::state::{MarkedSpan, MetricMark, State};

use super::metrics::oldest;
use super::places::Places;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::watching::client;

/// The name of the source.
pub(super) const SOURCE: &str = "prometheus";
/// How late a sample may arrive: after a scrape, a remote write and a look-up that lags.
const LAG: SignedDuration = SignedDuration::from_secs(60);
/// Names that a sentence lists before it says how many more there are.
const NAMES: usize = 5;

/// A server to ask, and how.
#[derive(Debug)]
pub(super) struct Source {
    client: Client,
    labels: NameLabels,
    matchers: String,
}

/// What was read of Prometheus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrometheusRead {
    /// Scheme, host and port of the server.
    pub server: String,
    /// Targets that were found.
    pub targets: u64,
    /// Targets of no machine or database that AWS lists.
    pub strangers: u64,
    /// Machines and databases that it watches, and how many there are.
    pub resources: (u64, u64),
    /// Samples that were read.
    pub samples: u64,
    /// What could not be read, and why.
    pub holes: Vec<Reason>,
    /// Whether anything could be asked at all.
    is_answered: bool,
    /// Whether all was asked; not so after an interruption.
    pub(super) finished: bool,
}

/// Prepares the server that `url` or the configuration names; none where neither does.
///
/// # Errors
/// Fails on an address, a label or credentials that cannot be used.
pub(super) fn source(settings: &Settings, url: Option<&str>) -> Result<Option<Source>, Failure> {
    let section = &settings.prometheus;
    let Some(client) = client(settings, url)? else { return Ok(None) };
    let matchers = section.matchers().to_owned();
    Ok(Some(Source { client, labels: section.labels()?, matchers }))
}

/// Reads what is new of every machine and database in `places`.
pub(super) async fn read(
    settings: &Settings,
    state: &State,
    source: &Source,
    places: &Places,
    now: Timestamp,
    interruption: Pin<&mut impl Future<Output = ()>>,
) -> Result<PrometheusRead, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let mut snapshot =
        state.scanned_snapshot().map_err(failed)?.unwrap_or_else(|| Snapshot::empty(now));
    let here: BTreeSet<(SubAccountId, RegionId)> = places
        .sessions
        .iter()
        .map(|(session, _)| (session.account().clone(), session.region().clone()))
        .collect();
    let is_here = |account: &SubAccountId, region: &RegionId| {
        here.contains(&(account.clone(), region.clone()))
    };
    snapshot.instances.retain(|one| is_here(&one.account, &one.region));
    snapshot.db_instances.retain(|one| is_here(&one.account, &one.region));
    let mut read = PrometheusRead {
        server: source.client.server().to_owned(),
        targets: 0,
        strangers: 0,
        resources: (0, watchable(&snapshot)),
        samples: 0,
        holes: Vec::new(),
        is_answered: false,
        finished: true,
    };
    let until = now.saturating_sub(LAG).unwrap_or(now);
    tokio::select! {
        () = interruption => read.finished = false,
        done = read_all(settings, state, source, &snapshot, until, &mut read) => done?,
    }
    state.save_source(&coverage(&read, until)).map_err(failed)?;
    Ok(read)
}

async fn read_all(
    settings: &Settings,
    state: &State,
    source: &Source,
    snapshot: &Snapshot,
    until: Timestamp,
    read: &mut PrometheusRead,
) -> Result<(), Failure> {
    let found = match targets(&source.client, &source.matchers, until).await {
        Ok(found) => found,
        Err(error) => {
            read.holes.push(error.reason());
            return Ok(());
        }
    };
    read.is_answered = true;
    read.holes.extend(found.warnings.iter().map(|warning| warned(&read.server, warning)));
    let assignment = assign(&found.targets, snapshot, &source.labels);
    read.targets = found.targets.len() as u64;
    read.strangers = assignment.strangers;
    read.resources.0 = watched(&assignment);
    read.holes.extend(unassigned(read, &assignment));
    let mut by_place: BTreeMap<(&SubAccountId, &RegionId), Vec<&Subject>> = BTreeMap::new();
    for subject in &assignment.subjects {
        let place = (&subject.resource.account, &subject.resource.region);
        by_place.entry(place).or_default().push(subject);
    }
    let mut holes = BTreeMap::new();
    for (place, subjects) in by_place {
        let mut reading = Reading { settings, state, source, place, until, holes: &mut holes };
        let (samples, goes_on) = reading.read(&subjects).await?;
        read.samples += samples;
        if !goes_on {
            break;
        }
    }
    // Several places may tell the same.
    read.holes.extend(holes.into_values());
    Ok(())
}

/// The reading of one account and region.
struct Reading<'a> {
    settings: &'a Settings,
    state: &'a State,
    source: &'a Source,
    place: (&'a SubAccountId, &'a RegionId),
    until: Timestamp,
    /// By their sentence.
    holes: &'a mut BTreeMap<String, Reason>,
}

impl Reading<'_> {
    /// Reads what is new into a file of its own. Returns the samples, and whether the server
    /// may be asked on.
    async fn read(&mut self, subjects: &[&Subject]) -> Result<(u64, bool), Failure> {
        let failed = |cause| Failure::from_error(Kind::Failed, &cause);
        let (account, region) = self.place;
        let marks = self.state.metric_marks(account, region).map_err(failed)?;
        let mut file = SeriesFile::create(&self.path()).map_err(|cause| written(&cause))?;
        let mut new_marks = Vec::new();
        let mut samples = 0;
        let mut goes_on = true;
        'figures: for figure in FIGURES {
            for (from, subjects) in self.by_start(figure, subjects, &marks) {
                let Some(stretch) = Stretch::within(from, self.until) else { continue };
                match self.fetch(figure, &subjects, stretch, &mut file).await? {
                    Ok(fetched) => {
                        samples += fetched.samples;
                        // What came in part is asked for again.
                        if fetched.warnings.is_empty() {
                            let done =
                                subjects.iter().map(|subject| mark(figure, subject, stretch));
                            new_marks.extend(done);
                        }
                        for warning in fetched.warnings {
                            self.note(warned(self.source.client.server(), &warning));
                        }
                    }
                    Err(error) => {
                        self.note(error.reason());
                        if !error.is_of_one_query() {
                            goes_on = false;
                            break 'figures;
                        }
                    }
                }
            }
        }
        // The file comes first: a mark without its samples would be a gap for ever.
        file.finish().map_err(|cause| written(&cause))?;
        self.state.set_metric_marks(account, region, &new_marks).map_err(failed)?;
        Ok((samples, goes_on))
    }

    /// Groups the subjects that have a figure by the moment from which it is to be read.
    fn by_start<'s>(
        &self,
        figure: &Figure,
        subjects: &[&'s Subject],
        marks: &BTreeMap<(ResourceId, String), MarkedSpan>,
    ) -> BTreeMap<Timestamp, Vec<&'s Subject>> {
        let oldest = oldest(self.settings, self.until);
        let mut by_start: BTreeMap<Timestamp, Vec<&Subject>> = BTreeMap::new();
        for subject in subjects.iter().filter(|one| one.exporter == figure.exporter) {
            let key = (subject.resource.id.clone(), figure.series());
            let from = marks.get(&key).map_or(oldest, |mark| mark.until.max(oldest));
            by_start.entry(from).or_default().push(subject);
        }
        by_start
    }

    /// Reads one figure of some subjects into the file. The outer error is ours, the inner one
    /// the server's.
    async fn fetch(
        &self,
        figure: &Figure,
        subjects: &[&Subject],
        stretch: Stretch,
        file: &mut SeriesFile,
    ) -> Result<Result<Fetched, PrometheusError>, Failure> {
        let Source { client, matchers, .. } = self.source;
        let mut broken = None;
        let fetched = fetch(client, figure, subjects, stretch, matchers, |series| {
            if broken.is_none() {
                broken = file.push(&series).err();
            }
        })
        .await;
        broken.map_or(Ok(fetched), |cause| Err(written(&cause)))
    }

    fn note(&mut self, reason: Reason) {
        self.holes.entry(reason.text.en.clone()).or_insert(reason);
    }

    /// Returns the file of this reading. Reading the same again makes another one: a moment
    /// that two files have counts once.
    fn path(&self) -> std::path::PathBuf {
        let (account, region) = self.place;
        self.settings
            .data_dir
            .join("metrics")
            .join(account.as_str())
            .join(region.as_str())
            .join(format!("prometheus-{}.parquet", self.until.as_second()))
    }
}

fn mark(figure: &Figure, subject: &Subject, stretch: Stretch) -> MetricMark {
    let resource = subject.resource.id.clone();
    MetricMark { resource, series: figure.series(), since: None, until: stretch.end() }
}

fn written(cause: &(dyn Explain + 'static)) -> Failure {
    Failure::from_error(Kind::Failed, cause)
}

fn warned(server: &str, warning: &str) -> Reason {
    Reason::new(
        "prometheus-warning",
        format!("{server} answered in part: {warning}. What is missing is asked for again."),
        format!(
            "{server}의 응답이 일부만 왔습니다: {warning}. 빠진 부분은 다음 스캔에서 다시 요청합니다."
        ),
    )
}

/// Counts the machines that run and the databases that `mysqld_exporter` can watch.
fn watchable(snapshot: &Snapshot) -> u64 {
    let machines = snapshot.instances.iter().filter(|one| one.kind.state == InstanceState::Running);
    let databases = snapshot.db_instances.iter().filter(|one| {
        let engine = one.kind.engine.as_str();
        engine.contains("mysql") || engine.contains("maria") || engine == "aurora"
    });
    (machines.count() + databases.count()) as u64
}

fn watched(assignment: &Assignment) -> u64 {
    let resources: BTreeSet<_> = assignment.subjects.iter().map(|one| &one.resource).collect();
    resources.len() as u64
}

/// Says which targets are of nobody, where that is worth a word.
fn unassigned(read: &PrometheusRead, assignment: &Assignment) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let server = &read.server;
    if read.targets == 0 {
        reasons.push(Reason::new(
            "prometheus-empty",
            format!(
                "{server} has had no series of node_exporter, windows_exporter or mysqld_exporter for a day. Check the address and prometheus.match."
            ),
            format!(
                "{server}에 최근 하루 동안 node_exporter, windows_exporter, mysqld_exporter의 지표가 없습니다. 주소와 prometheus.match를 확인하세요."
            ),
        ));
    } else if assignment.subjects.is_empty() && assignment.ambiguous.is_empty() {
        let targets = counted(read.targets, "target");
        reasons.push(Reason::new(
            "prometheus-strangers",
            format!(
                "{server} has {targets}, and none is of a machine or a database that was scanned. Let discovery put the instance's id into a label and name it in prometheus.instance_label, or let `instance` hold private addresses."
            ),
            format!(
                "{server}의 타깃 {}개 중 스캔한 서버나 데이터베이스에 해당하는 것이 없습니다. 서비스 디스커버리에서 인스턴스 ID를 레이블에 넣어 prometheus.instance_label로 지정하거나, `instance`에 프라이빗 주소가 들어가게 하세요.",
                read.targets
            ),
        ));
    }
    if !assignment.ambiguous.is_empty() {
        let names: Vec<&str> =
            assignment.ambiguous.iter().take(NAMES).map(String::as_str).collect();
        let names = names.join(", ");
        let more = assignment.ambiguous.len().saturating_sub(NAMES);
        let (and_more, more_ko) = match more {
            0 => (String::new(), String::new()),
            more => (format!(" and {more} more"), format!(" 외 {more}개")),
        };
        reasons.push(Reason::new(
            "prometheus-ambiguous",
            format!(
                "Several machines or targets bear these names, so that none was read by them: {names}{and_more}. Put the instance's id into a label (prometheus.instance_label), or narrow prometheus.match."
            ),
            format!(
                "여러 서버나 타깃이 같은 이름을 써서 읽지 않았습니다: {names}{more_ko}. 인스턴스 ID를 레이블에 넣거나(prometheus.instance_label) prometheus.match로 범위를 좁히세요."
            ),
        ));
    }
    reasons
}

/// Returns what `coverage` says of the source.
fn coverage(read: &PrometheusRead, until: Timestamp) -> SourceCoverage {
    let (have, need) = read.resources;
    let status = if !read.is_answered || (have == 0 && need > 0) {
        SourceStatus::Absent
    } else if have < need || !read.holes.is_empty() || !read.finished {
        SourceStatus::Partial
    } else {
        SourceStatus::Complete
    };
    let server = &read.server;
    let mut text = Text::new(
        format!("{server} watches {have} of {} and MySQL databases.", counted(need, "machine")),
        format!("{server}에서 서버와 MySQL 데이터베이스 {need}개 중 {have}개를 모니터링합니다."),
    );
    for hole in &read.holes {
        text = Text::new(
            format!("{} {}", text.en, hole.text.en),
            format!("{} {}", text.ko, hole.text.ko),
        );
    }
    SourceCoverage {
        source: SOURCE.to_owned(),
        status,
        resources: Some(read.resources),
        from: None,
        until: (read.samples > 0).then_some(until),
        unlocks: unlocked(),
        text,
    }
}

/// Returns the checks that read a metric for which Prometheus may stand in.
fn unlocked() -> Vec<CheckId> {
    let reads = |need: &Need| match need {
        Need::Metric(namespace, metric, _) | Need::OptionalMetric(namespace, metric, _) => {
            has_stand_in(namespace, metric)
        }
        Need::Kind(_) | Need::Billing | Need::OptionalBilling => false,
    };
    let unlocked: BTreeSet<CheckId> = checks::ALL
        .iter()
        .filter(|check| check.needs.iter().any(reads))
        .map(|check| check.check_id())
        .collect();
    unlocked.into_iter().collect()
}

/// Returns how reading sources besides AWS ended the last time; empty before the first.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn last_sources(state: &State) -> Result<Vec<SourceCoverage>, Failure> {
    state.sources().map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

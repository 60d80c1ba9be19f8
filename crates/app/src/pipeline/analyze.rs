//! Analyze: exports, or what was ingested, to recommendations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rust_decimal::Decimal;

use trimtab_analysis::serverless::{Asked, functions};
use trimtab_analysis::traffic::request_counts;
use trimtab_analysis::{Facts, analyze_with, checks, second_opinion};
use trimtab_model::analysis::Analysis;
use trimtab_model::charge::Charges;
use trimtab_model::id::{RegionId, ResourceId};
use trimtab_model::opinion::Opinions;
use trimtab_model::policy::Policy;
use trimtab_model::price::PriceBook;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::{Reason, counted};
use trimtab_model::traffic::Traffic;
use trimtab_store::InputError;
use trimtab_store::billing::{BillFormat, BillGroup, Notice};
use trimtab_store::input::InputFile;
use trimtab_store::inventory::Place;
use trimtab_store::lake::Lake;
use trimtab_store::profile::SkippedStatistic;
use trimtab_store::state::{Bill, State};
use trimtab_store::{catalog, cost, input};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::{self, IngestRequest, Ingested};
use crate::pipeline::scratch::Scratch;
use crate::pipeline::state::{now, open_lake};
use crate::pipeline::{metrics, traffic};
use crate::progress::{OnProgress, Progress, Stage};
use crate::worker::Isolation;

/// Days of charges that stand for a month.
const BILL_DAYS: u32 = 30;

/// Billing periods before the one of the analysis in which commitments are looked at: a bill
/// may end 45 days earlier, and the last of them that is whole counts.
const COMMITMENT_MONTHS: u32 = 3;

/// A bill that ends so many days before the analysis is worth a word: AWS delivers daily.
const STALE_DAYS: i64 = 7;
/// A bill that ends earlier than this many days before the analysis says nothing of what
/// runs now: a month, and the half of another that closing it may take.
const OUTDATED_DAYS: i64 = 45;
/// The series of calls of functions, as its mark is named.
const CALLS: &str = "AWS/Lambda Invocations Sum";

/// Where the data comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A directory of exports, and nothing else.
    Directory(PathBuf),
    /// Everything that was ingested.
    DataDirectory,
}

/// What to analyse, and for when.
#[derive(Debug, Clone)]
pub struct AnalyzeRequest {
    /// Where the data comes from.
    pub source: Source,
    /// The moment; the end of the data where absent.
    pub as_of: Option<Timestamp>,
    /// The checks to run; all where empty.
    pub checks: Vec<String>,
    /// Account and region of inventory files that do not say theirs.
    pub place: Place,
    /// Where foreign files are parsed.
    pub isolation: Isolation,
}

/// The analysis, and what could not be read.
#[derive(Debug)]
pub struct Analyzed {
    /// The analysis.
    pub analysis: Analysis,
    /// What could not be read, file by file.
    pub errors: Vec<InputError>,
    /// What should be known about what was read.
    pub notices: Vec<Notice>,
    /// Statistics that no profile is made of.
    pub skipped: Vec<SkippedStatistic>,
}

/// What was gathered before anything is decided.
struct Gathered {
    snapshot: Snapshot,
    metrics: Vec<InputFile>,
    traffic: Traffic,
    lake: OpenLake,
    opinions: Opinions,
    asked: Asked,
    ingested: Ingested,
}

/// The lake that the charges are in.
enum OpenLake {
    /// That of the data directory.
    Kept(Lake),
    /// One that goes away with the analysis.
    Scratch(Scratch),
}

impl OpenLake {
    fn lake(&self) -> &Lake {
        match self {
            Self::Kept(lake) => lake,
            Self::Scratch(scratch) => &scratch.lake,
        }
    }
}

/// Everything that decisions rest on.
pub(super) struct Prepared {
    gathered: Gathered,
    charges: Charges,
    profiled: metrics::Profiled,
    prices: PriceBook,
    as_of: Timestamp,
}

impl Prepared {
    /// Returns it as checks look at it.
    pub(super) fn facts<'a>(&'a self, policy: &'a Policy) -> Facts<'a> {
        Facts {
            snapshot: &self.gathered.snapshot,
            profiles: &self.profiled.profiles,
            charges: &self.charges,
            traffic: &self.gathered.traffic,
            prices: &self.prices,
            policy,
            now: self.as_of,
        }
    }

    /// Returns what could not be read, file by file.
    pub(super) fn errors(&self) -> Vec<InputError> {
        let errors = self.gathered.ingested.errors.iter().chain(&self.profiled.errors);
        errors.cloned().collect()
    }
}

/// Gathers everything that decisions rest on.
///
/// # Errors
/// Fails if the directory or the data directory cannot be used.
pub(super) fn prepare(
    settings: &Settings,
    request: &AnalyzeRequest,
    told: OnProgress<'_>,
) -> Result<Prepared, Failure> {
    let mut gathered = match &request.source {
        Source::Directory(dir) => from_directory(settings, request, dir, told)?,
        Source::DataDirectory => from_data_directory(settings)?,
    };
    let as_of = match request.as_of {
        Some(moment) => moment,
        None => end_of_data(&gathered, &request.isolation, told)?.unwrap_or_else(now),
    };
    gathered.snapshot.taken_at = as_of;
    told(Progress::stage(Stage::Charges));
    let charges = charges(gathered.lake.lake(), as_of)?;
    let profiled = metrics::profiles(
        &request.isolation,
        &gathered.metrics,
        &gathered.snapshot,
        &settings.policy,
        as_of,
        told,
    )?;
    let zone = &settings.policy.calendar.time_zone;
    traffic::add(&mut gathered.traffic, request_counts(&profiled.profiles, zone));
    let prices = catalog::price_book_with(&settings.data_dir, &regions(&gathered.snapshot))
        .map_err(|cause| Failure::from(&cause))?;
    Ok(Prepared { gathered, charges, profiled, prices, as_of })
}

/// Finds savings.
///
/// # Errors
/// Fails if the directory or the data directory cannot be used, or a check is unknown.
/// A file that cannot be read is in [`Analyzed::errors`] instead.
pub fn analyze(
    settings: &Settings,
    request: &AnalyzeRequest,
    told: OnProgress<'_>,
) -> Result<Analyzed, Failure> {
    let selected = select(&request.checks)?;
    let judged = with_facts(settings, request, told, |facts, beside| {
        let mut analysis = analyze_with(&selected, facts);
        analysis.functions = functions(facts, &analysis.items, &beside.asked);
        second_opinion::compare(&mut analysis, beside.opinions, facts.snapshot);
        analysis
    })?;
    let Judged { judged: analysis, errors, notices, skipped } = judged;
    Ok(Analyzed { analysis, errors, notices, skipped })
}

/// What was made of the facts, and what of them could not be read.
pub(super) struct Judged<T> {
    pub(super) judged: T,
    pub(super) errors: Vec<InputError>,
    pub(super) notices: Vec<Notice>,
    pub(super) skipped: Vec<SkippedStatistic>,
}

/// What a judgement may look at beside the facts.
pub(super) struct Beside<'a> {
    pub(super) opinions: &'a Opinions,
    pub(super) asked: Asked,
}

/// Gathers everything that a judgement may look at, and hands it to `judge`.
pub(super) fn with_facts<T>(
    settings: &Settings,
    request: &AnalyzeRequest,
    told: OnProgress<'_>,
    judge: impl FnOnce(&Facts<'_>, &Beside<'_>) -> T,
) -> Result<Judged<T>, Failure> {
    let mut prepared = prepare(settings, request, told)?;
    told(Progress::stage(Stage::Checks));
    let asked = std::mem::take(&mut prepared.gathered.asked);
    // A file of metrics that cannot be read may have the samples that seem not to be there.
    let asked = if prepared.profiled.errors.is_empty() { asked } else { Asked::new() };
    let beside = Beside { opinions: &prepared.gathered.opinions, asked };
    let judged = judge(&prepared.facts(&settings.policy), &beside);
    let errors = prepared.errors();
    let Prepared { mut gathered, charges, profiled, as_of, .. } = prepared;
    gathered.ingested.notices.extend(profiled.ambiguous.iter().map(shared_name));
    gathered.ingested.notices.extend(bill_notices(gathered.lake.lake(), &charges, as_of)?);
    Ok(Judged { judged, errors, notices: gathered.ingested.notices, skipped: profiled.skipped })
}

fn shared_name(name: &ResourceId) -> Notice {
    Notice::new(
        Path::new("metrics"),
        Reason::new(
            "metrics-ambiguous",
            format!(
                "several resources are called `{name}`; its metrics are not used, as they could be of any of them: put its files into metrics/<account>/<region>/, or give them the columns account and region"
            ),
            format!(
                "`{name}` 이름의 자원이 여럿이어서 지표가 어느 자원의 것인지 알 수 없어 쓰지 않았습니다. 파일을 metrics/<account>/<region>/ 아래에 두거나 account와 region 열을 넣으세요"
            ),
        ),
    )
}

/// Returns what the bill says of the last days, and of the commitments in the last months.
fn charges(lake: &Lake, as_of: Timestamp) -> Result<Charges, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let charges = recent(cost::charges(lake, as_of, BILL_DAYS).map_err(failed)?, as_of);
    if charges.window.is_none() {
        return Ok(charges);
    }
    let commitments = cost::commitments(lake, as_of, COMMITMENT_MONTHS).map_err(failed)?;
    Ok(Charges { commitments, ..charges })
}

/// Returns the charges if they are recent enough to stand for what runs now.
fn recent(charges: Charges, as_of: Timestamp) -> Charges {
    match charges.window {
        Some(window) if age_days(window.end(), as_of) <= OUTDATED_DAYS => charges,
        _ => Charges::default(),
    }
}

fn age_days(moment: Timestamp, as_of: Timestamp) -> i64 {
    (as_of.as_second() - moment.as_second()) / 86_400
}

/// Says what of the bills is not used, or does not reach the moment of the analysis.
fn bill_notices(lake: &Lake, charges: &Charges, as_of: Timestamp) -> Result<Vec<Notice>, Failure> {
    let left_out = cost::left_out(lake, as_of, BILL_DAYS)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let mut notices: Vec<Notice> = of_whole_months(&left_out).into_iter().collect();
    // Without a window that notice has said why.
    if charges.window.is_some() || left_out.is_empty() {
        notices.extend(bill_age(lake, charges, as_of)?);
    }
    Ok(notices)
}

/// Says that bills of whole months give no rates.
fn of_whole_months(left_out: &[BillGroup]) -> Option<Notice> {
    let months: BTreeSet<&str> =
        left_out.iter().map(|group| group.billing_period.as_str()).collect();
    let months = months.into_iter().collect::<Vec<_>>().join(", ");
    (!left_out.is_empty()).then(|| {
        Notice::new(
            Path::new("billing"),
            Reason::new(
                "bill-of-whole-months",
                format!("a bill of {months} has charges of whole months, and which days they cover is not known: it was read before the month was over, or lies beside bills by day. Its costs can be looked at; list prices are used for savings. Read it again after the month, or export by day or hour"),
                format!("{months} 청구서 가운데 요금이 월 단위로만 있어 며칠치인지 알 수 없는 것이 있습니다. 달이 끝나기 전에 읽었거나 일 단위 청구서와 함께 있는 경우입니다. 비용은 조회할 수 있지만 절감액은 정가로 계산했습니다. 달이 끝난 뒤 다시 읽거나 일 또는 시간 단위로 내보내세요"),
            ),
        )
    })
}

/// Says so when the bill does not reach the moment of the analysis.
fn bill_age(lake: &Lake, charges: &Charges, as_of: Timestamp) -> Result<Option<Notice>, Failure> {
    let bills = lake.state().bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    if bills.is_empty() {
        return Ok(None);
    }
    let has_rates = |bill: &Bill| bill.format != BillFormat::CostExplorer.as_str();
    if !bills.iter().any(has_rates) {
        return Ok(Some(without_resources()));
    }
    let day = |moment: Timestamp| moment.strftime("%Y-%m-%d").to_string();
    let Some(window) = charges.window else {
        let months: BTreeSet<&str> = bills
            .iter()
            .filter(|bill| has_rates(bill))
            .map(|bill| bill.group.billing_period.as_str())
            .collect();
        let months = months.into_iter().collect::<Vec<_>>().join(", ");
        return Ok(Some(Notice::new(
            Path::new("billing"),
            Reason::new(
                "bill-outside-window",
                format!(
                    "the bill is of {months}, not of the weeks before {}; list prices are used",
                    day(as_of)
                ),
                format!(
                    "청구서는 {months} 것이어서 {} 직전 몇 주를 담고 있지 않습니다. 정가로 계산했습니다",
                    day(as_of)
                ),
            ),
        )));
    };
    let days = age_days(window.end(), as_of);
    let covered = (window.hours() / Decimal::from(24)).round_dp(1).normalize();
    Ok((days > STALE_DAYS).then(|| {
        Notice::new(
            Path::new("billing"),
            Reason::new(
                "bill-stale",
                format!("the bill ends on {}, {} before the analysis; its last {} stand for a month", day(window.end()), counted(days, "day"), counted(covered, "day")),
                format!("청구서가 {}에 끝나 분석 시점보다 {days}일 앞섭니다. 그 마지막 {covered}일로 한 달을 계산했습니다", day(window.end())),
            ),
        )
    }))
}

/// Says that nothing but Cost Explorer's sums is there.
fn without_resources() -> Notice {
    Notice::new(
        Path::new("billing"),
        Reason::new(
            "bill-without-resources",
            "the only bill is Cost Explorer's, which names no resources; list prices are used until an export is read (`trimtab ingest --from aws`)",
            "청구서가 Cost Explorer의 합계뿐이어서 자원별 금액이 없습니다. 내보내기를 읽을 때까지(`trimtab ingest --from aws`) 정가로 계산합니다",
        ),
    )
}

pub(super) fn select(names: &[String]) -> Result<Vec<&'static trimtab_analysis::Check>, Failure> {
    if names.is_empty() {
        return Ok(checks::ALL.to_vec());
    }
    names
        .iter()
        .map(|name| {
            checks::ALL.iter().copied().find(|check| check.id == *name).ok_or_else(|| {
                Failure::usage(
                    (
                        format!("there is no check `{name}`"),
                        format!("그런 점검이 없습니다: `{name}`"),
                    ),
                    (
                        "run `trimtab checks list` to see them all",
                        "`trimtab checks list` 명령으로 모든 점검을 볼 수 있습니다",
                    ),
                )
            })
        })
        .collect()
}

/// Reads a directory into a lake of its own, so that nothing else is in the analysis.
fn from_directory(
    settings: &Settings,
    request: &AnalyzeRequest,
    dir: &Path,
    told: OnProgress<'_>,
) -> Result<Gathered, Failure> {
    ingest::require_directory(dir)?;
    let scratch = Scratch::new()?;
    let own = IngestRequest {
        dir: dir.to_owned(),
        place: request.place.clone(),
        isolation: request.isolation.clone(),
    };
    let mut ingested = Ingested::default();
    ingest::bills(&scratch.lake, &own, &mut ingested, told)?;
    told(Progress::stage(Stage::Inventory));
    let taken_at = request.as_of.unwrap_or_else(now);
    let snapshot = ingest::read_inventory(settings, &own, taken_at, &mut ingested);
    let (files, errors) = input::list(dir, "metrics");
    ingested.errors.extend(errors);
    told(Progress::stage(Stage::Traffic));
    let (users, errors) = traffic::read(settings, dir, &request.isolation)?;
    ingested.errors.extend(errors);
    Ok(Gathered {
        snapshot,
        metrics: files,
        traffic: users,
        lake: OpenLake::Scratch(scratch),
        opinions: Opinions::default(),
        asked: Asked::new(),
        ingested,
    })
}

fn from_data_directory(settings: &Settings) -> Result<Gathered, Failure> {
    let lake = open_lake(settings)?;
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let snapshot = inventory(settings, lake.state())?;
    let has_bills = !lake.state().bills().map_err(failed)?.is_empty();
    let mut ingested = Ingested::default();
    // Before the files: what is read meanwhile must not seem to have no samples.
    let asked = lake.state().spans_of_series(CALLS).map_err(failed)?;
    let (files, errors) = input::list(&settings.data_dir, "metrics");
    ingested.errors.extend(errors);
    if snapshot.is_none() && !has_bills && files.is_empty() {
        let message = ("nothing was read yet", "아직 읽은 것이 없습니다");
        return Err(Failure::new(Kind::Failed, message).with_hint((
            "run `trimtab scan` to read an AWS account, `trimtab ingest --from DIR` to read exports, or `trimtab analyze --from DIR` to look at a directory only",
            "AWS 계정을 읽으려면 `trimtab scan`, 내보낸 파일을 읽으려면 `trimtab ingest --from DIR`, 한 디렉터리만 보려면 `trimtab analyze --from DIR` 명령을 실행하세요",
        )));
    }
    let snapshot = snapshot.unwrap_or_else(|| Snapshot::empty(now()));
    let (users, errors) = traffic::kept(settings);
    ingested.errors.extend(errors);
    let opinions = lake.state().opinions().map_err(failed)?;
    Ok(Gathered {
        snapshot,
        metrics: files,
        traffic: users,
        lake: OpenLake::Kept(lake),
        opinions,
        asked,
        ingested,
    })
}

/// Returns what was ingested, brought up to date by what was scanned, its environments named as
/// the configuration says now.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn inventory(settings: &Settings, state: &State) -> Result<Option<Snapshot>, Failure> {
    let failed = |cause| Failure::from_error(Kind::Failed, &cause);
    let ingested = state.latest_snapshot().map_err(failed)?;
    let scanned = state.scanned_snapshot().map_err(failed)?;
    Ok(match (ingested, scanned) {
        (Some(ingested), Some(scanned)) => Some(ingested.updated_by(scanned)),
        (one, other) => one.or(other),
    }
    .map(|mut snapshot| {
        snapshot.join_groups();
        let tags = &settings.policy.environments;
        snapshot.name_environments(|of, account| tags.environment(of, account));
        snapshot
    }))
}

/// Returns the end of the metrics, else of the bill, else of the users.
fn end_of_data(
    gathered: &Gathered,
    isolation: &Isolation,
    told: OnProgress<'_>,
) -> Result<Option<Timestamp>, Failure> {
    if let Some(end) = metrics::end(isolation, &gathered.metrics, told)? {
        return Ok(Some(end));
    }
    let end_of_bill = cost::end_of_bills(gathered.lake.lake())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let end_of_users = gathered
        .traffic
        .days
        .last()
        .and_then(|last| last.date.tomorrow().ok())
        .and_then(|day| day.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok())
        .map(|midnight| midnight.timestamp());
    Ok(end_of_bill.or(end_of_users))
}

pub(super) fn regions(snapshot: &Snapshot) -> BTreeSet<RegionId> {
    snapshot.listed.values().flatten().map(|(_, region)| region.clone()).collect()
}

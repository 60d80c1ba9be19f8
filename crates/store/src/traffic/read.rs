//! Reads `traffic/` of an input directory.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use trimtab_model::traffic::{
    DuplicateRules, LineCount, ServiceTraffic, Traffic, TrafficSource, UnreadableLines,
};

use super::coming;
use super::format::{self, Recognised};
use super::intern::Interner;
use super::merge::{Known, Merge};
use super::reduction::{Files, Reduction};
use super::service::{self, Told};
use super::users;
use crate::error::InputError;
use crate::input::{self, InputFile};

const LOGS: &str = "logs";
const EVENTS: &str = "events";
/// What the first directory below `logs/` is called where a bucket was copied as it is.
const BUCKET_ROOT: &str = "AWSLogs";
/// A file of which more than one line in so many cannot be read is an error, not a remark.
const TOLERATED: u64 = 100;

/// What traffic is read for.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The zone in which the owner's days begin.
    pub time_zone: TimeZone,
    /// The moment of the reading: no line can be of later.
    pub now: Timestamp,
    /// What a duplicate is.
    pub rules: DuplicateRules,
}

impl Reading {
    /// Reads with the usual definitions of duplicates.
    pub fn new(time_zone: TimeZone, now: Timestamp) -> Self {
        Self { time_zone, now, rules: DuplicateRules::default() }
    }
}

/// Reads `dir/traffic/`: `users.csv`, `events.csv`, `events/` and `logs/`. An absent part is no error.
///
/// What could not be read comes beside the rest. Lines that cannot be read are counted in
/// [`ServiceTraffic::lines`]; a file that has many of them is an error besides.
pub fn read(dir: &Path, reading: &Reading) -> (Traffic, Vec<InputError>) {
    let (files, mut errors) = input::list(dir, "traffic");
    let mut traffic = Traffic::default();
    let mut groups: BTreeMap<(String, TrafficSource), Vec<Known>> = BTreeMap::new();
    for file in files {
        let recognised = match file.relative.split('/').next() {
            Some(users::FILE) if file.relative == users::FILE => {
                match users::users(&file.path) {
                    Ok(days) => traffic.days = days,
                    Err(error) => errors.push(error),
                }
                continue;
            }
            Some(coming::FILE) if file.relative == coming::FILE => {
                match coming::events(&file.path) {
                    Ok(events) => traffic.events = events,
                    Err(error) => errors.push(error),
                }
                continue;
            }
            Some(LOGS) if file.relative.contains('/') => format::recognise_log(&file.path),
            Some(EVENTS) if file.relative.contains('/') => format::recognise_events(&file.path),
            _ => Err(misplaced(&file)),
        };
        match recognised {
            Ok(Some(recognised)) => {
                let service = service_name(&file.relative, &recognised);
                let source = recognised.source;
                // A list of events may name several services itself.
                let group = if source == TrafficSource::Events { EVENTS } else { &service };
                let known = Known { file, service: service.clone(), recognised };
                groups.entry((group.to_owned(), source)).or_default().push(known);
            }
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    for ((_, source), known) in groups {
        let (services, failed) = reduce(known, source, reading);
        traffic.services.extend(services);
        errors.extend(failed);
    }
    traffic
        .services
        .sort_by(|one, other| (&one.service, one.source).cmp(&(&other.service, other.source)));
    errors.sort_by(|one, other| one.file.cmp(&other.file));
    (traffic, errors)
}

/// Returns the service that a file is of: the directory below `logs/` or `events/`, else the load
/// balancer, the distribution or the beginning of the file's name.
fn service_name(relative: &str, recognised: &Recognised) -> String {
    let mut parts = relative.split('/').skip(1);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next());
    if second.is_some() && first != BUCKET_ROOT {
        return first.to_owned();
    }
    if recognised.source == TrafficSource::Events {
        return EVENTS.to_owned();
    }
    if let Some(balancer) = &recognised.balancer {
        return balancer.split('/').nth(1).unwrap_or(balancer).to_owned();
    }
    let name = relative.rsplit('/').next().unwrap_or(relative);
    name.split('.').find(|part| !part.is_empty()).unwrap_or(name).to_owned()
}

fn reduce(
    mut known: Vec<Known>,
    source: TrafficSource,
    reading: &Reading,
) -> (Vec<ServiceTraffic>, Vec<InputError>) {
    // The order of the content, so that names of files change nothing.
    known.sort_by(|one, other| {
        let key = |known: &Known| (known.recognised.first, known.recognised.line.clone());
        key(one).cmp(&key(other)).then_with(|| one.file.cmp(&other.file))
    });
    let salt = known.first().map_or(0, |first| salt(&first.recognised.line));
    let files = if known.len() > 1 { Files::Several } else { Files::One };
    let mut interner = Interner::new(salt, files);
    let mut merge = Merge::new(known, reading.now.as_microsecond());
    let mut reductions: BTreeMap<u32, Reduction> = BTreeMap::new();
    while let Some((event, file)) = merge.next(&mut interner) {
        reductions
            .entry(event.service)
            .or_insert_with(|| Reduction::new(&reading.time_zone, &reading.rules, files))
            .push(event, file);
    }
    let mut errors = std::mem::take(&mut merge.errors);
    let mut counts = line_counts(&merge, &mut errors);
    let mut services = Vec::new();
    for (number, mut reduction) in reductions {
        let Some(name) = interner.service(number) else {
            errors.extend(merge.known().first().map(too_many_services));
            continue;
        };
        let counted = counts.remove(&number).unwrap_or_default();
        reduction.lines.unreadable = counted.unreadable;
        let lines = &mut reduction.lines;
        lines.read = lines.used + lines.repeated + lines.unreadable_total();
        let told = Told {
            service: name.to_owned(),
            source,
            zone: &reading.time_zone,
            rules: &reading.rules,
            salt,
        };
        services.extend(service::finish(reduction, &interner, told));
    }
    (services, errors)
}

/// Returns what could not be read by service, and adds an error for each file with much of it.
///
/// A line that cannot be read names no service: it counts for the one that its file begins with.
fn line_counts(merge: &Merge, errors: &mut Vec<InputError>) -> BTreeMap<u32, LineCount> {
    let mut counts: BTreeMap<u32, LineCount> = BTreeMap::new();
    for (known, lines) in merge.known().iter().zip(&merge.lines) {
        let unreadable: u64 = lines.problems.values().map(|(count, _)| count).sum();
        if unreadable.saturating_mul(TOLERATED) > lines.read {
            let row = lines.problems.values().map(|(_, row)| *row).min().unwrap_or_default();
            errors.push(mostly_unreadable(&known.file, unreadable, lines.read, row));
        }
        let Some(service) = lines.service else { continue };
        let count = counts.entry(service).or_default();
        for (problem, (many, row)) in &lines.problems {
            count
                .unreadable
                .entry(*problem)
                .and_modify(|lines| lines.lines += many)
                .or_insert_with(|| UnreadableLines {
                    lines: *many,
                    file: known.file.relative.clone(),
                    row: *row,
                });
        }
    }
    counts
}

fn salt(line: &[u8]) -> u64 {
    let digest = Sha256::digest(line);
    digest.iter().take(8).fold(0, |salt, byte| (salt << 8) | u64::from(*byte))
}

fn mostly_unreadable(file: &InputFile, unreadable: u64, read: u64, row: u64) -> InputError {
    let problem = (
        format!("{unreadable} of {read} lines cannot be read; this is the first"),
        format!("{read}줄 가운데 {unreadable}줄을 읽을 수 없습니다. 그 첫 줄입니다"),
    );
    let hint = (
        "the other lines are counted; mend these, or export the file again",
        "나머지 줄은 집계했습니다. 이 줄들을 바로잡거나 파일을 다시 내보내세요",
    );
    InputError::new(&file.path, problem, hint).at_row(row)
}

fn too_many_services(known: &Known) -> InputError {
    let problem = (
        "names more services than are told apart; those beyond are left out",
        "서비스 이름이 지나치게 많아 일부 서비스는 제외했습니다",
    );
    let hint = (
        "check that the column service holds names of services, not of users",
        "service 열에 사용자가 아니라 서비스의 이름이 있는지 확인하세요",
    );
    InputError::new(&known.file.path, problem, hint)
}

fn misplaced(file: &InputFile) -> InputError {
    InputError::new(
        &file.path,
        (
            "is not read: traffic/ holds users.csv, events.csv, events/ and logs/",
            "읽지 않습니다. traffic/에는 users.csv와 events.csv, events/, logs/만 둘 수 있습니다",
        ),
        (
            "put access logs into traffic/logs/SERVICE/ and events into traffic/events/",
            "액세스 로그는 traffic/logs/SERVICE/에, 이벤트는 traffic/events/에 두세요",
        ),
    )
}

#[cfg(test)]
mod tests;

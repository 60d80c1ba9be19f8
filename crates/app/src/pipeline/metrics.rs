//! Metrics to profiles: each resource with the look-back of its environment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::period::Period;
use trimtab_model::policy::{Lookback, Policy};
use trimtab_model::profile::Profiles;
use trimtab_model::snapshot::Snapshot;
use trimtab_store::InputError;
use trimtab_store::profile::SkippedStatistic;

use crate::failure::{Failure, Kind};
use crate::pipeline::ingest;
use crate::task::{self, Answer, Task};
use crate::worker::{Isolation, WorkerError};

/// Returns the end of the latest sample's interval; absent without a sound sample.
///
/// # Errors
/// Fails if no child can be run.
pub fn end(isolation: &Isolation, files: &[PathBuf]) -> Result<Option<Timestamp>, Failure> {
    let mut latest = None;
    // One file at a time: a file that kills the child costs its own answer only, and
    // is named when profiles are made.
    for file in files {
        let task = Task::FindEnd { files: vec![file.clone()] };
        match task::run(isolation, task) {
            Ok(Answer::End(Ok(end))) => latest = latest.max(end),
            Ok(_) | Err(WorkerError::Died { .. }) => {}
            Err(cause) => return Err(Failure::from_error(Kind::Failed, &cause)),
        }
    }
    Ok(latest)
}

/// Reduces `files` to profiles up to `now`.
///
/// # Errors
/// Fails if no child can be run, or the engine fails for a reason that no file has.
pub fn profiles(
    isolation: &Isolation,
    files: &[PathBuf],
    snapshot: &Snapshot,
    policy: &Policy,
    now: Timestamp,
) -> Result<Profiled, Failure> {
    if files.is_empty() {
        return Ok(Profiled::default());
    }
    let environments = environments(snapshot);
    let shared = shared_names(snapshot);
    let mut ambiguous = BTreeSet::new();
    let mut lookbacks: Vec<Lookback> =
        Environment::ALL.iter().map(|environment| policy.sizing(*environment).lookback).collect();
    lookbacks.sort();
    lookbacks.dedup();
    let windows =
        lookbacks.iter().map(|lookback| window(*lookback, now)).collect::<Result<Vec<_>, _>>()?;
    let (reduced, mut errors) = reduce(isolation, files, &windows)?;
    errors.extend(reduced.errors);
    errors.sort_by(|left, right| left.file.cmp(&right.file));
    errors.dedup();
    let mut profiles = Profiles::default();
    for (lookback, window_profiles) in lookbacks.iter().zip(reduced.profiles) {
        let of_window = window_profiles.into_series().filter(|(key, _)| {
            if shared.contains(&key.resource_id) {
                ambiguous.insert(key.resource_id.clone());
                return false;
            }
            let environment =
                environments.get(&key.resource_id).copied().unwrap_or(Environment::Unknown);
            policy.sizing(environment).lookback == *lookback
        });
        profiles.extend(Profiles::new(of_window));
    }
    Ok(Profiled {
        profiles,
        errors,
        skipped: reduced.skipped,
        ambiguous: ambiguous.into_iter().collect(),
    })
}

/// Profiles, and what could not be read.
#[derive(Debug, Default)]
pub struct Profiled {
    /// The profiles.
    pub profiles: Profiles,
    /// The files that were left out, and why.
    pub errors: Vec<InputError>,
    /// Statistics that were left out.
    pub skipped: Vec<SkippedStatistic>,
    /// Names that several resources bear: metrics of that name could be of any of them,
    /// and are of none.
    pub ambiguous: Vec<ResourceId>,
}

/// Returns the names that resources of one kind bear in more than one account or region.
///
/// Databases, functions, log groups and load balancers are named by their owners, and
/// metrics carry the name alone.
fn shared_names(snapshot: &Snapshot) -> BTreeSet<ResourceId> {
    fn shared<'a>(names: impl Iterator<Item = &'a ResourceId>) -> BTreeSet<ResourceId> {
        let mut seen = BTreeSet::new();
        names.filter(|name| !seen.insert(*name)).cloned().collect()
    }
    let balancers: Vec<ResourceId> = snapshot
        .load_balancers
        .iter()
        .map(|balancer| ResourceId::from(balancer.kind.load_balancer_name.as_str()))
        .collect();
    let mut names = shared(snapshot.db_instances.iter().map(|db| &db.id));
    names.extend(shared(snapshot.functions.iter().map(|function| &function.id)));
    names.extend(shared(snapshot.log_groups.iter().map(|group| &group.id)));
    names.extend(shared(balancers.iter()));
    names
}

fn window(lookback: Lookback, now: Timestamp) -> Result<Period, Failure> {
    let length = SignedDuration::from_hours(24 * i64::from(lookback.days()));
    let start = now.checked_sub(length).map_err(|cause| {
        let message = (
            "the window of metrics starts before time is counted",
            "지표를 볼 기간의 시작이 너무 이릅니다",
        );
        Failure::new(Kind::Usage, message)
            .because(&cause)
            .with_hint(("give a later --as-of", "--as-of를 더 늦은 시각으로 지정하세요"))
    })?;
    Period::new(start, now).map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

/// Reduces all files at once; when that kills the child, finds the file to blame by
/// reading each alone, and goes on without it.
fn reduce(
    isolation: &Isolation,
    files: &[PathBuf],
    windows: &[Period],
) -> Result<(task::Reduced, Vec<InputError>), Failure> {
    match attempt(isolation, files, windows)? {
        Some(reduced) => Ok((reduced, Vec::new())),
        None => {
            let mut sound = Vec::new();
            let mut errors = Vec::new();
            for file in files {
                match attempt(isolation, std::slice::from_ref(file), windows)? {
                    Some(_) => sound.push(file.clone()),
                    None => errors.push(InputError::new(
                        file,
                        (
                            "made the reader run into its limits of memory or time, or crash",
                            "이 파일을 읽다가 메모리나 시간의 한도를 넘었거나 비정상 종료했습니다",
                        ),
                        ingest::SUSPECT,
                    )),
                }
            }
            let reduced = attempt(isolation, &sound, windows)?.ok_or_else(|| {
                Failure::new(
                    Kind::Failed,
                    (
                        "the metrics cannot be reduced within the limits of a child process",
                        "자식 프로세스의 한도 안에서 지표를 집계할 수 없습니다",
                    ),
                )
                .with_hint((
                    "split the files, or give fewer of them",
                    "파일을 나누거나 더 적게 주세요",
                ))
            })?;
            Ok((reduced, errors))
        }
    }
}

fn attempt(
    isolation: &Isolation,
    files: &[PathBuf],
    windows: &[Period],
) -> Result<Option<task::Reduced>, Failure> {
    let task = Task::Reduce { files: files.to_vec(), windows: windows.to_vec() };
    match task::run(isolation, task) {
        Ok(Answer::Profiles(Ok(reduced))) => Ok(Some(reduced)),
        Ok(Answer::Profiles(Err(cause))) => {
            let message = ("the metrics cannot be reduced", "지표를 집계할 수 없습니다");
            let mut failure = Failure::new(Kind::Failed, message);
            failure.causes.push(cause);
            Err(failure)
        }
        Err(WorkerError::Died { .. }) => Ok(None),
        Err(cause) => Err(Failure::from_error(Kind::Failed, &cause)),
        Ok(Answer::Bill(_) | Answer::End(_)) => {
            Err(Failure::new(Kind::Failed, ingest::STRANGE_ANSWER))
        }
    }
}

fn environments(snapshot: &Snapshot) -> BTreeMap<ResourceId, Environment> {
    let mut environments = BTreeMap::new();
    for resource in &snapshot.instances {
        environments.insert(resource.id.clone(), resource.environment);
    }
    for resource in &snapshot.db_instances {
        environments.insert(resource.id.clone(), resource.environment);
    }
    for resource in &snapshot.volumes {
        environments.insert(resource.id.clone(), resource.environment);
    }
    for resource in &snapshot.nat_gateways {
        environments.insert(resource.id.clone(), resource.environment);
    }
    for resource in &snapshot.load_balancers {
        environments.insert(resource.id.clone(), resource.environment);
        environments.insert(resource.kind.load_balancer_name.as_str().into(), resource.environment);
    }
    for resource in &snapshot.functions {
        environments.insert(resource.id.clone(), resource.environment);
    }
    for resource in &snapshot.log_groups {
        environments.insert(resource.id.clone(), resource.environment);
    }
    environments
}

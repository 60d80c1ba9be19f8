//! Metrics to profiles: each resource with the look-back of its environment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use trimtab_model::calendar::Calendar;
use trimtab_model::environment::Environment;
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::metric::{MetricKey, Origin};
use trimtab_model::period::Period;
use trimtab_model::policy::{Lookback, Policy};
use trimtab_model::profile::Profiles;
use trimtab_model::queue;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::snapshot::Snapshot;
use trimtab_store::InputError;
use trimtab_store::input::InputFile;
use trimtab_store::inventory::UNKNOWN;
use trimtab_store::profile::SkippedStatistic;

use crate::failure::{Failure, Kind};
use crate::pipeline::ingest;
use crate::progress::{FileOf, OnProgress, Progress, Stage};
use crate::task::{self, Answer, Task};
use crate::worker::{Isolation, WorkerError};

/// The kinds whose parts have series of their own, and in which namespace.
const MEASURED_IN_PARTS: &[(ResourceKind, &str)] = &[
    (ResourceKind::DynamoTable, "AWS/DynamoDB"),
    (ResourceKind::EcsService, "AWS/ApplicationELB"),
];

/// What reads queues. A queue is one, whoever reads it, and may have the name of anything else: its series are told from those by
/// their namespace.
const READERS: [ResourceKind; 2] = [ResourceKind::Instance, ResourceKind::EcsService];

/// Returns the end of the latest sample's interval; absent without a sound sample.
///
/// # Errors
/// Fails if no child can be run.
pub fn end(
    isolation: &Isolation,
    files: &[InputFile],
    told: OnProgress<'_>,
) -> Result<Option<Timestamp>, Failure> {
    Ok(span(isolation, files, told)?.map(|span| span.end()))
}

/// Returns the time from the first sample to the end of the last one's interval; absent
/// without a sound sample.
///
/// # Errors
/// Fails if no child can be run.
pub fn span(
    isolation: &Isolation,
    files: &[InputFile],
    told: OnProgress<'_>,
) -> Result<Option<Period>, Failure> {
    let mut spans: Vec<Period> = Vec::new();
    // One file at a time: a file that kills the child costs its own answer only, and
    // is named when profiles are made.
    for (index, file) in files.iter().enumerate() {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let file_of = FileOf { name: &name, number: index + 1, of: files.len() };
        told(Progress { file: Some(file_of), ..Progress::stage(Stage::Metrics) });
        let task = Task::FindSpan { files: vec![file.clone()] };
        match task::run(isolation, task, &|_| {}) {
            Ok(Answer::Span(Ok(span))) => spans.extend(span),
            Ok(_) | Err(WorkerError::Died { .. }) => {}
            Err(cause) => return Err(Failure::from_error(Kind::Failed, &cause)),
        }
    }
    let start = spans.iter().map(Period::start).min();
    let end = spans.iter().map(Period::end).max();
    Ok(start.zip(end).and_then(|(start, end)| Period::new(start, end).ok()))
}

/// Reduces `files` to profiles up to `now`.
///
/// # Errors
/// Fails if no child can be run, or the engine fails for a reason that no file has.
pub fn profiles(
    isolation: &Isolation,
    files: &[InputFile],
    snapshot: &Snapshot,
    policy: &Policy,
    now: Timestamp,
    told: OnProgress<'_>,
) -> Result<Profiled, Failure> {
    if files.is_empty() {
        return Ok(Profiled::default());
    }
    told(Progress::stage(Stage::Metrics));
    let bearers = Bearers::of(snapshot);
    let shared = shared_names(snapshot);
    let mut ambiguous = BTreeSet::new();
    let mut lookbacks: Vec<Lookback> =
        Environment::ALL.iter().map(|environment| policy.sizing(*environment).lookback).collect();
    lookbacks.sort();
    lookbacks.dedup();
    let windows =
        lookbacks.iter().map(|lookback| window(*lookback, now)).collect::<Result<Vec<_>, _>>()?;
    let windows = Windows { periods: windows, calendar: policy.calendar.clone() };
    let (reduced, mut errors) = reduce(isolation, files, &windows, told)?;
    errors.extend(reduced.errors);
    errors.sort_by(|left, right| left.file.cmp(&right.file));
    errors.dedup();
    let mut profiles = Profiles::default();
    for (lookback, window_profiles) in lookbacks.iter().zip(reduced.profiles) {
        let window_profiles = bearers.settled(window_profiles);
        let elsewhere = bearers.unlisted(&window_profiles);
        let of_window = window_profiles.into_series().filter(|(key, _)| {
            let name = (key.namespace.clone(), key.resource_id.clone());
            if key.origin.is_none() && (shared.contains(key) || elsewhere.contains(&name)) {
                ambiguous.insert(key.resource_id.clone());
                return false;
            }
            policy.sizing(bearers.environment(key)).lookback == *lookback
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

/// Reduces `files` to profiles of each window, whatever the look-back of the policy.
///
/// # Errors
/// As [`profiles`].
pub fn profiles_of(
    isolation: &Isolation,
    files: &[InputFile],
    snapshot: &Snapshot,
    policy: &Policy,
    windows: Vec<Period>,
    told: OnProgress<'_>,
) -> Result<(Vec<Profiles>, Vec<InputError>), Failure> {
    told(Progress::stage(Stage::Metrics));
    let bearers = Bearers::of(snapshot);
    let windows = Windows { periods: windows, calendar: policy.calendar.clone() };
    let (reduced, mut errors) = reduce(isolation, files, &windows, told)?;
    errors.extend(reduced.errors);
    errors.sort_by(|left, right| left.file.cmp(&right.file));
    errors.dedup();
    let settled = reduced.profiles.into_iter().map(|profiles| bearers.settled(profiles)).collect();
    Ok((settled, errors))
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
    /// Names that several resources bear, where metrics do not say where they are from: they
    /// could be of any of them, and are of none.
    pub ambiguous: Vec<ResourceId>,
}

/// Returns the names that resources of one kind bear in more than one account or region.
///
/// Databases, caches, tables, functions, endpoints, log groups, load balancers and Auto Scaling
/// groups are named by their owners, and metrics may carry the name alone.
fn shared_names(snapshot: &Snapshot) -> Shared {
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
    names.extend(shared(snapshot.auto_scaling_groups.iter().map(|group| &group.id)));
    names.extend(shared(snapshot.db_clusters.iter().map(|cluster| &cluster.id)));
    names.extend(shared(snapshot.cache_clusters.iter().map(|cluster| &cluster.id)));
    names.extend(shared(snapshot.serverless_caches.iter().map(|cache| &cache.id)));
    names.extend(shared(snapshot.memory_db_clusters.iter().map(|cluster| &cluster.id)));
    names.extend(shared(snapshot.redshift_clusters.iter().map(|cluster| &cluster.id)));
    names.extend(shared(snapshot.search_domains.iter().map(|domain| &domain.id)));
    names.extend(shared(snapshot.provisioned_concurrency.iter().map(|one| &one.id)));
    names.extend(shared(snapshot.model_endpoints.iter().map(|endpoint| &endpoint.id)));
    for (kind, namespace) in MEASURED_IN_PARTS {
        let measured = snapshot.measured(*kind, namespace);
        names.extend(shared(measured.iter().map(|one| &one.id)));
    }
    names.extend(shared(snapshot.ecs_clusters.iter().map(|cluster| &cluster.id)));
    names.extend(shared(snapshot.ecs_services.iter().map(|service| &service.id)));
    names.extend(shared(snapshot.eks_clusters.iter().map(|cluster| &cluster.id)));
    let queues: BTreeSet<(ResourceId, SubAccountId, RegionId)> = READERS
        .iter()
        .flat_map(|kind| snapshot.measured(*kind, queue::NAMESPACE))
        .map(|one| (one.id, one.account, one.region))
        .collect();
    Shared { names, queues: shared(queues.iter().map(|(name, _, _)| name)) }
}

/// Names that resources of one kind bear in more than one account or region.
struct Shared {
    names: BTreeSet<ResourceId>,
    queues: BTreeSet<ResourceId>,
}

impl Shared {
    fn contains(&self, key: &MetricKey) -> bool {
        match key.namespace.as_str() {
            queue::NAMESPACE => self.queues.contains(&key.resource_id),
            _ => self.names.contains(&key.resource_id),
        }
    }
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

/// The windows that are wanted, and the owner's days within them.
struct Windows {
    periods: Vec<Period>,
    calendar: Calendar,
}

/// Reduces all files at once; when that kills the child, finds the file to blame by
/// reading each alone, and goes on without it.
fn reduce(
    isolation: &Isolation,
    files: &[InputFile],
    windows: &Windows,
    told: OnProgress<'_>,
) -> Result<(task::Reduced, Vec<InputError>), Failure> {
    match attempt(isolation, files, windows, told)? {
        Some(reduced) => Ok((reduced, Vec::new())),
        None => {
            let mut sound = Vec::new();
            let mut errors = Vec::new();
            for file in files {
                match attempt(isolation, std::slice::from_ref(file), windows, told)? {
                    Some(_) => sound.push(file.clone()),
                    None => errors.push(InputError::new(
                        &file.path,
                        (
                            "made the reader run into its limits of memory or time, or crash",
                            "이 파일을 읽다가 메모리나 시간의 한도를 넘었거나 비정상 종료했습니다",
                        ),
                        ingest::SUSPECT,
                    )),
                }
            }
            let reduced = attempt(isolation, &sound, windows, told)?.ok_or_else(|| {
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
    files: &[InputFile],
    windows: &Windows,
    told: OnProgress<'_>,
) -> Result<Option<task::Reduced>, Failure> {
    let task = Task::Reduce {
        files: files.to_vec(),
        windows: windows.periods.clone(),
        calendar: windows.calendar.clone(),
    };
    let tell = |part| told(Progress { part: Some(part), ..Progress::stage(Stage::Metrics) });
    match task::run(isolation, task, &tell) {
        Ok(Answer::Profiles(Ok(reduced))) => Ok(Some(reduced)),
        Ok(Answer::Profiles(Err(cause))) => {
            let message = ("the metrics cannot be reduced", "지표를 집계할 수 없습니다");
            let mut failure = Failure::new(Kind::Failed, message);
            failure.causes.push(cause);
            Err(failure)
        }
        Err(WorkerError::Died { .. }) => Ok(None),
        Err(cause) => Err(Failure::from_error(Kind::Failed, &cause)),
        Ok(Answer::Bill(_) | Answer::Span(_) | Answer::Traffic(_)) => {
            Err(Failure::new(Kind::Failed, ingest::STRANGE_ANSWER))
        }
    }
}

/// The resources that metrics may be of, by their names.
#[derive(Default)]
struct Bearers {
    names: BTreeMap<ResourceId, BTreeMap<Origin, Environment>>,
    queues: BTreeMap<ResourceId, BTreeMap<Origin, Environment>>,
}

impl Bearers {
    fn of(snapshot: &Snapshot) -> Self {
        let mut bearers = Self::default();
        bearers.add(&snapshot.instances);
        bearers.add(&snapshot.db_instances);
        bearers.add(&snapshot.volumes);
        bearers.add(&snapshot.nat_gateways);
        bearers.add(&snapshot.load_balancers);
        for balancer in &snapshot.load_balancers {
            let name = balancer.kind.load_balancer_name.as_str().into();
            bearers.insert(name, balancer.origin(), balancer.environment);
        }
        bearers.add(&snapshot.functions);
        bearers.add(&snapshot.log_groups);
        bearers.add(&snapshot.auto_scaling_groups);
        bearers.add(&snapshot.capacity_reservations);
        bearers.add(&snapshot.fast_snapshot_restores);
        bearers.add(&snapshot.vpc_endpoints);
        bearers.add(&snapshot.transit_gateway_attachments);
        bearers.add(&snapshot.file_systems);
        bearers.add(&snapshot.buckets);
        bearers.add(&snapshot.db_clusters);
        bearers.add(&snapshot.cache_clusters);
        bearers.add(&snapshot.serverless_caches);
        bearers.add(&snapshot.memory_db_clusters);
        bearers.add(&snapshot.redshift_clusters);
        bearers.add(&snapshot.search_domains);
        bearers.add(&snapshot.provisioned_concurrency);
        bearers.add(&snapshot.emr_clusters);
        bearers.add(&snapshot.model_endpoints);
        for (kind, namespace) in MEASURED_IN_PARTS {
            for one in snapshot.measured(*kind, namespace) {
                let origin = Origin { account: one.account, region: one.region };
                bearers.insert(one.id, origin, one.environment);
            }
        }
        bearers.add(&snapshot.ecs_clusters);
        bearers.add(&snapshot.ecs_services);
        bearers.add(&snapshot.eks_clusters);
        for one in READERS.iter().flat_map(|kind| snapshot.measured(*kind, queue::NAMESPACE)) {
            let origin = Origin { account: one.account, region: one.region };
            bearers.queues.entry(one.id).or_default().insert(origin, one.environment);
        }
        bearers
    }

    /// Returns where resources of a name are whose series a namespace has.
    fn named(&self, namespace: &str, name: &ResourceId) -> Option<&BTreeMap<Origin, Environment>> {
        match namespace {
            queue::NAMESPACE => self.queues.get(name),
            _ => self.names.get(name),
        }
    }

    fn add<K>(&mut self, resources: &[Resource<K>]) {
        for resource in resources {
            self.insert(resource.id.clone(), resource.origin(), resource.environment);
        }
    }

    fn insert(&mut self, name: ResourceId, origin: Origin, environment: Environment) {
        self.names.entry(name).or_default().insert(origin, environment);
    }

    /// Returns the environment of the resource that a series is of.
    fn environment(&self, key: &MetricKey) -> Environment {
        let bearers = self.named(&key.namespace, &key.resource_id);
        let own = bearers.and_then(|bearers| match &key.origin {
            Some(origin) => bearers.get(origin),
            None => bearers.values().next_back(),
        });
        own.copied().unwrap_or(Environment::Unknown)
    }

    /// Gives the series of a resource whose account or region the inventory does not know
    /// to that resource, where no other could be meant.
    fn settled(&self, profiles: Profiles) -> Profiles {
        let mut origins: BTreeMap<(String, ResourceId), BTreeSet<Origin>> = BTreeMap::new();
        for (key, _) in profiles.iter() {
            if let Some(origin) = &key.origin {
                let name = (key.namespace.clone(), key.resource_id.clone());
                origins.entry(name).or_default().insert(origin.clone());
            }
        }
        Profiles::new(profiles.into_series().map(|(mut key, profile)| {
            let name = (key.namespace.clone(), key.resource_id.clone());
            let is_only = origins.get(&name).is_some_and(|origins| origins.len() == 1);
            if let (true, Some(origin)) = (is_only, &key.origin) {
                let own = self.only_bearer((&key.namespace, &key.resource_id), origin);
                key.origin = Some(own.unwrap_or(origin).clone());
            }
            (key, profile)
        }))
    }

    /// Returns where the only resource of a name is, if that may be `origin` as well.
    fn only_bearer(
        &self,
        (namespace, name): (&str, &ResourceId),
        origin: &Origin,
    ) -> Option<&Origin> {
        let bearers = self.named(namespace, name).filter(|bearers| bearers.len() == 1)?;
        let (own, _) = bearers.first_key_value()?;
        let may_be = |own: &str, said: &str| own == said || own == UNKNOWN;
        (may_be(own.account.as_str(), origin.account.as_str())
            && may_be(own.region.as_str(), origin.region.as_str()))
        .then_some(own)
    }

    /// Returns the names, by namespace, that metrics know in a place where the inventory
    /// has none of that name: more bear it than the inventory knows.
    fn unlisted(&self, profiles: &Profiles) -> BTreeSet<(String, ResourceId)> {
        profiles
            .iter()
            .filter(|(key, _)| {
                let bearers = self.named(&key.namespace, &key.resource_id);
                key.origin.as_ref().is_some_and(|origin| {
                    bearers.is_some_and(|bearers| !bearers.contains_key(origin))
                })
            })
            .map(|(key, _)| (key.namespace.clone(), key.resource_id.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::Tags;
    use trimtab_model::resource::ecs_service::EcsService;
    use trimtab_model::resource::log_group::LogGroup;
    use trimtab_store::input;

    use super::*;

    const HERE: (&str, &str) = ("111122223333", "eu-west-1");
    const THERE: (&str, &str) = ("444455556666", "us-east-1");
    const NOWHERE: (&str, &str) = (UNKNOWN, "eu-west-1");

    fn origin((account, region): (&str, &str)) -> Origin {
        Origin { account: account.into(), region: region.into() }
    }

    fn now() -> Timestamp {
        "2026-10-06T00:00:00Z".parse().unwrap()
    }

    fn group(place: (&str, &str)) -> Resource<LogGroup> {
        let Origin { account, region } = origin(place);
        Resource {
            id: "app".into(),
            account,
            region,
            environment: Environment::Unknown,
            tags: Tags::new(),
            kind: LogGroup {
                arn: None,
                retention_in_days: None,
                stored_bytes: None,
                creation_time: None,
                log_group_class: None,
                metric_filter_count: None,
                subscription_filter_count: None,
                last_ingestion_time: None,
            },
        }
    }

    fn reader(place: (&str, &str), environment: Environment) -> Resource<EcsService> {
        let Origin { account, region } = origin(place);
        let tag = (queue::QUEUE_TAG.to_owned(), "app".to_owned());
        let kind = serde_json::from_value(serde_json::json!({
            "service_arn": null, "cluster": "arena", "service_name": "worker", "status": "ACTIVE",
            "desired_count": 1, "running_count": 1, "pending_count": 0, "launch_type": "FARGATE",
            "capacity_provider_strategy": [], "scheduling_strategy": "REPLICA",
            "deployment_controller": "ECS", "deployments": 1, "created_at": null,
            "target_groups": [], "task_definition": null,
        }))
        .unwrap();
        let id = "arena/worker".into();
        Resource { id, account, region, environment, tags: Tags::from([tag]), kind }
    }

    #[test]
    fn a_queue_is_told_from_what_else_has_its_name() {
        let mut snapshot = Snapshot::empty(now());
        snapshot.log_groups = vec![group(HERE)];
        snapshot.ecs_services =
            vec![reader(HERE, Environment::Dev), reader(THERE, Environment::Prod)];
        let of = |namespace: &str, place| MetricKey {
            origin: place,
            resource_id: "app".into(),
            namespace: namespace.to_owned(),
            metric: "any".to_owned(),
            statistic: Statistic::Sum,
        };
        let shared = shared_names(&snapshot);
        assert!(shared.contains(&of("AWS/SQS", None)) && !shared.contains(&of("AWS/Logs", None)));
        let bearers = Bearers::of(&snapshot);
        let here = Some(origin(HERE));
        assert_eq!(bearers.environment(&of("AWS/SQS", here.clone())), Environment::Dev);
        assert_eq!(bearers.environment(&of("AWS/Logs", here)), Environment::Unknown);
    }

    fn write(dir: &Path, name: &str, value: u32) {
        let path = dir.join("metrics").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = format!(
            "resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n\
             app,AWS/Logs,IncomingBytes,Sum,300,2026-10-05T00:00:00Z,{value}\n"
        );
        std::fs::write(path, text).unwrap();
    }

    /// Looks up the log group `app` of each place with files of metrics, by directory.
    fn check(places: &[(&str, &str)], files: &[(&str, u32)], found: &[Option<f64>], told: &[&str]) {
        let dir = tempfile::tempdir().unwrap();
        for (name, value) in files {
            write(dir.path(), name, *value);
        }
        let (files, errors) = input::list(dir.path(), "metrics");
        assert_eq!(errors, []);
        let mut snapshot = Snapshot::empty(now());
        snapshot.log_groups = places.iter().map(|place| group(*place)).collect();
        let profiled =
            profiles(&Isolation::InProcess, &files, &snapshot, &Policy::default(), now(), &|_| {})
                .unwrap();
        assert_eq!(profiled.errors, []);
        let sums: Vec<Option<f64>> = places
            .iter()
            .map(|place| {
                profiled
                    .profiles
                    .find(
                        &origin(*place),
                        &"app".into(),
                        "AWS/Logs",
                        "IncomingBytes",
                        Statistic::Sum,
                    )
                    .map(|profile| profile.sum)
            })
            .collect();
        assert_eq!(sums, found);
        let ambiguous: Vec<&str> = profiled.ambiguous.iter().map(ResourceId::as_str).collect();
        assert_eq!(ambiguous, told);
    }

    const OF_HERE: &str = "111122223333/eu-west-1/a.csv";
    const OF_THERE: &str = "444455556666/us-east-1/a.csv";

    #[test]
    fn resources_of_one_name_have_their_own_metrics() {
        check(&[HERE, THERE], &[(OF_HERE, 1), (OF_THERE, 2)], &[Some(1.0), Some(2.0)], &[]);
        check(&[HERE, THERE], &[(OF_HERE, 1)], &[Some(1.0), None], &[]);
    }

    #[test]
    fn metrics_that_do_not_say_where_they_are_from_are_of_a_unique_name_only() {
        check(&[HERE], &[("a.csv", 1)], &[Some(1.0)], &[]);
        check(&[HERE, THERE], &[("a.csv", 1)], &[None, None], &["app"]);
        check(&[HERE, THERE], &[("a.csv", 1), (OF_HERE, 2)], &[Some(2.0), None], &["app"]);
    }

    #[test]
    fn a_name_that_only_metrics_know_elsewhere_is_not_unique() {
        check(&[HERE], &[("a.csv", 1), (OF_THERE, 2)], &[None], &["app"]);
        check(&[HERE], &[(OF_THERE, 2)], &[None], &[]);
    }

    #[test]
    fn a_resource_of_an_unknown_account_has_the_only_metrics_that_fit() {
        check(&[NOWHERE], &[(OF_HERE, 1)], &[Some(1.0)], &[]);
        check(&[NOWHERE], &[(OF_THERE, 2)], &[None], &[]);
        check(&[NOWHERE], &[(OF_HERE, 1), (OF_THERE, 2)], &[None], &[]);
    }
}

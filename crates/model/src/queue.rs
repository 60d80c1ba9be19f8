//! The queues in SQS that servers read, as far as anything says so.
//!
//! No API tells who reads a queue. A scaling policy that follows one says it of its service, and the owner says it with a tag.
//! Nothing is guessed from names.

use std::collections::BTreeSet;

use crate::id::{RegionId, ResourceId, SubAccountId};
use crate::resource::ecs_service::EcsService;
use crate::resource::instance::{Instance, InstanceState};
use crate::resource::scalable_target::{ScalableTarget, TargetPolicy};
use crate::resource::{Resource, ResourceKind, ResourceRef};
use crate::snapshot::Snapshot;

/// The tag by which an owner says which queues a server reads: their names, ARNs or URLs with spaces between.
pub const QUEUE_TAG: &str = "trimtab:queue";
/// The namespace of a queue's metrics.
pub const NAMESPACE: &str = "AWS/SQS";
/// The dimension that names a queue.
pub const DIMENSION: &str = "QueueName";

/// The queues that a server is known to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadQueues {
    /// Their names, in order. They are in the account and region of the server.
    pub names: BTreeSet<ResourceId>,
    /// What the tag says of another account or region, as it stands there: it is not read.
    pub elsewhere: Vec<String>,
    /// What the tag says that is no name of a queue.
    pub wrong: Vec<String>,
    /// Alarms by which its tasks are scaled and that nobody read: what they watch may be a queue.
    pub unread_alarms: usize,
    /// Whether nobody read the policies by which its tasks are scaled: they may follow a queue.
    pub are_policies_unread: bool,
}

impl Snapshot {
    /// Returns the queues that an instance reads: those that its tag names.
    pub fn queues_of_instance(&self, instance: &Resource<Instance>) -> ReadQueues {
        ReadQueues::tagged(instance)
    }

    /// Returns the queues that a service reads: those that its tag names, and those that its scaling policies follow.
    pub fn queues_of_service(&self, service: &Resource<EcsService>) -> ReadQueues {
        let mut found = ReadQueues::tagged(service);
        let (account, region) = (&service.account, &service.region);
        let targets = self.scalable_targets.iter().filter(|target| {
            is_of(&target.kind, service) && target.account == *account && target.region == *region
        });
        found.are_policies_unread = !self.was_listed(ResourceKind::ScalableTarget, account, region)
            || targets.clone().any(|target| target.kind.policies.is_none());
        for policy in targets.flat_map(|target| target.kind.policies.iter().flatten()) {
            found.names.extend(policy.queues.iter().cloned());
            for name in &policy.alarms {
                let alarm = self.alarms.iter().find(|alarm| {
                    alarm.id.as_str() == name
                        && alarm.account == *account
                        && alarm.region == *region
                });
                match alarm {
                    Some(alarm) => found.names.extend(alarm.kind.queues()),
                    None => found.unread_alarms += 1,
                }
            }
        }
        found
    }

    /// Returns how many servers read the queue of a name in the account and region of one that does: no less than one.
    pub fn readers_of_queue<K>(&self, queue: &ResourceId, reader: &Resource<K>) -> usize {
        let is_near = |account: &SubAccountId, region: &RegionId| {
            *account == reader.account && *region == reader.region
        };
        let instances = self.instances.iter().filter(|one| {
            one.kind.state == InstanceState::Running
                && is_near(&one.account, &one.region)
                && ReadQueues::tagged(one).names.contains(queue)
        });
        let alarms: BTreeSet<&str> = self
            .alarms
            .iter()
            .filter(|one| is_near(&one.account, &one.region))
            .filter(|one| one.kind.queues().any(|name| name == *queue))
            .map(|one| one.id.as_str())
            .collect();
        let follows = |policy: &TargetPolicy| {
            policy.queues.contains(queue)
                || policy.alarms.iter().any(|name| alarms.contains(name.as_str()))
        };
        let targets: Vec<&ScalableTarget> = self
            .scalable_targets
            .iter()
            .filter(|one| is_near(&one.account, &one.region))
            .map(|one| &one.kind)
            .filter(|one| one.policies.iter().flatten().any(follows))
            .collect();
        let services = self.ecs_services.iter().filter(|one| {
            is_near(&one.account, &one.region)
                && works(&one.kind)
                && (targets.iter().any(|target| is_of(target, one))
                    || ReadQueues::tagged(one).names.contains(queue))
        });
        (instances.count() + services.count()).max(1)
    }

    /// Returns the queues that the instances or the services of ECS read, each once, as what is measured beside them.
    pub(crate) fn queues_of(&self, kind: ResourceKind) -> Vec<ResourceRef> {
        let mut queues: Vec<ResourceRef> = match kind {
            ResourceKind::EcsService => self
                .ecs_services
                .iter()
                .flat_map(|one| parts(one.reference(kind), self.queues_of_service(one).names))
                .collect(),
            _ => self
                .instances
                .iter()
                .flat_map(|one| parts(one.reference(kind), self.queues_of_instance(one).names))
                .collect(),
        };
        queues.sort_by(|one, other| {
            (&one.account, &one.region, &one.id).cmp(&(&other.account, &other.region, &other.id))
        });
        queues.dedup_by(|later, first| {
            (&later.account, &later.region, &later.id) == (&first.account, &first.region, &first.id)
        });
        queues
    }
}

impl ReadQueues {
    /// Returns the queues that the tag of a server names.
    fn tagged<K>(server: &Resource<K>) -> Self {
        let mut found = Self::default();
        let words = server.tags.get(QUEUE_TAG).map(String::as_str).unwrap_or_default();
        for word in words.split_whitespace() {
            match name_near(word, server.account.as_str(), server.region.as_str()) {
                Some(name) if is_name(name) => {
                    found.names.insert(ResourceId::from(name));
                }
                Some(_) => found.wrong.push(word.to_owned()),
                None => found.elsewhere.push(word.to_owned()),
            }
        }
        found
    }
}

/// Returns the name in a name, an ARN or a URL of a queue; absent where that is of another account or region.
fn name_near<'a>(word: &'a str, account: &str, region: &str) -> Option<&'a str> {
    // What was exported may not say whose it is.
    let is_own = |of: &str| of == account || !account.chars().all(|sign| sign.is_ascii_digit());
    if let ["arn", _, "sqs", of_region, of_account, name] =
        word.split(':').collect::<Vec<_>>().as_slice()
    {
        return (*of_region == region && is_own(of_account)).then_some(*name);
    }
    if let Some((_, address)) = word.split_once("://") {
        let parts: Vec<&str> = address.trim_end_matches('/').split('/').collect();
        let [host, of_account, name] = parts.as_slice() else { return Some("") };
        // The first region once had an address without its name.
        let is_here = host.split('.').any(|label| label == region)
            || (*host == "queue.amazonaws.com" && region == "us-east-1");
        return (is_here && is_own(of_account)).then_some(*name);
    }
    Some(word)
}

/// Returns whether SQS takes a name: up to 80 letters, digits, hyphens and underscores, and `.fifo` behind them (SQS API reference,
/// `CreateQueue`).
fn is_name(name: &str) -> bool {
    let plain = name.strip_suffix(".fifo").unwrap_or(name);
    (1..=80).contains(&name.len())
        && !plain.is_empty()
        && plain.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_".contains(sign))
}

/// Returns whether a service has tasks that could read anything.
fn works(service: &EcsService) -> bool {
    service.status.as_deref().is_none_or(|status| status == "ACTIVE")
        && (service.running_count > 0 || service.desired_count > 0)
}

/// Returns whether a target scales a service.
fn is_of(target: &ScalableTarget, service: &Resource<EcsService>) -> bool {
    // Behind the word stand cluster and service, as in the service's id.
    target.resource_id.strip_prefix("service/") == Some(service.id.as_str())
}

fn parts(server: ResourceRef, queues: BTreeSet<ResourceId>) -> impl Iterator<Item = ResourceRef> {
    queues.into_iter().map(move |queue| ResourceRef { id: queue, ..server.clone() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::environment::Environment;
    use crate::resource::Tags;
    use crate::resource::alarm::Alarm;

    fn of<K>(id: &str, kind: K) -> Resource<K> {
        Resource {
            id: id.into(),
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            tags: Tags::new(),
            kind,
        }
    }

    fn service(name: &str, tag: Option<&str>) -> Resource<EcsService> {
        let kind = serde_json::from_value(serde_json::json!({
            "service_arn": null, "cluster": "arena", "service_name": name, "status": "ACTIVE",
            "desired_count": 1, "running_count": 1, "pending_count": 0, "launch_type": "FARGATE",
            "capacity_provider_strategy": [], "scheduling_strategy": "REPLICA",
            "deployment_controller": "ECS", "deployments": 1, "created_at": null,
            "target_groups": [], "task_definition": null,
        }))
        .expect("a service");
        let mut service = of(&format!("arena/{name}"), kind);
        service.tags.extend(tag.map(|tag| (QUEUE_TAG.to_owned(), tag.to_owned())));
        service
    }

    fn target(name: &str, queues: &[&str], alarms: &[&str]) -> Resource<ScalableTarget> {
        of(
            "target",
            ScalableTarget {
                scalable_target_arn: None,
                service_namespace: "ecs".to_owned(),
                resource_id: format!("service/arena/{name}"),
                scalable_dimension: "ecs:service:DesiredCount".to_owned(),
                min_capacity: 0,
                max_capacity: 4,
                scaling_in_suspended: false,
                creation_time: None,
                policies: Some(vec![TargetPolicy {
                    policy_name: "backlog".to_owned(),
                    policy_type: "StepScaling".to_owned(),
                    target_value: None,
                    scale_in_disabled: false,
                    alarms: alarms.iter().map(|name| (*name).to_owned()).collect(),
                    queues: queues.iter().map(|name| ResourceId::from(*name)).collect(),
                }]),
                scheduled_actions: None,
            },
        )
    }

    fn alarm(name: &str, namespace: &str, queue: &str, in_expression: &[&str]) -> Resource<Alarm> {
        of(
            name,
            Alarm {
                alarm_arn: None,
                state_value: None,
                state_since: None,
                actions_enabled: None,
                namespace: Some(namespace.to_owned()),
                metric_name: Some("ApproximateNumberOfMessagesVisible".to_owned()),
                dimensions: BTreeMap::from([(DIMENSION.to_owned(), queue.to_owned())]),
                period_seconds: None,
                metric_count: 1,
                expression_queues: in_expression.iter().map(|name| (*name).into()).collect(),
            },
        )
    }

    fn names(found: &ReadQueues) -> Vec<&str> {
        found.names.iter().map(ResourceId::as_str).collect()
    }

    #[test]
    fn a_tag_names_queues_by_name_by_arn_and_by_address() {
        let snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        let tag = "jobs arn:aws:sqs:ap-northeast-2:111122223333:mails.fifo \
                   https://sqs.ap-northeast-2.amazonaws.com/111122223333/pushes";
        let found = snapshot.queues_of_service(&service("worker", Some(tag)));
        assert_eq!(names(&found), ["jobs", "mails.fifo", "pushes"]);
        assert!(found.elsewhere.is_empty());
        assert!(snapshot.queues_of_service(&service("worker", None)).names.is_empty());
    }

    #[test]
    fn what_is_no_name_of_a_queue_is_told() {
        let snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        for wrong in [
            "작업대기열",
            "jobs,mails",
            "\u{1b}[31mred",
            "arn:aws:sqs:ap-northeast-2:111122223333:",
            "https://sqs.ap-northeast-2.amazonaws.com/111122223333/",
            ".fifo",
        ] {
            let found = snapshot.queues_of_service(&service("worker", Some(wrong)));
            assert!(found.names.is_empty() && found.elsewhere.is_empty(), "{wrong}");
            assert_eq!(found.wrong, [wrong]);
        }
        let tag = "https://sqs.ap-northeast-2.amazonaws.com/111122223333/pushes/";
        let found = snapshot.queues_of_service(&service("worker", Some(tag)));
        assert_eq!(names(&found), ["pushes"]);
    }

    #[test]
    fn queues_of_another_account_or_region_are_told_and_not_taken_for_ones_here() {
        let snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        for elsewhere in [
            "arn:aws:sqs:us-east-1:111122223333:jobs",
            "arn:aws:sqs:ap-northeast-2:999988887777:jobs",
            "https://sqs.us-east-1.amazonaws.com/111122223333/jobs",
            "https://sqs.ap-northeast-2.amazonaws.com/999988887777/jobs",
        ] {
            let found = snapshot.queues_of_service(&service("worker", Some(elsewhere)));
            assert!(found.names.is_empty(), "{elsewhere}");
            assert_eq!(found.elsewhere, [elsewhere]);
        }
    }

    #[test]
    fn a_service_reads_what_scales_it_and_alarms_that_nobody_read_are_told() {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        let alarms = ["deep", "busy", "sum", "gone"];
        snapshot.scalable_targets =
            vec![target("worker", &["jobs"], &alarms), target("other", &["not-its"], &[])];
        snapshot.alarms = vec![
            alarm("deep", NAMESPACE, "mails", &[]),
            // Of another namespace a dimension of this name is no queue of SQS.
            alarm("busy", "AWS/Kinesis", "shards", &[]),
            alarm("sum", "", "", &["pushes"]),
        ];
        let found = snapshot.queues_of_service(&service("worker", None));
        assert_eq!(names(&found), ["jobs", "mails", "pushes"]);
        assert_eq!(found.unread_alarms, 1);
        // Nobody listed what scales services.
        assert!(found.are_policies_unread);
        let place = ("111122223333".into(), "ap-northeast-2".into());
        snapshot.listed.entry(ResourceKind::ScalableTarget).or_default().insert(place);
        assert!(!snapshot.queues_of_service(&service("worker", None)).are_policies_unread);
        snapshot.scalable_targets[0].kind.policies = None;
        assert!(snapshot.queues_of_service(&service("worker", None)).are_policies_unread);
        let mut elsewhere = service("other", None);
        elsewhere.region = "us-east-1".into();
        assert!(snapshot.queues_of_service(&elsewhere).names.is_empty());
    }

    #[test]
    fn a_queue_that_several_read_is_measured_once_and_its_readers_are_counted() {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        snapshot.ecs_services =
            vec![service("one", Some("jobs")), service("two", Some("jobs mails"))];
        let measured = snapshot.measured(ResourceKind::EcsService, NAMESPACE);
        let ids: Vec<&str> = measured.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["jobs", "mails"]);
        let readers =
            |queue: &str| snapshot.readers_of_queue(&queue.into(), &snapshot.ecs_services[0]);
        assert_eq!((readers("jobs"), readers("mails"), readers("nobody")), (2, 1, 1));
        assert!(snapshot.measured(ResourceKind::Instance, NAMESPACE).is_empty());
        let mut scaled = snapshot.clone();
        scaled.ecs_services.push(service("three", None));
        scaled.scalable_targets = vec![target("three", &[], &["deep"])];
        scaled.alarms = vec![alarm("deep", NAMESPACE, "mails", &[])];
        assert_eq!(scaled.readers_of_queue(&"mails".into(), &scaled.ecs_services[0]), 2);
        // One without tasks reads nothing.
        scaled.ecs_services[2].kind.running_count = 0;
        scaled.ecs_services[2].kind.desired_count = 0;
        assert_eq!(scaled.readers_of_queue(&"mails".into(), &scaled.ecs_services[0]), 1);
    }
}

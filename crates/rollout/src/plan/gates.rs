//! Which signals a change is watched by.
//!
//! A signal is required where its silence would hide harm that this very change can do, and
//! optional where many machines never had it: then its absence is said and nothing is inferred.

mod balancer;
mod connections;
mod database;
mod function;
mod group;
mod instance;
mod migration;
mod own;
mod prometheus;
mod source;
mod volume;

use std::collections::BTreeSet;

use trimtab_model::action::Action;
use trimtab_model::gate::HealthGate;
use trimtab_model::migration::Migration;
use trimtab_model::plan::RolloutRules;
use trimtab_model::price::PriceBook;
use trimtab_model::recommendation::Projection;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};

use super::inventory::Inventory;
use super::services::Services;
use super::subject::Subject;
use super::units;
use super::watch::Watch;

/// A change, and what its gates are made from.
#[derive(Debug, Clone, Copy)]
pub struct Watched<'a> {
    /// What is done.
    pub action: &'a Action,
    /// To which resource.
    pub resource: &'a ResourceRef,
    /// The use it should see afterwards.
    pub projected: &'a [Projection],
    /// The rules, whose limits the gates have.
    pub rules: &'a RolloutRules,
    /// What there is.
    pub inventory: &'a Inventory<'a>,
    /// The catalogue.
    pub prices: Option<&'a PriceBook>,
    /// What the owner has besides CloudWatch's metrics.
    pub watch: &'a Watch,
    /// The services, of whose other members some serve as controls.
    pub services: &'a Services<'a>,
    /// The migration whose last step it is.
    pub migration: Option<&'a Migration>,
}

/// Returns the gates of a change; none for what nothing measures, such as a free address.
pub fn of(watched: &Watched<'_>) -> Vec<HealthGate> {
    let Some(subject) = watched.inventory.subject(watched.resource) else {
        return Vec::new();
    };
    // What is stopped measures nothing any more: what took its work over is watched.
    if let Some(migration) = watched.migration {
        return migration::gates(watched, migration);
    }
    let gates = match (watched.action, subject) {
        (Action::ModifyInstanceType { from, to }, Subject::Instance(one)) => {
            instance::gates(watched, one, from, to)
        }
        (Action::ModifyVolume { to, .. }, Subject::Volume(one)) => {
            volume::gates(watched, one, &to.volume_type)
        }
        (Action::ModifyDbInstanceClass { to, .. }, Subject::DbInstance(one)) => {
            database::gates(watched, one, to)
        }
        (Action::SwitchDatabase(switch), Subject::DbInstance(one)) => {
            database::gates(watched, one, &switch.to_class)
        }
        (Action::ModifyDbStorage { .. }, Subject::DbInstance(one)) => {
            database::gates(watched, one, &one.kind.db_instance_class)
        }
        (
            Action::UpdateFunctionArchitecture { .. } | Action::UpdateFunctionMemory { .. },
            Subject::Function(_),
        ) => function::gates(watched),
        (Action::ResizeAutoScalingGroup { .. }, Subject::Group(_)) => instance::of_group(watched),
        (Action::RefreshInstances(refresh), Subject::Group(group)) => {
            instance::of_refresh(watched, group, refresh)
        }
        _ => Vec::new(),
    };
    let mut gates: Vec<HealthGate> = gates.into_iter().map(source::Gate::done).collect();
    // What nothing measures is of no use to anybody: an alarm would tell of something else.
    if gates.is_empty() {
        return gates;
    }
    gates.extend(alarms(watched, subject, &gates));
    own::added(watched, subject, gates)
}

/// Returns the gates of the alarms that watch the resource, and the target groups and load
/// balancers in front of it.
fn alarms(watched: &Watched<'_>, subject: Subject<'_>, gates: &[HealthGate]) -> Vec<HealthGate> {
    let kind = match watched.resource.kind {
        ResourceKind::Instance => Some("InstanceId"),
        ResourceKind::Volume => Some("VolumeId"),
        ResourceKind::DbInstance => Some("DBInstanceIdentifier"),
        ResourceKind::Function => Some("FunctionName"),
        ResourceKind::AutoScalingGroup => Some("AutoScalingGroupName"),
        _ => None,
    };
    let own = kind.map(|dimension| (dimension, watched.resource.id.as_str()));
    let groups = gates.iter().map(|gate| gate.source.resource.as_str());
    let groups = groups.filter(|id| id.contains(":targetgroup/")).map(|id| ("TargetGroup", id));
    let balancers: Vec<&Resource<LoadBalancer>> = match subject {
        Subject::Instance(one) => units::behind(one, watched.inventory.snapshot).collect(),
        _ => Vec::new(),
    };
    let balancers = balancers.into_iter().map(|one| match one.kind.load_balancer_type {
        LoadBalancerType::Classic => ("LoadBalancerName", one.id.as_str()),
        _ => ("LoadBalancer", one.id.as_str()),
    });
    let shared: BTreeSet<(&str, &str)> = groups.chain(balancers).collect();
    own.into_iter()
        .chain(shared)
        .map(|(dimension, id)| own::alarm(watched, id, dimension, false))
        .collect()
}

/// Returns a projected use by its name.
fn expected(watched: &Watched<'_>, name: &str) -> Option<f64> {
    watched.projected.iter().find(|one| one.name == name).map(|one| one.percent)
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::{ALARM_NAME, ALARMS, Presence, Signal};
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::db_parameter_group::{DbParameter, DbParameterGroup};
    use trimtab_model::resource::load_balancer::TargetGroup;
    use trimtab_model::snapshot::Snapshot;

    use super::super::sample;
    use super::super::watch::{OwnQuery, PrometheusNames};
    use super::*;

    fn gates(
        snapshot: &Snapshot,
        action: &Action,
        kind: ResourceKind,
        id: &str,
    ) -> Vec<HealthGate> {
        gates_with(snapshot, action, kind, id, &Watch::default())
    }

    fn gates_with(
        snapshot: &Snapshot,
        action: &Action,
        kind: ResourceKind,
        id: &str,
        watch: &Watch,
    ) -> Vec<HealthGate> {
        let resource = sample::reference(kind, id);
        let projected = [Projection { name: "cpu_p99_5".to_owned(), percent: 44.0 }];
        let (rules, book) = (RolloutRules::default(), sample::prices());
        let service_tags = ["Service".to_owned()];
        let changed = BTreeSet::from([resource.clone()]);
        let inventory = Inventory::of(snapshot);
        let services = Services::of(snapshot, &service_tags, &changed);
        of(&Watched {
            action,
            resource: &resource,
            projected: &projected,
            rules: &rules,
            inventory: &inventory,
            prices: Some(&book),
            watch,
            services: &services,
            migration: None,
        })
    }

    fn resize() -> Action {
        Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m6i.large".into() }
    }

    fn find(gates: &[HealthGate], signal: Signal) -> Option<&HealthGate> {
        gates.iter().find(|gate| gate.signal == signal)
    }

    #[test]
    fn a_machine_is_watched_by_cpu_checks_memory_and_traffic() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
        snapshot.load_balancers = vec![sample::balancer(&["i-1", "i-2"], 2)];
        let gates = gates(&snapshot, &resize(), ResourceKind::Instance, "i-1");
        let cpu = find(&gates, Signal::CpuUtilization).unwrap();
        assert_eq!(
            (cpu.presence, cpu.limit, cpu.expected),
            (Presence::Required, Some(80.0), Some(44.0))
        );
        let check = find(&gates, Signal::StatusCheckFailed).unwrap();
        assert_eq!((check.presence, check.limit), (Presence::Required, Some(0.0)));
        // The new type has half the memory: without a figure of it, nothing may pass.
        assert_eq!(find(&gates, Signal::MemoryUtilization).unwrap().presence, Presence::Required);
        for signal in [Signal::LatencyP95, Signal::FailedRequests, Signal::Requests] {
            assert_eq!(find(&gates, signal).unwrap().source.namespace, "AWS/ApplicationELB");
        }
        assert!(find(&gates, Signal::CpuCreditBalance).is_none());
    }

    #[test]
    fn others_of_the_service_are_controls_and_what_is_changed_is_not() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = ["i-1", "i-2"]
            .map(|id| sample::tagged(sample::instance(id, "m5.xlarge"), "Service", "lobby"))
            .into();
        let gates = gates(&snapshot, &resize(), ResourceKind::Instance, "i-1");
        let controls = &find(&gates, Signal::CpuUtilization).unwrap().controls;
        assert_eq!(controls.iter().map(|one| one.resource.as_str()).collect::<Vec<_>>(), ["i-2"]);
    }

    #[test]
    fn a_type_that_lives_on_credits_is_watched_by_them() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
        let action = Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "t3.large".into() };
        let gates = gates(&snapshot, &action, ResourceKind::Instance, "i-1");
        assert!(find(&gates, Signal::CpuCreditBalance).is_some());
    }

    #[test]
    fn a_stopped_machine_has_nothing_to_be_watched_by() {
        let mut snapshot = sample::snapshot();
        let mut instance = sample::instance("i-1", "m5.xlarge");
        instance.kind.state = trimtab_model::resource::instance::InstanceState::Stopped;
        snapshot.instances = vec![instance];
        assert_eq!(gates(&snapshot, &resize(), ResourceKind::Instance, "i-1"), []);
    }

    #[test]
    fn a_replica_is_watched_by_its_lag() {
        let mut snapshot = sample::snapshot();
        let mut replica = sample::database("replica", "db.r6g.xlarge");
        replica.kind.read_replica_source = Some("main".into());
        snapshot.db_instances = vec![replica];
        let action = Action::ModifyDbInstanceClass {
            from: "db.r6g.xlarge".into(),
            to: "db.r6g.large".into(),
        };
        let gates = gates(&snapshot, &action, ResourceKind::DbInstance, "replica");
        assert_eq!(find(&gates, Signal::ReplicaLag).unwrap().presence, Presence::Required);
        // 16 GiB at most 85 % full leave 15 % of them.
        let free = find(&gates, Signal::FreeMemory).unwrap().limit.unwrap();
        assert!((free - 16.0 * 1_073_741_824.0 * 0.15).abs() < 1.0, "{free}");
    }

    #[test]
    fn an_address_has_no_gate() {
        let mut snapshot = sample::snapshot();
        snapshot.addresses = vec![sample::address("eipalloc-1")];
        let action = Action::ReleaseAddress { public_ip: None };
        assert_eq!(gates(&snapshot, &action, ResourceKind::Address, "eipalloc-1"), []);
    }

    #[test]
    fn a_machine_is_watched_by_its_own_target_groups_and_by_those_alarms() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
        let mut balancer = sample::balancer(&["i-1", "i-2", "i-3"], 3);
        let group = |name: &str, targets: &[&str]| TargetGroup {
            target_group_arn: format!("arn:aws:elasticloadbalancing:r:1:targetgroup/{name}").into(),
            target_ids: targets.iter().map(|&target| target.to_owned()).collect(),
            healthy: 3,
            unhealthy: Some(0),
        };
        balancer.kind.target_groups =
            Some(vec![group("lobby/1", &["i-1", "i-2"]), group("chat/2", &["i-3"])]);
        snapshot.load_balancers = vec![balancer];
        let gates = gates(&snapshot, &resize(), ResourceKind::Instance, "i-1");
        let of = |signal| find(&gates, signal).unwrap();
        for signal in
            [Signal::LatencyP95, Signal::FailedRequests, Signal::Requests, Signal::UnhealthyHosts]
        {
            assert!(of(signal).source.resource.as_str().ends_with("targetgroup/lobby/1"));
        }
        let ill = of(Signal::UnhealthyHosts);
        assert_eq!((ill.limit, ill.presence), (Some(0.0), Presence::Required));
        assert_eq!(ill.source.statistic, Statistic::Maximum);
        assert!(!gates.iter().any(|gate| gate.source.resource.as_str().contains("chat")));
        let alarms: Vec<&str> = gates
            .iter()
            .filter(|gate| gate.signal == Signal::Alarm)
            .map(|gate| gate.source.metric.as_str())
            .collect();
        assert_eq!(alarms, ["InstanceId", "LoadBalancer", "TargetGroup"]);
        assert!(
            gates
                .iter()
                .all(|gate| { gate.signal != Signal::Alarm || gate.source.namespace == ALARMS })
        );
    }

    #[test]
    fn prometheus_stands_in_for_an_agent_and_tells_of_requests() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = ["i-1", "i-2"]
            .map(|id| sample::tagged(sample::instance(id, "m5.xlarge"), "Service", "lobby"))
            .into();
        let watch = Watch {
            prometheus: Some(PrometheusNames {
                instance_label: "instance_id".to_owned(),
                matchers: String::new(),
            }),
            ..Watch::default()
        };
        let gates = gates_with(&snapshot, &resize(), ResourceKind::Instance, "i-1", &watch);
        let memory = find(&gates, Signal::MemoryUtilization).unwrap();
        assert_eq!(memory.source.namespace, "CWAgent");
        let query = memory.stand_ins[0].query.as_deref().unwrap();
        assert!(query.contains("instance_id=\"i-1\""), "{query}");
        let latency = find(&gates, Signal::LatencyP95).unwrap();
        assert_eq!((latency.presence, latency.limit), (Presence::Optional, Some(200.0)));
        // The other of the service is the control, by a query of its own.
        let beside = latency.controls[0].query.as_deref().unwrap();
        assert!(beside.contains("instance_id=\"i-2\""), "{beside}");
        assert!(find(&gates, Signal::Availability).is_some());
    }

    #[test]
    fn what_the_owner_asks_for_takes_the_place_of_the_default_and_must_be_there() {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![
            sample::tagged(sample::instance("i-1", "m5.xlarge"), "Service", "Game Lobby"),
            sample::tagged(sample::instance("i-2", "m5.xlarge"), "Service", "chat\"} or up"),
        ];
        let own = |service: Option<&str>, signal, query: &str| OwnQuery {
            service: service.map(str::to_owned),
            signal,
            query: query.to_owned(),
            scale: 1_000.0,
            step_seconds: 30,
            limit: None,
        };
        let watch = Watch {
            queries: vec![
                own(Some("game-lobby"), Signal::CpuUtilization, "cpu{id=\"$id\"}"),
                own(None, Signal::LatencyP95, "p95{service=\"$service\"}"),
            ],
            alarms: vec!["everything".to_owned()],
            ..Watch::default()
        };
        let of = |id| gates_with(&snapshot, &resize(), ResourceKind::Instance, id, &watch);
        let (lobby, chat) = (of("i-1"), of("i-2"));
        let cpu = find(&lobby, Signal::CpuUtilization).unwrap();
        assert_eq!(cpu.source.query.as_deref(), Some("cpu{id=\"i-1\"}"));
        assert_eq!(
            (cpu.presence, cpu.limit, cpu.expected),
            (Presence::Required, Some(80.0), Some(44.0))
        );
        assert_eq!(lobby.iter().filter(|gate| gate.signal == cpu.signal).count(), 1);
        assert_eq!(find(&chat, Signal::CpuUtilization).unwrap().source.query, None);
        // What stands in a tag stays in its quotation marks.
        let latency = find(&chat, Signal::LatencyP95).unwrap();
        assert_eq!(latency.source.query.as_deref(), Some(r#"p95{service="chat\"}-or-up"}"#));
        let named = lobby.iter().find(|gate| gate.source.metric == ALARM_NAME).unwrap();
        assert_eq!(
            (named.source.resource.as_str(), named.presence),
            ("everything", Presence::Required)
        );
    }

    #[test]
    fn a_database_has_limits_for_swap_connections_and_lag() {
        let mut snapshot = sample::snapshot();
        let mut replica = sample::database("replica", "db.r6g.xlarge");
        replica.kind.read_replica_source = Some("main".into());
        replica.kind.db_parameter_groups = vec!["own".to_owned()];
        snapshot.db_instances = vec![replica];
        let parameter =
            DbParameter { value: Some("{DBInstanceClassMemory/12582880}".into()), source: None };
        let parameters = Some([("max_connections".to_owned(), parameter)].into());
        snapshot.db_parameter_groups =
            vec![sample::resource("own", DbParameterGroup { parameters })];
        let action = Action::ModifyDbInstanceClass {
            from: "db.r6g.xlarge".into(),
            to: "db.r6g.large".into(),
        };
        let of =
            |snapshot: &Snapshot| gates(snapshot, &action, ResourceKind::DbInstance, "replica");
        let gates = of(&snapshot);
        let limit = |signal| find(&gates, signal).unwrap().limit.unwrap();
        // 80 % of 16 GiB / 12,582,880, and 10 % of 16 GiB.
        assert!((limit(Signal::DatabaseConnections) - 1_365.0 * 0.8).abs() < 1e-6);
        assert!((limit(Signal::Swap) - 1.6 * 1_073_741_824.0).abs() < 1.0);
        assert!((limit(Signal::ReplicaLag) - 60.0).abs() < 1e-9);
        // Without the group nobody knows how many it admits: they are looked at, and no more.
        snapshot.db_parameter_groups.clear();
        let without = of(&snapshot);
        let connections = find(&without, Signal::DatabaseConnections).unwrap();
        assert_eq!((connections.limit, connections.presence), (None, Presence::Optional));
    }
}

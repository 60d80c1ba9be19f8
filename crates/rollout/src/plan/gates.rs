//! Which signals a change is watched by.
//!
//! A signal is required where its silence would hide harm that this very change can do, and
//! optional where many machines never had it: then its absence is said and nothing is inferred.

mod balancer;
mod database;
mod function;
mod instance;
mod source;
mod volume;

use trimtab_model::action::Action;
use trimtab_model::gate::HealthGate;
use trimtab_model::plan::RolloutRules;
use trimtab_model::price::PriceBook;
use trimtab_model::recommendation::Projection;
use trimtab_model::resource::ResourceRef;

use super::inventory::Inventory;
use super::services::Services;
use super::subject::Subject;

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
    /// The services, of whose other members some serve as controls.
    pub services: &'a Services<'a>,
}

/// Returns the gates of a change; none for what nothing measures, such as a free address.
pub fn of(watched: &Watched<'_>) -> Vec<HealthGate> {
    let Some(subject) = watched.inventory.subject(watched.resource) else {
        return Vec::new();
    };
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
        (Action::UpdateFunctionArchitecture { .. }, Subject::Function(_)) => {
            function::gates(watched)
        }
        (Action::ResizeAutoScalingGroup { .. }, Subject::Group(_)) => instance::of_group(watched),
        (Action::RefreshInstances(refresh), Subject::Group(group)) => {
            instance::of_refresh(watched, group, refresh)
        }
        _ => Vec::new(),
    };
    gates.into_iter().map(source::Gate::done).collect()
}

/// Returns a projected use by its name.
fn expected(watched: &Watched<'_>, name: &str) -> Option<f64> {
    watched.projected.iter().find(|one| one.name == name).map(|one| one.percent)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use trimtab_model::gate::{Presence, Signal};
    use trimtab_model::resource::ResourceKind;
    use trimtab_model::snapshot::Snapshot;

    use super::super::sample;
    use super::*;

    fn gates(
        snapshot: &Snapshot,
        action: &Action,
        kind: ResourceKind,
        id: &str,
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
            services: &services,
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
}

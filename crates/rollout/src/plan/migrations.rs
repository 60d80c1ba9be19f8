//! Servers whose work a function took over: the last step of a migration is a stop.
//!
//! The recommendation to convert a server names no call of AWS. Where a migration says that the
//! function is there, it becomes the stop of the server, which can be started again.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use trimtab_model::action::Action;
use trimtab_model::id::InstanceType;
use trimtab_model::migration::{Migration, Replaced};
use trimtab_model::recommendation::{PerformanceRisk, Recommendation};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::Reason;

use super::inventory::Inventory;
use super::subject::Subject;

/// The highest risk of a stop, which Compute Optimizer calls low: the function did the work for all
/// of its soak, which is looked at again before.
const RISK: u8 = 1;

/// Recommendations, by what becomes of them.
pub(super) struct Divided<'a> {
    /// Those that no migration is about.
    pub(super) rest: Vec<&'a Recommendation>,
    /// Those that became a stop, each with its migration.
    pub(super) stopped: Vec<(Recommendation, &'a Migration)>,
    /// Those whose stop only the guide of the project does.
    pub(super) by_hand: Vec<(&'a Recommendation, Reason)>,
}

/// Sorts recommendations by what migrations make of them.
pub(super) fn divide<'a>(
    recommendations: Vec<&'a Recommendation>,
    inventory: &Inventory<'a>,
    migrations: &'a [Migration],
) -> Divided<'a> {
    let converted: BTreeSet<&ResourceRef> = recommendations
        .iter()
        .filter(|one| matches!(one.action, Action::ConvertServerless(_)))
        .map(|one| &one.resource)
        .collect();
    let mut divided = Divided { rest: Vec::new(), stopped: Vec::new(), by_hand: Vec::new() };
    for one in recommendations {
        let known = match &one.action {
            Action::ConvertServerless(conversion) => InstanceType::new(&conversion.server),
            // A server whose work a function does already is idle, and no candidate any more.
            Action::StopInstance { instance_type } if !converted.contains(&one.resource) => {
                instance_type.clone()
            }
            _ => {
                divided.rest.push(one);
                continue;
            }
        };
        let migration = migrations.iter().find(|migration| migration.is_of(&one.resource));
        match migration.map(|migration| (migration, &migration.replaces)) {
            None => divided.rest.push(one),
            Some((migration, Replaced::Service { .. })) => {
                divided.by_hand.push((one, by_hand(migration)));
            }
            Some((migration, Replaced::Instance { .. })) => {
                // What is stopped is what runs, whatever type it was to get first.
                let instance_type = match inventory.subject(&one.resource) {
                    Some(Subject::Instance(found)) => found.kind.instance_type.clone(),
                    _ => known,
                };
                let mut stopped = one.clone();
                stopped.action = Action::StopInstance { instance_type };
                stopped.performance_risk = stopped.performance_risk.min(PerformanceRisk::new(RISK));
                divided.stopped.push((stopped, migration));
            }
        }
    }
    divided
}

/// Returns how long a function is watched after the stop at least.
pub(super) fn watched(migration: &Migration) -> SignedDuration {
    SignedDuration::from_hours(i64::from(migration.stop_days.max(1)).saturating_mul(24))
}

/// Says that a resource gets no other change.
pub(super) fn stopped_for_good(migration: &Migration) -> Reason {
    let name = &migration.name;
    Reason::new(
        "stopped-for-good",
        format!(
            "The same plan stops it, since the function {name} does its work: nothing else is changed of it."
        ),
        format!("함수 {name}에 작업을 넘겨 같은 계획에서 중지하므로 다른 변경은 하지 않습니다."),
    )
}

/// Says that a volume is changed later.
pub(super) fn stopped_first(migration: &Migration) -> Reason {
    let server = migration.replaces.label();
    Reason::new(
        "stopped-first",
        format!("The same plan stops {server}, which it is attached to: plan it again after that."),
        format!("연결된 {server}을(를) 같은 계획에서 중지합니다. 중지한 뒤에 다시 계획하세요."),
    )
}

fn by_hand(migration: &Migration) -> Reason {
    let (name, kind) = (&migration.name, ResourceKind::EcsService.as_str());
    let commands = migration.stop.join(" && ");
    Reason::new(
        "stop-by-hand",
        format!(
            "trimtab does not change {kind} itself: phase `stop` of the migration {name} does it: {commands}"
        ),
        format!(
            "trimtab이 직접 변경하지 않는 자원입니다({kind}). {name} 전환의 `stop` 단계 명령으로 중지합니다: {commands}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::journal::{ChangeOutcome, Journal};
    use trimtab_model::plan::{ChangeClass, Plan, RecoveryPoint};
    use trimtab_model::serverless::{Conversion, FunctionArchitecture, Trigger};

    use super::super::{Finding, PlanRequest, Severity, create, export, inverse, lint, sample};
    use super::*;
    use crate::simulate::{Limits, World, play, proof};

    fn convert() -> Action {
        Action::ConvertServerless(Conversion {
            server: "m5.large".to_owned(),
            memory_mb: 512,
            architecture: FunctionArchitecture::Arm64,
            trigger: Trigger::Event,
        })
    }

    fn migration(replaces: Replaced) -> Migration {
        let stop = vec!["aws ecs update-service --desired-count 0".to_owned()];
        Migration { replaces, stop, ..sample::migration("i-1") }
    }

    fn machine() -> Migration {
        migration(Replaced::Instance { id: "i-1".into() })
    }

    fn plan(migrations: Vec<Migration>, others: &[Recommendation]) -> Plan {
        plan_of(convert(), migrations, others)
    }

    fn plan_of(action: Action, migrations: Vec<Migration>, others: &[Recommendation]) -> Plan {
        let mut snapshot = sample::snapshot();
        snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
        let of = snapshot.instances[0].reference(ResourceKind::Instance);
        let mut wished = others.to_vec();
        let mut one = sample::recommendation("R-1", of, action, "40");
        one.performance_risk = PerformanceRisk::new(3);
        wished.push(one);
        let request = PlanRequest { migrations, ..sample::request() };
        create(&wished, &snapshot, Some(&sample::prices()), &sample::rules(), &request)
    }

    fn left(plan: &Plan) -> Vec<(&str, &str)> {
        plan.left_out
            .iter()
            .map(|one| (one.recommendation.as_str(), one.reason.code.as_str()))
            .collect()
    }

    #[test]
    fn without_a_migration_the_function_comes_first() {
        let plan = plan(Vec::new(), &[]);
        assert_eq!((plan.changes().count(), left(&plan)), (0, vec![("R-1", "function-first")]));
    }

    #[test]
    fn with_one_the_server_is_stopped_and_the_function_is_watched() {
        let plan = plan(vec![machine()], &[]);
        let change = plan.changes().next().expect("a change");
        // What runs is stopped, and not what it was to become.
        assert_eq!(change.action, Action::StopInstance { instance_type: "m5.xlarge".into() });
        assert_eq!(
            (change.class, &change.recovery),
            (ChangeClass::Reversible, &RecoveryPoint::Settings)
        );
        assert!(change.downtime_budget.is_zero());
        assert!(change.soak >= SignedDuration::from_hours(24));
        assert_eq!(change.risk.value(), RISK);
        assert_eq!(change.migration.as_deref(), Some(&machine()));
        assert!(change.estimated_monthly_savings.likely.is_positive());
        let found = lint(&plan, sample::now());
        let is_wrong = |one: &&Finding| one.change.is_some() && one.severity == Severity::Error;
        assert_eq!(found.iter().find(is_wrong), None);
        for code in ["migration", "start-needs-capacity"] {
            assert!(found.iter().any(|one| one.reason.code == code), "{code}: {found:?}");
        }
    }

    #[test]
    fn a_server_whose_work_is_done_already_is_idle_and_stopped_all_the_same() {
        let idle = || Action::StopInstance { instance_type: "m5.xlarge".into() };
        let with = plan_of(idle(), vec![machine()], &[]);
        let change = with.changes().next().expect("a change");
        assert_eq!(change.action, idle());
        assert_eq!(change.migration.as_deref(), Some(&machine()));
        assert_eq!(plan_of(idle(), Vec::new(), &[]).changes().count(), 0);
    }

    #[test]
    fn what_the_migration_says_is_in_the_hash() {
        let first = plan(vec![machine()], &[]);
        let mut strict = machine();
        strict.soak_days = 30;
        let second = plan(vec![strict], &[]);
        assert_ne!(first.hash().expect("a hash"), second.hash().expect("a hash"));
    }

    #[test]
    fn another_size_of_what_is_stopped_for_good_is_left_out_though_it_saves_more() {
        let machine_of = sample::instance("i-1", "m5.xlarge");
        let resize = sample::resizing("R-0", &machine_of, "90");
        let plan = plan(vec![machine()], &[resize]);
        assert_eq!(left(&plan), [("R-0", "stopped-for-good")]);
        assert_eq!(plan.changes().count(), 1);
    }

    #[test]
    fn a_volume_of_what_is_stopped_is_planned_after_that() {
        let mut snapshot = sample::snapshot();
        let mut machine_of = sample::instance("i-1", "m5.xlarge");
        machine_of.kind.volume_ids = vec!["vol-1".into()];
        let of = machine_of.reference(ResourceKind::Instance);
        snapshot.instances = vec![machine_of];
        snapshot.volumes = vec![sample::volume("vol-1", "gp2", Some("i-1"))];
        let to_gp3 = Action::ModifyVolume {
            from: sample::settings("gp2", Some(300)),
            to: sample::settings("gp3", Some(3_000)),
            size_gib: 100,
        };
        let volume = sample::reference(ResourceKind::Volume, "vol-1");
        let wished = [
            sample::recommendation("R-0", volume, to_gp3, "2"),
            sample::recommendation("R-1", of, convert(), "40"),
        ];
        let codes = |migrations| {
            let request = PlanRequest { migrations, ..sample::request() };
            let (prices, rules) = (sample::prices(), sample::rules());
            let plan = create(&wished, &snapshot, Some(&prices), &rules, &request);
            let left = plan.left_out.iter().map(|one| one.reason.code.clone());
            (plan.changes().count(), left.collect::<Vec<String>>())
        };
        assert_eq!(codes(Vec::new()), (1, vec!["function-first".to_owned()]));
        assert_eq!(codes(vec![machine()]), (1, vec!["stopped-first".to_owned()]));
    }

    #[test]
    fn a_migration_of_something_else_changes_nothing() {
        let other = migration(Replaced::Instance { id: "i-2".into() });
        assert_eq!(left(&plan(vec![other], &[])), [("R-1", "function-first")]);
    }

    #[test]
    fn a_stop_that_no_migration_asks_for_is_not_made_beside_one() {
        let of = sample::instance("i-1", "m5.xlarge").reference(ResourceKind::Instance);
        let stop = Action::StopInstance { instance_type: "m5.xlarge".into() };
        let plan = plan(vec![machine()], &[sample::recommendation("R-0", of, stop, "90")]);
        assert_eq!(left(&plan), [("R-0", "not-built")]);
        assert_eq!(plan.changes().count(), 1);
    }

    #[test]
    fn a_service_of_ecs_is_left_to_the_guide_whose_command_is_named() {
        let service = Replaced::Service {
            cluster: "games".to_owned(),
            service: "notices".to_owned(),
            desired_count: 2,
        };
        let of = sample::reference(ResourceKind::EcsService, "games/notices");
        let wished = [sample::recommendation("R-0", of, convert(), "40")];
        let plan = plan(vec![migration(service)], &wished);
        assert_eq!(left(&plan), [("R-0", "stop-by-hand"), ("R-1", "function-first")]);
        let text = &plan.left_out[0].reason.text;
        assert!(text.en.contains("--desired-count 0") && text.ko.contains("--desired-count 0"));
    }

    #[test]
    fn a_machine_that_is_stopped_already_or_gone_is_not_stopped() {
        let wished = [sample::recommendation(
            "R-1",
            sample::reference(ResourceKind::Instance, "i-1"),
            convert(),
            "40",
        )];
        let request = PlanRequest { migrations: vec![machine()], ..sample::request() };
        let code = |snapshot| {
            let prices = sample::prices();
            let plan = create(&wished, &snapshot, Some(&prices), &sample::rules(), &request);
            plan.left_out.first().map(|one| one.reason.code.clone())
        };
        assert_eq!(code(sample::snapshot()).as_deref(), Some("not-in-inventory"));
        let mut stopped = sample::snapshot();
        let mut machine = sample::instance("i-1", "m5.large");
        machine.kind.state = trimtab_model::resource::instance::InstanceState::Stopped;
        stopped.instances = vec![machine];
        assert_eq!(code(stopped).as_deref(), Some("already-so"));
    }

    #[test]
    fn it_is_stopped_watched_and_confirmed_and_the_proof_holds() {
        let plan = plan(vec![machine()], &[]);
        let mut world = World::of_plan(&plan, None, Some(&sample::prices()), sample::now(), 1);
        let played = play(&plan, &mut world, Journal::default(), &Limits::default());
        let found = proof(&plan, &played.journal, &mut world);
        let change = found.changes.first().expect("a change");
        assert_eq!(change.outcome, Some(ChangeOutcome::Confirmed), "{:#?}", played.journal);
        assert_eq!((change.found.as_str(), change.agrees()), ("stopped", true));
        assert!(found.holds(), "{found:?}");
        // No call of ours leads back once a run is over: the command does.
        let back = inverse(&plan, &played.journal, "lee", sample::now());
        assert_eq!(back.changes().count(), 0);
        let reason = &back.left_out.first().expect("the stop").reason;
        assert_eq!(reason.code, "start-by-hand");
        assert!(reason.text.ko.contains("start-instances --instance-ids i-1"), "{reason:?}");
    }

    #[test]
    fn the_script_stops_it_and_says_how_it_is_started_again() {
        let script = export::awscli(&plan(vec![machine()], &[]));
        let lines = |text: &str| script.lines().any(|line| line.contains(text));
        assert!(lines("run aws ec2 stop-instances --instance-ids"), "{script}");
        assert!(lines("# undo: aws ec2 start-instances --instance-ids"), "{script}");
    }
}

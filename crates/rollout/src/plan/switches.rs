//! Databases that get another class or size by way of a copy.
//!
//! Storage shrinks in no other way. A class is changed so in production where the owner's rules
//! say so, for the seconds of a switch instead of the minutes of a change in place.

use trimtab_model::action::{Action, Configuration, DatabaseSwitch};
use trimtab_model::environment::Environment;
use trimtab_model::plan::RolloutRules;
use trimtab_model::recommendation::{Recommendation, Undo};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::text::Text;

use super::draft::environment;
use super::inventory::Inventory;
use super::subject::Subject;
use crate::preflight::SWITCHED_ENGINES;

/// Recommendations that stay as they are, and those that become a switch to a copy.
pub(super) fn divide<'a>(
    recommendations: Vec<&'a Recommendation>,
    inventory: &Inventory<'a>,
    rules: &RolloutRules,
) -> (Vec<&'a Recommendation>, Vec<Recommendation>) {
    let mut rest = Vec::new();
    let mut switched = Vec::new();
    for one in recommendations {
        match switch(one, inventory, rules) {
            Some(action) => switched.push(by_copy(one, action)),
            None => rest.push(one),
        }
    }
    (rest, switched)
}

/// Returns the switch that a recommendation comes to, if it comes to one.
fn switch(
    recommendation: &Recommendation,
    inventory: &Inventory<'_>,
    rules: &RolloutRules,
) -> Option<DatabaseSwitch> {
    let subject = inventory.subject(&recommendation.resource)?;
    let Subject::DbInstance(database) = subject else { return None };
    let plain = of(database)?;
    match &recommendation.action {
        Action::Configure {
            from: Configuration::DbAllocatedStorage { allocated_storage_gib: from, .. },
            to: Configuration::DbAllocatedStorage { allocated_storage_gib: to, .. },
        } if to < from => {
            Some(DatabaseSwitch { from_storage_gib: *from, to_storage_gib: *to, ..plain })
        }
        Action::ModifyDbInstanceClass { from, to }
            if rules.blue_green && environment(recommendation, subject) == Environment::Prod =>
        {
            Some(DatabaseSwitch { from_class: from.clone(), to_class: to.clone(), ..plain })
        }
        _ => None,
    }
}

/// Returns a switch to a copy that is the same; none for a database that RDS makes no such copy
/// of, or whose copies would change more than itself.
fn of(database: &Resource<DbInstance>) -> Option<DatabaseSwitch> {
    let kind = &database.kind;
    let is_alone = kind.db_cluster_identifier.is_none()
        && kind.read_replica_source.is_none()
        && kind.read_replicas.is_empty();
    if !is_alone || !SWITCHED_ENGINES.contains(&kind.engine.as_str()) {
        return None;
    }
    let gib = kind.allocated_storage_gib?;
    Some(DatabaseSwitch {
        source_arn: kind.db_instance_arn.clone()?,
        from_class: kind.db_instance_class.clone(),
        to_class: kind.db_instance_class.clone(),
        from_storage_gib: gib,
        to_storage_gib: gib,
    })
}

fn by_copy(recommendation: &Recommendation, action: DatabaseSwitch) -> Recommendation {
    let mut copied = recommendation.clone();
    copied.action = Action::SwitchDatabase(action);
    copied.undo = Undo::Compensating(Text::new(
        "until the switch, by leaving it alone; afterwards only by hand, without what was written since",
        "전환 전에는 그대로 두면 됨. 전환 후에는 수동으로만 가능하며 이후 기록은 빠짐",
    ));
    copied
}

#[cfg(test)]
mod tests {
    use trimtab_model::plan::Plan;
    use trimtab_model::resource::ResourceKind;

    use super::super::{create, sample};
    use super::*;

    fn plan(action: Action, blue_green: bool, alter: impl FnOnce(&mut DbInstance)) -> Plan {
        let mut database = sample::database("game", "db.r6g.xlarge");
        database.kind.db_instance_arn = Some("arn:aws:rds:r:1:db:game".to_owned());
        database.kind.allocated_storage_gib = Some(1_000);
        alter(&mut database.kind);
        let reference = database.reference(ResourceKind::DbInstance);
        let recommended = [sample::recommendation("R-1", reference, action, "50.00")];
        let mut snapshot = sample::snapshot();
        snapshot.db_instances = vec![database];
        let rules = RolloutRules { blue_green, ..sample::rules() };
        create(&recommended, &snapshot, Some(&sample::prices()), &rules, &sample::request())
    }

    fn shrink() -> Action {
        let of = |gib| Configuration::DbAllocatedStorage {
            db_instance_arn: None,
            allocated_storage_gib: gib,
        };
        Action::Configure { from: of(1_000), to: of(400) }
    }

    fn class() -> Action {
        Action::ModifyDbInstanceClass { from: "db.r6g.xlarge".into(), to: "db.r6g.large".into() }
    }

    fn only(plan: &Plan) -> Option<&DatabaseSwitch> {
        match &plan.changes().next()?.action {
            Action::SwitchDatabase(switch) => Some(switch),
            _ => None,
        }
    }

    #[test]
    fn storage_shrinks_by_a_copy_of_the_same_class() {
        let plan = plan(shrink(), false, |_| {});
        let switch = only(&plan).expect("a switch");
        assert_eq!((switch.class(), switch.storage_gib()), (None, Some(400)));
        let change = plan.changes().next().expect("a change");
        assert_eq!(change.recovery, trimtab_model::plan::RecoveryPoint::DbSnapshot);
        assert!(!change.gates.is_empty());
    }

    #[test]
    fn a_class_in_production_is_changed_by_a_copy_where_the_owner_says_so() {
        let with = plan(class(), true, |_| {});
        assert_eq!(only(&with).map(|one| one.to_class.as_str()), Some("db.r6g.large"));
        let without = plan(class(), false, |_| {});
        assert!(only(&without).is_none() && without.changes().count() == 1);
        // An engine without such copies is changed in place.
        let oracle = plan(class(), true, |one| "oracle-ee".clone_into(&mut one.engine));
        assert!(only(&oracle).is_none() && oracle.changes().count() == 1);
    }

    #[test]
    fn a_database_with_replicas_is_not_copied() {
        let plan = plan(shrink(), true, |one| one.read_replicas = vec!["game-ro".into()]);
        assert_eq!(plan.changes().count(), 0);
        let code = plan.left_out.first().map(|one| one.reason.code.as_str());
        assert_eq!(code, Some("not-built"));
    }
}

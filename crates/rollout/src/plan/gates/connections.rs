//! How many connections a database may have open.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::database::formula::{Variables, value};
use trimtab_model::id::DbInstanceClass;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;

use super::Watched;

const BYTES_OF_A_GIB: f64 = 1_073_741_824.0;

/// Returns how many connections are too many in a class: a share of those that the parameter
/// group admits there. Absent where the group was not read or its formula has no value.
pub(super) fn most(
    watched: &Watched<'_>,
    database: &Resource<DbInstance>,
    class: &DbInstanceClass,
) -> Option<f64> {
    let facts = watched.prices?.db_classes.get(class)?;
    let memory = facts.memory_gib.to_f64()? * BYTES_OF_A_GIB;
    let storage = database.kind.allocated_storage_gib.map(u64::from);
    let variables = Variables {
        // A number of bytes: no fraction, and far below the limit of the type.
        memory: Some(memory as u64),
        vcpu: Some(facts.vcpu),
        allocated_storage: storage.map(|gib| gib << 30),
        is_replica: Some(database.kind.read_replica_source.is_some()),
    };
    let limit = value(formula(watched, database)?, variables).ok()?;
    (limit > 0).then(|| limit as f64 * watched.rules.limits.connections_percent / 100.0)
}

fn formula<'a>(watched: &Watched<'a>, database: &Resource<DbInstance>) -> Option<&'a str> {
    let groups = watched.inventory.snapshot.db_parameter_groups.iter();
    let mut own = groups.filter(|group| {
        group.account == database.account
            && group.region == database.region
            && database.kind.db_parameter_groups.iter().any(|name| *name == group.id.as_str())
    });
    let parameters = own.next()?.kind.parameters.as_ref()?;
    parameters.get("max_connections")?.value.as_deref()
}

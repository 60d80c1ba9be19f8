//! What the parameter group of a DB instance says of connections and buffers.

use trimtab_model::evidence::UnseenSignal;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::db_parameter_group::{DbParameter, DbParameterGroup};
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::formula::is_fixed;

/// The unit of `shared_buffers`: a page of PostgreSQL.
pub const PAGE_BYTES: f64 = 8192.0;

/// The parameter group of a DB instance, where it was read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parameters<'a> {
    group: Option<(&'a str, &'a DbParameterGroup)>,
    /// What a cluster's group sets as well is only told by a value that somebody set here.
    in_cluster: bool,
    /// `AllocatedStorage` in bytes, which formulas may name.
    pub allocated_storage_bytes: Option<u64>,
    /// `TrueIfReplica`, which formulas may name.
    pub is_replica: Option<bool>,
}

impl<'a> Parameters<'a> {
    /// Finds the group of a DB instance.
    pub fn of(facts: &Facts<'a>, db: &Resource<DbInstance>) -> Self {
        let named = db.kind.db_parameter_groups.iter().find_map(|name| {
            facts.snapshot.db_parameter_groups.iter().find(|group| {
                group.id.as_str() == name
                    && group.account == db.account
                    && group.region == db.region
                    && group.kind.parameters.is_some()
            })
        });
        Self {
            group: named.map(|group| (group.id.as_str(), &group.kind)),
            in_cluster: db.kind.db_cluster_identifier.is_some(),
            allocated_storage_bytes: db.kind.allocated_storage_gib.map(|gib| u64::from(gib) << 30),
            is_replica: Some(db.kind.read_replica_source.is_some()),
        }
    }

    /// Returns the name of the group.
    pub fn group(&self) -> Option<&'a str> {
        self.group.map(|(name, _)| name)
    }

    /// Returns the number or formula of `max_connections`.
    pub fn max_connections(&self) -> Option<&'a str> {
        self.value("max_connections")
    }

    /// Returns the size of the engine's buffer as its group has it, and the bytes of its unit.
    pub fn buffer(&self) -> Option<(&'a str, f64)> {
        let of = |name, unit| Some((self.value(name)?, unit));
        of("innodb_buffer_pool_size", 1.0).or_else(|| of("shared_buffers", PAGE_BYTES))
    }

    /// Returns the size of the engine's buffer in bytes, where it is the same on every class.
    pub fn fixed_buffer_bytes(&self) -> Option<f64> {
        let (value, unit) = self.buffer().filter(|(value, _)| is_fixed(value))?;
        Some(value.trim().parse::<f64>().ok()? * unit)
    }

    /// Returns what could not be seen of a group that somebody made.
    pub fn unseen(&self, db: &DbInstance) -> Option<UnseenSignal> {
        let own = db.db_parameter_groups.iter().find(|group| !group.starts_with("default."))?;
        self.group.is_none().then(|| UnseenSignal {
            name: "parameters".to_owned(),
            text: Text::new(
                format!("The parameter group {own} was not read: what it fixes was not checked. describe-db-parameters says."),
                format!("파라미터 그룹 {own}을(를) 읽지 못해 고정된 값을 확인하지 못했습니다. describe-db-parameters로 확인할 수 있습니다."),
            ),
        })
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        let (_, group) = self.group?;
        let DbParameter { value, source } = group.parameters.as_ref()?.get(name)?;
        let decides = !self.in_cluster || source.as_deref() == Some("user");
        value.as_deref().filter(|_| decides)
    }
}

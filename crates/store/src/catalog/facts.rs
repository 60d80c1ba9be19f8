//! Type facts, parsed once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use trimtab_model::id::{DbInstanceClass, InstanceType, RegionId};
use trimtab_model::price::{DbClassFacts, InstanceTypeFacts};

use super::row::{DbClassRow, InstanceTypeRow, OfferingRow, decimal, read};
use super::table::{DB_CLASSES, INSTANCE_OFFERINGS, INSTANCE_TYPES};

/// Returns the facts of every EC2 type in the catalogue.
pub fn instance_types() -> &'static BTreeMap<InstanceType, InstanceTypeFacts> {
    static TYPES: OnceLock<BTreeMap<InstanceType, InstanceTypeFacts>> = OnceLock::new();
    // Rows are read by position, and this column stands behind those that nothing reads.
    let coremark = INSTANCE_TYPES.header().iter().position(|name| *name == "coremark_iter_s");
    TYPES.get_or_init(|| {
        INSTANCE_TYPES
            .rows()
            .map(|record| {
                let measured =
                    coremark.and_then(|at| record.get(at)).and_then(|one| one.parse().ok());
                InstanceTypeFacts { coremark: measured, ..instance_type(read(&record)) }
            })
            .map(|facts| (facts.instance_type.clone(), facts))
            .collect()
    })
}

fn instance_type(row: InstanceTypeRow<'_>) -> InstanceTypeFacts {
    InstanceTypeFacts {
        instance_type: row.instance_type.into(),
        family: row.family.to_owned(),
        size: row.size.to_owned(),
        series: row.series.to_owned(),
        generation: row.generation,
        attributes: row.attributes.to_owned(),
        current_generation: row.current_generation,
        bare_metal: row.bare_metal,
        burstable: row.burstable,
        hypervisor: row.hypervisor.map(str::to_owned),
        architecture: row.architecture.to_owned(),
        cpu_vendor: row.cpu_vendor.map(str::to_owned),
        vcpu: row.vcpu,
        memory_mib: row.memory_mib,
        network_baseline_gbps: row.network_baseline_gbps,
        ebs_baseline_mb_s: row.ebs_baseline_mb_s,
        ebs_baseline_iops: row.ebs_baseline_iops,
        instance_store_gb: row.instance_store_gb,
        accelerators: row.accelerators,
        coremark: None,
    }
}

/// Returns the facts of every RDS class in the catalogue.
pub fn db_classes() -> &'static BTreeMap<DbInstanceClass, DbClassFacts> {
    static CLASSES: OnceLock<BTreeMap<DbInstanceClass, DbClassFacts>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        DB_CLASSES
            .rows()
            .map(|record| db_class(read(&record)))
            .map(|facts| (facts.db_instance_class.clone(), facts))
            .collect()
    })
}

fn db_class(row: DbClassRow<'_>) -> DbClassFacts {
    DbClassFacts {
        db_instance_class: row.db_class.into(),
        family: row.family.to_owned(),
        vcpu: row.vcpu,
        memory_gib: decimal(row.memory_gib),
        current_generation: row.current_generation,
    }
}

/// Returns the types that `region` offers; nothing where the catalogue does not know the region.
pub(super) fn offered(region: &RegionId) -> Option<BTreeSet<InstanceType>> {
    let offers = |record: &csv::StringRecord| {
        let row: OfferingRow<'_> = read(record);
        row.regions
            .split(' ')
            .any(|name| name == region.as_str())
            .then(|| InstanceType::from(row.instance_type))
    };
    let types: BTreeSet<InstanceType> =
        INSTANCE_OFFERINGS.rows().filter_map(|record| offers(&record)).collect();
    (!types.is_empty()).then_some(types)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_processor_does_is_read_from_its_own_column() {
        let each = |name: &str| {
            let facts = &instance_types()[&InstanceType::new(name)];
            facts.coremark.expect("it was measured") / f64::from(facts.vcpu)
        };
        // CoreMark iterations a second and vCPU.
        assert!((12_000.0..14_000.0).contains(&each("t3a.large")), "{}", each("t3a.large"));
        assert!((17_000.0..20_000.0).contains(&each("c5a.large")), "{}", each("c5a.large"));
    }
}

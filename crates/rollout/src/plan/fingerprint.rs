//! What of a resource must be as it was when the plan was made.
//!
//! The plan and the look just before a change call the same function with the same type, so
//! that nothing differs but the resource. What is absent on purpose is written as a word, for a
//! name that is missing is not compared. `LaunchTime` is not in it: a restart moves it and
//! leaves the machine, its disks and its type as they were. Nor is what moves by itself, such as
//! the desired capacity of a group that scales, or the code of a function.

use std::collections::BTreeMap;
use std::fmt::Display;

use trimtab_model::id::ResourceId;
use trimtab_model::plan::Fingerprint;
use trimtab_model::resource::Resource;
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::volume::Volume;

/// What stands where the API says that there is none.
const NONE: &str = "none";

/// Returns what identifies an instance.
pub fn instance(resource: &Resource<Instance>) -> Fingerprint {
    let kind = &resource.kind;
    Names::of("InstanceId", &resource.id)
        .with("InstanceType", &kind.instance_type)
        .with("State", state(&kind.state))
        .with("Volumes", list(kind.volume_ids.iter()))
        .maybe("AvailabilityZone", kind.availability_zone.as_ref())
        .maybe("Architecture", kind.architecture.as_ref())
        .maybe("ImageId", kind.image_id.as_ref())
        .done()
}

/// Returns what identifies a volume.
pub fn volume(resource: &Resource<Volume>) -> Fingerprint {
    let kind = &resource.kind;
    let attached = kind.attachments.iter().map(|attachment| &attachment.instance_id);
    Names::of("VolumeId", &resource.id)
        .with("VolumeType", &kind.volume_type)
        .with("Size", kind.size_gib)
        .with("State", &kind.state)
        .with("Attachments", list(attached))
        .maybe("Iops", kind.iops.as_ref())
        .maybe("Throughput", kind.throughput_mib_s.as_ref())
        .maybe("AvailabilityZone", kind.availability_zone.as_ref())
        .done()
}

/// Returns what identifies a database. Its resource id is what stays if it is renamed.
pub fn db_instance(resource: &Resource<DbInstance>) -> Fingerprint {
    let kind = &resource.kind;
    Names::of("DBInstanceIdentifier", &resource.id)
        .with("DBInstanceClass", &kind.db_instance_class)
        .with("Engine", &kind.engine)
        .maybe("DbiResourceId", kind.dbi_resource_id.as_ref())
        .maybe("EngineVersion", kind.engine_version.as_ref())
        .maybe("MultiAZ", kind.multi_az.as_ref())
        .maybe("StorageType", kind.storage_type.as_ref())
        .maybe("AllocatedStorage", kind.allocated_storage_gib.as_ref())
        .maybe("Iops", kind.iops.as_ref())
        .maybe("StorageThroughput", kind.storage_throughput_mib_s.as_ref())
        .done()
}

/// Returns what identifies an Elastic IP address, and that nothing holds it.
pub fn address(resource: &Resource<Address>) -> Fingerprint {
    let kind = &resource.kind;
    Names::of("AllocationId", &resource.id)
        .with("AssociationId", kind.association_id.as_deref().unwrap_or(NONE))
        .maybe("PublicIp", kind.public_ip.as_ref())
        .done()
}

/// Returns what identifies a function.
pub fn function(resource: &Resource<Function>) -> Fingerprint {
    let kind = &resource.kind;
    Names::of("FunctionName", &resource.id)
        .with("Architectures", list(kind.architectures.iter()))
        .with("Runtime", kind.runtime.as_deref().unwrap_or(NONE))
        .with("Layers", kind.layer_count)
        .maybe("FunctionArn", kind.function_arn.as_ref())
        .maybe("MemorySize", kind.memory_size_mb.as_ref())
        .maybe("PackageType", kind.package_type.as_ref())
        .done()
}

/// Returns what identifies a log group.
pub fn log_group(resource: &Resource<LogGroup>) -> Fingerprint {
    let kind = &resource.kind;
    let days = kind.retention_in_days.map_or_else(|| NONE.to_owned(), |days| days.to_string());
    Names::of("logGroupName", &resource.id)
        .with("retentionInDays", days)
        .maybe("arn", kind.arn.as_ref())
        .maybe("logGroupClass", kind.log_group_class.as_ref())
        .done()
}

/// Returns what identifies a cluster of databases.
pub fn db_cluster(resource: &Resource<DbCluster>) -> Fingerprint {
    let kind = &resource.kind;
    Names::of("DBClusterIdentifier", &resource.id)
        .with("Engine", &kind.engine)
        .maybe("DbClusterResourceId", kind.db_cluster_resource_id.as_ref())
        .maybe("EngineMode", kind.engine_mode.as_ref())
        .done()
}

/// Returns what of a fingerprint a schedule depends on: which resource it is, and the sizes that
/// a group gets back. Whether it runs, and as what type, is nothing to a schedule.
pub fn of_schedule(full: Fingerprint) -> Fingerprint {
    const KEPT: &[&str] = &[
        "InstanceId",
        "DBInstanceIdentifier",
        "DbiResourceId",
        "DBClusterIdentifier",
        "DbClusterResourceId",
        "EngineMode",
        "AutoScalingGroupName",
        "MinSize",
        "MaxSize",
    ];
    let kept = full.0.into_iter().filter(|(name, _)| KEPT.contains(&name.as_str()));
    Fingerprint(kept.collect())
}

/// Returns what identifies an Auto Scaling group: its limits, not how many it runs now.
pub fn group(resource: &Resource<AutoScalingGroup>) -> Fingerprint {
    let kind = &resource.kind;
    Names::of("AutoScalingGroupName", &resource.id)
        .with("MinSize", kind.min_size)
        .with("MaxSize", kind.max_size)
        .done()
}

/// Returns what identifies a group and what it launches.
pub fn launching(resource: &Resource<AutoScalingGroup>) -> Fingerprint {
    let templates = resource.kind.launch_templates.iter().flatten();
    let named = templates.filter_map(|one| {
        let name = one.launch_template_id.as_ref().or(one.launch_template_name.as_ref())?;
        Some(format!("{name}:{}", one.version.as_deref().unwrap_or("$Default")))
    });
    let mut fingerprint = group(resource);
    fingerprint.0.insert("LaunchTemplate".to_owned(), list(named));
    fingerprint
}

/// Returns the class of a state: what starts counts as running, what stops as stopped.
fn state(state: &InstanceState) -> &str {
    match state {
        InstanceState::Pending | InstanceState::Running => "running",
        InstanceState::Stopping | InstanceState::Stopped => "stopped",
        InstanceState::ShuttingDown | InstanceState::Terminated => "terminated",
        InstanceState::Other(word) => word,
    }
}

/// Writes names in an order of their own, for the API promises none.
fn list<T: Display + Ord>(names: impl Iterator<Item = T>) -> String {
    let mut names: Vec<String> = names.map(|name| name.to_string()).collect();
    names.sort_unstable();
    if names.is_empty() { NONE.to_owned() } else { names.join(",") }
}

struct Names(BTreeMap<String, String>);

impl Names {
    fn of(name: &str, id: &ResourceId) -> Self {
        Self(BTreeMap::new()).with(name, id)
    }

    fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.insert(name.to_owned(), value.to_string());
        self
    }

    fn maybe<T: Display>(self, name: &str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn done(self) -> Fingerprint {
        Fingerprint(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_restart_is_no_drift_and_another_type_is() {
        let before = sample::instance("i-1", "m5.xlarge");
        let mut after = before.clone();
        after.kind.launch_time = Some("2026-11-26T00:00:00Z".parse().unwrap());
        assert_eq!(instance(&before), instance(&after));
        after.kind.instance_type = "m5.2xlarge".into();
        let (was, is) = (instance(&before), instance(&after));
        let names: Vec<&str> = was.differences(&is).map(|(name, ..)| name).collect();
        assert_eq!(names, ["InstanceType"]);
    }

    #[test]
    fn the_order_of_volumes_does_not_matter() {
        let mut before = sample::instance("i-1", "m5.xlarge");
        before.kind.volume_ids = vec!["vol-2".into(), "vol-1".into()];
        let mut after = before.clone();
        after.kind.volume_ids.reverse();
        assert_eq!(instance(&before), instance(&after));
    }

    #[test]
    fn an_address_that_somebody_took_meanwhile_differs() {
        let before = sample::address("eipalloc-1");
        let mut after = before.clone();
        after.kind.association_id = Some("eipassoc-1".to_owned());
        assert_eq!(address(&before).differences(&address(&after)).count(), 1);
    }

    #[test]
    fn a_volume_that_was_attached_again_differs() {
        let before = sample::volume("vol-1", "gp2", None);
        let after = sample::volume("vol-1", "gp2", Some("i-1"));
        assert!(volume(&before).differences(&volume(&after)).count() > 0);
    }

    #[test]
    fn a_group_that_scaled_is_the_same_group() {
        let before = sample::group("web", 2, 10, 4);
        assert_eq!(group(&before), group(&sample::group("web", 2, 10, 7)));
        assert_ne!(group(&before), group(&sample::group("web", 1, 10, 4)));
    }
}

//! What identifies a resource: what no change that trimtab makes alters.

use std::collections::BTreeMap;

use trimtab_model::plan::Fingerprint;
use trimtab_model::resource::Resource;
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::volume::Volume;

fn of<const N: usize>(values: [(&str, Option<String>); N]) -> Fingerprint {
    let told = values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Fingerprint(told.collect::<BTreeMap<_, _>>())
}

/// Returns what identifies an instance.
pub(super) fn instance(instance: &Resource<Instance>) -> Fingerprint {
    let kind = &instance.kind;
    of([
        ("InstanceId", Some(instance.id.to_string())),
        ("ImageId", kind.image_id.as_ref().map(ToString::to_string)),
        ("AvailabilityZone", kind.availability_zone.clone()),
        ("Architecture", kind.architecture.clone()),
    ])
}

/// Returns what identifies a volume.
pub(super) fn volume(volume: &Resource<Volume>) -> Fingerprint {
    of([
        ("VolumeId", Some(volume.id.to_string())),
        ("CreateTime", volume.kind.create_time.map(|at| at.to_string())),
        ("Size", Some(volume.kind.size_gib.to_string())),
    ])
}

/// Returns what identifies a database: its name may be another's by now.
pub(super) fn db_instance(database: &Resource<DbInstance>) -> Fingerprint {
    let kind = &database.kind;
    of([
        ("DbiResourceId", kind.dbi_resource_id.clone()),
        ("Engine", Some(kind.engine.clone())),
        ("EngineVersion", kind.engine_version.clone()),
    ])
}

/// Returns what identifies an address.
pub(super) fn address(address: &Resource<Address>) -> Fingerprint {
    of([("PublicIp", address.kind.public_ip.clone())])
}

/// Returns what identifies a function.
pub(super) fn function(function: &Resource<Function>) -> Fingerprint {
    let kind = &function.kind;
    of([
        ("FunctionArn", kind.function_arn.clone()),
        ("PackageType", kind.package_type.clone()),
        ("Runtime", kind.runtime.clone()),
    ])
}

/// Returns what identifies a log group: one that was made again has another time.
pub(super) fn log_group(group: &Resource<LogGroup>) -> Fingerprint {
    of([
        ("logGroupName", Some(group.id.to_string())),
        ("creationTime", group.kind.creation_time.map(|at| at.to_string())),
    ])
}

/// Returns what identifies an Auto Scaling group.
pub(super) fn group(group: &Resource<AutoScalingGroup>) -> Fingerprint {
    of([
        ("AutoScalingGroupName", Some(group.id.to_string())),
        ("CreatedTime", group.kind.created_time.map(|at| at.to_string())),
    ])
}

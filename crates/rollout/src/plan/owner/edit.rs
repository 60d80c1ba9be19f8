//! What an action is in the words of those who describe resources in files.

use serde_json::{Value, json};

use trimtab_model::action::Action;

/// One property and its new value.
pub(in crate::plan) struct Property {
    /// Its name in CloudFormation.
    pub(in crate::plan) cloudformation: &'static str,
    /// Its name in Terraform's provider.
    pub(in crate::plan) terraform: &'static str,
    /// The value.
    pub(in crate::plan) value: Value,
}

/// What is written into a file.
pub(in crate::plan) enum Edit {
    /// These properties.
    Set(Vec<Property>),
    /// Nothing more: the resource goes.
    Remove,
}

/// Returns what an action would be in a file; absent for one that trimtab does not make itself.
pub(in crate::plan) fn edit(action: &Action) -> Option<Edit> {
    let of = |cloudformation, terraform, value| Property { cloudformation, terraform, value };
    let set = match action {
        Action::ModifyInstanceType { to, .. } => {
            vec![of("InstanceType", "instance_type", json!(to))]
        }
        Action::ModifyVolume { to, .. } => {
            let mut set = vec![of("VolumeType", "type", json!(to.volume_type))];
            set.extend(to.iops.map(|iops| of("Iops", "iops", json!(iops))));
            set.extend(to.throughput_mib_s.map(|each| of("Throughput", "throughput", json!(each))));
            set
        }
        Action::ModifyDbInstanceClass { to, .. } => {
            vec![of("DBInstanceClass", "instance_class", json!(to))]
        }
        Action::ModifyDbStorage { to, .. } => {
            let size = to.allocated_storage_gib;
            let mut set = vec![
                of("StorageType", "storage_type", json!(to.storage_type)),
                of("AllocatedStorage", "allocated_storage", json!(size)),
            ];
            set.extend(to.iops.map(|iops| of("Iops", "iops", json!(iops))));
            set.extend(
                to.storage_throughput_mib_s
                    .map(|each| of("StorageThroughput", "storage_throughput", json!(each))),
            );
            set
        }
        Action::PutRetentionPolicy { retention_in_days } => {
            vec![of("RetentionInDays", "retention_in_days", json!(retention_in_days))]
        }
        Action::ResizeAutoScalingGroup { to, .. } => vec![
            of("MinSize", "min_size", json!(to.min_size)),
            of("MaxSize", "max_size", json!(to.max_size)),
            of("DesiredCapacity", "desired_capacity", json!(to.desired_capacity)),
        ],
        Action::SwitchDatabase(switch) => {
            let class = switch.class();
            let mut set: Vec<Property> = class
                .map(|class| of("DBInstanceClass", "instance_class", json!(class)))
                .into_iter()
                .collect();
            let gib = switch.storage_gib();
            set.extend(gib.map(|gib| of("AllocatedStorage", "allocated_storage", json!(gib))));
            set
        }
        // Of the launch template, not of the group.
        Action::RefreshInstances(refresh) => {
            vec![of("LaunchTemplateData:\n    InstanceType", "instance_type", json!(refresh.to))]
        }
        Action::UpdateFunctionArchitecture { to, .. } => {
            vec![of("Architectures", "architectures", json!([to]))]
        }
        Action::DeleteVolume { .. } | Action::ReleaseAddress { .. } => return Some(Edit::Remove),
        _ => return None,
    };
    Some(Edit::Set(set))
}

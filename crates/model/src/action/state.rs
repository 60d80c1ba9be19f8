//! The configuration before and after a change, as JSON shows it.

use serde_json::{Map, Value, json};

use super::{Action, DbStorageSettings, GroupSizes, HostCapacity, VolumeSettings, schedule};

impl VolumeSettings {
    fn to_map(&self, size_gib: u32) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("volume_type".into(), json!(self.volume_type));
        map.insert("size_gib".into(), json!(size_gib));
        if let Some(iops) = self.iops {
            map.insert("iops".into(), json!(iops));
        }
        if let Some(throughput) = self.throughput_mib_s {
            map.insert("throughput_mib_s".into(), json!(throughput));
        }
        map
    }
}

impl DbStorageSettings {
    fn to_map(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("storage_type".into(), json!(self.storage_type));
        map.insert("allocated_storage_gib".into(), json!(self.allocated_storage_gib));
        if let Some(iops) = self.iops {
            map.insert("iops".into(), json!(iops));
        }
        if let Some(throughput) = self.storage_throughput_mib_s {
            map.insert("storage_throughput_mib_s".into(), json!(throughput));
        }
        map
    }
}

impl GroupSizes {
    fn to_map(self) -> Map<String, Value> {
        Map::from_iter([
            ("min_size".to_owned(), json!(self.min_size)),
            ("max_size".to_owned(), json!(self.max_size)),
            ("desired_capacity".to_owned(), json!(self.desired_capacity)),
        ])
    }
}

fn host(capacity: &HostCapacity) -> Map<String, Value> {
    match capacity {
        HostCapacity::InstanceType(name) => entry("instance_type", json!(name)),
        HostCapacity::InstanceFamily(name) => entry("instance_family", json!(name)),
    }
}

pub(super) fn entry(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

impl Action {
    /// Returns the configuration before the change, as in JSON's `current`.
    pub fn current(&self) -> Map<String, Value> {
        match self {
            Self::ModifyInstanceType { from, .. } | Self::MigrateInstance { from, .. } => {
                entry("instance_type", json!(from))
            }
            Self::UnmonitorInstance => entry("monitoring", json!("enabled")),
            Self::StopInstance { instance_type } => {
                let mut map = entry("instance_type", json!(instance_type));
                map.insert("state".into(), json!("running"));
                map
            }
            Self::TerminateInstance { instance_type, volume_ids } => {
                let mut map = entry("instance_type", json!(instance_type));
                map.insert("state".into(), json!("stopped"));
                map.insert("volume_ids".into(), json!(volume_ids));
                map
            }
            Self::DeleteVolume { settings, size_gib, .. } => settings.to_map(*size_gib),
            Self::ModifyVolume { from, size_gib, .. } => from.to_map(*size_gib),
            Self::DeleteSnapshot { volume_size_gib } => volume_size_gib
                .map(|size| entry("volume_size_gib", json!(size)))
                .unwrap_or_default(),
            Self::ArchiveSnapshot { .. } => entry("storage_tier", json!("standard")),
            Self::DisableFastSnapshotRestore { .. } => entry("state", json!("enabled")),
            Self::DeregisterImage { name, snapshot_ids } => {
                let mut map = entry("name", json!(name));
                map.insert("snapshot_ids".into(), json!(snapshot_ids));
                map
            }
            Self::ResizeAutoScalingGroup { from, .. } | Self::FollowLoad { from, .. } => {
                from.to_map()
            }
            Self::RefreshInstances(refresh) => refresh.current(),
            Self::ResizeCapacityReservation { from, .. } => entry("instance_count", json!(from)),
            Self::ReleaseHost { capacity, .. } => host(capacity),
            Self::ReleaseAddress { public_ip } => {
                public_ip.as_ref().map(|ip| entry("public_ip", json!(ip))).unwrap_or_default()
            }
            Self::DeleteNatGateway { .. } => entry("state", json!("available")),
            Self::DeleteLoadBalancer { load_balancer_type } => {
                entry("load_balancer_type", json!(load_balancer_type))
            }
            Self::ModifyDbInstanceClass { from, .. } => entry("db_instance_class", json!(from)),
            Self::SwitchDatabase(switch) => switch.current(),
            Self::DeleteDbInstance { db_instance_class } => {
                entry("db_instance_class", json!(db_instance_class))
            }
            Self::ModifyDbStorage { from, .. } => from.to_map(),
            Self::PutRetentionPolicy { .. } => entry("retention_in_days", Value::Null),
            Self::UpdateFunctionMemory { from_mb, .. } => entry("memory_size_mb", json!(from_mb)),
            Self::UpdateFunctionArchitecture { from, .. } => entry("architecture", json!(from)),
            Self::UseCommitment { unused_percent, .. } => {
                entry("unused_percent", json!(unused_percent))
            }
            Self::ApplySchedule { .. } => schedule::current(),
            Self::FixApplication(repair) => repair.current(),
            Self::FixQuery(repair) => repair.current(),
            Self::ConvertServerless(conversion) => conversion.current(),
            Self::MoveToContainers(container) => container.current(),
            Self::Delete(deletion) => deletion.current(),
            Self::Set(setting) => setting.current(),
            Self::Remove { removal } => removal.current(),
            Self::Configure { from, .. } => from.to_map(),
        }
    }

    /// Returns the configuration after the change, as in JSON's `recommended`.
    pub fn recommended(&self) -> Map<String, Value> {
        match self {
            Self::ModifyInstanceType { to, .. } | Self::MigrateInstance { to, .. } => {
                entry("instance_type", json!(to))
            }
            Self::UnmonitorInstance => entry("monitoring", json!("disabled")),
            Self::ArchiveSnapshot { .. } => entry("storage_tier", json!("archive")),
            Self::DisableFastSnapshotRestore { .. } => entry("state", json!("disabled")),
            Self::DeregisterImage { .. } => entry("state", json!("deregistered")),
            Self::ResizeAutoScalingGroup { to, .. } => to.to_map(),
            Self::RefreshInstances(refresh) => refresh.recommended(),
            Self::FollowLoad { to, target_cpu_percent, .. } => {
                let mut map = to.to_map();
                map.insert("target_cpu_percent".into(), json!(target_cpu_percent));
                map
            }
            Self::ResizeCapacityReservation { to, .. } => entry("instance_count", json!(to)),
            Self::StopInstance { .. } => entry("state", json!("stopped")),
            Self::TerminateInstance { .. } => entry("state", json!("terminated")),
            Self::DeleteVolume { .. }
            | Self::DeleteSnapshot { .. }
            | Self::DeleteNatGateway { .. }
            | Self::DeleteLoadBalancer { .. }
            | Self::DeleteDbInstance { .. }
            | Self::Delete(_)
            | Self::Remove { .. } => entry("state", json!("deleted")),
            Self::UseCommitment { by, .. } => by.recommended(),
            Self::ApplySchedule { schedule, .. } => schedule::recommended(schedule),
            Self::FixApplication(repair) => repair.recommended(),
            Self::FixQuery(repair) => repair.recommended(),
            Self::ConvertServerless(conversion) => conversion.recommended(),
            Self::MoveToContainers(container) => container.recommended(),
            Self::Set(setting) => setting.recommended(),
            Self::Configure { to, .. } => to.to_map(),
            Self::ModifyVolume { to, size_gib, .. } => to.to_map(*size_gib),
            Self::ReleaseAddress { .. } | Self::ReleaseHost { .. } => {
                entry("state", json!("released"))
            }
            Self::ModifyDbInstanceClass { to, .. } => entry("db_instance_class", json!(to)),
            Self::SwitchDatabase(switch) => switch.recommended(),
            Self::ModifyDbStorage { to, .. } => to.to_map(),
            Self::PutRetentionPolicy { retention_in_days } => {
                entry("retention_in_days", json!(retention_in_days))
            }
            Self::UpdateFunctionMemory { to_mb, .. } => entry("memory_size_mb", json!(to_mb)),
            Self::UpdateFunctionArchitecture { to, .. } => entry("architecture", json!(to)),
        }
    }
}

//! Facts of plain resources, which nothing stands in the way of.
//!
//! A world has no events of AWS, no tags and no policies of an account; what of the facts it does
//! not simulate is as it is for most resources.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::action::InstanceRefresh;
use trimtab_model::observed::{
    AddressPreflight, Attestation, DbInstancePreflight, DbStoragePreflight, FunctionPreflight,
    GroupPreflight, InstancePreflight, InterfaceFacts, LogGroupPreflight, PublicAddress,
    RefreshPreflight, SuccessorFacts, SuccessorMode, SwitchPreflight, TypeTraits, VolumePreflight,
};

const GIB: u64 = 1 << 30;

/// Returns the traits of a current type.
pub(crate) fn traits(vcpu: u32, memory_mib: u64) -> TypeTraits {
    let words = |words: &[&str]| Some(words.iter().map(|one| (*one).to_owned()).collect());
    TypeTraits {
        architectures: words(&["x86_64"]),
        virtualization_types: words(&["hvm"]),
        boot_modes: words(&["legacy-bios", "uefi"]),
        has_tpm: Some(true),
        ena: Some("required".to_owned()),
        nvme: Some("required".to_owned()),
        has_instance_store: Some(false),
        instance_store_disks: Some(0),
        is_attachment_limit_shared: Some(true),
        most_attachments: Some(28),
        most_interfaces: Some(3),
        ipv4_per_interface: Some(10),
        ipv6_per_interface: Some(10),
        network_cards: Some(1),
        has_ena_express: Some(false),
        has_efa: Some(false),
        bandwidth_weightings: words(&["default"]),
        placement_strategies: words(&["cluster", "partition", "spread"]),
        has_enclaves: Some(true),
        features: words(&[]),
        vcpu: Some(vcpu),
        memory_mib: Some(memory_mib),
        threads_per_core: Some(2),
        manufacturer: Some("Intel".to_owned()),
        sustained_vcpu: None,
        is_burstable: Some(false),
        ebs_baseline_iops: Some(3600.0),
        ebs_baseline_mb_s: Some(81.25),
        network_baseline_gbps: Some(0.75),
    }
}

/// Returns the facts of a plain instance that gets half its size.
pub(crate) fn instance() -> InstancePreflight {
    let text = |text: &str| Some(text.to_owned());
    InstancePreflight {
        from: traits(4, 16_384),
        to: traits(2, 8192),
        attested: BTreeSet::from([Attestation::WorkHasMoved]),
        root_device_type: text("ebs"),
        lifecycle: text("on-demand"),
        is_managed: Some(false),
        architecture: text("x86_64"),
        virtualization_type: text("hvm"),
        boot_mode: text("legacy-bios"),
        uses_tpm: Some(false),
        ena_support: Some(true),
        platform: text("Linux/UNIX"),
        is_hibernation_configured: Some(false),
        volumes: Some(1),
        interfaces: Some(vec![InterfaceFacts { ipv4: 1, ..InterfaceFacts::default() }]),
        bandwidth_weighting: text("default"),
        placement_strategy: text("none"),
        tenancy: text("default"),
        host_takes_type: None,
        is_reservation_targeted: Some(false),
        is_in_reservation: Some(false),
        has_cpu_options: Some(false),
        features: Some(Vec::new()),
        uses_enclaves: Some(false),
        is_stop_protected: Some(false),
        shutdown_behavior: text("stop"),
        groups: Some(Vec::new()),
        tags: Some(BTreeMap::new()),
        is_container_instance: Some(false),
        is_offered: Some(true),
        vcpu_running: Some(4),
        is_same_quota: Some(true),
        vcpu_quota: Some(1024),
        keys: Some(Vec::new()),
        public_address: Some(PublicAddress::None),
        events: Some(Vec::new()),
        acting_alarms: Some(Vec::new()),
        targets: Some(Vec::new()),
        ebs_iops: Some(100.0),
        ebs_mb_s: Some(10.0),
        provisioned_iops: Some(3000.0),
        provisioned_mb_s: Some(62.5),
        network_gbps: Some(0.1),
        allowance_exceeded: Some(0),
        memory_peak_mib: Some(1024.0),
        busy_vcpu: Some(0.5),
        cpu_credits: text("none"),
        usage_operation: text("RunInstances"),
        has_product_codes: Some(false),
        has_licences: Some(false),
        is_on_outpost: Some(false),
        zone_type: text("availability-zone"),
        optimizer: None,
        successor: SuccessorFacts {
            exists: Some(true),
            mode: Some(SuccessorMode::Live),
            unchanged_days: Some(365),
            runs: Some(100.0),
            errors: Some(0.0),
            days: 14,
            alarms: Some(BTreeMap::new()),
        },
    }
}

/// Returns the facts of a plain volume.
pub(crate) fn volume() -> VolumePreflight {
    VolumePreflight {
        state: Some("available".to_owned()),
        is_multi_attach: Some(false),
        is_root: Some(false),
        iops: Some(100.0),
        mib_s: Some(10.0),
        snapshot_uses: Some(Vec::new()),
        modification: Some("none".to_owned()),
        recycle_bin_days: Some(u32::from(u16::MAX)),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of an address that nobody uses.
pub(crate) fn address() -> AddressPreflight {
    AddressPreflight {
        is_associated: Some(false),
        dns_records: Some(Vec::new()),
        allow_lists: Some(Vec::new()),
        is_of_own_pool: Some(false),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of a plain database that gets half its memory.
pub(crate) fn db_instance() -> DbInstancePreflight {
    DbInstancePreflight {
        engine: Some("mysql".to_owned()),
        status: Some("available".to_owned()),
        pending: Some(BTreeMap::new()),
        maintenance: Some(Vec::new()),
        is_lone_writer: Some(false),
        is_multi_az: Some(false),
        is_orderable: Some(true),
        to_multi_az: Some(true),
        to_performance_insights: Some(true),
        uses_performance_insights: Some(false),
        max_connections: Some("{DBInstanceClassMemory/12582880}".to_owned()),
        to_memory_bytes: Some(7 * GIB),
        to_vcpu: Some(2),
        storage_bytes: Some(100 * GIB),
        is_replica: Some(false),
        peak_connections: Some(100.0),
        fixed_memory: Some(BTreeMap::new()),
        least_freeable_bytes: Some(12.0 * GIB as f64),
        memory_bytes: Some(14 * GIB),
        most_swap_bytes: Some(0.0),
        iops: Some(500.0),
        mb_s: Some(10.0),
        to_iops: Some(3600.0),
        to_mb_s: Some(81.25),
        to_burstable: Some(false),
        larger_replicas: Some(Vec::new()),
        replica_lag_seconds: Some(0.0),
        uses_capacity_reservation: Some(false),
        has_processor_features: Some(false),
        meets_aws_window: Some(false),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of the storage of a plain database.
pub(crate) fn db_storage() -> DbStoragePreflight {
    DbStoragePreflight {
        engine: Some("mysql".to_owned()),
        status: Some("available".to_owned()),
        pending: Some(BTreeMap::new()),
        iops: Some(500.0),
        mb_s: Some(20.0),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of a plain function, whose owner knows that its code runs anywhere.
pub(crate) fn function() -> FunctionPreflight {
    FunctionPreflight {
        last_update_status: Some("Successful".to_owned()),
        package_type: Some("Zip".to_owned()),
        layers: Some(Vec::new()),
        has_provisioned_concurrency: Some(false),
        uses_snap_start: Some(false),
        timeout_seconds: Some(60),
        longest_ms: Some(1000.0),
        memory_peak_mb: Some(64.0),
        memory_mb: Some(1024),
        aliases: Some(1),
        attested: BTreeSet::from([Attestation::CodeRunsThere]),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of a plain log group.
pub(crate) fn log_group() -> LogGroupPreflight {
    LogGroupPreflight {
        account_policies: Some(Vec::new()),
        is_protected: Some(false),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of a plain Auto Scaling group.
pub(crate) fn group() -> GroupPreflight {
    GroupPreflight {
        refresh_status: Some("none".to_owned()),
        peak_in_service: Some(0),
        suspended: Some(Vec::new()),
        template_version: Some("1".to_owned()),
        has_template: Some(true),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of a plain group whose instances may be replaced by ones of another type.
pub(crate) fn refresh(plan: &InstanceRefresh) -> RefreshPreflight {
    RefreshPreflight {
        refresh_status: Some("none".to_owned()),
        suspended: Some(Vec::new()),
        is_mixed: Some(false),
        template_version: Some(plan.from_version.clone()),
        has_template: Some(true),
        template_type: Some(plan.from.to_string()),
        image: Some("ami-1".to_owned()),
        has_instance_profile: Some(false),
        is_template_opted_in: Some(true),
        protected: Some(Vec::new()),
        standby: Some(Vec::new()),
        hooks: Some(Vec::new()),
        has_warm_pool: Some(false),
        zones_without: Some(Vec::new()),
        from: traits(4, 16_384),
        to: traits(2, 8192),
        template_tags: Some(BTreeMap::new()),
        tags: Some(BTreeMap::new()),
    }
}

/// Returns the facts of a plain database whose name may move to a copy.
pub(crate) fn switch() -> SwitchPreflight {
    SwitchPreflight {
        engine: Some("mysql".to_owned()),
        status: Some("available".to_owned()),
        pending: Some(BTreeMap::new()),
        is_member: Some(false),
        is_replica: Some(false),
        replicas: Some(Vec::new()),
        backup_days: Some(7),
        has_managed_password: Some(false),
        storage_type: Some("gp3".to_owned()),
        grows_to_gib: Some(0),
        deployment: Some("none".to_owned()),
        tags: Some(BTreeMap::new()),
    }
}

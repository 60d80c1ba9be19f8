//! Every row of the table, in order.

use trimtab_model::environment::Environment;
use trimtab_model::observed::InstancePreflight;
use trimtab_model::plan::GateLimits;
use trimtab_model::price::InstanceTypeFacts;

use super::{demand, machine, moment, network, ownership, place, platform, software};
use crate::preflight::Findings;

/// What a row is judged by.
pub(super) struct Question<'a> {
    pub(super) facts: &'a InstancePreflight,
    pub(super) to: &'a InstanceTypeFacts,
    pub(super) limits: &'a GateLimits,
    pub(super) environment: Environment,
}

impl Question<'_> {
    /// Returns whether players, or nobody knows who, meet the machine.
    pub(super) fn is_careful(&self) -> bool {
        matches!(self.environment, Environment::Prod | Environment::Unknown)
    }
}

/// One row of the table.
pub(super) type Row = fn(&Question<'_>) -> Findings;

/// The rows, by number from 1.
pub(super) const ROWS: [Row; 36] = [
    platform::root_device,
    platform::life_cycle,
    ownership::managed_by_service,
    platform::architecture,
    platform::virtualization,
    platform::boot_mode,
    platform::ena,
    platform::nvme,
    machine::instance_store,
    machine::hibernation,
    machine::attachments,
    network::interfaces,
    network::bandwidth_weighting,
    place::placement_group,
    place::tenancy,
    place::capacity_reservation,
    machine::processor_options,
    ownership::stop_protection,
    ownership::shutdown_behavior,
    ownership::auto_scaling_group,
    ownership::tool,
    place::offering,
    place::quota,
    moment::keys,
    network::public_address,
    moment::events,
    moment::alarms,
    moment::last_target,
    demand::volumes,
    demand::network,
    demand::memory,
    demand::processor,
    demand::credits,
    software::licence,
    place::zone,
    software::optimizer,
];

/// Returns everything that stands in the way of the new type.
pub fn instance_type(
    facts: &InstancePreflight,
    to: &InstanceTypeFacts,
    limits: &GateLimits,
    environment: Environment,
) -> Findings {
    let question = Question { facts, to, limits, environment };
    ROWS.iter().flat_map(|row| row(&question)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::observed::{InterfaceFacts, KeyFacts, Obstacle, PublicAddress, TypeTraits};

    use super::*;

    /// Returns the traits of a current Nitro type.
    fn traits(vcpu: u32, memory_mib: u64) -> TypeTraits {
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
        }
    }

    /// Returns an instance that nothing keeps from becoming an m6i.large.
    pub(in crate::preflight::instance_type) fn facts() -> InstancePreflight {
        let text = |text: &str| Some(text.to_owned());
        InstancePreflight {
            from: traits(4, 16_384),
            to: traits(2, 8192),
            attested: std::collections::BTreeSet::new(),
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
            volumes: Some(2),
            interfaces: Some(vec![InterfaceFacts { ipv4: 1, ..InterfaceFacts::default() }]),
            bandwidth_weighting: text("default"),
            placement_strategy: text("none"),
            tenancy: text("default"),
            host_takes_type: None,
            is_reservation_targeted: Some(false),
            has_cpu_options: Some(false),
            features: Some(Vec::new()),
            uses_enclaves: Some(false),
            is_stop_protected: Some(false),
            shutdown_behavior: text("stop"),
            groups: Some(Vec::new()),
            tags: Some(BTreeMap::new()),
            is_container_instance: Some(false),
            is_offered: Some(true),
            vcpu_running: Some(16),
            is_same_quota: Some(true),
            vcpu_quota: Some(64),
            keys: Some(vec![KeyFacts {
                id: "key-1".to_owned(),
                state: "Enabled".to_owned(),
                may_grant: Some(true),
            }]),
            public_address: Some(PublicAddress::None),
            events: Some(Vec::new()),
            acting_alarms: Some(Vec::new()),
            targets: Some(Vec::new()),
            ebs_iops: Some(800.0),
            ebs_mb_s: Some(20.0),
            provisioned_iops: Some(3000.0),
            provisioned_mb_s: Some(62.5),
            network_gbps: Some(0.2),
            allowance_exceeded: Some(0),
            memory_peak_mib: Some(4000.0),
            busy_vcpu: Some(0.6),
            cpu_credits: text("none"),
            usage_operation: text("RunInstances"),
            has_product_codes: Some(false),
            has_licences: Some(false),
            is_on_outpost: Some(false),
            zone_type: text("availability-zone"),
            optimizer: None,
        }
    }

    /// Returns an m6i.large as the catalogue has it.
    pub(in crate::preflight::instance_type) fn large() -> InstanceTypeFacts {
        InstanceTypeFacts {
            instance_type: "m6i.large".into(),
            family: "m6i".to_owned(),
            size: "large".to_owned(),
            series: "m".to_owned(),
            generation: 6,
            attributes: "i".to_owned(),
            current_generation: true,
            bare_metal: false,
            burstable: false,
            hypervisor: Some("nitro".to_owned()),
            architecture: "x86_64".to_owned(),
            cpu_vendor: Some("Intel".to_owned()),
            vcpu: 2,
            memory_mib: 8192,
            network_baseline_gbps: Some(0.781),
            ebs_baseline_mb_s: Some(81.25),
            ebs_baseline_iops: Some(3600),
            instance_store_gb: None,
            accelerators: 0,
            coremark: None,
        }
    }

    /// Judges one row by its number and compares what it finds: the obstacle and its code.
    pub(in crate::preflight::instance_type) fn check_in(
        environment: Environment,
        number: usize,
        alter: impl FnOnce(&mut InstancePreflight),
        expected: &[(Obstacle, &str)],
    ) {
        let mut facts = facts();
        alter(&mut facts);
        let (to, limits) = (large(), GateLimits::default());
        let question = Question { facts: &facts, to: &to, limits: &limits, environment };
        let row = ROWS.get(number - 1).expect("a row of the table");
        let found: Vec<(Obstacle, String)> =
            row(&question).into_iter().map(|(obstacle, why)| (obstacle, why.code)).collect();
        let expected: Vec<(Obstacle, String)> = expected
            .iter()
            .map(|(obstacle, code)| (obstacle.clone(), (*code).to_owned()))
            .collect();
        assert_eq!(found, expected, "row {number}");
    }

    /// The same in production.
    pub(in crate::preflight::instance_type) fn check(
        number: usize,
        alter: impl FnOnce(&mut InstancePreflight),
        expected: &[(Obstacle, &str)],
    ) {
        check_in(Environment::Prod, number, alter, expected);
    }

    #[test]
    fn nothing_is_in_the_way_of_a_plain_machine() {
        let found = instance_type(&facts(), &large(), &GateLimits::default(), Environment::Prod);
        assert_eq!(found, Vec::new());
    }

    #[test]
    fn what_nobody_read_blocks_in_every_row_but_those_that_ask_the_catalogue_or_compare() {
        let nothing = InstancePreflight::default();
        let (to, limits) = (large(), GateLimits::default());
        let environment = Environment::Prod;
        let question = Question { facts: &nothing, to: &to, limits: &limits, environment };
        for (at, row) in ROWS.iter().enumerate() {
            let number = at + 1;
            let blocks = row(&question).iter().any(|(obstacle, _)| *obstacle == Obstacle::Block);
            // 32 and 36 compare with what is beside it: where that is missing they say so, or
            // were not asked.
            assert_eq!(blocks, !matches!(number, 32 | 36), "row {number}");
        }
    }
}

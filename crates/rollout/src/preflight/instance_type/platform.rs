//! Rows 1, 2 and 4 to 8: whether the new type can boot what the machine boots.

use trimtab_model::observed::{Attestation, Obstacle};

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, found, known, unread, when};

const INSTANCES: &str = "ec2:DescribeInstances";
const TYPES: &str = "ec2:DescribeInstanceTypes";

/// Row 1.
pub(super) fn root_device(question: &Question<'_>) -> Findings {
    known(question.facts.root_device_type.as_ref(), "RootDeviceType", INSTANCES, |root| {
        when(root != "ebs", || {
            block(
                "root-not-ebs",
                "Its root is an instance store: it cannot be stopped.",
                "루트 디바이스가 인스턴스 스토어라서 중지할 수 없습니다.",
            )
        })
    })
}

/// Row 2.
pub(super) fn life_cycle(question: &Question<'_>) -> Findings {
    known(question.facts.lifecycle.as_ref(), "InstanceLifecycle", INSTANCES, |cycle| {
        when(cycle != "on-demand", || {
            block(
                "life-cycle",
                format!("Its life cycle is {cycle}: such an instance does not change its type."),
                format!("수명 주기가 {cycle}인 인스턴스는 유형을 바꿀 수 없습니다."),
            )
        })
    })
}

/// Row 4.
pub(super) fn architecture(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(has), Some(takes)) = (&facts.architecture, &facts.to.architectures) else {
        return unread("Architecture", &format!("{INSTANCES}, {TYPES}"));
    };
    when(!takes.contains(has), || {
        block(
            "other-architecture",
            format!(
                "It is {has}, and the new type is {}: only a new machine can take its place.",
                takes.join(", ")
            ),
            format!(
                "현재 {has}, 새 유형은 {}입니다. 새 인스턴스로 교체해야 합니다.",
                takes.join(", ")
            ),
        )
    })
}

/// Row 5.
pub(super) fn virtualization(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(has), Some(takes)) = (&facts.virtualization_type, &facts.to.virtualization_types)
    else {
        return unread("VirtualizationType", &format!("{INSTANCES}, {TYPES}"));
    };
    when(!takes.contains(has), || {
        block(
            "other-virtualization",
            format!("Its virtualization is {has}, which the new type does not have."),
            format!("새 유형은 {has} 가상화를 지원하지 않습니다."),
        )
    })
}

/// Row 6.
pub(super) fn boot_mode(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(has), Some(takes), Some(uses_tpm)) =
        (&facts.boot_mode, &facts.to.boot_modes, facts.uses_tpm)
    else {
        return unread("CurrentInstanceBootMode", &format!("{INSTANCES}, {TYPES}"));
    };
    if !takes.contains(has) {
        return block(
            "other-boot-mode",
            format!("It boots with {has}, which the new type does not."),
            format!("새 유형은 {has} 부팅 모드를 지원하지 않습니다."),
        );
    }
    match (uses_tpm, facts.to.has_tpm) {
        (false, _) | (true, Some(true)) => clear(),
        (true, Some(false)) => block(
            "no-tpm",
            "It uses a NitroTPM, which the new type does not have.",
            "NitroTPM을 사용하지만 새 유형은 지원하지 않습니다.",
        ),
        (true, None) => unread("NitroTpmSupport", TYPES),
    }
}

/// Row 7.
pub(super) fn ena(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(needs), Some(has)) = (&facts.to.ena, facts.ena_support) else {
        return unread("EnaSupport", &format!("{INSTANCES}, {TYPES}"));
    };
    when(needs == "required" && !has, || {
        block(
            "no-ena",
            "The new type needs ENA, and the instance does not have it switched on.",
            "새 유형은 ENA가 필요하지만 인스턴스에서 켜져 있지 않습니다.",
        )
    })
}

/// Row 8.
pub(super) fn nvme(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(has), Some(needs)) = (&facts.from.nvme, &facts.to.nvme) else {
        return unread("EbsInfo.NvmeSupport", TYPES);
    };
    let is_ready = facts.attested.contains(&Attestation::GuestIsReady);
    when(needs == "required" && has != "required" && !is_ready, || {
        found(
            Obstacle::Attest,
            "nvme-drivers",
            "Its disks become NVMe devices with other names: somebody must have seen that drivers for NVMe and ENA are there at boot, and that disks are mounted by UUID or label.",
            "디스크가 NVMe 장치가 되어 이름이 바뀝니다. 부팅 시 NVMe·ENA 드라이버가 있고 디스크를 UUID나 레이블로 마운트하는지 확인해야 합니다.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::rows::tests::check;
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn row_01_an_instance_store_as_root_blocks() {
        let root = |root: &'static str| {
            move |one: &mut trimtab_model::observed::InstancePreflight| {
                one.root_device_type = Some(root.to_owned())
            }
        };
        check(1, root("ebs"), &[]);
        check(1, root("instance-store"), &[(BLOCK, "root-not-ebs")]);
        check(1, |one| one.root_device_type = None, &[(BLOCK, "unknown-root-device-type")]);
    }

    #[test]
    fn row_02_every_life_cycle_but_on_demand_blocks() {
        for cycle in ["spot", "scheduled", "capacity-block", "interruptible-capacity-reservation"] {
            check(2, |one| one.lifecycle = Some(cycle.to_owned()), &[(BLOCK, "life-cycle")]);
        }
        check(2, |one| one.lifecycle = None, &[(BLOCK, "unknown-instance-lifecycle")]);
    }

    #[test]
    fn row_04_another_architecture_blocks() {
        let arm = |one: &mut trimtab_model::observed::InstancePreflight| {
            one.to.architectures = Some(vec!["arm64".to_owned()]);
        };
        check(4, arm, &[(BLOCK, "other-architecture")]);
        check(4, |one| one.to.architectures = None, &[(BLOCK, "unknown-architecture")]);
    }

    #[test]
    fn row_05_paravirtual_blocks() {
        let paravirtual = Some("paravirtual".to_owned());
        check(5, |one| one.virtualization_type = paravirtual, &[(BLOCK, "other-virtualization")]);
    }

    #[test]
    fn row_06_boot_mode_and_tpm_must_be_there() {
        check(6, |one| one.boot_mode = Some("uefi".to_owned()), &[]);
        let modes = Some(vec!["uefi".to_owned()]);
        check(6, |one| one.to.boot_modes = modes, &[(BLOCK, "other-boot-mode")]);
        let with = |has_tpm| {
            move |one: &mut trimtab_model::observed::InstancePreflight| {
                (one.uses_tpm, one.to.has_tpm) = (Some(true), has_tpm);
            }
        };
        check(6, with(Some(true)), &[]);
        check(6, with(Some(false)), &[(BLOCK, "no-tpm")]);
        check(6, with(None), &[(BLOCK, "unknown-nitro-tpm-support")]);
    }

    #[test]
    fn row_07_without_ena_a_type_that_needs_it_blocks() {
        check(7, |one| one.ena_support = Some(false), &[(BLOCK, "no-ena")]);
        let old = |one: &mut trimtab_model::observed::InstancePreflight| {
            (one.ena_support, one.to.ena) = (Some(false), Some("supported".to_owned()));
        };
        check(7, old, &[]);
    }

    #[test]
    fn row_08_from_xen_to_nitro_somebody_must_have_looked() {
        let xen = |one: &mut trimtab_model::observed::InstancePreflight| {
            one.from.nvme = Some("unsupported".to_owned());
        };
        check(8, xen, &[(Obstacle::Attest, "nvme-drivers")]);
        let attested = |one: &mut trimtab_model::observed::InstancePreflight| {
            xen(one);
            one.attested.insert(Attestation::GuestIsReady);
        };
        check(8, attested, &[]);
        check(8, |one| one.from.nvme = None, &[(BLOCK, "unknown-ebs-info-nvme-support")]);
    }
}

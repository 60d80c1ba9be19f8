//! Rows 9, 10, 11 and 17: what is on the machine, and what is switched on in it.

use trimtab_model::observed::{Attestation, Obstacle};

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, found, known, unread, warn, when};

const INSTANCES: &str = "ec2:DescribeInstances";
const TYPES: &str = "ec2:DescribeInstanceTypes";
/// More volumes than this may keep Linux from booting.
const MANY_VOLUMES: u32 = 40;

/// Row 9.
pub(super) fn instance_store(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let is_scratch = facts.attested.contains(&Attestation::InstanceStoreIsScratch);
    known(facts.from.has_instance_store.as_ref(), "InstanceStorageSupported", TYPES, |has| {
        when(*has && !is_scratch, || {
            block(
                "instance-store",
                "What lies on its instance stores is lost with the stop; its owner must say that it may be.",
                "중지하면 인스턴스 스토어의 데이터가 사라집니다. 사라져도 되는지 소유자가 확인해야 합니다.",
            )
        })
    })
}

/// Row 10.
pub(super) fn hibernation(question: &Question<'_>) -> Findings {
    let configured = question.facts.is_hibernation_configured.as_ref();
    known(configured, "HibernationOptions.Configured", INSTANCES, |is_on| {
        when(*is_on, || {
            block(
                "hibernation",
                "Hibernation is configured: the type cannot change.",
                "최대 절전 모드가 설정되어 있어 유형을 바꿀 수 없습니다.",
            )
        })
    })
}

/// Row 11.
pub(super) fn attachments(question: &Question<'_>) -> Findings {
    let (facts, to) = (question.facts, &question.facts.to);
    let (Some(volumes), Some(interfaces)) = (facts.volumes, &facts.interfaces) else {
        return unread("BlockDeviceMappings", INSTANCES);
    };
    let (Some(most), Some(is_shared)) = (to.most_attachments, to.is_attachment_limit_shared) else {
        return unread("EbsInfo.MaximumEbsAttachments", TYPES);
    };
    let others = match (is_shared, to.instance_store_disks) {
        (false, _) => 0,
        (true, Some(disks)) => u32::try_from(interfaces.len()).unwrap_or(u32::MAX) + disks,
        (true, None) => return unread("InstanceStorageInfo.Disks", TYPES),
    };
    let used = volumes.saturating_add(others);
    if used > most {
        return block(
            "too-many-volumes",
            format!("{used} attachments are in use, and the new type takes {most}."),
            format!("연결 {used}개를 사용 중이지만 새 유형은 {most}개까지만 지원합니다."),
        );
    }
    let is_windows = facts.platform.as_deref().is_some_and(|one| one.contains("Windows"));
    when(volumes > MANY_VOLUMES && !is_windows, || {
        block(
            "may-not-boot",
            format!("Linux may not boot with {volumes} volumes."),
            format!("볼륨이 {volumes}개면 Linux가 부팅되지 않을 수 있습니다."),
        )
    })
}

/// Row 17.
pub(super) fn processor_options(question: &Question<'_>) -> Findings {
    let (facts, to) = (question.facts, &question.facts.to);
    let (Some(options), Some(features), Some(enclaves)) =
        (facts.has_cpu_options, &facts.features, facts.uses_enclaves)
    else {
        return unread("CpuOptions", INSTANCES);
    };
    let mut findings = clear();
    if enclaves {
        match to.has_enclaves {
            Some(true) => {}
            Some(false) => findings.extend(block(
                "no-enclaves",
                "It uses enclaves, which the new type does not have.",
                "Nitro Enclaves를 사용하지만 새 유형은 지원하지 않습니다.",
            )),
            None => findings.extend(unread("NitroEnclavesSupport", TYPES)),
        }
    }
    match &to.features {
        None if !features.is_empty() => findings.extend(unread("SupportedFeatures", TYPES)),
        None => {}
        Some(has) => {
            let missing = features.iter().filter(|one| !has.contains(one));
            findings.extend(missing.flat_map(|feature| {
                block(
                    "no-processor-feature",
                    format!("It uses {feature}, which the new type does not have."),
                    format!("{feature} 기능을 사용하지만 새 유형은 지원하지 않습니다."),
                )
            }));
        }
    }
    if options {
        findings.extend(if question.is_careful() {
            found(
                Obstacle::Attest,
                "cpu-options",
                "Its cores or threads are set by hand: the new type begins with its own.",
                "코어나 스레드 수를 직접 지정했지만 새 유형에서는 기본값으로 시작합니다.",
            )
        } else {
            warn(
                "cpu-options",
                "Its cores or threads are set by hand: the new type begins with its own.",
                "코어나 스레드 수를 직접 지정했지만 새 유형에서는 기본값으로 시작합니다.",
            )
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::observed::InstancePreflight;

    use super::super::rows::tests::{check, check_in};
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn row_09_data_on_instance_stores_must_be_scratch() {
        let store = |one: &mut InstancePreflight| one.from.has_instance_store = Some(true);
        check(9, store, &[(BLOCK, "instance-store")]);
        let scratch = |one: &mut InstancePreflight| {
            store(one);
            one.attested.insert(Attestation::InstanceStoreIsScratch);
        };
        check(9, scratch, &[]);
    }

    #[test]
    fn row_10_hibernation_blocks() {
        check(10, |one| one.is_hibernation_configured = Some(true), &[(BLOCK, "hibernation")]);
    }

    #[test]
    fn row_11_attachments_must_fit() {
        // Two volumes, one interface and no disk: 3 of 28.
        check(11, |one| one.volumes = Some(27), &[]);
        check(11, |one| one.volumes = Some(28), &[(BLOCK, "too-many-volumes")]);
        let dedicated = |one: &mut InstancePreflight| {
            (one.volumes, one.to.is_attachment_limit_shared) = (Some(28), Some(false));
        };
        check(11, dedicated, &[]);
        let many = |one: &mut InstancePreflight| {
            (one.volumes, one.to.most_attachments) = (Some(41), Some(128));
        };
        check(11, many, &[(BLOCK, "may-not-boot")]);
        let unknown = "unknown-ebs-info-maximum-ebs-attachments";
        check(11, |one| one.to.most_attachments = None, &[(BLOCK, unknown)]);
    }

    #[test]
    fn row_17_what_is_switched_on_must_be_there() {
        let enclave = |has| {
            move |one: &mut InstancePreflight| {
                (one.uses_enclaves, one.to.has_enclaves) = (Some(true), Some(has));
            }
        };
        check(17, enclave(true), &[]);
        check(17, enclave(false), &[(BLOCK, "no-enclaves")]);
        let sev = Some(vec!["amd-sev-snp".to_owned()]);
        check(17, |one| one.features = sev, &[(BLOCK, "no-processor-feature")]);
        let cores = |one: &mut InstancePreflight| one.has_cpu_options = Some(true);
        check(17, cores, &[(Obstacle::Attest, "cpu-options")]);
        check_in(Environment::Dev, 17, cores, &[(Obstacle::Warn, "cpu-options")]);
    }
}

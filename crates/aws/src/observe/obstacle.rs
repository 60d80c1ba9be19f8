//! What of the facts stands in the way of an instance whatever its owner says, at every look.
//!
//! The whole table is judged before anything is asked of AWS; this is what may come up between
//! then and the stop.

use std::collections::BTreeSet;

use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::observed::{InstancePreflight, Obstacle};
use trimtab_model::text::Reason;

type Found = (Obstacle, Reason);

/// The tags that those leave who manage an instance, by their start.
const MANAGERS: &[(&str, &str)] = &[
    ("aws:cloudformation:stack-id", "CloudFormation"),
    ("elasticbeanstalk:environment-name", "Elastic Beanstalk"),
    ("eks:", "Amazon EKS"),
    ("kubernetes.io/cluster/", "Kubernetes"),
    ("karpenter.sh/nodepool", "Karpenter"),
    ("aws:elasticmapreduce:", "Amazon EMR"),
    ("aws:ec2:fleet-id", "EC2 Fleet"),
    ("aws:ec2spot:fleet-request-id", "Spot Fleet"),
];

/// Returns what stands in the way, the worst first, as far as one look tells.
pub(super) fn of_instance(
    facts: &InstancePreflight,
    wanted: Option<&InstanceType>,
    by_address: &BTreeSet<ResourceId>,
) -> Vec<Found> {
    let mut all = of_itself(facts, wanted);
    all.extend(of_others(facts, by_address));
    if let Some(wanted) = wanted {
        all.extend(of_type(facts, wanted));
    }
    all.sort_by_key(|(obstacle, _)| obstacle.clone());
    all
}

fn of_itself(facts: &InstancePreflight, wanted: Option<&InstanceType>) -> Vec<Found> {
    let mut all = Vec::new();
    if facts.root_device_type.as_deref() == Some("instance-store") {
        all.push(block(
            "root-not-ebs",
            "Its root device is no EBS volume: it cannot be stopped.",
            "루트 디바이스가 EBS 볼륨이 아니라 중지할 수 없습니다.",
        ));
    }
    if let Some(lifecycle) = facts.lifecycle.as_deref().filter(|word| *word != "on-demand") {
        all.push(block(
            "not-on-demand",
            format!("It is no On-Demand instance ({lifecycle})."),
            format!("온디맨드 인스턴스가 아닙니다({lifecycle})."),
        ));
    }
    if facts.is_hibernation_configured == Some(true) && wanted.is_some() {
        all.push(block(
            "hibernation",
            "Hibernation is configured: its type cannot change.",
            "최대 절전 모드가 설정되어 있어 유형을 바꿀 수 없습니다.",
        ));
    }
    if facts.is_on_outpost == Some(true) {
        all.push(block("outpost", "It runs on an Outpost.", "Outpost에서 실행됩니다."));
    }
    if facts.is_stop_protected == Some(true) {
        all.push(block(
            "stop-protected",
            "It is protected against being stopped; trimtab never takes that protection away.",
            "중지 방지가 켜져 있습니다. trimtab은 이 보호를 해제하지 않습니다.",
        ));
    }
    all
}

fn of_others(facts: &InstancePreflight, by_address: &BTreeSet<ResourceId>) -> Vec<Found> {
    let mut all = Vec::new();
    if facts.is_managed == Some(true) {
        all.push(block(
            "service-managed",
            "Another service of AWS manages it.",
            "AWS의 다른 서비스가 관리하는 인스턴스입니다.",
        ));
    }
    for group in facts.groups.iter().flatten() {
        all.push(block(
            "group-member",
            format!("It belongs to the Auto Scaling group {group}, which replaces what stops."),
            format!("Auto Scaling 그룹 {group}에 속해 있어, 중지하면 그룹이 교체합니다."),
        ));
    }
    if facts.is_container_instance == Some(true) {
        all.push(block(
            "container-instance",
            "A cluster of Amazon ECS runs tasks on it.",
            "Amazon ECS 클러스터가 작업을 실행하는 인스턴스입니다.",
        ));
    }
    let tags = facts.tags.iter().flat_map(|tags| tags.keys());
    for manager in managers(tags.map(String::as_str)) {
        all.push(block(
            "managed",
            format!("{manager} manages it: change it there."),
            format!("{manager}에서 관리합니다. 그쪽에서 바꾸세요."),
        ));
    }
    for event in facts.events.iter().flatten() {
        all.push((
            Obstacle::Wait,
            Reason::new(
                "event-scheduled",
                format!("AWS has scheduled {event}."),
                format!("AWS가 예약한 이벤트가 있습니다: {event}."),
            ),
        ));
    }
    for group in by_address {
        all.push(attest(
            "target-by-address",
            format!("{group} knows it by its address: it is not drained there."),
            format!("{group} 대상 그룹에 IP 주소로 등록되어 있어 트래픽을 미리 빼지 못합니다."),
        ));
    }
    all
}

fn of_type(facts: &InstancePreflight, name: &InstanceType) -> Vec<Found> {
    let target = &facts.to;
    let mut all = Vec::new();
    if facts.is_offered == Some(false) {
        all.push(block(
            "type-not-offered",
            format!("The zone does not offer {name}."),
            format!("이 가용 영역에서 제공하지 않는 유형입니다: {name}."),
        ));
    }
    for (code, has, offers) in [
        ("architecture", &facts.architecture, &target.architectures),
        ("virtualization", &facts.virtualization_type, &target.virtualization_types),
        ("boot-mode", &facts.boot_mode, &target.boot_modes),
    ] {
        let (Some(has), Some(offers)) = (has, offers) else { continue };
        if !offers.is_empty() && !offers.contains(has) {
            all.push(block(
                code,
                format!("It is {has}, which {name} is not made for."),
                format!("{name} 유형은 현재 설정({has})을 지원하지 않습니다."),
            ));
        }
    }
    let word = |text: &Option<String>, is: &str| text.as_deref() == Some(is);
    if word(&target.ena, "required") && facts.ena_support != Some(true) {
        all.push(block(
            "ena-required",
            format!("{name} needs enhanced networking (ENA), which is not enabled on it."),
            format!("{name} 유형에 필요한 향상된 네트워킹(ENA)이 켜져 있지 않습니다."),
        ));
    }
    if exceeds(facts) {
        all.push(block(
            "attachments",
            format!("{name} takes fewer volumes, interfaces or addresses than it has."),
            format!("{name} 유형이 받을 수 있는 볼륨, 네트워크 인터페이스, 주소의 수를 넘습니다."),
        ));
    }
    all
}

/// Returns whether it has more attached than the new type takes.
fn exceeds(facts: &InstancePreflight) -> bool {
    let target = &facts.to;
    let is_more =
        |has: Option<u32>, most: Option<u32>| has.zip(most).is_some_and(|(has, most)| has > most);
    let interfaces = facts.interfaces.as_ref().map(|all| all.len());
    let interfaces = interfaces.map(crate::number::length);
    let shared = match target.is_attachment_limit_shared {
        Some(true) => interfaces.unwrap_or(0) + target.instance_store_disks.unwrap_or(0),
        Some(false) | None => 0,
    };
    let addresses = facts.interfaces.iter().flatten().map(|one| one.ipv4).max();
    is_more(facts.volumes.map(|volumes| volumes + shared), target.most_attachments)
        || is_more(interfaces, target.most_interfaces)
        || is_more(addresses, target.ipv4_per_interface)
}

fn managers<'a>(tags: impl Iterator<Item = &'a str>) -> BTreeSet<&'static str> {
    tags.flat_map(|tag| {
        let of_tag = MANAGERS.iter().filter(move |(start, _)| tag.starts_with(start));
        of_tag.map(|(_, name)| *name)
    })
    .collect()
}

fn block(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Found {
    (Obstacle::Block, Reason::new(code, en, ko))
}

fn attest(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Found {
    (Obstacle::Attest, Reason::new(code, en, ko))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_manages_an_instance_is_read_from_its_tags() {
        let tags = ["Name", "kubernetes.io/cluster/arena", "aws:cloudformation:stack-id"];
        let found: Vec<&str> = managers(tags.into_iter()).into_iter().collect();
        assert_eq!(found, ["CloudFormation", "Kubernetes"]);
        assert!(managers(["Name", "team"].into_iter()).is_empty());
    }
}

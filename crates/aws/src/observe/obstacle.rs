//! What of the facts stands in the way of stopping an instance or changing its type.

use trimtab_model::observed::{
    InstancePreflight, Obstacle, TargetHealth, TargetObserved, TypeFacts,
};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Reason;

type Found = (Obstacle, Reason);

/// Returns what stands in the way, the worst first.
pub(super) fn of_instance(facts: &InstancePreflight, targets: &[TargetObserved]) -> Vec<Found> {
    let mut all = of_itself(facts);
    all.extend(of_others(facts, targets));
    if let Some(target) = &facts.target {
        all.extend(of_type(facts, target));
    } else if let Some(wanted) = &facts.wanted {
        all.push(attest(
            "type-unknown",
            format!("What {wanted} is could not be read."),
            format!("{wanted} 타입의 정보를 읽지 못했습니다."),
        ));
    }
    if facts.is_offered == Some(false) {
        all.push(block(
            "type-not-offered",
            "The zone does not offer the type.",
            "이 가용 영역에서 제공하지 않는 타입입니다.",
        ));
    }
    all.extend(facts.unread.iter().map(|(action, problem)| {
        attest(
            "not-read",
            format!("{action} could not be read: {problem}"),
            format!("읽지 못한 정보가 있습니다({action}): {problem}"),
        )
    }));
    all.sort_by_key(|(obstacle, _)| obstacle.clone());
    all
}

fn of_itself(facts: &InstancePreflight) -> Vec<Found> {
    let mut all = Vec::new();
    if let InstanceState::ShuttingDown | InstanceState::Terminated | InstanceState::Other(_) =
        &facts.state
    {
        all.push(block(
            "instance-going",
            "The instance is neither running nor stopped.",
            "실행 중이거나 중지된 상태의 인스턴스가 아닙니다.",
        ));
    }
    if facts.root_device_type.as_deref() == Some("instance-store") {
        all.push(block(
            "root-not-ebs",
            "Its root device is no EBS volume: it cannot be stopped.",
            "루트 디바이스가 EBS 볼륨이 아니라 중지할 수 없습니다.",
        ));
    }
    if let Some(lifecycle) = &facts.lifecycle {
        all.push(block(
            "not-on-demand",
            format!("It is no On-Demand instance ({lifecycle})."),
            format!("온디맨드 인스턴스가 아닙니다({lifecycle})."),
        ));
    }
    if facts.is_hibernation_configured == Some(true) && facts.wanted.is_some() {
        all.push(block(
            "hibernation",
            "Hibernation is configured: its type cannot change.",
            "최대 절전 모드가 설정되어 있어 타입을 바꿀 수 없습니다.",
        ));
    }
    if facts.outpost.is_some() {
        all.push(block("outpost", "It runs on an Outpost.", "Outpost에서 실행됩니다."));
    }
    if facts.is_stop_protected == Some(true) {
        all.push(block(
            "stop-protected",
            "It is protected against being stopped; trimtab never takes that protection away.",
            "중지 방지가 켜져 있습니다. trimtab은 이 보호를 해제하지 않습니다.",
        ));
    }
    if facts.shutdown_behavior.as_deref() == Some("terminate") {
        all.push(attest(
            "shutdown-terminates",
            "A shutdown from inside terminates it.",
            "운영 체제에서 종료하면 인스턴스가 삭제되도록 설정되어 있습니다.",
        ));
    }
    if let Some(address) = &facts.fleeting_ip {
        all.push(attest(
            "public-ip",
            format!("A stop loses its public address {address}."),
            format!("중지하면 퍼블릭 IP 주소 {address}가 바뀝니다."),
        ));
    }
    if facts.current.as_ref().and_then(|one| one.has_instance_store) == Some(true) {
        all.push(attest(
            "instance-store",
            "A stop loses what is on its instance store.",
            "중지하면 인스턴스 스토어의 데이터가 사라집니다.",
        ));
    }
    if facts.has_product_codes || facts.has_licenses {
        all.push(attest(
            "license",
            "Its software is licensed apart.",
            "별도 라이선스가 적용되는 소프트웨어를 사용합니다.",
        ));
    }
    all
}

fn of_others(facts: &InstancePreflight, targets: &[TargetObserved]) -> Vec<Found> {
    let mut all = Vec::new();
    if facts.is_managed_by_service == Some(true) {
        all.push(block(
            "service-managed",
            "Another service of AWS manages it.",
            "AWS의 다른 서비스가 관리하는 인스턴스입니다.",
        ));
    }
    if let Some(group) = &facts.auto_scaling_group {
        all.push(block(
            "group-member",
            format!("It belongs to the Auto Scaling group {group}, which replaces what stops."),
            format!("Auto Scaling 그룹 {group}에 속해 있어, 중지하면 그룹이 교체합니다."),
        ));
    }
    for manager in &facts.managers {
        all.push(block(
            "managed",
            format!("{manager} manages it: change it there."),
            format!("{manager}에서 관리합니다. 그쪽에서 바꾸세요."),
        ));
    }
    for event in &facts.events {
        let at = event.not_before.map(|at| at.to_string()).unwrap_or_default();
        all.push((
            Obstacle::Wait,
            Reason::new(
                "event-scheduled",
                format!("AWS has scheduled {} {at}.", event.code),
                format!("AWS가 예약한 이벤트가 있습니다: {} {at}.", event.code),
            ),
        ));
    }
    for alarm in &facts.alarms {
        all.push(attest(
            "alarm-acts",
            format!("The alarm {alarm} stops, reboots or recovers it by itself."),
            format!("경보 {alarm}가 인스턴스를 자동으로 중지하거나 다시 시작합니다."),
        ));
    }
    for group in &facts.address_target_groups {
        all.push(attest(
            "target-by-address",
            format!("{group} knows it by its address: it is not drained there."),
            format!("{group} 대상 그룹에 IP 주소로 등록되어 있어 트래픽을 미리 빼지 못합니다."),
        ));
    }
    let is_last =
        |one: &&TargetObserved| one.health == TargetHealth::Healthy && one.healthy_others == 0;
    for one in targets.iter().filter(is_last) {
        all.push(attest(
            "last-healthy",
            format!("It is the last healthy target of {}.", one.target.group),
            format!("{} 대상 그룹의 마지막 정상 대상입니다.", one.target.group),
        ));
    }
    all
}

fn of_type(facts: &InstancePreflight, target: &TypeFacts) -> Vec<Found> {
    let mut all = Vec::new();
    let name = &target.instance_type;
    let mut lacks =
        |code: &str, has: &Option<String>, offers: &std::collections::BTreeSet<String>| {
            let Some(has) = has else { return };
            if !offers.is_empty() && !offers.contains(has) {
                all.push(block(
                    code,
                    format!("It is {has}, which {name} is not made for."),
                    format!("{name} 타입은 현재 설정({has})을 지원하지 않습니다."),
                ));
            }
        };
    lacks("architecture", &facts.architecture, &target.architectures);
    lacks("virtualization", &facts.virtualization_type, &target.virtualization_types);
    lacks("boot-mode", &facts.boot_mode, &target.boot_modes);
    let word = |text: &Option<String>, is: &str| text.as_deref() == Some(is);
    if word(&target.ena, "required") && facts.ena_support != Some(true) {
        all.push(block(
            "ena-required",
            format!("{name} needs enhanced networking (ENA), which is not enabled on it."),
            format!("{name} 타입에 필요한 향상된 네트워킹(ENA)이 켜져 있지 않습니다."),
        ));
    }
    let needed_before = facts.current.as_ref().is_some_and(|one| word(&one.nvme, "required"));
    if word(&target.nvme, "required") && !needed_before {
        all.push(attest(
            "nvme-driver",
            format!("{name} shows volumes as NVMe devices: its system must have the driver."),
            format!("{name} 타입은 볼륨을 NVMe 장치로 연결하므로 드라이버가 있어야 합니다."),
        ));
    }
    let is_shared = word(&target.attachment_limit, "shared");
    let used = facts.volumes + if is_shared { facts.interfaces } else { 0 };
    if target.most_attachments.is_some_and(|most| used > most)
        || target.most_interfaces.is_some_and(|most| facts.interfaces > most)
        || target.most_addresses.is_some_and(|most| facts.addresses_of_interface > most)
    {
        all.push(block(
            "attachments",
            format!("{name} takes fewer volumes, interfaces or addresses than it has."),
            format!("{name} 타입이 받을 수 있는 볼륨, 네트워크 인터페이스, 주소의 수를 넘습니다."),
        ));
    }
    all
}

fn block(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Found {
    (Obstacle::Block, Reason::new(code, en, ko))
}

fn attest(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Found {
    (Obstacle::Attest, Reason::new(code, en, ko))
}

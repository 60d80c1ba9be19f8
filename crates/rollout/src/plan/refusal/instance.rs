//! Instances whose type is not changed in place.

use trimtab_model::environment::Environment;
use trimtab_model::id::InstanceType;
use trimtab_model::price::{InstanceTypeFacts, PriceBook};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use super::{changed, refuse};

/// Returns why an instance's type is not changed.
pub(super) fn refusal(
    instance: &Resource<Instance>,
    from: &InstanceType,
    to: &InstanceType,
    environment: Environment,
    snapshot: &Snapshot,
    prices: Option<&PriceBook>,
) -> Option<Reason> {
    let kind = &instance.kind;
    if kind.instance_type != *from {
        return changed("InstanceType", from, &kind.instance_type);
    }
    let facts = |name: &InstanceType| prices.and_then(|book| book.instance_types.get(name));
    of_machine(kind)
        .or_else(|| of_address(instance, environment, snapshot))
        .or_else(|| of_store(facts(from)))
        .or_else(|| of_types(kind, facts(from), facts(to)?, environment))
}

/// Returns why the public address of a machine must not change, as it does with a stop unless
/// it is an elastic one.
fn of_address(
    instance: &Resource<Instance>,
    environment: Environment,
    snapshot: &Snapshot,
) -> Option<Reason> {
    let is_listed = snapshot.was_listed(ResourceKind::Address, &instance.account, &instance.region);
    let is_public = instance.kind.has_public_ip == Some(true);
    if environment != Environment::Prod || !is_public || !is_listed {
        return None;
    }
    let is_elastic = snapshot.addresses.iter().any(|address| {
        address.account == instance.account
            && address.region == instance.region
            && address.kind.instance_id.as_deref() == Some(instance.id.as_str())
    });
    if is_elastic {
        return None;
    }
    refuse(
        "public-address-changes",
        "Its public address changes with a stop: give it an Elastic IP first, or let its clients know.",
        "중지하면 공인 IP 주소가 바뀝니다. 먼저 탄력적 IP를 연결하거나 클라이언트가 대비하게 하세요.",
    )
}

/// Returns why a machine with an instance store is not stopped.
fn of_store(from: Option<&InstanceTypeFacts>) -> Option<Reason> {
    if from?.instance_store_gb.is_some_and(|size| size > 0) {
        return refuse(
            "instance-store-data",
            "It has an instance store, whose data is lost when it is stopped.",
            "인스턴스 스토어가 있어 중지하면 그 데이터가 사라집니다.",
        );
    }
    None
}

/// Returns why an instance is not stopped so that it can be started again.
pub(super) fn of_stop(instance: &Resource<Instance>, prices: Option<&PriceBook>) -> Option<Reason> {
    let kind = &instance.kind;
    if kind.state == InstanceState::Stopped {
        return refuse("already-so", "It is stopped already.", "이미 중지되어 있습니다.");
    }
    let facts = prices.and_then(|book| book.instance_types.get(&kind.instance_type));
    of_power(kind).or_else(|| of_store(facts))
}

fn of_machine(kind: &Instance) -> Option<Reason> {
    of_power(kind).or_else(|| of_host(kind))
}

/// Returns why a machine cannot be stopped and started again.
fn of_power(kind: &Instance) -> Option<Reason> {
    match &kind.state {
        InstanceState::Running | InstanceState::Stopped => {}
        InstanceState::Pending
        | InstanceState::Stopping
        | InstanceState::ShuttingDown
        | InstanceState::Terminated
        | InstanceState::Other(_) => {
            return refuse(
                "not-settled",
                "It neither runs nor is stopped.",
                "실행 중도 중지됨도 아닌 상태입니다.",
            );
        }
    }
    if let Some(lifecycle) = &kind.instance_lifecycle {
        return refuse(
            "not-on-demand",
            format!("Its lifecycle is {lifecycle}: it cannot be stopped and started again."),
            format!("수명 주기가 {lifecycle}(이)라 중지한 뒤 다시 시작할 수 없습니다."),
        );
    }
    if kind.root_device_type.as_deref() == Some("instance-store") {
        return refuse(
            "instance-store-root",
            "Its root device is an instance store: it cannot be stopped.",
            "루트 디바이스가 인스턴스 스토어라 중지할 수 없습니다.",
        );
    }
    if kind.is_managed_by_service == Some(true) {
        return refuse(
            "managed-by-service",
            "Another service of AWS operates it.",
            "AWS의 다른 서비스가 운영하는 인스턴스입니다.",
        );
    }
    None
}

/// Returns why a machine does not get another type where it stands.
fn of_host(kind: &Instance) -> Option<Reason> {
    if kind.virtualization_type.as_deref() == Some("paravirtual") {
        return refuse(
            "paravirtual",
            "Its image is paravirtual: current types do not start it.",
            "반가상화(PV) 이미지라 현재 세대 유형에서 시작되지 않습니다.",
        );
    }
    if kind.host_id.is_some() || kind.tenancy.as_deref() == Some("host") {
        return refuse(
            "dedicated-host",
            "It runs on a Dedicated Host, which decides about its type.",
            "전용 호스트에서 실행되며, 유형은 호스트에 따라 정해집니다.",
        );
    }
    if kind.has_product_codes == Some(true) {
        return refuse(
            "marketplace",
            "Its software comes from the Marketplace, whose licence may name the type.",
            "Marketplace 소프트웨어를 사용하며, 라이선스가 유형에 묶여 있을 수 있습니다.",
        );
    }
    None
}

/// Compares the types, as far as the catalogue knows them.
fn of_types(
    kind: &Instance,
    from: Option<&InstanceTypeFacts>,
    to: &InstanceTypeFacts,
    environment: Environment,
) -> Option<Reason> {
    let is = kind.architecture.as_deref().or(from.map(|facts| facts.architecture.as_str()));
    if let Some(is) = is.filter(|is| *is != to.architecture) {
        return refuse(
            "other-architecture",
            format!(
                "It is {is} and {} is {}: only a new instance could be that.",
                to.instance_type, to.architecture
            ),
            format!(
                "현재 {is}, {}은(는) {}입니다. 새 인스턴스로 교체해야 합니다.",
                to.instance_type, to.architecture
            ),
        );
    }
    let is_nitro = to.hypervisor.as_deref() == Some("nitro");
    if is_nitro && kind.ena_support == Some(false) {
        return refuse(
            "no-ena",
            "The new type needs ENA, which is not enabled for it.",
            "새 유형에 필요한 ENA가 활성화되어 있지 않습니다.",
        );
    }
    let was_xen = from.is_some_and(|facts| facts.hypervisor.as_deref() == Some("xen"));
    if was_xen && is_nitro && environment == Environment::Prod {
        return refuse(
            "xen-to-nitro",
            "From Xen to Nitro, names of disks and drivers change: in production a person looks into the machine first.",
            "Xen에서 Nitro로 옮기면 디스크 이름과 드라이버가 바뀝니다. 운영 환경에서는 먼저 사람이 서버 내부를 확인해야 합니다.",
        );
    }
    None
}

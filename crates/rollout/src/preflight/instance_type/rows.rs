//! Every row of the table, in order.

use trimtab_model::environment::Environment;
use trimtab_model::id::InstanceType;
use trimtab_model::observed::InstancePreflight;
use trimtab_model::plan::GateLimits;

use super::{demand, machine, moment, network, ownership, place, platform, software};
use crate::preflight::Findings;

/// What a row is judged by.
pub(super) struct Question<'a> {
    pub(super) facts: &'a InstancePreflight,
    pub(super) to: &'a InstanceType,
    pub(super) limits: &'a GateLimits,
    pub(super) environment: Environment,
}

impl Question<'_> {
    /// Returns whether players, or nobody knows who, meet the machine.
    pub(super) fn is_careful(&self) -> bool {
        matches!(self.environment, Environment::Prod | Environment::Unknown)
    }
}

/// One row of the table: its title in English and in Korean, and how it is judged.
pub(super) type Row = (&'static str, &'static str, fn(&Question<'_>) -> Findings);

/// The rows, by number from 1.
pub(super) const ROWS: [Row; 36] = [
    ("Root device is an EBS volume", "루트 디바이스가 EBS 볼륨", platform::root_device),
    ("On-Demand instance", "온디맨드 인스턴스", platform::life_cycle),
    (
        "Not managed by a service of AWS",
        "AWS 서비스가 관리하지 않음",
        ownership::managed_by_service,
    ),
    ("Same processor architecture", "같은 프로세서 아키텍처", platform::architecture),
    ("Same virtualization", "같은 가상화 방식", platform::virtualization),
    ("Boot mode and NitroTPM", "부팅 모드와 NitroTPM", platform::boot_mode),
    ("Enhanced networking (ENA)", "향상된 네트워킹(ENA)", platform::ena),
    ("NVMe drivers in the guest", "운영 체제의 NVMe 드라이버", platform::nvme),
    ("Data on instance stores", "인스턴스 스토어의 데이터", machine::instance_store),
    ("Hibernation", "최대 절전 모드", machine::hibernation),
    ("Volumes and other attachments", "볼륨 등 연결 수", machine::attachments),
    ("Network interfaces and addresses", "네트워크 인터페이스와 주소", network::interfaces),
    ("Bandwidth weighting", "대역폭 가중치", network::bandwidth_weighting),
    ("Placement group", "배치 그룹", place::placement_group),
    ("Tenancy and Dedicated Host", "테넌시와 전용 호스트", place::tenancy),
    ("Capacity reservation", "용량 예약", place::capacity_reservation),
    ("Processor options and enclaves", "프로세서 옵션과 Enclaves", machine::processor_options),
    ("Stop protection", "중지 방지", ownership::stop_protection),
    ("Shutdown behaviour", "종료 동작", ownership::shutdown_behavior),
    ("Auto Scaling group", "Auto Scaling 그룹", ownership::auto_scaling_group),
    ("Managed by a tool", "관리 도구", ownership::tool),
    ("Offered in its zone", "가용 영역의 유형 제공", place::offering),
    ("vCPU quota", "vCPU 할당량", place::quota),
    ("Keys of its volumes", "볼륨의 KMS 키", moment::keys),
    ("Public address", "퍼블릭 IP 주소", network::public_address),
    ("Scheduled events", "예약된 이벤트", moment::events),
    ("Alarms that act on it", "인스턴스에 작용하는 경보", moment::alarms),
    ("Last healthy target", "마지막 정상 대상", moment::last_target),
    ("EBS throughput that is asked for", "EBS 사용량", demand::volumes),
    ("Network that is asked for", "네트워크 사용량", demand::network),
    ("Memory that is used", "메모리 사용량", demand::memory),
    ("Kind of processor", "프로세서 종류", demand::processor),
    ("CPU credits", "CPU 크레딧", demand::credits),
    ("Licences", "라이선스", software::licence),
    ("Outpost and Local Zone", "Outpost와 로컬 영역", place::zone),
    ("Compute Optimizer", "Compute Optimizer", software::optimizer),
];

/// The rows that a stop asks for, whatever type the instance has: those about another type say
/// nothing of it.
pub(in crate::preflight) const OF_A_STOP: &[usize] =
    &[1, 2, 3, 9, 18, 19, 20, 21, 24, 25, 26, 27, 28, 35];

/// The rows that the stop of an instance asks for whose work a function does: whether it is the last
/// that serves is asked for with the function.
pub(in crate::preflight) const OF_A_REPLACEMENT: &[usize] =
    &[1, 2, 3, 9, 18, 19, 20, 21, 24, 25, 26, 27, 35];

/// Returns the titles of the rows in English and in Korean, in order.
pub(in crate::preflight) fn titles() -> Vec<(&'static str, &'static str)> {
    ROWS.iter().map(|(en, ko, _)| (*en, *ko)).collect()
}

/// Judges every row, in order.
pub(in crate::preflight) fn rows(
    facts: &InstancePreflight,
    to: &InstanceType,
    limits: &GateLimits,
    environment: Environment,
) -> Vec<Findings> {
    let question = Question { facts, to, limits, environment };
    ROWS.iter().map(|(_, _, judge)| judge(&question)).collect()
}

/// Returns everything that stands in the way of the new type.
pub fn instance_type(
    facts: &InstancePreflight,
    to: &InstanceType,
    limits: &GateLimits,
    environment: Environment,
) -> Findings {
    rows(facts, to, limits, environment).concat()
}

#[cfg(test)]
pub(super) mod tests {
    use trimtab_model::observed::{KeyFacts, Obstacle, TypeTraits};

    use super::*;
    use crate::simulate::plain;

    /// Returns an instance that nothing keeps from becoming an m6i.large.
    pub(in crate::preflight::instance_type) fn facts() -> InstancePreflight {
        let current = |vcpu, memory_mib| TypeTraits {
            network_baseline_gbps: Some(0.781),
            ..plain::traits(vcpu, memory_mib)
        };
        InstancePreflight {
            from: current(4, 16_384),
            to: current(2, 8192),
            volumes: Some(2),
            vcpu_running: Some(16),
            vcpu_quota: Some(64),
            keys: Some(vec![KeyFacts {
                id: "key-1".to_owned(),
                state: "Enabled".to_owned(),
                may_grant: Some(true),
            }]),
            ebs_iops: Some(800.0),
            ebs_mb_s: Some(20.0),
            network_gbps: Some(0.2),
            memory_peak_mib: Some(4000.0),
            busy_vcpu: Some(0.6),
            ..plain::instance()
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
        let (to, limits) = ("m6i.large".into(), GateLimits::default());
        let question = Question { facts: &facts, to: &to, limits: &limits, environment };
        let (_, _, row) = ROWS.get(number - 1).expect("a row of the table");
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
        let found =
            instance_type(&facts(), &"m6i.large".into(), &GateLimits::default(), Environment::Prod);
        assert_eq!(found, Vec::new());
    }

    #[test]
    fn what_nobody_read_blocks_in_every_row_but_those_that_ask_the_catalogue_or_compare() {
        let nothing = InstancePreflight::default();
        let (to, limits) = ("m6i.large".into(), GateLimits::default());
        let environment = Environment::Prod;
        let question = Question { facts: &nothing, to: &to, limits: &limits, environment };
        for (at, (_, _, row)) in ROWS.iter().enumerate() {
            let number = at + 1;
            let blocks = row(&question).iter().any(|(obstacle, _)| *obstacle == Obstacle::Block);
            // 32 and 36 compare with what is beside it: where that is missing they say so, or
            // were not asked.
            assert_eq!(blocks, !matches!(number, 32 | 36), "row {number}");
        }
    }
}

//! What alone keeps a database from every cheaper class, and what is said of it.

use rust_decimal::Decimal;

use trimtab_model::price::{PriceBook, RegionPrices};
use trimtab_model::recommendation::Unknown;
use trimtab_model::text::{Reason, Text};

use crate::database::choice::{DbQuestion, DbSpec, choices_but_for};
use crate::database::connections::{CONNECTION_ROOM, LimitUnknown, max_connections};
use crate::database::orderable::Orderable;
use crate::database::reads::relies_on_page_cache;

const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// What alone keeps a database from every cheaper class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// RDS does not sell them for its engine version.
    NotOrderable,
    /// They have fewer vCPUs than sessions were at work or waiting.
    Load,
    /// They admit too few connections.
    Connections,
    /// A buffer of a fixed size does not fit them.
    Buffer,
    /// Reads from storage may rise above what it sustains.
    Reads,
}

/// The specs that may be the only obstacle, and what each is called.
const OBSTACLES: &[(DbSpec, Obstacle)] = &[
    (DbSpec::Load, Obstacle::Load),
    (DbSpec::Connections, Obstacle::Connections),
    (DbSpec::Buffer, Obstacle::Buffer),
    (DbSpec::Reads, Obstacle::Reads),
];

/// Returns the spec that alone forbids every cheaper class, because nobody measured it or
/// knows its limit; absent where no class is cheaper, or another spec forbids it too.
pub fn undecided(
    question: DbQuestion<'_>,
    prices: &PriceBook,
    region: &RegionPrices,
    monthly_now: Decimal,
) -> Option<DbSpec> {
    let DbQuestion { engine, current, demand, parameters, load, .. } = question;
    let mut open = Vec::new();
    if demand.memory_gib.is_none() {
        open.push(DbSpec::Memory);
    }
    let counted = load.is_some_and(|load| load.buffer.is_some());
    if relies_on_page_cache(engine.engine) && !counted {
        open.push(DbSpec::Reads);
    }
    if max_connections(engine.engine, parameters, &current).is_err() {
        open.push(DbSpec::Connections);
    }
    let first = *open.first()?;
    let found = choices_but_for(&open, question, prices, region, monthly_now);
    (!found.is_empty()).then_some(first)
}

/// Returns what alone forbids every cheaper class although it is known; absent where no class is
/// cheaper, or something else forbids it too.
pub fn obstacle(
    question: DbQuestion<'_>,
    prices: &PriceBook,
    region: &RegionPrices,
    monthly_now: Decimal,
) -> Option<Obstacle> {
    let found = |ignored: &[DbSpec], question| {
        !choices_but_for(ignored, question, prices, region, monthly_now).is_empty()
    };
    if let Some((_, obstacle)) = OBSTACLES.iter().find(|(spec, _)| found(&[*spec], question)) {
        return Some(*obstacle);
    }
    let whatever_is_sold = DbQuestion { orderable: Orderable::default(), ..question };
    found(&[], whatever_is_sold).then_some(Obstacle::NotOrderable)
}

/// Says what alone keeps the database where it is.
pub fn held(question: DbQuestion<'_>, obstacle: Obstacle) -> Reason {
    let DbQuestion { db, current, load, demand, parameters, .. } = question;
    let (class, engine) = (&db.kind.db_instance_class, &db.kind.engine);
    match obstacle {
        Obstacle::Load => {
            let sessions = load.map(|load| load.p99_5).unwrap_or_default();
            let vcpu = current.facts.vcpu;
            Reason::new(
                "load-needs-vcpus",
                format!(
                    "Up to {sessions:.1} sessions work or wait at once (P99.5), close to the vCPUs of every cheaper class; {class} has {vcpu}."
                ),
                format!(
                    "동시에 실행되거나 대기하는 세션이 P99.5 기준 {sessions:.1}개로, 더 저렴한 클래스의 vCPU 수에 가깝습니다. {class} 클래스의 vCPU는 {vcpu}개입니다."
                ),
            )
        }
        Obstacle::Connections => {
            let peak = demand.connections.unwrap_or_default();
            let needed = (peak * CONNECTION_ROOM).ceil();
            Reason::new(
                "connections-need-memory",
                format!(
                    "A cheaper class would cover the rest, but clients open up to {peak:.0} connections and no cheaper class surely admits {needed:.0}. Smaller pools, or RDS Proxy in front, would open the way."
                ),
                format!(
                    "나머지는 더 저렴한 클래스로 충분하지만 연결이 최대 {peak:.0}개까지 열리는데, {needed:.0}개를 확실히 허용하는 더 저렴한 클래스가 없습니다. 커넥션 풀을 줄이거나 RDS Proxy를 앞에 두면 가능해집니다."
                ),
            )
        }
        Obstacle::Buffer => {
            let gib = parameters.fixed_buffer_bytes().unwrap_or_default() / BYTES_PER_GIB;
            Reason::new(
                "buffer-fixed",
                format!(
                    "The parameter group fixes the engine's buffer at {gib:.1} GiB, which fits no cheaper class: it would not start. A formula such as AWS's default follows the class."
                ),
                format!(
                    "파라미터 그룹이 엔진 버퍼를 {gib:.1} GiB로 고정해 더 저렴한 클래스에서는 시작하지 못합니다. AWS 기본값처럼 수식을 쓰면 클래스에 맞춰집니다."
                ),
            )
        }
        Obstacle::Reads => Reason::new(
            "reads-may-rise",
            "A cheaper class would cover the rest, but with its memory reads from storage may rise above what it sustains.",
            "나머지는 더 저렴한 클래스로 충분하지만, 메모리가 줄면 스토리지 읽기가 감당할 수 있는 수준을 넘을 수 있습니다.",
        ),
        Obstacle::NotOrderable => {
            let version = db.kind.engine_version.as_deref().unwrap_or_default();
            Reason::new(
                "not-orderable",
                format!(
                    "A cheaper class would cover its use, but RDS does not offer it for {engine} {version} in {}.",
                    db.region
                ),
                format!(
                    "더 저렴한 클래스로 충분하지만, {} 리전의 {engine} {version}에서는 제공되지 않습니다.",
                    db.region
                ),
            )
        }
    }
}

/// Says which measure or limit is missing, and what would settle it.
pub fn unmeasured(question: DbQuestion<'_>, spec: DbSpec) -> Unknown {
    match spec {
        DbSpec::Memory => Unknown {
            reason: Reason::new(
                "memory-not-measured",
                "A cheaper class would cover the CPU, but FreeableMemory was not read, and without it memory is never reduced.",
                "CPU만 보면 더 저렴한 클래스로 충분하지만 FreeableMemory 지표가 없습니다. 이 지표 없이는 메모리를 줄이지 않습니다.",
            ),
            settled_by: vec!["metrics:AWS/RDS:FreeableMemory".to_owned()],
        },
        DbSpec::Reads => Unknown {
            reason: Reason::new(
                "working-set-unknown",
                "A cheaper class would cover the rest, but the engine also caches in memory that FreeableMemory counts as free, and its data does not surely fit the smaller memory. The pages that statements read, which Performance Insights counts, would tell.",
                "나머지는 더 저렴한 클래스로 충분하지만, 이 엔진은 FreeableMemory가 여유로 세는 메모리도 캐시로 쓰고 데이터가 줄어든 메모리에 모두 들어간다고 볼 수 없습니다. Performance Insights가 세는 페이지 읽기 수가 있으면 판단할 수 있습니다.",
            ),
            settled_by: vec![
                "inventory:get-resource-metrics".to_owned(),
                "metrics:AWS/RDS:FreeStorageSpace".to_owned(),
            ],
        },
        DbSpec::Cpu
        | DbSpec::Load
        | DbSpec::Buffer
        | DbSpec::Connections
        | DbSpec::Iops
        | DbSpec::Throughput => limit_unknown(question),
    }
}

fn limit_unknown(question: DbQuestion<'_>) -> Unknown {
    let DbQuestion { db, engine, current, parameters, .. } = question;
    let name = &db.kind.engine;
    let why = match max_connections(engine.engine, parameters, &current) {
        Err(LimitUnknown::Formula(error)) => error.text(),
        Err(LimitUnknown::NoDefault) | Ok(_) => Text::new(
            format!("the default of {name} is not known here"),
            format!("{name} 엔진의 기본값을 알 수 없습니다"),
        ),
    };
    let group = parameters.max_connections().unwrap_or("max_connections");
    Unknown {
        reason: Reason::new(
            "connection-limit-unknown",
            format!(
                "A cheaper class would cover CPU and memory, but how many connections it admits is not known ({group}): {}.",
                why.en
            ),
            format!(
                "CPU와 메모리만 보면 더 저렴한 클래스로 충분하지만, 그 클래스가 허용하는 연결 수를 알 수 없습니다({group}). {}.",
                why.ko
            ),
        ),
        settled_by: vec!["inventory:describe-db-parameters".to_owned()],
    }
}

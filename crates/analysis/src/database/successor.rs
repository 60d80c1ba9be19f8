//! A newer class of the same size: the same database on a cheaper machine.

use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{CostComponent, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::choice::{component, price};
use crate::database::class::Class;
use crate::database::engine::Engine;
use crate::database::maintenance;
use crate::database::orderable::Orderable;
use crate::nodes::series_and_generation;
use crate::verdict::{exempt, pass, unknown};

/// Which processor the newer class may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    /// The same architecture, of a later generation.
    Same,
    /// Arm, in the place of x86, of the same generation or a later one.
    Arm,
}

/// The class now and the cheapest newer one, each with its monthly cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Successor<'a> {
    /// The class now.
    pub current: Class<'a>,
    /// Its cost.
    pub cost_now: CostComponent,
    /// The cheapest newer class; absent where there is none.
    pub newer: Option<(Class<'a>, CostComponent)>,
}

/// Returns the verdict on a DB instance whose class cannot be changed, whatever its size.
pub fn unchangeable(db: &DbInstance) -> Option<Verdict> {
    let status = &db.db_instance_status;
    if status != "available" {
        return Some(pass(
            "not-available",
            format!("The DB instance is {status}."),
            format!("DB 인스턴스 상태가 {status}입니다."),
        ));
    }
    if db.db_instance_class.as_str() == "db.serverless" {
        return Some(exempt(
            "serverless",
            "A serverless instance has no class to change.",
            "서버리스 인스턴스에는 변경할 클래스가 없습니다.",
        ));
    }
    db.has_pending_modifications.then(|| {
        exempt(
            "pending-modifications",
            "Other modifications are pending; a class change now would apply them too.",
            "대기 중인 다른 변경 사항이 있습니다. 지금 클래스를 변경하면 함께 적용될 수 있습니다.",
        )
    })
}

/// Returns what the change of a class rests on: the two sizes, and what a person must know.
pub fn evidence(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    current: &Class<'_>,
    newer: &Class<'_>,
) -> Evidence {
    let mut notes = vec![Text::new(
        "A class change interrupts the database, for one to two minutes with Multi-AZ, longer without. It waits for the maintenance window.",
        "클래스를 변경하면 데이터베이스가 중단됩니다(Multi-AZ는 약 1~2분, 단일 AZ는 더 길어짐). 변경은 유지 관리 기간에 적용됩니다.",
    )];
    if db.kind.db_cluster_identifier.is_some() {
        notes.push(Text::new(
            "Change the readers of its cluster first and fail over to one of them, then change the writer.",
            "클러스터의 읽기 인스턴스를 먼저 변경하고 장애 조치한 뒤 쓰기 인스턴스를 변경하세요.",
        ));
    }
    notes.push(Text::new(
        "A reserved DB instance covers one family: an old one does not follow to the new class.",
        "예약 DB 인스턴스는 패밀리 단위로 적용되므로 기존 예약은 새 클래스에 적용되지 않습니다.",
    ));
    notes.extend(maintenance::notes(facts, db));
    Evidence {
        figures: vec![
            Figure::number(
                "vcpu",
                "vCPUs afterwards",
                "변경 후 vCPU",
                f64::from(newer.facts.vcpu),
                "",
            )
            .against(f64::from(current.facts.vcpu)),
            Figure::number(
                "memory_gib",
                "Memory afterwards",
                "변경 후 메모리",
                newer.memory_gib(),
                "GiB",
            )
            .against(current.memory_gib()),
        ],
        signals_not_seen: Orderable::of(facts, db)
            .unseen()
            .into_iter()
            .chain(maintenance::unseen(facts, db))
            .collect(),
        notes,
        ..Evidence::default()
    }
}

/// Finds the cheapest newer class of the same series and size, with no less of anything.
///
/// # Errors
/// Returns `Unknown` if the catalogue does not know the class, the engine or the price.
pub fn find<'a>(
    facts: &Facts<'a>,
    db: &Resource<DbInstance>,
    processor: Processor,
) -> Result<Successor<'a>, Unknown> {
    let engine = Engine::of(&db.kind).ok_or_else(|| missing(db))?;
    let current =
        Class::find(facts.prices, &db.kind.db_instance_class).ok_or_else(|| missing(db))?;
    let region = facts.prices.regions.get(&db.region).ok_or_else(|| missing(db))?;
    let estimates = facts.policy.sizing(db.environment).estimated_prices;
    let cost = |class: &Class<'_>| {
        price(region, &engine, class, estimates).and_then(|price| component(class, price, &db.kind))
    };
    let orderable = Orderable::of(facts, db);
    let cost_now = cost(&current).ok_or_else(|| missing(db))?;
    let newer = facts
        .prices
        .db_classes
        .keys()
        .filter_map(|name| Class::find(facts.prices, name))
        .filter(|class| follows(&current, class, processor))
        .filter(|class| orderable.offers(&db.kind, &class.facts.db_instance_class) != Some(false))
        .filter_map(|class| Some((class, cost(&class)?)))
        .min_by(|(a, a_cost), (b, b_cost)| {
            (a_cost.price.usd, &a.facts.db_instance_class)
                .cmp(&(b_cost.price.usd, &b.facts.db_instance_class))
        });
    debug_assert_eq!(cost_now.quantity, HOURS_PER_MONTH.into());
    Ok(Successor { current, cost_now, newer })
}

fn follows(now: &Class<'_>, other: &Class<'_>, processor: Processor) -> bool {
    let read = |class: &Class<'_>| {
        let (_, size) = class.facts.db_instance_class.as_str().rsplit_once('.')?;
        let (series, generation) = series_and_generation(&class.facts.family)?;
        Some((series.to_owned(), generation, size.to_owned()))
    };
    let (Some((series, generation, size)), Some((other_series, other_generation, other_size))) =
        (read(now), read(other))
    else {
        return false;
    };
    let newer = match processor {
        Processor::Same => other.is_arm() == now.is_arm() && other_generation > generation,
        Processor::Arm => other.is_arm() && !now.is_arm() && other_generation >= generation,
    };
    newer
        && series == other_series
        && size == other_size
        && other.is_plain()
        && other.facts.current_generation
        && other.has_local_disks() == now.has_local_disks()
        && other.facts.vcpu >= now.facts.vcpu
        && other.memory_gib() >= now.memory_gib() * 0.99
}

fn missing(db: &Resource<DbInstance>) -> Unknown {
    let (class, engine, region) = (&db.kind.db_instance_class, &db.kind.engine, &db.region);
    unknown(
        "class-not-in-catalogue",
        format!("The catalogue has no facts or no price for {class} of {engine} in {region}."),
        format!("카탈로그에 {region} 리전의 {engine} {class} 사양이나 가격이 없습니다."),
        &[&format!("prices:rds:{engine}:{class}")],
    )
}

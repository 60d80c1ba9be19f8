//! The cheapest classes that cover a database's demand.

use rust_decimal::Decimal;

use trimtab_model::environment::Environment;
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::policy::{Permission, SizingPolicy};
use trimtab_model::price::{Price, PriceBook, RegionPrices};
use trimtab_model::recommendation::{CostComponent, PerformanceRisk, Projection};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::db_load::DbLoad;

use crate::database::class::Class;
use crate::database::connections::{admits, engine_memory_bytes, max_connections};
use crate::database::demand::DbDemand;
use crate::database::engine::Engine;
use crate::database::orderable::Orderable;
use crate::database::parameters::Parameters;
use crate::database::reads::{Bound, Enough, enough, reads};
use crate::sizing::choice::OPTIONS;
use crate::sizing::headroom::threshold_percent;
use crate::sizing::risk::step;
use crate::traffic::ExpectedGrowth;

/// Room for the rounding of percentages: a billionth.
const TOLERANCE: f64 = 1.0 + 1e-9;

/// The question: one DB instance, what it is and what it used.
#[derive(Debug, Clone, Copy)]
pub struct DbQuestion<'a> {
    /// The DB instance.
    pub db: &'a Resource<DbInstance>,
    /// Its engine.
    pub engine: &'a Engine,
    /// Its class.
    pub current: Class<'a>,
    /// What it used.
    pub demand: &'a DbDemand,
    /// How many members of its cluster were looked at together.
    pub members: usize,
    /// The sessions at work or waiting, where Performance Insights samples them.
    pub load: Option<&'a DbLoad>,
    /// What its parameter group says.
    pub parameters: Parameters<'a>,
    /// What may be ordered for it.
    pub orderable: Orderable<'a>,
    /// By how much its demand is expected to grow with its users.
    pub growth: Option<&'a ExpectedGrowth>,
    /// How classes are chosen.
    pub policy: SizingPolicy,
}

/// A class that covers the demand and costs less than the current one.
#[derive(Debug, Clone)]
pub struct DbChoice<'a> {
    /// The class.
    pub class: Class<'a>,
    /// Its expected monthly cost.
    pub component: CostComponent,
    /// Its performance risk.
    pub risk: PerformanceRisk,
    /// The use it would see.
    pub projected: Vec<Projection>,
}

/// One of the things a class offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DbSpec {
    /// vCPUs.
    Cpu,
    /// vCPUs for the sessions at work or waiting.
    Load,
    /// Memory.
    Memory,
    /// Memory for a buffer of a fixed size.
    Buffer,
    /// What less memory does to reads from storage.
    Reads,
    /// Connections admitted.
    Connections,
    /// Sustained storage operations.
    Iops,
    /// Sustained storage throughput.
    Throughput,
}

/// Returns the monthly cost of a class: twice the Single-AZ price for Multi-AZ.
pub fn component(class: &Class<'_>, price: &Price, db: &DbInstance) -> Option<CostComponent> {
    let name = class.facts.db_instance_class.as_str();
    let twice = db.multi_az == Some(true);
    let (name, price) = if twice {
        let price = Price {
            usd: price.usd.checked_mul(Decimal::TWO)?,
            source: format!("{}; Multi-AZ as twice Single-AZ", price.source),
            ..price.clone()
        };
        (format!("{name} Multi-AZ"), price)
    } else {
        (name.to_owned(), price.clone())
    };
    Some(CostComponent { name, quantity: Decimal::from(HOURS_PER_MONTH), price })
}

/// Finds the Single-AZ price of a class, estimated ones only where the policy allows.
pub fn price<'a>(
    region: &'a RegionPrices,
    question_engine: &Engine,
    class: &Class<'_>,
    estimated: Permission,
) -> Option<&'a Price> {
    let key = question_engine.key(&class.facts.db_instance_class);
    region.db_instance_hour.get(&key).or_else(|| match estimated {
        Permission::Deny => None,
        Permission::Allow => {
            region.db_instance_hour_estimated.iter().find_map(|(estimate, price)| {
                (estimate.db_instance_class == key.db_instance_class
                    && estimate.engine == key.engine
                    && question_engine.edition.is_empty())
                .then_some(price)
            })
        }
    })
}

/// Lists the specs of which `class` offers less than the demand needs.
pub fn shortfalls(question: DbQuestion<'_>, class: &Class<'_>) -> Vec<DbSpec> {
    let DbQuestion { engine, current, demand, policy, load, parameters, growth, .. } = question;
    let grown_cpu = growth.map_or(1.0, |growth| growth.cpu);
    let percent = threshold_percent(&demand.cpu_percent, policy.cpu_threshold) * grown_cpu;
    let vcpu =
        percent / 100.0 * f64::from(current.facts.vcpu) / (1.0 - policy.cpu_headroom.share());
    let smaller = class.memory_gib() < current.memory_gib();
    let memory = demand.memory_gib.map(|used| used / (1.0 - policy.memory_headroom.share()));
    let short_of = |needed: Option<f64>, offered: Option<f64>| matches!((needed, offered), (Some(needed), Some(offered)) if needed > offered * TOLERANCE);
    let mut specs = Vec::new();
    // Once its credits are gone, a burstable class may have been held back: what it used says little
    // of what it would have.
    let held_back = demand.ran_out_of_credits() && class.facts.vcpu < current.facts.vcpu;
    if vcpu > f64::from(class.facts.vcpu) * TOLERANCE || held_back {
        specs.push(DbSpec::Cpu);
    }
    // Sessions that wait need a vCPU when they go on. The present class may have fewer than
    // there are at times; that forbids less and does not call for more.
    let sessions = load.map(|load| load.p99_5 * grown_cpu / (1.0 - policy.cpu_headroom.share()));
    let fewer = class.facts.vcpu < current.facts.vcpu;
    if fewer && short_of(sessions, Some(f64::from(class.facts.vcpu))) {
        specs.push(DbSpec::Load);
    }
    // A database fills the memory it is given, so a high use of the present class does
    // not call for more; it only forbids less.
    if smaller && !memory.is_some_and(|needed| needed <= class.memory_gib() * TOLERANCE) {
        specs.push(DbSpec::Memory);
    }
    // An engine does not start where a buffer of a fixed size is larger than its memory.
    let buffer = parameters.fixed_buffer_bytes();
    if smaller && buffer.is_some_and(|bytes| bytes > engine_memory_bytes(class).least) {
        specs.push(DbSpec::Buffer);
    }
    if reads(question, class).is_some_and(|reads| enough(question, class, &reads) != Enough::Yes) {
        specs.push(DbSpec::Reads);
    }
    let limit = |class| max_connections(engine.engine, parameters, class);
    let grown_connections = growth.map_or(1.0, |growth| growth.connections);
    let admitted = limit(class).is_ok_and(|after| {
        let unchanged = limit(&current).is_ok_and(|now| after.least >= now.most);
        let opened = demand.connections.map(|peak| peak * grown_connections);
        unchanged || opened.is_none_or(|peak| admits(after.least, peak))
    });
    if smaller && !admitted {
        specs.push(DbSpec::Connections);
    }
    if !engine.is_aurora() {
        // A class without a known limit may be no worse than the present one only if it
        // is the present one.
        let unknown = |needed: Option<f64>, offered: Option<f64>| {
            needed.is_some() && offered.is_none() && class.facts != current.facts
        };
        if short_of(demand.iops, class.ebs_iops) || unknown(demand.iops, class.ebs_iops) {
            specs.push(DbSpec::Iops);
        }
        if short_of(demand.mb_s, class.ebs_mb_s) || unknown(demand.mb_s, class.ebs_mb_s) {
            specs.push(DbSpec::Throughput);
        }
    }
    specs
}

fn is_compatible(question: DbQuestion<'_>, class: &Class<'_>) -> bool {
    let DbQuestion { db, current, policy, demand, orderable, growth, .. } = question;
    let careful = matches!(db.environment, Environment::Prod | Environment::Unknown);
    let grown = growth.map_or(1.0, |growth| growth.cpu);
    let busiest = demand.busiest_day_percent * grown / 100.0 * f64::from(current.facts.vcpu);
    let sustains =
        class.baseline_share.is_some_and(|share| busiest <= share * f64::from(class.facts.vcpu));
    class.facts.db_instance_class != current.facts.db_instance_class
        && class.is_plain()
        && orderable.offers(&db.kind, &class.facts.db_instance_class) != Some(false)
        && (class.facts.current_generation || policy.previous_generation == Permission::Allow)
        && (class.is_arm() == current.is_arm() || policy.other_architecture == Permission::Allow)
        && class.has_local_disks() == current.has_local_disks()
        && (!class.is_burstable()
            || (!careful
                && policy.burstable == Permission::Allow
                && sustains
                && !demand.ran_out_of_credits()))
}

/// Returns up to [`OPTIONS`] classes that cover the demand for less than `monthly_now`,
/// cheapest first; among equals the less risky, then the name.
pub fn choices<'a>(
    question: DbQuestion<'_>,
    prices: &'a PriceBook,
    region: &'a RegionPrices,
    monthly_now: Decimal,
) -> Vec<DbChoice<'a>> {
    choices_but_for(&[], question, prices, region, monthly_now)
}

/// Returns the choices there would be if `ignored` did not matter.
pub(super) fn choices_but_for<'a>(
    ignored: &[DbSpec],
    question: DbQuestion<'_>,
    prices: &'a PriceBook,
    region: &'a RegionPrices,
    monthly_now: Decimal,
) -> Vec<DbChoice<'a>> {
    let estimates = match question.policy.estimated_prices {
        Permission::Allow => Some(region.db_instance_hour_estimated.keys()),
        Permission::Deny => None,
    };
    let classes: std::collections::BTreeSet<_> = region
        .db_instance_hour
        .keys()
        .filter(|key| question.engine.matches(key))
        .chain(estimates.into_iter().flatten().filter(|key| key.engine == question.engine.engine))
        .map(|key| &key.db_instance_class)
        .collect();
    let mut choices: Vec<(Decimal, DbChoice<'a>)> = classes
        .into_iter()
        .filter_map(|name| {
            let class = Class::find(prices, name)?;
            let short = shortfalls(question, &class);
            if !is_compatible(question, &class) || short.iter().any(|spec| !ignored.contains(spec))
            {
                return None;
            }
            let price = price(region, question.engine, &class, question.policy.estimated_prices)?;
            let component = component(&class, price, &question.db.kind)?;
            let monthly = component.amount().ok()?.amount;
            (price.usd > Decimal::ZERO && monthly < monthly_now).then(|| {
                let (risk, projected) = (risk(question, &class), projected(question, &class));
                (monthly, DbChoice { class, component, risk, projected })
            })
        })
        .collect();
    choices.sort_by(|(a_usd, a), (b_usd, b)| {
        (a_usd, a.risk, &a.class.facts.db_instance_class).cmp(&(
            b_usd,
            b.risk,
            &b.class.facts.db_instance_class,
        ))
    });
    choices.into_iter().map(|(_, choice)| choice).take(OPTIONS).collect()
}

fn risk(question: DbQuestion<'_>, class: &Class<'_>) -> PerformanceRisk {
    let DbQuestion { db, current, demand, engine, parameters, .. } = question;
    let cpu = f64::from(current.facts.vcpu) / 100.0 / f64::from(class.facts.vcpu.max(1));
    let smaller = class.memory_gib() < current.memory_gib();
    let storage = |used: Option<f64>, offered: Option<f64>| match (used, offered) {
        _ if engine.is_aurora() => 0,
        (Some(used), Some(offered)) if offered > 0.0 => {
            step(used / offered, [0.7, 0.85, 0.95, 1.0])
        }
        _ => 1,
    };
    let spills = reads(question, class).is_some_and(|reads| {
        !matches!(reads.bound, Bound::BufferHolds { .. } | Bound::DataFits { .. })
    });
    let unread = has_custom_parameters(&db.kind) && parameters.group().is_none();
    let ratings = [
        step(demand.cpu_percent.max * cpu, [0.8, 0.9, 1.0, 1.5]),
        u8::from(demand.cpu_statistic != Statistic::Maximum) * 2,
        demand
            .memory_gib
            .filter(|_| smaller)
            .map_or(0, |used| 1 + step(used / class.memory_gib(), [0.7, 0.8, 0.9, 1.0])),
        storage(demand.iops, class.ebs_iops),
        storage(demand.mb_s, class.ebs_mb_s),
        u8::from(smaller && demand.connections.is_none()) * 2,
        u8::from(smaller && unread) * 2,
        u8::from(spills) * 2,
        u8::from(smaller && engine.is_aurora()) * 2,
        u8::from(db.kind.read_replica_source.is_some()) * 2,
        u8::from(class.is_burstable()) * 2,
    ];
    PerformanceRisk::new(ratings.into_iter().max().unwrap_or(0))
}

/// Returns whether a parameter group may hold sizes that the new memory cannot.
pub fn has_custom_parameters(db: &DbInstance) -> bool {
    db.db_parameter_groups.iter().any(|group| !group.starts_with("default."))
}

fn projected(question: DbQuestion<'_>, class: &Class<'_>) -> Vec<Projection> {
    let DbQuestion { current, demand, engine, parameters, load, .. } = question;
    let cpu = f64::from(current.facts.vcpu) / f64::from(class.facts.vcpu.max(1));
    let of = |used: Option<f64>, offered: Option<f64>| Some(used? / offered? * 100.0);
    let limit = max_connections(engine.engine, parameters, class).ok();
    let percents = [
        ("cpu_p99_5", Some(demand.cpu_percent.p99_5 * cpu)),
        ("cpu_max", Some(demand.cpu_percent.max * cpu)),
        ("cpu_mean", Some(demand.cpu_percent.mean * cpu)),
        ("cpu_busy_hour", demand.busy_hour_percent.map(|percent| percent * cpu)),
        ("memory_max", of(demand.memory_gib, Some(class.memory_gib()))),
        ("connections_max", of(demand.connections, limit.map(|limit| limit.least))),
        ("db_load_p99_5", of(load.map(|load| load.p99_5), Some(f64::from(class.facts.vcpu)))),
        ("storage_iops_p99_5", of(demand.iops, class.ebs_iops)),
        ("storage_throughput_p99_5", of(demand.mb_s, class.ebs_mb_s)),
    ];
    percents
        .into_iter()
        .filter_map(|(name, percent)| {
            let percent = percent.filter(|percent| percent.is_finite())?;
            Some(Projection { name: name.to_owned(), percent: (percent * 100.0).round() / 100.0 })
        })
        .collect()
}

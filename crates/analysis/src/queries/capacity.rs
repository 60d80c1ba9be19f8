//! Which class would suffice if the load of queries went away: a condition, and never a promise.
//!
//! The processor is taken to work in proportion to the time of statements. That time has waiting
//! in it, so the figure is an estimate; everything else that a class must cover stays as it is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::database::{Capacity, ClassIf, Inspection, Subject, UnknownAnswer};
use trimtab_model::money::Money;
use trimtab_model::price::RegionPrices;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::db_load::DbLoad;
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::choice::{DbQuestion, choices, component, price};
use crate::database::class::Class;
use crate::database::demand::DbDemand;
use crate::database::engine::Engine;
use crate::database::orderable::Orderable;
use crate::database::parameters::Parameters;
use crate::sizing::headroom::threshold_percent;

/// Adds to every finding what would suffice without its load, and without all of them.
///
/// `resource` is the DB instance that the server runs on; `facts` know its class and its use.
pub fn with_capacity(mut inspection: Inspection, facts: &Facts<'_>, resource: &str) -> Inspection {
    match Instance::of(facts, resource) {
        Ok(instance) => {
            for finding in &mut inspection.findings {
                finding.class_if = finding.load_share.map(|share| instance.without(facts, share));
            }
            let all = load_of_all(&inspection);
            inspection.capacity = Some(instance.capacity(facts, all));
        }
        Err(unknown) => inspection.unknown.push(unknown),
    }
    inspection
}

/// Returns the share of load of all statements that were found, each counted once.
fn load_of_all(inspection: &Inspection) -> Option<f64> {
    let by_statement: BTreeMap<&str, f64> = inspection
        .findings
        .iter()
        .filter_map(|finding| match &finding.about {
            Subject::Statement { digest, .. } => Some((digest.as_str(), finding.load_share?)),
            Subject::Index { .. } | Subject::Server => None,
        })
        .collect();
    (!by_statement.is_empty()).then(|| by_statement.values().sum::<f64>().min(1.0))
}

/// A DB instance with everything that decides on its class.
struct Instance<'a> {
    db: &'a Resource<DbInstance>,
    engine: Engine,
    current: Class<'a>,
    demand: DbDemand,
    load: Option<&'a DbLoad>,
    region: &'a RegionPrices,
    monthly_now: Decimal,
}

impl<'a> Instance<'a> {
    fn of(facts: &Facts<'a>, resource: &str) -> Result<Self, UnknownAnswer> {
        let mut named = facts.snapshot.db_instances.iter().filter(|db| db.id.as_str() == resource);
        let (Some(db), None) = (named.next(), named.next()) else {
            return Err(unknown(
                (
                    format!("`{resource}` is not one DB instance of what was read."),
                    format!("읽은 데이터에 `{resource}` DB 인스턴스가 하나로 정해지지 않습니다."),
                ),
                (
                    "Give the DB instance identifier, and the data of its account.",
                    "DB 인스턴스 식별자와 그 계정의 데이터를 지정하세요.",
                ),
            ));
        };
        let unpriced = || {
            let class = &db.kind.db_instance_class;
            unknown(
                (
                    format!("The catalogue does not know {class} in {}.", db.region),
                    format!("카탈로그에 {} 리전의 {class} 정보가 없습니다.", db.region),
                ),
                (
                    "Run trimtab prices refresh for the region.",
                    "해당 리전에 trimtab prices refresh를 실행하세요.",
                ),
            )
        };
        let engine = Engine::of(&db.kind).ok_or_else(unpriced)?;
        let current = Class::find(facts.prices, &db.kind.db_instance_class).ok_or_else(unpriced)?;
        let demand = DbDemand::of(facts, db, &current).map_err(|cause| UnknownAnswer {
            what: "class-if".to_owned(),
            why: cause.reason.text,
            settled_by: Text::new(
                "Read CloudWatch's metrics of the DB instance with trimtab scan.",
                "trimtab scan으로 DB 인스턴스의 CloudWatch 지표를 읽으세요.",
            ),
        })?;
        let region = facts.prices.regions.get(&db.region).ok_or_else(unpriced)?;
        let estimated = facts.policy.sizing(db.environment).estimated_prices;
        let monthly_now = price(region, &engine, &current, estimated)
            .and_then(|price| component(&current, price, &db.kind))
            .and_then(|component| component.amount().ok())
            .ok_or_else(unpriced)?
            .amount;
        let load = facts.snapshot.db_loads.iter().find(|load| {
            load.id == db.id && load.account == db.account && load.region == db.region
        });
        let load = load.map(|load| &load.kind);
        Ok(Self { db, engine, current, demand, load, region, monthly_now })
    }

    /// Returns what would suffice without a share of the load.
    fn without(&self, facts: &Facts<'a>, share: f64) -> ClassIf {
        let (cpu_percent, class, monthly_saving) = self.choice(facts, share);
        let (_, already, _) = self.choice(facts, 0.0);
        // A class that suffices as it is owes nothing to the query.
        let new = class != already;
        ClassIf {
            cpu_percent,
            class: class.filter(|_| new),
            monthly_saving: monthly_saving.filter(|_| new),
        }
    }

    fn choice(
        &self,
        facts: &Facts<'a>,
        share: f64,
    ) -> (f64, Option<trimtab_model::id::DbInstanceClass>, Option<Money>) {
        let left = 1.0 - share;
        let mut demand = self.demand.clone();
        let cpu = &mut demand.cpu_percent;
        for percent in [&mut cpu.p90, &mut cpu.p95, &mut cpu.p99_5, &mut cpu.max, &mut cpu.mean] {
            *percent *= left;
        }
        demand.busiest_day_percent *= left;
        let load = self.load.map(|load| DbLoad { p99_5: load.p99_5 * left, ..load.clone() });
        let policy = facts.policy.sizing(self.db.environment);
        let question = DbQuestion {
            db: self.db,
            engine: &self.engine,
            current: self.current,
            demand: &demand,
            load: load.as_ref(),
            parameters: Parameters::of(facts, self.db),
            orderable: Orderable::of(facts, self.db),
            policy,
        };
        let percent = threshold_percent(&demand.cpu_percent, policy.cpu_threshold);
        let found = choices(question, facts.prices, self.region, self.monthly_now);
        let Some(best) = found.first() else { return (percent, None, None) };
        let saving = best.component.amount().ok().and_then(|then| {
            let amount = self.monthly_now.checked_sub(then.amount)?;
            Some(Money { amount, ..then })
        });
        (percent, Some(best.class.facts.db_instance_class.clone()), saving)
    }

    fn capacity(&self, facts: &Facts<'a>, all: Option<f64>) -> Capacity {
        let (cpu_percent, class_now, _) = self.choice(facts, 0.0);
        Capacity {
            resource: self.db.id.clone(),
            class: self.db.kind.db_instance_class.clone(),
            cpu_percent,
            cpu_max_percent: self.demand.cpu_percent.max,
            window_days: self.demand.window_days,
            class_now,
            without_all: all.map(|share| self.without(facts, share)),
        }
    }
}

fn unknown(why: impl Into<Text>, settled_by: impl Into<Text>) -> UnknownAnswer {
    UnknownAnswer { what: "class-if".to_owned(), why: why.into(), settled_by: settled_by.into() }
}

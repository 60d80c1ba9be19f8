//! Which class would suffice if the load of queries went away: a condition, and never a promise.
//!
//! The processor is taken to work in proportion to the time of statements. That time has waiting
//! in it, so the figure is an estimate; everything else that a class must cover stays as it is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::database::{Capacity, ClassIf, Inspection, Subject, UnknownAnswer};
use trimtab_model::money::Money;
use trimtab_model::price::RegionPrices;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::db_load::DbLoad;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::database::choice::{DbQuestion, choices, component, price};
use crate::database::class::Class;
use crate::database::demand::DbDemand;
use crate::database::engine::Engine;
use crate::database::orderable::Orderable;
use crate::database::parameters::Parameters;
use crate::database::together::load_without;
use crate::sizing::headroom::threshold_percent;
use crate::traffic::{Coming, ExpectedGrowth};

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
    growth: Option<ExpectedGrowth>,
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
        let name = |db: &Resource<DbInstance>| vec![db.id.clone()];
        let coming = Coming::of(facts, ResourceKind::DbInstance, [db], name);
        let growth = coming.growth(db).cloned();
        Ok(Self { db, engine, current, demand, load, region, monthly_now, growth })
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
        let demand = self.demand.without(share);
        let load = self.load.map(|load| load_without(load, share));
        let policy = facts.policy.sizing(self.db.environment);
        let question = DbQuestion {
            db: self.db,
            engine: &self.engine,
            current: self.current,
            demand: &demand,
            load: load.as_ref(),
            members: 1,
            parameters: Parameters::of(facts, self.db),
            orderable: Orderable::of(facts, self.db),
            growth: self.growth.as_ref(),
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

#[cfg(test)]
mod tests {

    use super::super::sample::{statement, statistics, table};
    use super::super::{QueryThresholds, inspect};
    use super::*;
    use crate::scene::busy_database;

    /// An inspection with one query that is `seconds` of 100 seconds of load.
    fn inspection(seconds: f64) -> Inspection {
        let mut statistics = statistics();
        let lookup = "SELECT id FROM orders WHERE player_id = ?";
        statistics.statements = vec![trimtab_model::database::Statement {
            seconds,
            ..statement(lookup, 10, 40_000, 8)
        }];
        statistics.tables = vec![table("orders", 40_000, &["id", "player_id"], vec![])];
        inspect(&statistics, &[], &QueryThresholds::default())
    }

    #[test]
    fn a_heavy_query_allows_a_smaller_class() {
        let judged = with_capacity(inspection(60.0), &busy_database().facts(), "db");
        let capacity = judged.capacity.expect("a capacity");
        // Memory alone decides what suffices as it is; four vCPUs are needed for 60 %.
        assert_eq!(capacity.class_now, Some("db.m5.xlarge".into()));
        let then = capacity.without_all.expect("a class");
        assert_eq!(then.class, Some("db.r5.large".into()));
        assert!((then.cpu_percent - 24.0).abs() < 1e-9, "{}", then.cpu_percent);
        // 730 × (0.50 - 0.25).
        let saving = then.monthly_saving.map(|saving| saving.rounded().amount.to_string());
        assert_eq!(saving.as_deref(), Some("182.50"));
        assert_eq!(
            judged.findings[0].class_if.as_ref().and_then(|one| one.class.clone()),
            then.class
        );
    }

    #[test]
    fn a_light_query_allows_none() {
        let judged = with_capacity(inspection(5.0), &busy_database().facts(), "db");
        let then = judged.capacity.and_then(|capacity| capacity.without_all).expect("a figure");
        assert_eq!((then.class, then.monthly_saving), (None, None));
    }

    #[test]
    fn an_instance_that_nobody_knows_is_unknown() {
        let judged = with_capacity(inspection(60.0), &busy_database().facts(), "other");
        assert_eq!(judged.capacity, None);
        assert!(judged.unknown.iter().any(|one| one.what == "class-if"));
    }
}

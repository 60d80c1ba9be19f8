//! One DB instance with everything that decides on its class.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::policy::SizingPolicy;
use trimtab_model::price::RegionPrices;
use trimtab_model::recommendation::{CostComponent, RecommendationOption, Unknown};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Reason;

use crate::check::Facts;
use crate::database::choice::{DbChoice, DbQuestion, component, price};
use crate::database::class::Class;
use crate::database::engine::Engine;
use crate::database::names;
use crate::database::orderable::Orderable;
use crate::database::parameters::Parameters;
use crate::database::together::Together;
use crate::saving::{self, DB_INSTANCE_HOURS};
use crate::traffic::ExpectedGrowth;

/// A DB instance with its engine, its class and what that costs.
#[derive(Debug, Clone)]
pub struct DbSubject<'a> {
    /// The DB instance.
    pub db: &'a Resource<DbInstance>,
    /// Its engine.
    pub engine: &'a Engine,
    /// Its class.
    pub current: Class<'a>,
    /// The prices of its region.
    pub region: &'a RegionPrices,
    /// How classes are chosen.
    pub policy: SizingPolicy,
    /// What the class costs.
    pub component_now: CostComponent,
    /// The same, in a month.
    pub monthly_now: Decimal,
}

impl<'a> DbSubject<'a> {
    /// Finds class and price.
    ///
    /// # Errors
    /// Returns `Unknown` if the catalogue has no facts or no price of the class.
    pub fn of(
        facts: &Facts<'a>,
        db: &'a Resource<DbInstance>,
        engine: &'a Engine,
    ) -> Result<Self, Unknown> {
        let current = Class::find(facts.prices, &db.kind.db_instance_class)
            .ok_or_else(|| missing(db, "facts"))?;
        let policy = facts.policy.sizing(db.environment);
        let region = facts.prices.regions.get(&db.region).ok_or_else(|| missing(db, "price"))?;
        let component_now = price(region, engine, &current, policy.estimated_prices)
            .and_then(|price| component(&current, price, &db.kind))
            .ok_or_else(|| missing(db, "price"))?;
        let monthly_now = component_now.amount().map_err(|_| missing(db, "price"))?.amount;
        Ok(Self { db, engine, current, region, policy, component_now, monthly_now })
    }

    /// Returns the question which classes cover a use that is expected to grow.
    pub fn question<'q>(
        &'q self,
        facts: &Facts<'q>,
        used: &'q Together,
        growth: Option<&'q ExpectedGrowth>,
    ) -> DbQuestion<'q> {
        DbQuestion {
            db: self.db,
            engine: self.engine,
            current: self.current,
            demand: &used.demand,
            load: used.load.as_ref(),
            members: used.members,
            parameters: Parameters::of(facts, self.db),
            orderable: Orderable::of(facts, self.db),
            growth,
            policy: self.policy,
        }
    }

    /// Returns a choice as an option, with what it saves and the action that makes it.
    ///
    /// # Errors
    /// Returns `Unknown` if the saving cannot be computed.
    pub fn option(
        &self,
        facts: &Facts<'_>,
        action: Action,
        choice: &DbChoice<'_>,
    ) -> Result<RecommendationOption, Unknown> {
        Ok(RecommendationOption {
            expected: None,
            action,
            estimated_monthly_savings: saving::estimate_of(
                facts,
                &self.db.reference(ResourceKind::DbInstance),
                &names::of_instance(self.db),
                DB_INSTANCE_HOURS,
                vec![self.component_now.clone()],
                vec![choice.component.clone()],
            )?,
            performance_risk: choice.risk,
            projected: choice.projected.clone(),
        })
    }
}

/// Says what the catalogue lacks of a DB instance.
pub fn missing(db: &Resource<DbInstance>, what: &str) -> Unknown {
    let (class, engine) = (&db.kind.db_instance_class, &db.kind.engine);
    Unknown {
        reason: Reason::new(
            format!("no-{what}-in-catalogue"),
            format!("The catalogue has no {what} for {class} of {engine} in {}.", db.region),
            format!("카탈로그에 {} 리전의 {engine} {class} 정보({what})가 없습니다.", db.region),
        ),
        settled_by: vec![format!("prices:rds:{engine}:{class}")],
    }
}

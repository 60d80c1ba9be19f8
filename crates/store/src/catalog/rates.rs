//! Rates beside On-Demand: Spot capacity, reservations and Savings Plans.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::{Price, PriceBasis};

use super::row::{CommitmentRow, InstancePriceRow, SpotAdvisorRow, decimal, price, read};
use super::table::{COMMITMENTS, SPOT_ADVISOR, SPOT_AVERAGE};

/// What AWS's Spot advisor says about a type, Linux.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpotAdvice {
    /// The type.
    pub instance_type: InstanceType,
    /// Savings against On-Demand in percent over the last month; negative where Spot cost more.
    pub savings_percent: i32,
    /// How often capacity was taken back: 0 is below 5 %, 1 is 5–10 %, 2 is 10–15 %,
    /// 3 is 15–20 %, 4 is above 20 %.
    pub interruption_band: u32,
    /// On-Demand less the savings, per hour. Absent where On-Demand is not known.
    pub implied: Option<Price>,
}

/// What an hour costs under a reservation or a Savings Plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitmentRate {
    /// `ec2`, `rds`, `elasticache` or `fargate`.
    pub service: String,
    /// The type, class or unit, such as `m6i.large`.
    pub product: String,
    /// `Linux`, or the database engine.
    pub engine: String,
    /// `standard_ri`, `convertible_ri`, `compute_sp`, `ec2_instance_sp` or `database_sp`.
    pub plan: String,
    /// The term in years.
    pub term_years: u32,
    /// `none`, `partial` or `all` upfront.
    pub payment: String,
    /// The effective rate per hour, upfront payment included.
    pub effective: Price,
    /// On-Demand per hour at that time, in United States dollars, where the source has it.
    pub on_demand_usd: Option<Decimal>,
    /// The date as the source gives it.
    pub as_of: String,
}

/// Returns the Spot advisor's rows of `region`.
pub fn spot(region: &RegionId) -> Vec<SpotAdvice> {
    SPOT_ADVISOR
        .rows_in(region.as_str())
        .map(|record| {
            let row: SpotAdvisorRow<'_> = read(&record);
            let implied = |usd| price(usd, "hour", PriceBasis::Estimated, row.source, row.as_of);
            SpotAdvice {
                instance_type: row.instance_type.into(),
                savings_percent: row.savings_pct,
                interruption_band: row.interruption_band,
                implied: row.usd_hour.map(implied),
            }
        })
        .collect()
}

/// Returns average Spot prices per hour of `region`.
pub fn spot_average(region: &RegionId) -> BTreeMap<InstanceType, Price> {
    SPOT_AVERAGE
        .rows_in(region.as_str())
        .map(|record| {
            let row: InstancePriceRow<'_> = read(&record);
            let price = price(row.usd_hour, "hour", PriceBasis::List, row.source, row.as_of);
            (row.instance_type.into(), price)
        })
        .collect()
}

/// Returns the rates of reservations and Savings Plans in `region`.
pub fn commitments(region: &RegionId) -> Vec<CommitmentRate> {
    COMMITMENTS
        .rows_in(region.as_str())
        .map(|record| {
            let row: CommitmentRow<'_> = read(&record);
            CommitmentRate {
                service: row.service.to_owned(),
                product: row.instance.to_owned(),
                engine: row.engine.to_owned(),
                plan: row.plan.to_owned(),
                term_years: row.term_years,
                payment: row.payment.to_owned(),
                effective: price(row.usd_hour, "hour", PriceBasis::List, row.source, row.as_of),
                on_demand_usd: row.usd_hour_ondemand.map(decimal),
                as_of: row.as_of.to_owned(),
            }
        })
        .collect()
}

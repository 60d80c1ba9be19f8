//! Savings Plans, reservations and what a bill says of them, for tests.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::commitment::{BillState, CommitmentMonth};
use trimtab_model::money::Money;
use trimtab_model::period::Period;
use trimtab_model::resource::Resource;
use trimtab_model::resource::reserved_cache_node::ReservedCacheNode;
use trimtab_model::resource::reserved_db_instance::ReservedDbInstance;
use trimtab_model::resource::reserved_instances::ReservedInstances;
use trimtab_model::resource::reserved_memory_db_node::ReservedMemoryDbNode;
use trimtab_model::resource::reserved_redshift_node::ReservedRedshiftNode;
use trimtab_model::resource::reserved_search_instance::ReservedSearchInstance;
use trimtab_model::resource::savings_plan::SavingsPlan;

use super::{Scene, days_ago, decimal, now, resource};

/// A term that began on the first of January and ends a year later.
const YEAR_SECONDS: u64 = 365 * 86_400;

fn january() -> Option<Timestamp> {
    "2026-01-01T00:00:00Z".parse().ok()
}

/// Returns the moment so many days after the scene's.
pub(crate) fn in_days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

/// Returns a month of a commitment in September, which is whole and has 720 hours.
pub(crate) fn september(id: &str, used: &str, on_demand: &str, unused: &str) -> CommitmentMonth {
    let start = "2026-09-01T00:00:00Z".parse().expect("a moment");
    let end = "2026-10-01T00:00:00Z".parse().expect("a moment");
    let usd = |text: &str| Some(Money::usd(decimal(text)));
    CommitmentMonth {
        commitment_discount_id: id.to_owned(),
        period: Period::new(start, end).expect("in order"),
        state: BillState::Whole,
        used: usd(used),
        on_demand: usd(on_demand),
        unused: usd(unused),
    }
}

impl Scene {
    tables! {
        savings_plan, savings_plans, SavingsPlan, resource("sp-1", SavingsPlan {
            savings_plan_arn: Some("arn:aws:savingsplans::111122223333:savingsplan/sp-1".into()),
            savings_plan_type: Some("Compute".into()), ec2_instance_family: None,
            plan_region: None, state: Some("active".into()), start: january(),
            end: "2027-01-01T00:00:00Z".parse().ok(), term_duration_seconds: Some(YEAR_SECONDS),
            returnable_until: january(), payment_option: Some("No Upfront".into()),
            currency: Some("USD".into()), hourly_commitment: Some(decimal("1.00")),
            upfront_payment_amount: None,
        });
        reserved_instances, reserved_instances, ReservedInstances, resource("ri-1", ReservedInstances {
            instance_type: "m5.large".into(), instance_count: 4,
            product_description: Some("Linux/UNIX".into()), state: Some("active".into()),
            start: january(), end: "2027-01-01T00:00:00Z".parse().ok(),
            duration_seconds: Some(YEAR_SECONDS), offering_class: Some("standard".into()),
            offering_type: Some("No Upfront".into()), scope: Some("Region".into()),
            availability_zone: None, instance_tenancy: Some("default".into()),
            currency_code: Some("USD".into()), fixed_price: None, usage_price: None,
            recurring_hourly_charge: Some(decimal("0.06")),
        });
        reserved_db_instance, reserved_db_instances, ReservedDbInstance, resource("ri-db", ReservedDbInstance {
            reserved_db_instance_arn: Some("arn:aws:rds:us-east-1:111122223333:ri:ri-db".into()),
            db_instance_class: "db.m5.large".into(), db_instance_count: Some(2),
            product_description: Some("mysql".into()), multi_az: Some(false),
            offering_type: Some("No Upfront".into()), currency_code: Some("USD".into()),
            start_time: january(), duration_seconds: Some(YEAR_SECONDS),
            state: Some("active".into()), fixed_price: None, usage_price: None,
            recurring_hourly_charge: Some(decimal("0.12")),
        });
        reserved_cache_node, reserved_cache_nodes, ReservedCacheNode, resource("ri-cache", ReservedCacheNode {
            reservation_arn: Some(
                "arn:aws:elasticache:us-east-1:111122223333:reserved-instance:ri-cache".into()),
            cache_node_type: "cache.r6g.large".into(), cache_node_count: Some(2),
            product_description: Some("redis".into()), offering_type: Some("No Upfront".into()),
            start_time: january(), duration_seconds: Some(YEAR_SECONDS),
            state: Some("active".into()), fixed_price: None, usage_price: None,
            recurring_hourly_charge: Some(decimal("0.14")),
        });
        reserved_redshift_node, reserved_redshift_nodes, ReservedRedshiftNode, resource("ri-redshift", ReservedRedshiftNode {
            node_type: "ra3.xlplus".into(), node_count: Some(2),
            offering_type: Some("No Upfront".into()), currency_code: Some("USD".into()),
            start_time: january(), duration_seconds: Some(YEAR_SECONDS),
            state: Some("active".into()), fixed_price: None, usage_price: None,
            recurring_hourly_charge: Some(decimal("0.76")),
        });
        reserved_search_instance, reserved_search_instances, ReservedSearchInstance, resource("ri-search", ReservedSearchInstance {
            reservation_name: Some("logs".into()), instance_type: "m6g.large.search".into(),
            instance_count: Some(3), payment_option: Some("NO_UPFRONT".into()),
            currency_code: Some("USD".into()), start_time: january(),
            duration_seconds: Some(YEAR_SECONDS), state: Some("active".into()),
            fixed_price: None, usage_price: None, recurring_hourly_charge: Some(decimal("0.09")),
        });
        reserved_memory_db_node, reserved_memory_db_nodes, ReservedMemoryDbNode, resource("ri-memorydb", ReservedMemoryDbNode {
            arn: Some("arn:aws:memorydb:us-east-1:111122223333:reservednode/ri-memorydb".into()),
            node_type: "db.r6g.large".into(), node_count: Some(2),
            offering_type: Some("No Upfront".into()), start_time: january(),
            duration_seconds: Some(YEAR_SECONDS), state: Some("active".into()), fixed_price: None,
            recurring_hourly_charge: Some(decimal("0.21")),
        });
    }

    /// Puts a month of a commitment on a bill of 30 days.
    pub(crate) fn commitment(mut self, month: CommitmentMonth) -> Self {
        let window = Period::new(days_ago(30), now()).expect("in order");
        self.charges.window.get_or_insert(window);
        self.charges.commitments.push(month);
        self
    }
}

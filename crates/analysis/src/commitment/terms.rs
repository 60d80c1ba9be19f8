//! What was bought, in the same words for every service.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::reserved_cache_node::ReservedCacheNode;
use trimtab_model::resource::reserved_db_instance::ReservedDbInstance;
use trimtab_model::resource::reserved_instances::ReservedInstances;
use trimtab_model::resource::reserved_memory_db_node::ReservedMemoryDbNode;
use trimtab_model::resource::reserved_redshift_node::ReservedRedshiftNode;
use trimtab_model::resource::reserved_search_instance::ReservedSearchInstance;
use trimtab_model::resource::savings_plan::SavingsPlan;

/// The terms of a commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms<'a> {
    /// Its ARN, where the API tells it.
    pub arn: Option<&'a str>,
    /// What it covers, such as `4 × db.m5.large`.
    pub subject: String,
    /// Its state.
    pub state: Option<&'a str>,
    /// From when on it counts.
    pub start: Option<Timestamp>,
    /// Until when.
    pub end: Option<Timestamp>,
}

/// A Savings Plan, or a purchase of reservations.
pub trait Commitment {
    /// Its kind.
    const KIND: ResourceKind;

    /// Returns what was bought.
    fn terms(&self) -> Terms<'_>;

    /// Returns whether it covers what `other` covers, and as much of it.
    ///
    /// Only for kinds that can be bought ahead of their start.
    fn covers_as_much_as(&self, _other: &Self) -> bool {
        false
    }
}

fn ending(start: Option<Timestamp>, seconds: Option<u64>) -> Option<Timestamp> {
    let seconds = i64::try_from(seconds?).ok()?;
    start?.checked_add(SignedDuration::from_secs(seconds)).ok()
}

fn counted(count: Option<u32>, of: &str) -> String {
    count.map_or_else(|| of.to_owned(), |count| format!("{count} × {of}"))
}

impl Commitment for SavingsPlan {
    const KIND: ResourceKind = ResourceKind::SavingsPlan;

    fn terms(&self) -> Terms<'_> {
        let plan = self.savings_plan_type.as_deref().unwrap_or("Savings Plan");
        let bound = self.ec2_instance_family.as_deref().zip(self.plan_region.as_deref());
        Terms {
            arn: self.savings_plan_arn.as_deref(),
            subject: bound.map_or_else(
                || plan.to_owned(),
                |(family, region)| format!("{plan} {family} {region}"),
            ),
            state: self.state.as_deref(),
            start: self.start,
            end: self.end.or_else(|| ending(self.start, self.term_duration_seconds)),
        }
    }

    fn covers_as_much_as(&self, other: &Self) -> bool {
        self.savings_plan_type == other.savings_plan_type
            && self.ec2_instance_family == other.ec2_instance_family
            && self.plan_region == other.plan_region
            && self
                .hourly_commitment
                .is_some_and(|own| other.hourly_commitment.is_some_and(|others| own >= others))
    }
}

impl Commitment for ReservedInstances {
    const KIND: ResourceKind = ResourceKind::ReservedInstances;

    fn terms(&self) -> Terms<'_> {
        Terms {
            arn: None,
            subject: counted(Some(self.instance_count), self.instance_type.as_str()),
            state: self.state.as_deref(),
            start: self.start,
            end: self.end.or_else(|| ending(self.start, self.duration_seconds)),
        }
    }

    fn covers_as_much_as(&self, other: &Self) -> bool {
        self.instance_type == other.instance_type
            && self.product_description == other.product_description
            && self.instance_tenancy == other.instance_tenancy
            && self.scope == other.scope
            && self.availability_zone == other.availability_zone
            && self.instance_count >= other.instance_count
    }
}

// A macro because the purchases of the other services differ only in the names of fields.
macro_rules! reservations {
    ($($kind:ident: $arn:expr, $count:ident, $node:ident;)+) => {
        $(impl Commitment for $kind {
            const KIND: ResourceKind = ResourceKind::$kind;

            fn terms(&self) -> Terms<'_> {
                let arn: fn(&Self) -> Option<&String> = $arn;
                Terms {
                    arn: arn(self).map(String::as_str),
                    subject: counted(self.$count, &self.$node),
                    state: self.state.as_deref(),
                    start: self.start_time,
                    end: ending(self.start_time, self.duration_seconds),
                }
            }
        })+
    };
}

reservations! {
    ReservedDbInstance: |one| one.reserved_db_instance_arn.as_ref(), db_instance_count, db_instance_class;
    ReservedCacheNode: |one| one.reservation_arn.as_ref(), cache_node_count, cache_node_type;
    ReservedRedshiftNode: |_| None, node_count, node_type;
    ReservedSearchInstance: |_| None, instance_count, instance_type;
    ReservedMemoryDbNode: |one| one.arn.as_ref(), node_count, node_type;
}

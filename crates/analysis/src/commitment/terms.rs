//! What was bought, in the same words for every service.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::id::RegionId;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::reserved_cache_node::ReservedCacheNode;
use trimtab_model::resource::reserved_db_instance::ReservedDbInstance;
use trimtab_model::resource::reserved_instances::ReservedInstances;
use trimtab_model::resource::reserved_memory_db_node::ReservedMemoryDbNode;
use trimtab_model::resource::reserved_redshift_node::ReservedRedshiftNode;
use trimtab_model::resource::reserved_search_instance::ReservedSearchInstance;
use trimtab_model::resource::savings_plan::SavingsPlan;

use super::usage::{Machine, Usage};

/// The usage types of EC2's machines.
const MACHINES: &[&str] = &["BoxUsage:", "DedicatedUsage:"];

/// The usage types that a Compute Savings Plan covers.
pub const COMPUTE: &[&str] =
    &["BoxUsage:", "DedicatedUsage:", "Fargate-", "Lambda-GB-Second", "Lambda-Provisioned-"];

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

    /// Returns which use it could cover, bought in a region; absent where usage types do not tell.
    fn usage(&self, region: &RegionId) -> Option<Usage>;

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

/// Returns a type of machine as usage types have it: `m6g.large` of `m6g.large.search`.
fn trimmed(machine: &str) -> &str {
    let search = [".search", ".elasticsearch"].iter().find_map(|end| machine.strip_suffix(end));
    search.unwrap_or(machine)
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

    fn usage(&self, _region: &RegionId) -> Option<Usage> {
        let (meters, machine, region): (&'static [&'static str], _, _) =
            match self.savings_plan_type.as_deref()? {
                "Compute" => (COMPUTE, Machine::Any, None),
                "EC2Instance" => {
                    let family = self.ec2_instance_family.clone()?;
                    let region = self.plan_region.as_deref().map(RegionId::new);
                    (MACHINES, Machine::Family(family), region)
                }
                _ => return None,
            };
        Some(Usage { meters, service: None, machine, region })
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

    fn usage(&self, region: &RegionId) -> Option<Usage> {
        let machine = self.instance_type.as_str();
        let is_regional = self.scope.as_deref() == Some("Region");
        Some(Usage {
            meters: MACHINES,
            service: None,
            machine: match is_regional {
                true => Machine::family_of(machine),
                false => Machine::Type(machine.to_owned()),
            },
            region: Some(region.clone()),
        })
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
    ($($kind:ident: $arn:expr, $count:ident, $node:ident, $meters:expr, $service:expr;)+) => {
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

            fn usage(&self, region: &RegionId) -> Option<Usage> {
                Some(Usage {
                    meters: $meters,
                    service: $service,
                    machine: Machine::family_of(trimmed(&self.$node)),
                    region: Some(region.clone()),
                })
            }
        })+
    };
}

reservations! {
    ReservedDbInstance: |one| one.reserved_db_instance_arn.as_ref(), db_instance_count, db_instance_class,
        &["InstanceUsage:", "Multi-AZUsage:", "Multi-AZClusterUsage:"], None;
    ReservedCacheNode: |one| one.reservation_arn.as_ref(), cache_node_count, cache_node_type,
        &["NodeUsage:"], None;
    ReservedRedshiftNode: |_| None, node_count, node_type, &["Node:"], None;
    ReservedSearchInstance: |_| None, instance_count, instance_type, &["ESInstance:"], None;
    ReservedMemoryDbNode: |one| one.arn.as_ref(), node_count, node_type,
        &["NodeUsage:"], Some("MemoryDB");
}

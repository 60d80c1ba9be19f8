//! What moves the capacity of a table: nobody, or Application Auto Scaling between its limits.

use trimtab_model::action::{CapacityMinimum, Configuration};
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::dynamo_table::{DynamoTable, Throughput};
use trimtab_model::resource::scalable_target::ScalableTarget;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Text;

use super::consumed::Consumption;
use crate::check::Facts;
use crate::verdict::{exempt, unknown};

/// What moves the capacity of a table and its indexes.
#[derive(Debug, Clone, PartialEq)]
pub enum Mover<'a> {
    /// It was not read.
    Unknown,
    /// Nothing but a person.
    Nobody,
    /// Targets of Application Auto Scaling, one for each dimension that it moves.
    Targets(Vec<&'a ScalableTarget>),
}

/// Reads or writes.
#[derive(Debug, Clone, Copy)]
enum Direction {
    Read,
    Write,
}

impl<'a> Mover<'a> {
    /// Finds what moves a table.
    pub fn of(facts: &Facts<'a>, table: &Resource<DynamoTable>) -> Self {
        let (account, region) = (&table.account, &table.region);
        let (own, indexes) = (format!("table/{}", table.id), format!("table/{}/index/", table.id));
        let targets: Vec<&ScalableTarget> = facts
            .snapshot
            .scalable_targets
            .iter()
            .filter(|target| target.account == *account && target.region == *region)
            .map(|target| &target.kind)
            .filter(|kind| kind.resource_id == own || kind.resource_id.starts_with(&indexes))
            .collect();
        if !targets.is_empty() {
            return Self::Targets(targets);
        }
        if facts.snapshot.was_listed(ResourceKind::ScalableTarget, account, region) {
            Self::Nobody
        } else {
            Self::Unknown
        }
    }

    /// Returns the verdict on a table whose limits are not for us to change.
    ///
    /// # Errors
    /// Returns `Unknown` if the policies or schedules of a target were not read.
    pub fn verdict(&self) -> Result<Option<Verdict>, Unknown> {
        let Self::Targets(targets) = self else { return Ok(None) };
        for target in targets {
            let (Some(scales_in), Some(actions)) = (target.scales_in(), &target.scheduled_actions)
            else {
                return Err(unknown(
                    "policies-unknown",
                    "What Application Auto Scaling does to it was not read.",
                    "Application Auto Scaling 설정을 읽지 못했습니다.",
                    &["inventory:describe-scalable-targets"],
                ));
            };
            if !scales_in || !actions.is_empty() {
                return Ok(Some(exempt(
                    "auto-scaled",
                    format!(
                        "Application Auto Scaling holds {} between {} and {}, by schedule or without a policy that lowers it.",
                        target.scalable_dimension, target.min_capacity, target.max_capacity
                    ),
                    format!(
                        "Application Auto Scaling이 {}을(를) {}에서 {} 사이로 유지하며, 예약 작업이 있거나 줄이는 정책이 없습니다.",
                        target.scalable_dimension, target.min_capacity, target.max_capacity
                    ),
                )));
            }
        }
        Ok(None)
    }

    /// Returns how far the capacity can be lowered to `wanted`: where targets move it, only what
    /// a minimum holds up.
    pub fn allowed(&self, one: &Consumption, wanted: Throughput) -> Throughput {
        let Self::Targets(_) = self else { return wanted };
        let of = |direction, provisioned: u64, wanted: u64| {
            let target = self.target(one, direction);
            let held = target.is_some_and(|target| u64::from(target.min_capacity) == provisioned);
            if held { wanted.min(provisioned) } else { provisioned }
        };
        let now = one.provisioned;
        Throughput {
            read_capacity_units: of(
                Direction::Read,
                now.read_capacity_units,
                wanted.read_capacity_units,
            ),
            write_capacity_units: of(
                Direction::Write,
                now.write_capacity_units,
                wanted.write_capacity_units,
            ),
        }
    }

    /// Returns the minima that change, before and after; absent where nothing but a person moves
    /// the table.
    pub fn minima(
        &self,
        wanted: &[(&Consumption, Throughput)],
    ) -> Option<(Configuration, Configuration)> {
        let Self::Targets(_) = self else { return None };
        let changes = wanted.iter().flat_map(|(one, to)| {
            let of = |direction, units: u64| {
                let target = self.target(one, direction)?;
                let to = u32::try_from(units).ok().filter(|to| *to < target.min_capacity)?;
                Some((minimum(target, target.min_capacity), minimum(target, to)))
            };
            [
                of(Direction::Read, to.read_capacity_units),
                of(Direction::Write, to.write_capacity_units),
            ]
        });
        let (from, to) = changes.flatten().unzip();
        Some((Configuration::TableMinima(from), Configuration::TableMinima(to)))
    }

    /// Says that a change may be undone, where nobody looked.
    pub fn unseen(&self) -> Option<UnseenSignal> {
        matches!(self, Self::Unknown).then(|| UnseenSignal {
            name: "auto_scaling".to_owned(),
            text: Text::new(
                "Whether Application Auto Scaling has limits for the table: it would undo the change.",
                "Application Auto Scaling 한도가 설정되어 있는지 알 수 없습니다. 설정되어 있다면 변경이 되돌려집니다.",
            ),
        })
    }

    fn target(&self, one: &Consumption, direction: Direction) -> Option<&'a ScalableTarget> {
        let Self::Targets(targets) = self else { return None };
        let units = match direction {
            Direction::Read => ":ReadCapacityUnits",
            Direction::Write => ":WriteCapacityUnits",
        };
        targets.iter().copied().find(|target| {
            let index = target.resource_id.split_once("/index/").map(|(_, index)| index);
            index == one.index.as_deref() && target.scalable_dimension.ends_with(units)
        })
    }
}

fn minimum(target: &ScalableTarget, min_capacity: u32) -> CapacityMinimum {
    CapacityMinimum {
        resource_id: target.resource_id.clone(),
        scalable_dimension: target.scalable_dimension.clone(),
        min_capacity,
        max_capacity: target.max_capacity,
    }
}

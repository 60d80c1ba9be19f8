//! The least that Application Auto Scaling leaves of a table's throughput.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::commands::quoted;

/// The limits of one dimension of a table or index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacityMinimum {
    /// `ResourceId`, such as `table/scores`.
    pub resource_id: String,
    /// `ScalableDimension`, such as `dynamodb:table:ReadCapacityUnits`.
    pub scalable_dimension: String,
    /// `MinCapacity`.
    pub min_capacity: u32,
    /// `MaxCapacity`, which stays.
    pub max_capacity: u32,
}

/// Returns the sums of the minima for one line.
pub(super) fn phrase(minima: &[CapacityMinimum]) -> String {
    let sum = |dimension: &str| -> u64 {
        let of = minima.iter().filter(|one| one.scalable_dimension.ends_with(dimension));
        of.map(|one| u64::from(one.min_capacity)).sum()
    };
    format!("MinCapacity {} RCU {} WCU", sum(":ReadCapacityUnits"), sum(":WriteCapacityUnits"))
}

pub(super) fn to_json(minima: &[CapacityMinimum]) -> Value {
    minima
        .iter()
        .map(|one| {
            json!({
                "resource_id": one.resource_id,
                "scalable_dimension": one.scalable_dimension,
                "min_capacity": one.min_capacity,
                "max_capacity": one.max_capacity,
            })
        })
        .collect()
}

/// Returns the commands that set the limits, without the program's name and the region.
pub(super) fn commands(minima: &[CapacityMinimum]) -> Vec<String> {
    minima
        .iter()
        .map(|one| {
            format!(
                "application-autoscaling register-scalable-target --service-namespace dynamodb --resource-id {} --scalable-dimension {} --min-capacity {} --max-capacity {}",
                quoted(&one.resource_id),
                quoted(&one.scalable_dimension),
                one.min_capacity,
                one.max_capacity,
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_are_summed_apart_and_set_one_by_one() {
        let of = |resource: &str, dimension: &str, min_capacity| CapacityMinimum {
            resource_id: resource.to_owned(),
            scalable_dimension: dimension.to_owned(),
            min_capacity,
            max_capacity: 100,
        };
        let minima = [
            of("table/scores", "dynamodb:table:ReadCapacityUnits", 5),
            of("table/scores/index/day", "dynamodb:index:ReadCapacityUnits", 2),
            of("table/scores", "dynamodb:table:WriteCapacityUnits", 3),
        ];
        assert_eq!(phrase(&minima), "MinCapacity 7 RCU 3 WCU");
        let commands = commands(&minima);
        assert!(commands[1].contains("--resource-id table/scores/index/day "), "{commands:?}");
        assert!(commands[1].ends_with("--min-capacity 2 --max-capacity 100"), "{commands:?}");
    }
}

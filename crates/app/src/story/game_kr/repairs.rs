//! The faults of the applications whose repair makes a smaller machine suffice.

use rust_decimal::Decimal;
use serde_json::json;

use trimtab_model::period::HOURS_PER_MONTH;

use super::company::Company;
use super::rates::Rates;
use super::requests::{ENDPOINT, LEAKING};
use super::truth::{Capability, Component, PlantedFault};
use crate::story::error::StoryError;

/// What suffices for the match servers as they are: 3.5 vCPU and 26 GiB.
const AS_IT_IS: &str = "r5a.xlarge";

/// What suffices without the repeats and the leak.
const REPAIRED: &str = "t3a.large";

/// vCPU-hours a month that a match server takes above the 0.6 vCPU which a t3a.large sustains:
/// 0.72 of the 1.68 vCPU of today are left without the repeats.
const CREDIT_HOURS: u32 = 90;

/// Returns the faults whose saving depends on a repair: what it adds to the right size.
pub(super) fn conditional(
    company: &Company,
    rates: Rates<'_>,
) -> Result<Vec<PlantedFault>, StoryError> {
    let leaking = company.machines.iter().filter(|machine| LEAKING.contains(&machine.name));
    leaking
        .map(|machine| {
            let hours = |name: &str| -> Result<Component, StoryError> {
                let usd = rates.instance_hour(machine.region, name)?;
                Ok(Component { name: name.to_owned(), quantity: HOURS_PER_MONTH.into(), usd })
            };
            let (now, after) = (hours(AS_IT_IS)?, vec![hours(REPAIRED)?, credits()]);
            let recommended = json!({
                "instance_type": REPAIRED,
                "repaired": ["memory_leak", "duplicate_calls"],
                "endpoint": ENDPOINT,
            });
            Ok(PlantedFault {
                check: "ec2-instance-memory-leak".to_owned(),
                resource_id: machine.id.clone(),
                name: machine.name.to_owned(),
                recommended: recommended.as_object().cloned().unwrap_or_default(),
                monthly_saving_usd: Some(now.quantity * now.usd - sum(&after)),
                now: vec![now],
                after,
                capability: Capability::Application,
            })
        })
        .collect()
}

/// What unlimited CPU credits cost, in every region: 0.05 USD a vCPU-hour.
fn credits() -> Component {
    Component {
        name: "CPU credits".to_owned(),
        quantity: CREDIT_HOURS.into(),
        usd: Decimal::new(5, 2),
    }
}

fn sum(components: &[Component]) -> Decimal {
    components.iter().map(|one| one.quantity * one.usd).sum()
}

//! The faults of the applications whose repair makes a smaller machine suffice, the servers whose work a function would do, and the function whose work containers would do.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use trimtab_model::period::HOURS_PER_MONTH;

use super::cast::{Machine, REGION};
use super::company::Company;
use super::leftovers::{HEARTBEAT, LambdaFunction};
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

/// Who waits around the clock for a notice.
const WAITING: [&str; 2] = ["notice-server-1", "notice-server-2"];

/// What suffices for them as they are: 1.1 vCPU and 3.8 GiB.
const WAITING_AS_IT_IS: &str = "t3a.medium";

/// GB-seconds a month of their work: 365 notices of 300 s in 1 GB, for work takes 0.6 GB beyond waiting.
const NOTICE_GB_SECONDS: u32 = 109_500;

/// Returns the faults whose saving depends on a repair: what it adds to the right size.
pub(super) fn conditional(
    company: &Company,
    rates: Rates<'_>,
) -> Result<Vec<PlantedFault>, StoryError> {
    let mut all = Vec::new();
    for machine in &company.machines {
        if LEAKING.contains(&machine.name) {
            all.push(leak(machine, rates)?);
        }
        if WAITING.contains(&machine.name) {
            all.push(waits(machine, rates)?);
        }
    }
    for function in company.functions.iter().filter(|one| one.name == HEARTBEAT) {
        all.push(never_rests(function, rates)?);
    }
    Ok(all)
}

fn hours(machine: &Machine, rates: Rates<'_>, name: &str) -> Result<Component, StoryError> {
    let usd = rates.instance_hour(machine.region, name)?;
    Ok(Component { name: name.to_owned(), quantity: HOURS_PER_MONTH.into(), usd })
}

/// A leak, and the repeats behind it.
fn leak(machine: &Machine, rates: Rates<'_>) -> Result<PlantedFault, StoryError> {
    let now = hours(machine, rates, AS_IT_IS)?;
    let after = vec![hours(machine, rates, REPAIRED)?, credits()];
    let recommended = json!({
        "instance_type": REPAIRED,
        "repaired": ["memory_leak", "duplicate_calls"],
        "endpoint": ENDPOINT,
    });
    let who = (machine.id.clone(), machine.name.to_owned());
    Ok(planted(
        "ec2-instance-memory-leak",
        who,
        &recommended,
        (vec![now], after),
        Capability::Application,
    ))
}

/// A server that waits around the clock, beside a function that is called: what the function saves beyond the right size.
fn waits(machine: &Machine, rates: Rates<'_>) -> Result<PlantedFault, StoryError> {
    let now = hours(machine, rates, WAITING_AS_IT_IS)?;
    let after = vec![Component {
        name: "GB-seconds".to_owned(),
        quantity: NOTICE_GB_SECONDS.into(),
        usd: rates.meter(machine.region, "lambda/gb_second_arm")?,
    }];
    let recommended = json!({ "state": "stopped", "architecture": "arm64", "trigger": "event" });
    let who = (machine.id.clone(), machine.name.to_owned());
    Ok(planted(
        "ec2-instance-mostly-waiting",
        who,
        &recommended,
        (vec![now], after),
        Capability::Serverless,
    ))
}

/// A function that never rests, beside tasks: three calls are at work at once, each with 0.29 vCPU and 0.5 GB, which three tasks
/// of half a vCPU and 1 GB hold with room above.
fn never_rests(function: &LambdaFunction, rates: Rates<'_>) -> Result<PlantedFault, StoryError> {
    let month = |of_a_day: Decimal| of_a_day * Decimal::from(HOURS_PER_MONTH) / Decimal::from(24);
    let part = |name: &str, quantity: Decimal, meter: &str| -> Result<Component, StoryError> {
        Ok(Component { name: name.to_owned(), quantity, usd: rates.meter(REGION, meter)? })
    };
    let hours = Decimal::from(HOURS_PER_MONTH);
    let (tasks, vcpu, gb) = (Decimal::from(3), Decimal::new(5, 1), Decimal::ONE);
    let now = vec![
        part("GB-seconds", function.gb_seconds_month(), "lambda/gb_second_arm")?,
        part("requests", month(function.calls_day.into()), "lambda/request")?,
    ];
    let after = vec![
        part("Fargate vCPU", hours * tasks * vcpu, "fargate/vcpu_hour_arm")?,
        part("Fargate GB", hours * tasks * gb, "fargate/gb_hour_arm")?,
        part("load balancer", hours, "elb/alb_hour")?,
    ];
    let recommended = json!({ "tasks": 3, "cpu_units": 512, "memory_mib": 1024 });
    let who = (function.name.to_owned(), function.name.to_owned());
    Ok(planted(
        "lambda-function-always-busy",
        who,
        &recommended,
        (now, after),
        Capability::Serverless,
    ))
}

/// A fault that costs `now` and would cost `after`.
fn planted(
    check: &str,
    (resource_id, name): (String, String),
    recommended: &Value,
    (now, after): (Vec<Component>, Vec<Component>),
    capability: Capability,
) -> PlantedFault {
    PlantedFault {
        check: check.to_owned(),
        resource_id,
        name,
        recommended: recommended.as_object().cloned().unwrap_or_default(),
        monthly_saving_usd: Some(sum(&now) - sum(&after)),
        now,
        after,
        capability,
    }
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

//! The gates of an instance, and of a group of them.

use trimtab_model::action::InstanceRefresh;
use trimtab_model::gate::{Presence, Signal};
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::metric::Statistic;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::resource::Resource;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::load_balancer::LoadBalancer;

use super::source::{A_MINUTE, FIVE_MINUTES, Gate, Metric};
use super::{Watched, expected, group, prometheus};
use crate::gate::{LAST_BURST, LAST_CREDIT};
use crate::plan::units;

const CPU: &str = "CPUUtilization";
const AWS_EC2: &str = "AWS/EC2";

/// Returns the gates of an instance that gets another type; none while it is stopped, for
/// nothing measures it then.
pub(super) fn gates(
    watched: &Watched<'_>,
    instance: &Resource<Instance>,
    from: &InstanceType,
    to: &InstanceType,
) -> Vec<Gate> {
    if instance.kind.state == InstanceState::Stopped {
        return Vec::new();
    }
    let facts = |name: &InstanceType| watched.prices?.instance_types.get(name);
    let (was, is) = (facts(from), facts(to));
    let controls = watched.services.controls(instance);
    let id = &instance.id;
    let mut gates = vec![cpu(watched, instance, &controls), status(watched, id)];
    gates.push(memory(watched, instance, was, is).beside(&controls));
    gates.push(swap(watched, instance).beside(&controls));
    gates.extend(is.and_then(|is| is.network_baseline_gbps).into_iter().flat_map(|baseline| {
        ["NetworkIn", "NetworkOut"].map(|name| network(watched, id, name, baseline))
    }));
    if is.map_or_else(|| to.as_str().starts_with('t'), |is| is.burstable) {
        let credits = Metric::new(AWS_EC2, "CPUCreditBalance", Statistic::Minimum, FIVE_MINUTES);
        let credits = credits.gate(watched, id, Signal::CpuCreditBalance, Presence::Required);
        gates.push(credits.limit(LAST_CREDIT));
    }
    gates.extend(["EBSIOBalance%", "EBSByteBalance%"].map(|name| {
        // Only sizes that burst to their disks have them.
        let balance = Metric::new(AWS_EC2, name, Statistic::Minimum, FIVE_MINUTES);
        balance.gate(watched, id, Signal::BurstBalance, Presence::Optional).limit(LAST_BURST)
    }));
    for one in units::behind(instance, watched.inventory.snapshot) {
        gates.extend(group::gates(watched, instance, one));
    }
    gates.extend(prometheus::gates(watched, instance, &controls));
    gates
}

/// Returns the gates of an Auto Scaling group that is resized.
pub(super) fn of_group(watched: &Watched<'_>) -> Vec<Gate> {
    let cpu = Metric::new(AWS_EC2, CPU, Statistic::Average, FIVE_MINUTES);
    let id = &watched.resource.id;
    let gate = cpu.gate(watched, id, Signal::CpuUtilization, Presence::Required);
    let limit = watched.rules.limits.cpu_percent;
    vec![
        gate.limit(limit)
            .expected(expected(watched, "cpu_p99_5"))
            .busy(expected(watched, "cpu_busy_hour")),
    ]
}

/// Returns the gates of an Auto Scaling group whose instances are replaced: what they use
/// together, and what the load balancers in front of them see.
pub(super) fn of_refresh(
    watched: &Watched<'_>,
    scaled: &Resource<AutoScalingGroup>,
    refresh: &InstanceRefresh,
) -> Vec<Gate> {
    let mut gates = of_group(watched);
    let facts = |name: &InstanceType| watched.prices?.instance_types.get(name);
    let (was, is) = (facts(&refresh.from), facts(&refresh.to));
    // The agent has a figure of the group where it is told to sum up by the group.
    gates.push(memory_of(watched, &scaled.id, "mem_used_percent", was, is));
    let checks = Metric::new(AWS_EC2, "StatusCheckFailed", Statistic::Maximum, A_MINUTE);
    let failed =
        checks.gate(watched, &scaled.id, Signal::StatusCheckFailed, Presence::Required).limit(0.0);
    gates.push(failed);
    let snapshot = watched.inventory.snapshot;
    let members: Vec<_> = snapshot
        .instances
        .iter()
        .filter(|one| scaled.kind.instance_ids.contains(&one.id))
        .collect();
    for one in &snapshot.load_balancers {
        let in_front_of = |member: &&&Resource<Instance>| {
            units::behind(member, snapshot).any(|of: &Resource<LoadBalancer>| of.id == one.id)
        };
        // Members are registered alike: one of them names the target groups of all.
        if let Some(member) = members.iter().find(in_front_of) {
            gates.extend(group::gates(watched, member, one));
        }
    }
    gates
}

/// Returns the gate of the status checks, which are there every minute of every running instance.
pub(super) fn status(watched: &Watched<'_>, instance: &ResourceId) -> Gate {
    let checks = Metric::new(AWS_EC2, "StatusCheckFailed", Statistic::Maximum, A_MINUTE);
    checks.gate(watched, instance, Signal::StatusCheckFailed, Presence::Required).limit(0.0)
}

fn cpu(watched: &Watched<'_>, instance: &Resource<Instance>, controls: &[ResourceId]) -> Gate {
    let is_detailed = instance.kind.monitoring.as_deref() == Some("enabled");
    let period = if is_detailed { A_MINUTE } else { FIVE_MINUTES };
    Metric::new(AWS_EC2, CPU, Statistic::Average, period)
        .gate(watched, &instance.id, Signal::CpuUtilization, Presence::Required)
        .limit(watched.rules.limits.cpu_percent)
        .expected(expected(watched, "cpu_p99_5"))
        .busy(expected(watched, "cpu_busy_hour"))
        .beside(controls)
}

/// Returns the gate of memory. Where the new type has less of it, its silence hides the harm
/// that the change may do.
fn memory(
    watched: &Watched<'_>,
    instance: &Resource<Instance>,
    was: Option<&InstanceTypeFacts>,
    is: Option<&InstanceTypeFacts>,
) -> Gate {
    let name = if prometheus::is_windows(instance) {
        "Memory % Committed Bytes In Use"
    } else {
        "mem_used_percent"
    };
    memory_of(watched, &instance.id, name, was, is).or(prometheus::stand_in(
        watched,
        instance,
        Signal::MemoryUtilization,
        prometheus::memory,
    ))
}

fn memory_of(
    watched: &Watched<'_>,
    id: &ResourceId,
    name: &'static str,
    was: Option<&InstanceTypeFacts>,
    is: Option<&InstanceTypeFacts>,
) -> Gate {
    let is_less = was.zip(is).is_some_and(|(was, is)| is.memory_mib < was.memory_mib);
    let presence = if is_less { Presence::Required } else { Presence::Optional };
    Metric::new("CWAgent", name, Statistic::Average, FIVE_MINUTES)
        .gate(watched, id, Signal::MemoryUtilization, presence)
        .limit(watched.rules.limits.memory_percent)
        .expected(expected(watched, "memory_max"))
}

/// Returns the gate of swap. A machine begins without any after a start, so that what is in use
/// was put there since.
fn swap(watched: &Watched<'_>, instance: &Resource<Instance>) -> Gate {
    let name =
        if prometheus::is_windows(instance) { "Paging File % Usage" } else { "swap_used_percent" };
    Metric::new("CWAgent", name, Statistic::Average, FIVE_MINUTES)
        .gate(watched, &instance.id, Signal::Swap, Presence::Optional)
        .or(prometheus::stand_in(watched, instance, Signal::Swap, prometheus::swap))
        .limit(watched.rules.limits.swap_percent)
}

/// Returns the gate of one direction of traffic, as percent of what the type sustains: bytes of
/// five minutes against gigabits of a second.
fn network(
    watched: &Watched<'_>,
    instance: &ResourceId,
    name: &'static str,
    baseline_gbps: f64,
) -> Gate {
    let bytes = baseline_gbps * 1e9 / 8.0 * f64::from(FIVE_MINUTES);
    Metric::new(AWS_EC2, name, Statistic::Sum, FIVE_MINUTES)
        .gate(watched, instance, Signal::NetworkUtilization, Presence::Optional)
        .scaled(100.0 / bytes)
        .limit(100.0)
        .expected(expected(watched, "network_p99_5"))
}

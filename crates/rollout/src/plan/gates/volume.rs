//! The gates of a volume, and of the machine that it hangs on.

use trimtab_model::gate::{Presence, Signal};
use trimtab_model::metric::Statistic;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::resource::volume::Volume;

use super::source::{A_MINUTE, FIVE_MINUTES, Gate, Metric};
use super::{Watched, instance};
use crate::gate::LAST_BURST;

const AWS_EBS: &str = "AWS/EBS";

/// Returns the gates of a volume that becomes of a type; none where no running machine uses it.
pub(super) fn gates(
    watched: &Watched<'_>,
    volume: &Resource<Volume>,
    volume_type: &str,
) -> Vec<Gate> {
    let machine =
        watched.inventory.machine(volume).filter(|one| one.kind.state == InstanceState::Running);
    let Some(machine) = machine else { return Vec::new() };
    // Only volumes of machines on Nitro have a latency of their own.
    let latency = Metric::new(AWS_EBS, "VolumeAvgReadLatency", Statistic::Average, A_MINUTE);
    let mut gates = vec![
        instance::status(watched, &machine.id),
        latency.gate(watched, &volume.id, Signal::ReadLatency, Presence::Optional),
    ];
    if matches!(volume_type, "gp2" | "st1" | "sc1") {
        let burst = Metric::new(AWS_EBS, "BurstBalance", Statistic::Average, FIVE_MINUTES);
        let burst = burst.gate(watched, &volume.id, Signal::BurstBalance, Presence::Required);
        gates.push(burst.limit(LAST_BURST));
    }
    gates
}

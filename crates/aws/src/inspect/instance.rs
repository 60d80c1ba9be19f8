//! What an instance's account tells besides a look at it: keys, quota, what was measured.

use trimtab_model::action::Action;
use trimtab_model::gate::Signal;
use trimtab_model::metric::Statistic;
use trimtab_model::observed::{InstancePreflight, Observed};
use trimtab_model::resource::instance::InstanceState;

use super::measured::{Asked, Measured, PERIOD};
use super::whole::Reading;
use super::{key, measured, quota, successor};

/// What is read besides a look.
pub(crate) const READS: &[&str] =
    &[key::DESCRIBE_KEY, quota::GET, measured::READS[0], measured::READS[1]];

/// What is read besides a look at one whose work a function does.
pub(crate) const REPLACEMENT_READS: &[&str] =
    &[key::DESCRIBE_KEY, successor::GET, measured::READS[0], measured::READS[1]];

const EC2: &str = "AWS/EC2";
const EBS: &str = "AWS/EBS";
const BITS: f64 = 8.0;
const GIGA: f64 = 1e9;
const MEGA: f64 = 1e6;

/// Adds what a look does not tell.
pub(super) async fn complete(
    reading: &mut Reading<'_>,
    observed: &Observed,
    facts: &mut InstancePreflight,
) {
    let id = reading.change.resource.id.clone();
    let keys = key::of_instance(reading.session, id.as_str()).await;
    facts.keys = reading.noted(keys);
    successor::complete(reading, facts).await;
    if let Action::ModifyInstanceType { from, to } = &reading.change.action {
        let counts =
            matches!(observed, Observed::Instance(one) if one.state == InstanceState::Running);
        facts.is_same_quota = Some(counts && quota::code(from) == quota::code(to));
        let quota = quota::of(reading, to).await;
        facts.vcpu_quota = quota.map(|quota| quota.most);
        facts.vcpu_running = quota.map(|quota| quota.running);
        load(reading, facts).await;
    }
}

/// Adds what was measured.
async fn load(reading: &mut Reading<'_>, facts: &mut InstancePreflight) {
    let id = &reading.change.resource.id;
    let of = |metric: &str, statistic| Asked::of(id, EC2, metric, statistic);
    let mut asked = vec![
        of("NetworkIn", Statistic::Sum),
        of("NetworkOut", Statistic::Sum),
        of("CPUUtilization", Statistic::Average),
        of("EBSReadOps", Statistic::Sum),
        of("EBSWriteOps", Statistic::Sum),
        of("EBSReadBytes", Statistic::Sum),
        of("EBSWriteBytes", Statistic::Sum),
    ];
    // Memory is read where the gates of the change read it; a query of Prometheus is another's.
    let gates = reading.change.gates.iter();
    let memory = gates.filter(|gate| gate.signal == Signal::MemoryUtilization);
    let memory = memory.map(|gate| gate.source.clone()).next();
    if let Some(source) = &memory {
        let (space, metric) = (source.namespace.as_str(), source.metric.as_str());
        asked.push(Asked::of(id, space, metric, Statistic::Maximum));
    }
    let found = Measured::of(reading, &asked).await;
    let seconds = f64::from(PERIOD);
    let network = found.p99(&["NetworkIn", "NetworkOut"]);
    facts.network_gbps = network.map(|bytes| bytes * BITS / seconds / GIGA);
    facts.ebs_iops = found.p99(&["EBSReadOps", "EBSWriteOps"]).map(|count| count / seconds);
    let bytes = found.p99(&["EBSReadBytes", "EBSWriteBytes"]);
    facts.ebs_mb_s = bytes.map(|bytes| bytes / seconds / MEGA);
    let busy = found.busiest_day("CPUUtilization");
    facts.busy_vcpu =
        busy.zip(facts.from.vcpu).map(|(percent, vcpu)| percent / 100.0 * f64::from(vcpu));
    let peak = memory.and_then(|source| Some(found.highest(&source.metric)? * source.scale));
    facts.memory_peak_mib =
        peak.zip(facts.from.memory_mib).map(|(percent, mib)| percent / 100.0 * mib as f64);
    if facts.ebs_iops.is_none() || facts.ebs_mb_s.is_none() {
        volumes(reading, facts).await;
    }
}

/// Adds what was measured of the volumes, for an instance that does not count for itself: those
/// before Nitro.
async fn volumes(reading: &mut Reading<'_>, facts: &mut InstancePreflight) {
    let parts: Vec<_> = reading.change.parts.iter().cloned().collect();
    let metrics = ["VolumeReadOps", "VolumeWriteOps", "VolumeReadBytes", "VolumeWriteBytes"];
    let asked: Vec<Asked> = parts
        .iter()
        .filter(|id| id.as_str().starts_with("vol-"))
        .flat_map(|id| metrics.map(|metric| Asked::of(id, EBS, metric, Statistic::Sum)))
        .collect();
    if asked.is_empty() {
        return;
    }
    let found = Measured::of(reading, &asked).await;
    let seconds = f64::from(PERIOD);
    let count = found.p99(&["VolumeReadOps", "VolumeWriteOps"]);
    facts.ebs_iops = count.map(|count| count / seconds);
    let bytes = found.p99(&["VolumeReadBytes", "VolumeWriteBytes"]);
    facts.ebs_mb_s = bytes.map(|bytes| bytes / seconds / MEGA);
}

//! Fleets of any size: instances, and their processor and memory metrics.
//!
//! For measuring how long an analysis of thousands of machines takes. Files are
//! written machine by machine, so that memory does not grow with the fleet.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use trimtab_model::metric::Statistic;

use super::error::StoryError;
use super::metric_file::{Grid, MetricFile, Series};

/// Machines per metrics file.
const MACHINES_PER_FILE: usize = 625;

/// Seconds between two samples.
const PERIOD_SECONDS: i32 = 300;

/// Where the fleet runs.
const ACCOUNT: &str = "111122223333";
const REGION: &str = "ap-northeast-2";

/// Types of the fleet: current, and priced in the region.
const TYPES: &[&str] = &[
    "m5a.large",
    "m5a.xlarge",
    "m5a.2xlarge",
    "m7i.large",
    "m7i.xlarge",
    "m7i.2xlarge",
    "c5a.large",
    "c5a.xlarge",
    "c5a.2xlarge",
    "r5a.large",
    "r5a.xlarge",
    "t3a.large",
    "t3a.xlarge",
];

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetSpec {
    /// Instances.
    pub instances: u32,
    /// EBS volumes beside those, shared among them; every sixth is of an earlier generation.
    pub volumes: u32,
    /// Days of five-minute samples before `as_of`.
    pub days: u32,
    /// The moment at which the metrics end.
    pub as_of: Timestamp,
    /// The seed: the same one gives the same files.
    pub seed: u64,
    /// Threads to write with; the files do not depend on it.
    pub threads: usize,
}

/// Writes `inventory/` and `metrics/` of a fleet below `dir`, and returns the samples written.
///
/// Each machine has the 5-minute `CPUUtilization` Maximum and `mem_used_percent` Maximum.
///
/// # Errors
/// Fails if a file cannot be written.
pub fn write(dir: &Path, spec: &FleetSpec) -> Result<u64, StoryError> {
    let listing = dir.join("inventory").join(ACCOUNT).join(REGION);
    let metrics = dir.join("metrics");
    for path in [&listing, &metrics] {
        std::fs::create_dir_all(path).map_err(StoryError::write(path))?;
    }
    let machines = machines(spec);
    write_inventory(&listing.join("describe-instances.json"), &machines)?;
    if spec.volumes > 0 {
        write_volumes(&listing.join("describe-volumes.json"), &machines, spec)?;
    }

    let files: Vec<(usize, &[Machine])> = machines.chunks(MACHINES_PER_FILE).enumerate().collect();
    let next = AtomicUsize::new(0);
    let finished: Mutex<Vec<Result<u64, StoryError>>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..spec.threads.max(1) {
            scope.spawn(|| {
                while let Some((number, machines)) = files.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    let path = metrics.join(format!("fleet-{number:04}.parquet"));
                    let written = write_metrics(&path, machines, spec);
                    let failed = written.is_err();
                    if let Ok(mut finished) = finished.lock() {
                        finished.push(written);
                    }
                    if failed {
                        break;
                    }
                }
            });
        }
    });
    finished.into_inner().unwrap_or_default().into_iter().sum()
}

/// One instance, and how it is used.
struct Machine {
    id: String,
    name: String,
    instance_type: &'static str,
    environment: &'static str,
    /// Highest processor use, in percent.
    cpu_peak: f64,
    /// Share of the peak that remains at night.
    floor: f64,
    /// Highest memory use, in percent.
    memory_peak: f64,
    /// The hour of the day at which it is busiest, in UTC.
    busiest_hour: f64,
    stream: u64,
}

fn machines(spec: &FleetSpec) -> Vec<Machine> {
    let mut rng = ChaCha8Rng::seed_from_u64(spec.seed);
    (0..spec.instances)
        .map(|index| {
            let id: u64 = rng.random();
            let draw = rng.random_range(0..TYPES.len());
            Machine {
                id: format!("i-0{id:016x}"),
                name: format!("fleet-{index:05}"),
                instance_type: TYPES.get(draw).copied().unwrap_or("m5a.large"),
                environment: if rng.random_range(0..4) == 0 { "staging" } else { "prod" },
                cpu_peak: 4.0 + 92.0 * rng.random::<f64>().powi(2),
                floor: 0.1 + 0.5 * rng.random::<f64>(),
                memory_peak: 10.0 + 80.0 * rng.random::<f64>(),
                busiest_hour: 24.0 * rng.random::<f64>(),
                stream: u64::from(index) + 1,
            }
        })
        .collect()
}

fn write_inventory(path: &Path, machines: &[Machine]) -> Result<(), StoryError> {
    let reservations: Vec<Value> = machines
        .iter()
        .map(|machine| {
            json!({
                "ReservationId": machine.id.replacen("i-", "r-", 1),
                "OwnerId": ACCOUNT,
                "Instances": [{
                    "InstanceId": machine.id,
                    "InstanceType": machine.instance_type,
                    "State": { "Code": 16, "Name": "running" },
                    "LaunchTime": "2026-01-05T03:00:00+00:00",
                    "Architecture": "x86_64",
                    "PlatformDetails": "Linux/UNIX",
                    "VirtualizationType": "hvm",
                    "EnaSupport": true,
                    "EbsOptimized": true,
                    "RootDeviceType": "ebs",
                    "Placement": { "AvailabilityZone": format!("{REGION}a"), "Tenancy": "default" },
                    "BlockDeviceMappings": [],
                    "Tags": [
                        { "Key": "Name", "Value": machine.name },
                        { "Key": "Environment", "Value": machine.environment },
                    ],
                }],
            })
        })
        .collect();
    write_json(path, &json!({ "Reservations": reservations }))
}

fn write_volumes(path: &Path, machines: &[Machine], spec: &FleetSpec) -> Result<(), StoryError> {
    let mut rng = ChaCha8Rng::seed_from_u64(spec.seed);
    rng.set_stream(u64::MAX);
    let volumes: Vec<Value> = machines
        .iter()
        .cycle()
        .zip(0..spec.volumes)
        .map(|(machine, number)| {
            let id: u64 = rng.random();
            let gib = 20 * rng.random_range(1..=25);
            let is_old = number % 6 == 0;
            json!({
                "VolumeId": format!("vol-0{id:016x}"),
                "VolumeType": if is_old { "gp2" } else { "gp3" },
                "Size": gib,
                "Iops": if is_old { (gib * 3).max(100) } else { 3_000 },
                "Throughput": if is_old { Value::Null } else { json!(125) },
                "State": "in-use",
                "CreateTime": "2026-01-05T03:00:00+00:00",
                "AvailabilityZone": format!("{REGION}a"),
                "Encrypted": true,
                "Attachments": [{
                    "Device": format!("/dev/sd{number}"),
                    "InstanceId": machine.id,
                    "State": "attached",
                    "DeleteOnTermination": true,
                }],
                "Tags": [
                    { "Key": "Name", "Value": format!("disk-{number:06}") },
                    { "Key": "Environment", "Value": machine.environment },
                ],
            })
        })
        .collect();
    write_json(path, &json!({ "Volumes": volumes }))
}

fn write_json(path: &Path, value: &Value) -> Result<(), StoryError> {
    let text = serde_json::to_string(value)
        .map_err(|cause| StoryError::Json { path: path.to_owned(), cause })?;
    std::fs::write(path, text).map_err(StoryError::write(path))
}

fn write_metrics(path: &Path, machines: &[Machine], spec: &FleetSpec) -> Result<u64, StoryError> {
    let mut file = MetricFile::create(path)?;
    let seconds = i64::from(spec.days) * 86_400;
    let start = spec.as_of.as_second() - seconds;
    let grid = Grid { start_ms: start * 1000, period_seconds: PERIOD_SECONDS };
    let moments = usize::try_from(seconds / i64::from(PERIOD_SECONDS)).unwrap_or_default();
    let mut written = 0;
    for machine in machines {
        let mut rng = ChaCha8Rng::seed_from_u64(spec.seed);
        rng.set_stream(machine.stream);
        let load = loads(machine, start, moments);
        let cpu = percents(&load, machine.cpu_peak, machine.floor, &mut rng);
        let memory = percents(&load, machine.memory_peak, 0.85, &mut rng);
        for (namespace, metric, values) in
            [("AWS/EC2", "CPUUtilization", cpu), ("CWAgent", "mem_used_percent", memory)]
        {
            let series = Series {
                resource_id: &machine.id,
                namespace,
                metric,
                statistic: Statistic::Maximum,
                unit: "Percent",
            };
            written += values.len() as u64;
            file.push(&series, grid, values)?;
        }
    }
    file.finish()?;
    Ok(written)
}

/// Returns the daily season of a machine at every moment, from 0 to 1.
fn loads(machine: &Machine, start: i64, moments: usize) -> Vec<f64> {
    let mut second = start;
    let mut load = Vec::with_capacity(moments);
    for _ in 0..moments {
        let hour = second.rem_euclid(86_400) as f64 / 3600.0;
        let angle = (hour - machine.busiest_hour) / 24.0 * std::f64::consts::TAU;
        load.push((0.5 + 0.5 * angle.cos()).powi(2));
        second += i64::from(PERIOD_SECONDS);
    }
    load
}

fn percents(load: &[f64], peak: f64, floor: f64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    load.iter()
        .map(|load| {
            let value = peak * (floor + (1.0 - floor) * load) * (0.9 + 0.1 * rng.random::<f64>());
            (value * 100.0).round() / 100.0
        })
        .collect()
}

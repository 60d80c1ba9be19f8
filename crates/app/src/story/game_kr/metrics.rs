//! Writes what CloudWatch would say of the company.

use std::path::Path;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use trimtab_model::metric::Statistic;

use super::calendar::{fine, hourly, hourly_throughout};
use super::cast::{Database, Machine, MachineLoad};
use super::company::Company;
use super::curve::{Curve, noise};
use super::requests::{LEAKING, memory};
use super::season::Season;
use crate::story::error::StoryError;
use crate::story::metric_file::{Grid, MetricFile, Series};

/// Of a five-minute interval's highest CPU use, the share that its mean has.
pub(super) const MEAN_OF_PEAK: f64 = 0.72;

/// Bytes that one operation on a volume moves.
const BYTES_PER_OPERATION: f64 = 16_384.0;

/// Bytes in a GiB.
const GIB: f64 = 1_073_741_824.0;

/// One stretch of time with the load in it.
struct Stretch {
    grid: Grid,
    load: Vec<f64>,
}

/// Writes `metrics/ec2.parquet` and `metrics/others.parquet` below `dir`.
pub(super) fn write(dir: &Path, company: &Company, seed: u64) -> Result<(), StoryError> {
    // Another stream than the one that drew the identifiers.
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(1);
    let mut file = MetricFile::create(&dir.join("ec2.parquet"))?;
    for machine in &company.machines {
        if let Some(load) = machine.load {
            write_machine(&mut file, machine, load, seed, &mut rng)?;
        }
    }
    file.finish()?;
    let mut file = MetricFile::create(&dir.join("others.parquet"))?;
    for database in &company.databases {
        write_database(&mut file, database, &mut rng)?;
    }
    write_hourly(&mut file, company, &mut rng)?;
    write_functions(&mut file, company, &mut rng)?;
    write_disks(&mut file, company, &mut rng)?;
    super::queues::write(&mut file)?;
    file.finish()
}

/// Returns the hourly and the five-minute stretch of a curve.
fn stretches(curve: Curve) -> [Stretch; 2] {
    [hourly(), fine()].map(|(grid, moments)| Stretch { grid, load: curve.load(grid, moments) })
}

fn write_machine(
    file: &mut MetricFile,
    machine: &Machine,
    load: MachineLoad,
    seed: u64,
    rng: &mut ChaCha8Rng,
) -> Result<(), StoryError> {
    let series = |namespace, metric, statistic, unit| Series {
        resource_id: &machine.id,
        namespace,
        metric,
        statistic,
        unit,
    };
    for stretch in stretches(load.curve) {
        let peaks = percent(&stretch.load, load.cpu_peak, cpu_floor(load.curve), rng);
        let means = peaks.iter().map(|peak| round(peak * MEAN_OF_PEAK)).collect();
        file.push(
            &series("AWS/EC2", "CPUUtilization", Statistic::Maximum, "Percent"),
            stretch.grid,
            peaks,
        )?;
        file.push(
            &series("AWS/EC2", "CPUUtilization", Statistic::Average, "Percent"),
            stretch.grid,
            means,
        )?;
        if let Some(memory_peak) = load.memory_peak {
            let mut used = percent(&stretch.load, memory_peak, 0.82, rng);
            if LEAKING.contains(&machine.name) {
                used = memory(stretch.grid, stretch.load.len(), seed);
            }
            file.push(
                &series("CWAgent", "mem_used_percent", Statistic::Maximum, "Percent"),
                stretch.grid,
                used,
            )?;
        }
    }
    let (grid, moments) = hourly_throughout();
    let hours = load.curve.load(grid, moments);
    let mean = hours.iter().sum::<f64>() / hours.len().max(1) as f64;
    let base = if load.curve.rests() { 0.005 } else { 0.2 };
    for metric in ["NetworkIn", "NetworkOut"] {
        let per_hour = load.network_mb_day * 1e6 / 24.0;
        let bytes = hours
            .iter()
            .map(|load| {
                let season = if mean > 0.0 { base + (1.0 - base) * load / mean } else { 1.0 };
                (per_hour * season * (1.0 + noise(rng, 0.05))).round()
            })
            .collect();
        file.push(&series("AWS/EC2", metric, Statistic::Sum, "Bytes"), grid, bytes)?;
    }
    Ok(())
}

fn write_database(
    file: &mut MetricFile,
    database: &Database,
    rng: &mut ChaCha8Rng,
) -> Result<(), StoryError> {
    let load = database.load;
    let free_at_peak = (database.memory_gib - load.memory_used_gib) * GIB;
    let storage = f64::from(database.gib) * GIB;
    for stretch in stretches(load.curve) {
        let scaled = |peak: f64, floor: f64, rng: &mut ChaCha8Rng| -> Vec<f64> {
            stretch
                .load
                .iter()
                .map(|load| round(peak * (floor + (1.0 - floor) * load) * (1.0 + noise(rng, 0.02))))
                .collect()
        };
        let cpu = percent(&stretch.load, load.cpu_peak, cpu_floor(load.curve), rng);
        let means: Vec<f64> = cpu.iter().map(|peak| round(peak * MEAN_OF_PEAK)).collect();
        let free: Vec<f64> = stretch
            .load
            .iter()
            .map(|share| {
                let more = load.memory_used_gib * 0.12 * (1.0 - share) * GIB;
                (free_at_peak + more * (1.0 + noise(rng, 0.05))).round()
            })
            .collect();
        // A pool stays open as long as the machines behind it run.
        let open = if load.curve.rests() { 0.0 } else { 0.3 };
        let connections = stretch
            .load
            .iter()
            .map(|share| (load.connections * (open + (1.0 - open) * share)).round())
            .collect();
        let mut push = |metric, statistic, unit, values| {
            let series = Series {
                resource_id: database.name,
                namespace: "AWS/RDS",
                metric,
                statistic,
                unit,
            };
            file.push(&series, stretch.grid, values)
        };
        push("CPUUtilization", Statistic::Maximum, "Percent", cpu)?;
        push("CPUUtilization", Statistic::Average, "Percent", means)?;
        push(
            "FreeableMemory",
            Statistic::Average,
            "Bytes",
            free.iter().map(|free| free * 1.002).collect(),
        )?;
        push("FreeableMemory", Statistic::Minimum, "Bytes", free)?;
        push("DatabaseConnections", Statistic::Maximum, "Count", connections)?;
        push("ReadIOPS", Statistic::Maximum, "Count/Second", scaled(load.read_iops, 0.1, rng))?;
        push("WriteIOPS", Statistic::Maximum, "Count/Second", scaled(load.write_iops, 0.1, rng))?;
    }
    let (grid, moments) = hourly_throughout();
    let free = (0..moments).map(|hour| (storage * 0.45 - hour as f64 * 1e5).round()).collect();
    let series = Series {
        resource_id: database.name,
        namespace: "AWS/RDS",
        metric: "FreeStorageSpace",
        statistic: Statistic::Minimum,
        unit: "Bytes",
    };
    file.push(&series, grid, free)
}

/// Writes what the volumes read and wrote: their throughput is judged by five minutes.
fn write_disks(
    file: &mut MetricFile,
    company: &Company,
    rng: &mut ChaCha8Rng,
) -> Result<(), StoryError> {
    let (grid, moments) = hourly_throughout();
    let hours = Curve::Players.load(grid, moments);
    let mean = hours.iter().sum::<f64>() / hours.len().max(1) as f64;
    for disk in &company.disks {
        let Some(operations) = disk.operations_per_second else { continue };
        for (metric, unit, share) in [
            ("VolumeReadOps", "Count", 0.4),
            ("VolumeWriteOps", "Count", 0.6),
            ("VolumeReadBytes", "Bytes", 0.4 * BYTES_PER_OPERATION),
            ("VolumeWriteBytes", "Bytes", 0.6 * BYTES_PER_OPERATION),
        ] {
            for stretch in stretches(Curve::Players) {
                let per_interval =
                    operations * share * f64::from(stretch.grid.period_seconds) * mean;
                let values = stretch
                    .load
                    .iter()
                    .map(|load| {
                        let season = 0.3 + 0.7 * load / mean;
                        (per_interval * season * (1.0 + noise(rng, 0.03))).round()
                    })
                    .collect();
                let series = Series {
                    resource_id: &disk.id,
                    namespace: "AWS/EBS",
                    metric,
                    statistic: Statistic::Sum,
                    unit,
                };
                file.push(&series, stretch.grid, values)?;
            }
        }
    }
    Ok(())
}

/// Writes what the functions did: how many calls are at work at once is judged by five minutes.
fn write_functions(
    file: &mut MetricFile,
    company: &Company,
    rng: &mut ChaCha8Rng,
) -> Result<(), StoryError> {
    for function in &company.functions {
        for (grid, moments) in [hourly(), fine()] {
            let shares = function.season().shares(grid, moments);
            let calls = f64::from(function.calls_day) * f64::from(grid.period_seconds) / 86_400.0;
            let milliseconds = calls * f64::from(function.milliseconds);
            for (metric, unit, per_sample) in
                [("Invocations", "Count", calls), ("Duration", "Milliseconds", milliseconds)]
            {
                let values = shares
                    .iter()
                    .map(|share| (per_sample * share * (1.0 + noise(rng, 0.03))).round())
                    .collect();
                let series = Series {
                    resource_id: function.name,
                    namespace: "AWS/Lambda",
                    metric,
                    statistic: Statistic::Sum,
                    unit,
                };
                file.push(&series, grid, values)?;
            }
        }
    }
    Ok(())
}

/// Resource, namespace, metric and unit of a series.
type Named<'a> = (&'a str, &'static str, &'static str, &'static str);

/// Writes the metrics that nothing reads more finely than by the hour.
fn write_hourly(
    file: &mut MetricFile,
    company: &Company,
    rng: &mut ChaCha8Rng,
) -> Result<(), StoryError> {
    let (grid, moments) = hourly_throughout();
    let players = Season::Players.shares(grid, moments);
    let gateway_bytes = Season::Gateway.shares(grid, moments);
    let mut push = |shares: &[f64],
                    (resource_id, namespace, metric, unit): Named<'_>,
                    per_hour: f64,
                    statistic| {
        let values = shares
            .iter()
            .map(|share| (per_hour * share * (1.0 + noise(rng, 0.03))).round())
            .collect();
        file.push(&Series { resource_id, namespace, metric, statistic, unit }, grid, values)
    };
    for gateway in &company.gateways {
        let bytes = f64::from(gateway.gb_day) * 1e9 / 24.0;
        for metric in [
            "BytesOutToDestination",
            "BytesInFromSource",
            "BytesOutToSource",
            "BytesInFromDestination",
        ] {
            let named = (gateway.id.as_str(), "AWS/NATGateway", metric, "Bytes");
            push(&gateway_bytes, named, bytes, Statistic::Sum)?;
        }
        for metric in ["PacketsOutToDestination", "PacketsInFromSource"] {
            let named = (gateway.id.as_str(), "AWS/NATGateway", metric, "Count");
            push(&gateway_bytes, named, bytes / 900.0, Statistic::Sum)?;
        }
        let connections = f64::from(gateway.gb_day) * 8.0;
        let named = (gateway.id.as_str(), "AWS/NATGateway", "ActiveConnectionCount", "Count");
        push(&players, named, connections, Statistic::Maximum)?;
    }
    for balancer in &company.balancers {
        let requests = balancer.requests_day / 24.0;
        if balancer.kind == "classic" {
            let named = (balancer.name, "AWS/ELB", "RequestCount", "Count");
            push(&players, named, requests, Statistic::Sum)?;
        } else {
            let name = balancer.arn();
            let named = (name.as_str(), "AWS/ApplicationELB", "RequestCount", "Count");
            push(&players, named, requests, Statistic::Sum)?;
            let named = (name.as_str(), "AWS/ApplicationELB", "ProcessedBytes", "Bytes");
            push(&players, named, requests * 900.0, Statistic::Sum)?;
        }
    }
    for logs in &company.logs {
        let bytes = f64::from(logs.written_gb_day_tenths) * 1e8 / 24.0;
        let named = (logs.name, "AWS/Logs", "IncomingBytes", "Bytes");
        push(&logs.season().shares(grid, moments), named, bytes, Statistic::Sum)?;
    }
    Ok(())
}

/// Returns the share of its CPU peak that a machine has without load: even an idle one does a
/// little, and a busy one never falls to nothing.
pub(super) fn cpu_floor(curve: Curve) -> f64 {
    if curve.rests() { 0.02 } else { 0.12 }
}

/// Returns use in percent that reaches `peak` where the load is full and `peak × floor` where
/// there is none. It never exceeds the peak, so that what is planted is what is seen.
fn percent(load: &[f64], peak: f64, floor: f64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    load.iter()
        .map(|load| {
            let value = peak * (floor + (1.0 - floor) * load) * (0.98 + noise(rng, 0.02));
            round(value.min(peak))
        })
        .collect()
}

/// Returns the value with the three digits behind the point that CloudWatch tools export.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

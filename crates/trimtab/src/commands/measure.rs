//! `trimtab __measure`: the driver behind `bench/run`. It makes data of any size, and
//! times queries inside the process.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use jiff::civil::date;
use rust_decimal::Decimal;
use serde_json::json;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::story::CostType;
use trimtab_app::story::bill::{self, BillFormat, BillSpec};
use trimtab_app::story::fleet::{self, FleetSpec};
use trimtab_app::story::game_kr::AS_OF;
use trimtab_model::explain::Explain;
use trimtab_model::id::RegionId;
use trimtab_store::catalog;
use trimtab_store::cost::{CostFilter, GroupBy, Source, cost_groups_from};
use trimtab_store::lake::Lake;

use crate::cli::{MeasureCommand, MeasureSource};
use crate::terminal::{Printed, print_json};

/// Regions whose meters the bill has.
const REGIONS: &[&str] = &[
    "ap-northeast-2",
    "ap-northeast-1",
    "us-east-1",
    "us-west-2",
    "eu-central-1",
    "ap-southeast-1",
];

/// Makes data or times a query, and prints what came of it as JSON.
pub fn run(command: &MeasureCommand) -> Result<Printed, Failure> {
    let answer = match command {
        MeasureCommand::Bill { dir, rows } => write_bill(dir, *rows)?,
        MeasureCommand::Fleet { dir, instances, volumes } => {
            write_fleet(dir, *instances, *volumes)?
        }
        MeasureCommand::Query { data_dir, source, times } => query(data_dir, *source, *times)?,
    };
    print_json(&answer)?;
    Ok(Printed::Complete)
}

fn failed(cause: &(dyn Explain + 'static)) -> Failure {
    Failure::from_error(Kind::Failed, cause)
}

fn write_bill(dir: &Path, rows: u64) -> Result<serde_json::Value, Failure> {
    let regions: BTreeSet<RegionId> = REGIONS.iter().map(|region| RegionId::new(*region)).collect();
    let billing = dir.join("billing");
    std::fs::create_dir_all(&billing).map_err(|cause| failed(&cause))?;
    let spec = BillSpec {
        rows,
        resources: 20_000,
        first_month: date(2026, 8, 1),
        months: 3,
        seed: 1,
        format: BillFormat::Parquet,
        cost_type: CostType::Decimal,
        rows_per_file: 1_000_000,
        threads: threads(),
    };
    let totals = bill::write(&billing, &spec, &catalog::price_book(&regions))
        .map_err(|cause| failed(&cause))?;
    let billed: Decimal = totals.iter().map(|total| total.billed).sum();
    let effective: Decimal = totals.iter().map(|total| total.effective).sum();
    Ok(json!({ "rows": rows, "billed": billed.to_string(), "effective": effective.to_string() }))
}

fn write_fleet(dir: &Path, instances: u32, volumes: u32) -> Result<serde_json::Value, Failure> {
    let spec =
        FleetSpec { instances, volumes, days: 14, as_of: AS_OF, seed: 1, threads: threads() };
    let samples = fleet::write(dir, &spec).map_err(|cause| failed(&cause))?;
    Ok(json!({ "samples": samples, "as_of": AS_OF.to_string() }))
}

fn query(data_dir: &Path, source: MeasureSource, times: u32) -> Result<serde_json::Value, Failure> {
    let lake = Lake::open_local(data_dir).map_err(|cause| failed(&cause))?;
    let source = match source {
        MeasureSource::Rows => Source::Rows,
        MeasureSource::Rollup => Source::Rollup,
    };
    let mut seconds = Vec::new();
    let mut groups = Vec::new();
    for _ in 0..times {
        let start = Instant::now();
        groups = cost_groups_from(
            &lake,
            &[GroupBy::Service, GroupBy::Day],
            &CostFilter::default(),
            source,
        )
        .map_err(|cause| failed(&cause))?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let billed: Decimal = groups.iter().map(|group| group.billed.amount).sum();
    Ok(json!({ "seconds": seconds, "groups": groups.len(), "billed": billed.to_string() }))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

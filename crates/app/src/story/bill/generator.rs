//! Writes a bill row by row, on as many threads as are given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use trimtab_model::focus::{CommitmentDiscountStatus, PricingCategory};
use trimtab_model::price::PriceBook;

use super::invoice_line::{InvoiceLine, RESERVATION, SAVINGS_PLAN};
use super::market::meters;
use super::population::{Payment, Population, Tenant};
use crate::story::error::StoryError;
use crate::story::focus_csv::FocusCsv;
use crate::story::focus_parquet::{CostType, FocusParquet};
use crate::story::focus_row::{BillRow, CommitmentUse, Meter, exact};

/// Of so many rows, the first eight are those that nothing meters, one of each kind.
const STRIDE: u64 = 97;

/// The files of a generated bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillFormat {
    /// Parquet.
    Parquet,
    /// Gzipped CSV.
    CsvGz,
}

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillSpec {
    /// Rows in all.
    pub rows: u64,
    /// Resources that are charged for again and again.
    pub resources: u32,
    /// The first billing month: any day of it.
    pub first_month: Date,
    /// Billing months.
    pub months: u32,
    /// The seed: the same one gives the same rows.
    pub seed: u64,
    /// Parquet or CSV.
    pub format: BillFormat,
    /// The type of amounts in Parquet.
    pub cost_type: CostType,
    /// The most rows of one file.
    pub rows_per_file: u64,
    /// Threads to write with; the files do not depend on it.
    pub threads: usize,
}

/// What one billing period adds up to in one currency, exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTotal {
    /// When the period starts.
    pub period_start: Timestamp,
    /// The currency.
    pub currency: String,
    /// The sum of `BilledCost`.
    pub billed: Decimal,
    /// The sum of `EffectiveCost`.
    pub effective: Decimal,
    /// The rows.
    pub rows: u64,
}

type Totals = BTreeMap<(Timestamp, &'static str), (Decimal, Decimal, u64)>;

/// One file: a stretch of the rows of one month.
struct Part {
    path: PathBuf,
    period: (Timestamp, Timestamp),
    rows: std::ops::Range<u64>,
    rows_of_month: u64,
    stream: u64,
}

enum Sink {
    Parquet(Box<FocusParquet>),
    Csv(Box<FocusCsv>),
}

/// Writes the files of a bill into `dir`, which must exist, and returns its totals, sorted by
/// period and currency.
///
/// Rows are hourly, in the order of time. `prices` may hold any regions; more of them give
/// more services. Nothing is rounded: every amount is quantity times price.
///
/// # Errors
/// Fails if a file cannot be written, or `prices` is empty.
pub fn write(
    dir: &Path,
    spec: &BillSpec,
    prices: &PriceBook,
) -> Result<Vec<KnownTotal>, StoryError> {
    let mut rng = ChaCha8Rng::seed_from_u64(spec.seed);
    let meters = meters(prices);
    if meters.is_empty() {
        return Err(StoryError::MissingPrice {
            what: "anything".to_owned(),
            region: "any region".to_owned(),
        });
    }
    let count = usize::try_from(spec.resources.max(1)).unwrap_or(usize::MAX);
    let population = Population::new(&meters, count, &mut rng);
    let lines: Vec<(InvoiceLine, Meter)> =
        InvoiceLine::ALL.iter().map(|line| (*line, line.meter())).collect();
    let parts = parts(dir, spec);
    let next = AtomicUsize::new(0);
    let finished: Mutex<Vec<Result<Totals, StoryError>>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..spec.threads.max(1) {
            scope.spawn(|| {
                while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let totals = write_part(part, spec, &population, &lines);
                    let failed = totals.is_err();
                    if let Ok(mut finished) = finished.lock() {
                        finished.push(totals);
                    }
                    if failed {
                        break;
                    }
                }
            });
        }
    });
    let mut sums = Totals::new();
    for totals in finished.into_inner().unwrap_or_default() {
        for (key, (billed, effective, rows)) in totals? {
            let sum = sums.entry(key).or_default();
            sum.0 += billed;
            sum.1 += effective;
            sum.2 += rows;
        }
    }
    Ok(sums
        .into_iter()
        .map(|((period_start, currency), (billed, effective, rows))| KnownTotal {
            period_start,
            currency: currency.to_owned(),
            billed,
            effective,
            rows,
        })
        .collect())
}

/// Divides the bill into files, none of which spans two months.
fn parts(dir: &Path, spec: &BillSpec) -> Vec<Part> {
    let months = u64::from(spec.months.max(1));
    let mut parts = Vec::new();
    let mut first = spec.first_month.first_of_month();
    for month in 0..months {
        let next = first.last_of_month().tomorrow().unwrap_or(first);
        let rows_of_month = spec.rows * (month + 1) / months - spec.rows * month / months;
        let mut start = 0;
        while start < rows_of_month {
            let end = (start + spec.rows_per_file.max(1)).min(rows_of_month);
            let extension = match spec.format {
                BillFormat::Parquet => "parquet",
                BillFormat::CsvGz => "csv.gz",
            };
            let stream = u64::try_from(parts.len()).unwrap_or_default() + 1;
            parts.push(Part {
                path: dir.join(format!("focus-{first}-{stream:05}.{extension}")),
                period: (midnight(first), midnight(next)),
                rows: start..end,
                rows_of_month,
                stream,
            });
            start = end;
        }
        first = next;
    }
    parts
}

fn midnight(date: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn write_part(
    part: &Part,
    spec: &BillSpec,
    population: &Population,
    lines: &[(InvoiceLine, Meter)],
) -> Result<Totals, StoryError> {
    let mut sink = match spec.format {
        BillFormat::Parquet => {
            Sink::Parquet(Box::new(FocusParquet::create(&part.path, spec.cost_type)?))
        }
        BillFormat::CsvGz => Sink::Csv(Box::new(FocusCsv::create(&part.path)?)),
    };
    let mut rng = ChaCha8Rng::seed_from_u64(spec.seed);
    rng.set_stream(part.stream);
    let mut totals = Totals::new();
    let hours = (part.period.1.as_second() - part.period.0.as_second()) / 3600;
    let count = population.tenants.len().max(1);
    for index in part.rows.clone() {
        let wide = u128::from(index) * u128::from(hours.unsigned_abs())
            / u128::from(part.rows_of_month.max(1));
        let second = part.period.0.as_second() + i64::try_from(wide).unwrap_or_default() * 3600;
        let at = |second| Timestamp::from_second(second).unwrap_or(part.period.0);
        let hour = (at(second), at(second + 3600));
        let position = usize::try_from(index % count as u64).unwrap_or_default();
        let Some(tenant) = population.tenants.get(position) else { continue };
        let mut row = metered(part, population, tenant, hour, &mut rng);
        let line = usize::try_from(index % STRIDE).unwrap_or_default();
        if let Some((line, meter)) = lines.get(line) {
            let cents = rng.random_range(1..50_000);
            line.apply(&mut row, meter, Decimal::new(cents, 2));
        }
        let sum = totals.entry((part.period.0, row.payer.currency)).or_default();
        sum.0 += row.cost.billed;
        sum.1 += row.cost.effective;
        sum.2 += 1;
        match &mut sink {
            Sink::Parquet(file) => file.push(&row)?,
            Sink::Csv(file) => file.push(&row)?,
        }
    }
    match sink {
        Sink::Parquet(file) => file.finish()?,
        Sink::Csv(file) => file.finish()?,
    }
    Ok(totals)
}

/// Returns an hour of use of one resource, paid for in its own way.
fn metered<'a>(
    part: &Part,
    population: &'a Population,
    tenant: &'a Tenant,
    hour: (Timestamp, Timestamp),
    rng: &mut ChaCha8Rng,
) -> BillRow<'a> {
    let account = population.accounts.get(tenant.account).unwrap_or(&population.payers[0]);
    let payer = population.payer_of(account);
    // Six digits behind the point: with the ten of a price an amount has sixteen.
    let quantity = Decimal::new(rng.random_range(1..1_500_000), 6);
    let mut row = BillRow::usage(
        payer,
        account,
        part.period,
        hour,
        &tenant.meter,
        tenant.resource.as_ref(),
        quantity,
    );
    let covered = |id, kind, category| CommitmentUse {
        id,
        kind,
        category,
        status: Some(CommitmentDiscountStatus::Used),
    };
    // Shares of the list price with two digits, applied to a price cut to eight.
    let share = |hundredths: i64| {
        (tenant.meter.price.round_dp(8) * Decimal::new(hundredths, 2)).round_dp(10)
    };
    match tenant.payment {
        Payment::OnDemand => {}
        Payment::Spot => {
            let paid = exact(quantity, share(31));
            row.pricing_category = Some(PricingCategory::Dynamic);
            row.cost.billed = paid;
            row.cost.effective = paid;
            row.cost.contracted = Some(paid);
        }
        Payment::SavingsPlan => {
            row.pricing_category = Some(PricingCategory::Committed);
            row.commitment = Some(covered(SAVINGS_PLAN, "Savings Plan", "Spend"));
            row.cost.billed = Decimal::ZERO;
            row.cost.effective = exact(quantity, share(73));
        }
        Payment::Reservation => {
            row.pricing_category = Some(PricingCategory::Committed);
            row.commitment = Some(covered(RESERVATION, "Reserved", "Usage"));
            row.cost.billed = Decimal::ZERO;
            row.cost.effective = exact(quantity, share(62));
        }
    }
    row
}

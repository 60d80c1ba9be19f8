//! Writes the months of the bill: what was metered, and what else an invoice holds.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::date;
use rust_decimal::Decimal;

use trimtab_model::focus::{
    ChargeCategory, ChargeClass, ChargeFrequency, CommitmentDiscountStatus, PricingCategory,
};

use super::calendar::{AS_OF, DAY, MONTHS, moment, start_of};
use super::cast::{REGION, Stage, payer};
use super::line::Line;
use super::rates::SAVINGS_PLAN_DISCOUNT;
use super::truth::BillTotal;
use crate::story::error::StoryError;
use crate::story::focus_csv::FocusCsv;
use crate::story::focus_parquet::{CostType, FocusParquet};
use crate::story::focus_row::{
    Account, BillRow, BilledResource, CommitmentUse, Meter, RowCost, exact,
};

/// The Savings Plan of the story.
const SAVINGS_PLAN: &str =
    "arn:aws:savingsplans::123456789012:savingsplan/5f1c6a0e-2d3b-4c55-9a77-0d3f6b8e1a20";

/// What the Savings Plan commits to an hour above what it covers: the hour nobody planned for.
const UNUSED_AN_HOUR: Decimal = Decimal::from_parts(12, 0, 0, false, 3);

/// South Korea's value added tax.
const TAX: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// A file that takes rows.
enum Sink {
    Csv(Box<FocusCsv>),
    Parquet(Box<FocusParquet>),
}

impl Sink {
    fn push(&mut self, row: &BillRow<'_>) -> Result<(), StoryError> {
        match self {
            Self::Csv(file) => file.push(row),
            Self::Parquet(file) => file.push(row),
        }
    }

    fn finish(self) -> Result<(), StoryError> {
        match self {
            Self::Csv(file) => file.finish(),
            Self::Parquet(file) => file.finish(),
        }
    }
}

/// Writes one file per month below `dir`, the oldest as gzipped CSV, and returns what each adds
/// up to. The last month ends where the story ends.
pub(super) fn write(dir: &Path, lines: &[Line]) -> Result<Vec<BillTotal>, StoryError> {
    let mut totals = Vec::new();
    for (year, month) in MONTHS {
        let first = date(year, month, 1);
        let days = first.days_in_month();
        let start = start_of(first);
        let end = moment(start.as_second() + i64::from(days) * DAY);
        let sink = if (year, month) == MONTHS[0] {
            Sink::Csv(Box::new(FocusCsv::create(&dir.join(format!("focus-{first}.csv.gz")))?))
        } else {
            let path = dir.join(format!("focus-{first}.parquet"));
            Sink::Parquet(Box::new(FocusParquet::create(&path, CostType::Decimal)?))
        };
        let mut book = Month {
            sink,
            period: (start, end),
            days,
            payer: payer(),
            total: BillTotal::new(start),
        };
        book.metered(lines)?;
        book.invoice(lines, month)?;
        book.sink.finish()?;
        totals.push(book.total);
    }
    Ok(totals)
}

struct Month {
    sink: Sink,
    period: (Timestamp, Timestamp),
    days: i8,
    payer: Account,
    total: BillTotal,
}

impl Month {
    fn push(&mut self, row: &BillRow<'_>) -> Result<(), StoryError> {
        self.total.add(row.cost.billed, row.cost.effective, row.category);
        self.sink.push(row)
    }

    /// Writes one row a day for everything that runs, up to the end of the story.
    fn metered(&mut self, lines: &[Line]) -> Result<(), StoryError> {
        let plan = commitment();
        let live = Stage::Production.account();
        let accounts: Vec<Account> = lines.iter().map(|line| line.stage.account()).collect();
        let payer = self.payer.clone();
        let committed = hourly_commitment(lines);
        for day in 0..i64::from(self.days) {
            let start = moment(self.period.0.as_second() + day * DAY);
            if start >= AS_OF {
                break;
            }
            let of_day = (start, moment(start.as_second() + DAY));
            for (line, account) in lines.iter().zip(&accounts) {
                let quantity = line.amount.of_day(start.as_second(), self.days);
                let resource = line.resource.as_ref();
                let mut row = BillRow::usage(
                    &payer,
                    account,
                    self.period,
                    of_day,
                    &line.meter,
                    resource,
                    quantity,
                );
                if line.covered {
                    row.pricing_category = Some(PricingCategory::Committed);
                    row.commitment = Some(used(CommitmentDiscountStatus::Used));
                    row.cost.billed = Decimal::ZERO;
                    row.cost.effective = exact(quantity, covered_price(line));
                }
                self.push(&row)?;
            }
            let fee = exact(24.into(), committed);
            let mut row = BillRow::usage(
                &payer,
                &live,
                self.period,
                of_day,
                &plan.0,
                Some(&plan.1),
                24.into(),
            );
            row.category = ChargeCategory::Purchase;
            row.frequency = ChargeFrequency::Recurring;
            row.commitment =
                Some(CommitmentUse { status: None, ..used(CommitmentDiscountStatus::Used) });
            row.cost = RowCost {
                billed: fee,
                effective: Decimal::ZERO,
                list: Some(fee),
                contracted: Some(fee),
            };
            self.push(&row)?;
            let idle = exact(24.into(), UNUSED_AN_HOUR);
            row.category = ChargeCategory::Usage;
            row.frequency = ChargeFrequency::UsageBased;
            row.pricing_category = Some(PricingCategory::Committed);
            row.commitment = Some(used(CommitmentDiscountStatus::Unused));
            row.cost =
                RowCost { billed: Decimal::ZERO, effective: idle, list: None, contracted: None };
            self.push(&row)?;
        }
        Ok(())
    }

    /// Writes what stands on the invoice once a month.
    fn invoice(&mut self, lines: &[Line], month: i8) -> Result<(), StoryError> {
        let payer = self.payer.clone();
        let dev = Stage::Dev.account();
        let live = Stage::Production.account();
        let support = plain(
            "AWS Support (Developer)",
            "Other",
            "AWSDeveloperSupport",
            "AWS Developer Support",
        );
        let credit = plain(
            "Amazon Elastic Compute Cloud",
            "Compute",
            "AmazonEC2",
            "AWS Activate promotional credit",
        );
        let tax = plain(
            "Amazon Elastic Compute Cloud",
            "Compute",
            "AmazonEC2",
            "VAT 10 % of usage and support",
        );
        let mut row = BillRow {
            payer: &payer,
            account: &dev,
            billing_period: self.period,
            charge_period: self.period,
            category: ChargeCategory::Purchase,
            class: None,
            frequency: ChargeFrequency::Recurring,
            pricing_category: Some(PricingCategory::Standard),
            meter: &support,
            resource: None,
            commitment: None,
            quantity: None,
            // The plan's least monthly fee.
            cost: RowCost::undiscounted(Decimal::from(29)),
        };
        self.push(&row)?;
        if month > 8 {
            // A correction of the month before: data through the gateway was counted twice.
            if let Some(gateway) =
                lines.iter().find(|line| line.meter.usage_type.ends_with("NatGateway-Bytes"))
            {
                row.account = &live;
                row.category = ChargeCategory::Usage;
                row.class = Some(ChargeClass::Correction);
                row.frequency = ChargeFrequency::UsageBased;
                row.meter = &gateway.meter;
                row.resource = gateway.resource.as_ref();
                row.quantity = Some(Decimal::from(-60));
                row.cost = RowCost::undiscounted(exact(Decimal::from(-60), gateway.meter.price));
                self.push(&row)?;
            }
            row.account = &payer;
            row.class = None;
            row.quantity = None;
            row.resource = None;
            row.category = ChargeCategory::Credit;
            row.frequency = ChargeFrequency::OneTime;
            row.pricing_category = None;
            row.meter = &credit;
            row.cost = RowCost::unlisted(Decimal::from(-40));
            self.push(&row)?;
        }
        row.account = &payer;
        row.category = ChargeCategory::Tax;
        row.frequency = ChargeFrequency::OneTime;
        row.pricing_category = None;
        row.meter = &tax;
        row.cost = RowCost::unlisted((self.total.billed * TAX).round_dp(2));
        self.push(&row)
    }
}

fn used(status: CommitmentDiscountStatus) -> CommitmentUse<'static> {
    CommitmentUse {
        id: SAVINGS_PLAN,
        kind: "Savings Plan",
        category: "Spend",
        status: Some(status),
    }
}

/// Returns the price of an hour under the Savings Plan.
pub(super) fn covered_price(line: &Line) -> Decimal {
    (line.meter.price * (Decimal::ONE - SAVINGS_PLAN_DISCOUNT)).round_dp(6)
}

/// Returns what the Savings Plan costs an hour: what it covers, and a little more.
fn hourly_commitment(lines: &[Line]) -> Decimal {
    lines.iter().filter(|line| line.covered).map(covered_price).sum::<Decimal>() + UNUSED_AN_HOUR
}

fn commitment() -> (Meter, BilledResource) {
    let meter = Meter {
        unit: "Hours".to_owned(),
        usage_type: "ComputeSP:1yrNoUpfront".to_owned(),
        region: Some(REGION.to_owned()),
        ..plain(
            "Savings Plans for AWS Compute usage",
            "Other",
            "ComputeSavingsPlans",
            "1 year No Upfront Compute Savings Plan",
        )
    };
    let resource = BilledResource {
        id: SAVINGS_PLAN.to_owned(),
        resource_type: "savingsplan",
        availability_zone: None,
        tags: Vec::new(),
    };
    (meter, resource)
}

/// Returns a meter that measures nothing.
fn plain(service: &str, category: &'static str, code: &str, description: &str) -> Meter {
    Meter {
        service_name: service.to_owned(),
        service_category: category,
        service_code: code.to_owned(),
        usage_type: code.to_owned(),
        operation: String::new(),
        sku_id: String::new(),
        sku_price_id: String::new(),
        unit: String::new(),
        price: Decimal::ZERO,
        region: None,
        description: description.to_owned(),
    }
}

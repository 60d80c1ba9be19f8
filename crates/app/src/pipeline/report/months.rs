//! What reports need of months: their sums, their meters, and what commitments did in them.

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_analysis::report::{BillFacts, MeterMonth, MonthCharge, NO_BILL};
use trimtab_model::commitment::{BillState, CommitmentMonth, CoveredUsage};
use trimtab_store::cost::{self, BilledMeter, CostFilter, GroupBy};
use trimtab_store::lake::Lake;

use super::bill::{first_of_month, unreadable};
use super::pages::covered_compute;
use crate::failure::Failure;

/// Billing periods before that of the moment in which commitments are looked for: a report is of
/// the last month that is over, which is one of them.
const COMMITMENT_MONTHS: u32 = 2;

/// What the bill says of months.
#[derive(Debug, Default)]
pub(super) struct Months {
    pub(super) charges: Vec<MonthCharge>,
    pub(super) meters: Vec<MeterMonth>,
    pub(super) commitments: Vec<CommitmentMonth>,
    pub(super) covered_compute: Vec<CoveredUsage>,
}

impl Months {
    /// Returns the sums of months, by the charges that start before the day `over`.
    ///
    /// # Errors
    /// Fails when the lake cannot be read.
    pub(super) fn sums(lake: &Lake, months: &[Date], over: Date) -> Result<Self, Failure> {
        let states = cost::bill_months(lake).map_err(unreadable)?;
        let filter = CostFilter { until: Some(over), ..CostFilter::default() };
        let groups = cost::cost_groups(lake, &[GroupBy::Month], &filter).map_err(unreadable)?;
        let charge = |group: &cost::CostGroup| {
            let month = first_of_month(group.key.first()?.as_deref()?)?;
            let is_over = month.last_of_month() < over;
            let state = states.get(&month).copied().filter(|_| is_over);
            Some(MonthCharge {
                month,
                state: state.unwrap_or(BillState::Part),
                billed: group.billed,
                effective: group.whole_effective(),
                list: group.list,
                // No format that is read says it.
                rate: None,
            })
        };
        let charges = groups.iter().filter_map(charge);
        let charges = charges.filter(|charge| months.contains(&charge.month)).collect();
        Ok(Self { charges, ..Self::default() })
    }

    /// Adds the meters of those months that the bill covers as a whole, and the commitments up to a
    /// moment.
    ///
    /// # Errors
    /// Fails when the lake cannot be read.
    pub(super) fn with_meters(
        mut self,
        lake: &Lake,
        over: Date,
        until: Timestamp,
    ) -> Result<Self, Failure> {
        for month in self.whole() {
            let meters = cost::billed_meters(lake, month, Some(over)).map_err(unreadable)?;
            self.meters.extend(meters.into_iter().map(|meter| of_month(month, meter)));
        }
        self.commitments = cost::commitments(lake, until, COMMITMENT_MONTHS).map_err(unreadable)?;
        Ok(self)
    }

    /// Adds how much of the compute commitments covered, up to a moment.
    ///
    /// # Errors
    /// Fails when the lake cannot be read.
    pub(super) fn with_coverage(mut self, lake: &Lake, until: Timestamp) -> Result<Self, Failure> {
        if !self.commitments.is_empty() {
            self.covered_compute = covered_compute(lake, until, COMMITMENT_MONTHS)?;
        }
        Ok(self)
    }

    /// Returns what it says, as facts of a report.
    pub(super) fn facts(&self) -> BillFacts<'_> {
        BillFacts {
            months: &self.charges,
            meters: &self.meters,
            commitments: &self.commitments,
            covered_compute: &self.covered_compute,
            ..NO_BILL
        }
    }

    /// Returns the months that the bill covers as a whole, each once.
    pub(super) fn whole(&self) -> Vec<Date> {
        let whole = self.charges.iter().filter(|charge| charge.state == BillState::Whole);
        let mut months: Vec<Date> = whole.map(|charge| charge.month).collect();
        months.sort_unstable();
        months.dedup();
        months
    }
}

fn of_month(month: Date, meter: BilledMeter) -> MeterMonth {
    MeterMonth {
        month,
        account: meter.account.map(Into::into),
        service: meter.service.unwrap_or_else(|| "–".to_owned()),
        category: meter.category,
        usage_type: meter.usage_type,
        unit: meter.unit,
        resource: meter.resource.map(|id| cost::inventory_id(&id).into()),
        name: meter.name,
        quantity: meter.quantity,
        billed: meter.billed,
        effective: meter.effective,
    }
}

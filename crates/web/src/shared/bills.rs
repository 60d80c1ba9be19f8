//! Answers that are made of the bills, and held as long as these stay.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use trimtab_analysis::report::UsageMeter;
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::anomalies::AnomalyParts;
use trimtab_app::pipeline::report::{self, ReportPeriod, Source};
use trimtab_app::pipeline::{self, CostQuery, Divided};
use trimtab_model::allocation::Allocations;
use trimtab_model::document::{Days, Document};
use trimtab_model::money::Currency;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::Lake;

use super::{Bridge, Committed, Shared};
use crate::view::Spending;

impl Shared {
    /// Returns whether a bill was ingested.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub(crate) fn has_bills(&self) -> Result<bool, Failure> {
        Ok(self.versions()?.lake_files > 0)
    }

    /// Answers a question about cost from what was ingested.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    pub(crate) fn costs(&self, query: &CostQuery) -> Result<Arc<Vec<CostGroup>>, Failure> {
        let by: Vec<GroupBy> = std::iter::once(&query.by).chain(&query.then).cloned().collect();
        self.grouped(&by, &query.filter)
    }

    /// Answers with the cost by any number of things.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    pub(crate) fn grouped(
        &self,
        by: &[GroupBy],
        filter: &CostFilter,
    ) -> Result<Arc<Vec<CostGroup>>, Failure> {
        self.costs.answer(self.bills()?, format!("{by:?} {filter:?}"), || {
            self.asked(by, filter).map(Arc::new)
        })
    }

    /// Answers the same without keeping it: cost by resource and day is large.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    pub(crate) fn asked(
        &self,
        by: &[GroupBy],
        filter: &CostFilter,
    ) -> Result<Vec<CostGroup>, Failure> {
        cost::cost_groups(self.lake()?.as_ref(), by, filter)
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    }

    /// Returns what a page of cost says, as `make` makes it or made it of the same bills.
    ///
    /// # Errors
    /// Fails as `make` does, and if the state cannot be read.
    pub(crate) fn spent(
        &self,
        question: String,
        make: impl FnOnce() -> Result<Option<Arc<Spending>>, Failure>,
    ) -> Result<Option<Arc<Spending>>, Failure> {
        self.spent.answer(self.bills()?, question, make)
    }

    /// Returns the parts of an anomaly that moved, as `make` finds them or found them in the same bills.
    ///
    /// # Errors
    /// Fails as `make` does, and if the state cannot be read.
    pub(crate) fn parts(
        &self,
        question: String,
        make: impl FnOnce() -> Result<AnomalyParts, Failure>,
    ) -> Result<AnomalyParts, Failure> {
        self.parts.answer(self.bills()?, question, make)
    }

    /// Returns what each usage type cost on some days, and how much of it was used.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    pub(crate) fn meters(
        &self,
        currency: Currency,
        days: Days,
    ) -> Result<Arc<Vec<UsageMeter>>, Failure> {
        self.meters.answer(self.bills()?, format!("{currency:?} {days:?}"), || {
            report::week_meters(self.lake()?.as_ref(), currency, days).map(Arc::new)
        })
    }

    /// Divides what was ingested among its owners.
    ///
    /// # Errors
    /// Fails on an unknown way to divide it, and if the lake cannot be read.
    pub(crate) fn allocations(&self, divided: &Divided) -> Result<Arc<Allocations>, Failure> {
        self.divided.answer(self.bills()?, format!("{divided:?}"), || {
            let lake = self.lake()?;
            pipeline::kept_allocations(&lake, &self.settings, divided).map(Arc::new)
        })
    }

    /// Returns what `make` reads of commitments, or what it has read of the same day's bills.
    ///
    /// # Errors
    /// Fails as `make` does, and if the state cannot be read.
    pub(crate) fn committed(
        &self,
        until: Timestamp,
        make: impl FnOnce(&Lake) -> Result<Committed, Failure>,
    ) -> Result<Arc<Committed>, Failure> {
        let day = until.to_zoned_datetime(TimeZone::UTC).date();
        self.committed
            .answer(self.bills()?, day.to_string(), || make(self.lake()?.as_ref()).map(Arc::new))
    }

    /// Returns what `make` makes of the bills, or what it has made of them for the same question.
    ///
    /// # Errors
    /// Fails as `make` does, and if the state cannot be read.
    pub(crate) fn bridge(
        &self,
        question: &str,
        make: impl FnOnce() -> Result<Bridge, Failure>,
    ) -> Result<Bridge, Failure> {
        self.bridges.answer(self.bills()?, question.to_owned(), make)
    }

    /// Returns a report as of now, or as it was made of the same state on the same day.
    ///
    /// # Errors
    /// Fails as [`report::document`] does, and if the state cannot be read.
    pub(crate) fn report(&self, period: ReportPeriod) -> Result<Arc<Document>, Failure> {
        self.report_as_of(period, None)
    }

    /// Returns a report as of a moment, as [`Shared::report`] does of now.
    ///
    /// # Errors
    /// Fails as [`report::document`] does, and if the state cannot be read.
    pub(crate) fn report_as_of(
        &self,
        period: ReportPeriod,
        as_of: Option<Timestamp>,
    ) -> Result<Arc<Document>, Failure> {
        let question = format!("{period:?} {as_of:?} {}", pipeline::today(&self.settings));
        self.reports.answer(self.mark()?, question, || {
            let analysis = self.analysis()?.map(|visible| visible.whole);
            let lake = self.lake()?;
            let source = Source {
                lake: &lake,
                analysis: analysis.as_ref(),
                inventory: &|| self.inventory(),
            };
            let moment = (as_of, pipeline::now());
            report::document_of(&self.settings, source, period, moment).map(Arc::new)
        })
    }

    /// Returns the days that the bills cover without a gap, up to the last; none without a bill by day.
    ///
    /// # Errors
    /// Fails if the lake cannot be read.
    pub(crate) fn covered(&self) -> Result<Option<Days>, Failure> {
        cost::covered_days(self.lake()?.as_ref())
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    }
}

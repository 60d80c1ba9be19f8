//! What the anomalies page says: the same as the command line, of answers that the server keeps.

use std::sync::Arc;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::anomalies::{AnomalyParts, BillAnswers, anomalies_of, find_anomaly};
use trimtab_model::anomaly::{Anomalies, AnomalyItem};
use trimtab_model::document::Days;
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use crate::shared::Shared;

impl BillAnswers for Shared {
    fn grouped(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Arc<Vec<CostGroup>>, Failure> {
        Self::grouped(self, by, filter)
    }

    fn asked(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Vec<CostGroup>, Failure> {
        Self::asked(self, by, filter)
    }

    fn parts(
        &self,
        question: String,
        make: &dyn Fn() -> Result<AnomalyParts, Failure>,
    ) -> Result<AnomalyParts, Failure> {
        Self::parts(self, question, make)
    }

    fn covered(&self) -> Result<Option<Days>, Failure> {
        Self::covered(self)
    }
}

/// Makes what the anomalies page says; none without a bill by day.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn anomalies(shared: &Shared) -> Result<Option<Anomalies>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    anomalies_of(shared, shared.state())
}

/// Returns one anomaly, by its identifier or the beginning of it; none where there is none.
///
/// # Errors
/// Fails if the lake cannot be read, and where several begin so.
pub(crate) fn one_anomaly(shared: &Shared, id: &str) -> Result<Option<AnomalyItem>, Failure> {
    let Some(all) = anomalies(shared)? else { return Ok(None) };
    find_anomaly(&all, id).map(Option::<&AnomalyItem>::cloned)
}

//! What the anomalies page says: the same as the command line, of answers that the server keeps.

use std::sync::Arc;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::anomalies::{AnomalyParts, BillAnswers, anomalies_of, find_anomaly};
use trimtab_model::anomaly::{Anomalies, AnomalyItem};
use trimtab_model::document::Days;
use trimtab_model::money::Currency;
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use super::daily::bill_currency;
use super::grouping::{Narrowed, narrow, narrow_unkept};
use crate::scope::Scope;
use crate::shared::Shared;

/// The bills, as far as they are looked at.
struct Part<'a> {
    shared: &'a Shared,
    /// What the account leaves of them.
    charges: CostFilter,
    narrowed: Narrowed,
}

impl Part<'_> {
    fn within(&self, filter: &CostFilter) -> CostFilter {
        let account = filter.account.clone().or_else(|| self.charges.account.clone());
        CostFilter { account, ..filter.clone() }
    }
}

impl BillAnswers for Part<'_> {
    fn currency(&self) -> Result<Option<Currency>, Failure> {
        bill_currency(self.shared)
    }

    fn grouped(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Arc<Vec<CostGroup>>, Failure> {
        narrow(self.shared, by, &self.within(filter), &self.narrowed)
    }

    fn asked(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Vec<CostGroup>, Failure> {
        narrow_unkept(self.shared, by, &self.within(filter), &self.narrowed)
    }

    fn parts(
        &self,
        question: String,
        make: &dyn Fn() -> Result<AnomalyParts, Failure>,
    ) -> Result<AnomalyParts, Failure> {
        self.shared.parts(format!("{question} {:?}", self.narrowed), make)
    }

    fn covered(&self) -> Result<Option<Days>, Failure> {
        self.shared.covered()
    }
}

/// Makes what the anomalies page says of what is looked at; none without a bill by day.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn anomalies(shared: &Shared, scope: &Scope) -> Result<Option<Anomalies>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let part = Part { shared, charges: scope.charges(), narrowed: Narrowed::in_scope(scope) };
    anomalies_of(&part, shared.state())
}

/// Returns one anomaly, by its identifier or the beginning of it, with all that stand out beside it; none where there
/// is none. It is looked for in the whole bill, then in the part that is looked at.
///
/// # Errors
/// Fails if the lake cannot be read, and where several begin so.
pub(crate) fn one_anomaly(
    shared: &Shared,
    id: &str,
    scope: &Scope,
) -> Result<Option<(Anomalies, AnomalyItem)>, Failure> {
    for scope in [&Scope::default(), scope] {
        let Some(all) = anomalies(shared, scope)? else { return Ok(None) };
        if let Some(item) = find_anomaly(&all, id)?.cloned() {
            return Ok(Some((all, item)));
        }
    }
    Ok(None)
}

//! What the first reader would wait for is read before: sums of a large bill take seconds.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::report::ReportPeriod;

use crate::blocking;
use crate::query::Query;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::view::{allocated, anomalies, bridge, budgets, commitments, overview, spending};

/// Time between two looks at whether there are other bills.
const BETWEEN: Duration = Duration::from_secs(5);

type Read = fn(&Shared) -> Result<(), Failure>;

/// What is read, the pages that most look at first.
const ALL: [Read; 10] = [
    |shared| overview(shared, &Scope::default()).map(drop),
    |shared| shared.choices().map(drop),
    |shared| spending(shared, &Query::default()).map(drop),
    |shared| budgets(shared).map(drop),
    |shared| commitments(shared).map(drop),
    |shared| allocated(shared, &Query::default()).map(drop),
    |shared| bridge(shared, &Query::default()).map(drop),
    |shared| shared.report(ReportPeriod::Weekly).map(drop),
    |shared| anomalies(shared, None).map(drop),
    |shared| shared.register().map(drop),
];

/// Reads it once for each state of the bills, one after the other, for as long as it is awaited.
/// What cannot be read is told by its page.
pub(crate) async fn keep(shared: Arc<Shared>) {
    let mut closing = shared.closing();
    let mut read = None;
    loop {
        let bills = blocking::read(&shared, Shared::bills).await.ok();
        if bills != read {
            for one in ALL {
                drop(blocking::read(&shared, one).await);
            }
            read = bills;
        }
        tokio::select! {
            () = sleep(BETWEEN) => {}
            _ = closing.changed() => return,
        }
    }
}

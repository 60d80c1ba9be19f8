//! Questions about cost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use trimtab_model::money::Currency;
use trimtab_store::InputError;
use trimtab_store::billing::BillFormat;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::inventory::Place;
use trimtab_store::lake::Lake;

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::ingest::{self, IngestRequest, Ingested};
use crate::pipeline::scratch::Scratch;
use crate::pipeline::state::open_lake;
use crate::progress::OnProgress;
use crate::worker::Isolation;

/// The last days of a bill, which AWS may still change.
pub const PROVISIONAL_DAYS: i32 = 2;

/// What to group by and which charges count.
#[derive(Debug, Clone)]
pub struct CostQuery {
    /// The grouping.
    pub by: GroupBy,
    /// The grouping within each of them.
    pub then: Option<GroupBy>,
    /// The charges.
    pub filter: CostFilter,
}

/// Answers `queries` from what was ingested.
///
/// # Errors
/// Fails if nothing was ingested, or the lake cannot be read.
pub fn cost_groups(
    settings: &Settings,
    queries: &[CostQuery],
) -> Result<Vec<Vec<CostGroup>>, Failure> {
    let lake = lake_with_bills(settings)?;
    answer(&lake, queries)
}

/// Answers `queries` from a directory of exports alone.
///
/// # Errors
/// Fails if the directory cannot be used. A file that cannot be read is returned beside.
pub fn query_exports(
    dir: &Path,
    isolation: &Isolation,
    queries: &[CostQuery],
    told: OnProgress<'_>,
) -> Result<(Vec<Vec<CostGroup>>, Vec<InputError>), Failure> {
    let (scratch, errors) = exports(dir, isolation, told)?;
    Ok((answer(&scratch.lake, queries)?, errors))
}

/// Reads the bills of a directory of exports into a lake of their own.
pub(super) fn exports(
    dir: &Path,
    isolation: &Isolation,
    told: OnProgress<'_>,
) -> Result<(Scratch, Vec<InputError>), Failure> {
    ingest::require_directory(dir)?;
    let scratch = Scratch::new()?;
    let request = IngestRequest {
        dir: dir.to_owned(),
        place: Place::default(),
        isolation: isolation.clone(),
    };
    let mut ingested = Ingested::default();
    ingest::bills(&scratch.lake, &request, &mut ingested, told)?;
    Ok((scratch, ingested.errors))
}

/// Opens what was ingested; fails where that is nothing.
pub(super) fn lake_with_bills(settings: &Settings) -> Result<Lake, Failure> {
    let lake = open_lake(settings)?;
    let bills = lake.state().bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    if bills.is_empty() {
        let message = ("no bill was ingested yet", "아직 수집한 청구서가 없습니다");
        return Err(Failure::new(Kind::Failed, message).with_hint((
            "run `trimtab ingest --from DIR`, `trimtab ingest --from aws`, or add --from DIR to look at a directory only",
            "`trimtab ingest --from DIR`이나 `trimtab ingest --from aws` 명령을 실행하거나, 한 디렉터리만 보려면 --from DIR을 붙이세요",
        )));
    }
    Ok(lake)
}

/// Returns the billing periods that are Cost Explorer's: by service and account only.
///
/// # Errors
/// Fails if the state cannot be read.
pub fn cost_explorer_months(settings: &Settings) -> Result<Vec<String>, Failure> {
    let lake = open_lake(settings)?;
    let bills = lake.state().bills().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let asked = bills.into_iter().filter(|bill| bill.format == BillFormat::CostExplorer.as_str());
    let months: BTreeSet<String> = asked.map(|bill| bill.group.billing_period).collect();
    Ok(months.into_iter().collect())
}

/// Returns the currency that most charges are in.
pub fn usual_currency(groups: &[CostGroup]) -> Option<Currency> {
    let mut rows: BTreeMap<Currency, u64> = BTreeMap::new();
    for group in groups {
        *rows.entry(group.currency).or_default() += group.rows;
    }
    rows.into_iter().max_by_key(|(_, rows)| *rows).map(|(currency, _)| currency)
}

fn answer(lake: &Lake, queries: &[CostQuery]) -> Result<Vec<Vec<CostGroup>>, Failure> {
    queries
        .iter()
        .map(|query| {
            let by: Vec<GroupBy> = std::iter::once(&query.by).chain(&query.then).cloned().collect();
            cost::cost_groups(lake, &by, &query.filter)
                .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
        })
        .collect()
}

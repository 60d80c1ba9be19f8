//! Puts settled bills in place: files first, then the manifest in one transaction.
//!
//! Files have names that were never used before, and nobody reads them until the
//! manifest names them. A crash before that leaves the old bills and some garbage, which
//! the next run removes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;

use trimtab_model::text::Text;

use super::open::{Lake, LakeError};
use super::rollup::{self, ReadBack};
use super::settle::Settled;
use crate::billing::BillGroup;
use crate::digest;
use crate::state::{BillChange, IngestRecord, LakeFile, LakeFileKind};

/// Replaces bills and returns the number of the run, which `run` names by a word that no
/// other run has used.
pub(super) fn commit(
    lake: &Lake,
    bills: Vec<Settled>,
    read: &[IngestRecord],
    staging: &Path,
    run: &str,
    now: Timestamp,
) -> Result<i64, LakeError> {
    let mut moves = Vec::new();
    let mut changes = Vec::new();
    for (index, settled) in bills.into_iter().enumerate() {
        let rollup = staging.join(format!("rollup-{index}.parquet"));
        let read_back = rollup::build(&lake.engine, &settled.staged, &rollup)?;
        prove(&settled, &read_back)?;
        let mut files = Vec::new();
        let staged = settled.staged.iter().map(|path| (path.clone(), LakeFileKind::Charges));
        for (number, (from, kind)) in staged.chain([(rollup, LakeFileKind::Rollup)]).enumerate() {
            let path = format!(
                "{}/{}/{run}-{index}-{number}.parquet",
                kind.as_str(),
                folder(&settled.bill.group)
            );
            moves.push((from, path.clone()));
            files.push(LakeFile { path, kind });
        }
        changes.push(BillChange { bill: settled.bill, files });
    }
    let announced: BTreeSet<String> = moves.iter().map(|(_, path)| path.clone()).collect();
    lake.state.announce_lake_files(&announced)?;
    for (from, path) in &moves {
        lake.location.place(&lake.engine, from, path)?;
    }
    Ok(lake.state.replace_bills(&changes, read, now)?)
}

/// Holds what the engine reads back from the staged files against what was counted while
/// the bill was read. Money that does not add up is never put in place.
fn prove(settled: &Settled, read_back: &BTreeMap<String, ReadBack>) -> Result<(), LakeError> {
    let counted: BTreeMap<String, ReadBack> = settled
        .bill
        .sums
        .iter()
        .map(|(currency, sum)| {
            let rows = i64::try_from(sum.rows).unwrap_or(i64::MAX);
            (currency.clone(), (sum.billed, sum.effective, rows))
        })
        .collect();
    if counted == *read_back {
        return Ok(());
    }
    let BillGroup { billing_period, billing_account } = &settled.bill.group;
    Err(LakeError::Unexpected(Text::new(
        format!(
            "the staged charges of {billing_period}, account {billing_account}, do not add up to what was read; nothing was changed"
        ),
        format!(
            "{billing_period} 청구 기간, 계정 {billing_account}의 요금 합계가 읽은 것과 다릅니다. 바뀐 것은 없습니다"
        ),
    )))
}

/// Removes files that no bill refers to. Called before a run, not after it, so that
/// somebody who is reading while a bill is replaced can finish.
pub(super) fn sweep(lake: &Lake) -> Result<(), LakeError> {
    let garbage = lake.state.lake_garbage()?;
    for path in &garbage {
        lake.location.remove(&lake.engine, path)?;
    }
    lake.state.forget_lake_garbage(&garbage)?;
    Ok(())
}

/// Returns the folder of a bill. An account is what the file says, so it is used as a
/// name only where it is plain.
fn folder(group: &BillGroup) -> String {
    let account = &group.billing_account;
    let plain = (1..=32).contains(&account.len())
        && account.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let account = if plain {
        account.clone()
    } else {
        format!("x-{}", digest::of_text(account).chars().take(16).collect::<String>())
    };
    format!("{}/{account}", group.billing_period)
}

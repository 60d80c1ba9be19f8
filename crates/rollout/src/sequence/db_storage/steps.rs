//! The steps, watching, and the commands for a person.

use trimtab_model::observed::{DbInstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::back::back;
use super::forward::forward;
use super::settings::has;
use crate::sequence::db_instance::{self, is_disrupted, moved, restarted};
use crate::sequence::{Decision, Reaction, Sequence, Watch, Work};

/// How a DB instance's storage is changed.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(super) const MODIFY: &str = "modify-storage";
pub(super) const RESTORE: &str = "restore-storage";

/// The names that storage has among the pending changes.
const PENDING: &[&str] = &["AllocatedStorage", "Iops", "StorageThroughput", "StorageType"];

/// The snapshot stays.
fn release(_: &Work<'_>) -> Decision {
    Decision::Done
}

fn watch(work: &Work<'_>) -> Watch {
    let (Observed::DbInstance(now), Some(Observed::DbInstance(after))) =
        (work.now_is, &work.progress.after)
    else {
        return Watch::Undisturbed;
    };
    if let Some(reason) = moved(now, after) {
        return Watch::Hold(reason);
    }
    // It may have grown by itself.
    if !has(&now.storage, &after.storage) {
        return Watch::Hold(foreign(now));
    }
    restarted(now, after).unwrap_or(Watch::Undisturbed)
}

fn react(step: &str, code: &str) -> Reaction {
    db_instance::react(step, code, MODIFY, RESTORE)
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let Observed::DbInstance(before) = &work.progress.before else { return Vec::new() };
    let flag = |name: &str, value: Option<u32>| {
        value.map(|value| format!(" --{name} {value}")).unwrap_or_default()
    };
    let storage = &before.storage;
    let (iops, throughput) = match storage.storage_type.as_str() {
        "gp3" => (storage.iops, storage.storage_throughput_mib_s),
        "io1" | "io2" => (storage.iops, None),
        _ => (None, None),
    };
    vec![
        format!("aws rds describe-db-instances --db-instance-identifier {id} --region {region}"),
        format!(
            "aws rds modify-db-instance --db-instance-identifier {id} --storage-type {}{}{} --apply-immediately --region {region}",
            storage.storage_type,
            flag("iops", iops),
            flag("storage-throughput", throughput),
        ),
    ]
}

/// Returns whether storage is among the pending changes.
pub(super) fn is_pending(now: &DbInstanceObserved) -> bool {
    now.pending.keys().any(|name| PENDING.contains(&name.as_str()))
}

pub(super) fn foreign(now: &DbInstanceObserved) -> Reason {
    let storage = &now.storage;
    let number = |one: Option<u32>| one.map_or_else(|| "-".to_owned(), |one| one.to_string());
    let (kind, size) = (&storage.storage_type, storage.allocated_storage_gib);
    let (iops, throughput) = (number(storage.iops), number(storage.storage_throughput_mib_s));
    Reason::new(
        "storage-changed-by-others",
        format!("Somebody set {kind}, {size} GiB, {iops} IOPS and {throughput} MiB/s meanwhile."),
        format!(
            "작업 중에 다른 사람이 {kind}, {size} GiB, {iops} IOPS, {throughput} MiB/s로 바꿨습니다."
        ),
    )
}

pub(super) fn not_taken() -> Reason {
    Reason::new(
        "storage-not-taken",
        "The storage does not change: AWS refused the modification, or took it and did not make it.",
        "스토리지가 바뀌지 않습니다. AWS가 변경을 거부했거나 받아들인 뒤 적용하지 않았습니다.",
    )
}

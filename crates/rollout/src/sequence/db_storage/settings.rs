//! Which storage is asked for, and when it is there.

use trimtab_model::action::{Action, DbStorageSettings};
use trimtab_model::observed::DbInstanceObserved;
use trimtab_model::text::Reason;

use crate::db_gp3::DbGp3;
use crate::sequence::Work;

/// Returns the storage that the plan leads to.
pub(super) fn planned<'a>(work: &Work<'a>) -> Option<&'a DbStorageSettings> {
    match &work.change.action {
        Action::ModifyDbStorage { to, .. } => Some(to),
        _ => None,
    }
}

/// Returns the storage as `ModifyDBInstance` takes it for a database of this size, or why none
/// would be taken.
pub(super) fn sendable(
    to: &DbStorageSettings,
    now: &DbInstanceObserved,
) -> Result<DbStorageSettings, Reason> {
    let has = now.storage.allocated_storage_gib;
    // What has grown by itself stays; what is to grow grows by a tenth at least.
    let allocated = to.allocated_storage_gib.max(has);
    if allocated > has && u64::from(allocated) * 10 < u64::from(has) * 11 {
        return Err(Reason::new(
            "growth-too-small",
            format!("Storage grows by 10 % or more: from {has} GiB to {allocated} GiB is less."),
            format!(
                "스토리지는 10% 이상 늘려야 합니다. {has} GiB에서 {allocated} GiB는 부족합니다."
            ),
        ));
    }
    let as_it_is = DbStorageSettings { allocated_storage_gib: allocated, ..to.clone() };
    match to.storage_type.as_str() {
        "gp3" => gp3(as_it_is, now),
        "io1" | "io2" => Ok(DbStorageSettings { storage_throughput_mib_s: None, ..as_it_is }),
        _ => Ok(DbStorageSettings { iops: None, storage_throughput_mib_s: None, ..as_it_is }),
    }
}

fn gp3(to: DbStorageSettings, now: &DbInstanceObserved) -> Result<DbStorageSettings, Reason> {
    let Some(engine) = now.engine.as_deref() else {
        return Err(Reason::new(
            "engine-unknown",
            "Its engine could not be read, so whether gp3 has IOPS to set is not known.",
            "엔진을 읽지 못해 gp3에 IOPS를 지정할 수 있는지 알 수 없습니다.",
        ));
    };
    let gp3 = DbGp3::of(engine, to.allocated_storage_gib);
    let (iops, throughput) = (to.iops, to.storage_throughput_mib_s);
    let (least_iops, least_mib_s, from) = (gp3.iops, gp3.mib_s, gp3.from_gib);
    if !gp3.is_settable {
        let asks_more = iops.is_some_and(|iops| iops > least_iops)
            || throughput.is_some_and(|throughput| throughput > least_mib_s);
        return if asks_more {
            Err(Reason::new(
                "gp3-too-small",
                format!(
                    "Below {from} GiB gp3 has {least_iops} IOPS and {least_mib_s} MiB/s, and takes no others."
                ),
                format!(
                    "{from} GiB 미만의 gp3는 {least_iops} IOPS, {least_mib_s} MiB/s로 고정되며 다른 값을 받지 않습니다."
                ),
            ))
        } else {
            Ok(DbStorageSettings { iops: None, storage_throughput_mib_s: None, ..to })
        };
    }
    let is_less = iops.is_some_and(|iops| iops < least_iops)
        || throughput.is_some_and(|throughput| throughput < least_mib_s);
    if is_less {
        let size = to.allocated_storage_gib;
        return Err(Reason::new(
            "gp3-below-least",
            format!("At {size} GiB gp3 has {least_iops} IOPS and {least_mib_s} MiB/s at least."),
            format!("{size} GiB에서 gp3는 최소 {least_iops} IOPS, {least_mib_s} MiB/s입니다."),
        ));
    }
    Ok(to)
}

/// Returns whether a database has the storage that was asked for.
pub(super) fn has(now: &DbStorageSettings, wanted: &DbStorageSettings) -> bool {
    let is = |now: Option<u32>, wanted: Option<u32>| wanted.is_none() || now == wanted;
    now.storage_type == wanted.storage_type
        && now.allocated_storage_gib >= wanted.allocated_storage_gib
        && is(now.iops, wanted.iops)
        && is(now.storage_throughput_mib_s, wanted.storage_throughput_mib_s)
}

/// Returns the storage to have again: what it was, at the size that it has.
pub(super) fn restorable(
    before: &DbInstanceObserved,
    now: &DbInstanceObserved,
) -> Result<DbStorageSettings, Reason> {
    let allocated = now.storage.allocated_storage_gib;
    let was = DbStorageSettings { allocated_storage_gib: allocated, ..before.storage.clone() };
    sendable(&was, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::db_instance::trial::{database, storage};

    fn check(
        engine: &str,
        size: u32,
        asked: (Option<u32>, Option<u32>),
        expected: Result<(Option<u32>, Option<u32>), &str>,
    ) {
        let mut now = database("db.r6g.large");
        now.engine = Some(engine.to_owned());
        now.storage = storage("gp2", size, None, None);
        let found = sendable(&storage("gp3", size, asked.0, asked.1), &now);
        let found =
            found.map(|one| (one.iops, one.storage_throughput_mib_s)).map_err(|why| why.code);
        assert_eq!(found, expected.map_err(str::to_owned), "{engine} {size} {asked:?}");
    }

    #[test]
    fn below_400_gib_gp3_is_sent_without_iops_and_throughput() {
        check("mysql", 100, (Some(3000), Some(125)), Ok((None, None)));
        check("mysql", 399, (None, None), Ok((None, None)));
        check("mysql", 399, (Some(4000), None), Err("gp3-too-small"));
        check("mysql", 400, (Some(12_000), Some(500)), Ok((Some(12_000), Some(500))));
        check("mysql", 400, (Some(3000), Some(125)), Err("gp3-below-least"));
        check("postgres", 400, (None, None), Ok((None, None)));
        check("oracle-ee", 199, (Some(3000), None), Ok((None, None)));
        check("oracle-ee", 200, (Some(3000), None), Err("gp3-below-least"));
        check("sqlserver-se", 100, (Some(4000), Some(200)), Ok((Some(4000), Some(200))));
    }

    #[test]
    fn storage_never_shrinks_and_grows_by_a_tenth() {
        let mut now = database("db.r6g.large");
        now.storage = storage("gp2", 120, None, None);
        let of = |size| {
            let found = sendable(&storage("gp3", size, None, None), &now);
            found.map(|one| one.allocated_storage_gib).map_err(|why| why.code)
        };
        assert_eq!(of(100), Ok(120));
        assert_eq!(of(120), Ok(120));
        assert_eq!(of(132), Ok(132));
        assert_eq!(of(131), Err("growth-too-small".to_owned()));
    }
}

//! What must hold before a database is changed.

use trimtab_model::observed::{DbInstanceObserved, Observed};
use trimtab_model::text::Reason;

use super::snapshot;
use super::status::{Standing, standing};
use super::submitted::POLL;
use crate::sequence::decision::wait;
use crate::sequence::{Decision, Work};

/// What identifies a database while its name may move to another.
const IDENTITY: &str = "DbiResourceId";

/// Returns what it is and what it was.
pub(in crate::sequence) fn both<'a>(
    work: &Work<'a>,
) -> Option<(&'a DbInstanceObserved, &'a DbInstanceObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::DbInstance(now), Observed::DbInstance(before)) => Some((now, before)),
        _ => None,
    }
}

pub(in crate::sequence) fn gone() -> Reason {
    Reason::new(
        "database-gone",
        "The database does not exist any more. Its snapshot is kept.",
        "데이터베이스가 더 이상 없습니다. 스냅샷은 보존합니다.",
    )
}

/// Returns why the database under the name is another one than it was: a blue/green deployment
/// renames both.
pub(in crate::sequence) fn moved(
    now: &DbInstanceObserved,
    before: &DbInstanceObserved,
) -> Option<Reason> {
    let (is, was) = (now.fingerprint.0.get(IDENTITY), before.fingerprint.0.get(IDENTITY));
    (is != was).then(|| {
        let unknown = "-".to_owned();
        let (is, was) = (is.unwrap_or(&unknown), was.unwrap_or(&unknown));
        Reason::new(
            "another-database",
            format!("The name belongs to another database now: {was} before, {is} now."),
            format!("이름이 다른 데이터베이스로 바뀌었습니다. 이전 {was}, 현재 {is}."),
        )
    })
}

/// Returns what is in the way of the change itself, before it is asked for the first time: the
/// status, other pending changes, and a snapshot that is not there yet.
pub(in crate::sequence) fn blocked(work: &Work<'_>, now: &DbInstanceObserved) -> Option<Decision> {
    if !now.is_opted_in {
        return Some(Decision::Abort(Reason::new(
            "not-opted-in",
            "The tag trimtab:apply=allowed is gone.",
            "trimtab:apply=allowed 태그가 없어졌습니다.",
        )));
    }
    if !now.pending.is_empty() {
        let names: Vec<&str> = now.pending.keys().map(String::as_str).collect();
        let names = names.join(", ");
        return Some(Decision::Abort(Reason::new(
            "other-changes-pending",
            format!("Other changes are pending and would be made along with it: {names}."),
            format!("대기 중인 다른 변경이 함께 적용됩니다: {names}."),
        )));
    }
    match standing(now) {
        Standing::Busy | Standing::Optimizing => return Some(busy(now)),
        Standing::Stuck => return Some(Decision::Abort(stuck(now))),
        Standing::Ready => {}
    }
    if let Some(one) = now.parameters.iter().find(|one| *one != "in-sync") {
        return Some(Decision::Abort(Reason::new(
            "parameters-pending",
            format!("Its parameters are in state {one}: a restart would change them too."),
            format!("파라미터 상태가 {one}입니다. 다시 시작하면 파라미터도 함께 바뀝니다."),
        )));
    }
    if let Some(error) = now.replication_errors.first() {
        return Some(Decision::Abort(Reason::new(
            "replication-broken",
            format!("Its replication does not run: {error}"),
            format!("복제가 동작하지 않습니다: {error}"),
        )));
    }
    snapshot::missing(work, now)
}

/// Waits while AWS is at work on something else.
fn busy(now: &DbInstanceObserved) -> Decision {
    let status = &now.status;
    wait(
        "database-busy",
        &format!("it to leave {status}"),
        &format!("{status} 상태가 끝나기"),
        POLL,
    )
}

fn stuck(now: &DbInstanceObserved) -> Reason {
    Reason::new(
        "database-not-available",
        format!("The database is in status {}.", now.status),
        format!("데이터베이스 상태: {}.", now.status),
    )
}

//! The restore drill: a snapshot is a recovery point once a volume was made of it.
//!
//! Before a volume is deleted, another one is made of its snapshot in its zone, compared with it,
//! and deleted again. It proves that the snapshot is whole and that its key may be used; it does
//! not read the data.

use jiff::SignedDuration;

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::id::ResourceId;
use trimtab_model::journal::Direction;
use trimtab_model::observed::{DrillObserved, VolumeObserved};
use trimtab_model::text::Reason;

use super::steps::POLL;
use crate::sequence::decision::{call, wait};
use crate::sequence::{Decision, Work, volume_snapshot};

/// The step that makes the volume.
pub(super) const DRILL: &str = "restore-drill";
/// The step that deletes it once it is what it should be: in a journal it says that the drill
/// passed.
pub(super) const PASSED: &str = "restore-drill-passed";
/// The step that deletes what a drill left that did not pass.
pub(super) const CLEAR: &str = "clear-restore-drill";

/// A volume that is not there by then cannot be had back soon enough.
const DEADLINE: SignedDuration = SignedDuration::from_mins(30);
/// What was asked may not be seen at once.
const SETTLES: SignedDuration = SignedDuration::from_secs(60);
const MOST: usize = 3;
/// Any size can be of it, and no other setting is asked for.
const TYPE: &str = "gp3";
/// The code of the reason that a drill failed.
pub(crate) const FAILED: &str = "drill-failed";

/// Returns what is left to do until the snapshot was had back once; nothing where it was.
pub(super) fn untried(work: &Work<'_>, now: &VolumeObserved) -> Option<Decision> {
    if work.made(Direction::Forward, PASSED).next().is_some() {
        return cleared(work, now, PASSED);
    }
    let snapshot = volume_snapshot::latest(work, now)?;
    let Some(drill) = now.drills.iter().find(|one| !is_going(one)) else {
        return Some(asked(work, &snapshot.id));
    };
    match drill.state.as_str() {
        "creating" if work.since_first(DRILL).is_none_or(|since| since < DEADLINE) => {
            Some(creating())
        }
        "available" => Some(match difference(drill, now, &snapshot.id) {
            None => call(PASSED, Call::DeleteDrillVolume { volume: drill.id.clone() }),
            Some((name, wanted, found)) => failed(
                format!("{name} of a volume of it is {found}, and should be {wanted}."),
                format!("스냅샷으로 만든 볼륨의 {name}: {found}(기대값 {wanted})."),
            ),
        }),
        state => Some(failed(
            format!("Volume {} of it is in state {state}.", drill.id),
            format!("스냅샷으로 만든 볼륨 {}의 상태: {state}.", drill.id),
        )),
    }
}

/// Returns what is left to do until no volume of a drill is there.
pub(super) fn cleared(
    work: &Work<'_>,
    now: &VolumeObserved,
    step: &'static str,
) -> Option<Decision> {
    let left = now.drills.iter().find(|one| !is_going(one))?;
    if work.since(step).is_some_and(|since| since < SETTLES) {
        return Some(wait(
            "drill-deleting",
            "the drill to be cleared away",
            "복원 시험 볼륨이 삭제되기",
            POLL,
        ));
    }
    let is_creating = left.state == "creating";
    let last = work.made(Direction::Forward, DRILL).next_back();
    let is_young = last.is_some_and(|one| work.now.duration_since(one.at) < DEADLINE);
    if is_creating && (is_young || work.elapsed() < DEADLINE) {
        return Some(creating());
    }
    if is_creating || work.attempts(step).count() >= MOST {
        return Some(Decision::Abort(Reason::new(
            "drill-stays",
            format!("Volume {} of the restore drill is still there and costs money.", left.id),
            format!("복원 시험 볼륨 {}이(가) 남아 있어 비용이 발생합니다.", left.id),
        )));
    }
    Some(call(step, Call::DeleteDrillVolume { volume: left.id.clone() }))
}

fn creating() -> Decision {
    wait("drill-creating", "a volume of the snapshot", "스냅샷으로 만든 볼륨이 준비되기", POLL)
}

fn asked(work: &Work<'_>, snapshot: &ResourceId) -> Decision {
    if work.since(DRILL).is_some_and(|since| since < SETTLES) {
        return wait("drill-listed", "the drill to be listed", "복원 시험 볼륨이 조회되기", POLL);
    }
    let asked = work.attempts(DRILL).count();
    if asked >= MOST {
        return failed(
            "AWS took the request for a volume of it three times and lists none.",
            "스냅샷으로 볼륨을 만드는 요청을 세 번 받아들였지만 볼륨이 조회되지 않습니다.",
        );
    }
    let Action::DeleteVolume { availability_zone: Some(zone), .. } = &work.change.action else {
        return failed(
            "The zone of the volume is not known.",
            "볼륨의 가용 영역을 알 수 없습니다.",
        );
    };
    let change = work.change.id.clone();
    call(
        DRILL,
        Call::CreateDrillVolume {
            snapshot: snapshot.clone(),
            availability_zone: zone.clone(),
            volume_type: TYPE.to_owned(),
            token: format!("trimtab-{change}-drill-{asked}"),
            change,
        },
    )
}

/// Returns in what a volume of the snapshot differs from the one that it is to stand for, with
/// what it should be and what it is.
fn difference(
    drill: &DrillObserved,
    now: &VolumeObserved,
    snapshot: &ResourceId,
) -> Option<(&'static str, String, String)> {
    let word = |is: Option<bool>| is.map_or_else(|| "unknown".to_owned(), |is| is.to_string());
    let number =
        |size: Option<u32>| size.map_or_else(|| "unknown".to_owned(), |size| size.to_string());
    let made_of = drill.snapshot.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    [
        ("SnapshotId", snapshot.to_string(), made_of),
        ("Size", now.size_gib.to_string(), number(drill.size_gib)),
        ("Encrypted", word(now.is_encrypted), word(drill.is_encrypted)),
    ]
    .into_iter()
    .find(|(_, wanted, found)| wanted != found || wanted == "unknown")
}

fn is_going(drill: &DrillObserved) -> bool {
    matches!(drill.state.as_str(), "deleting" | "deleted")
}

fn failed(en: impl std::fmt::Display, ko: impl std::fmt::Display) -> Decision {
    Decision::Abort(Reason::new(
        FAILED,
        format!("The snapshot could not be had back: {en} Nothing is deleted."),
        format!("스냅샷을 복원하지 못했습니다. {ko} 아무것도 삭제하지 않습니다."),
    ))
}

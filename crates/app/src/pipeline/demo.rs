//! The story of the demo: where it was written, what it has, and its staged rollout.

mod roll_out;
mod serve;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use trimtab_model::analysis::Analysis;
use trimtab_model::plan::Plan;
use trimtab_model::snapshot::Snapshot;
use trimtab_store::inventory::{self, Place};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::story::game_kr;

pub use roll_out::{RolledOut, roll_out};
pub use serve::{data_dir, furnish};
pub use trimtab_rollout::simulate::{ChangeProof, Proof};

/// The file below the data directory that says where the story is.
const FILE: &str = "story.json";

/// A story that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Where.
    pub dir: PathBuf,
    /// The seed that it was drawn from.
    pub seed: u64,
}

/// Returns where the data directory keeps what belongs to the demo.
pub fn directory(settings: &Settings) -> PathBuf {
    settings.data_dir.join("demo")
}

/// Remembers where a story was written: plans of it are made from its inventory.
///
/// # Errors
/// Fails when the data directory cannot be written.
pub fn remember(settings: &Settings, story: &Story) -> Result<(), Failure> {
    let path = directory(settings).join(FILE);
    let dir = std::path::absolute(&story.dir).unwrap_or_else(|_| story.dir.clone());
    let story = Story { dir, seed: story.seed };
    let text = serde_json::to_vec(&story).unwrap_or_default();
    std::fs::create_dir_all(directory(settings))
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|cause| unwritable(&path, &cause))
}

/// Returns the moment that counts for a plan: the story's clock stands still at its end.
pub fn clock(plan: &Plan, now: Timestamp) -> Timestamp {
    if game_kr::is_plan(plan) { game_kr::AS_OF } else { now }
}

/// Returns the moment that counts for an analysis, as [`clock`] does for a plan.
pub fn clock_of(analysis: &Analysis, now: Timestamp) -> Timestamp {
    if game_kr::is_analysis(analysis) { game_kr::AS_OF } else { now }
}

/// Returns the inventory of the story that an analysis is of; none where it is of something else.
pub(super) fn inventory_of(
    settings: &Settings,
    analysis: &Analysis,
) -> Result<Option<Snapshot>, Failure> {
    if !game_kr::is_analysis(analysis) {
        return Ok(None);
    }
    let Some(story) = recall(settings) else { return Ok(None) };
    snapshot(settings, &story.dir).map(Some)
}

/// Reads the inventory of a story.
fn snapshot(settings: &Settings, dir: &Path) -> Result<Snapshot, Failure> {
    let tags = &settings.policy.environments;
    let (mut snapshot, errors) = inventory::read(dir, game_kr::AS_OF, tags, &Place::default());
    if let Some(error) = errors.first() {
        return Err(Failure::from(error).with_hint(AGAIN));
    }
    if snapshot.resource_count() == 0 {
        let dir = dir.display();
        return Err(Failure::new(
            Kind::Failed,
            (
                format!("the story of the demo is not in {dir} any more"),
                format!("데모의 이야기가 {dir}에 더 이상 없습니다"),
            ),
        )
        .with_hint(AGAIN));
    }
    snapshot.join_groups();
    Ok(snapshot)
}

const AGAIN: (&str, &str) = (
    "write it again with `trimtab demo --no-serve`",
    "`trimtab demo --no-serve` 명령으로 다시 만드세요",
);

fn recall(settings: &Settings) -> Option<Story> {
    let text = std::fs::read(directory(settings).join(FILE)).ok()?;
    serde_json::from_slice(&text).ok()
}

fn unwritable(path: &Path, cause: &std::io::Error) -> Failure {
    let path = path.display();
    let message = (format!("could not write {path}"), format!("쓰지 못했습니다: {path}"));
    Failure::new(Kind::Failed, message).because(cause).with_hint((
        "give another directory with --data-dir, or make this one writable",
        "--data-dir로 다른 디렉터리를 지정하거나 이 디렉터리에 쓸 수 있게 하세요",
    ))
}

/// Refuses to act on a plan of the story.
pub(super) fn refuse(plan: &Plan) -> Result<(), Failure> {
    if !game_kr::is_plan(plan) {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Failed,
        (
            "this plan is of the demo's company, and no account stands behind it: nothing was sent",
            "데모 회사의 계획이라 실제 계정이 없습니다. 아무것도 보내지 않았습니다",
        ),
    )
    .with_hint((
        "see it carried out in a simulated world with `trimtab demo --run`; for your own account begin with `trimtab init`",
        "모의 환경에서 적용하는 모습은 `trimtab demo --run` 명령으로 볼 수 있습니다. 실제 계정은 `trimtab init` 명령부터 시작하세요",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_story_is_is_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("story.json");
        let story = Story { dir: dir.path().to_owned(), seed: 7 };
        std::fs::write(&path, serde_json::to_vec(&story).unwrap()).unwrap();
        let read: Story = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(read, story);
    }
}

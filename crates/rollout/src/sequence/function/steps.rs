//! The steps, how long each may take, and the commands for a person.

use jiff::SignedDuration;

use trimtab_model::observed::{FunctionObserved, Observed};
use trimtab_model::unsent::Unsent;

use super::back::back;
use super::forward::{forward, release};
use super::setting::Setting;
use super::watch::watch;
use crate::plan::export::give_again;
use crate::sequence::{Afterwards, Reaction, Sequence, Work};

/// How a function's memory or architecture is changed.
pub(in crate::sequence) static SEQUENCE: Sequence =
    Sequence { forward, back, release, is_disrupted, watch, react, manual };

pub(super) const UPDATE: &str = "update-function";
pub(super) const PUBLISH: &str = "publish-version";
pub(super) const SWITCH: &str = "switch-alias";

/// The share of the calls that the new version gets while it is watched, in percent: enough that
/// slow ones are among the slowest twentieth of all.
pub(super) const CANARY_PERCENT: u8 = 10;

pub(super) const POLL: SignedDuration = SignedDuration::from_secs(5);
/// What was asked may not be seen at once.
pub(super) const SETTLES: SignedDuration = SignedDuration::from_secs(30);
/// An update of a large image takes minutes.
pub(super) const DEADLINE: SignedDuration = SignedDuration::from_mins(15);
/// How often one and the same call is made.
pub(super) const MOST: usize = 4;

/// The function is not what it was when it was seen.
pub(super) const MOVED_ON: &[&str] = &["PreconditionFailedException"];

/// A function answers while it is updated, as it was before.
fn is_disrupted(_: &Work<'_>) -> bool {
    false
}

fn react(step: &str, code: &str) -> Reaction {
    match (step, code) {
        (_, code) if MOVED_ON.contains(&code) => Reaction::Observe,
        // An update is under way.
        (_, "ResourceConflictException") => Reaction::Retry {
            attempts: 8,
            pause: SignedDuration::from_secs(5),
            then: Afterwards::Abort,
        },
        (_, "ResourceNotFoundException") => Reaction::Observe,
        (UPDATE, code) if Unsent::of(code) == Some(Unsent::NotRead) => Reaction::Retry {
            attempts: 3,
            pause: SignedDuration::from_secs(5),
            then: Afterwards::Abort,
        },
        _ => Reaction::Give(Afterwards::Abort),
    }
}

pub(super) fn manual(work: &Work<'_>) -> Vec<String> {
    let (id, region) = (&work.change.resource.id, &work.change.resource.region);
    let (Observed::Function(before), Some(setting)) =
        (&work.progress.before, Setting::planned(work))
    else {
        return Vec::new();
    };
    let aliases = before.aliases.iter().map(|one| {
        let weights = match &one.canary {
            Some((version, percent)) => {
                format!("AdditionalVersionWeights={{{version}={}}}", f64::from(*percent) / 100.0)
            }
            None => "AdditionalVersionWeights={}".to_owned(),
        };
        format!(
            "aws lambda update-alias --function-name {id} --name {} --function-version {} --routing-config '{weights}' --region {region}",
            one.name, one.version
        )
    });
    let update = match setting.of(before) {
        Setting::Memory(memory_mb) => format!(
            "aws lambda update-function-configuration --function-name {id} --memory-size {memory_mb} --region {region}"
        ),
        Setting::Architecture(architecture) => give_again(id.as_str(), &architecture, region),
    };
    aliases.chain([update]).collect()
}

/// Returns what it is and what it was.
pub(super) fn both<'a>(work: &Work<'a>) -> Option<(&'a FunctionObserved, &'a FunctionObserved)> {
    match (work.now_is, &work.progress.before) {
        (Observed::Function(now), Observed::Function(before)) => Some((now, before)),
        _ => None,
    }
}

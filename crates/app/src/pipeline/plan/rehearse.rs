//! A plan, played through before anything is done.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_model::id::{ChangeId, RegionId};
use trimtab_model::journal::Direction;
use trimtab_model::plan::Plan;
use trimtab_model::text::Reason;
use trimtab_rollout::plan::export::command;
use trimtab_rollout::simulate;
use trimtab_store::catalog;

use crate::config::Settings;
use crate::failure::Failure;
use crate::pipeline::demo::clock;

/// A call that would be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RehearsedCall {
    /// The change.
    pub change: ChangeId,
    /// When.
    pub at: Timestamp,
    /// Until when the window is open in which it is made; absent outside of every window.
    pub window_until: Option<Timestamp>,
    /// Which way.
    pub direction: Direction,
    /// Its IAM action.
    pub action: &'static str,
    /// The command that makes it.
    pub command: String,
}

/// Every call of a plan where all goes well.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rehearsal {
    /// The calls, in order.
    pub calls: Vec<RehearsedCall>,
    /// When each change that begins does so.
    pub begun: Vec<(ChangeId, Timestamp)>,
    /// Changes that would be refused, and why.
    pub refused: Vec<(ChangeId, Reason)>,
    /// Whether every change of the plan came to its end.
    pub is_complete: bool,
}

/// Plays a plan in a simulated world that is as the plan expects it.
///
/// # Errors
/// Fails when the catalogue cannot be read.
pub fn rehearse(settings: &Settings, plan: &Plan, now: Timestamp) -> Result<Rehearsal, Failure> {
    let regions: BTreeSet<RegionId> =
        plan.changes().map(|change| change.resource.region.clone()).collect();
    let prices = catalog::price_book_with(&settings.data_dir, &regions)
        .map_err(|cause| Failure::from(&cause))?;
    let played = simulate::rehearse(plan, Some(&prices), clock(plan, now));
    let call = |one: simulate::RehearsedCall| {
        let change = plan.change(&one.change)?;
        Some(RehearsedCall {
            action: one.call.iam_action(),
            command: command(&one.call, &change.resource.region),
            change: one.change,
            at: one.at,
            window_until: one.window_until,
            direction: one.direction,
        })
    };
    Ok(Rehearsal {
        calls: played.calls.into_iter().filter_map(call).collect(),
        begun: played.begun,
        refused: played.refused,
        is_complete: played.is_complete,
    })
}

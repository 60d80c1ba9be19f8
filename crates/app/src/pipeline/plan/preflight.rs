//! Everything that can stand in the way of a plan, read now and changed nowhere.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;

use trimtab_model::id::ChangeId;
use trimtab_model::observed::{Inspected, JudgedRow};
use trimtab_model::plan::Change;
use trimtab_model::text::Reason;
use trimtab_rollout::preflight::{judge, refusal};
use trimtab_rollout::{Actuator, Unseen};
use trimtab_store::state::State;

use super::{find, heeded, kept, operator};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::acting::{Actor, Purpose};
use crate::rollout::Live;

/// What the preflight of one change says.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedChange {
    /// The change.
    pub change: ChangeId,
    /// Every row of its table.
    pub rows: Vec<JudgedRow>,
    /// Why nothing would be done, where nothing would.
    pub refusal: Option<Reason>,
    /// What could not be read: AWS's refusals and failures.
    pub unread: Vec<Reason>,
}

/// A plan, and what stands in the way of each of its changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    /// The plan.
    pub plan: trimtab_store::state::StoredPlan,
    /// Its changes, in the order in which they would be made.
    pub changes: Vec<JudgedChange>,
    /// When it was read.
    pub at: Timestamp,
}

impl Preflight {
    /// Returns whether every change would be made.
    pub fn is_clear(&self) -> bool {
        self.changes.iter().all(|one| one.refusal.is_none())
    }
}

/// Reads the facts of every change of a plan from AWS, and judges them. Nothing is changed.
///
/// # Errors
/// Fails on a plan that is not there, and where an account of it cannot be entered.
pub fn preflight(
    settings: &Settings,
    state: &State,
    plan: &str,
    profile: Option<&str>,
    now: Timestamp,
) -> Result<Preflight, Failure> {
    let stored = find(state, plan)?;
    let attested = heeded(&stored.plan, kept(state.attestations(&stored.hash))?);
    let engine =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|cause| {
            let message = ("could not start threads", "스레드를 시작하지 못했습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
    let changes = engine.block_on(async {
        let interrupted = Arc::new(AtomicBool::new(false));
        let actor = Actor::looking(profile);
        // Whoever only looks need not say who they are.
        let operator = operator(None).unwrap_or_else(|_| "trimtab".to_owned());
        let mut live =
            Live::enter(settings, &actor, &stored, (&operator, Purpose::Look), interrupted).await?;
        let mut changes = Vec::new();
        for change in stored.plan.changes() {
            let mut inspected = match live.inspect(change).await {
                Ok(inspected) => inspected,
                Err(Unseen { reason }) => {
                    Inspected { unread: vec![reason], ..Inspected::default() }
                }
            };
            let own = attested.iter().filter(|one| one.change == change.id);
            let own = own.map(|one| (one.row.clone(), one.attested.clone()));
            inspected.attested.extend(own);
            changes.push(judged(&stored.plan.rules, change, inspected));
        }
        Ok::<_, Failure>(changes)
    })?;
    Ok(Preflight { plan: stored, changes, at: now })
}

fn judged(
    rules: &trimtab_model::plan::RolloutRules,
    change: &Change,
    inspected: Inspected,
) -> JudgedChange {
    let rows = judge(change, rules, &inspected);
    let refusal = refusal(&rows, change.environment, true);
    JudgedChange { change: change.id.clone(), rows, refusal, unread: inspected.unread }
}

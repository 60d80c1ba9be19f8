//! How a recommendation would be carried out: in the plans that have it, or in the one that would be made of it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_analysis::report::{PlanStatus, PlanSummary};
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{now, plan, report};
use trimtab_model::environment::Environment;
use trimtab_model::id::PlanId;
use trimtab_model::plan::{Change, ChangeWindow, Plan, WaveName};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::text::Text;

use crate::shared::Shared;

/// How a recommendation is or would be carried out.
pub(crate) struct Staged {
    /// The plans that live and have it, the newest first.
    pub(crate) plans: Vec<String>,
    /// Where it stands in the first of them, else in the plan that would be made of it; why there would be none.
    pub(crate) place: Result<Place, Text>,
}

/// Where a change stands in a plan.
pub(crate) struct Place {
    /// The stage.
    pub(crate) stage: Environment,
    /// The wave of the stage.
    pub(crate) wave: WaveName,
    /// The change.
    pub(crate) change: Change,
    /// When it may start.
    pub(crate) windows: Vec<ChangeWindow>,
}

/// Returns how a recommendation is or would be carried out; nothing is kept.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn staged(shared: &Shared, item: &Recommendation) -> Result<Staged, Failure> {
    let moment = now();
    let (mut plans, mut place) = (Vec::new(), None);
    let summaries = report::plan_summaries(shared.state(), moment)?;
    let is_over = |plan: &PlanSummary| matches!(plan.status, PlanStatus::Done | PlanStatus::Ended);
    let live: BTreeSet<&PlanId> =
        summaries.iter().filter(|plan| !is_over(plan)).map(|plan| &plan.id).collect();
    for stored in plan::list(shared.state())? {
        if live.contains(&stored.id)
            && let Some(found) = place_in(&stored.plan, item)
        {
            plans.push(stored.id.to_string());
            place.get_or_insert(found);
        }
    }
    let place = match place {
        Some(place) => Ok(place),
        None => imagined(shared, item, moment)?,
    };
    Ok(Staged { plans, place })
}

fn place_in(plan: &Plan, item: &Recommendation) -> Option<Place> {
    for stage in &plan.stages {
        for wave in &stage.waves {
            let change = wave.changes.iter().find(|change| change.recommendation == item.id);
            if let Some(change) = change {
                let windows = plan.rules.windows.iter();
                let opens = |window: &&ChangeWindow| window.opens(stage.environment);
                return Some(Place {
                    stage: stage.environment,
                    wave: wave.name,
                    change: change.clone(),
                    windows: windows.filter(opens).cloned().collect(),
                });
            }
        }
    }
    None
}

/// Makes the plan that it would be in, were it made now.
fn imagined(
    shared: &Shared,
    item: &Recommendation,
    moment: Timestamp,
) -> Result<Result<Place, Text>, Failure> {
    let Some(visible) = shared.analysis()? else { return Ok(Err(unknown())) };
    let inventory = shared.inventory()?;
    let basis = (visible.whole.as_ref(), inventory.as_deref());
    let planned = plan::preview(&shared.settings, shared.state(), basis, item, moment)?;
    Ok(planned.and_then(|plan| {
        let left = plan.left_out.iter().find(|one| one.recommendation == item.id);
        let refused = || left.map_or_else(unknown, |one| one.reason.text.clone());
        place_in(&plan, item).ok_or_else(refused)
    }))
}

fn unknown() -> Text {
    Text::new("It cannot be carried out by a plan.", "계획으로 실행할 수 없습니다.")
}

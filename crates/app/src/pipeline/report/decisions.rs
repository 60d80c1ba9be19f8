//! What was decided: approvals of plans, and recommendations that were dismissed or put off.

use jiff::Timestamp;

use trimtab_analysis::report::{Decided, DecisionRecord};
use trimtab_model::analysis::Analysis;
use trimtab_model::id::RecommendationId;
use trimtab_model::plan::Change;
use trimtab_model::text::{Text, counted};
use trimtab_store::state::{Approved, DispositionKind, State, StoredPlan};

use crate::failure::{Failure, Kind};
use crate::pipeline::demo::clock;
use crate::pipeline::plan;

/// Returns what was decided until a moment. `analysis` names what was recommended.
///
/// # Errors
/// Fails if the state cannot be read.
pub(super) fn gather(
    state: &State,
    analysis: Option<&Analysis>,
    now: Timestamp,
) -> Result<Vec<DecisionRecord>, Failure> {
    let unreadable = |cause| Failure::from_error(Kind::Failed, &cause);
    let mut records = Vec::new();
    for stored in plan::list(state)? {
        let until = clock(&stored.plan, now);
        for approved in state.approvals(&stored.id).map_err(unreadable)? {
            if approved.at <= until {
                records.push(approval(&stored, approved)?);
            }
        }
    }
    for (id, disposition) in state.dispositions().map_err(unreadable)? {
        if disposition.at > now {
            continue;
        }
        let (subject, estimate) = recommended(&id, analysis);
        records.push(DecisionRecord {
            at: disposition.at,
            decided: match disposition.kind {
                DispositionKind::Dismissed => Decided::Dismissed,
                DispositionKind::Snoozed => Decided::Snoozed,
            },
            subject: match disposition.reason.as_deref().map(str::trim) {
                Some(reason) if !reason.is_empty() => Text::new(
                    format!("{}: {reason}", subject.en),
                    format!("{}: {reason}", subject.ko),
                ),
                _ => subject,
            },
            by: None,
            estimated_monthly_savings: estimate,
        });
    }
    Ok(records)
}

fn approval(stored: &StoredPlan, approved: Approved) -> Result<DecisionRecord, Failure> {
    let changes: Vec<&Change> = stored
        .plan
        .stages
        .iter()
        .filter(|stage| stage.environment.as_str() == approved.stage)
        .flat_map(|stage| stage.waves.iter().flat_map(|wave| &wave.changes))
        .collect();
    let count = changes.len();
    let savings = plan::savings_of(changes.into_iter())?;
    Ok(DecisionRecord {
        at: approved.at,
        decided: Decided::Approved,
        subject: Text::new(
            format!("{} · {} · {}", stored.id, approved.stage, counted(count, "change")),
            format!("{} · {} · 변경 {count}건", stored.id, approved.stage),
        ),
        by: Some(approved.by),
        // Sums of several currencies are no one sum.
        estimated_monthly_savings: match savings.as_slice() {
            [one] => Some(one.likely),
            _ => None,
        },
    })
}

/// Returns what a recommendation is about, and what it was expected to save.
fn recommended(
    id: &RecommendationId,
    analysis: Option<&Analysis>,
) -> (Text, Option<trimtab_model::money::Money>) {
    let item = analysis.and_then(|analysis| analysis.items.iter().find(|item| item.id == *id));
    match item {
        None => (Text::verbatim(id.as_str()), None),
        Some(item) => {
            let name = item.resource.name.as_deref().unwrap_or(item.resource.id.as_str());
            let words = Text::verbatim(format!("{name} ({id})"));
            (words, Some(item.estimated_monthly_savings.likely))
        }
    }
}

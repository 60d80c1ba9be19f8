//! What can stand in the way is read and judged before the resource of a change is touched.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::journal::{Direction, Event};
use trimtab_model::plan::Change;

use super::change::{Need, Run, back, record};
use super::command::Next;
use super::fit::is_touched;
use crate::preflight::{judge, refusal};
use crate::readings::Known;
use crate::sequence::{Sequence, Work};

/// How long a judgement is believed before the resource is touched.
const BELIEVED: SignedDuration = SignedDuration::from_mins(15);
/// How old facts may be when they are judged.
const YOUNG: SignedDuration = SignedDuration::from_mins(2);

impl Run<'_> {
    /// Returns what comes before a call, if the facts were not judged or not of late: before the
    /// first call of a change, and again before the first that touches its resource.
    pub(super) fn preflight(
        &self,
        work: &Work<'_>,
        sequence: &Sequence,
        call: &Call,
    ) -> Option<Need> {
        let one = work.progress;
        if work.direction != Direction::Forward || is_touched(one, sequence) {
            return None;
        }
        if !one.attempts.is_empty() && !call.touches_resource() {
            return None;
        }
        let is_young =
            one.preflight.as_ref().is_some_and(|last| self.now.duration_since(last.at) <= BELIEVED);
        if is_young {
            return None;
        }
        let change = work.change;
        let known =
            self.readings.known.get(&change.id).filter(|known| {
                known.after > one.latest && self.now.duration_since(known.at) <= YOUNG
            });
        Some(known.map_or_else(
            || Need::At(Next::Inspect(change.id.clone())),
            |known| self.judged(work, change, known),
        ))
    }

    fn judged(&self, work: &Work<'_>, change: &Change, known: &Known) -> Need {
        let rows = judge(change, &self.plan.rules, &known.inspected);
        let refusal = refusal(&rows, change.environment, work.progress.attempts.is_empty());
        let count = rows.len();
        let found = rows.into_iter().filter(|row| !row.reasons.is_empty()).collect();
        record(Event::PreflightJudged { change: change.id.clone(), rows: count, found, refusal })
    }
}

/// Returns how a change ends that its preflight forbids, as long as nothing was touched.
pub(super) fn forbidden(work: &Work<'_>, sequence: &Sequence) -> Option<Need> {
    if is_touched(work.progress, sequence) {
        return None;
    }
    let reason = work.progress.preflight.as_ref()?.refusal.clone()?;
    Some(back(work.change, work.progress, reason))
}

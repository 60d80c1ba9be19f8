//! What a person can do when nothing more can be written down, and so nothing more is done.

use jiff::Timestamp;

use trimtab_model::id::ChangeId;
use trimtab_model::journal::{Direction, Journal};
use trimtab_model::plan::Plan;

use crate::progress::Progress;
use crate::readings::Readings;
use crate::sequence::{Sequence, Work};

/// Returns the commands that bring back by hand what a run may have left out of service, by change.
pub fn manual(
    plan: &Plan,
    journal: &Journal,
    readings: &Readings,
    now: Timestamp,
) -> Vec<(ChangeId, Vec<String>)> {
    let progress = Progress::of(journal);
    let left = progress.changes.iter().filter(|(_, one)| one.is_under_way() && one.has_mutated());
    left.filter_map(|(id, one)| {
        let change = plan.change(id)?;
        let sequence = Sequence::of(&change.action)?;
        let seen = readings.observed.get(id);
        let work = Work {
            rules: &plan.rules,
            change,
            progress: one,
            now_is: seen.map_or(&one.before, |seen| &seen.observed),
            direction: Direction::Back,
            now,
        };
        Some((id.clone(), (sequence.manual)(&work)))
    })
    .filter(|(_, commands)| !commands.is_empty())
    .collect()
}

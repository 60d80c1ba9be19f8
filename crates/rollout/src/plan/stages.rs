//! The order in which changes reach the account: development, staging, production in waves.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::environment::Environment;
use trimtab_model::plan::{Approval, Change, ChangeClass, RolloutRules, Stage, Wave, WaveName};

use super::conflict;
use super::draft::Draft;

/// Returns the stages that have changes. `make` turns a draft into a change.
pub(super) fn stages(
    drafts: Vec<Draft<'_>>,
    rules: &RolloutRules,
    make: impl Fn(&Draft<'_>) -> Change,
) -> Vec<Stage> {
    let order = [Environment::Dev, Environment::Staging, Environment::Prod];
    let stage = |environment| {
        let mut own: Vec<&Draft<'_>> =
            drafts.iter().filter(|draft| draft.environment == environment).collect();
        own.sort_by(|left, right| {
            let risk = |draft: &Draft<'_>| draft.recommendation.performance_risk;
            risk(left)
                .cmp(&risk(right))
                .then_with(|| conflict::more(left.recommendation, right.recommendation))
        });
        let changes: Vec<Change> = in_order(own).into_iter().map(&make).collect();
        (!changes.is_empty()).then(|| Stage {
            environment,
            approval: approval(environment, &changes),
            waves: waves(environment, changes, &rules.waves),
        })
    };
    order.into_iter().filter_map(stage).collect()
}

/// Puts each behind what must come first; nothing else moves.
fn in_order<'d, 'a>(drafts: Vec<&'d Draft<'a>>) -> Vec<&'d Draft<'a>> {
    let predecessors = conflict::predecessors(&drafts);
    let mut waits: Vec<usize> = predecessors.iter().map(Vec::len).collect();
    let mut followers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, before) in predecessors.iter().enumerate() {
        for one in before {
            followers.entry(*one).or_default().push(index);
        }
    }
    let mut rest: BTreeSet<usize> = (0..drafts.len()).collect();
    let mut free: BTreeSet<usize> =
        rest.iter().copied().filter(|index| waits.get(*index) == Some(&0)).collect();
    let mut ordered = Vec::with_capacity(drafts.len());
    // Two that wait for each other would wait for ever: the first of them goes first.
    while let Some(next) = free.pop_first().or_else(|| rest.first().copied()) {
        rest.remove(&next);
        ordered.extend(drafts.get(next).copied());
        for follower in followers.get(&next).into_iter().flatten() {
            let Some(count) = waits.get_mut(*follower) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 && rest.contains(follower) {
                free.insert(*follower);
            }
        }
    }
    ordered
}

fn approval(environment: Environment, changes: &[Change]) -> Approval {
    if changes.iter().any(|change| change.class == ChangeClass::Destructive) {
        return Approval::TwoPersons;
    }
    match environment {
        Environment::Dev | Environment::Staging => Approval::Hash,
        Environment::Prod | Environment::Unknown => Approval::HashAndAlias,
    }
}

/// Divides a stage: one change first, then up to each percentage, rounded down, then the rest.
fn waves(environment: Environment, changes: Vec<Change>, percents: &[u8]) -> Vec<Wave> {
    if environment != Environment::Prod {
        return vec![Wave { name: WaveName::Percent(100), changes }];
    }
    let mut percents: Vec<u8> = percents.iter().map(|percent| (*percent).min(100)).collect();
    percents.push(100);
    percents.sort_unstable();
    percents.dedup();
    let all = changes.len();
    let mut rest = changes.into_iter();
    let mut done = all.min(1);
    let mut waves =
        vec![Wave { name: WaveName::Canary, changes: rest.by_ref().take(done).collect() }];
    for percent in percents {
        let until = all * usize::from(percent) / 100;
        if until > done {
            let changes = rest.by_ref().take(until - done).collect();
            waves.push(Wave { name: WaveName::Percent(percent), changes });
            done = until;
        }
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn check(all: usize, percents: &[u8], expected: &[(WaveName, usize)]) {
        let change = sample::change();
        let waves = waves(Environment::Prod, vec![change; all], percents);
        let found: Vec<_> = waves.iter().map(|wave| (wave.name, wave.changes.len())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn e28_shares_are_rounded_down_and_one_goes_first() {
        use WaveName::{Canary, Percent};
        check(1, &[5, 25, 100], &[(Canary, 1)]);
        check(3, &[10, 100], &[(Canary, 1), (Percent(100), 2)]);
        check(20, &[5, 25, 100], &[(Canary, 1), (Percent(25), 4), (Percent(100), 15)]);
        check(
            40,
            &[5, 25, 100],
            &[(Canary, 1), (Percent(5), 1), (Percent(25), 8), (Percent(100), 30)],
        );
    }

    #[test]
    fn the_rest_is_a_wave_of_its_own_where_the_rules_forget_it() {
        use WaveName::{Canary, Percent};
        check(4, &[50], &[(Canary, 1), (Percent(50), 1), (Percent(100), 2)]);
        check(4, &[], &[(Canary, 1), (Percent(100), 3)]);
    }
}

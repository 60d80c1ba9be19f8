//! The order in which changes reach the account: development, staging, production in waves.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::environment::Environment;
use trimtab_model::plan::{Approval, Change, ChangeClass, RolloutRules, Stage, Wave, WaveName};
use trimtab_model::text::Reason;

use super::conflict;
use super::draft::Draft;
use crate::proof::Staged;

/// Returns the stages that have changes, and the changes that staging would not prove, with the
/// reason. `make` turns a draft into a change.
pub(super) fn stages(
    drafts: Vec<Draft<'_>>,
    rules: &RolloutRules,
    make: impl Fn(&Draft<'_>) -> Change,
) -> (Vec<Stage>, Vec<(Change, Reason)>) {
    let mut stages: Vec<Stage> = Vec::new();
    let mut unproven = Vec::new();
    for environment in [Environment::Dev, Environment::Staging, Environment::Prod] {
        let mut own: Vec<&Draft<'_>> =
            drafts.iter().filter(|draft| draft.environment == environment).collect();
        own.sort_by(|left, right| {
            let risk = |draft: &Draft<'_>| draft.recommendation.performance_risk;
            risk(left)
                .cmp(&risk(right))
                .then_with(|| conflict::more(left.recommendation, right.recommendation))
        });
        let staged = Staged::of(&stages);
        let mut changes: Vec<Change> = Vec::new();
        for change in in_order(own).into_iter().map(&make) {
            match staged.needed(&change, rules.staging_proof).map(|_| ()) {
                Ok(()) => changes.push(change),
                Err(reason) => unproven.push((change, reason)),
            }
        }
        if !changes.is_empty() {
            stages.push(Stage {
                environment,
                approval: approval(environment, &changes),
                waves: waves(environment, changes, &rules.waves),
            });
        }
    }
    (stages, unproven)
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
    use trimtab_model::action::{Action, DatabaseSwitch, InstanceRefresh};
    use trimtab_model::plan::{BudgetUnit, StagingProof, UnitKind};
    use trimtab_model::resource::ResourceKind;

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

    fn staged(environment: Environment, action: Action, traits: &[(&str, &str)]) -> Change {
        let mut change = sample::change();
        (change.environment, change.action) = (environment, action);
        for (name, value) in traits {
            change.expected.0.insert((*name).to_owned(), (*value).to_owned());
        }
        let name = format!("lobby/{environment}");
        change.units = vec![BudgetUnit { kind: UnitKind::Service, name, members: 3 }];
        change
    }

    fn check_proof(
        before: Change,
        after: &Change,
        rule: StagingProof,
        expected: Result<usize, &str>,
    ) {
        let stages = [Stage {
            environment: Environment::Staging,
            approval: Approval::Hash,
            waves: vec![Wave { name: WaveName::Percent(100), changes: vec![before] }],
        }];
        let found = Staged::of(&stages).needed(after, rule);
        let found = found.map(|proofs| proofs.len()).map_err(|reason| reason.code);
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn e26_another_type_or_image_in_staging_proves_nothing() {
        use StagingProof::{IfStaged, Off, Required};
        let change = |environment, to: &str, image| {
            let action = Action::ModifyInstanceType { from: "m5.xlarge".into(), to: to.into() };
            staged(environment, action, &[("ImageId", image)])
        };
        let live = change(Environment::Prod, "m6i.large", "ami-1");
        let staging = |to, image| change(Environment::Staging, to, image);
        check_proof(staging("m6i.large", "ami-1"), &live, IfStaged, Ok(1));
        check_proof(staging("m6i.large", "ami-1"), &live, Required, Ok(1));
        for (to, image) in [("m6i.xlarge", "ami-1"), ("m6i.large", "ami-2")] {
            check_proof(staging(to, image), &live, IfStaged, Err("staging-differs"));
            check_proof(staging(to, image), &live, Off, Ok(0));
        }
        let dev = change(Environment::Dev, "m6i.xlarge", "ami-1");
        check_proof(staging("m6i.large", "ami-1"), &dev, Required, Ok(0));
        // What staging has none of is proven only if the rules ask for it.
        let mut elsewhere = staging("m6i.large", "ami-1");
        elsewhere.units[0].name = "chat/staging".to_owned();
        check_proof(elsewhere.clone(), &live, IfStaged, Ok(0));
        check_proof(elsewhere, &live, Required, Err("not-in-staging"));
    }

    #[test]
    fn e26_another_engine_in_staging_proves_nothing() {
        let change = |environment, version| {
            let (from, to) = ("db.r6g.xlarge".into(), "db.r6g.large".into());
            let action = Action::ModifyDbInstanceClass { from, to };
            staged(environment, action, &[("Engine", "mysql"), ("EngineVersion", version)])
        };
        let live = change(Environment::Prod, "8.0.39");
        let staging = |version| change(Environment::Staging, version);
        let rule = StagingProof::IfStaged;
        check_proof(staging("8.0.39"), &live, rule, Ok(1));
        check_proof(staging("8.4.3"), &live, rule, Err("staging-differs"));
    }

    #[test]
    fn e26_a_switch_refresh_or_function_of_another_size_in_staging_proves_nothing() {
        let switch = |to: &str, gib| {
            Action::SwitchDatabase(DatabaseSwitch {
                source_arn: "arn:aws:rds:r:1:db:game".to_owned(),
                from_class: "db.r6g.xlarge".into(),
                to_class: to.into(),
                from_storage_gib: 500,
                to_storage_gib: gib,
            })
        };
        let refresh = |to: &str| {
            Action::RefreshInstances(InstanceRefresh {
                from: "m5.xlarge".into(),
                to: to.into(),
                launch_template: "lt-1".to_owned(),
                from_version: "7".to_owned(),
                to_version: None,
                instances: 3,
                alarms: Vec::new(),
            })
        };
        let memory = |to_mb| Action::UpdateFunctionMemory { from_mb: 1024, to_mb };
        let rule = StagingProof::IfStaged;
        for (live, same, other) in [
            (switch("db.r6g.large", 200), switch("db.r6g.large", 300), switch("db.t4g.large", 200)),
            (switch("db.r6g.large", 200), switch("db.r6g.large", 100), switch("db.r6g.large", 500)),
            (refresh("m6i.large"), refresh("m6i.large"), refresh("m6i.xlarge")),
            (memory(512), memory(512), memory(768)),
        ] {
            let live = staged(Environment::Prod, live, &[]);
            check_proof(staged(Environment::Staging, same, &[]), &live, rule, Ok(1));
            let other = staged(Environment::Staging, other, &[]);
            check_proof(other, &live, rule, Err("staging-differs"));
        }
    }

    #[test]
    fn e26_what_no_proof_can_be_had_of_says_how_to_go_on() {
        let action = Action::ReleaseAddress { public_ip: None };
        let staging = staged(Environment::Staging, action.clone(), &[]);
        let mut live = staged(Environment::Prod, action, &[]);
        live.units.clear();
        live.resource.kind = ResourceKind::Address;
        check_proof(staging.clone(), &live, StagingProof::Required, Err("not-provable"));
        check_proof(staging.clone(), &live, StagingProof::IfStaged, Ok(0));
        live.resource.kind = ResourceKind::Function;
        check_proof(staging, &live, StagingProof::Required, Err("no-service"));
    }

    #[test]
    fn e26_what_staging_would_not_prove_is_left_out_of_the_plan() {
        let mut snapshot = sample::snapshot();
        let mut staging = sample::instance("i-staging", "m5.xlarge");
        staging.environment = Environment::Staging;
        staging.kind.image_id = Some("ami-2".into());
        let live = sample::instance("i-live", "m5.xlarge");
        snapshot.instances =
            [staging, live].map(|one| sample::tagged(one, "Service", "lobby")).into();
        let wished: Vec<_> = snapshot
            .instances
            .iter()
            .map(|one| sample::resizing(&format!("R-{}", one.id), one, "10"))
            .collect();
        let planned = |rules: &RolloutRules| {
            let (prices, request) = (sample::prices(), sample::request());
            let plan = super::super::create(&wished, &snapshot, Some(&prices), rules, &request);
            let left = plan.left_out.first().map(|one| one.reason.code.clone());
            (plan.changes().count(), left)
        };
        let rules = sample::rules();
        assert_eq!(planned(&rules), (1, Some("staging-differs".to_owned())));
        assert_eq!(planned(&RolloutRules { staging_proof: StagingProof::Off, ..rules }), (2, None));
    }
}

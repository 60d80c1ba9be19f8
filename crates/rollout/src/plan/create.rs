//! From recommendations to a plan.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use trimtab_model::action::Action;
use trimtab_model::id::{ChangeId, RecommendationId, ResourceId};
use trimtab_model::migration::Migration;
use trimtab_model::plan::{Change, LeftOut, OwnerPatch, PLAN_FORMAT, Plan, RolloutRules};
use trimtab_model::price::PriceBook;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use super::draft::{Draft, environment};
use super::gates::{self, Watched};
use super::inventory::Inventory;
use super::migrations::Divided;
use super::nature::Nature;
use super::owner::{self, Ownership, Question};
use super::request::PlanRequest;
use super::services::Services;
use super::subject::Subject;
use super::{
    conflict, fingerprint, ladder, members, migrations, recent, refusal, stages, switches, units,
};

/// Makes a plan of recommendations, from the newest snapshot that there is.
///
/// Each recommendation is either a change or left out with a reason; one that is given twice
/// counts once. The same arguments make the same plan, to the last byte.
pub fn create(
    recommendations: &[Recommendation],
    snapshot: &Snapshot,
    prices: Option<&PriceBook>,
    rules: &RolloutRules,
    request: &PlanRequest,
) -> Plan {
    let inventory = Inventory::of(snapshot);
    let planner = Planner { inventory: &inventory, prices, rules, request };
    let unique: BTreeMap<&RecommendationId, &Recommendation> =
        recommendations.iter().rev().map(|one| (&one.id, one)).collect();
    let mut left_out = Vec::new();
    let mut drafts = Vec::new();
    let gathered = members::gather(unique.into_values(), &inventory, prices, request);
    left_out.extend(gathered.left_out);
    let (single, switched) = switches::divide(gathered.single, &inventory, rules);
    let Divided { rest, stopped, by_hand } =
        migrations::divide(single, &inventory, &request.migrations);
    left_out.extend(by_hand.into_iter().map(|(one, reason)| leave(one, reason, None)));
    let plain = rest.into_iter().chain(&gathered.groups).chain(&switched).map(|one| (one, None));
    let stops = stopped.iter().map(|(one, migration)| (one, Some(*migration)));
    for (recommendation, migration) in plain.chain(stops) {
        match planner.admit(recommendation, migration) {
            Ok(draft) => drafts.push(draft),
            Err(left) => left_out.push(*left),
        }
    }
    let (drafts, refused) = conflict::settle(drafts);
    left_out
        .extend(refused.into_iter().map(|one| leave(one.draft.recommendation, one.reason, None)));
    let changed = drafts
        .iter()
        .map(|draft| draft.subject.reference(draft.recommendation.resource.kind))
        .collect();
    let services = Services::of(snapshot, &request.service_tags, &changed);
    let (stages, unproven) =
        stages::stages(drafts, rules, |draft| planner.change(draft, &services));
    left_out.extend(unproven.into_iter().map(|(change, reason)| LeftOut {
        recommendation: change.recommendation,
        resource: change.resource,
        reason,
        patch: None,
    }));
    left_out.sort_by(|left: &LeftOut, right| left.recommendation.cmp(&right.recommendation));
    let accounts = stages
        .iter()
        .flat_map(|stage| &stage.waves)
        .flat_map(|wave| &wave.changes)
        .map(|change| change.resource.account.clone())
        .map(|account| (account.clone(), request.aliases.get(&account).cloned()))
        .collect();
    Plan {
        format: PLAN_FORMAT,
        created_at: request.now,
        created_by: request.created_by.clone(),
        expires_at: request.now.saturating_add(rules.plan_lifetime).unwrap_or(request.now),
        built_from: snapshot.taken_at,
        accounts,
        rules: rules.clone(),
        stages,
        left_out,
    }
}

/// What a plan is made with.
struct Planner<'a> {
    inventory: &'a Inventory<'a>,
    prices: Option<&'a PriceBook>,
    rules: &'a RolloutRules,
    request: &'a PlanRequest,
}

impl<'a> Planner<'a> {
    /// Returns a draft, or why there is none, with what its owner would change instead.
    fn admit(
        &self,
        recommendation: &'a Recommendation,
        migration: Option<&'a Migration>,
    ) -> Result<Draft<'a>, Box<LeftOut>> {
        let (action, resource) = (&recommendation.action, &recommendation.resource);
        // A stop is made only where something else does the work.
        let is_made = migration.is_some() || !matches!(action, Action::StopInstance { .. });
        let left = |reason, patch| Err(Box::new(leave(recommendation, reason, patch)));
        let Some(subject) = self.inventory.subject(resource) else {
            let is_ours = is_made && Nature::is_known(action, self.rules);
            return left(if is_ours { not_seen() } else { not_made(action) }, None);
        };
        let terraform = &self.request.terraform;
        let question = Question { action, resource, subject, inventory: self.inventory, terraform };
        let nature = Nature::of(action, subject, self.rules).filter(|_| is_made);
        let (nature, ancestry) = match (nature, Ownership::of(question)) {
            (Some(nature), Ownership::Free(ancestry)) => (nature, ancestry),
            (Some(_), Ownership::Owned(owned)) => return left(owned.reason, owned.patch),
            (None, Ownership::Owned(owned)) => return left(not_made(action), owned.patch),
            (None, Ownership::Free(_)) => return left(not_made(action), None),
        };
        if let Some(reason) = recent::cooling(self.request, self.rules, action, resource) {
            return left(reason, None);
        }
        let environment = environment(recommendation, subject);
        let asked = refusal::Asked { action, resource, subject, environment, rules: self.rules };
        if let Some(reason) = refusal::refusal(asked, self.inventory, self.prices) {
            // What is not any more what was recommended gets no patch either.
            let is_meant = reason.code != refusal::CHANGED;
            let patch = is_meant.then(|| owner::package(action, subject, resource)).flatten();
            return left(reason, patch);
        }
        Ok(Draft { recommendation, subject, environment, nature, ancestry, migration })
    }

    /// Makes the change of a draft.
    fn change(&self, draft: &Draft<'_>, services: &Services<'_>) -> Change {
        let Draft { recommendation, subject, environment, nature, ancestry, migration } = draft;
        let (action, resource) = (&recommendation.action, &recommendation.resource);
        let watched = Watched {
            action,
            resource,
            projected: &recommendation.projected,
            rules: self.rules,
            inventory: self.inventory,
            prices: self.prices,
            watch: &self.request.watch,
            services,
            migration: *migration,
        };
        let soak = self.rules.stage(*environment).soak;
        Change {
            id: change_id(&recommendation.id, action),
            recommendation: recommendation.id.clone(),
            resource: resource.clone(),
            environment: *environment,
            action: action.clone(),
            expected: match (action, subject) {
                (Action::ApplySchedule { .. }, _) => {
                    fingerprint::of_schedule(subject.fingerprint())
                }
                (Action::RefreshInstances(_), Subject::Group(group)) => {
                    fingerprint::launching(group)
                }
                _ => subject.fingerprint(),
            },
            class: nature.class,
            undo: recommendation.undo.clone(),
            recovery: nature.recovery.clone(),
            parts: parts(*subject),
            ladder: match action {
                Action::ModifyInstanceType { from, to } => {
                    ladder::ladder(self.prices, &resource.region, from, to)
                }
                _ => Vec::new(),
            },
            projected: recommendation.projected.clone(),
            gates: gates::of(&watched),
            soak: migration.map_or(soak, |one| soak.max(migrations::watched(one))),
            downtime_budget: nature.downtime_budget,
            duration: nature.duration,
            units: units::units(*subject, self.inventory, services),
            ancestry: ancestry.clone(),
            risk: recommendation.performance_risk,
            estimated_monthly_savings: recommendation.estimated_monthly_savings.clone(),
            migration: migration.map(|one| Box::new(one.clone())),
        }
    }
}

/// Returns the identifier of a change: `C-` and twelve digits, the same for the same
/// recommendation and action.
fn change_id(recommendation: &RecommendationId, action: &Action) -> ChangeId {
    let mut hash = Sha256::new();
    hash.update(recommendation.as_str().as_bytes());
    hash.update([0]);
    // An action is made of numbers, words and lists of them, all of which JSON has.
    hash.update(serde_json::to_vec(action).unwrap_or_default());
    let digits: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    ChangeId::new(format!("C-{digits}"))
}

/// Returns the volumes that recovery is about.
fn parts(subject: Subject<'_>) -> BTreeSet<ResourceId> {
    match subject {
        Subject::Instance(instance) => instance.kind.volume_ids.iter().cloned().collect(),
        Subject::Volume(volume) => BTreeSet::from([volume.id.clone()]),
        Subject::DbInstance(_)
        | Subject::DbCluster(_)
        | Subject::Address(_)
        | Subject::Function(_)
        | Subject::LogGroup(_)
        | Subject::Group(_) => BTreeSet::new(),
    }
}

fn leave(recommendation: &Recommendation, reason: Reason, patch: Option<OwnerPatch>) -> LeftOut {
    LeftOut {
        recommendation: recommendation.id.clone(),
        resource: recommendation.resource.clone(),
        reason,
        patch,
    }
}

fn not_seen() -> Reason {
    Reason::new(
        "not-in-inventory",
        "It is not in the inventory that the plan is made from: scan again.",
        "계획의 바탕이 된 인벤토리에 없는 자원입니다. 다시 스캔하세요.",
    )
}

fn not_made(action: &Action) -> Reason {
    match action {
        Action::FixApplication(_) => Reason::new(
            "application-first",
            "The application is repaired first, which no call of AWS does.",
            "AWS 호출로 할 수 없는 애플리케이션 수정이 먼저입니다.",
        ),
        Action::ConvertServerless(_) => Reason::new(
            "function-first",
            "A function is built and takes the work over first: `trimtab serverless scaffold` writes it. Once it does, `trimtab plan create --migration DIR` plans the stop.",
            "함수를 먼저 만들어 작업을 넘겨야 합니다. 함수는 `trimtab serverless scaffold`로 만들고, 넘긴 뒤의 중지는 `trimtab plan create --migration DIR`로 계획합니다.",
        ),
        Action::MoveToContainers(_) => Reason::new(
            "containers-first",
            "Containers are built and take the calls over first, which no call of AWS does.",
            "컨테이너를 먼저 만들어 호출을 넘겨야 합니다. AWS API로 할 수 있는 작업이 아닙니다.",
        ),
        _ => Reason::new(
            "not-built",
            "trimtab does not make this change itself: `trimtab rec show` has the commands.",
            "trimtab이 직접 적용하지 않는 변경입니다. 명령은 `trimtab rec show`에 있습니다.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use trimtab_model::resource::ResourceKind;

    use super::super::{lint, sample};
    use super::*;

    /// Without optimisation; the guide says what a release takes.
    const MOST: Duration = Duration::from_secs(30);

    #[test]
    #[expect(clippy::disallowed_methods, reason = "how long it takes is what is looked at")]
    fn f13_five_thousand_machines_with_three_recommendations_each_are_planned_in_time() {
        let mut snapshot = sample::snapshot();
        let mut wished = Vec::new();
        for number in 0..5_000 {
            let (id, disk) = (format!("i-{number}"), format!("vol-{number}"));
            let mut machine = sample::instance(&id, "m5.xlarge");
            machine.environment = match number % 10 {
                0..3 => trimtab_model::environment::Environment::Dev,
                3..5 => trimtab_model::environment::Environment::Staging,
                _ => trimtab_model::environment::Environment::Prod,
            };
            let mut machine =
                sample::tagged(machine, "Service", &format!("service-{}", number % 100));
            machine.kind.volume_ids = vec![disk.as_str().into()];
            let mut volume = sample::volume(&disk, "gp2", Some(&id));
            volume.environment = machine.environment;
            let to_gp3 = Action::ModifyVolume {
                from: sample::settings("gp2", Some(300)),
                to: sample::settings("gp3", Some(3_000)),
                size_gib: 100,
            };
            wished.push(sample::resizing(&format!("R-{number}-a"), &machine, "70"));
            let of = volume.reference(ResourceKind::Volume);
            wished.push(sample::recommendation(&format!("R-{number}-b"), of, to_gp3, "2"));
            let of = machine.reference(ResourceKind::Instance);
            let quiet = Action::UnmonitorInstance;
            wished.push(sample::recommendation(&format!("R-{number}-c"), of, quiet, "3"));
            snapshot.instances.push(machine);
            snapshot.volumes.push(volume);
        }
        let (prices, rules, request) = (sample::prices(), sample::rules(), sample::request());
        let since = Instant::now();
        let plan = create(&wished, &snapshot, Some(&prices), &rules, &request);
        lint(&plan, sample::now());
        let took = since.elapsed();
        println!("{} changes planned in {took:?}", plan.changes().count());
        assert_eq!(plan.changes().count() + plan.left_out.len(), wished.len());
        assert!(plan.changes().count() >= 5_000);
        assert!(took < MOST, "{took:?}");
    }
}

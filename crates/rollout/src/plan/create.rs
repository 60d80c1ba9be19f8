//! From recommendations to a plan.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use trimtab_model::action::Action;
use trimtab_model::id::{ChangeId, RecommendationId, ResourceId};
use trimtab_model::plan::{Change, LeftOut, OwnerPatch, PLAN_FORMAT, Plan, RolloutRules};
use trimtab_model::price::PriceBook;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use super::draft::{Draft, environment};
use super::gates::{self, Watched};
use super::inventory::Inventory;
use super::nature::Nature;
use super::owner::{Ownership, Question};
use super::request::PlanRequest;
use super::services::Services;
use super::subject::Subject;
use super::{conflict, fingerprint, ladder, members, refusal, stages, switches, units};

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
    for recommendation in single.into_iter().chain(&gathered.groups).chain(&switched) {
        match planner.admit(recommendation) {
            Ok(draft) => drafts.push(draft),
            Err(left) => left_out.push(*left),
        }
    }
    let (drafts, refused) = conflict::settle(drafts);
    left_out
        .extend(refused.into_iter().map(|one| leave(one.draft.recommendation, one.reason, None)));
    left_out.sort_by(|left: &LeftOut, right| left.recommendation.cmp(&right.recommendation));
    let accounts = drafts
        .iter()
        .map(|draft| draft.recommendation.resource.account.clone())
        .map(|account| (account.clone(), request.aliases.get(&account).cloned()))
        .collect();
    let changed = drafts
        .iter()
        .map(|draft| draft.subject.reference(draft.recommendation.resource.kind))
        .collect();
    let services = Services::of(snapshot, &request.service_tags, &changed);
    Plan {
        format: PLAN_FORMAT,
        created_at: request.now,
        created_by: request.created_by.clone(),
        expires_at: request.now.saturating_add(rules.plan_lifetime).unwrap_or(request.now),
        built_from: snapshot.taken_at,
        accounts,
        rules: rules.clone(),
        stages: stages::stages(drafts, rules, |draft| planner.change(draft, &services)),
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
    fn admit(&self, recommendation: &'a Recommendation) -> Result<Draft<'a>, Box<LeftOut>> {
        let (action, resource) = (&recommendation.action, &recommendation.resource);
        let left = |reason, patch| Err(Box::new(leave(recommendation, reason, patch)));
        let Some(subject) = self.inventory.subject(resource) else {
            let is_ours = Nature::is_known(action, self.rules);
            return left(if is_ours { not_seen() } else { not_made(action) }, None);
        };
        let terraform = &self.request.terraform;
        let question = Question { action, resource, subject, inventory: self.inventory, terraform };
        let nature = Nature::of(action, subject, self.rules);
        let (nature, ancestry) = match (nature, Ownership::of(question)) {
            (Some(nature), Ownership::Free(ancestry)) => (nature, ancestry),
            (Some(_), Ownership::Owned(owned)) => return left(owned.reason, owned.patch),
            (None, Ownership::Owned(owned)) => return left(not_made(action), owned.patch),
            (None, Ownership::Free(_)) => return left(not_made(action), None),
        };
        let environment = environment(recommendation, subject);
        match refusal::refusal(action, subject, environment, self.inventory, self.prices) {
            Some(reason) => left(reason, None),
            None => Ok(Draft { recommendation, subject, environment, nature, ancestry }),
        }
    }

    /// Makes the change of a draft.
    fn change(&self, draft: &Draft<'_>, services: &Services<'_>) -> Change {
        let Draft { recommendation, subject, environment, nature, ancestry } = draft;
        let (action, resource) = (&recommendation.action, &recommendation.resource);
        let watched = Watched {
            action,
            resource,
            projected: &recommendation.projected,
            rules: self.rules,
            inventory: self.inventory,
            prices: self.prices,
            services,
        };
        Change {
            id: change_id(&recommendation.id, action),
            recommendation: recommendation.id.clone(),
            resource: resource.clone(),
            environment: *environment,
            action: action.clone(),
            expected: match (action, subject) {
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
            soak: self.rules.stage(*environment).soak,
            downtime_budget: nature.downtime_budget,
            duration: nature.duration,
            units: units::units(*subject, self.inventory, services),
            ancestry: ancestry.clone(),
            risk: recommendation.performance_risk,
            estimated_monthly_savings: recommendation.estimated_monthly_savings.clone(),
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
        Action::ApplySchedule { .. } => Reason::new(
            "needs-a-role",
            "A schedule acts by a role that its owner makes: `trimtab rec show` has the commands.",
            "스케줄이 사용할 역할은 소유자가 직접 만들어야 합니다. 명령은 `trimtab rec show`에 있습니다.",
        ),
        Action::FixApplication(_) => Reason::new(
            "application-first",
            "The application is repaired first, which no call of AWS does.",
            "AWS 호출로 할 수 없는 애플리케이션 수정이 먼저입니다.",
        ),
        _ => Reason::new(
            "not-built",
            "trimtab does not make this change itself: `trimtab rec show` has the commands.",
            "trimtab이 직접 적용하지 않는 변경입니다. 명령은 `trimtab rec show`에 있습니다.",
        ),
    }
}

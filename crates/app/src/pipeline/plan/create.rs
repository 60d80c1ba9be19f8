//! From the recommendations of the latest analysis to a plan that is kept.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::Value;

use trimtab_model::analysis::Analysis;
use trimtab_model::id::SubAccountId;
use trimtab_model::migration::Migration;
use trimtab_model::plan::{Plan, RolloutRules};
use trimtab_model::recommendation::Recommendation;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Text;
use trimtab_render::document::matching;
use trimtab_rollout::plan as pure;
use trimtab_store::catalog;
use trimtab_store::state::{State, StoredPlan};

use super::{Finding, find, kept, migration, operator, terraform};
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::filter::Filter;
use crate::pipeline::analyze::{inventory, regions};
use crate::pipeline::demo;
use crate::pipeline::runs;
use crate::pipeline::state::{Visibility, latest_findings, open_state, today, visible};
use crate::pipeline::watching::watch;
use crate::story::game_kr;

/// What is to be planned.
#[derive(Debug, Clone, Default)]
pub struct CreateRequest {
    /// Recommendations, by the beginning of their identifiers; all open ones where empty.
    pub recommendations: Vec<String>,
    /// What they must meet besides.
    pub filter: Option<Filter>,
    /// Who asks; the user of this machine where absent.
    pub by: Option<String>,
    /// What `terraform show -json` printed, file by file.
    pub terraform: Vec<PathBuf>,
    /// Projects whose functions took over from servers, which are stopped: directories with a
    /// `migration.json`, or such files.
    pub migrations: Vec<PathBuf>,
}

/// A plan that was made and kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The plan.
    pub stored: StoredPlan,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// Makes a plan of the latest analysis and the latest inventory, and keeps it.
///
/// # Errors
/// Fails without an analysis or an inventory, on a recommendation that does not exist, on a
/// Terraform state or a migration that cannot be read, and on a migration of a server that is not
/// recommended to be replaced.
pub fn create(
    settings: &Settings,
    request: &CreateRequest,
    now: Timestamp,
) -> Result<Planned, Failure> {
    let created_by = operator(request.by.as_deref())?;
    let terraform = terraform::states(&request.terraform)?;
    let mut migrations = migration::migrations(&request.migrations)?;
    let state = open_state(settings)?;
    let (analysis, _) =
        visible(&state, latest_findings(&state)?, Visibility::Open, today(settings))?;
    let replaced = migration::recommended(&analysis, &mut migrations)?;
    let chosen = chosen(&analysis, request, replaced)?;
    let basis = basis(settings, &analysis, now, || snapshot(settings, &state).map(Cow::Owned))?;
    let now = basis.now;
    let asked = Asked { created_by, terraform, migrations };
    let plan = made(settings, &state, basis, &chosen, asked)?;
    let findings = pure::lint(&plan, now);
    let stored = stored(plan)?;
    kept(state.save_plan(&stored))?;
    Ok(Planned { stored, findings })
}

/// Returns the plan that one recommendation would make now, of an inventory that was read already; or why there can be
/// none as long as something is missing. Nothing is kept.
///
/// # Errors
/// Fails where the state or the prices cannot be read.
pub fn preview(
    settings: &Settings,
    state: &State,
    (analysis, inventory): (&Analysis, Option<&Snapshot>),
    item: &Recommendation,
    now: Timestamp,
) -> Result<Result<Plan, Text>, Failure> {
    let kept = || inventory.map(Cow::Borrowed).ok_or_else(no_inventory);
    if inventory.is_none() && demo::inventory_of(settings, analysis)?.is_none() {
        return Ok(Err(no_inventory().message));
    }
    let basis = basis(settings, analysis, now, kept)?;
    let asked = Asked::default();
    made(settings, state, basis, std::slice::from_ref(item), asked).map(Ok)
}

/// Who asks, and what they know.
#[derive(Default)]
struct Asked {
    created_by: String,
    terraform: Vec<Value>,
    migrations: Vec<Migration>,
}

fn made(
    settings: &Settings,
    state: &State,
    Basis { snapshot, rules, aliases, now }: Basis<'_>,
    chosen: &[Recommendation],
    Asked { created_by, terraform, migrations }: Asked,
) -> Result<Plan, Failure> {
    let prices = catalog::price_book_with(&settings.data_dir, &regions(&snapshot))
        .map_err(|cause| Failure::from(&cause))?;
    let question = pure::PlanRequest {
        aliases,
        terraform,
        recent: recent(state)?,
        watch: watch(settings)?,
        migrations,
        ..pure::PlanRequest::new(created_by, now)
    };
    Ok(pure::create(chosen, &snapshot, Some(&prices), &rules, &question))
}

/// Names a plan by its content.
pub(in crate::pipeline) fn stored(plan: Plan) -> Result<StoredPlan, Failure> {
    let unwritable = |cause| {
        let message = ("the plan cannot be written down", "계획을 기록할 수 없습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    };
    let plan = plan.settled().map_err(unwritable)?;
    let hash = plan.hash().map_err(unwritable)?;
    let id = plan.id().map_err(unwritable)?;
    Ok(StoredPlan { id, hash, plan })
}

/// Returns the recommendations that are meant, and those of servers that are replaced, whatever is
/// named.
fn chosen(
    analysis: &Analysis,
    request: &CreateRequest,
    replaced: Vec<Recommendation>,
) -> Result<Vec<Recommendation>, Failure> {
    let mut chosen: Vec<Recommendation> = Vec::new();
    if request.recommendations.is_empty() {
        chosen.clone_from(&analysis.items);
    }
    for id in &request.recommendations {
        match matching(&analysis.items, id).as_slice() {
            [item] => chosen.push((*item).clone()),
            [] => return Err(no_such(id)),
            several => {
                return Err(Failure::usage(
                    (
                        format!("`{id}` begins {} identifiers", several.len()),
                        format!("`{id}`: 이렇게 시작하는 식별자가 {}개입니다", several.len()),
                    ),
                    ("give more of its characters", "글자를 더 쓰세요"),
                ));
            }
        }
    }
    if let Some(filter) = &request.filter {
        chosen.retain(|item| filter.matches(item));
    }
    chosen.extend(replaced);
    if chosen.is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            (
                "no recommendation is left to plan",
                "계획에 넣을 추천이 없습니다",
            ),
        )
        .with_hint((
            "`trimtab rec list` shows what is open; take the filter back, or name recommendations",
            "`trimtab rec list` 명령으로 열려 있는 추천을 확인하세요. 필터를 빼거나 추천을 지정하세요",
        )));
    }
    Ok(chosen)
}

fn no_such(id: &str) -> Failure {
    Failure::new(
        Kind::Failed,
        (
            format!("there is no open recommendation `{id}`"),
            format!("열려 있는 추천 가운데 그런 것이 없습니다: `{id}`"),
        ),
    )
    .with_hint((
        "`trimtab rec list` shows them; `trimtab rec reopen` opens one that was dismissed",
        "`trimtab rec list` 명령으로 확인하세요. 닫은 추천은 `trimtab rec reopen` 명령으로 다시 엽니다",
    ))
}

/// What a plan is made from besides recommendations.
struct Basis<'a> {
    snapshot: Cow<'a, Snapshot>,
    rules: RolloutRules,
    aliases: BTreeMap<SubAccountId, String>,
    now: Timestamp,
}

/// Returns the inventory, the rules and the moment. The company of the demo has its own, at its
/// own moment, but for windows that the user has set.
fn basis<'a>(
    settings: &Settings,
    analysis: &Analysis,
    now: Timestamp,
    kept: impl FnOnce() -> Result<Cow<'a, Snapshot>, Failure>,
) -> Result<Basis<'a>, Failure> {
    let aliases = aliases(settings);
    let Some(mut snapshot) = demo::inventory_of(settings, analysis)? else {
        let snapshot = kept()?;
        return Ok(Basis { snapshot, rules: settings.rollout.clone(), aliases, now });
    };
    let tags = &settings.policy.environments;
    snapshot.name_environments(|of, account| tags.environment(of, account));
    let is_own = !settings.rollout.windows.is_empty();
    let rules = if is_own { settings.rollout.clone() } else { game_kr::rules() };
    let aliases = game_kr::aliases().into_iter().chain(aliases).collect();
    Ok(Basis { snapshot: Cow::Owned(snapshot), rules, aliases, now: game_kr::AS_OF })
}

/// Returns the inventory that is kept: a plan is of what was seen in an account, and not of
/// files that were looked at once.
fn snapshot(settings: &Settings, state: &State) -> Result<Snapshot, Failure> {
    inventory(settings, state)?.ok_or_else(no_inventory)
}

fn no_inventory() -> Failure {
    Failure::new(
        Kind::Failed,
        ("no inventory is kept that a plan could be made from", "계획의 바탕이 될 인벤토리가 없습니다"),
    )
    .with_hint((
        "read the account with `trimtab scan`, or exports with `trimtab ingest --from DIR`, then `trimtab analyze`",
        "`trimtab scan` 명령으로 계정을 읽거나 `trimtab ingest --from DIR` 명령으로 내보낸 파일을 읽은 뒤 `trimtab analyze` 명령을 실행하세요",
    ))
}

/// Returns what earlier runs did in the account. A journal that cannot be trusted says nothing of
/// what it did: `run list` names it.
fn recent(state: &State) -> Result<Vec<pure::Recent>, Failure> {
    let mut recent = Vec::new();
    for run in runs::list(state)?.into_iter().filter(|run| !run.record.is_simulated) {
        let Ok(journal) = &run.journal else { continue };
        let stored = find(state, run.record.plan.as_str())?;
        recent.extend(pure::recent(&stored.plan, journal));
    }
    Ok(recent)
}

fn aliases(settings: &Settings) -> BTreeMap<SubAccountId, String> {
    let named = settings.accounts.iter();
    named
        .filter_map(|account| Some((SubAccountId::new(&account.id), account.alias.clone()?)))
        .collect()
}

//! Plans as JSON: made, listed, approved.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use trimtab_app::failure::Failure;
use trimtab_app::filter::Filter;
use trimtab_app::pages::plan_page;
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::plan::{self, ApproveRequest, CreateRequest};
use trimtab_model::environment::Environment;
use trimtab_model::text::{Language, Text};
use trimtab_render::contract::{plan_json, plan_list_json};
use trimtab_render::document::plan::PlanPage;

use super::answer;
use super::asked::Asked;
use super::given::Given;
use super::shape;
use crate::pages::{plan as plan_of, plans};
use crate::problem::Problem;
use crate::repeats::Outcome;
use crate::scope::Scope;
use crate::shared::Shared;

/// Plans, the newest first.
#[utoipa::path(get, path = "/api/v1/plans", tag = "plans",
    params(("account" = Option<String>, Query), ("environment" = Option<String>, Query), ("team" = Option<String>, Query, description = "Plans with a change of it: each is whole")),
    responses((status = 200, body = shape::PlanList, description = "As `trimtab plan list -o json`."), (status = 400, body = Problem)))]
pub(crate) async fn all_plans(asked: Asked) -> Response {
    asked
        .listed(|shared, reader| {
            let all = plans::all(shared, &Scope::of(&reader.query)?)?;
            let now = now();
            let pages: Vec<PlanPage<'_>> = all
                .iter()
                .map(|known| plan_page(known, clock(&known.stored.plan, now)))
                .collect::<Result<_, Failure>>()?;
            Ok(Some(plan_list_json(&pages)))
        })
        .await
}

/// One plan.
#[utoipa::path(get, path = "/api/v1/plans/{id}", tag = "plans", params(("id" = String, Path)),
    responses((status = 200, body = shape::Plan, description = "As `trimtab plan show -o json`."), (status = 404, body = Problem)))]
pub(crate) async fn one_plan(asked: Asked, Path(id): Path<String>) -> Response {
    asked.answered(move |shared, reader| shown(shared, &id, reader.style.language)).await
}

fn shown(shared: &Shared, id: &str, language: Language) -> Result<Option<Value>, Failure> {
    let Some(known) = plan_of::known(shared, id)? else { return Ok(None) };
    let page = plan_page(&known, clock(&known.stored.plan, now()))?;
    Ok(Some(plan_json(&page, language)))
}

/// What is to be planned: recommendations, those that meet a filter, or those of the first that meet the second.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanWish {
    /// Identifiers of recommendations, or the beginnings of them.
    #[serde(default)]
    recommendations: Vec<String>,
    /// What they must meet, as of `trimtab rec list --filter`.
    filter: Option<String>,
    /// Who asks for it.
    by: String,
}

/// Makes a plan of open recommendations. Nothing is changed by it. A key that was sent before, with the same body, is
/// answered with the plan that was made then.
#[utoipa::path(post, path = "/api/v1/plans", tag = "plans",
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 200 printable characters. The last 1,000 keys are held in memory, until the server ends.")),
    request_body = PlanWish,
    responses(
        (status = 201, body = shape::Plan, description = "As `trimtab plan show -o json`.", headers(("Location" = String, description = "The address of the plan."))),
        (status = 400, body = Problem), (status = 409, body = Problem, description = "It cannot be planned."),
        (status = 422, body = Problem, description = "The key was sent with another body."),
    ))]
pub(crate) async fn create_plan(
    asked: Asked,
    Given(wish): Given<PlanWish>,
) -> Result<Response, Problem> {
    let language = asked.language();
    let key = asked.key()?;
    let made = asked.acted(move |shared, reader| {
        let (request, make) = (format!("{wish:?}"), || create(shared, &wish));
        let made = shared.planned.once(key.as_deref(), &request, make)?;
        let Outcome::Made(id) = made else { return Ok(Some(None)) };
        let plan = shown(shared, &id, reader.style.language)?;
        Ok(plan.map(|plan| Some((id, plan))))
    });
    let Some((id, plan)) = made.await? else { return Err(other_request(language)) };
    let response = answer::done(StatusCode::CREATED, &plan);
    Ok(answer::located(response, &format!("/api/v1/plans/{id}")))
}

fn create(shared: &Shared, wish: &PlanWish) -> Result<String, Failure> {
    let filter = wish.filter.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if wish.recommendations.is_empty() && filter.is_none() {
        // Without a choice everything would be planned, which nobody has asked for.
        return Err(Failure::usage(
            ("no recommendation was chosen", "선택한 추천이 없습니다"),
            (
                "name them in `recommendations`, or say in `filter` which ones",
                "`recommendations`에 식별자를 적거나 `filter`로 고르세요",
            ),
        ));
    }
    let filter = filter.map(str::parse::<Filter>).transpose()?;
    if let (Some(filter), Some(visible)) = (&filter, shared.analysis()?) {
        filter.require_known(&visible.whole)?;
    }
    let request = CreateRequest {
        recommendations: wish.recommendations.clone(),
        filter,
        by: Some(somebody(&wish.by)?),
        terraform: Vec::new(),
        migrations: Vec::new(),
    };
    let planned = plan::create(&shared.settings, &request, now())?;
    Ok(planned.stored.id.as_str().to_owned())
}

/// Returns the name of whoever decides: the server's user is not who does.
pub(super) fn somebody(by: &str) -> Result<String, Failure> {
    plan::operator(Some(by)).map_err(|_| {
        Failure::usage(
            ("nobody says who decides this", "누가 결정하는지 알 수 없습니다"),
            ("write a name into `by`, in one line", "`by`에 이름을 한 줄로 쓰세요"),
        )
    })
}

/// Somebody's word for a stage of a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovalOf {
    /// The stage: dev, staging or prod.
    stage: String,
    /// The hash of the plan, or twelve characters of its beginning at least.
    hash: String,
    /// What the accounts of the stage are called: needed for production, each of them.
    #[serde(default)]
    aliases: Vec<String>,
    /// Who approves.
    by: String,
}

/// Approves a stage of a plan: the same way as the page and the command line.
#[utoipa::path(post, path = "/api/v1/plans/{id}/approve", tag = "plans",
    params(("id" = String, Path)), request_body = ApprovalOf,
    responses(
        (status = 200, body = shape::Plan, description = "As `trimtab plan show -o json`."),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The hash is another plan's, the plan is too old or has errors, or a name is missing."),
    ))]
pub(crate) async fn approve_plan(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<ApprovalOf>,
) -> Result<Response, Problem> {
    let approved = asked.acted(move |shared, reader| {
        let request = ApproveRequest {
            plan: id,
            stage: stage(&given.stage)?,
            hash: given.hash,
            aliases: given.aliases,
            by: Some(somebody(&given.by)?),
        };
        if plan_of::known(shared, &request.plan)?.is_none() {
            return Ok(None);
        }
        plan::approve(shared.state(), &request, now())?;
        shown(shared, &request.plan, reader.style.language)
    });
    Ok(answer::done(StatusCode::OK, &approved.await?))
}

fn stage(word: &str) -> Result<Environment, Failure> {
    let stages = [Environment::Dev, Environment::Staging, Environment::Prod];
    stages.into_iter().find(|stage| stage.as_str() == word).ok_or_else(|| {
        Failure::usage(
            (format!("there is no stage `{word}`"), format!("그런 단계가 없습니다: `{word}`")),
            ("stage is dev, staging or prod", "stage에 쓸 수 있는 값: dev, staging, prod"),
        )
    })
}

/// Says that a key was sent with another request.
pub(super) fn other_request(language: Language) -> Problem {
    let title = Text::new(
        "this idempotency key was sent with another body",
        "다른 본문과 함께 이미 사용한 Idempotency-Key입니다",
    );
    let hint = Text::new(
        "send another key, or the body that the key was sent with",
        "새 키를 쓰거나, 그 키와 함께 보냈던 본문을 그대로 보내세요",
    );
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Problem::new(status, "idempotency-key-reused", &title, Some(&hint), language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_one_that_plans_have_and_somebody_has_a_name() {
        assert_eq!(stage("prod").ok(), Some(Environment::Prod));
        assert!(stage("unknown").is_err() && stage("").is_err());
        assert_eq!(somebody(" kim ").ok().as_deref(), Some("kim"));
        assert!(somebody("  ").is_err() && somebody("kim\nlee").is_err());
    }

    #[test]
    fn a_wish_has_no_field_that_is_not_known() {
        let read = |text: &str| serde_json::from_str::<PlanWish>(text);
        assert_eq!(read(r#"{"by": "kim", "filter": "risk<=low"}"#).unwrap().by, "kim");
        assert!(read(r#"{"filter": "risk<=low"}"#).is_err());
        assert!(read(r#"{"by": "kim", "filters": "risk<=low"}"#).is_err());
    }
}

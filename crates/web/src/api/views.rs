//! Views that people saved, as JSON: listed, saved, renamed, deleted.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use trimtab_app::failure::Failure;
use trimtab_store::state::SavedView;

use super::answer;
use super::asked::Asked;
use super::given::Given;
use super::plans::other_request;
use crate::problem::Problem;
use crate::repeats::Outcome;
use crate::saved;
use crate::scope::Scope;
use crate::shared::Shared;

/// Views that people saved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewList {
    /// `trimtab/v1/view.list`.
    schema: &'static str,
    /// The views, by name.
    items: Vec<ViewOf>,
}

/// An address of a page under a name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewOf {
    /// What tells it from every other, and stays when it is renamed.
    id: String,
    /// What people call it.
    name: String,
    /// The address of a page, from its slash on.
    address: String,
    /// When it was saved.
    #[schema(format = DateTime)]
    saved_at: String,
}

impl From<SavedView> for ViewOf {
    fn from(view: SavedView) -> Self {
        let SavedView { id, name, address, saved_at } = view;
        Self { id, name, address, saved_at: saved_at.to_string() }
    }
}

/// Views that people saved, by name.
#[utoipa::path(get, path = "/api/v1/views", tag = "views",
    responses((status = 200, body = ViewList), (status = 400, body = Problem)))]
pub(crate) async fn all_views(asked: Asked) -> Response {
    asked
        .listed(|shared, _| {
            let items = saved::all(shared)?.into_iter().map(ViewOf::from).collect();
            Ok(Some(ViewList { schema: "trimtab/v1/view.list", items }))
        })
        .await
}

/// A page that is saved under a name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewView {
    /// What it is called: 1 to 80 characters in one line, and no other view's name.
    name: String,
    /// The address of a page from its slash on, such as `/cost?group_by=team`.
    address: String,
}

/// Saves the address of a page under a name, for all who use the data directory. A key that was sent before, with the
/// same body, is answered with the view that was saved then.
#[utoipa::path(post, path = "/api/v1/views", tag = "views",
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 200 printable characters. The last 1,000 keys are held in memory, until the server ends.")),
    request_body = NewView,
    responses(
        (status = 201, body = ViewOf, description = "It was saved."),
        (status = 400, body = Problem, description = "The name is taken or none, or the address is not of a page here."),
        (status = 404, body = Problem, description = "The view that the key made was deleted."),
        (status = 422, body = Problem, description = "The key was sent with another body."),
    ))]
pub(crate) async fn save_view(
    asked: Asked,
    Given(wish): Given<NewView>,
) -> Result<Response, Problem> {
    let language = asked.language();
    let key = asked.key()?;
    let made = asked.acted(move |shared, _| {
        let make = || {
            let saved = saved::save(shared, &wish.name, &wish.address, &Scope::default())?;
            Ok(saved.id)
        };
        let made = shared.saved.once(key.as_deref(), &format!("{wish:?}"), make)?;
        let Outcome::Made(id) = made else { return Ok(Some(None)) };
        Ok(shown(shared, &id)?.map(Some))
    });
    let Some(view) = made.await? else { return Err(other_request(language)) };
    Ok(answer::done(StatusCode::CREATED, &view))
}

fn shown(shared: &Shared, id: &str) -> Result<Option<Value>, Failure> {
    let found = saved::all(shared)?.into_iter().find(|view| view.id == id);
    Ok(found.map(|view| json!(ViewOf::from(view))))
}

/// Another name of a view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewName {
    /// What it is called from now on.
    name: String,
}

/// Gives a view another name.
#[utoipa::path(post, path = "/api/v1/views/{id}/rename", tag = "views",
    params(("id" = String, Path)), request_body = NewName,
    responses((status = 200, body = ViewOf), (status = 400, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn rename_view(
    asked: Asked,
    Path(id): Path<String>,
    Given(given): Given<NewName>,
) -> Result<Response, Problem> {
    let renamed = asked.acted(move |shared, _| {
        let view = saved::rename(shared, &id, &given.name)?;
        Ok(view.map(|view| json!(ViewOf::from(view))))
    });
    Ok(answer::done(StatusCode::OK, &renamed.await?))
}

/// Deletes a view.
#[utoipa::path(delete, path = "/api/v1/views/{id}", tag = "views",
    params(("id" = String, Path)),
    responses((status = 200, body = ViewOf, description = "What was deleted."), (status = 404, body = Problem)))]
pub(crate) async fn delete_view(asked: Asked, Path(id): Path<String>) -> Result<Response, Problem> {
    let deleted = asked.acted(move |shared, _| {
        let view = saved::delete(shared, &id)?;
        Ok(view.map(|view| json!(ViewOf::from(view))))
    });
    Ok(answer::done(StatusCode::OK, &deleted.await?))
}

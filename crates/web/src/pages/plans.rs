//! Plans: what is going to be changed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_app::failure::Failure;
use trimtab_app::pages::plan_page;
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::now;
use trimtab_app::pipeline::plan::{self, CreateRequest, Known};
use trimtab_render::document::plan::{PlanPage, plan_table};
use trimtab_render::style::Style;
use trimtab_render::table::Table;

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::{Html, see_other};
use crate::query::Query;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, sheet};
use crate::view::plans;

/// Returns every plan that changes something of what is looked at, with what is known of it.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn all(shared: &Shared, scope: &Scope) -> Result<Vec<Known>, Failure> {
    let now = now();
    let plans = plans(shared, scope, &scope.sieve(shared)?)?;
    plans.iter().map(|stored| plan::known(shared.state(), stored.id.as_str(), now)).collect()
}

/// Makes the table of plans.
///
/// # Errors
/// Fails if sums have too many digits.
pub(crate) fn table(all: &[Known], style: &Style) -> Result<Table, Failure> {
    let now = now();
    let pages: Vec<PlanPage<'_>> = all
        .iter()
        .map(|known| plan_page(known, clock(&known.stored.plan, now)))
        .collect::<Result<_, _>>()?;
    Ok(plan_table(&pages, style))
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let found = blocking::read(&shared, move |shared| all(shared, &Scope::of(&query)?)).await;
    let made = found.and_then(|all| table(&all, &reader.style).map(|table| (all, table)));
    let (all, table_shown) = match made {
        Ok(made) => made,
        Err(failure) => return failed(&shared, &reader, Tab::Plans, &failure).into_response(),
    };
    if let Some(file) =
        file::asked(&reader, "plans", |style| table(&all, style).unwrap_or_default())
    {
        return file;
    }
    let title = reader.text(Tab::Plans.key());
    let link = |row: &ui::Row<'_>| row.text("plan").map(|id| format!("/plans/{id}"));
    let body = html! {
        section class="card" {
            @if all.is_empty() && !reader.scope.is_everything() {
                p class="nothing" { (reader.text("web-scope-nothing")) }
            } @else if all.is_empty() {
                (ui::empty(&Empty {
                    title: &reader.text("web-plans-none"),
                    reason: &reader.text("web-plans-none-why"),
                    commands: &["trimtab plan create --filter 'risk<=low'"],
                }))
            } @else {
                (sheet(&reader, &Sheet {
                    id: "list",
                    caption: &title,
                    table: &table_shown,
                    link: Some(("plan", &link)),
                    choose: None,
                    has_files: true,
                }))
            }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Plans, &title, body))).into_response()
}

/// Makes a plan of the recommendations that were chosen.
pub(crate) async fn create(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    body: Bytes,
) -> Response {
    let given = Query::of(&String::from_utf8_lossy(&body));
    let reader = back(reader, &given);
    let request = CreateRequest {
        recommendations: given.all("chosen").map(str::to_owned).collect(),
        filter: None,
        by: given.get("by").map(str::to_owned),
        terraform: Vec::new(),
        migrations: Vec::new(),
    };
    if request.recommendations.is_empty() {
        // Without a choice everything would be planned, which nobody has asked for.
        let failure = Failure::usage(
            ("no recommendation was chosen", "선택한 추천이 없습니다"),
            ("tick the rows that belong into the plan", "계획에 넣을 행을 선택하세요"),
        );
        return failed(&shared, &reader, Tab::Plans, &failure).into_response();
    }
    if request.by.is_none() {
        return failed(&shared, &reader, Tab::Plans, &nameless()).into_response();
    }
    let made =
        blocking::read(&shared, move |shared| plan::create(&shared.settings, &request, now()))
            .await;
    match made {
        Ok(planned) => see_other(&format!("/plans/{}", planned.stored.id.as_str())),
        Err(failure) => failed(&shared, &reader, Tab::Plans, &failure).into_response(),
    }
}

/// Returns the reader as one of the list that the choice was made from, so that what leads back
/// leads there, with all that was chosen of it.
fn back(reader: Reader, given: &Query) -> Reader {
    match given.get("back") {
        Some(back) => {
            let query = Query::of(back.strip_prefix('?').unwrap_or(back));
            Reader { path: Tab::Recommendations.path().to_owned(), query, ..reader }
        }
        None => reader,
    }
}

/// Says that nobody gave a name: a decision is somebody's, and the server's user is not who decides.
pub(crate) fn nameless() -> Failure {
    Failure::usage(
        ("nobody says who decides this", "누가 결정하는지 알 수 없습니다"),
        ("write your name into the form", "이름을 입력하세요"),
    )
}

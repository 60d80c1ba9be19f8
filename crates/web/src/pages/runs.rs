//! Runs: what happens and what happened.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::html;

use trimtab_app::failure::Failure;
use trimtab_app::pages::run_page;
use trimtab_app::pipeline::plan::{self, KeptPlan};
use trimtab_app::pipeline::runs::{self, Run};
use trimtab_render::document::run::{RunPage, run_table};
use trimtab_render::style::Style;
use trimtab_render::table::Table;

use super::failed;
use crate::blocking;
use crate::file;
use crate::html::Html;
use crate::reader::Reader;
use crate::scope::Scope;
use crate::shared::Shared;
use crate::ui::{self, Empty, Page, Sheet, Tab, sheet};

/// Returns every run that changes something of what is looked at, with its plan.
///
/// # Errors
/// Fails if the state cannot be read.
pub(crate) fn all(shared: &Shared, scope: &Scope) -> Result<Vec<(Run, KeptPlan)>, Failure> {
    let with_plan = |run: Run| {
        let stored = plan::find(shared.state(), run.record.plan.as_str())?;
        Ok((run, stored))
    };
    let all = runs::list(shared.state())?.into_iter().map(with_plan);
    let mut all: Vec<(Run, KeptPlan)> = all.collect::<Result<_, Failure>>()?;
    if !scope.is_everything() {
        let sieve = scope.sieve(shared)?;
        all.retain(|(_, one)| one.plan.changes().any(|change| sieve.keeps(&change.resource)));
    }
    Ok(all)
}

fn table(all: &[(Run, KeptPlan)], style: &Style) -> Table {
    let pages: Vec<RunPage<'_>> = all.iter().map(|(run, stored)| run_page(run, stored)).collect();
    run_table(&pages, style)
}

/// Shows the page.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, reader: Reader) -> Response {
    let query = reader.query.clone();
    let read = move |shared: &Shared| all(shared, &Scope::of(&query)?);
    let all = match blocking::read(&shared, read).await {
        Ok(all) => all,
        Err(failure) => return failed(&shared, &reader, Tab::Runs, &failure).into_response(),
    };
    if let Some(file) = file::asked(&reader, "runs", |style| table(&all, style)) {
        return file;
    }
    let title = reader.text(Tab::Runs.key());
    let table = table(&all, &reader.style);
    let link = |row: &ui::Row<'_>| row.text("run").map(|id| format!("/runs/{id}"));
    let body = html! {
        section class="card" {
            @if all.is_empty() && !reader.scope.is_everything() {
                p class="nothing" { (reader.text("web-scope-nothing")) }
            } @else if all.is_empty() {
                (ui::empty(&Empty {
                    title: &reader.text("web-runs-none"),
                    reason: &reader.text("web-runs-none-why"),
                    commands: &["trimtab apply P-… --stage dev", "trimtab demo --run"],
                }))
            } @else {
                (sheet(&reader, &Sheet {
                    id: "list",
                    caption: &title,
                    table: &table,
                    link: Some(("run", &link)),
                    choose: None,
                    has_files: true,
                }))
            }
        }
    };
    Html::ok(ui::page(&shared, &reader, &Page::of(Tab::Runs, &title, body))).into_response()
}

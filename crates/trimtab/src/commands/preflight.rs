//! `trimtab plan preflight` and `trimtab plan attest`.

use jiff::Timestamp;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::plan::{self as pipeline_plan, AttestRequest, JudgedChange, Preflight};
use trimtab_model::environment::Environment;
use trimtab_model::observed::{JudgedRow, RowVerdict};
use trimtab_model::plan::Change;
use trimtab_model::text::Text;
use trimtab_render::contract::{plan_json, preflight_json};
use trimtab_render::document::plan::{
    PreflightPage, PreflightRow, preflight_page, preflight_table,
};
use trimtab_store::state::State;

use crate::cli::{Output, PlanAttestArgs, PlanPreflightArgs};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};
use trimtab_app::pages::plan_page;

/// Reads what stands in the way of a plan and prints it.
pub fn show(
    console: &Console,
    state: &State,
    args: &PlanPreflightArgs,
    now: Timestamp,
) -> Result<Printed, Failure> {
    let profile = args.profile.as_deref();
    let found = pipeline_plan::preflight(&console.settings, state, &args.plan, profile, now)?;
    let page = page(&found);
    match console.output {
        Some(Output::Json) => print_json(&preflight_json(&page, console.style.language))?,
        Some(Output::Csv | Output::Jsonl | Output::Md) => {
            console
                .print_table("plan.preflight", &preflight_table(&page, &console.list_style()))?;
        }
        Some(Output::Table) | None => print_text(&preflight_page(&page, &console.style))?,
    }
    let locale = console.style.locale();
    if found.is_clear() {
        console.say(&locale.text("preflight-all-clear"));
        return Ok(Printed::Complete);
    }
    let count = page.refused.len().to_string();
    console.say(&locale.text_with("preflight-some-refused", &[("count", &count)]));
    Ok(Printed::Found(Kind::Failed))
}

fn page(found: &Preflight) -> PreflightPage<'_> {
    let mut page = PreflightPage {
        plan: found.plan.id.as_str(),
        at: found.at,
        rows: Vec::new(),
        refused: Vec::new(),
        unread: Vec::new(),
    };
    for judged in &found.changes {
        let Some(change) = found.plan.plan.change(&judged.change) else { continue };
        let id = judged.change.to_string();
        page.rows.extend(judged.rows.iter().map(|row| line(found, judged, change, row)));
        page.refused.extend(judged.refusal.iter().map(|reason| (id.clone(), reason.clone())));
        page.unread.extend(judged.unread.iter().map(|reason| (id.clone(), reason.clone())));
    }
    page
}

fn line(
    found: &Preflight,
    judged: &JudgedChange,
    change: &Change,
    row: &JudgedRow,
) -> PreflightRow {
    let titles = pipeline_plan::row_titles(&change.action);
    let title = titles.into_iter().find(|(name, _)| *name == row.row).map(|(_, title)| title);
    PreflightRow {
        change: judged.change.to_string(),
        resource: change.resource.id.to_string(),
        row: row.row.clone(),
        title: title.unwrap_or_else(|| Text::new("Facts", "사실")),
        verdict: row.verdict,
        reasons: row.reasons.clone(),
        step: step(found, change, row),
    }
}

/// Returns what a person can do about a row: vouch for it where that counts, or grant what is
/// missing. What else is to be done, its fact says.
fn step(found: &Preflight, change: &Change, row: &JudgedRow) -> Option<Text> {
    let is_open =
        matches!(row.verdict, RowVerdict::Block | RowVerdict::Unread | RowVerdict::Attest);
    let can_attest = pipeline_plan::attestable(change).contains(&row.row);
    if is_open && can_attest {
        let command = format!(
            "trimtab plan attest {} --change {} --row {} --note '…'",
            found.plan.id, change.id, row.row
        );
        return Some(Text::new(command.clone(), command));
    }
    if row.verdict == RowVerdict::Unread {
        let environment = match change.environment {
            Environment::Unknown => Environment::Prod,
            known => known,
        };
        let environment = environment.as_str();
        let command = format!("trimtab iam policy --tier apply --env {environment}");
        return Some(Text::new(command.clone(), command));
    }
    None
}

/// Keeps what somebody vouches for.
pub fn attest(
    console: &Console,
    state: &State,
    args: &PlanAttestArgs,
    now: Timestamp,
) -> Result<Printed, Failure> {
    let request = AttestRequest {
        plan: args.plan.clone(),
        change: args.change.clone(),
        row: args.row.clone(),
        by: args.by.clone(),
        note: args.note.clone(),
    };
    let (stored, given) = pipeline_plan::attest(state, &request, now)?;
    if console.is_json() {
        let known = pipeline_plan::known(state, stored.id.as_str(), now)?;
        print_json(&plan_json(&plan_page(&known, now)?, console.style.language))?;
        return Ok(Printed::Complete);
    }
    let by = trimtab_render::sanitise(&given.attested.by);
    let arguments =
        [("by", by.as_str()), ("row", given.row.as_str()), ("change", given.change.as_str())];
    print_text(&console.style.locale().text_with("plan-attest-kept", &arguments))?;
    Ok(Printed::Complete)
}

//! `trimtab rec`.

use jiff::civil::Date;
use serde_json::{Value, json};

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::filter::Filter;
use trimtab_app::pipeline::{self, Visibility};
use trimtab_model::analysis::Analysis;
use trimtab_model::recommendation::Recommendation;
use trimtab_render::contract::{analysis_json, recommendation_json};
use trimtab_render::document::{
    exempt_table, matching, only_aws_table, recommendation_explain, recommendation_list,
    recommendation_show, sorted_recommendations,
};
use trimtab_store::state::{Disposition, DispositionKind, State};

use crate::cli::{Output, RecCommand, RecDismissArgs, RecIdArgs, RecListArgs, RecSnoozeArgs};
use crate::console::{Console, no_such_column};
use crate::terminal::{Printed, print_json, print_text};

/// Runs `trimtab rec …`.
pub fn run(console: &Console, command: &RecCommand) -> Result<Printed, Failure> {
    // A mistake in the command is told before anything is looked up.
    let filter = match command {
        RecCommand::List(args) => args.filter.as_deref().map(str::parse::<Filter>).transpose()?,
        _ => None,
    };
    let state = pipeline::open_state(&console.settings)?;
    let analysis = match command {
        // What the owner took out stands with what needs no change.
        RecCommand::List(args) if args.exempt => pipeline::latest_analysis(&state)?,
        _ => pipeline::latest_findings(&state)?,
    };
    match command {
        RecCommand::List(args) => list(console, &state, analysis, args, filter.as_ref())?,
        RecCommand::Show(args) => show(console, &state, &analysis, args)?,
        RecCommand::Explain(args) => {
            console.no_rows()?;
            let item = find(&analysis, &args.id)?;
            let explanation = recommendation_explain(item, &console.style);
            if console.is_json() {
                print_json(&json!({
                    "schema": "trimtab/v1/rec.explain",
                    "item": recommendation_json(item, console.style.language),
                    "explanation": explanation,
                }))?;
            } else {
                print_text(&explanation)?;
            }
        }
        RecCommand::Aws => {
            let table = only_aws_table(&analysis.only_aws, &console.list_style());
            console.print_table("rec.aws", &table)?;
        }
        RecCommand::Dismiss(args) => dismiss(console, &state, &analysis, args)?,
        RecCommand::Snooze(args) => snooze(console, &state, &analysis, args)?,
        RecCommand::Reopen(args) => reopen(console, &state, &analysis, args)?,
    }
    Ok(Printed::Complete)
}

fn list(
    console: &Console,
    state: &State,
    analysis: Analysis,
    args: &RecListArgs,
    filter: Option<&Filter>,
) -> Result<(), Failure> {
    let visibility = if args.all { Visibility::All } else { Visibility::Open };
    let (mut analysis, hidden) =
        pipeline::visible(state, analysis, visibility, pipeline::today(&console.settings))?;
    if args.exempt {
        return exempt(console, &analysis);
    }
    if let Some(filter) = filter {
        filter.require_known(&analysis)?;
        analysis.items.retain(|item| filter.matches(item));
        analysis.totals = trimtab_analysis::analyze::retotal(&analysis);
    }
    if console.is_json() {
        if let Some(sort) = &console.options.sort {
            analysis.items = sorted_recommendations(&analysis.items, sort, &console.list_style())
                .map_err(|cause| no_such_column(&cause))?;
        }
        let whole = analysis_json(&analysis, console.style.language);
        let limit = console.options.limit.unwrap_or(usize::MAX);
        let items: Vec<&Value> = whole
            .get("items")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .take(limit)
            .collect();
        return print_json(&json!({
            "schema": "trimtab/v1/rec.list",
            "as_of": whole.get("as_of"),
            "totals": whole.get("totals"),
            "hidden": hidden,
            "items": items,
        }));
    }
    let text = recommendation_list(&analysis, &console.list_style(), &console.options)
        .map_err(|cause| no_such_column(&cause))?;
    print_text(&text)?;
    if hidden > 0 {
        let count = hidden.to_string();
        console.say(&console.style.locale().text_with("list-hidden", &[("count", &count)]));
    }
    Ok(())
}

/// Lists what the owner took out, by a tag or by a rule of the configuration.
fn exempt(console: &Console, analysis: &Analysis) -> Result<(), Failure> {
    let table = exempt_table(analysis, &console.list_style());
    if table.is_empty() && console.is_table() {
        print_text(&console.style.locale().text("exempt-none"))?;
    } else {
        console.print_table("rec.exempt", &table)?;
    }
    console.say(&console.style.locale().text("exempt-until-reopen"));
    Ok(())
}

fn show(
    console: &Console,
    state: &State,
    analysis: &Analysis,
    args: &RecIdArgs,
) -> Result<(), Failure> {
    console.no_rows()?;
    let item = find(analysis, &args.id)?;
    let disposition = disposition(console, state, item)?;
    match console.output {
        Some(Output::Json | Output::Jsonl) => print_json(&json!({
            "schema": "trimtab/v1/rec.show",
            "item": recommendation_json(item, console.style.language),
            "disposition": disposition.as_ref().map(|disposition| json!({
                "kind": disposition.kind.as_str(),
                "reason": disposition.reason,
                "until": last_day(disposition),
            })),
        })),
        Some(Output::Table | Output::Csv | Output::Md) | None => {
            print_text(&recommendation_show(item, &console.style))?;
            if let Some(disposition) = disposition {
                console.say(&hidden_because(console, &disposition));
            }
            Ok(())
        }
    }
}

/// Returns what the user decided about a recommendation, if that holds today.
fn disposition(
    console: &Console,
    state: &State,
    item: &Recommendation,
) -> Result<Option<Disposition>, Failure> {
    let mut dispositions =
        state.dispositions().map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    let today = pipeline::today(&console.settings);
    Ok(dispositions.remove(&item.id).filter(|disposition| disposition.holds_on(today)))
}

/// Returns the last day on which a decision holds; absent, it holds until reopened.
fn last_day(disposition: &Disposition) -> Option<Date> {
    disposition.until.and_then(|first_open| first_open.yesterday().ok())
}

/// Says that a recommendation is hidden from the list, until when and why.
fn hidden_because(console: &Console, disposition: &Disposition) -> String {
    let locale = console.style.locale();
    let until = last_day(disposition).map(|day| day.to_string());
    let reason = disposition.reason.as_deref().unwrap_or_default();
    let text = match (disposition.kind, until) {
        (DispositionKind::Dismissed, None) => {
            locale.text_with("rec-is-dismissed", &[("reason", reason)])
        }
        (DispositionKind::Dismissed, Some(until)) => {
            locale.text_with("rec-is-dismissed-until", &[("until", &until), ("reason", reason)])
        }
        (DispositionKind::Snoozed, until) => {
            locale.text_with("rec-is-snoozed", &[("until", &until.unwrap_or_default())])
        }
    };
    trimtab_render::sanitise(&text)
}

fn dismiss(
    console: &Console,
    state: &State,
    analysis: &Analysis,
    args: &RecDismissArgs,
) -> Result<(), Failure> {
    let item = find(analysis, &args.id)?;
    let until = args.until.map(|last| after(console, last)).transpose()?;
    state
        .dismiss(&item.id, &args.reason, until, pipeline::now())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    confirm(console, "rec-dismissed", item);
    Ok(())
}

fn snooze(
    console: &Console,
    state: &State,
    analysis: &Analysis,
    args: &RecSnoozeArgs,
) -> Result<(), Failure> {
    let item = find(analysis, &args.id)?;
    state
        .snooze(&item.id, after(console, args.until)?, None, pipeline::now())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    confirm(console, "rec-snoozed", item);
    Ok(())
}

fn reopen(
    console: &Console,
    state: &State,
    analysis: &Analysis,
    args: &RecIdArgs,
) -> Result<(), Failure> {
    let item = find(analysis, &args.id)?;
    let was_hidden =
        state.reopen(&item.id).map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    confirm(console, if was_hidden { "rec-reopened" } else { "rec-was-open" }, item);
    Ok(())
}

/// Returns the day after `last`, which must not lie in the past.
fn after(console: &Console, last: Date) -> Result<Date, Failure> {
    let today = pipeline::today(&console.settings);
    if last < today {
        return Err(Failure::usage(
            (format!("{last} is in the past"), format!("이미 지난 날입니다: {last}")),
            ("give the last day on which it shall stay hidden", "숨겨 둘 마지막 날을 지정하세요"),
        ));
    }
    last.tomorrow().map_err(|cause| {
        let message = (format!("no day follows {last}"), format!("다음 날이 없습니다: {last}"));
        Failure::new(Kind::Usage, message).because(&cause)
    })
}

fn confirm(console: &Console, key: &'static str, item: &Recommendation) {
    let locale = console.style.locale();
    let arguments = [("id", item.id.as_str()), ("resource", item.resource.id.as_str())];
    let text = match key {
        "rec-dismissed" => locale.text_with("rec-dismissed", &arguments),
        "rec-snoozed" => locale.text_with("rec-snoozed", &arguments),
        "rec-reopened" => locale.text_with("rec-reopened", &arguments),
        _ => locale.text_with("rec-was-open", &arguments),
    };
    console.say(&trimtab_render::sanitise(&text));
}

fn find<'a>(analysis: &'a Analysis, id: &str) -> Result<&'a Recommendation, Failure> {
    match matching(&analysis.items, id).as_slice() {
        [item] => Ok(item),
        [] => Err(Failure::new(
            Kind::Failed,
            (
                format!("there is no recommendation `{id}`"),
                format!("그런 권고가 없습니다: `{id}`"),
            ),
        )
        .with_hint((
            "run `trimtab rec list --all` to see them; `trimtab analyze` makes them anew",
            "`trimtab rec list --all` 명령으로 볼 수 있고, `trimtab analyze` 명령으로 새로 만듭니다",
        ))),
        several => Err(Failure::usage(
            (
                format!("`{id}` begins {} identifiers", several.len()),
                format!("`{id}`: 이렇게 시작하는 식별자가 {}개입니다", several.len()),
            ),
            ("give more of its characters", "글자를 더 쓰세요"),
        )),
    }
}

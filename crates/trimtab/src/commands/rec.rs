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
    matching, recommendation_explain, recommendation_list, recommendation_show,
};
use trimtab_store::state::State;

use crate::cli::{Output, RecCommand, RecDismissArgs, RecIdArgs, RecListArgs, RecSnoozeArgs};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Runs `trimtab rec …`.
pub fn run(console: &Console, command: &RecCommand) -> Result<Printed, Failure> {
    // A mistake in the command is told before anything is looked up.
    let filter = match command {
        RecCommand::List(args) => args.filter.as_deref().map(parse).transpose()?,
        _ => None,
    };
    let state = pipeline::open_state(&console.settings)?;
    let analysis = pipeline::latest_analysis(&state)?;
    match command {
        RecCommand::List(args) => list(console, &state, analysis, args, filter.as_ref())?,
        RecCommand::Show(args) => show(console, &analysis, args)?,
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
        RecCommand::Dismiss(args) => dismiss(console, &state, &analysis, args)?,
        RecCommand::Snooze(args) => snooze(console, &state, &analysis, args)?,
        RecCommand::Reopen(args) => reopen(console, &state, &analysis, args)?,
    }
    Ok(Printed::Complete)
}

fn parse(text: &str) -> Result<Filter, Failure> {
    text.parse().map_err(|cause| {
        Failure::usage(
            format!("the filter cannot be read: {cause}"),
            "for example --filter 'saving>500usd and risk<=low and env!=prod'",
        )
    })
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
    if let Some(filter) = filter {
        let known = |code: &String| analysis.totals.keys().any(|currency| currency.code() == code);
        if let Some(foreign) = filter.currencies().into_iter().find(|code| !known(code)) {
            return Err(Failure::usage(
                format!("no amount of this analysis is in {foreign}"),
                "filters compare in the currency of the bill; exchange rates are for display only",
            ));
        }
        analysis.items.retain(|item| filter.matches(item));
        analysis.totals = trimtab_analysis::analyze::retotal(&analysis);
    }
    if console.is_json() {
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
        .map_err(|cause| Failure::usage(cause.to_string(), "see the names with -o json"))?;
    print_text(&text)?;
    if hidden > 0 {
        let count = hidden.to_string();
        console.say(&console.style.locale().text_with("list-hidden", &[("count", &count)]));
    }
    Ok(())
}

fn show(console: &Console, analysis: &Analysis, args: &RecIdArgs) -> Result<(), Failure> {
    console.no_rows()?;
    let item = find(analysis, &args.id)?;
    match console.output {
        Some(Output::Json | Output::Jsonl) => print_json(&json!({
            "schema": "trimtab/v1/rec.show",
            "item": recommendation_json(item, console.style.language),
        })),
        Some(Output::Table | Output::Csv | Output::Md) | None => {
            print_text(&recommendation_show(item, &console.style))
        }
    }
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
        .snooze(&item.id, after(console, args.until)?, pipeline::now())
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
            format!("{last} is in the past"),
            "give the last day on which it shall stay hidden",
        ));
    }
    last.tomorrow().map_err(|cause| Failure::from_error(Kind::Usage, &cause))
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
        [] => Err(Failure::new(Kind::Failed, format!("there is no recommendation `{id}`"))
            .with_hint(
                "run `trimtab rec list --all` to see them; `trimtab analyze` makes them anew",
            )),
        several => Err(Failure::usage(
            format!("`{id}` begins {} identifiers", several.len()),
            "give more of its characters",
        )),
    }
}

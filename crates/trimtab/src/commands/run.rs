//! `trimtab run`.

use std::time::Duration;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::plan::{self as pipeline_plan, KeptPlan, operator};
use trimtab_app::pipeline::runs::{self, Patience, Run, WishWord};
use trimtab_model::journal::Journal;
use trimtab_render::contract::{entry_json, run_json};
use trimtab_render::document::run::{RunPage, run_change_table, run_line, run_show, run_table};
use trimtab_store::state::State;

use crate::cli::{Output, RunCommand, RunIdArgs, RunResumeArgs, RunWishArgs};
use crate::commands::apply::{carry, carry_on};
use crate::console::Console;
use crate::terminal::{Printed, is_screen, print_failure, print_json, print_text, repaint};
use trimtab_app::pages::run_page;

/// How often a run that another process drives is looked at.
const GLANCE: Duration = Duration::from_secs(2);
/// How many of the latest events stand below the page of a run that is followed.
const LATEST: usize = 8;
/// How long a run is waited for that has nothing under way, unless asked otherwise.
const PATIENCE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

/// Runs `trimtab run …`.
pub fn run(console: &Console, command: &RunCommand) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    match command {
        RunCommand::List => list(console, &state),
        RunCommand::Show(args) => show(console, &state, args),
        RunCommand::Watch(args) => watch(console, &state, args),
        RunCommand::Pause(args) => wish(console, &state, args, WishWord::Pause),
        RunCommand::Cancel(args) => wish(console, &state, args, WishWord::Cancel),
        RunCommand::Resume(args) => resume(console, &state, args),
    }
}

fn list(console: &Console, state: &State) -> Result<Printed, Failure> {
    print_runs(console, state, |_| true)?;
    Ok(Printed::Complete)
}

/// Prints a line for each of the runs that are wanted.
fn print_runs(
    console: &Console,
    state: &State,
    is_wanted: impl Fn(&Run) -> bool,
) -> Result<(), Failure> {
    let with_plans: Vec<(Run, KeptPlan)> = runs::list(state)?
        .into_iter()
        .filter(is_wanted)
        .map(|run| {
            let stored = pipeline_plan::find(state, run.record.plan.as_str())?;
            Ok((run, stored))
        })
        .collect::<Result<_, Failure>>()?;
    let pages: Vec<RunPage<'_>> =
        with_plans.iter().map(|(run, stored)| run_page(run, stored)).collect();
    console.print_table("run.list", &run_table(&pages, &console.list_style()))?;
    if pages.is_empty() {
        console.say(&console.style.locale().text("run-none"));
    }
    Ok(())
}

fn show(console: &Console, state: &State, args: &RunIdArgs) -> Result<Printed, Failure> {
    let (run, stored) = runs::find(state, &args.run)?;
    let page = run_page(&run, &stored);
    match console.output {
        Some(Output::Json) => print_json(&run_json(&page, console.style.language))?,
        Some(Output::Csv | Output::Jsonl | Output::Md) => {
            console.print_table("run.show", &run_change_table(&page, &console.list_style()))?;
        }
        Some(Output::Table) | None => print_text(&run_show(&page, &console.style))?,
    }
    Ok(Printed::Complete)
}

/// Shows a run until it ends: as a page that stays where it is, line by line where nobody looks, or
/// as one JSON object for each thing that happens.
fn watch(console: &Console, state: &State, args: &RunIdArgs) -> Result<Printed, Failure> {
    let is_stream = console.output == Some(Output::Jsonl);
    if !is_stream {
        console.no_rows()?;
    }
    let is_live = is_screen() && matches!(console.output, None | Some(Output::Table));
    let mut told = 0;
    loop {
        let (run, stored) = runs::find(state, &args.run)?;
        if is_live {
            repaint(&live(console, &run, &stored))?;
        } else if let Ok(journal) = &run.journal {
            for entry in journal.entries().iter().skip(told) {
                if is_stream {
                    let line = entry_json(entry, &stored.plan, &console.style);
                    print_text(&line.to_string())?;
                } else {
                    console.say(&run_line(entry, &stored.plan, &console.style));
                }
            }
            told = journal.entries().len();
        }
        match (run.is_open(), is_live) {
            (true, _) => std::thread::sleep(GLANCE),
            // The page is there already.
            (false, true) => return Ok(Printed::Complete),
            (false, false) if is_stream => return Ok(Printed::Complete),
            (false, false) => return show(console, state, args),
        }
    }
}

/// Returns the page of a run, and below it what happened last.
fn live(console: &Console, run: &Run, stored: &KeptPlan) -> String {
    let mut text = run_show(&run_page(run, stored), &console.style);
    let entries = run.journal.as_ref().map_or(&[][..], Journal::entries);
    let latest = entries.iter().skip(entries.len().saturating_sub(LATEST));
    let lines: Vec<String> =
        latest.map(|entry| run_line(entry, &stored.plan, &console.style)).collect();
    text.push('\n');
    text.push_str(&lines.join("\n"));
    text
}

fn wish(
    console: &Console,
    state: &State,
    args: &RunWishArgs,
    word: WishWord,
) -> Result<Printed, Failure> {
    let by = operator(args.by.as_deref())?;
    let (run, _) = runs::find(state, &args.run)?;
    runs::ask(state, &run, word, &by)?;
    asked(console, &run);
    Ok(Printed::Complete)
}

/// Says that a wish is written down, and who hears it.
pub fn asked(console: &Console, run: &Run) {
    say_of(console, "run-asked", run);
}

fn say_of(console: &Console, key: &str, run: &Run) {
    let arguments = [("run", run.record.id.as_str())];
    console.say(&console.style.locale().text_with(key, &arguments));
}

fn resume(console: &Console, state: &State, args: &RunResumeArgs) -> Result<Printed, Failure> {
    let by = operator(args.by.as_deref())?;
    // The command line takes a run, or all of them.
    let Some(wanted) = &args.run else { return resume_all(console, state, args, &by) };
    let (run, stored) = runs::find(state, wanted)?;
    let is_asked = match &args.change {
        Some(change) => runs::unhold(state, &run, &stored, change, &by).map(|_| true)?,
        None => runs::unpause(state, &run, &by)?,
    };
    match (args.execute, is_asked) {
        (true, _) => {}
        (false, true) => {
            asked(console, &run);
            return Ok(Printed::Complete);
        }
        (false, false) => {
            say_of(console, "run-not-paused", &run);
            return Ok(Printed::Complete);
        }
    }
    console.no_rows()?;
    let ready = runs::ready_again(state, &run, stored, by)?;
    let patience = if args.wait { Patience::Endless } else { Patience::Until(PATIENCE) };
    carry_on(console, state, &ready, &args.actor.actor(), patience)
}

/// Goes on with every run that has not ended, and lets nobody's pause go. One that cannot be helped
/// keeps no other from it: it is told, and decides the exit code.
fn resume_all(
    console: &Console,
    state: &State,
    args: &RunResumeArgs,
    by: &str,
) -> Result<Printed, Failure> {
    let unfinished = runs::unfinished(state)?;
    let mut worst: Option<Kind> = None;
    for run in &unfinished {
        let kind = match resume_one(console, state, run, args, by) {
            Ok(Some(Kind::Interrupted)) => return Ok(Printed::Interrupted),
            Ok(kind) => kind,
            Err(failure) => {
                print_failure(&failure, &console.style);
                Some(failure.kind)
            }
        };
        worst = kind.into_iter().chain(worst).max_by_key(|kind| kind.exit_code());
    }
    let tried: Vec<&str> = unfinished.iter().map(|run| run.record.id.as_str()).collect();
    print_runs(console, state, |run| tried.contains(&run.record.id.as_str()))?;
    if !args.execute && !tried.is_empty() {
        console.say(&console.style.locale().text("run-resume-dry"));
    }
    Ok(worst.map_or(Printed::Complete, Printed::Found))
}

/// Goes on with one run of several; returns the kind whose exit code says how it went.
fn resume_one(
    console: &Console,
    state: &State,
    run: &Run,
    args: &RunResumeArgs,
    by: &str,
) -> Result<Option<Kind>, Failure> {
    // What a paused run has under way is brought to its end all the same; nothing more begins.
    if runs::is_paused(state, run)? && !run.is_under_way() {
        say_of(console, "run-is-paused", run);
        return Ok(None);
    }
    if !args.execute {
        return Ok(None);
    }
    let stored = pipeline_plan::find(state, run.record.plan.as_str())?;
    let ready = runs::ready_again(state, run, stored, by.to_owned())?;
    let patience = if args.wait { Patience::Endless } else { Patience::Until(PATIENCE) };
    Ok(carry(console, state, &ready, &args.actor.actor(), patience)?.kind())
}

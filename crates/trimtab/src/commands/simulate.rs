//! `trimtab simulate`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, AnalyzeRequest, Source};
use trimtab_model::simulation::Scenario;
use trimtab_render::contract::simulation_json;
use trimtab_render::document::{simulation_page, simulation_table};

use crate::cli::SimulateArgs;
use crate::commands::analyze::{isolation, place};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Judges everything again with other users; keeps nothing.
pub fn run(console: &Console, args: &SimulateArgs) -> Result<Printed, Failure> {
    let request = AnalyzeRequest {
        source: args.from.clone().map_or(Source::DataDirectory, Source::Directory),
        as_of: args.as_of,
        checks: args.checks.clone(),
        place: place(args.account.as_deref(), args.region.as_deref()),
        isolation: isolation()?,
    };
    let scenario = Scenario { users: args.users, events: args.event.clone() };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-simulate"), locale, console.quiet);
    let answered = pipeline::simulate(&console.settings, &request, scenario, &|progress| {
        bar.show(progress);
    })?;
    drop(bar);
    if console.is_json() {
        print_json(&simulation_json(&answered.answer, console.style.language))?;
    } else if console.is_table() {
        print_text(&simulation_page(&answered.answer, &console.style))?;
    } else {
        let table = simulation_table(&answered.answer, &console.list_style());
        console.print_table("simulation", &table)?;
    }
    console.problems(&answered.errors, &[]);
    Ok(if answered.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

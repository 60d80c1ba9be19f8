//! `trimtab db`.

use trimtab_analysis::queries::QueryThresholds;
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, AnalyzeRequest, InspectRequest, Source};
use trimtab_model::database::Rights;
use trimtab_render::contract::inspection_json;
use trimtab_render::document::{database_inspection, database_inspection_table};
use trimtab_store::inventory::Place;

use crate::cli::{DatabaseCommand, DatabaseInspectArgs};
use crate::commands::analyze::isolation;
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Runs `trimtab db …`.
pub fn run(console: &Console, command: &DatabaseCommand) -> Result<Printed, Failure> {
    match command {
        DatabaseCommand::Inspect(args) => inspect(console, args),
    }
}

fn inspect(console: &Console, args: &DatabaseInspectArgs) -> Result<Printed, Failure> {
    let instance = match &args.resource {
        Some(resource) => Some((
            resource.clone(),
            AnalyzeRequest {
                source: args.from.clone().map_or(Source::DataDirectory, Source::Directory),
                as_of: args.as_of,
                checks: Vec::new(),
                place: Place::default(),
                isolation: isolation()?,
            },
        )),
        None => None,
    };
    let request = InspectRequest {
        url: args.url.clone(),
        thresholds: QueryThresholds {
            settled_hours: f64::from(args.settled_hours),
            ..QueryThresholds::default()
        },
        idle_after_seconds: u64::from(args.idle_after),
        instance,
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-database"), locale, console.quiet);
    let inspected = pipeline::inspect(&console.settings, &request, &|progress| bar.show(progress))?;
    drop(bar);
    console.problems(&inspected.errors, &inspected.notices);
    let inspection = &inspected.inspection;
    if let Rights::CanWrite(privileges) = &inspection.rights {
        let privileges = privileges.join(", ");
        console.say(&locale.text_with("inspection-can-write", &[("privileges", &privileges)]));
    }
    if console.is_json() {
        print_json(&inspection_json(inspection, console.style.language))?;
    } else if console.is_table() {
        print_text(&database_inspection(inspection, &console.style))?;
    } else {
        let table = database_inspection_table(inspection, &console.list_style());
        console.print_table("db.inspect", &table)?;
    }
    Ok(if inspected.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

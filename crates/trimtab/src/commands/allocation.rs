//! `trimtab cost allocation`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, Divided};
use trimtab_render::contract::allocation_json;
use trimtab_render::document::allocation_table;
use trimtab_render::table::Cell;

use crate::cli::CostAllocationArgs;
use crate::commands::analyze::isolation;
use crate::commands::cost::{filter, period, say_coarse};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Says whose cost the bill is.
pub fn run(console: &Console, args: &CostAllocationArgs) -> Result<Printed, Failure> {
    console.explain_currency();
    let divided = Divided { by: args.by.clone(), filter: filter(&args.filter) };
    let locale = console.style.locale();
    let (all, printed) = match &args.filter.from {
        None => (pipeline::allocations(&console.settings, &divided)?, Printed::Complete),
        Some(dir) => {
            let bar = ProgressBar::start(&locale.text("progress-ingest"), locale, console.quiet);
            let (all, errors) = pipeline::allocations_of_exports(
                &console.settings,
                &divided,
                dir,
                &isolation()?,
                &|progress| bar.show(progress),
            )?;
            drop(bar);
            console.problems(&errors, &[]);
            (all, if errors.is_empty() { Printed::Complete } else { Printed::Partial })
        }
    };
    say_coarse(console, &args.filter)?;
    if console.is_json() {
        print_json(&allocation_json(&all))?;
        return Ok(printed);
    }
    let period = period(console, &args.filter);
    if all.items.is_empty() && console.is_table() {
        console.say(&locale.text_with("allocation-none", &[("period", &period)]));
        return Ok(printed);
    }
    let nobody = if console.is_table() {
        Cell::text(locale.text("allocation-nobody"))
    } else {
        Cell::Missing
    };
    let table = allocation_table(&all, &nobody, &console.style);
    console.print_table("cost.allocation", &table)?;
    if console.is_table() {
        let basis = if all.is_effective { "effective" } else { "billed" };
        let words = [("period", period.as_str()), ("basis", basis)];
        print_text(&format!("\n{}", locale.text_with("allocation-note", &words)))?;
    }
    Ok(printed)
}

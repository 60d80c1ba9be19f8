//! `trimtab cost unit`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, CostQuery, UnitCostRequest};
use trimtab_model::unit_cost::UnitBasis;
use trimtab_render::contract::unit_cost_json;
use trimtab_render::document::{unit_cost_note, unit_cost_table};
use trimtab_store::cost::GroupBy;

use crate::cli::{CostPer, CostUnitArgs, CostUnitBy};
use crate::commands::analyze::isolation;
use crate::commands::cost::{ask, filter};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Divides the bill by users or requests.
pub fn run(console: &Console, args: &CostUnitArgs) -> Result<Printed, Failure> {
    let query = CostQuery {
        by: GroupBy::Day,
        then: args.by.map(|CostUnitBy::Service| GroupBy::Service),
        filter: filter(&args.filter),
    };
    let request = UnitCostRequest {
        per: basis(args.per),
        since: args.filter.since,
        until: args.filter.until,
        from: args.filter.from.clone(),
        isolation: isolation()?,
    };
    let (mut answers, printed) = ask(console, &args.filter, vec![query])?;
    let groups = answers.pop().unwrap_or_default();
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-traffic"), locale, console.quiet);
    let answered = pipeline::unit_cost(&console.settings, &request, &groups, &|progress| {
        bar.show(progress);
    })?;
    drop(bar);
    console.problems(&answered.errors, &[]);
    if console.is_json() {
        print_json(&unit_cost_json(&answered.answer))?;
    } else {
        let table = unit_cost_table(&answered.answer, &console.list_style());
        console.print_table("cost.unit", &table)?;
    }
    if console.is_table() {
        print_text(&format!("\n{}", unit_cost_note(&answered.answer, &console.style)))?;
    }
    let partial = !answered.errors.is_empty();
    Ok(if partial { Printed::Partial } else { printed })
}

fn basis(per: CostPer) -> UnitBasis {
    match per {
        CostPer::Dau => UnitBasis::Dau,
        CostPer::Mau => UnitBasis::Mau,
        CostPer::ThousandRequests => UnitBasis::ThousandRequests,
    }
}

//! `trimtab coverage`.

use trimtab_analysis::api_months::{api_cost, api_months};
use trimtab_analysis::places::missing_signals;
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{self, KnownPlaces};
use trimtab_model::money::MoneyError;
use trimtab_render::document::{
    api_month_table, api_use_table, coverage, coverage_table, permission_table, place_table,
    scan_holes, signal_table,
};
use trimtab_store::cost::{self, CostFilter, GroupBy};
use trimtab_store::state::State;

use crate::cli::{CoverageArgs, CoverageList};
use crate::commands::scan;
use crate::console::Console;
use crate::terminal::{Printed, print_text};

/// Shows what data there is, what is missing, and what asking for it took.
pub fn run(console: &Console, args: &CoverageArgs) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let style = console.list_style();
    let money = |cause: MoneyError| Failure::from_error(Kind::Failed, &cause);
    match args.list {
        CoverageList::Sources => return sources(console, &state),
        CoverageList::Places => {
            let known = known(console, &state)?;
            console.print_table("coverage.places", &place_table(&known.places, &style))?;
        }
        CoverageList::Permissions => {
            let known = known(console, &state)?;
            console.print_table("coverage.permissions", &permission_table(&known.gaps, &style))?;
        }
        CoverageList::Signals => {
            let signals = missing_signals(&pipeline::latest_findings(&state)?.unknown);
            console.print_table("coverage.signals", &signal_table(&signals, &style))?;
        }
        CoverageList::Calls => {
            let uses = pipeline::api_uses(&state)?.into_iter();
            let priced = uses.map(|one| {
                let cost = api_cost(&one)?;
                Ok((one, cost))
            });
            let priced = priced.collect::<Result<Vec<_>, _>>().map_err(money)?;
            console.print_table("coverage.calls", &api_use_table(&priced, &style))?;
        }
        CoverageList::Months => {
            let months = api_months(&pipeline::api_uses(&state)?).map_err(money)?;
            console.print_table("coverage.months", &api_month_table(&months, &style))?;
        }
    }
    Ok(Printed::Complete)
}

/// Shows what data the latest analysis had, what it lacked, and what that would unlock.
fn sources(console: &Console, state: &State) -> Result<Printed, Failure> {
    let mut known = pipeline::latest_findings(state)?.coverage;
    // As the last scan found them, which may be later than the analysis.
    known.sources.extend(pipeline::last_sources(state)?);
    if !console.is_table() {
        console.print_table("coverage", &coverage_table(&known, &console.list_style()))?;
    } else {
        let mut text = coverage(&known, &console.style);
        text.push_str(&scan_holes(
            &scan::holes(&pipeline::last_collections(state)?),
            &console.style,
        ));
        print_text(&text)?;
    }
    Ok(Printed::Complete)
}

fn known(console: &Console, state: &State) -> Result<KnownPlaces, Failure> {
    let settings = &console.settings;
    let snapshot = pipeline::inventory(settings, state)?;
    let lake = pipeline::open_lake(settings)?;
    let by = [GroupBy::Account, GroupBy::Region];
    let billed = cost::cost_groups(&lake, &by, &CostFilter::default())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    pipeline::known_places(settings, state, snapshot.as_ref(), &billed)
}

//! `trimtab recover`.

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::plan::{self, KeptPlan};
use trimtab_app::pipeline::recover::{
    AdoptRequest, RecoverRequest, Recovered, Unread, adopt, lost_plans, recover,
};
use trimtab_app::pipeline::runs::{self, Run};
use trimtab_render::document::recover::{MarkRow, recover_table};
use trimtab_render::document::run::{RunPage, run_table};
use trimtab_store::state::State;

use crate::cli::RecoverArgs;
use crate::console::Console;
use crate::terminal::Printed;
use trimtab_app::pages::run_page;

/// Shows what runs left and what each needs, or gives runs that lost their journal a new one.
pub fn run(console: &Console, args: &RecoverArgs) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let request = RecoverRequest {
        profile: args.profile.clone(),
        accounts: args.account.clone(),
        regions: args.region.clone(),
        by: args.by.clone(),
    };
    match args.adopt.as_deref() {
        // A plan that is named needs no search.
        Some(plan) if !plan.is_empty() => take_up(console, &state, args, &[plan.to_owned()]),
        Some(_) => {
            let found = recover(&console.settings, &state, &request)?;
            let plans: Vec<String> = lost_plans(&found).iter().map(ToString::to_string).collect();
            if plans.is_empty() {
                return show(console, &state, &found);
            }
            take_up(console, &state, args, &plans)
        }
        None => show(console, &state, &recover(&console.settings, &state, &request)?),
    }
}

fn show(console: &Console, state: &State, found: &Recovered) -> Result<Printed, Failure> {
    let open = with_plans(state, &found.open)?;
    let pages: Vec<RunPage<'_>> = open.iter().map(|(run, stored)| run_page(run, stored)).collect();
    let rows: Vec<MarkRow<'_>> = found
        .found
        .iter()
        .map(|one| MarkRow {
            mark: &one.mark,
            belonging: &one.belonging,
            monthly_cost: one.monthly_cost,
            next: &one.next,
        })
        .collect();
    console.print_table("recover", &recover_table(&pages, &rows, &console.list_style()))?;
    let locale = console.style.locale();
    for unread in &found.unread {
        let (place, why) = (place(unread), console.style.sentence(&unread.reason.text));
        console.say(&locale.text_with("recover-unread", &[("place", &place), ("why", &why)]));
    }
    let lost = found.found.iter().filter(|one| one.belonging.is_lost()).count();
    if lost > 0 {
        let count = lost.to_string();
        console.say(&locale.text_with("recover-lost", &[("count", &count)]));
        return Ok(Printed::Found(Kind::NeedsOperator));
    }
    if pages.is_empty() && rows.is_empty() {
        console.say(&locale.text("recover-nothing"));
    }
    Ok(if found.unread.is_empty() { Printed::Complete } else { Printed::Partial })
}

fn place(unread: &Unread) -> String {
    match &unread.region {
        Some(region) => format!("{} {region}", unread.account),
        None => unread.account.to_string(),
    }
}

/// Gives each plan's run a journal again.
fn take_up(
    console: &Console,
    state: &State,
    args: &RecoverArgs,
    plans: &[String],
) -> Result<Printed, Failure> {
    let mut taken = Vec::new();
    for plan in plans {
        let request =
            AdoptRequest { plan: plan.clone(), by: args.by.clone(), profile: args.profile.clone() };
        taken.push(adopt(&console.settings, state, &request, pipeline::now())?);
    }
    let of_taken: Vec<Run> = taken
        .iter()
        .map(|one| runs::find(state, one.run.as_str()).map(|(run, _)| run))
        .collect::<Result<_, Failure>>()?;
    let with_plans = with_plans(state, &of_taken)?;
    let pages: Vec<RunPage<'_>> =
        with_plans.iter().map(|(run, stored)| run_page(run, stored)).collect();
    console.print_table("recover.adopt", &run_table(&pages, &console.list_style()))?;
    for one in &taken {
        let (begun, unclear) = (one.begun.len().to_string(), one.unclear.len().to_string());
        let arguments =
            [("run", one.run.as_str()), ("begun", begun.as_str()), ("unclear", unclear.as_str())];
        console.say(&console.style.locale().text_with("recover-adopted", &arguments));
    }
    let is_unclear = taken.iter().any(|one| !one.unclear.is_empty());
    Ok(if is_unclear { Printed::Found(Kind::NeedsOperator) } else { Printed::Complete })
}

fn with_plans(state: &State, runs: &[Run]) -> Result<Vec<(Run, KeptPlan)>, Failure> {
    runs.iter().map(|run| Ok((run.clone(), plan::find(state, run.record.plan.as_str())?))).collect()
}

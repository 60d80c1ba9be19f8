//! `trimtab rollback`.

use serde_json::json;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline;
use trimtab_app::pipeline::plan::{Known, Planned, operator};
use trimtab_app::pipeline::runs::{self, Patience, RolledBack};
use trimtab_render::document::plan::plan_show;

use crate::cli::RollbackArgs;
use crate::commands::apply::carry_on;
use crate::commands::run::asked;
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};
use trimtab_app::pages::plan_page;

/// Takes back what is not confirmed, or makes the plan that leads back from what is.
pub fn run(console: &Console, args: &RollbackArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    let now = pipeline::now();
    let by = operator(args.by.as_deref())?;
    let state = pipeline::open_state(&console.settings)?;
    let (run, stored) = runs::find(&state, &args.run)?;
    let change = args.change.as_deref();
    match runs::roll_back(&state, &run, &stored, change, (&by, now))? {
        RolledBack::Asked if args.execute => {
            let ready = runs::ready_again(&state, &run, stored, by)?;
            carry_on(console, &state, &ready, &args.actor.actor(), Patience::Endless)
        }
        RolledBack::Asked => {
            if console.is_json() {
                print_json(&json!({
                    "schema": "trimtab/v1/rollback",
                    "run": run.record.id.as_str(),
                    "plan": null,
                }))?;
            }
            asked(console, &run);
            Ok(Printed::Complete)
        }
        RolledBack::Planned(planned) => {
            let Planned { stored, findings } = *planned;
            let known = Known {
                stored,
                approvals: Vec::new(),
                findings,
                runs: Vec::new(),
                attestations: Vec::new(),
            };
            let page = plan_page(&known, now)?;
            if console.is_json() {
                print_json(&json!({
                    "schema": "trimtab/v1/rollback",
                    "run": run.record.id.as_str(),
                    "plan": page.id,
                }))?;
            } else {
                print_text(&plan_show(&page, &console.style))?;
            }
            let arguments = [("plan", page.id)];
            console.say(&console.style.locale().text_with("plan-kept", &arguments));
            Ok(Printed::Complete)
        }
    }
}

//! `trimtab iam`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{
    CostExplorer, Extras, Organization, cloudformation, policy, read_permissions, terraform,
};

use crate::cli::{IamArgs, IamCommand, Tier};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Prints what a role needs.
pub fn run(console: &Console, command: &IamCommand) -> Result<Printed, Failure> {
    let statements = |args: &IamArgs| match args.tier {
        Tier::Read => {
            let organization = if args.org { Organization::Listed } else { Organization::Member };
            let extras = Extras {
                bill_bucket: args.bills.clone(),
                cost_explorer: if args.cost_explorer {
                    CostExplorer::Asked
                } else {
                    CostExplorer::NotAsked
                },
            };
            read_permissions(&console.settings, organization, &extras)
        }
    };
    match command {
        IamCommand::Policy(args) => print_json(&policy(&statements(args)))?,
        IamCommand::Cloudformation(args) => print_text(&cloudformation(&statements(args)))?,
        IamCommand::Terraform(args) => print_text(&terraform(&statements(args)))?,
    }
    Ok(Printed::Complete)
}

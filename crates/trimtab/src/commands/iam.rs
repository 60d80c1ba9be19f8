//! `trimtab iam`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{
    ChangingRole, CostExplorer, Extras, Organization, RoleTier, boundary, changing_role,
    cloudformation, policy, read_permissions, terraform,
};

use crate::cli::{IamArgs, IamCommand, Tier};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Prints what a role needs.
pub fn run(console: &Console, command: &IamCommand) -> Result<Printed, Failure> {
    match command {
        IamCommand::Policy(args) => {
            let document = match args.tier {
                Tier::Read => policy(&read_statements(console, args)),
                Tier::Apply => role(args, RoleTier::Apply)?.policy(),
                Tier::Destroy => role(args, RoleTier::Destroy)?.policy(),
                Tier::Boundary => boundary(),
            };
            print_json(&document)?;
        }
        IamCommand::Cloudformation(args) => {
            only_reading(args)?;
            print_text(&cloudformation(&read_statements(console, args)))?;
        }
        IamCommand::Terraform(args) => {
            only_reading(args)?;
            print_text(&terraform(&read_statements(console, args)))?;
        }
    }
    Ok(Printed::Complete)
}

fn read_statements(console: &Console, args: &IamArgs) -> Vec<trimtab_app::pipeline::Statement> {
    let organization = if args.org { Organization::Listed } else { Organization::Member };
    let cost_explorer =
        if args.cost_explorer { CostExplorer::Asked } else { CostExplorer::NotAsked };
    let extras = Extras { bill_bucket: args.bills.clone(), cost_explorer };
    read_permissions(&console.settings, organization, &extras)
}

fn role(args: &IamArgs, tier: RoleTier) -> Result<ChangingRole, Failure> {
    let Some(environment) = args.env else {
        return Err(Failure::usage(
            (
                "a role that changes something is for one environment",
                "변경하는 역할은 한 환경에만 쓸 수 있습니다",
            ),
            (
                "add --env dev, --env staging or --env prod",
                "--env dev, --env staging, --env prod 중 하나를 추가하세요",
            ),
        ));
    };
    changing_role(tier, environment.into(), &args.actions, &args.types, args.account.as_deref())
}

fn only_reading(args: &IamArgs) -> Result<(), Failure> {
    match args.tier {
        Tier::Read => Ok(()),
        Tier::Apply | Tier::Destroy | Tier::Boundary => Err(Failure::usage(
            (
                "this form is printed for the role that reads only",
                "이 형식은 읽기 역할만 출력합니다",
            ),
            (
                "`trimtab iam policy` prints the policy of every tier",
                "`trimtab iam policy` 명령은 모든 역할의 정책을 출력합니다",
            ),
        )),
    }
}

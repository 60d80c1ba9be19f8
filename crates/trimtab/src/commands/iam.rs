//! `trimtab iam`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{
    ChangingRole, CostExplorer, Extras, Organization, RoleTier, changing_boundary, changing_role,
    cloudformation, policy, read_permissions, scheduler_policy, terraform, trust_of,
};
use trimtab_model::environment::Environment;

use crate::cli::{IamArgs, IamCommand, Tier};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Prints what a role needs.
pub fn run(console: &Console, command: &IamCommand) -> Result<Printed, Failure> {
    match command {
        IamCommand::Policy(args) => {
            refuse_foreign(args)?;
            let document = match args.tier {
                Tier::Read => policy(&read_statements(console, args)),
                Tier::Apply => role(console, args, RoleTier::Apply)?.policy(),
                Tier::Destroy => role(console, args, RoleTier::Destroy)?.policy(),
                Tier::Scheduler => scheduler_policy(args.account.as_deref()),
                Tier::Boundary => changing_boundary(&console.settings),
                Tier::Trust => trust(args)?,
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

fn role(console: &Console, args: &IamArgs, tier: RoleTier) -> Result<ChangingRole, Failure> {
    let environment = environment(args)?;
    let (settings, account) = (&console.settings, args.account.as_deref());
    changing_role(settings, tier, environment, &args.actions, &args.types, account)
}

fn trust(args: &IamArgs) -> Result<serde_json::Value, Failure> {
    let environment = environment(args)?;
    let (trusted, variable) = (args.trusted.as_deref(), args.external_id_env.as_deref());
    Ok(trust_of(environment, trusted, variable)?.policy())
}

fn environment(args: &IamArgs) -> Result<Environment, Failure> {
    args.env.map(Into::into).ok_or_else(|| {
        Failure::usage(
            (
                "a role that changes something is for one environment",
                "변경하는 역할은 한 환경에만 쓸 수 있습니다",
            ),
            (
                "add --env dev, --env staging or --env prod",
                "--env dev, --env staging, --env prod 중 하나를 추가하세요",
            ),
        )
    })
}

/// Refuses flags that say nothing about the tier: the policy would not hold what they ask for.
fn refuse_foreign(args: &IamArgs) -> Result<(), Failure> {
    let changes = matches!(args.tier, Tier::Apply | Tier::Destroy);
    let trusts = args.tier == Tier::Trust;
    let reads = args.tier == Tier::Read;
    let given = [
        ("--org", args.org && !reads),
        ("--bills", args.bills.is_some() && !reads),
        ("--cost-explorer", args.cost_explorer && !reads),
        ("--env", args.env.is_some() && !changes && !trusts),
        ("--actions", !args.actions.is_empty() && !changes),
        ("--types", !args.types.is_empty() && !changes),
        ("--account", args.account.is_some() && !changes && args.tier != Tier::Scheduler),
        ("--trusted", args.trusted.is_some() && !trusts),
        ("--external-id-env", args.external_id_env.is_some() && !trusts),
    ];
    match given.into_iter().find(|(_, is_foreign)| *is_foreign) {
        None => Ok(()),
        Some((flag, _)) => Err(Failure::usage(
            (
                format!("{flag} says nothing about this tier"),
                format!("이 역할에는 쓸 수 없는 옵션입니다: {flag}"),
            ),
            (
                "leave it out, or name another --tier",
                "옵션을 빼거나 --tier로 다른 역할을 지정하세요",
            ),
        )),
    }
}

fn only_reading(args: &IamArgs) -> Result<(), Failure> {
    match args.tier {
        Tier::Read => refuse_foreign(args),
        Tier::Apply | Tier::Destroy | Tier::Scheduler | Tier::Boundary | Tier::Trust => {
            Err(Failure::usage(
                (
                    "this form is printed for the role that reads only",
                    "이 형식은 읽기 역할만 출력합니다",
                ),
                (
                    "`trimtab iam policy` prints the policy of every tier",
                    "`trimtab iam policy` 명령은 모든 역할의 정책을 출력합니다",
                ),
            ))
        }
    }
}

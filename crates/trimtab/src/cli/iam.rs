//! `trimtab iam`.

use clap::{Args, Subcommand, ValueEnum};

use trimtab_model::environment::Environment;

/// `trimtab iam`.
#[derive(Debug, Subcommand)]
pub enum IamCommand {
    /// Print the policy as JSON
    Policy(IamArgs),
    /// Print the role as a CloudFormation template
    Cloudformation(IamArgs),
    /// Print the role as Terraform
    Terraform(IamArgs),
}

/// What the role is for.
#[derive(Debug, Args)]
pub struct IamArgs {
    /// What the role may do
    #[arg(long, value_name = "TIER", default_value = "read")]
    pub tier: Tier,
    /// Let it list the accounts of the organisation too: for the management account
    #[arg(long)]
    pub org: bool,
    /// Let it find the exports of the bill and read them in this bucket, and in no other
    #[arg(long, value_name = "BUCKET")]
    pub bills: Option<String>,
    /// Let it ask Cost Explorer, which charges for each request
    #[arg(long)]
    pub cost_explorer: bool,
    /// The environment that the role is for: it is refused everywhere else
    #[arg(long, value_name = "ENVIRONMENT")]
    pub env: Option<RoleEnvironment>,
    /// Only these actions, such as modify-instance-type, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ACTIONS")]
    pub actions: Vec<String>,
    /// Only these instance types may be given, such as m7i.*, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "TYPES")]
    pub types: Vec<String>,
    /// The account whose resources the role may change
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Who may take the role on: the number of an account, or the ARN of a user or role
    #[arg(long, value_name = "PRINCIPAL")]
    pub trusted: Option<String>,
    /// The environment variable that holds the external ID that must be shown
    #[arg(long, value_name = "VARIABLE")]
    pub external_id_env: Option<String>,
}

/// What a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// Read, and change nothing.
    Read,
    /// Make changes that can be taken back, in one environment.
    Apply,
    /// Delete what lay in quarantine, in one environment.
    Destroy,
    /// Stop and start resources outside production: the role that schedules act as.
    Scheduler,
    /// The most that a role of either may ever do: a permissions boundary.
    Boundary,
    /// Who may take a role of either on: its trust policy.
    Trust,
}

/// An environment that a role is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleEnvironment {
    /// Development.
    Dev,
    /// Staging.
    Staging,
    /// Production.
    Prod,
}

impl From<RoleEnvironment> for Environment {
    fn from(environment: RoleEnvironment) -> Self {
        match environment {
            RoleEnvironment::Dev => Self::Dev,
            RoleEnvironment::Staging => Self::Staging,
            RoleEnvironment::Prod => Self::Prod,
        }
    }
}

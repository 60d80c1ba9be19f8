//! `trimtab plan` and `trimtab apply`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use trimtab_model::environment::Environment;

/// `trimtab plan`.
#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Make a plan of recommendations; changes nothing
    Create(PlanCreateArgs),
    /// List the plans
    List,
    /// Show one plan whole: read it before you approve it
    Show(PlanIdArgs),
    /// Say what is wrong with a plan
    Lint(PlanIdArgs),
    /// Say what differs between two plans
    Diff(PlanDiffArgs),
    /// Say when each change of a plan would begin
    Simulate(PlanIdArgs),
    /// Read from AWS what stands in the way of each change; changes nothing
    Preflight(PlanPreflightArgs),
    /// Vouch for what only a person can know of a change
    Attest(PlanAttestArgs),
    /// Approve one stage of a plan
    Approve(PlanApproveArgs),
    /// Write a plan down for those who carry it out, own what it changes, or live with it
    Export(PlanExportArgs),
}

/// `trimtab plan create`.
#[derive(Debug, Args)]
pub struct PlanCreateArgs {
    /// Recommendations, by the beginning of their identifiers [default: all open ones]
    #[arg(value_name = "REC")]
    pub recommendations: Vec<String>,
    /// Condition such as `saving>500usd and risk<=low and env!=prod`
    #[arg(long, value_name = "CONDITION")]
    pub filter: Option<String>,
    /// Who makes it [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// What `terraform show -json` printed: what Terraform manages is left to it; may be given several times
    #[arg(long, value_name = "FILE")]
    pub terraform: Vec<PathBuf>,
}

/// One plan.
#[derive(Debug, Args)]
pub struct PlanIdArgs {
    /// Its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
}

/// `trimtab plan diff`.
#[derive(Debug, Args)]
pub struct PlanDiffArgs {
    /// The first plan
    #[arg(value_name = "PLAN")]
    pub before: String,
    /// The second plan
    #[arg(value_name = "PLAN")]
    pub after: String,
}

/// `trimtab plan preflight`.
#[derive(Debug, Args)]
pub struct PlanPreflightArgs {
    /// Its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
}

/// `trimtab plan attest`.
#[derive(Debug, Args)]
pub struct PlanAttestArgs {
    /// Its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// The change, by the beginning of its identifier
    #[arg(long, value_name = "CHANGE", required = true)]
    pub change: String,
    /// The row of `trimtab plan preflight`, such as ec2-08
    #[arg(long, value_name = "ROW", required = true)]
    pub row: String,
    /// Who vouches [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// What was seen or decided, in one line
    #[arg(long, value_name = "TEXT", required = true)]
    pub note: String,
}

/// `trimtab plan approve`.
#[derive(Debug, Args)]
pub struct PlanApproveArgs {
    /// Its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// The stage
    #[arg(long, value_name = "STAGE", required = true)]
    pub stage: StageName,
    /// The hash of the plan, or twelve characters of its beginning at least
    #[arg(long, value_name = "HASH", required = true)]
    pub plan_hash: String,
    /// The alias of an account whose production is changed, or its number where it has none; once for each
    #[arg(long, value_name = "NAME")]
    pub alias: Vec<String>,
    /// Who approves [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// `trimtab plan export`.
#[derive(Debug, Args)]
pub struct PlanExportArgs {
    /// Its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// What to write
    #[arg(long, value_name = "FORMAT", required = true)]
    pub format: PlanFormat,
    /// Whom to call, for the announcement
    #[arg(long, value_name = "TEXT")]
    pub contact: Option<String>,
    /// Write the record of this run and not the announcement
    #[arg(long, value_name = "RUN", conflicts_with = "contact")]
    pub run: Option<String>,
}

/// A form of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// A script of the AWS CLI, with the way back.
    Awscli,
    /// An announcement, or the record of a run, as Markdown.
    Md,
    /// What owners change in Terraform.
    Terraform,
    /// What owners change in CloudFormation.
    Cloudformation,
}

/// A stage of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// Development.
    Dev,
    /// Staging.
    Staging,
    /// Production.
    Prod,
}

impl StageName {
    /// Returns the environment.
    pub fn environment(self) -> Environment {
        match self {
            Self::Dev => Environment::Dev,
            Self::Staging => Environment::Staging,
            Self::Prod => Environment::Prod,
        }
    }
}

/// `trimtab apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The plan: its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// The last stage to carry out [default: every stage that is approved]
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<StageName>,
    /// Make the changes; without it, nothing is changed and every call is shown
    #[arg(long)]
    pub execute: bool,
    /// The hash of the plan, or twelve characters of its beginning at least; needed where nobody can be asked
    #[arg(long, value_name = "HASH")]
    pub plan_hash: Option<String>,
    /// Who carries it out [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Stay until the run ends: for windows and confirmations, too
    #[arg(long)]
    pub wait: bool,
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
}

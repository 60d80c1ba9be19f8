//! `trimtab plan` and `trimtab apply`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};

use trimtab_app::pipeline::runs::{LastStage, WindowWish};
use trimtab_model::environment::Environment;

use super::ActorArgs;

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
    /// Say when each change of a plan would begin, with every call
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
    /// Project of `trimtab serverless scaffold` whose function took over: its server is stopped; may be given several times
    #[arg(long, value_name = "DIR")]
    pub migration: Vec<PathBuf>,
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
    #[value(alias = "stg")]
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

/// The last stage that is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LastStageName {
    /// Development.
    Dev,
    /// Staging.
    #[value(alias = "stg")]
    Staging,
    /// Production.
    Prod,
    /// The first stage that is not over.
    Next,
}

impl LastStageName {
    /// Returns the stage that is meant.
    pub fn wish(self) -> LastStage {
        match self {
            Self::Dev => LastStage::Named(Environment::Dev),
            Self::Staging => LastStage::Named(Environment::Staging),
            Self::Prod => LastStage::Named(Environment::Prod),
            Self::Next => LastStage::Next,
        }
    }
}

/// What is done where no change window is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WindowName {
    /// Begin nothing.
    Now,
    /// Wait for the next one, however long.
    Next,
}

impl WindowName {
    /// Returns what is wished.
    pub fn wish(self) -> WindowWish {
        match self {
            Self::Now => WindowWish::Now,
            Self::Next => WindowWish::Next,
        }
    }
}

/// A share in percent, such as `5%`; zero for the first change alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub u8);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.strip_suffix('%').unwrap_or(text).parse::<u8>().ok();
        number
            .filter(|share| *share <= 100)
            .map(Self)
            .ok_or_else(|| "give a percentage from 0 to 100, such as 5%".to_owned())
    }
}

/// `trimtab apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The plan: its identifier or its hash, or the beginning of it
    #[arg(value_name = "PLAN")]
    pub plan: String,
    /// The last stage to carry out, or the next one alone [default: every stage that is approved]
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<LastStageName>,
    /// End behind the wave of so many percent of that stage; without a number, behind its first change
    #[arg(long, value_name = "PERCENT", num_args = 0..=1, default_missing_value = "0")]
    pub canary: Option<Percent>,
    /// What to do where no change window is open [default: wait two minutes, then end]
    #[arg(long, value_name = "WHEN")]
    pub window: Option<WindowName>,
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
    /// With which credentials
    #[command(flatten)]
    pub actor: ActorArgs,
}

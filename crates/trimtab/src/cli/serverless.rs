//! `trimtab serverless`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use rust_decimal::Decimal;

use trimtab_model::environment::Environment;

/// `trimtab serverless …`.
#[derive(Debug, Subcommand)]
pub enum ServerlessCommand {
    /// List the servers that mostly wait, those that could be functions first
    List,
    /// Show one of them whole: its work, what stands against it, both costs
    Show(ServerArgs),
    /// Show how its amounts came about
    Explain(ServerArgs),
    /// Price the function with figures that you measured or expect
    Simulate(ServerlessSimulateArgs),
    /// Write the function: handler with tests, infrastructure, guides, and the way from the server to it
    Scaffold(ScaffoldArgs),
    /// List the Lambda functions that are there: calls, durations, costs, and what is remarkable
    Functions(FunctionsArgs),
    /// Choose the memory of a function by durations that you measured at several sizes
    Tune(TuneArgs),
}

/// One server.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// Its identifier or its name
    #[arg(value_name = "RESOURCE")]
    pub server: String,
}

/// `trimtab serverless simulate`.
#[derive(Debug, Args)]
pub struct ServerlessSimulateArgs {
    /// Its identifier or its name
    #[arg(value_name = "RESOURCE")]
    pub server: String,
    /// Times of today's runs, such as 10
    #[arg(long, value_name = "TIMES", value_parser = positive)]
    pub factor: Option<Decimal>,
    /// Runs a month [default: as measured]
    #[arg(long, value_name = "RUNS", value_parser = positive)]
    pub runs: Option<Decimal>,
    /// Seconds of one run, as you measured it [default: all of the time in which the server worked]
    #[arg(long, value_name = "DURATION", value_parser = positive)]
    pub seconds: Option<Decimal>,
    /// Memory of the function in MB [default: as proposed]
    #[arg(long, value_name = "MB")]
    pub memory: Option<u32>,
    /// Processor of the function [default: as proposed]
    #[arg(long)]
    pub architecture: Option<ArchitectureName>,
}

/// `trimtab serverless functions`.
#[derive(Debug, Args)]
pub struct FunctionsArgs {
    /// Those of one environment
    #[arg(long)]
    pub env: Option<EnvironmentName>,
    /// Those with this tag, such as team=live; may be repeated, and all must be there
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub tags: Vec<(String, String)>,
}

/// An environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EnvironmentName {
    /// Development.
    Dev,
    /// Staging.
    Staging,
    /// Production.
    Prod,
    /// No tag says which.
    Unknown,
}

impl From<EnvironmentName> for Environment {
    fn from(name: EnvironmentName) -> Self {
        match name {
            EnvironmentName::Dev => Self::Dev,
            EnvironmentName::Staging => Self::Staging,
            EnvironmentName::Prod => Self::Prod,
            EnvironmentName::Unknown => Self::Unknown,
        }
    }
}

/// `trimtab serverless tune`.
#[derive(Debug, Args)]
pub struct TuneArgs {
    /// A function of `trimtab serverless functions`, by name or ARN: sizes are told beside its present one
    #[arg(value_name = "FUNCTION")]
    pub function: Option<String>,
    /// CSV with memory_mb,duration_ms and a row for each call, or the output of AWS Lambda Power Tuning
    #[arg(long, value_name = "FILE")]
    pub points: PathBuf,
    /// What the size is chosen by
    #[arg(long, default_value = "cost")]
    pub strategy: StrategyName,
    /// Weight of cost for `balanced`, from 0 (speed) to 1 (cost) [default: 0.5]
    #[arg(long, value_name = "WEIGHT", value_parser = share)]
    pub balance: Option<Decimal>,
    /// Calls a month [default: as measured, where FUNCTION is given]
    #[arg(long, value_name = "CALLS", value_parser = positive)]
    pub calls: Option<Decimal>,
    /// Processor that was measured: of a file that tells it, the calls on this one alone count [default: that of FUNCTION]
    #[arg(long)]
    pub arch: Option<ArchitectureName>,
    /// Region of the prices [default: that of FUNCTION]
    #[arg(long)]
    pub region: Option<String>,
}

/// What a size is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StrategyName {
    /// The cheapest.
    Cost,
    /// The fastest.
    Speed,
    /// A weight between both.
    Balanced,
}

/// The processors of functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArchitectureName {
    /// Graviton.
    #[value(name = "arm64")]
    Arm64,
    /// Intel and AMD.
    #[value(name = "x86_64")]
    X86,
}

fn share(text: &str) -> Result<Decimal, String> {
    match text.parse::<Decimal>() {
        Ok(number) if (Decimal::ZERO..=Decimal::ONE).contains(&number) => Ok(number),
        _ => Err("give a number from 0 to 1, such as 0.5".to_owned()),
    }
}

fn positive(text: &str) -> Result<Decimal, String> {
    match text.parse::<Decimal>() {
        Ok(number) if number > Decimal::ZERO => Ok(number),
        _ => Err("give a number above zero, such as 2.5".to_owned()),
    }
}

/// `trimtab serverless scaffold`.
#[derive(Debug, Args)]
pub struct ScaffoldArgs {
    /// A server of `trimtab serverless list`, by identifier or name, that the function takes over from
    #[arg(value_name = "RESOURCE", required_unless_present = "template")]
    pub server: Option<String>,
    /// What the function does [default: what starts the work of the server]
    #[arg(long)]
    pub template: Option<TemplateName>,
    /// Write the project into this directory, which is made
    #[arg(long, value_name = "DIR", required = true)]
    pub out: PathBuf,
    /// Language of the handler
    #[arg(long, default_value = "rust")]
    pub runtime: RuntimeName,
    /// In whose words the infrastructure is written
    #[arg(long, default_value = "serverless")]
    pub iac: IacName,
    /// Name of the function [default: that of the server, or of the template]
    #[arg(long)]
    pub name: Option<String>,
    /// Region [default: that of the server, or ap-northeast-2]
    #[arg(long)]
    pub region: Option<String>,
    /// Memory of the function in MB [default: as proposed, or 256]
    #[arg(long, value_name = "MB")]
    pub memory: Option<u32>,
    /// Longest time of one run, in seconds
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<u32>,
    /// A tag of everything that costs, such as team=live; may be repeated
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub tags: Vec<(String, String)>,
    /// A private subnet to run in; may be repeated
    #[arg(long = "subnet", value_name = "ID", requires = "security_groups")]
    pub subnets: Vec<String>,
    /// A security group in that network; may be repeated
    #[arg(long = "security-group", value_name = "ID", requires = "subnets")]
    pub security_groups: Vec<String>,
}

/// What a function does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateName {
    /// A file in a bucket becomes rows in MySQL and a message.
    S3Notice,
    /// JSON over HTTP.
    Http,
    /// A job that runs by the clock.
    Schedule,
    /// Messages of a queue.
    Queue,
}

/// The language of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuntimeName {
    /// A native binary.
    Rust,
    /// JavaScript.
    Nodejs,
    /// Python.
    Python,
}

/// In whose words infrastructure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IacName {
    /// serverless.yml.
    Serverless,
    /// AWS SAM.
    Sam,
    /// AWS CloudFormation.
    Cloudformation,
    /// Terraform.
    Terraform,
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}

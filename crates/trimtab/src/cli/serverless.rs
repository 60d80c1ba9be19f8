//! `trimtab serverless`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use rust_decimal::Decimal;

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
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub seconds: Option<Decimal>,
    /// Memory of the function in MB [default: as proposed]
    #[arg(long, value_name = "MB")]
    pub memory: Option<u32>,
    /// Processor of the function [default: as proposed]
    #[arg(long)]
    pub architecture: Option<ArchitectureName>,
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

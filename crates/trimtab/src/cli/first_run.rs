//! `trimtab init` and `trimtab doctor` on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rust_decimal::Decimal;

use super::root::parse_dollars;

/// `trimtab init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Scan only these regions, separated by commas [default: all that are enabled]
    #[arg(long, value_delimiter = ',', value_name = "REGIONS")]
    pub region: Vec<String>,
    /// Take what is proposed, and ask nothing
    #[arg(long)]
    pub yes: bool,
    /// Ask nothing: without --yes, show what would be written and write nothing
    #[arg(long)]
    pub non_interactive: bool,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// Read with the credentials as they are, without a role
    #[arg(long)]
    pub no_role: bool,
    /// In which form to write the role
    #[arg(long, value_name = "FORM", default_value = "cloudformation")]
    pub template: InitTemplate,
    /// The configuration file to write
    #[arg(long, value_name = "FILE", default_value = "trimtab.toml")]
    pub file: PathBuf,
}

/// In which form a role is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InitTemplate {
    /// A CloudFormation template, trimtab-read.yaml.
    Cloudformation,
    /// Terraform, trimtab-read.tf.
    Terraform,
}

/// `trimtab doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Only these accounts, by number or alias, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ACCOUNTS")]
    pub account: Vec<String>,
    /// Try these regions whole, separated by commas [default: one per account, and a call in the rest]
    #[arg(long, value_delimiter = ',', value_name = "REGIONS")]
    pub region: Vec<String>,
    /// Only these services, as the AWS CLI names them, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "SERVICES")]
    pub services: Vec<String>,
    /// Try metrics too, for at most so many US dollars [default: 0, metrics are not tried]
    #[arg(long, value_name = "USD", value_parser = parse_dollars)]
    pub budget: Option<Decimal>,
}

//! The commands and the flags that every command takes.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_app::pipeline::Since;
use trimtab_model::money::Currency;

use super::anomaly::AnomalyCommand;
use super::backtest::BacktestArgs;
use super::cost::CostCommand;
use super::coverage::CoverageArgs;
use super::database::DatabaseCommand;
use super::first_run::{DoctorArgs, InitArgs};
use super::iam::IamCommand;
use super::measure::MeasureCommand;
use super::notify::NotifyCommand;
use super::plan::{ApplyArgs, PlanCommand};
use super::rec::RecCommand;
use super::report::ReportCommand;
use super::run::{AuditArgs, HaltArgs, RecoverArgs, RollbackArgs, RunCommand};
use super::schedule::ScheduleCommand;
use super::serve::ServeArgs;
use super::serverless::ServerlessCommand;
use super::simulate::SimulateArgs;
use super::traffic::TrafficCommand;

/// Bring an AWS bill down without breaking what runs.
#[derive(Debug, Parser)]
#[command(
    name = "trimtab",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  trimtab demo --no-serve                  a whole company, offline\n  trimtab init                             your own account\n  trimtab analyze --from ./export          your own files\n  trimtab rec list --filter 'risk<=low'    what to do first\n\nExit codes: 0 ok · 1 failed · 2 usage · 3 permission · 4 partial data, result printed · 20 plan stale or drifted · 21 gate failed, taken back · 22 a person is needed · 130 interrupted"
)]
pub struct Cli {
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Output format. Without it: a table on a terminal, tab-separated text in a pipe
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub output: Option<Output>,
    /// Show every column, however wide
    #[arg(long, global = true)]
    pub wide: bool,
    /// Show these columns, separated by commas
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAMES")]
    pub columns: Vec<String>,
    /// Sort a list by a column; add `:desc` for the other way round
    #[arg(long, global = true, value_name = "COLUMN[:desc]")]
    pub sort: Option<String>,
    /// Show at most so many rows of a list
    #[arg(long, global = true, value_name = "N")]
    pub limit: Option<usize>,
    /// Language of everything people read [default: from LANG]
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<Lang>,
    /// Currency to show amounts in; needs an exchange rate in the configuration
    #[arg(long, global = true, value_name = "CODE")]
    pub currency: Option<Currency>,
    /// IANA time zone of moments, schedules and days, such as Asia/Seoul [default: UTC]
    #[arg(long, global = true, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Configuration file to read instead of trimtab.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory in which trimtab keeps what it read
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Whether to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Say nothing but the answer and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more on stderr; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Format of the log on stderr
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Columns for a terminal.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values.
    Csv,
    /// A Markdown table.
    #[value(alias = "markdown")]
    Md,
}

/// A language, as a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English.
    En,
    /// Korean.
    Ko,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the story of a game company and analyse it, offline
    Demo(DemoArgs),
    /// Find the AWS accounts of this machine, propose a role that can only read, write trimtab.toml
    Init(InitArgs),
    /// Try what a scan needs: which permission is missing for what, and the statement that grants it
    Doctor(DoctorArgs),
    /// Find savings in a directory of exports, or in what was ingested
    Analyze(AnalyzeArgs),
    /// Read exports into the data directory: from a directory, or the bill from AWS
    Ingest(IngestArgs),
    /// Read AWS accounts as they are now into the data directory; changes nothing
    Scan(ScanArgs),
    /// Print the least that a role needs, for you to deploy
    #[command(subcommand)]
    Iam(IamCommand),
    /// Recommendations of the latest analysis
    #[command(subcommand, visible_alias = "recommendation")]
    Rec(RecCommand),
    /// Plans: what is going to be changed, approved by its hash
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Carry a plan out: a dry run, unless --execute says otherwise
    Apply(ApplyArgs),
    /// Runs of plans: what happens and what happened
    #[command(subcommand)]
    Run(RunCommand),
    /// Take a run back
    Rollback(RollbackArgs),
    /// Find what runs left in AWS, and take up runs that lost their journal
    Recover(RecoverArgs),
    /// Stop every change at once: nothing new begins
    Halt(HaltArgs),
    /// The log of every call that changed something
    Audit(AuditArgs),
    /// Replay sizing on your own past: what it would have cost, saved and harmed
    Backtest(BacktestArgs),
    /// Weeks in which resources outside production could be off
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Servers that run all day to work minutes, what they would cost as functions, and the functions that are there
    #[command(subcommand)]
    Serverless(ServerlessCommand),
    /// Users and requests: how many, when, and which need not have been made
    #[command(subcommand)]
    Traffic(TrafficCommand),
    /// Ask what other users would change: sizes, recommendations and money
    Simulate(SimulateArgs),
    /// What was charged
    #[command(subcommand)]
    Cost(CostCommand),
    /// Days of the bill that stand out, and what somebody says of them
    #[command(subcommand)]
    Anomaly(AnomalyCommand),
    /// Database servers: what their queries and indexes cost
    #[command(subcommand)]
    Db(DatabaseCommand),
    /// Prices and where they come from
    #[command(subcommand)]
    Prices(PricesCommand),
    /// Checks: what they find, their thresholds
    #[command(subcommand)]
    Checks(ChecksCommand),
    /// What data is missing, and what it would unlock
    Coverage(CoverageArgs),
    /// Write a report
    #[command(subcommand)]
    Report(ReportCommand),
    /// Where reports are sent: mail, Slack, webhooks, files
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// Show everything as pages, and as an API, on this machine
    Serve(ServeArgs),
    /// The configuration that holds
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a completion script for a shell
    Completion(CompletionArgs),
    /// Print the manual page
    Man(ManArgs),
    /// Print version, build and catalogue
    Version,
    /// Print a reference page as Markdown
    #[command(hide = true)]
    Docs(DocsArgs),
    /// Make data for measuring, and time queries
    #[command(hide = true, subcommand, name = "__measure")]
    Measure(MeasureCommand),
    /// Run one task in a child process
    #[command(hide = true, name = "__worker")]
    Worker,
}

/// `trimtab demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Seed of the story; the same seed gives the same company
    #[arg(long, default_value_t = trimtab_app::story::game_kr::DEFAULT_SEED)]
    pub seed: u64,
    /// Only build and analyse; start no dashboard
    #[arg(long)]
    pub no_serve: bool,
    /// Write the story into this directory and keep it
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Carry a whole staged rollout out, in a simulated cloud and in accelerated time
    #[arg(long)]
    pub run: bool,
}

/// `trimtab analyze`.
#[derive(Debug, Args)]
pub struct AnalyzeArgs {
    /// Directory with billing/, inventory/, metrics/ and traffic/; any part may be absent
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// The moment to analyse for, such as 2026-10-31T00:00:00Z [default: the end of the data]
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub as_of: Option<Timestamp>,
    /// Run only these checks, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "CHECKS")]
    pub checks: Vec<String>,
    /// Account of inventory files that do not say theirs
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Region of inventory files that do not say theirs
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

/// `trimtab ingest`.
#[derive(Debug, Args)]
pub struct IngestArgs {
    /// A directory with billing/, inventory/, metrics/ and traffic/; or s3://BUCKET/PREFIX, aws
    /// (the exports that AWS knows of) or cost-explorer (sums, at 0.01 USD a request)
    #[arg(long, value_name = "SOURCE", required = true)]
    pub from: String,
    /// Profile of the AWS configuration to start from, where the bill is in AWS
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Account of inventory files that do not say theirs; of a bill in AWS, the account to read in
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Region of inventory files that do not say theirs
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Months to ask Cost Explorer for, the present one included
    #[arg(long, value_name = "MONTHS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=14))]
    pub months: u32,
    /// Ask Cost Explorer for no more than so many US dollars
    #[arg(long, value_name = "USD", value_parser = parse_dollars)]
    pub budget: Option<Decimal>,
}

/// `trimtab scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Profile of the AWS configuration to start from
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Only these accounts, by number or alias, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ACCOUNTS")]
    pub account: Vec<String>,
    /// Only these regions, separated by commas [default: all that are enabled]
    #[arg(long, value_delimiter = ',', value_name = "REGIONS")]
    pub region: Vec<String>,
    /// Leave metrics out, which CloudWatch charges for
    #[arg(long)]
    pub no_metrics: bool,
    /// Say what the scan would call, cost and take, and read nothing
    #[arg(long)]
    pub estimate: bool,
    /// Ask for no more metrics than so many US dollars pay for
    #[arg(long, value_name = "USD", value_parser = parse_dollars)]
    pub budget: Option<Decimal>,
    /// Read metrics from here on: so many days back such as 30d, a day or a moment; CloudWatch
    /// keeps 455 days [default: as far back as the checks look]
    #[arg(long, value_name = "SINCE", value_parser = parse_since)]
    pub since: Option<Since>,
    /// Do not ask Compute Optimizer and Cost Optimization Hub for a second opinion
    #[arg(long)]
    pub no_second_opinion: bool,
    /// Only these services, as the AWS CLI names them, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "SERVICES")]
    pub services: Vec<String>,
    /// Read what this Prometheus server measured too, such as http://prometheus:9090; free of AWS charges
    #[arg(long, value_name = "URL")]
    pub prometheus: Option<String>,
}

/// `trimtab prices`.
#[derive(Debug, Subcommand)]
pub enum PricesCommand {
    /// Show the price of an instance type, an RDS class or a meter
    Show(PricesShowArgs),
    /// List the tables of the catalogue with source and date
    List,
    /// Read AWS's public price list again
    Refresh(PricesRefreshArgs),
}

/// `trimtab prices show`.
#[derive(Debug, Args)]
pub struct PricesShowArgs {
    /// Such as m6i.large, db.r6g.large or ebs/volume_storage_gp3
    pub product: String,
    /// Region
    #[arg(long, value_name = "REGION", required = true)]
    pub region: String,
}

/// `trimtab prices refresh`.
#[derive(Debug, Args)]
pub struct PricesRefreshArgs {
    /// Region; may be given several times
    #[arg(long, value_name = "REGION", required = true)]
    pub region: Vec<String>,
    /// Where the price list is served
    #[arg(long, value_name = "URL", default_value = "https://pricing.us-east-1.amazonaws.com")]
    pub url: String,
}

/// `trimtab checks`.
#[derive(Debug, Subcommand)]
pub enum ChecksCommand {
    /// List the checks
    List,
    /// Show one check: what it finds, why, its thresholds
    Show(CheckShowArgs),
}

/// `trimtab checks show`.
#[derive(Debug, Args)]
pub struct CheckShowArgs {
    /// The check, such as ebs-volume-unattached
    pub check: String,
}

/// `trimtab config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show the values that hold and where each came from
    Show(ConfigShowArgs),
    /// Print the configuration files that are read
    Path,
    /// Check a configuration file
    Validate(ConfigValidateArgs),
    /// Print the JSON schema of the configuration file
    Schema,
}

/// `trimtab config show`.
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// Say where each value came from
    #[arg(long)]
    pub origin: bool,
}

/// `trimtab config validate`.
#[derive(Debug, Args)]
pub struct ConfigValidateArgs {
    /// The file [default: the one that would be read]
    pub file: Option<PathBuf>,
}

/// `trimtab completion`.
#[derive(Debug, Args)]
pub struct CompletionArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `trimtab man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write one page per command into this directory
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `trimtab docs`.
#[derive(Debug, Args)]
pub struct DocsArgs {
    /// Which page
    pub page: DocsPage,
}

/// A generated page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocsPage {
    /// docs/cli.md.
    Cli,
    /// docs/config.md.
    Config,
    /// docs/openapi.json.
    Openapi,
}

/// Reads a moment: RFC 3339, or a day, which means its first moment in UTC.
pub(super) fn parse_moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    text.parse::<Date>()
        .ok()
        .and_then(|day| day.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok())
        .map(|zoned| zoned.timestamp())
        .ok_or_else(|| format!("`{text}` is neither a day such as 2026-10-31 nor a moment such as 2026-10-31T00:00:00Z"))
}

/// Reads an amount of US dollars, which is not negative.
pub(super) fn parse_dollars(text: &str) -> Result<Decimal, String> {
    text.parse::<Decimal>()
        .ok()
        .filter(|amount| !amount.is_sign_negative())
        .ok_or_else(|| format!("`{text}` is not an amount such as 0.50"))
}

/// Reads a number of days such as 30d, a day or a moment.
fn parse_since(text: &str) -> Result<Since, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    match days {
        Some(days) if days > 0 => Ok(Since::Days(days)),
        _ => parse_moment(text)
            .map(Since::Moment)
            .map_err(|problem| format!("{problem}, nor days such as 30d")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_days_a_day_or_a_moment() {
        assert_eq!(parse_since("30d"), Ok(Since::Days(30)));
        let day = "2026-10-01T00:00:00Z".parse().unwrap();
        assert_eq!(parse_since("2026-10-01"), Ok(Since::Moment(day)));
        assert_eq!(parse_since("2026-10-01T00:00:00Z"), Ok(Since::Moment(day)));
        for wrong in ["0d", "30", "d", "-3d", "yesterday"] {
            assert!(parse_since(wrong).is_err(), "{wrong}");
        }
    }
}

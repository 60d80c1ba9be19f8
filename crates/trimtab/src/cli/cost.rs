//! `trimtab cost` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

/// `trimtab cost`.
#[derive(Debug, Subcommand)]
pub enum CostCommand {
    /// Cost by service, account, day or another column
    Summary(CostSummaryArgs),
    /// The most expensive resources
    Top(CostTopArgs),
    /// What changed between two periods
    Diff(CostDiffArgs),
    /// What a user of a day or a month, or a thousand requests, cost
    Unit(CostUnitArgs),
    /// Whose cost it is: by tags, virtual tags and shares of what is shared
    Allocation(CostAllocationArgs),
}

/// Which charges to look at.
#[derive(Debug, Args)]
pub struct CostFilterArgs {
    /// First day, in UTC
    #[arg(long, value_name = "DATE")]
    pub since: Option<Date>,
    /// First day that is left out, in UTC
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Only this account
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Only this service
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
    /// Only this region
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Read this directory of exports instead of what was ingested
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
}

/// `trimtab cost summary`.
#[derive(Debug, Args)]
pub struct CostSummaryArgs {
    /// Group by this
    #[arg(long, value_name = "COLUMN", default_value = "service")]
    pub by: CostBy,
    /// Which charges to look at.
    #[command(flatten)]
    pub filter: CostFilterArgs,
}

/// `trimtab cost top`.
#[derive(Debug, Args)]
pub struct CostTopArgs {
    /// Group by this
    #[arg(long, value_name = "COLUMN", default_value = "resource")]
    pub by: CostBy,
    /// Which charges to look at.
    #[command(flatten)]
    pub filter: CostFilterArgs,
}

/// `trimtab cost diff`.
#[derive(Debug, Args)]
pub struct CostDiffArgs {
    /// Earlier period: a month such as 2026-09, or two days such as 2026-09-01..2026-09-15
    pub before: String,
    /// Later period, written the same way
    pub after: String,
    /// Group by this
    #[arg(long, value_name = "COLUMN", default_value = "service")]
    pub by: CostBy,
    /// Which charges to look at.
    #[command(flatten)]
    pub filter: CostFilterArgs,
}

/// What cost is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CostBy {
    /// BillingCurrency.
    Currency,
    /// ServiceName.
    Service,
    /// SubAccountId.
    Account,
    /// RegionId.
    Region,
    /// ResourceId.
    Resource,
    /// Day of ChargePeriodStart, in UTC.
    Day,
    /// Billing period.
    Month,
    /// ChargeCategory.
    Category,
    /// AWS's usage type.
    UsageType,
}

/// `trimtab cost allocation`.
#[derive(Debug, Args)]
pub struct CostAllocationArgs {
    /// Divide it this one way of the configuration, such as team [default: every way]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Which charges to look at.
    #[command(flatten)]
    pub filter: CostFilterArgs,
}

/// `trimtab cost unit`.
#[derive(Debug, Args)]
pub struct CostUnitArgs {
    /// Divide by this
    #[arg(long, value_name = "UNIT", default_value = "dau")]
    pub per: CostPer,
    /// Tell services apart
    #[arg(long, value_name = "COLUMN")]
    pub by: Option<CostUnitBy>,
    /// Which charges to look at.
    #[command(flatten)]
    pub filter: CostFilterArgs,
}

/// What cost is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CostPer {
    /// Users of a day.
    Dau,
    /// Users of the 30 days that end with a month.
    Mau,
    /// A thousand requests.
    #[value(name = "1000-requests")]
    ThousandRequests,
}

/// What unit costs are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CostUnitBy {
    /// ServiceName.
    Service,
}

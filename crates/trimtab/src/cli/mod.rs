//! The command line: every command and every flag, declared once. Help, man pages,
//! completions and docs/cli.md are made from this.

mod backtest;
mod cost;
mod database;
mod first_run;
mod iam;
mod measure;
mod plan;
mod rec;
mod root;
mod run;
mod schedule;
mod simulate;
mod traffic;

pub use backtest::BacktestArgs;
pub use cost::{
    CostBy, CostCommand, CostDiffArgs, CostFilterArgs, CostPer, CostSummaryArgs, CostTopArgs,
    CostUnitArgs, CostUnitBy,
};
pub use database::{DatabaseCommand, DatabaseInspectArgs};
pub use first_run::{DoctorArgs, InitArgs, InitTemplate};
pub use iam::{IamArgs, IamCommand, Tier};
pub use measure::{MeasureCommand, MeasureSource};
pub use plan::{
    ApplyArgs, PlanApproveArgs, PlanAttestArgs, PlanCommand, PlanCreateArgs, PlanDiffArgs,
    PlanExportArgs, PlanFormat, PlanPreflightArgs, StageName,
};
pub use rec::{RecCommand, RecDismissArgs, RecIdArgs, RecListArgs, RecSnoozeArgs};
pub use root::{
    AnalyzeArgs, CheckShowArgs, ChecksCommand, Cli, ColorWhen, Command, CompletionArgs,
    ConfigCommand, ConfigShowArgs, ConfigValidateArgs, DemoArgs, DocsArgs, DocsPage, Global,
    IngestArgs, Lang, LogFormat, ManArgs, Output, PricesCommand, PricesRefreshArgs, PricesShowArgs,
    ScanArgs,
};
pub use run::{
    AuditArgs, AuditCommand, HaltArgs, RollbackArgs, RunCommand, RunIdArgs, RunResumeArgs,
    RunWishArgs,
};
pub use schedule::{ScheduleCommand, ScheduleShowArgs};
pub use simulate::SimulateArgs;
pub use traffic::{TrafficArgs, TrafficCommand, TrafficDriversArgs, TrafficForecastArgs};

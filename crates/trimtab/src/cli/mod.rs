//! The command line: every command and every flag, declared once. Help, man pages,
//! completions and docs/cli.md are made from this.

mod actor;
mod anomaly;
mod backtest;
mod cost;
mod coverage;
mod database;
mod first_run;
mod iam;
mod measure;
mod notify;
mod plan;
mod rec;
mod report;
mod root;
mod run;
mod schedule;
mod serve;
mod serverless;
mod simulate;
mod traffic;

pub use actor::ActorArgs;
pub use anomaly::{AnomalyAckArgs, AnomalyCommand, AnomalyKindName, AnomalyListArgs};
pub use backtest::BacktestArgs;
pub use cost::{
    CostAllocationArgs, CostBy, CostCommand, CostDiffArgs, CostFilterArgs, CostPer,
    CostSummaryArgs, CostTopArgs, CostUnitArgs, CostUnitBy,
};
pub use coverage::{CoverageArgs, CoverageList};
pub use database::{DatabaseCommand, DatabaseInspectArgs};
pub use first_run::{DoctorArgs, InitArgs, InitTemplate};
pub use iam::{IamArgs, IamCommand, Tier};
pub use measure::{MeasureCommand, MeasureSource};
pub use notify::{NotifyCommand, NotifyTestArgs};
pub use plan::{
    ApplyArgs, LastStageName, PlanApproveArgs, PlanAttestArgs, PlanCommand, PlanCreateArgs,
    PlanDiffArgs, PlanExportArgs, PlanFormat, PlanPreflightArgs, WindowName,
};
pub use rec::{RecCommand, RecDismissArgs, RecIdArgs, RecListArgs, RecSnoozeArgs};
pub use report::{ReportArgs, ReportCommand, ReportForm};
pub use root::{
    AnalyzeArgs, CheckShowArgs, ChecksCommand, Cli, ColorWhen, Command, CompletionArgs,
    ConfigCommand, ConfigShowArgs, ConfigValidateArgs, DemoArgs, DocsArgs, DocsPage, Global,
    IngestArgs, Lang, LogFormat, ManArgs, Output, PricesCommand, PricesRefreshArgs, PricesShowArgs,
    ScanArgs,
};
pub use run::{
    AuditArgs, AuditCommand, HaltArgs, RecoverArgs, RollbackArgs, RunCommand, RunIdArgs,
    RunResumeArgs, RunWishArgs,
};
pub use schedule::{ScheduleCommand, ScheduleShowArgs};
pub use serve::{AuthWhen, ServeArgs};
pub use serverless::{
    ArchitectureName, FunctionsArgs, IacName, RuntimeName, ScaffoldArgs, ServerlessCommand,
    ServerlessSimulateArgs, StrategyName, TemplateName, TuneArgs,
};
pub use simulate::SimulateArgs;
pub use traffic::{TrafficArgs, TrafficCommand, TrafficDriversArgs, TrafficForecastArgs};

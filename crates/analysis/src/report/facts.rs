//! What a report is made from: plain data that somebody else has gathered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_model::analysis::Analysis;
use trimtab_model::anomaly::Acknowledgement;
use trimtab_model::commitment::{BillState, CommitmentMonth, CoveredUsage};
use trimtab_model::document::Days;
use trimtab_model::environment::Environment;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::{CheckId, PlanId, RecommendationId, ResourceId, SubAccountId};
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;
use trimtab_model::resource::{ResourceKey, ResourceRef};
use trimtab_model::text::Text;
use trimtab_model::unit_cost::DayUnits;

use super::split::WeekMeters;
use crate::anomaly::DailySeries;

/// All that a report may rest on. What is not there is said in the report.
#[derive(Debug, Clone)]
pub struct ReportFacts<'a> {
    /// The moment it is made at: what is decided and changed counts until then.
    pub now: Timestamp,
    /// The moment at which bill and analysis end, never later than `now`: it chooses week and
    /// month. Nothing that the bill says of later days is looked at, so that an earlier moment
    /// gives the report of then.
    pub known_until: Timestamp,
    /// The zone whose weeks and months are meant.
    pub time_zone: &'a TimeZone,
    /// What the bill says.
    pub bill: BillFacts<'a>,
    /// The latest analysis, without what was dismissed, its sums made anew for that.
    pub analysis: Option<&'a Analysis>,
    /// How many of its verdicts were that all is well, by check: the analysis itself need not have them.
    pub passed: &'a BTreeMap<CheckId, u64>,
    /// How many of its recommendations are not in it, because they were dismissed or snoozed.
    pub hidden: u64,
    /// Plans, and what became of them.
    pub plans: &'a [PlanSummary],
    /// Cost by tag and month.
    pub tags: &'a [TagCost],
    /// What a month may cost.
    pub budget: Option<Money>,
    /// Budgets of teams, accounts and services beside what the month cost; empty where none is
    /// configured.
    pub budgets: &'a [BudgetMonth],
    /// Sums of all months that the bill covers, for their course.
    pub course: &'a [MonthCharge],
    /// Charges of use by day.
    pub usage: UsageFacts<'a>,
    /// Users of days; empty where nobody counts them.
    pub users: &'a [DayUnits],
    /// Cost by workload and month.
    pub workloads: &'a [WorkloadMonth],
    /// How far demand of workloads rises above its average.
    pub elasticity: &'a [Elasticity],
    /// The workload of each resource that has a tag that names one.
    pub workload_of: &'a BTreeMap<ResourceKey, String>,
    /// What was decided.
    pub decisions: &'a [DecisionRecord],
    /// What people said of days that stand out.
    pub acknowledged: &'a [Acknowledgement],
}

/// What the bill says, reduced to what reports show.
#[derive(Debug, Clone, Copy)]
pub struct BillFacts<'a> {
    /// The UTC days that the bill covers; absent when no bill was read. A day in it without a
    /// charge cost nothing; of a day outside nothing is known.
    pub covered: Option<Days>,
    /// Charges by UTC day, service, account and currency.
    pub days: &'a [DayCharge],
    /// UTC days whose charges may still change.
    pub provisional: &'a BTreeSet<Date>,
    /// Sums by billing month and currency.
    pub months: &'a [MonthCharge],
    /// Charges by billing month and meter.
    pub meters: &'a [MeterMonth],
    /// What each commitment did in each month.
    pub commitments: &'a [CommitmentMonth],
    /// How much of the compute commitments covered in each month.
    pub covered_compute: &'a [CoveredUsage],
    /// The accounts that the bill names.
    pub accounts: &'a BTreeMap<SubAccountId, AccountFacts>,
    /// Resources, each with a service that the bill counts it to.
    pub services: &'a BTreeSet<(ResourceId, String)>,
    /// Charges that are in none of the sums here.
    pub left_out: &'a [ChargeCategory],
}

/// Charges of use by day, in the currency of most charges.
#[derive(Debug, Clone, Copy)]
pub struct UsageFacts<'a> {
    /// By service and account.
    pub series: &'a [DailySeries],
    /// By usage type within them.
    pub parts: &'a [UsagePart],
    /// How much was used in the week and in the one before.
    pub meters: WeekMeters<'a>,
}

/// What one usage type of a service cost by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePart {
    /// `ServiceName`, where the bill has it.
    pub service: Option<String>,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<String>,
    /// AWS's usage type.
    pub usage_type: String,
    /// What each day cost.
    pub days: BTreeMap<Date, Decimal>,
}

/// A budget beside what the month cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetMonth {
    /// What people call it, or what it counts.
    pub name: String,
    /// What a month may cost, in the currency of the bill.
    pub budget: Money,
    /// What the month cost; absent where no charge is one that it counts, and where they have several currencies.
    pub cost: Option<Money>,
    /// Whether what it counts has several currencies, which have no one sum.
    pub is_mixed: bool,
}

/// What one service cost in one account on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCharge {
    /// The day in UTC.
    pub date: Date,
    /// `ServiceName`.
    pub service: String,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<SubAccountId>,
    /// `BilledCost`.
    pub billed: Money,
    /// `EffectiveCost`; absent where the bill has none, or not for every charge.
    pub effective: Option<Money>,
    /// `ListCost`; absent where the bill has none, or not for every charge.
    pub list: Option<Money>,
}

/// What one month cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthCharge {
    /// The first of the month.
    pub month: Date,
    /// Whether the bill covers all of it.
    pub state: BillState,
    /// `BilledCost`.
    pub billed: Money,
    /// `EffectiveCost`; absent where the bill has none, or not for every charge.
    pub effective: Option<Money>,
    /// `ListCost`; absent where the bill has none, or not for every charge.
    pub list: Option<Money>,
    /// How many units of the bill's currency AWS counted for a dollar; absent where the bill is
    /// in dollars or does not say.
    pub rate: Option<Decimal>,
}

/// What one meter cost in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterMonth {
    /// The first of the month.
    pub month: Date,
    /// `SubAccountId`, where the bill has it.
    pub account: Option<SubAccountId>,
    /// `ServiceName`.
    pub service: String,
    /// `ChargeCategory`.
    pub category: ChargeCategory,
    /// AWS's usage type, where the export has it.
    pub usage_type: Option<String>,
    /// `PricingUnit`, where the bill has it: what `quantity` counts.
    pub unit: Option<String>,
    /// `ResourceId`, where the bill has it.
    pub resource: Option<ResourceId>,
    /// What people call the resource, where the bill says.
    pub name: Option<String>,
    /// `PricingQuantity`; absent where a charge has none.
    pub quantity: Option<Decimal>,
    /// `BilledCost`.
    pub billed: Money,
    /// `EffectiveCost`; absent where the bill has none, or not for every charge.
    pub effective: Option<Money>,
}

/// What is known of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountFacts {
    /// What people call it.
    pub alias: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// How a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanStatus {
    /// It waits for an approval.
    AwaitingApproval,
    /// It is approved and waits for a window.
    Waiting,
    /// It is being carried out.
    UnderWay,
    /// It is carried out.
    Done,
    /// It stopped, and a person has to look at it.
    Stopped,
    /// It was given up, or another one took its place.
    Ended,
}

/// A plan, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSummary {
    /// The plan.
    pub id: PlanId,
    /// What it is called; it may hold names from outside.
    pub title: Text,
    /// The stage that it is in, or waits for.
    pub stage: Environment,
    /// How it stands.
    pub status: PlanStatus,
    /// Its changes.
    pub changes: Vec<ChangeSummary>,
    /// What all of its changes save a month, its overlaps removed: low, likely, high.
    pub estimated_monthly_savings: Option<(Money, Money, Money)>,
    /// The next time in which it may go on.
    pub next_window: Option<Period>,
    /// Until when an approval is of use; absent where nothing sets a moment.
    pub decide_by: Option<Timestamp>,
    /// What gates said so far.
    pub gates: Vec<GateSummary>,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeSummary {
    /// The recommendation that it comes from.
    pub recommendation: RecommendationId,
    /// The resource.
    pub resource: ResourceRef,
    /// What became of it.
    pub outcome: ChangeOutcome,
    /// What it was expected to save a month.
    pub estimated_monthly_savings: Option<Money>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// Nothing yet.
    Waiting,
    /// It is being made, or taken back.
    UnderWay {
        /// Since when.
        since: Timestamp,
    },
    /// It was made.
    Applied {
        /// When.
        at: Timestamp,
    },
    /// It was made and taken back.
    TakenBack {
        /// When it was made.
        applied: Timestamp,
        /// When it was taken back.
        at: Timestamp,
        /// Why.
        reason: Text,
    },
    /// It ended where only a person can say what is left of it.
    NeedsPerson {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Text,
    },
    /// It could not be made.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Text,
    },
}

/// What the gates of one change said, each time that they were judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateSummary {
    /// The resource that was changed.
    pub resource: ResourceRef,
    /// How often all was well.
    pub passed: u64,
    /// How often something was not.
    pub failed: u64,
    /// How often that could not be said.
    pub undecided: u64,
}

/// What was charged in one month for one value of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagCost {
    /// The first of the month.
    pub month: Date,
    /// What the tag is for: `team`, `game`, `env`.
    pub key: String,
    /// Its value; absent for what has none.
    pub value: Option<String>,
    /// `EffectiveCost`, or `BilledCost` where the bill has no other.
    pub cost: Money,
}

/// What one workload cost in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadMonth {
    /// The first of the month.
    pub month: Date,
    /// The value of the tag that names it; absent for what has none.
    pub workload: Option<String>,
    /// The environment.
    pub environment: Environment,
    /// `EffectiveCost`, or `BilledCost` where the bill has no other.
    pub cost: Money,
    /// The part of it that is data transfer; absent where usage types do not tell.
    pub data_transfer: Option<Money>,
}

/// How far demand of a workload rises above its average.
#[derive(Debug, Clone, PartialEq)]
pub struct Elasticity {
    /// The workload.
    pub workload: String,
    /// The metric, such as `CPUUtilization`.
    pub metric: String,
    /// The highest hour.
    pub peak: f64,
    /// The average.
    pub average: f64,
    /// Of how many machines and databases, and how many the workload has.
    pub measured: (u64, u64),
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decided {
    /// A plan was approved.
    Approved,
    /// A plan was refused.
    Refused,
    /// A recommendation was dismissed.
    Dismissed,
    /// A recommendation was put off.
    Snoozed,
}

/// One decision that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// When.
    pub at: Timestamp,
    /// What was decided.
    pub decided: Decided,
    /// About what; it may hold names from outside.
    pub subject: Text,
    /// Who; absent where that is not recorded.
    pub by: Option<String>,
    /// What it was expected to save a month.
    pub estimated_monthly_savings: Option<Money>,
}

/// Charges of no bill.
pub const NO_BILL: BillFacts<'static> = BillFacts {
    covered: None,
    days: &[],
    provisional: &BTreeSet::new(),
    months: &[],
    meters: &[],
    commitments: &[],
    covered_compute: &[],
    accounts: &BTreeMap::new(),
    services: &BTreeSet::new(),
    left_out: &[],
};

/// No charges of use.
pub const NO_USAGE: UsageFacts<'static> =
    UsageFacts { series: &[], parts: &[], meters: WeekMeters { before: &[], after: &[] } };

/// Nothing was judged.
pub(super) const NONE_PASSED: &BTreeMap<CheckId, u64> = &BTreeMap::new();

/// Nothing is known of workloads.
const NO_WORKLOADS: &BTreeMap<ResourceKey, String> = &BTreeMap::new();

impl<'a> ReportFacts<'a> {
    /// Makes facts of a moment at which nothing is known.
    pub fn empty(now: Timestamp, time_zone: &'a TimeZone) -> Self {
        Self {
            now,
            known_until: now,
            time_zone,
            bill: NO_BILL,
            analysis: None,
            passed: NONE_PASSED,
            hidden: 0,
            plans: &[],
            tags: &[],
            budget: None,
            budgets: &[],
            course: &[],
            usage: NO_USAGE,
            users: &[],
            workloads: &[],
            elasticity: &[],
            workload_of: NO_WORKLOADS,
            decisions: &[],
            acknowledged: &[],
        }
    }

    /// Returns the last day that is over in UTC, where AWS's days are, and in the zone.
    pub(super) fn yesterday(&self) -> Option<Date> {
        let utc = self.known_until.to_zoned_datetime(TimeZone::UTC).date();
        let local = self.known_until.to_zoned_datetime(self.time_zone.clone()).date();
        utc.min(local).yesterday().ok()
    }

    /// Returns the first day that is not over in UTC and in the zone.
    pub fn first_day_to_come(&self) -> Option<Date> {
        self.yesterday()?.tomorrow().ok()
    }

    /// Returns the currencies that the days of the bill have.
    pub(super) fn currencies(&self) -> BTreeSet<Currency> {
        self.bill.days.iter().map(|day| day.billed.currency).collect()
    }
}

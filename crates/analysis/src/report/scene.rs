//! Facts for the tests of reports: a game with two accounts, eight weeks of a bill.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::analysis::{Analysis, RisingCost, Total};
use trimtab_model::anomaly::Acknowledgement;
use trimtab_model::charge::Cost;
use trimtab_model::commitment::{BillState, CommitmentMonth, CoveredUsage};
use trimtab_model::coverage::Coverage;
use trimtab_model::document::Days;
use trimtab_model::environment::Environment;
use trimtab_model::evidence::Evidence;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::{ResourceId, SubAccountId};
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{
    ActionType, Estimate, Finding, ImplementationEffort, Increase, Onset, PerformanceRisk,
    Recommendation, Restart, Undo,
};
use trimtab_model::resource::{ResourceKey, ResourceKind, ResourceRef};
use trimtab_model::text::{Reason, Text};
use trimtab_model::unit_cost::DayUnits;

use super::facts::{
    AccountFacts, BillFacts, BudgetMonth, ChangeOutcome, ChangeSummary, DayCharge, Decided,
    DecisionRecord, Elasticity, GateSummary, MeterMonth, MonthCharge, NONE_PASSED, PlanStatus,
    PlanSummary, ReportFacts, TagCost, UsageFacts, UsagePart, WorkloadMonth,
};
use super::split::{UsageMeter, WeekMeters};
use crate::anomaly::DailySeries;

pub(super) const EC2: &str = "Amazon Elastic Compute Cloud";
pub(super) const TRANSFER: &str = "AWS Data Transfer";
pub(super) const LIVE: &str = "111122223333";
pub(super) const STAGING: &str = "444455556666";

/// Everything that facts borrow.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) covered: Option<Days>,
    pub(super) days: Vec<DayCharge>,
    pub(super) provisional: BTreeSet<Date>,
    pub(super) months: Vec<MonthCharge>,
    pub(super) meters: Vec<MeterMonth>,
    pub(super) commitments: Vec<CommitmentMonth>,
    pub(super) covered_compute: Vec<CoveredUsage>,
    pub(super) accounts: BTreeMap<SubAccountId, AccountFacts>,
    pub(super) services: BTreeSet<(ResourceId, String)>,
    pub(super) analysis: Option<Analysis>,
    pub(super) hidden: u64,
    pub(super) plans: Vec<PlanSummary>,
    pub(super) tags: Vec<TagCost>,
    pub(super) budget: Option<Money>,
    pub(super) users: Vec<DayUnits>,
    pub(super) workloads: Vec<WorkloadMonth>,
    pub(super) elasticity: Vec<Elasticity>,
    pub(super) decisions: Vec<DecisionRecord>,
    pub(super) acknowledged: Vec<Acknowledgement>,
    pub(super) meters_before: Vec<UsageMeter>,
    pub(super) meters_after: Vec<UsageMeter>,
    pub(super) budgets: Vec<BudgetMonth>,
    pub(super) usage: Vec<DailySeries>,
    pub(super) parts: Vec<UsagePart>,
    pub(super) workload_of: BTreeMap<ResourceKey, String>,
}

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn usd(text: &str) -> Money {
    Money::usd(text.parse().unwrap())
}

impl Scene {
    /// Monday, 2026-11-23, 09:30 in Seoul, with all that a report can have.
    pub(super) fn full() -> Self {
        let covered = Days { first: date("2026-09-28"), last: date("2026-11-22") };
        let mut days = Vec::new();
        for date in covered.iter() {
            days.extend([
                day(date, EC2, LIVE, if date >= self::date("2026-11-16") { "800" } else { "1000" }),
                day(date, "Amazon Relational Database Service", STAGING, "50.25"),
                day(
                    date,
                    TRANSFER,
                    LIVE,
                    if date == self::date("2026-11-20") { "400" } else { "100" },
                ),
            ]);
        }
        Self {
            now: at("2026-11-23T00:30:00Z"),
            zone: TimeZone::get("Asia/Seoul").unwrap(),
            covered: Some(covered),
            days,
            provisional: BTreeSet::from([date("2026-11-21"), date("2026-11-22")]),
            months: months(),
            meters: meters(),
            commitments: commitments(),
            covered_compute: vec![CoveredUsage {
                month: "2026-10".to_owned(),
                currency: Currency::USD,
                covered: Some(usd("1250")),
                uncovered: Some(usd("3750")),
            }],
            accounts: BTreeMap::from([(
                LIVE.into(),
                AccountFacts {
                    alias: Some("starfall-live".into()),
                    owner: Some("live-ops".into()),
                },
            )]),
            services: BTreeSet::from([
                ("i-lobby".into(), EC2.to_owned()),
                ("nat-1".into(), TRANSFER.to_owned()),
            ]),
            analysis: Some(analysis()),
            hidden: 0,
            plans: vec![applied_plan(), waiting_plan()],
            tags: tags(),
            budget: Some(usd("36000")),
            users: Days { first: date("2026-10-01"), last: date("2026-11-22") }
                .iter()
                .map(|date| DayUnits { date, units: 10_000 })
                .collect(),
            workloads: workloads(),
            elasticity: vec![Elasticity {
                workload: "lobby".into(),
                metric: "CPUUtilization".into(),
                peak: 64.0,
                average: 20.0,
                measured: (2, 2),
            }],
            acknowledged: Vec::new(),
            meters_before: Vec::new(),
            meters_after: Vec::new(),
            decisions: vec![DecisionRecord {
                at: at("2026-09-10T02:00:00Z"),
                decided: Decided::Approved,
                subject: Text::verbatim("PLAN-12"),
                by: Some("kim".into()),
                estimated_monthly_savings: Some(usd("6000")),
            }],
            budgets: Vec::new(),
            usage: Vec::new(),
            parts: Vec::new(),
            workload_of: BTreeMap::new(),
        }
    }

    pub(super) fn facts(&self) -> ReportFacts<'_> {
        ReportFacts {
            now: self.now,
            known_until: self.now,
            time_zone: &self.zone,
            bill: BillFacts {
                covered: self.covered,
                days: &self.days,
                provisional: &self.provisional,
                months: &self.months,
                meters: &self.meters,
                commitments: &self.commitments,
                covered_compute: &self.covered_compute,
                accounts: &self.accounts,
                services: &self.services,
                left_out: &[],
            },
            analysis: self.analysis.as_ref(),
            passed: NONE_PASSED,
            hidden: self.hidden,
            plans: &self.plans,
            tags: &self.tags,
            budget: self.budget,
            budgets: &self.budgets,
            course: &self.months,
            usage: UsageFacts {
                series: &self.usage,
                parts: &self.parts,
                meters: WeekMeters { before: &self.meters_before, after: &self.meters_after },
            },
            users: &self.users,
            workloads: &self.workloads,
            elasticity: &self.elasticity,
            workload_of: &self.workload_of,
            decisions: &self.decisions,
            acknowledged: &self.acknowledged,
        }
    }

    /// Moves the moment.
    pub(super) fn at(mut self, moment: &str) -> Self {
        self.now = at(moment);
        self
    }
}

pub(super) fn day(date: Date, service: &str, account: &str, amount: &str) -> DayCharge {
    DayCharge {
        date,
        service: service.into(),
        account: Some(account.into()),
        billed: usd(amount),
        effective: Some(usd(amount)),
        list: Some(usd(amount)),
    }
}

fn months() -> Vec<MonthCharge> {
    let month = |month: &str, amount: &str| MonthCharge {
        month: date(month),
        state: BillState::Whole,
        billed: usd(amount),
        effective: Some(usd(amount)),
        list: Some(usd("40000")),
        rate: None,
    };
    vec![
        month("2026-07-01", "30000"),
        month("2026-08-01", "31000"),
        month("2026-09-01", "32000"),
        month("2026-10-01", "35000"),
    ]
}

pub(super) fn meter(
    month: &str,
    service: &str,
    resource: Option<&str>,
    quantity: Option<&str>,
    amount: &str,
) -> MeterMonth {
    MeterMonth {
        month: date(month),
        account: Some(LIVE.into()),
        service: service.into(),
        category: ChargeCategory::Usage,
        unit: None,
        name: None,
        usage_type: Some(format!("APN2-{}", resource.unwrap_or("all"))),
        resource: resource.map(Into::into),
        quantity: quantity.map(|quantity| quantity.parse().unwrap()),
        billed: usd(amount),
        effective: Some(usd(amount)),
    }
}

/// September: 32,000; October: 35,000.
fn meters() -> Vec<MeterMonth> {
    vec![
        meter("2026-09-01", EC2, Some("i-lobby"), Some("720"), "20000"),
        meter("2026-10-01", EC2, Some("i-lobby"), Some("360"), "9000"),
        meter("2026-09-01", EC2, Some("i-old"), Some("720"), "2000"),
        meter("2026-10-01", EC2, Some("i-new"), Some("720"), "7000"),
        meter("2026-09-01", TRANSFER, None, Some("100"), "10000"),
        meter("2026-10-01", TRANSFER, None, Some("200"), "19000"),
    ]
}

fn commitments() -> Vec<CommitmentMonth> {
    vec![CommitmentMonth {
        commitment_discount_id: "arn:aws:savingsplans::111122223333:savingsplan/sp-1".into(),
        period: Period::new(at("2026-10-01T00:00:00Z"), at("2026-11-01T00:00:00Z")).unwrap(),
        state: BillState::Whole,
        used: Some(usd("900")),
        on_demand: Some(usd("1250")),
        unused: Some(usd("100")),
    }]
}

pub(super) fn resource(id: &str, name: Option<&str>) -> ResourceRef {
    ResourceRef {
        id: id.into(),
        kind: ResourceKind::Instance,
        account: LIVE.into(),
        region: "ap-northeast-2".into(),
        environment: Environment::Prod,
        name: name.map(str::to_owned),
    }
}

pub(super) fn recommendation(id: &str, likely: &str, finding: Finding) -> Recommendation {
    let likely = usd(likely);
    Recommendation {
        id: format!("R-{id}").into(),
        check: "ec2-instance-oversized".into(),
        resource: resource(id, Some(&format!("{id}-gateway"))),
        action: Action::ModifyInstanceType { from: "m5.2xlarge".into(), to: "m6i.xlarge".into() },
        action_type: ActionType::Rightsize,
        finding,
        reason_codes: Vec::new(),
        reason: Reason::new("oversized", "It uses 31 % of its CPU.", "CPU 사용률이 31%입니다."),
        estimated_monthly_savings: Estimate {
            low: Money::usd(likely.amount / Decimal::TWO),
            likely,
            high: likely,
            before_discounts: likely,
            cost_now: Money::usd(likely.amount * Decimal::TWO),
            cost_after: likely,
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::Bill,
            billed: None,
        },
        performance_risk: PerformanceRisk::new(1),
        projected: Vec::new(),
        options: Vec::new(),
        implementation_effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence::default(),
        second_opinion: None,
    }
}

/// Its sum is smaller than its items together: two of them overlap.
fn analysis() -> Analysis {
    let total = Total {
        monthly_cost: Some(Cost {
            billed: usd("35000"),
            effective: usd("35000"),
            list: None,
            contracted: None,
        }),
        low: usd("600"),
        likely: usd("1000"),
        high: usd("1200"),
        before_discounts: usd("1200"),
        recommendations: 3,
        conditional: None,
        conditional_recommendations: 0,
    };
    Analysis {
        as_of: at("2026-11-22T00:00:00Z"),
        coverage: Coverage::default(),
        totals: BTreeMap::from([(Currency::USD, total)]),
        items: vec![
            recommendation("match", "700", Finding::Overprovisioned),
            recommendation("idle", "500", Finding::Idle),
            recommendation("planned", "100", Finding::Overprovisioned),
        ],
        increases: vec![
            rising("nat-1", Onset::Past, "2026-11-18T00:00:00Z", "118"),
            rising("sp-1", Onset::Coming, "2026-12-15T00:00:00Z", "292.5"),
        ],
        superseded: Vec::new(),
        passed: Vec::new(),
        unknown: Vec::new(),
        only_aws: Vec::new(),
        serverless: Vec::new(),
        functions: Vec::new(),
        holidays: Vec::new(),
    }
}

fn rising(id: &str, onset: Onset, from: &str, monthly: &str) -> RisingCost {
    RisingCost {
        check: "commitment-expiring".into(),
        resource: resource(id, None),
        increase: Increase {
            reason: Reason::new("rise", format!("{id} costs more."), format!("{id} 비용 상승")),
            onset,
            from: at(from),
            monthly: usd(monthly),
            cost_now: usd("438"),
            cost_after: usd("730.5"),
            evidence: Evidence::default(),
        },
    }
}

fn change(id: &str, outcome: ChangeOutcome) -> ChangeSummary {
    ChangeSummary {
        recommendation: format!("R-{id}").into(),
        resource: resource(id, None),
        outcome,
        estimated_monthly_savings: Some(usd("6000")),
    }
}

fn applied_plan() -> PlanSummary {
    PlanSummary {
        id: "4c1e".into(),
        title: Text::new("lobby gateway", "로비 게이트웨이"),
        stage: Environment::Prod,
        status: PlanStatus::Done,
        changes: vec![
            change("i-lobby", ChangeOutcome::Applied { at: at("2026-11-17T19:10:00Z") }),
            change(
                "i-chat",
                ChangeOutcome::TakenBack {
                    applied: at("2026-11-17T20:00:00Z"),
                    at: at("2026-11-17T20:05:00Z"),
                    reason: Text::new("p99 184 ms > 120 ms", "p99 184ms > 120ms"),
                },
            ),
        ],
        estimated_monthly_savings: Some((usd("5000"), usd("6000"), usd("6500"))),
        next_window: None,
        decide_by: None,
        gates: vec![GateSummary {
            resource: resource("i-chat", None),
            passed: 11,
            failed: 1,
            undecided: 0,
        }],
    }
}

fn waiting_plan() -> PlanSummary {
    PlanSummary {
        id: "9a77".into(),
        title: Text::new("database writer", "유저 DB 라이터"),
        stage: Environment::Prod,
        status: PlanStatus::AwaitingApproval,
        changes: vec![change("planned", ChangeOutcome::Waiting)],
        estimated_monthly_savings: Some((usd("80"), usd("100"), usd("110"))),
        next_window: Some(
            Period::new(at("2026-11-23T19:00:00Z"), at("2026-11-23T21:00:00Z")).unwrap(),
        ),
        decide_by: Some(at("2026-11-23T19:00:00Z")),
        gates: Vec::new(),
    }
}

fn tags() -> Vec<TagCost> {
    let tag = |value: Option<&str>, cost: &str| TagCost {
        month: date("2026-10-01"),
        key: "team".into(),
        value: value.map(str::to_owned),
        cost: usd(cost),
    };
    vec![tag(Some("live-ops"), "20000"), tag(Some("data"), "8000"), tag(None, "7000")]
}

fn workloads() -> Vec<WorkloadMonth> {
    let row = |workload: Option<&str>, environment, cost: &str, transfer: &str| WorkloadMonth {
        month: date("2026-08-01"),
        workload: workload.map(str::to_owned),
        environment,
        cost: usd(cost),
        data_transfer: Some(usd(transfer)),
    };
    vec![
        row(Some("lobby"), Environment::Prod, "20000", "5000"),
        row(Some("lobby"), Environment::Staging, "4000", "0"),
        row(Some("lobby"), Environment::Dev, "1000", "0"),
        row(None, Environment::Unknown, "3000", "0"),
    ]
}

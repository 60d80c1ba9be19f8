//! A small analysis for the tests of the pages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use rust_decimal::Decimal;

use trimtab_model::action::{Action, ScheduleTarget, VolumeSettings};
use trimtab_model::analysis::{Analysis, Holiday, Passed, RisingCost, Superseded, Total, Unjudged};
use trimtab_model::charge::Cost;
use trimtab_model::coverage::{Coverage, SourceCoverage, SourceStatus};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::{Evidence, Figure, MetricCoverage, UnseenSignal};
use trimtab_model::id::RecommendationId;
use trimtab_model::metric::Statistic;
use trimtab_model::money::{Currency, Money};
use trimtab_model::opinion::{
    Advice, Aspect, OnlyAws, Opinion, OpinionSource, SecondOpinion, Sight, Stance,
};
use trimtab_model::plan::{Ancestry, Change, ChangeClass, Fingerprint, RecoveryPoint};
use trimtab_model::price::{Price, PriceBasis};
use trimtab_model::recommendation::{
    ActionType, CostComponent, Estimate, Finding, ImplementationEffort, Increase, Onset,
    PerformanceRisk, Projection, ReasonCode, Recommendation, RecommendationOption, Restart, Undo,
    Unknown,
};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};
use trimtab_model::text::{Language, Reason, Text};

use crate::money::ExchangeRate;
use crate::style::Style;

/// A Korean style that shows won.
pub(crate) fn korean() -> Style {
    Style {
        currency: Some(Currency::KRW),
        rates: vec![ExchangeRate {
            from: Currency::USD,
            to: Currency::KRW,
            rate: decimal("1385.2"),
            date: "2026-11-20".parse().unwrap(),
            source: "fixed".into(),
        }],
        time_zone: crate::time::time_zone("Asia/Seoul").unwrap(),
        ..Style::plain(Language::Ko)
    }
}

/// An English style in dollars.
pub(crate) fn english() -> Style {
    Style::plain(Language::En)
}

/// An instance to resize, a volume to delete, an instance that cannot be judged.
pub(crate) fn analysis() -> Analysis {
    let items = vec![rightsize(), unattached_volume()];
    Analysis {
        as_of: "2026-10-31T00:00:00Z".parse().unwrap(),
        coverage: Coverage { sources: sources(), exemptions: Vec::new() },
        serverless: Vec::new(),
        functions: Vec::new(),
        holidays: Vec::new(),
        totals: BTreeMap::from([(
            Currency::USD,
            Total {
                monthly_cost: Some(Cost {
                    billed: usd("612.5"),
                    effective: usd("598.25"),
                    list: Some(usd("640")),
                    contracted: None,
                }),
                low: usd("127.325"),
                likely: usd("191.93"),
                high: usd("191.93"),
                before_discounts: usd("191.93"),
                recommendations: 2,
                conditional: None,
                conditional_recommendations: 0,
            },
        )]),
        superseded: vec![Superseded {
            by: items[0].id.clone(),
            recommendation: Recommendation { id: "R-cccccccccccc".into(), ..rightsize() },
            reason: Reason::new(
                "same-resource",
                "A larger saving exists.",
                "더 큰 절감이 있습니다.",
            ),
        }],
        items,
        increases: vec![RisingCost {
            check: "commitment-expiring".into(),
            resource: resource(
                "0a1b2c3d",
                ResourceKind::ReservedInstances,
                Environment::Unknown,
                None,
            ),
            increase: Increase {
                reason: Reason::new(
                    "commitment-expiring",
                    "It ends on 2026-12-15.",
                    "2026-12-15에 끝납니다.",
                ),
                onset: Onset::Coming,
                from: "2026-12-15T00:00:00Z".parse().unwrap(),
                monthly: usd("292.5"),
                cost_now: usd("438"),
                cost_after: usd("730.5"),
                evidence: Evidence::default(),
            },
        }],
        passed: vec![Passed {
            check: "ec2-instance-idle".into(),
            resource: resource("i-0busy", ResourceKind::Instance, Environment::Dev, None),
            reason: Reason::new("in-use", "It is in use.", "사용 중입니다."),
        }],
        unknown: vec![Unjudged {
            check: "ec2-instance-oversized".into(),
            resource: resource("i-0dark", ResourceKind::Instance, Environment::Unknown, None),
            unknown: Unknown {
                reason: Reason::new(
                    "no-cpu-metric",
                    "There is no CPU metric.",
                    "CPU 지표가 없습니다.",
                ),
                settled_by: vec!["metrics:AWS/EC2:CPUUtilization".into()],
            },
        }],
        only_aws: vec![OnlyAws {
            resource: resource("i-0dark", ResourceKind::Instance, Environment::Unknown, None),
            opinion: opinion("i-0dark", Advice::Remove, "Idle", None),
            reason: Reason::new(
                "not-judged",
                "trimtab could not judge it: There is no CPU metric.",
                "trimtab이 판정하지 못했습니다: CPU 지표가 없습니다.",
            ),
        }],
    }
}

/// An instance that rests at night, and one that does not.
pub(crate) fn scheduled() -> Analysis {
    let week = WeekPlan::new(|hour| match (hour.day() < 5, hour.hour()) {
        (true, 10..19) => PlannedHour::Used,
        (true, 9) => PlannedHour::Kept,
        _ => PlannedHour::Off,
    });
    let schedule = Schedule { time_zone: "Asia/Seoul".to_owned(), week };
    let mut item = rightsize();
    item.check = "ec2-instance-off-hours".into();
    item.resource =
        resource("i-0stg", ResourceKind::Instance, Environment::Staging, Some("lobby-stg"));
    item.action = Action::ApplySchedule { schedule, target: ScheduleTarget::Instance };
    item.action_type = ActionType::Schedule;
    item.evidence.figures = vec![
        Figure::number("weeks_observed", "Observed", "관측 기간", 2.0, "weeks"),
        Figure::number(
            "off_hours_per_week",
            "Hours off a week",
            "일주일 중 꺼 두는 시간",
            118.0,
            "hours",
        ),
        Figure::number(
            "cpu_off_max",
            "Highest CPU use while off",
            "꺼 두는 시간의 최대 CPU 사용률",
            2.5,
            "%",
        )
        .against(5.0),
    ];
    let analysis = analysis();
    let passed = Passed {
        check: "ec2-instance-off-hours".into(),
        resource: resource("i-0busy", ResourceKind::Instance, Environment::Dev, None),
        reason: Reason::new(
            "no-off-hours",
            "It is used around the clock.",
            "하루 종일 사용합니다.",
        ),
    };
    Analysis {
        items: vec![item],
        passed: analysis.passed.iter().cloned().chain([passed]).collect(),
        holidays: vec![Holiday {
            date: "2026-12-25".parse().unwrap(),
            name: Text::new("Christmas Day", "기독탄신일"),
        }],
        ..analysis
    }
}

/// A change of the recommendation, watched for a day.
pub(crate) fn change() -> Change {
    let item = rightsize();
    Change {
        id: "C-1".into(),
        recommendation: item.id,
        environment: item.resource.environment,
        resource: item.resource,
        action: item.action,
        expected: Fingerprint::default(),
        class: ChangeClass::Reversible,
        undo: item.undo,
        recovery: RecoveryPoint::InstanceSnapshots,
        parts: BTreeSet::new(),
        migration: None,
        ladder: Vec::new(),
        projected: item.projected,
        gates: Vec::new(),
        soak: SignedDuration::from_hours(24),
        downtime_budget: SignedDuration::from_mins(20),
        duration: SignedDuration::from_mins(50),
        units: Vec::new(),
        ancestry: Ancestry::Own,
        risk: item.performance_risk,
        estimated_monthly_savings: item.estimated_monthly_savings,
    }
}

/// A production instance, twice as large as it must be. Its name is hostile.
pub(crate) fn rightsize() -> Recommendation {
    let action = Action::ModifyInstanceType { from: "m5.2xlarge".into(), to: "m6i.xlarge".into() };
    let savings = Estimate {
        low: usd("107.675"),
        likely: usd("172.28"),
        high: usd("172.28"),
        before_discounts: usd("172.28"),
        cost_now: usd("344.56"),
        cost_after: usd("172.28"),
        formula_now: vec![hours("m5.2xlarge", "0.472")],
        formula_after: vec![hours("m6i.xlarge", "0.236")],
        basis: PriceBasis::List,
        billed: None,
    };
    let projected = vec![
        Projection { name: "cpu_p99_5".into(), percent: 61.25 },
        Projection { name: "memory_max".into(), percent: 48.0 },
    ];
    let resource = resource(
        "i-0lobby",
        ResourceKind::Instance,
        Environment::Prod,
        Some("lobby-게이트웨이\u{1b}[31m\u{202e}"),
    );
    Recommendation {
        id: identifier("ec2-instance-oversized", &resource),
        check: "ec2-instance-oversized".into(),
        resource,
        options: vec![
            RecommendationOption {
                expected: None,
                action: action.clone(),
                estimated_monthly_savings: savings.clone(),
                performance_risk: PerformanceRisk::new(1),
                projected: projected.clone(),
            },
            RecommendationOption {
                expected: None,
                action: Action::ModifyInstanceType {
                    from: "m5.2xlarge".into(),
                    to: "m5.xlarge".into(),
                },
                estimated_monthly_savings: Estimate { likely: usd("172.28"), ..savings.clone() },
                performance_risk: PerformanceRisk::new(3),
                projected: Vec::new(),
            },
        ],
        action,
        action_type: ActionType::Rightsize,
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::CPUOverprovisioned, ReasonCode::MemoryOverprovisioned],
        reason: Reason::new(
            "oversized",
            "It uses 31 % of its CPU at the 99.5th percentile.",
            "CPU 99.5 백분위 사용률이 31%입니다.",
        ),
        estimated_monthly_savings: savings,
        performance_risk: PerformanceRisk::new(1),
        projected,
        implementation_effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(14),
            figures: vec![
                Figure::number(
                    "cpu_p99_5",
                    "CPU, 99.5th percentile",
                    "CPU 99.5 백분위",
                    30.62,
                    "%",
                )
                .against(80.0),
                Figure::number("memory_max", "Memory, maximum", "메모리 최대", 24.0, "%"),
            ],
            coverage: vec![MetricCoverage {
                namespace: "AWS/EC2".into(),
                metric: "CPUUtilization".into(),
                statistic: Statistic::Maximum,
                samples: 4_020,
                period_seconds: 300,
                coverage: 0.997,
                longest_gap_seconds: 3_600,
                daily: None,
            }],
            signals_not_seen: vec![UnseenSignal {
                name: "network".into(),
                text: Text::new(
                    "Network use was not read; export NetworkIn and NetworkOut.",
                    "네트워크 사용량을 읽지 못했습니다. NetworkIn과 NetworkOut 지표를 내보내세요.",
                ),
            }],
            notes: vec![Text::new(
                "Burstable types were not considered.",
                "버스트형은 고려하지 않았습니다.",
            )],
        },
        second_opinion: Some(second_opinion()),
    }
}

/// Compute Optimizer, which proposes a type of another generation and saw no memory.
fn second_opinion() -> SecondOpinion {
    SecondOpinion {
        stance: Stance::Differ,
        reason: Reason::new(
            "other-target",
            "Compute Optimizer proposes m5.xlarge where trimtab proposes m6i.xlarge.",
            "Compute Optimizer의 제안은 m5.xlarge, trimtab의 제안은 m6i.xlarge입니다.",
        ),
        differences: vec![Reason::new(
            "memory-unseen-by-aws",
            "AWS saw no metric of memory; trimtab did.",
            "AWS는 메모리 지표를 보지 못했고 trimtab은 보았습니다.",
        )],
        opinions: vec![opinion("i-0lobby", Advice::Change, "Overprovisioned", Some("m5.xlarge"))],
    }
}

fn opinion(id: &str, advice: Advice, finding: &str, to: Option<&str>) -> Opinion {
    Opinion {
        source: OpinionSource::ComputeOptimizer,
        account: "111122223333".into(),
        region: "ap-northeast-2".into(),
        kind: ResourceKind::Instance,
        id: id.into(),
        aspect: Aspect::Whole,
        advice,
        finding: finding.into(),
        reason_codes: vec!["CPUOverprovisioned".into()],
        recommended: to.map(|to| ("instance_type".to_owned(), to.to_owned())).into_iter().collect(),
        summary: None,
        monthly_saving: Some(usd("170.82")),
        monthly_saving_after_discounts: None,
        lookback_days: Some(14),
        memory: Some(Sight::Unseen),
        refreshed_at: Some("2026-10-30T00:00:00Z".parse().unwrap()),
    }
}

fn unattached_volume() -> Recommendation {
    let resource = resource("vol-0old", ResourceKind::Volume, Environment::Dev, None);
    let cost = usd("19.65");
    Recommendation {
        id: identifier("ebs-volume-unattached", &resource),
        check: "ebs-volume-unattached".into(),
        resource,
        action: Action::DeleteVolume {
            settings: VolumeSettings {
                volume_type: "gp2".into(),
                iops: None,
                throughput_mib_s: None,
            },
            size_gib: 172,
            availability_zone: Some("ap-northeast-2a".into()),
        },
        action_type: ActionType::Delete,
        finding: Finding::Unattached,
        reason_codes: vec![ReasonCode::Unattached],
        reason: Reason::new(
            "unattached",
            "It has been attached to nothing for 93 days.",
            "93일 동안 어디에도 연결되지 않았습니다.",
        ),
        estimated_monthly_savings: Estimate {
            low: cost,
            likely: cost,
            high: cost,
            before_discounts: cost,
            cost_now: cost,
            cost_after: usd("0"),
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::Bill,
            billed: None,
        },
        performance_risk: PerformanceRisk::VERY_LOW,
        projected: Vec::new(),
        options: Vec::new(),
        implementation_effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new("The volume gets a new ID.", "볼륨 ID가 바뀝니다.")),
        evidence: Evidence::default(),
        second_opinion: None,
    }
}

fn sources() -> Vec<SourceCoverage> {
    vec![
        SourceCoverage {
            source: "billing".into(),
            status: SourceStatus::Complete,
            resources: None,
            from: Some("2026-10-01T00:00:00Z".parse().unwrap()),
            until: Some("2026-10-31T00:00:00Z".parse().unwrap()),
            unlocks: Vec::new(),
            text: Text::new("The bill covers 30 days.", "청구 데이터는 30일입니다."),
        },
        SourceCoverage {
            source: "metrics:CWAgent:mem_used_percent".into(),
            status: SourceStatus::Partial,
            resources: Some((8, 24)),
            from: None,
            until: None,
            unlocks: vec!["ec2-instance-oversized".into()],
            text: Text::new(
                "16 of 24 instances send no memory metric: install the CloudWatch agent.",
                "24대 중 16대에 메모리 지표가 없습니다. CloudWatch 에이전트를 설치하세요.",
            ),
        },
    ]
}

fn hours(instance_type: &str, price: &str) -> CostComponent {
    CostComponent {
        name: instance_type.into(),
        quantity: Decimal::from(730),
        price: Price {
            usd: decimal(price),
            unit: "hour".into(),
            basis: PriceBasis::List,
            source: "aws-price-list".into(),
            as_of: Some("2026-10-13".parse().unwrap()),
        },
    }
}

fn resource(
    id: &str,
    kind: ResourceKind,
    environment: Environment,
    name: Option<&str>,
) -> ResourceRef {
    ResourceRef {
        id: id.into(),
        kind,
        account: "111122223333".into(),
        region: "ap-northeast-2".into(),
        environment,
        name: name.map(str::to_owned),
    }
}

fn identifier(check: &str, resource: &ResourceRef) -> RecommendationId {
    RecommendationId::of(&check.into(), &resource.account, &resource.region, &resource.id)
}

fn usd(amount: &str) -> Money {
    Money::usd(decimal(amount))
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

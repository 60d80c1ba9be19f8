//! Finds DynamoDB tables on demand whose load is so steady that provisioned capacity costs less.
//!
//! **Why it costs.** On demand charges every request. A table that works evenly all day pays several
//! times what the same units cost as provisioned capacity.
//!
//! **What we do.** Take what the table and its indexes consumed, price it by the request, and compare
//! with capacity for the highest interval at the target utilisation for every hour of the month.
//! Only where the second is less do we propose it, with those figures. Without complete metrics or
//! without a price of a capacity-hour (the bill shows it where another table has capacity) we say
//! *unknown*.
//!
//! **What could go wrong.** Above its capacity a table is throttled, which on demand is not. Set up
//! Auto Scaling with these units as the lower limit. A launch, an event or a hot key brings peaks
//! that two weeks did not see. The way back to on-demand is always open.
//!
//! **Where others err.** They flag every table on demand and promise about half, without reading any
//! consumption.
//!
//! # 한국어
//!
//! 부하가 고르게 유지되어 프로비저닝 용량이 더 저렴한 온디맨드 DynamoDB 테이블을 찾습니다.
//!
//! **비용이 드는 이유.** 온디맨드는 요청마다 과금됩니다. 하루 종일 고르게 사용하는 테이블은 같은 단위를 프로비저닝했을 때보다 몇 배를 낼 수
//! 있습니다.
//!
//! **제안하는 조치.** 테이블과 인덱스가 사용한 단위를 요청 단가로 계산하고, 가장 높은 구간을 목표 사용률로 감당하는 용량을 한 달 내내
//! 유지하는 비용과 비교합니다. 후자가 더 저렴할 때만 그 수치와 함께 제안합니다. 지표가 완전하지 않거나 용량 단가(다른 테이블에 용량이
//! 있으면 청구서에 나옵니다)가 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 온디맨드와 달리 용량을 넘으면 요청이 제한됩니다. 이 용량을 하한으로 Auto Scaling을 설정하세요. 출시나 이벤트, 특정 키
//! 집중으로 2주간 보지 못한 피크가 올 수 있습니다. 온디맨드로는 언제든 되돌릴 수 있습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 사용량을 읽지 않고 모든 온디맨드 테이블에 절반가량의 절감을 약속합니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::dynamo_table::{BillingMode, DynamoTable, TableIndex, Throughput};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::table::consumed::{
    Consumption, Flow, NAMESPACE, READ, WRITE, consumption, names, require_short_samples,
};
use crate::table::cost::{REQUESTS, capacity, requests, sum};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "dynamodb-table-on-demand-steady",
    title: StaticText {
        en: "DynamoDB table on demand whose steady load costs less provisioned",
        ko: "부하가 고르게 유지되어 프로비저닝이 더 저렴한 온디맨드 DynamoDB 테이블",
    },
    kind: ResourceKind::DynamoTable,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::DynamoTable),
        Need::Metric(NAMESPACE, READ, &[Statistic::Sum]),
        Need::Metric(NAMESPACE, WRITE, &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "target_utilization_percent",
            default: "70",
            unit: "%",
            text: StaticText {
                en: "Share of the capacity that the highest interval may use: what Auto Scaling aims at by default.",
                ko: "가장 높은 구간이 용량에서 쓸 수 있는 비율입니다. Auto Scaling의 기본 목표와 같습니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let kind = ResourceKind::DynamoTable;
        judge_each(check, facts, kind, &facts.snapshot.dynamo_tables, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    table: &Resource<DynamoTable>,
) -> Result<Verdict, Unknown> {
    let kind = &table.kind;
    if kind.billing_mode == BillingMode::Provisioned {
        return Ok(pass(
            "provisioned",
            "It has provisioned capacity.",
            "프로비저닝 용량을 씁니다.",
        ));
    }
    if kind.replica_count > 0 {
        return Ok(exempt(
            "global-table",
            "It is part of a global table, whose replicas are set together.",
            "글로벌 테이블에 속해 있어 복제본과 함께 설정해야 합니다.",
        ));
    }
    let all = consumption(check, facts, table)?;
    let share = check.threshold_f64(facts, "target_utilization_percent") / 100.0;
    let targets: Vec<Throughput> = all.iter().map(|one| target(one, share)).collect();
    let after = sum(targets.iter().copied());
    let (reads, writes) = (monthly(&all, |one| &one.read)?, monthly(&all, |one| &one.write)?);
    let tariff = Tariff::of(facts, table);
    let reference = table.reference(ResourceKind::DynamoTable);
    let savings = estimate_of(
        facts,
        &reference,
        &names(table, None),
        REQUESTS,
        requests(&tariff, kind, reads, writes)?,
        capacity(&tariff, kind, after)?,
    )?;
    // A higher peak only raises the cost afterwards, so what saves nothing needs no finer samples.
    if savings.likely.is_positive() {
        require_short_samples(&all)?;
    }
    let flows = || all.iter().flat_map(|one| [&one.read, &one.write]);
    let days = flows().map(|flow| flow.days).fold(f64::MAX, f64::min);
    let indexes = all.iter().zip(&targets).filter_map(|(one, target)| {
        Some(TableIndex {
            index_name: one.index.clone()?,
            throughput: *target,
            index_size_bytes: None,
        })
    });
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::TableOnDemand,
            to: Configuration::TableThroughput {
                table: targets.first().copied().unwrap_or(kind.throughput),
                indexes: indexes.collect(),
            },
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperPricingAvailable],
        reason: Reason::new(
            "steady-load",
            format!(
                "{} RCU and {} WCU carry its highest interval for less than its requests cost.",
                after.read_capacity_units, after.write_capacity_units
            ),
            format!(
                "{} RCU와 {} WCU로 가장 높은 구간을 감당하며 요청 요금보다 저렴합니다.",
                after.read_capacity_units, after.write_capacity_units
            ),
        ),
        savings,
        performance_risk: risk(table.environment, 2),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number(
                    "read_max",
                    "Reads a second, highest interval",
                    "초당 읽기 최댓값",
                    peak(&all, |one| &one.read),
                    "RCU",
                )
                .against(after.read_capacity_units as f64),
                Figure::number(
                    "write_max",
                    "Writes a second, highest interval",
                    "초당 쓰기 최댓값",
                    peak(&all, |one| &one.write),
                    "WCU",
                )
                .against(after.write_capacity_units as f64),
            ],
            coverage: flows().flat_map(|flow| flow.coverage.clone()).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "short_peaks".to_owned(),
                text: Text::new(
                    "Peaks of seconds, which the mean of an interval hides.",
                    "구간 평균에 가려진 몇 초짜리 피크는 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Set up Application Auto Scaling with these units as the lower limit.",
                "이 용량을 하한으로 Application Auto Scaling을 설정하세요.",
            )],
        },
    }
    .into_verdict(check, reference))
}

fn target(one: &Consumption, share: f64) -> Throughput {
    let units = |flow: &Flow| (flow.peak_per_second / share).ceil().max(1.0) as u64;
    Throughput { read_capacity_units: units(&one.read), write_capacity_units: units(&one.write) }
}

fn peak(all: &[Consumption], of: fn(&Consumption) -> &Flow) -> f64 {
    let peak: f64 = all.iter().map(|one| of(one).peak_per_second).sum();
    (peak * 100.0).round() / 100.0
}

/// Returns the units of a month at the pace of the window.
fn monthly(all: &[Consumption], of: fn(&Consumption) -> &Flow) -> Result<Decimal, Unknown> {
    let units: f64 = all
        .iter()
        .map(of)
        .map(|flow| flow.units / (flow.days * 24.0) * f64::from(HOURS_PER_MONTH))
        .sum();
    Decimal::try_from(units.round()).map_err(|_| {
        unknown(
            "units-not-computable",
            "The units that were counted are no number.",
            "집계된 사용량을 계산할 수 없습니다.",
            &["metrics:AWS/DynamoDB:ConsumedReadCapacityUnits"],
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::dynamo_table::BillingMode;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn table(reads: f64, peak: f64) -> Scene {
        let mut reading = flat(reads * 300.0, 14);
        reading.max = peak * 300.0;
        scene()
            .price("dynamodb/on_demand_rru", "0.000000125")
            .price("dynamodb/on_demand_wru", "0.000000625")
            .price("dynamodb/rcu_hour", "0.00013")
            .price("dynamodb/wcu_hour", "0.00065")
            .dynamo_table(|table| table.kind.billing_mode = BillingMode::PayPerRequest)
            .metric("scores", "AWS/DynamoDB", "ConsumedReadCapacityUnits", Statistic::Sum, reading)
            .metric(
                "scores",
                "AWS/DynamoDB",
                "ConsumedWriteCapacityUnits",
                Statistic::Sum,
                flat(0.0, 14),
            )
    }

    #[test]
    fn a_steady_load_fires() {
        // 262.8 million reads cost 32.85; 143 RCU and 1 WCU cost 14.05.
        check(&CHECK, table(100.0, 100.0), "recommend 18.80 / 18.80 / 18.80");
    }

    #[test]
    fn a_load_with_peaks_passes() {
        check(&CHECK, table(10.0, 500.0), "pass no-saving");
        check(&CHECK, scene().dynamo_table(|_| ()), "pass provisioned");
    }

    #[test]
    fn just_under_the_break_even_it_fires_and_above_it_passes() {
        check(&CHECK, table(100.0, 238.0), "recommend 0.11 / 0.11 / 0.11");
        check(&CHECK, table(100.0, 240.0), "pass no-saving");
    }

    #[test]
    fn samples_of_an_hour_hide_the_peaks_so_it_is_unknown() {
        let mut series = flat(100.0 * 3600.0, 14);
        series.period_seconds = 3600;
        let metric = "ConsumedReadCapacityUnits";
        let scene =
            table(100.0, 100.0).metric("scores", "AWS/DynamoDB", metric, Statistic::Sum, series);
        check(&CHECK, scene, "unknown samples-too-long");
    }

    #[test]
    fn without_complete_metrics_or_a_price_it_is_unknown() {
        let on_demand =
            scene().dynamo_table(|table| table.kind.billing_mode = BillingMode::PayPerRequest);
        check(&CHECK, on_demand, "unknown metric-missing");
        let unpriced = table(100.0, 100.0).without_price("dynamodb/rcu_hour");
        check(&CHECK, unpriced, "unknown price-missing");
    }
}

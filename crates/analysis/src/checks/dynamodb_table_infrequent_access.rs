//! Finds DynamoDB tables whose storage costs so much more than their use that the class
//! Standard-Infrequent Access would be cheaper.
//!
//! **Why it costs.** Standard-Infrequent Access stores a GB for less and charges reads and writes
//! more. For a large table that is seldom asked the first outweighs the second.
//!
//! **What we do.** Take storage and throughput of the table from the bill and price both anew: with
//! the bill's own rates where another table has the class, else in AWS's published proportion,
//! which is an estimate and needs the policy's consent. Without a bill there is no verdict.
//!
//! **What could go wrong.** A table may change its class twice in 30 days only. Reserved capacity does
//! not cover the class: what it covers now is paid again. A load that grows later turns the sum.
//!
//! **Where others err.** They go by the age of the data, which says nothing about its reads.
//!
//! # 한국어
//!
//! 사용량에 비해 스토리지 비용이 커서 Standard-Infrequent Access 클래스가 더 저렴한 DynamoDB 테이블을 찾습니다.
//!
//! **비용이 드는 이유.** Standard-Infrequent Access는 저장 단가가 낮은 대신 읽기와 쓰기 단가가 높습니다. 크지만 드물게 쓰는 테이블에서는
//! 저장 비용 절감이 더 큽니다.
//!
//! **제안하는 조치.** 청구서에서 테이블의 스토리지와 처리량 비용을 가져와 새 단가로 계산합니다. 이 클래스를 쓰는 다른 테이블이 있으면 청구서의
//! 단가를 쓰고, 없으면 AWS가 공개한 비율로 추정하며 정책에서 추정을 허용해야 합니다. 청구서가 없으면 판단하지 않습니다.
//!
//! **주의할 점.** 테이블 클래스는 30일에 두 번만 바꿀 수 있습니다. 예약 용량은 이 클래스에 적용되지 않아 지금 예약이 덮는 부분에 비용이 다시
//! 듭니다. 나중에 사용량이 늘면 결과가 뒤집힙니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 읽기와 무관한 데이터의 나이를 기준으로 판단합니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::charge::ResourceCharge;
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::focus::CommitmentDiscountStatus;
use trimtab_model::price::Price;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::dynamo_table::DynamoTable;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed;
use crate::check::{Check, Facts, Need};
use crate::pricing::{Tariff, usage_name};
use crate::saving::{Commitment, Meter, estimate_of};
use crate::table::consumed::names;
use crate::table::cost::{INFREQUENT, is_storage, is_throughput};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// A GB, and a unit, on Standard-Infrequent Access for one on Standard.
///
/// Source: AWS price list of DynamoDB, us-east-1: storage 0.10 for 0.25 USD a GB-month, writes
/// 0.78 for 0.625 USD a million.
const STORAGE_FACTOR: &str = "0.4";
const THROUGHPUT_FACTOR: &str = "1.25";
const SOURCE: &str = "Standard-IA in proportion to Standard (AWS price list, us-east-1)";

/// Picks all that the class prices differently.
const CLASS: Meter = Meter {
    charges: |charge| is_storage(charge) || is_throughput(charge),
    commitment: Commitment::Impossible,
};

/// Each meter: its usage type on Standard, and the meter of the class.
const METERS: &[(&str, &str, &str)] = &[
    ("TimedStorage-ByteHrs", "dynamodb/ia_storage", STORAGE_FACTOR),
    ("ReadCapacityUnit-Hrs", "dynamodb/ia_rcu_hour", THROUGHPUT_FACTOR),
    ("WriteCapacityUnit-Hrs", "dynamodb/ia_wcu_hour", THROUGHPUT_FACTOR),
    ("ReadRequestUnits", "dynamodb/ia_on_demand_rru", THROUGHPUT_FACTOR),
    ("WriteRequestUnits", "dynamodb/ia_on_demand_wru", THROUGHPUT_FACTOR),
];

/// The check.
pub static CHECK: Check = Check {
    id: "dynamodb-table-infrequent-access",
    title: StaticText {
        en: "DynamoDB table whose storage outweighs its use",
        ko: "사용량에 비해 스토리지 비용이 큰 DynamoDB 테이블",
    },
    kind: ResourceKind::DynamoTable,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::DynamoTable), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_billed_days",
        default: "14",
        unit: "days",
        text: StaticText {
            en: "Days that the bill must cover: a weekly job reads the whole table.",
            ko: "청구서가 포함해야 하는 일수입니다. 매주 한 번 테이블 전체를 읽는 작업이 있을 수 있습니다.",
        },
    }],
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
    if table.kind.table_class.as_deref() == Some(INFREQUENT) {
        return Ok(pass(
            "infrequent-access",
            "It is on Standard-Infrequent Access.",
            "이미 Standard-Infrequent Access입니다.",
        ));
    }
    if table.kind.replica_count > 0 {
        return Ok(exempt(
            "global-table",
            "It is part of a global table: replicated writes are priced in another way.",
            "글로벌 테이블에 속해 있으며 복제 쓰기는 요금 방식이 다릅니다.",
        ));
    }
    billed::require_days(facts, check.threshold(facts, "min_billed_days"))?;
    let reference = table.reference(ResourceKind::DynamoTable);
    let names = names(table, None);
    let covered = names
        .iter()
        .flat_map(|name| facts.charges.of_resource(name))
        .any(|charge| charge.commitment_discount_status == Some(CommitmentDiscountStatus::Used));
    if covered {
        return Ok(exempt(
            "reserved-capacity",
            "Reserved capacity covers it, and does not cover the other class.",
            "예약 용량이 적용 중이며, 다른 클래스에는 적용되지 않습니다.",
        ));
    }
    let tariff = Tariff::of(facts, table);
    let (mut now, mut after) = (Vec::new(), Vec::new());
    for (usage, meter, factor) in METERS {
        let is_meter = |charge: &ResourceCharge| {
            charge.usage_type.as_deref().is_some_and(|name| usage_name(name) == *usage)
        };
        let Some(part) = billed::part(facts, &reference, &names, usage, is_meter) else { continue };
        let price = price_in_class(&tariff, meter, factor, &part.price)?;
        let name = format!("{usage} on Standard-IA");
        after.push(CostComponent { name, quantity: part.quantity, price });
        now.push(part);
    }
    if !now.iter().any(|part| part.name == "TimedStorage-ByteHrs") {
        return Err(unknown(
            "storage-not-billed",
            "The bill does not name the storage of the table.",
            "청구서에 이 테이블의 스토리지 비용이 없습니다.",
            &["billing"],
        ));
    }
    let savings = estimate_of(facts, &reference, &names, CLASS, now, after)?;
    let setting = |class: &str| Configuration::TableClass(class.to_owned());
    Ok(Proposal {
        action: Action::Configure { from: setting("STANDARD"), to: setting(INFREQUENT) },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperPricingAvailable],
        reason: Reason::new(
            "storage-outweighs-use",
            "It saves more on storage than it adds to reads and writes.",
            "읽기와 쓰기에서 늘어나는 비용보다 스토리지에서 줄어드는 비용이 큽니다.",
        ),
        savings,
        performance_risk: risk(table.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: table
                .kind
                .table_size_bytes
                .map(|bytes| {
                    let gib = (bytes as f64 / 1_073_741_824.0).round();
                    Figure::number("size_gib", "Size", "크기", gib, "GiB")
                })
                .into_iter()
                .collect(),
            notes: vec![Text::new(
                "A table may change its class twice in 30 days.",
                "테이블 클래스는 30일에 두 번만 변경할 수 있습니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the bill's own rate of the class, else the published proportion.
fn price_in_class(
    tariff: &Tariff<'_>,
    meter: &str,
    factor: &str,
    now: &Price,
) -> Result<Price, Unknown> {
    tariff.meter_price(meter).or_else(|_| {
        let factor: Decimal = factor.parse().expect("a decimal constant of this file");
        tariff.derived(meter, now, factor, SOURCE)
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    const ARN: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/scores";

    fn table(reads_usd: &str) -> Scene {
        scene()
            .allowing_estimates()
            .dynamo_table(|_| ())
            .bill(ARN, "TimedStorage-ByteHrs", "400", "100")
            .bill(ARN, "ReadRequestUnits", "1000000", reads_usd)
    }

    #[test]
    fn storage_that_outweighs_the_use_fires() {
        // 60 less on storage and 10 more on reads, in 30 days.
        check(&CHECK, table("40"), "recommend 50.69 / 50.69 / 50.69");
    }

    #[test]
    fn a_busy_table_passes() {
        check(&CHECK, table("400"), "pass no-saving");
        let infrequent = scene().dynamo_table(|table| {
            table.kind.table_class = Some("STANDARD_INFREQUENT_ACCESS".into());
        });
        check(&CHECK, infrequent, "pass infrequent-access");
    }

    #[test]
    fn just_under_the_break_even_it_fires_and_at_it_passes() {
        check(&CHECK, table("239"), "recommend 0.25 / 0.25 / 0.25");
        check(&CHECK, table("240"), "pass no-saving");
    }

    #[test]
    fn without_a_bill_or_consent_it_is_unknown() {
        check(&CHECK, scene().dynamo_table(|_| ()), "unknown bill-too-short");
        let mut careful = table("40");
        careful.policy = Default::default();
        check(&CHECK, careful, "unknown price-only-estimated");
    }

    #[test]
    fn the_rates_of_another_table_of_the_class_come_first() {
        let mut scene = table("40").bill("other", "IA-TimedStorage-ByteHrs", "10", "1").bill(
            "other",
            "IA-ReadRequestUnits",
            "1000000",
            "50",
        );
        scene.policy = Default::default();
        check(&CHECK, scene, "recommend 50.69 / 50.69 / 50.69");
    }
}

//! Finds magnetic volumes whose requests cost more than gp3 would.
//!
//! **Why it costs.** The old `standard` type is charged for every request besides its space. gp3
//! asks more for the space and nothing for requests.
//!
//! **What we do.** Change the type in place, online, to gp3. The cost now is space and requests, as the
//! bill has them, else as the metrics count them at the rate that the bill shows in the region; where
//! the volume is quiet, magnetic is cheaper and we leave it.
//!
//! **What could go wrong.** Nothing known: gp3 is faster in every respect. A magnetic volume as the
//! root of a very old instance type may need a newer one to boot from gp3.
//!
//! **Where others err.** They call every magnetic volume waste. By space alone it is the
//! cheaper one, and the change would raise the bill.
//!
//! # 한국어
//!
//! 요청 비용 때문에 gp3보다 비싼 마그네틱 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** 예전 `standard` 유형은 저장 공간 외에 요청마다 과금됩니다. gp3는 저장 공간 단가가 더
//! 높지만 요청 비용이 없습니다.
//!
//! **제안하는 조치.** 온라인 상태에서 유형을 gp3로 바꿉니다. 현재 비용은 청구서의 저장 공간과 요청 비용이며,
//! 청구서에 볼륨이 없으면 지표의 요청 수에 같은 리전의 청구 단가를 곱합니다. 요청이 적은 볼륨은 마그네틱이 더
//! 저렴하므로 그대로 둡니다.
//!
//! **주의할 점.** 알려진 위험은 없습니다. gp3는 모든 면에서 더 빠릅니다. 아주 오래된 인스턴스 유형의 루트
//! 볼륨이라면 gp3로 부팅하기 위해 더 새로운 유형이 필요할 수 있습니다.
//!
//! **다른 도구와 다른 점.** 모든 마그네틱 볼륨을 낭비로 보는 도구가 많습니다. 저장 공간만 보면 마그네틱이 더
//! 저렴하며, 바꾸면 오히려 비용이 늘 수 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::{GP3_INCLUDED_IOPS, GP3_INCLUDED_THROUGHPUT, Tariff};
use crate::saving::{EVERYTHING, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Days in a month of 730 hours.
const DAYS_PER_MONTH: f64 = 730.0 / 24.0;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-magnetic",
    title: StaticText {
        en: "Magnetic volume whose requests cost more than gp3",
        ko: "요청 비용 때문에 gp3보다 비싼 마그네틱 볼륨",
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::OptionalMetric("AWS/EBS", "VolumeReadOps", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/EBS", "VolumeWriteOps", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if volume.kind.volume_type != "standard" {
        return Ok(pass(
            "not-magnetic",
            "The volume is not magnetic.",
            "마그네틱 볼륨이 아닙니다.",
        ));
    }
    let from = VolumeSettings::from(&volume.kind);
    let to = VolumeSettings {
        volume_type: "gp3".to_owned(),
        iops: Some(GP3_INCLUDED_IOPS),
        throughput_mib_s: Some(GP3_INCLUDED_THROUGHPUT),
    };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let tariff = Tariff::of(facts, volume);
    let mut formula_now = tariff.volume(&from, size_gib)?;
    let requests = requests(check, facts, volume, &tariff)?;
    let count = requests.quantity;
    formula_now.push(requests);
    let savings = estimate_of(
        facts,
        &reference,
        std::slice::from_ref(&volume.id),
        EVERYTHING,
        formula_now,
        tariff.volume(&to, size_gib)?,
    )?;
    use rust_decimal::prelude::ToPrimitive;
    Ok(Proposal {
        action: Action::ModifyVolume { from, to, size_gib },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationStorageTypeAvailable],
        reason: Reason::new(
            "requests-cost-more",
            format!(
                "Its requests, {} a month, cost more than the dearer space of gp3.",
                count.round()
            ),
            format!("월 {}회의 요청 비용이 gp3와의 저장 공간 가격 차이보다 큽니다.", count.round()),
        ),
        savings,
        performance_risk: risk(volume.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::number(
                "requests",
                "Requests a month",
                "월 요청 수",
                count.round().to_f64().unwrap_or_default(),
                "",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the requests of a month: as the bill counts them, else as the metrics do.
fn requests(
    check: &Check,
    facts: &Facts<'_>,
    volume: &Resource<Volume>,
    tariff: &Tariff<'_>,
) -> Result<CostComponent, Unknown> {
    let billed: Option<Decimal> = facts
        .charges
        .of_resource(&volume.id)
        .iter()
        .filter(|charge| {
            charge.usage_type.as_deref().is_some_and(|usage| usage.ends_with("EBS:VolumeIOUsage"))
        })
        .filter_map(|charge| charge.pricing_quantity)
        .reduce(|sum, quantity| sum.saturating_add(quantity));
    let counted = match billed.zip(facts.charges.monthly_factor()) {
        Some((quantity, factor)) => quantity.checked_mul(factor),
        None => {
            let names = std::slice::from_ref(&volume.id);
            let mut sum = 0.0;
            for metric in ["VolumeReadOps", "VolumeWriteOps"] {
                let seen = Observation::complete(
                    check,
                    facts,
                    volume,
                    names,
                    "AWS/EBS",
                    metric,
                    &[Statistic::Sum],
                )?;
                sum += seen.profile.sum / seen.days() * DAYS_PER_MONTH;
            }
            Decimal::from_f64(sum.round())
        }
    };
    let counted = counted.ok_or_else(|| {
        unknown(
            "requests-not-computable",
            "The requests of a month cannot be computed.",
            "월 요청 수를 계산할 수 없습니다.",
            &["metrics:AWS/EBS:VolumeReadOps", "metrics:AWS/EBS:VolumeWriteOps"],
        )
    })?;
    tariff.meter("magnetic requests", counted, "ebs/standard_io")
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    /// A volume with so many requests a second, where a million costs 0.05.
    fn magnetic(requests: f64) -> Scene {
        let half = || flat(requests / 2.0 * 300.0, 14);
        scene()
            .volume(|volume| {
                volume.kind.volume_type = "standard".into();
                volume.kind.iops = None;
            })
            .price("ebs/standard_io", "0.00000005")
            .metric("vol-1", "AWS/EBS", "VolumeReadOps", Statistic::Sum, half())
            .metric("vol-1", "AWS/EBS", "VolumeWriteOps", Statistic::Sum, half())
    }

    #[test]
    fn a_busy_magnetic_volume_fires() {
        // 100 a second are 262.8 million a month: 5 + 13.14 becomes 8.
        check(&CHECK, magnetic(100.0), "recommend 10.14 / 10.14 / 10.14");
    }

    #[test]
    fn a_gp2_volume_passes() {
        check(&CHECK, scene().volume(|_| ()), "pass not-magnetic");
    }

    #[test]
    fn a_quiet_one_is_just_under_what_gp3_costs() {
        check(&CHECK, magnetic(22.0), "pass no-saving");
        check(&CHECK, magnetic(23.0), "recommend 0.02 / 0.02 / 0.02");
    }

    #[test]
    fn requests_that_nobody_counted_are_unknown() {
        let mut scene = magnetic(100.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
        check(&CHECK, magnetic(100.0).without_price("ebs/standard_io"), "unknown price-missing");
    }
}

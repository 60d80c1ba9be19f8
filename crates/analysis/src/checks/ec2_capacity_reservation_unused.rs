//! Finds Capacity Reservations with seats that nothing ever runs in.
//!
//! **Why it costs.** A reserved seat is charged like a running instance, whether one runs in it or not.
//!
//! **What we do.** Give back the seats that were empty at every moment of at least 14 days; where none was
//! ever taken, cancel the reservation. Running instances go on as before.
//!
//! **What could go wrong.** A reservation often waits for a failure, a launch or a sale, and the same capacity
//! may not be there when it is wanted back: ask its owner. Capacity Blocks are paid in
//! advance, future-dated reservations are bound to their commitment, and those of a fleet
//! belong to the fleet: they are left alone.
//!
//! **Where others err.** They count the seats that are empty at this moment, which at night are many.
//!
//! # 한국어
//!
//! 한 번도 쓰이지 않은 자리가 있는 용량 예약을 찾습니다.
//!
//! **비용이 드는 이유.** 예약한 자리는 인스턴스 실행 여부와 관계없이 실행 중인 인스턴스와 똑같이 과금됩니다.
//!
//! **제안하는 조치.** 14일 이상 관측한 기간 내내 비어 있던 자리를 반납하고, 한 번도 쓰이지 않은 예약은 취소합니다.
//! 실행 중인 인스턴스에는 영향이 없습니다.
//!
//! **주의할 점.** 용량 예약은 장애나 출시, 할인 행사를 대비한 것일 수 있으며, 다시 필요할 때 같은 용량을 확보하지
//! 못할 수 있습니다. 담당자에게 확인하세요. 선불인 Capacity Block, 약정이 남은 미래 날짜 예약, 플릿에 속한 예약은
//! 제외합니다.
//!
//! **다른 도구와 다른 점.** 조회한 순간에 비어 있는 자리만 세는 도구가 많지만, 밤에는 빈 자리가 많을 수 있습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::capacity_reservation::CapacityReservation;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{EMPTY_SEATS, estimate_of};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// CloudWatch's metrics of reservations.
const NAMESPACE: &str = "AWS/EC2CapacityReservations";

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-capacity-reservation-unused",
    title: StaticText {
        en: "Capacity Reservation with seats that nothing runs in",
        ko: "쓰이지 않는 자리가 있는 용량 예약",
    },
    kind: ResourceKind::CapacityReservation,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::CapacityReservation),
        Need::Metric(NAMESPACE, "AvailableInstanceCount", &[Statistic::Minimum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let reservations = &facts.snapshot.capacity_reservations;
        judge_each(check, facts, ResourceKind::CapacityReservation, reservations, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    reservation: &Resource<CapacityReservation>,
) -> Result<Verdict, Unknown> {
    let kind = &reservation.kind;
    if kind.state != "active" {
        return Ok(pass(
            "not-active",
            "The reservation is not active.",
            "활성 상태의 예약이 아닙니다.",
        ));
    }
    if let Some(verdict) = bound(facts, reservation) {
        return Ok(verdict);
    }
    let (Some(total), Some(available)) = (kind.total_instance_count, kind.available_instance_count)
    else {
        return Err(unknown(
            "seats-unknown",
            "How many seats the reservation has is not known.",
            "예약한 자리 수를 알 수 없습니다.",
            &["inventory:describe-capacity-reservations"],
        ));
    };
    if available == 0 {
        return Ok(pass("full", "Every seat is taken.", "모든 자리를 쓰고 있습니다."));
    }
    let names = std::slice::from_ref(&reservation.id);
    let seen = Observation::complete(
        check,
        facts,
        reservation,
        names,
        NAMESPACE,
        "AvailableInstanceCount",
        &[Statistic::Minimum],
    )?;
    // A reservation that has shrunk since cannot have more empty seats than it has now.
    let empty = (seen.profile.min.floor() as u32).min(available).min(total);
    if empty == 0 {
        return Ok(pass(
            "used-at-times",
            "Every seat was taken at some moment.",
            "모든 자리가 한 번 이상 쓰였습니다.",
        ));
    }
    let seats = seat_hours(facts, reservation)?;
    let mean = Decimal::from_f64_retain(seen.profile.mean)
        .unwrap_or_default()
        .round_dp(4)
        .max(empty.into());
    let times = |count: Decimal| CostComponent {
        name: format!("empty seats of {}", kind.instance_type),
        quantity: seats.quantity * count,
        price: seats.price.clone(),
    };
    let bill_ids: Vec<ResourceId> = std::iter::once(reservation.id.clone())
        .chain(kind.capacity_reservation_arn.iter().map(|arn| arn.as_str().into()))
        .collect();
    let reference = reservation.reference(ResourceKind::CapacityReservation);
    let left = mean - Decimal::from(empty);
    let after = if left.is_zero() { Vec::new() } else { vec![times(left)] };
    let savings = estimate_of(facts, &reference, &bill_ids, EMPTY_SEATS, vec![times(mean)], after)?;
    let days = seen.days();
    Ok(Proposal {
        action: Action::ResizeCapacityReservation {
            instance_type: kind.instance_type.clone(),
            instance_platform: kind.instance_platform.clone(),
            availability_zone: kind.availability_zone.clone(),
            from: total,
            to: total.saturating_sub(empty),
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        reason: Reason::new(
            "seats-empty",
            format!("{empty} of its {total} seats were empty at every moment of {days:.0} days."),
            format!("자리 {total}개 중 {empty}개가 {days:.0}일 내내 비어 있었습니다."),
        ),
        savings,
        performance_risk: risk(reservation.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The seats can be reserved again only if the zone has the capacity then.",
            "다시 예약하려면 그때 해당 가용 영역에 용량이 있어야 합니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number(
                    "empty_min",
                    "Fewest empty seats",
                    "빈 자리 최솟값",
                    f64::from(empty),
                    "",
                ),
                Figure::number("seats", "Seats", "자리 수", f64::from(total), ""),
            ],
            coverage: vec![seen.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether the seats wait for a failure, a launch or a sale.",
                    "장애, 출시, 할인 행사를 대비한 자리인지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns why a reservation cannot be made smaller, or costs this account nothing.
fn bound(facts: &Facts<'_>, reservation: &Resource<CapacityReservation>) -> Option<Verdict> {
    let kind = &reservation.kind;
    if kind.reservation_type.as_deref() == Some("capacity-block") {
        return Some(exempt(
            "capacity-block",
            "It is a Capacity Block, which is paid in advance.",
            "선불로 구매한 Capacity Block입니다.",
        ));
    }
    if kind.capacity_reservation_fleet_id.is_some() {
        return Some(exempt(
            "fleet",
            "A Capacity Reservation Fleet decides about it.",
            "용량 예약 플릿이 관리하는 예약입니다.",
        ));
    }
    if kind.commitment_end_date.is_some_and(|end| end > facts.now) {
        return Some(exempt(
            "committed",
            "Its commitment has not ended yet.",
            "약정 기간이 아직 끝나지 않았습니다.",
        ));
    }
    let payer = kind.unused_reservation_billing_owner_id.as_deref();
    payer.is_some_and(|payer| payer != reservation.account.as_str()).then(|| {
        exempt(
            "billed-elsewhere",
            "Another account pays for its empty seats.",
            "다른 계정이 빈 자리의 비용을 부담합니다.",
        )
    })
}

/// Returns one seat for a month.
fn seat_hours(
    facts: &Facts<'_>,
    reservation: &Resource<CapacityReservation>,
) -> Result<CostComponent, Unknown> {
    let kind = &reservation.kind;
    let platform = kind.instance_platform.as_deref().unwrap_or("Linux/UNIX");
    let tenancy = kind.tenancy.as_deref().unwrap_or("default");
    if platform != "Linux/UNIX" || tenancy != "default" {
        return Err(unknown(
            "price-missing",
            format!("There is no price of {platform} with {tenancy} tenancy in the price list."),
            format!("{platform}, {tenancy} 테넌시 조합의 가격이 정가표에 없습니다."),
            &["prices:ec2"],
        ));
    }
    Tariff::of(facts, reservation).instance_hours(&kind.instance_type)
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, recommended, scene};

    /// A reservation of ten, of which so many were empty at the least.
    fn reservation(empty: f64) -> Scene {
        scene().reservation(|_| ()).instance_type(instance_facts("m5.large", 2, 8), "0.1").metric(
            "cr-1",
            "AWS/EC2CapacityReservations",
            "AvailableInstanceCount",
            Statistic::Minimum,
            flat(empty, 14),
        )
    }

    #[test]
    fn a_reservation_that_nothing_uses_fires() {
        check(&CHECK, reservation(10.0), "recommend 456.25 / 730.00 / 730.00");
    }

    #[test]
    fn some_seats_are_given_back_and_all_are_cancelled() {
        let command = |scene: &Scene| {
            let recommendation = recommended(&CHECK, scene);
            recommendation.action.commands(&recommendation.resource).apply[0].clone()
        };
        assert_eq!(
            command(&reservation(4.0)),
            "aws ec2 modify-capacity-reservation --capacity-reservation-id cr-1 --instance-count 6 --region us-east-1"
        );
        assert_eq!(
            command(&reservation(10.0)),
            "aws ec2 cancel-capacity-reservation --capacity-reservation-id cr-1 --region us-east-1"
        );
    }

    #[test]
    fn a_reservation_that_is_full_passes() {
        let mut scene = reservation(0.0);
        scene.snapshot.capacity_reservations[0].kind.available_instance_count = Some(0);
        check(&CHECK, scene, "pass full");
    }

    #[test]
    fn just_under_one_seat_that_is_always_empty_passes() {
        check(&CHECK, reservation(0.9), "pass used-at-times");
        check(&CHECK, reservation(1.0), "recommend 45.62 / 73.00 / 73.00");
    }

    #[test]
    fn seats_that_nobody_watched_are_unknown() {
        let mut scene = reservation(10.0);
        scene.profiles = Default::default();
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn a_capacity_block_is_exempt() {
        let mut scene = reservation(10.0);
        scene.snapshot.capacity_reservations[0].kind.reservation_type =
            Some("capacity-block".into());
        check(&CHECK, scene, "exempt capacity-block");
    }
}

//! What tasks on Fargate cost, and how much of it a Savings Plan pays already.

use rust_decimal::Decimal;

use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::focus::{ChargeCategory, CommitmentDiscountStatus};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{CostComponent, Estimate, Unknown};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::fargate::service::{Architecture, Purchase, Running, names};
use crate::fargate::size::Size;
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of, narrowed};

/// Picks the tasks of a service, which a Compute Savings Plan that nobody sees may cover.
const TASKS: Meter = Meter { charges: |_| true, commitment: Commitment::Possible };
/// Picks the tasks of a service, where the bill shows that no plan covers any.
const UNCOVERED_TASKS: Meter = Meter { charges: |_| true, commitment: Commitment::Impossible };

/// Returns a month of the counted tasks, each of so much processor and memory.
///
/// # Errors
/// Returns `Unknown` if neither the bill nor the price list has a price.
pub fn formula(
    tariff: &Tariff<'_>,
    running: &Running<'_>,
    size: Size,
    architecture: Architecture,
) -> Result<Vec<CostComponent>, Unknown> {
    let hours = running.tasks * Decimal::from(HOURS_PER_MONTH);
    let spot = match running.purchase {
        Purchase::OnDemand => "",
        Purchase::Spot => "spot_",
    };
    let make = match architecture {
        Architecture::X86 => "x86",
        Architecture::Arm => "arm",
    };
    let of = |label: &str, quantity: Decimal, meter: &str| {
        let name = format!("Fargate {label} {}", architecture.as_str());
        tariff.billed_meter(&name, quantity, &format!("fargate/{spot}{meter}_hour_{make}"))
    };
    Ok(vec![of("vCPU", hours * size.vcpu(), "vcpu")?, of("GB", hours * size.memory_gb(), "gb")?])
}

/// Estimates what another formula saves a service.
///
/// The bill names tasks, which come and go, and not the service: its rates count, and what a
/// Savings Plan covers of all tasks of the account in the region is taken to cover as much of these.
///
/// # Errors
/// As [`estimate_of`].
pub fn savings(
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
    purchase: Purchase,
    now: Vec<CostComponent>,
    after: Vec<CostComponent>,
    evidence: &mut Evidence,
) -> Result<Estimate, Unknown> {
    let reference = service.reference(ResourceKind::EcsService);
    let uncovered = match purchase {
        Purchase::OnDemand => uncovered_share(facts, service),
        // No plan covers spare capacity.
        Purchase::Spot => Some(Decimal::ONE),
    };
    let meter = if uncovered == Some(Decimal::ONE) { UNCOVERED_TASKS } else { TASKS };
    let savings = estimate_of(facts, &reference, &names(service), meter, now, after)?;
    match uncovered.filter(|share| *share < Decimal::ONE) {
        None => Ok(savings),
        Some(share) => {
            let percent = ((Decimal::ONE - share) * Decimal::ONE_HUNDRED).round_dp(0);
            evidence.notes.push(Text::new(
                format!("A Savings Plan covers {percent} % of the Fargate hours of this account and region: as much of the saving comes only when the plan finds other use."),
                format!("이 계정과 리전의 Fargate 사용 시간 중 {percent}%가 Savings Plans로 처리됩니다. 그만큼의 절감액은 플랜이 다른 곳에 쓰일 때만 생깁니다."),
            ));
            narrowed(savings, Decimal::ZERO, share)
        }
    }
}

/// Returns the share of the account's vCPU-hours on Fargate in the region that no plan covers,
/// spare capacity aside;
/// absent where the bill has none.
fn uncovered_share(facts: &Facts<'_>, service: &Resource<EcsService>) -> Option<Decimal> {
    let (mut all, mut uncovered) = (Decimal::ZERO, Decimal::ZERO);
    for charge in &facts.charges.resources {
        let is_ours = charge.charge_category == ChargeCategory::Usage
            && charge.region.as_ref() == Some(&service.region)
            && charge.account.as_ref().is_none_or(|account| *account == service.account)
            && charge.usage_type.as_deref().is_some_and(|usage| {
                usage.contains("Fargate-")
                    && usage.ends_with("vCPU-Hours:perCPU")
                    && !usage.contains("Spot")
            });
        let Some(quantity) = charge.pricing_quantity.filter(|_| is_ours) else { continue };
        all = all.checked_add(quantity)?;
        if charge.commitment_discount_status != Some(CommitmentDiscountStatus::Used) {
            uncovered = uncovered.checked_add(quantity)?;
        }
    }
    (all > Decimal::ZERO).then(|| uncovered.checked_div(all)).flatten()
}

/// Returns the figures of what is running, for the evidence.
pub fn figures(running: &Running<'_>) -> Vec<Figure> {
    use rust_decimal::prelude::ToPrimitive;
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    vec![
        Figure::number(
            "tasks",
            "Tasks counted",
            "계산에 넣은 태스크 수",
            number(running.tasks),
            "",
        ),
        Figure::number("vcpu", "vCPUs of a task", "태스크당 vCPU", number(running.size.vcpu()), ""),
        Figure::number(
            "memory_gb",
            "Memory of a task",
            "태스크당 메모리",
            number(running.size.memory_gb()),
            "GB",
        ),
    ]
}

/// Says how the tasks were counted.
pub fn counting() -> Text {
    Text::new(
        "The tasks are those that run now, or the mean of the window where that is less; deployments and scaling change their number.",
        "태스크 수는 지금 실행 중인 수와 관측 기간의 평균 중 작은 값입니다. 배포와 확장에 따라 달라집니다.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fargate::service::running;
    use crate::scene::{Scene, scene};

    fn usual() -> Scene {
        scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .ecs_service(|_| ())
    }

    /// Returns low, likely and high of the end of a service.
    fn estimated(scene: &Scene) -> Result<[String; 3], String> {
        let facts = scene.facts();
        let service = scene.snapshot.ecs_services.first().expect("one");
        let running = running(&facts, service).expect("told").expect("on Fargate");
        let tariff = Tariff::of(&facts, service);
        let now = formula(&tariff, &running, running.size, running.architecture)
            .map_err(|unknown| unknown.reason.code)?;
        let mut evidence = Evidence::default();
        let found = savings(&facts, service, running.purchase, now, Vec::new(), &mut evidence)
            .map_err(|unknown| unknown.reason.code)?;
        Ok([found.low, found.likely, found.high]
            .map(|money| format!("{:.2}", money.rounded().amount)))
    }

    #[test]
    fn tasks_are_priced_by_processor_and_memory() {
        // Two tasks of 1 vCPU and 2 GB for 730 hours, a plan nobody sees at worst.
        let expected = ["45.05", "72.08", "72.08"].map(str::to_owned);
        assert_eq!(estimated(&usual()), Ok(expected));
    }

    #[test]
    fn the_rates_of_the_bill_come_before_the_list() {
        let scene = usual().bill("task/1", "USE1-Fargate-vCPU-Hours:perCPU", "100", "2").bill(
            "task/1",
            "USE1-Fargate-GB-Hours",
            "200",
            "0.4",
        );
        let expected = ["35.04", "35.04", "35.04"].map(str::to_owned);
        assert_eq!(estimated(&scene), Ok(expected));
    }

    #[test]
    fn what_a_plan_covers_counts_in_the_best_case_only() {
        let scene = usual()
            .bill("task/1", "USE1-Fargate-vCPU-Hours:perCPU", "100", "4.048")
            .committed("task/2", "USE1-Fargate-vCPU-Hours:perCPU", "300", "9");
        let expected = ["0.00", "18.02", "72.08"].map(str::to_owned);
        assert_eq!(estimated(&scene), Ok(expected));
    }

    #[test]
    fn spare_capacity_has_no_price_but_the_bills() {
        let mut scene = usual();
        let service = scene.snapshot.ecs_services.first_mut().expect("one");
        service.kind.launch_type = None;
        service.kind.capacity_provider_strategy =
            vec![trimtab_model::resource::ecs_service::CapacityShare {
                capacity_provider: "FARGATE_SPOT".to_owned(),
                weight: 1,
                base: 0,
            }];
        assert_eq!(estimated(&scene), Err("price-missing".to_owned()));
        let billed = scene
            .bill("task/1", "USE1-SpotUsage-Fargate-vCPU-Hours:perCPU", "100", "1.2")
            .bill("task/1", "USE1-SpotUsage-Fargate-GB-Hours", "200", "0.26");
        assert!(estimated(&billed).is_ok());
    }
}

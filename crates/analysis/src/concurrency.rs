//! What several checks ask of provisioned concurrency: its price, its names, its use.

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::id::ResourceId;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{CostComponent, Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::provisioned_concurrency::ProvisionedConcurrency;
use trimtab_model::text::counted;

use crate::billed::is_usage;
use crate::check::{Check, Facts, days_between};
use crate::observation::MIN_DAYS;
use crate::passage::Counters;
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter};
use crate::verdict::{pass, unknown};

/// Where its use is counted. On the bill, the environments that are kept ready and the time that
/// calls spend in them are two usage types.
pub const COUNTERS: Counters = Counters {
    namespace: "AWS/Lambda",
    metrics: &["ProvisionedConcurrencyInvocations"],
    held: KEPT_READY,
    moved: &["Lambda-Provisioned-GB-Second", "Lambda-Provisioned-GB-Second-ARM"],
};

/// Picks what is charged for environments that are kept ready.
pub const READINESS: Meter = Meter { charges: is_readiness, commitment: Commitment::Possible };

const KEPT_READY: &[&str] =
    &["Lambda-Provisioned-Concurrency", "Lambda-Provisioned-Concurrency-ARM"];

fn is_readiness(charge: &ResourceCharge) -> bool {
    is_usage(charge, KEPT_READY)
}

/// Returns why nothing can be said of it yet, if its environments are not ready or are not for
/// as long as the check looks back.
///
/// # Errors
/// Returns `Unknown` if the listing does not say since when it is what it is.
pub fn not_settled(
    check: &Check,
    facts: &Facts<'_>,
    one: &Resource<ProvisionedConcurrency>,
) -> Result<Option<Verdict>, Unknown> {
    if one.kind.status.as_deref() != Some("READY") || one.kind.allocated == Some(0) {
        return Ok(Some(pass(
            "not-ready",
            "Its environments are not ready, or it has none.",
            "실행 환경이 아직 준비되지 않았거나 없습니다.",
        )));
    }
    let Some(modified) = one.kind.last_modified else {
        return Err(unknown(
            "age-unknown",
            "When it was last changed is not known.",
            "마지막으로 변경한 시각을 알 수 없습니다.",
            &["inventory:list-provisioned-concurrency-configs"],
        ));
    };
    let days = days_between(modified, facts.now);
    if f64::from(days) >= check.threshold_f64(facts, MIN_DAYS.name) {
        return Ok(None);
    }
    Ok(Some(pass(
        "changed-recently",
        format!("It was set {} ago.", counted(days, "day")),
        format!("설정한 지 {days}일밖에 지나지 않았습니다."),
    )))
}

/// Lists the names of metrics and bill.
///
/// The bill knows the function only: where several of its aliases are kept ready, it does not
/// tell them apart and is not asked.
pub fn names(facts: &Facts<'_>, one: &Resource<ProvisionedConcurrency>) -> Vec<ResourceId> {
    let is_alone = !facts.snapshot.provisioned_concurrency.iter().any(|other| {
        other.id != one.id
            && other.account == one.account
            && other.region == one.region
            && other.kind.function_name == one.kind.function_name
    });
    let arn = one.kind.function_arn.as_deref().filter(|_| is_alone).map(ResourceId::new);
    std::iter::once(one.id.clone()).chain(arn).collect()
}

/// Returns a month of so many environments kept ready.
///
/// # Errors
/// Returns `Unknown` if the memory of the version is not known, or the region has no price.
pub fn cost(
    facts: &Facts<'_>,
    one: &Resource<ProvisionedConcurrency>,
    environments: u32,
) -> Result<CostComponent, Unknown> {
    let Some(memory_mb) = one.kind.memory_size_mb else {
        return Err(unknown(
            "memory-unknown",
            "Which version is kept ready, and with how much memory, is not known.",
            "어느 버전이 메모리 얼마로 준비되어 있는지 알 수 없습니다.",
            &["inventory:list-functions", "billing"],
        ));
    };
    let meter = match one.kind.architecture.as_deref() {
        Some("arm64") => "lambda/provisioned_gb_second_arm",
        _ => "lambda/provisioned_gb_second_x86",
    };
    let seconds = Decimal::from(HOURS_PER_MONTH) * Decimal::from(3600);
    let gigabytes = Decimal::from(memory_mb) / Decimal::from(1024);
    let gb_seconds = (seconds * gigabytes * Decimal::from(environments)).round_dp(3);
    Tariff::of(facts, one).meter("GB-seconds kept ready", gb_seconds, meter)
}

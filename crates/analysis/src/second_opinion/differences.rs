//! What the two of us looked at differently.

use trimtab_model::opinion::{Opinion, OpinionSource, Sight};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::{Reason, counted};

/// Metrics of memory, as the CloudWatch agent and RDS name them.
const MEMORY: &[&str] = &["mem_used_percent", "Memory % Committed Bytes In Use", "FreeableMemory"];

/// Returns what was seen, for how long and at which prices, where that is not the same.
pub(super) fn differences(item: &Recommendation, theirs: &Opinion) -> Vec<Reason> {
    [memory(item, theirs), lookback(item, theirs), basis(item, theirs)]
        .into_iter()
        .flatten()
        .collect()
}

fn memory(item: &Recommendation, theirs: &Opinion) -> Option<Reason> {
    if item.resource.kind != ResourceKind::Instance {
        return None;
    }
    let seen = item.evidence.coverage.iter().any(|metric| MEMORY.contains(&metric.metric.as_str()));
    match (seen, theirs.memory?) {
        (true, Sight::Unseen) => Some(Reason::new(
            "memory-unseen-by-aws",
            "AWS saw no metric of memory; trimtab did.",
            "AWS는 메모리 지표를 보지 못했고 trimtab은 보았습니다.",
        )),
        (false, Sight::Seen) => Some(Reason::new(
            "memory-unseen-by-us",
            "AWS saw a metric of memory; trimtab did not.",
            "AWS는 메모리 지표를 보았고 trimtab은 보지 못했습니다.",
        )),
        (true, Sight::Seen) | (false, Sight::Unseen) => None,
    }
}

fn lookback(item: &Recommendation, theirs: &Opinion) -> Option<Reason> {
    let (ours, theirs) = (item.evidence.window_days?, theirs.lookback_days?);
    (ours != theirs).then(|| {
        Reason::new(
            "lookback",
            format!(
                "AWS looked at {}, trimtab at {}.",
                counted(theirs, "day"),
                counted(ours, "day")
            ),
            format!("AWS가 본 기간은 {theirs}일, trimtab이 본 기간은 {ours}일입니다."),
        )
    })
}

/// An amount at list prices beside one from the bill is another basis, not another opinion.
fn basis(item: &Recommendation, theirs: &Opinion) -> Option<Reason> {
    let is_listed = theirs.source == OpinionSource::ComputeOptimizer
        && theirs.monthly_saving.is_some()
        && theirs.monthly_saving_after_discounts.is_none();
    (is_listed && item.estimated_monthly_savings.basis == PriceBasis::Bill).then(|| {
        Reason::new(
            "basis",
            "AWS's saving is before discounts; trimtab's is by the rates of the bill.",
            "AWS의 절감액은 할인 전 금액이고, trimtab의 절감액은 청구서의 단가로 계산한 금액입니다.",
        )
    })
}

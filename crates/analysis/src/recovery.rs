//! The snapshots that are kept when volumes go, and what they cost.

use rust_decimal::Decimal;

use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::money::exact_sum;
use trimtab_model::recommendation::{Estimate, Unknown};
use trimtab_model::text::Text;

use crate::pricing::Tariff;
use crate::saving::narrowed;

/// Days for which the snapshot taken before a deletion is kept at least.
pub const RECOVERY_DAYS: u32 = 14;

/// Narrows the saving of deleting volumes of `size_gib` in all by the snapshots kept of them.
///
/// How full a volume is cannot be seen from outside, so `low` counts snapshots of full
/// size kept for ever. `likely` counts that they go after the recovery period. Where the
/// price of snapshots is not known, `low` is zero.
///
/// # Errors
/// Returns `Unknown` if an amount overflows.
pub fn less_kept_snapshots(
    savings: Estimate,
    tariff: &Tariff<'_>,
    size_gib: u64,
    evidence: &mut Evidence,
) -> Result<Estimate, Unknown> {
    use rust_decimal::prelude::ToPrimitive;
    let list_now = savings
        .formula_now
        .iter()
        .try_fold(Decimal::ZERO, |sum, part| exact_sum(sum, part.amount().ok()?.amount))
        .unwrap_or_default();
    let snapshot = tariff.meter_price("ebs/snapshot_storage").ok();
    let kept = snapshot.and_then(|price| price.usd.checked_mul(Decimal::from(size_gib)));
    let low = match kept {
        Some(kept) if list_now > Decimal::ZERO => {
            evidence.figures.push(Figure::number(
                "kept_snapshot_max",
                "Most that the kept snapshot costs a month",
                "보관할 스냅샷의 월 최대 비용",
                kept.round_dp(2).to_f64().unwrap_or_default(),
                "USD",
            ));
            Decimal::ONE - kept.checked_div(list_now).unwrap_or(Decimal::ONE).min(Decimal::ONE)
        }
        _ => Decimal::ZERO,
    };
    evidence.notes.push(Text::new(
        format!("A snapshot is kept first. Low counts it at full size for ever; likely counts that it goes after {RECOVERY_DAYS} days."),
        format!("삭제 전에 스냅샷을 남깁니다. 최소 절감액은 스냅샷을 전체 크기로 계속 보관할 때, 예상 절감액은 {RECOVERY_DAYS}일 뒤 스냅샷을 지울 때의 값입니다."),
    ));
    narrowed(savings, low, Decimal::ONE)
}

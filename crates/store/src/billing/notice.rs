//! What somebody should know about a file that was read.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use trimtab_model::text::{Reason, counted};

/// Something about a file that changes what its figures mean, though they are used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The file.
    pub file: PathBuf,
    /// What it is, with a stable code.
    pub reason: Reason,
    /// How many rows it concerns; zero where it concerns the whole file.
    pub rows: u64,
}

impl Notice {
    /// Makes a notice about a whole file.
    pub fn new(file: &Path, reason: Reason) -> Self {
        Self { file: file.to_owned(), reason, rows: 0 }
    }
}

/// A kind of notice that is counted by rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counted {
    /// A double had digits below the eighteenth decimal.
    Rounded,
    /// `EffectiveCost` is null or cannot be computed.
    EffectiveUnknown,
    /// `BilledCost` is null where a commitment explains it.
    BilledUnknown,
    /// The billing period was taken from the charge period.
    PeriodDerived,
}

impl Counted {
    /// Returns the notice for `rows` rows of `file`.
    pub(super) fn notice(self, file: &Path, rows: u64) -> Notice {
        let reason = match self {
            Self::Rounded => Reason::new(
                "binary-costs-rounded",
                format!(
                    "{} with more than 18 decimals, rounded to 18",
                    counted(rows, "binary number")
                ),
                format!("이진 실수 {rows}개가 소수점 아래 18자리를 넘어 18자리로 반올림했습니다"),
            ),
            Self::EffectiveUnknown => Reason::new(
                "effective-cost-unknown",
                format!("no effective cost in {}; sums of it are incomplete", counted(rows, "row")),
                format!("{rows}개 행에 상각 비용(EffectiveCost)이 없어 그 합계는 불완전합니다"),
            ),
            Self::BilledUnknown => Reason::new(
                "billed-cost-unknown",
                format!("no billed cost in {} covered by a commitment", counted(rows, "row")),
                format!("약정이 적용된 {rows}개 행에 청구 비용(BilledCost)이 없습니다"),
            ),
            Self::PeriodDerived => Reason::new(
                "billing-period-derived",
                format!(
                    "no billing period in {}; the month of the charge was taken",
                    counted(rows, "row")
                ),
                format!(
                    "{rows}개 행에 청구 기간이 없어 사용이 시작된 달을 청구 기간으로 보았습니다"
                ),
            ),
        };
        Notice { file: file.to_owned(), reason, rows }
    }
}

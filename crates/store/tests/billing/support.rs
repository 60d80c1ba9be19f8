//! A lake in a directory that goes away, and bills written by hand.

use std::io::Write;
use std::path::{Path, PathBuf};

use trimtab_store::InputError;
use trimtab_store::billing::{Converted, FailedFile, Limits, convert};
use trimtab_store::cost::{BillTotal, totals};
use trimtab_store::lake::{Ingested, Lake, ingest};

/// Columns of the hand-written FOCUS bills.
pub(crate) const FOCUS: &str = "BilledCost,EffectiveCost,ListCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingAccountId,SubAccountId,ServiceName,RegionId,ResourceId,Tags";

/// Columns of the hand-written legacy reports.
pub(crate) const CUR: &str = "lineItem/LineItemType,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,lineItem/UsageEndDate,bill/BillingPeriodStartDate,bill/PayerAccountId,lineItem/UsageAccountId,lineItem/ProductCode,product/region,lineItem/ResourceId,reservation/ReservationARN,reservation/EffectiveCost,reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,resourceTags/user:env";

pub(crate) struct Bench {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) lake: Lake,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let lake = Lake::open_local(&dir.path().join("data")).unwrap();
        Self { dir, lake }
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn focus(&self, name: &str, rows: &[&str]) -> PathBuf {
        self.file(name, text(FOCUS, rows))
    }

    pub(crate) fn cur(&self, name: &str, rows: &[&str]) -> PathBuf {
        self.file(name, text(CUR, rows))
    }

    pub(crate) fn ingest(&self, files: &[PathBuf]) -> Ingested {
        let convert = |file: &Path, staging: &Path| convert_with(file, staging, Limits::default());
        ingest(&self.lake, files, &convert, "2026-11-01T00:00:00Z".parse().unwrap()).unwrap()
    }

    /// Reads one file that must be refused, and returns why.
    pub(crate) fn refusal(&self, file: &Path) -> InputError {
        let ingested = self.ingest(&[file.to_owned()]);
        assert_eq!(ingested.files, []);
        ingested.failed[0].error.clone()
    }

    /// Bills as `period account currency billed effective rows`.
    pub(crate) fn totals(&self) -> Vec<String> {
        totals(&self.lake).unwrap().iter().map(line).collect()
    }
}

fn line(total: &BillTotal) -> String {
    format!(
        "{} {} {} {} {} {}{}",
        total.bill.billing_period,
        total.bill.billing_account,
        total.billed.currency,
        total.billed.amount,
        total.effective.map_or_else(|| "-".to_owned(), |money| money.amount.to_string()),
        total.rows,
        if total.complete { "" } else { " incomplete" },
    )
}

pub(crate) fn convert_with(
    file: &Path,
    staging: &Path,
    limits: Limits,
) -> Result<Converted, FailedFile> {
    convert(file, staging, limits, 2, &|_| ())
}

pub(crate) fn text(header: &str, rows: &[&str]) -> String {
    let mut text = format!("{header}\n");
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Codes of the notices, sorted, each once.
pub(crate) fn codes(ingested: &Ingested) -> Vec<&str> {
    let mut codes: Vec<&str> =
        ingested.notices.iter().map(|notice| notice.reason.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

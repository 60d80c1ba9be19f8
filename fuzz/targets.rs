//! What the fuzzer drives. The same functions run over the corpus in `cargo test`.
//!
//! Each must return: an error is as good an answer as a bill, a panic is neither.

#![allow(dead_code, reason = "each fuzz target uses one of these functions")]

use std::path::Path;

use trimtab_model::policy::EnvironmentTags;
use trimtab_store::billing::{Limits, convert, rehearse};
use trimtab_store::inventory::{self, Place};

const FOCUS: &str = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,BillingPeriodStart,Tags\n";
const CUR: &str = "lineItem/LineItemType,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,bill/BillingPeriodStartDate,savingsPlan/SavingsPlanEffectiveCost,reservation/ReservationARN,product,resource_tags\n";

/// Any bytes as a bill: header, quotes, gzip, encoding.
pub fn csv(bytes: &[u8]) {
    drop(rehearse(bytes.to_vec(), limits()));
}

/// Rows below a FOCUS header: numbers, dates, words.
pub fn focus(bytes: &[u8]) {
    drop(rehearse([FOCUS.as_bytes(), bytes].concat(), limits()));
}

/// Rows below the header of a Cost and Usage Report.
pub fn cur(bytes: &[u8]) {
    drop(rehearse([CUR.as_bytes(), bytes].concat(), limits()));
}

/// Any bytes behind the magic of Parquet.
pub fn parquet(bytes: &[u8]) {
    let dir = tempfile::tempdir().expect("a directory for one file");
    let file = dir.path().join("bill");
    std::fs::write(&file, bytes).expect("a file of a few bytes");
    drop(convert(&file, dir.path(), limits(), 1, &|_| ()));
}

/// Any bytes as the answer of `aws ec2 describe-volumes` and its neighbours.
pub fn json(bytes: &[u8]) {
    let dir = tempfile::tempdir().expect("a directory for two files");
    let inventory = dir.path().join("inventory");
    std::fs::create_dir(&inventory).expect("a directory in a new directory");
    for name in ["describe-volumes.json", "describe-instances.json"] {
        std::fs::write(inventory.join(name), bytes).expect("a file of a few bytes");
    }
    read_inventory(dir.path());
}

fn read_inventory(dir: &Path) {
    let taken_at = jiff::Timestamp::UNIX_EPOCH;
    drop(inventory::read(dir, taken_at, &EnvironmentTags::default(), &Place::default()));
}

/// Small limits, so that a fuzzer's time goes into odd files and not into long ones.
fn limits() -> Limits {
    Limits {
        rows: 10_000,
        record_bytes: 1 << 20,
        unfolded_bytes: 4 << 20,
        page_bytes: 4 << 20,
        open_page_bytes: 16 << 20,
        ..Limits::default()
    }
}

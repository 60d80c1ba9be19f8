//! Writes the story into a directory that looks like a user's.

use std::collections::BTreeSet;
use std::path::Path;

use rust_decimal::Decimal;

use trimtab_model::id::RegionId;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::price::PriceBook;

use super::billing;
use super::calendar::AS_OF;
use super::cast::{OLD_REGION, REGION};
use super::company::Company;
use super::later::later;
use super::line::Line;
use super::rates::Rates;
use super::truth::{Capability, Truth, percent};
use super::{inventory, ledger, metrics, plan, readme, repairs, requests, users};
use crate::story::error::StoryError;

/// The seed of the demo where none is given.
pub const DEFAULT_SEED: u64 = 20_261_031;

/// A part of the story that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// The inventory.
    Inventory,
    /// The bill.
    Billing,
    /// The metrics.
    Metrics,
    /// The users.
    Users,
    /// The truth and the page that explains the directory.
    Truth,
}

impl Progress {
    /// Every part, in the order in which they are written.
    pub const ALL: &'static [Self] =
        &[Self::Inventory, Self::Billing, Self::Metrics, Self::Users, Self::Truth];
}

/// Returns the regions whose prices the story needs.
pub fn regions() -> BTreeSet<RegionId> {
    [REGION, OLD_REGION].map(RegionId::new).into()
}

/// Writes the story into `dir`, which is made if it is not there, and returns what is true of it.
///
/// `prices` must hold [`regions`]. `progress` hears of each part before it is written. The
/// same seed and prices give the same files, byte for byte.
///
/// # Errors
/// Fails if the catalogue lacks a price that the story needs, or a file cannot be written.
pub fn write(
    dir: &Path,
    seed: u64,
    prices: &PriceBook,
    mut progress: impl FnMut(Progress),
) -> Result<Truth, StoryError> {
    let company = Company::new(seed);
    let rates = Rates::new(prices);
    let lines = billing::lines(&company, rates)?;
    let faults = plan::faults(&company, rates)?;
    let conditional = repairs::conditional(&company, rates)?;
    let part = |name: &str| {
        let path = dir.join(name);
        std::fs::create_dir_all(&path).map_err(StoryError::write(&path))?;
        Ok::<_, StoryError>(path)
    };

    progress(Progress::Inventory);
    inventory::write(&part("inventory")?, &company)?;
    progress(Progress::Billing);
    let bill = ledger::write(&part("billing")?, &lines)?;
    progress(Progress::Metrics);
    metrics::write(&part("metrics")?, &company, seed)?;
    progress(Progress::Users);
    users::write(&part("traffic")?, seed)?;
    requests::write(&part("traffic")?, &company, seed)?;

    progress(Progress::Truth);
    let later = later(&lines, &faults);
    let monthly_usage_usd: Decimal =
        lines.iter().map(Line::monthly_usd).sum::<Decimal>().round_dp(6);
    // The last period ends with the story, so its days are those that were billed.
    let monthly_cost_usd = bill
        .last()
        .map(|last| {
            let hours = Decimal::from((AS_OF.as_second() - last.period_start.as_second()) / 3600);
            (last.effective * Decimal::from(HOURS_PER_MONTH) / hours).round_dp(6)
        })
        .unwrap_or_default();
    let contributions = Truth::contributions(monthly_usage_usd, &faults, &later);
    let share = |wanted: &dyn Fn(Capability) -> bool| {
        let saved: Decimal = contributions
            .iter()
            .filter(|one| wanted(one.capability))
            .map(|one| one.monthly_saving_usd)
            .sum();
        percent(saved, monthly_usage_usd)
    };
    let truth = Truth {
        story: "game-kr".to_owned(),
        seed,
        as_of: AS_OF,
        bill,
        monthly_cost_usd,
        monthly_usage_usd,
        this_release_percent: share(&Capability::is_checked),
        whole_loop_percent: share(&|_| true),
        healthy: plan::healthy(&company),
        unknown: plan::unknown(&company),
        faults,
        conditional,
        later,
        contributions,
    };
    let path = dir.join("truth.json");
    let value = serde_json::to_value(&truth)
        .map_err(|cause| StoryError::Json { path: path.clone(), cause })?;
    inventory::write_json(&path, &value)?;
    readme::write(dir, &truth)?;
    Ok(truth)
}

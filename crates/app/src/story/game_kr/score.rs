//! Scores an analysis against what is planted.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use trimtab_model::analysis::Analysis;
use trimtab_model::recommendation::Recommendation;

use super::truth::{PlantedFault, Truth};

/// How far an estimated saving may be from the planted one, in thousandths of that one.
const TOLERANCE_THOUSANDTHS: i64 = 50;

/// How well an analysis finds what is planted.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Planted faults that were found, with the right change and the right money.
    pub true_positive: u32,
    /// Recommendations that are not planted, or not so.
    pub false_positive: u32,
    /// Planted faults that were not found, or not so.
    pub false_negative: u32,
    /// The share of recommendations that are right, from 0 to 1.
    pub precision: f64,
    /// The share of faults that were found, from 0 to 1.
    pub recall: f64,
    /// What went wrong, one sentence each.
    pub misses: Vec<String>,
}

/// Scores `analysis` on the faults that the checks of this release cover.
///
/// A fault counts as found if its check recommends every planted setting and the likely
/// saving is within 5 % of the planted one. A recommendation that is not planted, one on a
/// healthy resource, and a verdict on what cannot be judged, are misses too.
pub fn score(analysis: &Analysis, truth: &Truth) -> Score {
    let mut misses = Vec::new();
    let mut matched = BTreeSet::new();
    let mut true_positive = 0;
    let mut false_negative = 0;
    let checked = truth.faults.iter().filter(|fault| fault.capability.is_checked());
    for fault in checked.chain(&truth.conditional) {
        let found = analysis.items.iter().position(|item| {
            item.check.as_str() == fault.check && item.resource.id.as_str() == fault.resource_id
        });
        let problem = match found.and_then(|index| Some((index, analysis.items.get(index)?))) {
            None => Some(whereabouts(analysis, fault)),
            Some((index, item)) => {
                let problem = difference(item, fault);
                if problem.is_none() {
                    matched.insert(index);
                }
                problem
            }
        };
        match problem {
            None => true_positive += 1,
            Some(problem) => {
                false_negative += 1;
                misses.push(format!("{} on {}: {problem}", fault.check, fault.name));
            }
        }
    }
    let mut false_positive = 0;
    for (index, item) in analysis.items.iter().enumerate() {
        if !matched.contains(&index) {
            false_positive += 1;
            misses.push(format!(
                "{} on {} is not planted: {}",
                item.check,
                name(item),
                item.reason.text.en
            ));
        }
    }
    for wanted in &truth.unknown {
        let is_unknown = analysis.unknown.iter().any(|unknown| {
            unknown.check.as_str() == wanted.check
                && unknown.resource.id.as_str() == wanted.resource_id
        });
        if !is_unknown {
            misses.push(format!("{} on {} is not called unknown", wanted.check, wanted.name));
        }
    }
    Score {
        true_positive,
        false_positive,
        false_negative,
        precision: share(true_positive, false_positive),
        recall: share(true_positive, false_negative),
        misses,
    }
}

fn share(right: u32, wrong: u32) -> f64 {
    match right + wrong {
        0 => 1.0,
        all => f64::from(right) / f64::from(all),
    }
}

fn name(item: &Recommendation) -> String {
    item.resource.name.clone().unwrap_or_else(|| item.resource.id.to_string())
}

/// Returns what became of a fault that was not recommended.
fn whereabouts(analysis: &Analysis, fault: &PlantedFault) -> String {
    let is_it = |check: &str, resource: &str| check == fault.check && resource == fault.resource_id;
    if let Some(one) = analysis.superseded.iter().find(|one| {
        is_it(one.recommendation.check.as_str(), one.recommendation.resource.id.as_str())
    }) {
        return format!("superseded: {}", one.reason.text.en);
    }
    if let Some(one) =
        analysis.passed.iter().find(|one| is_it(one.check.as_str(), one.resource.id.as_str()))
    {
        return format!("passed: {}", one.reason.text.en);
    }
    if let Some(one) =
        analysis.unknown.iter().find(|one| is_it(one.check.as_str(), one.resource.id.as_str()))
    {
        return format!("unknown: {}", one.unknown.reason.text.en);
    }
    "not judged at all".to_owned()
}

/// Returns how a recommendation differs from what is planted.
fn difference(item: &Recommendation, fault: &PlantedFault) -> Option<String> {
    let recommended = item.action.recommended();
    for (key, wanted) in &fault.recommended {
        let got = recommended.get(key);
        if got != Some(wanted) {
            let got = got.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            return Some(format!("recommends {key} {got} instead of {wanted}"));
        }
    }
    let wanted = fault.monthly_saving_usd?;
    let got = item.estimated_monthly_savings.likely.amount;
    let allowed = wanted.abs() * Decimal::new(TOLERANCE_THOUSANDTHS, 3);
    ((got - wanted).abs() > allowed).then(|| format!("saves {got} USD instead of {wanted} USD"))
}

//! The sums over machines and windows.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use trimtab_model::backtest::{Backtest, BacktestWindow, NotJudged, RuleScore, SizingRule};
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;
use trimtab_model::policy::HarmWeights;
use trimtab_model::resource::ResourceRef;
use trimtab_model::text::{Reason, Text};

use super::reliability::Classes;
use super::rule::choose;
use super::trial::{Outcome, Trial};

/// Sums over what was judged so far.
#[derive(Debug, Default)]
pub struct Tally {
    windows: Vec<BacktestWindow>,
    rules: BTreeMap<SizingRule, Sums>,
    machines: u64,
    with_memory: u64,
    monthly_now: Decimal,
    harm: Option<HarmWeights>,
    classes: Classes,
    left_out: BTreeMap<ResourceRef, (u64, Reason)>,
}

#[derive(Debug, Default)]
struct Sums {
    changed: u64,
    monthly: Decimal,
    burden: Decimal,
    cpu_above_80: f64,
    cpu_above_100: f64,
    memory_above_100: f64,
    ever_out_of_memory: u64,
}

impl Sums {
    fn add(&mut self, outcome: &Outcome, burden: Decimal) {
        self.monthly = self.monthly.saturating_add(outcome.monthly);
        self.burden = self.burden.saturating_add(burden);
        self.cpu_above_80 += outcome.cpu_above_80;
        self.cpu_above_100 += outcome.cpu_above_100;
        let memory = outcome.memory_above_100.unwrap_or_default();
        self.memory_above_100 += memory;
        self.ever_out_of_memory += u64::from(memory > 0.0);
    }
}

impl Tally {
    /// Begins a window.
    pub(super) fn open(&mut self, train: Period, test: Period) {
        self.windows.push(BacktestWindow { train, test, machines: 0 });
    }

    /// Judges a machine by every rule.
    pub(super) fn add(&mut self, trial: &Trial<'_>) {
        if let Some(window) = self.windows.last_mut() {
            window.machines += 1;
        }
        self.machines += 1;
        self.with_memory += u64::from(trial.memory.is_some());
        self.monthly_now = self.monthly_now.saturating_add(trial.monthly_now());
        self.harm.get_or_insert(trial.policy.harm);
        for rule in SizingRule::ALL {
            let chosen = choose(*rule, trial);
            let outcome = trial.outcome(chosen);
            let burden = outcome.burden(trial.monthly_now(), trial.policy.harm);
            let sums = self.rules.entry(*rule).or_default();
            sums.changed += u64::from(chosen.is_some_and(|offer| trial.is_judged(offer)));
            sums.add(&outcome, burden);
        }
        self.classes.add(trial);
    }

    /// Notes a machine that cannot be judged in the window.
    pub(super) fn leave_out(&mut self, resource: ResourceRef, reason: Reason) {
        let (windows, _) = self.left_out.entry(resource).or_insert((0, reason));
        *windows += 1;
    }

    /// Returns whether no machine was judged.
    pub fn is_empty(&self) -> bool {
        self.machines == 0
    }

    /// Returns the outcome; `prices` says where the prices are from.
    pub fn finish(self, prices: Text) -> Backtest {
        let machines = (self.machines as f64).max(1.0);
        let with_memory = (self.with_memory as f64).max(1.0);
        let windows = Decimal::from(self.windows.len().max(1));
        let usd = |amount: Decimal| {
            let amount = amount.checked_div(windows).unwrap_or_default().round_dp(2);
            Money { amount, currency: Currency::USD }
        };
        let of_now = |amount: Decimal| {
            amount
                .checked_div(self.monthly_now)
                .and_then(|ratio| ratio.to_f64())
                .unwrap_or_default()
        };
        let of = |rule: SizingRule| {
            let sums = self.rules.get(&rule)?;
            Some(RuleScore {
                rule,
                changed: sums.changed,
                monthly_cost: usd(sums.monthly),
                share_of_now: of_now(sums.monthly),
                cpu_above_80: sums.cpu_above_80 / machines,
                cpu_above_100: sums.cpu_above_100 / machines,
                memory_above_100: sums.memory_above_100 / with_memory,
                ever_out_of_memory: sums.ever_out_of_memory as f64 / with_memory,
                score: of_now(sums.burden),
            })
        };
        let rules = SizingRule::ALL.iter().filter_map(|rule| of(*rule)).collect();
        let not_judged = self
            .left_out
            .into_iter()
            .map(|(resource, (windows, reason))| NotJudged { resource, windows, reason })
            .collect();
        Backtest {
            windows: self.windows,
            harm: self.harm.unwrap_or_default(),
            prices,
            monthly_cost_now: usd(self.monthly_now),
            rules,
            reliability: self.classes.finish(),
            not_judged,
        }
    }

    /// Returns the machines that were left out of every window.
    pub fn never_judged(&self) -> BTreeSet<&ResourceRef> {
        let windows = self.windows.len() as u64;
        self.left_out
            .iter()
            .filter(|(_, (times, _))| *times == windows)
            .map(|(one, _)| one)
            .collect()
    }
}

//! What the gates of a change measured, against what they allow.

use trimtab_model::gate::{GateVerdict, Signal};
use trimtab_model::text::memory;

use crate::document::plan::words as plan_words;
use crate::locale::Locale;
use crate::number;

const SIGNALS: [Signal; 20] = [
    Signal::CpuUtilization,
    Signal::MemoryUtilization,
    Signal::LatencyP95,
    Signal::FailedRequests,
    Signal::NetworkUtilization,
    Signal::Swap,
    Signal::FreeMemory,
    Signal::DatabaseConnections,
    Signal::ReplicaLag,
    Signal::CpuCreditBalance,
    Signal::BurstBalance,
    Signal::ReadIops,
    Signal::ReadLatency,
    Signal::Requests,
    Signal::StatusCheckFailed,
    Signal::UnhealthyHosts,
    Signal::FunctionErrors,
    Signal::Throttles,
    Signal::FunctionDuration,
    Signal::EventAge,
];

/// One figure and its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The signal.
    pub signal: Signal,
    /// What is compared.
    pub what: Comparison,
    /// What was measured.
    pub value: f64,
    /// What is allowed.
    pub limit: f64,
}

/// What a figure is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// A limit that it must not pass.
    Most,
    /// A limit below which it must not fall.
    Least,
    /// The same hours of earlier weeks, in percent.
    History,
    /// Others that were not changed, in percent.
    Control,
}

impl Measured {
    /// Returns whether it keeps its limit.
    pub fn is_well(&self) -> bool {
        match self.what {
            Comparison::Least => self.value >= self.limit,
            Comparison::Most | Comparison::History | Comparison::Control => {
                self.value <= self.limit
            }
        }
    }

    /// Returns whether it is bytes: a share of the whole has no limit above it.
    fn is_bytes(&self) -> bool {
        match (self.signal, self.what) {
            (Signal::FreeMemory, _) => true,
            (Signal::Swap, Comparison::Most) => self.limit > 100.0,
            _ => false,
        }
    }

    /// Returns the figure beside its limit: `CPU 사용률(%) 24 ≤ 80`.
    pub fn words(&self, locale: Locale) -> String {
        let name = plan_words::signal(self.signal, locale);
        let text = if self.is_bytes() { memory } else { number::significant };
        let (value, limit) = (text(self.value), text(self.limit));
        let sign = match (self.what, self.is_well()) {
            (Comparison::Least, true) => "≥",
            (Comparison::Least, false) => "<",
            (_, true) => "≤",
            (_, false) => ">",
        };
        let arguments = [
            ("signal", name.as_str()),
            ("value", value.as_str()),
            ("sign", sign),
            ("limit", limit.as_str()),
        ];
        match self.what {
            // Counted is how many failed; what is allowed is a share of all.
            Comparison::Most if self.signal == Signal::FailedRequests => {
                locale.text_with("rollout-share", &arguments)
            }
            Comparison::Most | Comparison::Least => format!("{name} {value} {sign} {limit}"),
            Comparison::History => locale.text_with("rollout-than-history", &arguments),
            Comparison::Control => locale.text_with("rollout-than-control", &arguments),
        }
    }
}

/// Lists the figures of a verdict that have a limit.
pub fn measured(verdict: &GateVerdict) -> Vec<Measured> {
    SIGNALS.into_iter().flat_map(|signal| of_signal(signal, verdict)).collect()
}

fn of_signal(signal: Signal, verdict: &GateVerdict) -> Vec<Measured> {
    let Some(key) =
        serde_json::to_value(signal).ok().and_then(|one| Some(one.as_str()?.to_owned()))
    else {
        return Vec::new();
    };
    let figure = |name: &str| {
        let value = verdict.figures.get(&format!("{key}.{name}")).copied();
        value.filter(|value| value.is_finite())
    };
    let compared = |what, value: &str, limit: &str| {
        Some(Measured { signal, what, value: figure(value)?, limit: figure(limit)? })
    };
    let what = match signal {
        Signal::CpuCreditBalance | Signal::BurstBalance | Signal::FreeMemory => Comparison::Least,
        _ => Comparison::Most,
    };
    let share = || {
        let (failed, of) = (figure("failed")?, figure("of")?);
        let value = if of > 0.0 { failed / of * 100.0 } else { return None };
        Some(Measured { signal, what, value, limit: figure("limit")? })
    };
    let found = match signal {
        Signal::FailedRequests => vec![share()],
        _ => vec![
            // Of a function that runs now and then, every point counts.
            compared(what, "p95", "limit").or_else(|| compared(what, "most", "limit")),
            compared(Comparison::History, "history-worst", "history-limit"),
            compared(Comparison::Control, "control-worst", "control-limit"),
        ],
    };
    found.into_iter().flatten().collect()
}

//! How far a recommendation can be believed, by what its own evidence lacks.

use crate::price::PriceBasis;
use crate::recommendation::Recommendation;

/// Share of the window from which on samples hide nothing: what checks ask for by default.
const COMPLETE: f64 = 0.95;

/// How far a recommendation can be believed: counted in what was not there, never a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Two or more doubts, or an estimated price.
    Low,
    /// One doubt.
    Medium,
    /// No doubt.
    High,
}

impl Confidence {
    /// Every confidence, the lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Something that the evidence of a recommendation lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// Something that could have changed the decision was not there to be seen.
    SignalsNotSeen,
    /// A metric that the decision read covers less than 95 % of its window.
    MetricsIncomplete,
    /// The bill does not name the resource: its cost is that of the price list.
    ListPrice,
    /// Its price is derived from that of a similar type.
    EstimatedPrice,
}

impl Doubt {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignalsNotSeen => "signals-not-seen",
            Self::MetricsIncomplete => "metrics-incomplete",
            Self::ListPrice => "list-price",
            Self::EstimatedPrice => "estimated-price",
        }
    }
}

impl Recommendation {
    /// Returns what its evidence lacks.
    pub fn doubts(&self) -> Vec<Doubt> {
        let evidence = &self.evidence;
        let has_holes = evidence.coverage.iter().any(|metric| metric.coverage < COMPLETE);
        let price = match self.estimated_monthly_savings.basis {
            PriceBasis::Bill => None,
            PriceBasis::List => Some(Doubt::ListPrice),
            PriceBasis::Estimated => Some(Doubt::EstimatedPrice),
        };
        let unseen = (!evidence.signals_not_seen.is_empty()).then_some(Doubt::SignalsNotSeen);
        let holes = has_holes.then_some(Doubt::MetricsIncomplete);
        [unseen, holes, price].into_iter().flatten().collect()
    }

    /// Returns how far it can be believed.
    pub fn confidence(&self) -> Confidence {
        match self.doubts().as_slice() {
            [] => Confidence::High,
            [Doubt::SignalsNotSeen | Doubt::MetricsIncomplete | Doubt::ListPrice] => {
                Confidence::Medium
            }
            _ => Confidence::Low,
        }
    }
}

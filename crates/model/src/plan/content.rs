//! The plan as a whole, and its hash.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use super::change::Change;
use super::rules::RolloutRules;
use super::stage::Stage;
use crate::id::{ChangeId, PlanId, RecommendationId, SubAccountId};
use crate::resource::ResourceRef;
use crate::text::Reason;

/// The form that plans have now. A plan of a newer form is refused.
pub const PLAN_FORMAT: u32 = 1;

/// Characters of a hash that a plan is called by.
const SHORT: usize = 12;

/// Changes in the order in which they reach the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`PLAN_FORMAT`] when it was made.
    pub format: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// From when on it is too old to be started.
    pub expires_at: Timestamp,
    /// When the snapshot that it was built from was taken.
    pub built_from: Timestamp,
    /// The alias of each account that it touches, where one is known.
    pub accounts: BTreeMap<SubAccountId, Option<String>>,
    /// The rules that it runs by.
    pub rules: RolloutRules,
    /// Development, then staging, then production.
    pub stages: Vec<Stage>,
    /// What was asked for and is not in it.
    pub left_out: Vec<LeftOut>,
}

/// A recommendation that is not in the plan, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The recommendation.
    pub recommendation: RecommendationId,
    /// The resource.
    pub resource: ResourceRef,
    /// Why.
    pub reason: Reason,
    /// What its owner would change instead, as text in the owner's own format; absent where
    /// nobody owns it.
    pub patch: Option<OwnerPatch>,
}

/// A change for whoever owns a resource: a template, a module, a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerPatch {
    /// Who owns it, such as `cloudformation:game-api` or `auto-scaling-group:web`.
    pub owner: String,
    /// The format: `cloudformation`, `terraform` or `awscli`.
    pub format: String,
    /// The text.
    pub text: String,
}

/// A plan that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It cannot be written down, and so has no hash.
    #[error("the plan cannot be written down")]
    Unwritable(#[source] serde_json::Error),
}

impl Plan {
    /// Returns the SHA-256 of the plan's canonical JSON, as 64 hexadecimal digits.
    ///
    /// Fields have a fixed order and maps are sorted, so that the same plan has the same hash
    /// on every machine.
    ///
    /// # Errors
    /// Fails if a figure in it is no number that JSON has.
    pub fn hash(&self) -> Result<String, PlanError> {
        let text = serde_json::to_vec(self).map_err(PlanError::Unwritable)?;
        Ok(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Returns the plan's identifier: `P-` and the start of its hash.
    ///
    /// # Errors
    /// As [`Self::hash`].
    pub fn id(&self) -> Result<PlanId, PlanError> {
        let hash = self.hash()?;
        Ok(PlanId::new(format!("P-{}", hash.get(..SHORT).unwrap_or(&hash))))
    }

    /// Returns the plan with each figure at twelve significant digits: a longer one may come back
    /// from its text as its neighbour, and the plan with another hash.
    ///
    /// # Errors
    /// As [`Self::hash`].
    pub fn settled(&self) -> Result<Self, PlanError> {
        let mut value = serde_json::to_value(self).map_err(PlanError::Unwritable)?;
        settle(&mut value);
        serde_json::from_value(value).map_err(PlanError::Unwritable)
    }

    /// Iterates over all changes in order.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.stages.iter().flat_map(|stage| &stage.waves).flat_map(|wave| &wave.changes)
    }

    /// Returns a change by its identifier.
    pub fn change(&self, id: &ChangeId) -> Option<&Change> {
        self.changes().find(|change| change.id == *id)
    }

    /// Returns which stage and which wave of it a change belongs to.
    pub fn place(&self, id: &ChangeId) -> Option<(usize, usize)> {
        self.stages.iter().enumerate().find_map(|(stage, one)| {
            let wave = one
                .waves
                .iter()
                .position(|wave| wave.changes.iter().any(|change| change.id == *id))?;
            Some((stage, wave))
        })
    }
}

/// Rounds every number with a fraction below a value.
fn settle(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let rounded = number.as_f64().filter(|_| number.is_f64()).map(short);
            if let Some(number) = rounded.and_then(Number::from_f64) {
                *value = Value::Number(number);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle),
        Value::Object(fields) => fields.values_mut().for_each(settle),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Returns a figure at twelve significant digits.
fn short(figure: f64) -> f64 {
    format!("{figure:.11e}").parse().unwrap_or(figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_was_settled_comes_back_from_its_text_as_it_was() {
        for figure in [2.0 / 3.0, 1e6 / 7.0, 123_456_789.123_456_78, 1e-9 / 3.0, 0.0, 41.0] {
            let mut value = serde_json::json!({"figures": [figure]});
            settle(&mut value);
            let text = value.to_string();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
            let settled = value["figures"][0].as_f64().unwrap();
            assert!((settled - figure).abs() <= figure.abs() * 1e-11, "{settled} {figure}");
        }
    }
}

//! What differs between two plans.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use trimtab_model::id::{ChangeId, RecommendationId};
use trimtab_model::plan::{Change, Plan};
use trimtab_model::resource::ResourceRef;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub name: String,
    /// Its value in the first plan; absent where it has none.
    pub before: Option<Value>,
    /// Its value in the second plan.
    pub after: Option<Value>,
}

/// A change of both plans that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangedChange {
    /// Its identifier in the first plan; another action is another identifier.
    pub before: ChangeId,
    /// Its identifier in the second plan.
    pub after: ChangeId,
    /// The resource.
    pub resource: ResourceRef,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// What differs between two plans. What was left out is in none of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PlanDiff {
    /// Changes of the second plan only.
    pub added: Vec<ChangeId>,
    /// Changes of the first plan only.
    pub removed: Vec<ChangeId>,
    /// Changes of both, for the same recommendation, that differ.
    pub changed: Vec<ChangedChange>,
    /// Rules that differ.
    pub rules: Vec<FieldChange>,
}

impl PlanDiff {
    /// Returns whether both plans do the same by the same rules.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.rules.is_empty()
    }
}

/// Compares two plans: a change of one and of the other are the same if the same recommendation
/// made them.
pub fn diff(first: &Plan, second: &Plan) -> PlanDiff {
    let (before, after) = (by_recommendation(first), by_recommendation(second));
    let mut diff = PlanDiff {
        rules: fields(&object(&first.rules), &object(&second.rules)),
        ..PlanDiff::default()
    };
    for (recommendation, old) in &before {
        match after.get(recommendation) {
            None => diff.removed.push(old.id.clone()),
            Some(new) => {
                let fields = fields(&described(first, old), &described(second, new));
                if !fields.is_empty() {
                    diff.changed.push(ChangedChange {
                        before: old.id.clone(),
                        after: new.id.clone(),
                        resource: new.resource.clone(),
                        fields,
                    });
                }
            }
        }
    }
    let is_new = |change: &&&Change| !before.contains_key(&change.recommendation);
    diff.added = after.values().filter(is_new).map(|change| change.id.clone()).collect();
    diff
}

fn by_recommendation(plan: &Plan) -> BTreeMap<&RecommendationId, &Change> {
    plan.changes().map(|change| (&change.recommendation, change)).collect()
}

/// Writes a change as an object, with its place.
fn described(plan: &Plan, change: &Change) -> Map<String, Value> {
    let mut fields = object(change);
    let wave = plan.place(&change.id).and_then(|(stage, wave)| {
        let stage = plan.stages.get(stage)?;
        Some((stage.environment, stage.waves.get(wave)?.name))
    });
    fields.extend(serde_json::to_value(wave).ok().map(|wave| ("wave".to_owned(), wave)));
    fields
}

/// Writes a value as an object; what JSON cannot hold is in no plan that has a hash.
fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        Ok(_) | Err(_) => Map::new(),
    }
}

fn fields(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<FieldChange> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| FieldChange {
            name: name.clone(),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_plan_does_not_differ_from_itself() {
        assert!(diff(&sample::plan(), &sample::plan()).is_empty());
    }

    #[test]
    fn what_came_what_went_and_what_differs_is_told_apart() {
        let first = sample::plan();
        let mut second = first.clone();
        second.rules.budget_percent = 50;
        let production = second.stages.last_mut().unwrap();
        let mut new = production.waves[0].changes[0].clone();
        production.waves[0].changes[0].risk =
            trimtab_model::recommendation::PerformanceRisk::new(1);
        new.id = "C-new".into();
        new.recommendation = "R-new".into();
        production.waves[0].changes.push(new);
        let gone = second.stages.remove(0).waves[0].changes[0].id.clone();
        let diff = diff(&first, &second);
        assert_eq!((&diff.added[..], &diff.removed[..]), (&["C-new".into()][..], &[gone][..]));
        let names = |fields: &[FieldChange]| -> Vec<String> {
            fields.iter().map(|field| field.name.clone()).collect()
        };
        assert_eq!(names(&diff.rules), ["budget_percent"]);
        assert_eq!(
            diff.changed.iter().map(|one| names(&one.fields)).collect::<Vec<_>>(),
            [["risk"]]
        );
    }
}

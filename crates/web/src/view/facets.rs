//! What a list of recommendations can be narrowed by: the values of some fields, and how many have each.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use trimtab_app::filter::{Facets, Field, Filter, Judged, is_same, value_of};
use trimtab_model::recommendation::{ActionType, PerformanceRisk, Recommendation};
use trimtab_render::document::words;
use trimtab_render::locale::Locale;
use trimtab_render::sanitise;

/// What is counted, in order.
const FIELDS: &[Field] =
    &[Field::Type, Field::Environment, Field::Account, Field::Risk, Field::Confidence, Field::Kind];

/// The words of scales, in their order.
const RISKS: [&str; 5] = ["verylow", "low", "medium", "high", "veryhigh"];
const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];
const ENVIRONMENTS: [&str; 4] = ["prod", "staging", "dev", "unknown"];

/// Counts while a list is made.
pub(crate) struct Tally {
    facets: Facets,
    counts: BTreeMap<Field, BTreeMap<String, u64>>,
}

/// One field and its values.
pub(crate) struct Facet {
    /// The field.
    pub(crate) field: Field,
    /// Its values: those of a scale in its order, else the most frequent first.
    pub(crate) values: Vec<FacetValue>,
    /// The condition without what is chosen of it; nothing where none is left.
    pub(crate) without: Option<String>,
}

/// A value of a field.
pub(crate) struct FacetValue {
    /// The value, as a filter names it.
    pub(crate) value: String,
    /// How many have it, under what is asked of everything else.
    pub(crate) count: u64,
    /// Whether it is asked for.
    pub(crate) is_chosen: bool,
    /// The condition with it set, or taken away where it was; nothing where that leaves none.
    pub(crate) filter: Option<String>,
}

impl Tally {
    /// Begins to count under a condition.
    pub(crate) fn of(filter: Option<&Filter>) -> Self {
        Self { facets: Facets::of(FIELDS, filter), counts: BTreeMap::new() }
    }

    /// Counts a recommendation, and returns whether it meets the condition.
    ///
    /// What fails in one field alone would be there if another value of that were chosen: it counts
    /// among the values of that field.
    pub(crate) fn takes(&mut self, item: &Recommendation) -> bool {
        let judged = self.facets.judge(item);
        let counted: &[Field] = match &judged {
            Judged::Kept => FIELDS,
            Judged::But(field) => std::slice::from_ref(field),
            Judged::Left => &[],
        };
        for field in counted {
            let values = self.counts.entry(*field).or_default();
            let value = value_of(item, *field);
            *values.entry(value).or_default() += 1;
        }
        judged == Judged::Kept
    }

    /// Returns the fields with their values; what no condition can name is left out.
    pub(crate) fn finish(mut self) -> Vec<Facet> {
        FIELDS.iter().filter_map(|field| self.facet(*field)).collect()
    }

    fn facet(&mut self, field: Field) -> Option<Facet> {
        let mut counts = self.counts.remove(&field).unwrap_or_default();
        for chosen in self.facets.chosen(field) {
            // What is asked for can be taken away again, even where nothing has it.
            if !counts.keys().any(|value| is_same(field, chosen, value)) {
                counts.insert(chosen.clone(), 0);
            }
        }
        let mut values: Vec<FacetValue> = counts
            .into_iter()
            .filter_map(|(value, count)| {
                let filter = self.facets.turned(field, &value).ok()?;
                let is_chosen = self.facets.is_chosen(field, &value);
                let filter = filter.map(|filter| filter.to_string());
                Some(FacetValue { value, count, is_chosen, filter })
            })
            .collect();
        values.sort_by_key(|one| (rank(field, &one.value), std::cmp::Reverse(one.count)));
        let without = self.facets.without(field).ok()?.map(|filter| filter.to_string());
        Some(Facet { field, values, without })
    }
}

/// Returns the place of a value in the order of its field; of a field without one it is the same for all.
fn rank(field: Field, value: &str) -> usize {
    let scale: &[&str] = match field {
        Field::Risk => &RISKS,
        Field::Confidence => &CONFIDENCES,
        Field::Environment => &ENVIRONMENTS,
        Field::Type | Field::Account | Field::Kind => return 0,
        Field::Saving
        | Field::Effort
        | Field::Finding
        | Field::Check
        | Field::Region
        | Field::Resource
        | Field::Name
        | Field::Restart
        | Field::Id => return 0,
    };
    scale.iter().position(|one| *one == value).unwrap_or(scale.len())
}

impl Facet {
    /// Returns whether a value of it is chosen.
    pub(crate) fn is_chosen(&self) -> bool {
        self.values.iter().any(|value| value.is_chosen)
    }

    /// Returns its name.
    pub(crate) fn title(&self, locale: Locale) -> String {
        match self.field {
            Field::Type => locale.text("column-type"),
            Field::Environment => locale.text("column-environment"),
            Field::Account => locale.text("column-account"),
            Field::Risk => locale.text("column-risk"),
            Field::Confidence => locale.text("column-confidence"),
            Field::Kind => locale.text("column-resource-type"),
            // None of these is counted.
            Field::Saving
            | Field::Effort
            | Field::Finding
            | Field::Check
            | Field::Region
            | Field::Resource
            | Field::Name
            | Field::Restart
            | Field::Id => String::new(),
        }
    }

    /// Returns the word of one of its values.
    pub(crate) fn word(&self, value: &str, locale: Locale) -> String {
        let known = match self.field {
            Field::Type => ActionType::ALL
                .into_iter()
                .find(|one| one.as_str() == value)
                .map(|one| words::action_type(one, locale)),
            Field::Environment if value == "unknown" => Some(locale.text("environment-unknown")),
            Field::Risk => (0..)
                .zip(RISKS)
                .find(|(_, name)| *name == value)
                .map(|(place, _)| words::risk(PerformanceRisk::new(place), locale)),
            Field::Confidence => words::confidence_scale(locale)
                .into_iter()
                .find(|(_, name)| *name == value)
                .map(|(word, _)| word),
            // `AWS::EC2::Instance` in fewer letters.
            Field::Kind => value.strip_prefix("AWS::").map(|rest| rest.replace("::", " ")),
            Field::Environment | Field::Account => None,
            Field::Saving
            | Field::Effort
            | Field::Finding
            | Field::Check
            | Field::Region
            | Field::Resource
            | Field::Name
            | Field::Restart
            | Field::Id => None,
        };
        known.unwrap_or_else(|| sanitise(value))
    }
}

/// Returns all fields as the API answers them.
pub(crate) fn facets_json(facets: &[Facet]) -> Value {
    let value = |one: &FacetValue| {
        json!({
            "value": one.value,
            "count": one.count,
            "is_chosen": one.is_chosen,
            "filter": one.filter,
        })
    };
    let entry = |facet: &Facet| {
        let values = facet.values.iter().map(value).collect();
        (facet.field.name().to_owned(), Value::Array(values))
    };
    Value::Object(facets.iter().map(entry).collect())
}

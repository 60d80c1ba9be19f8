//! What a list of recommendations can be narrowed by: the values of some fields, and how many have each.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use trimtab_app::filter::{Facets, Field, Filter, Judged, is_same, value_of};
use trimtab_model::recommendation::{ActionType, PerformanceRisk, Recommendation};
use trimtab_render::document::words;
use trimtab_render::locale::Locale;
use trimtab_render::sanitise;

/// The words of scales, in their order.
const RISKS: [&str; 5] = ["verylow", "low", "medium", "high", "veryhigh"];
const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];
const ENVIRONMENTS: [&str; 4] = ["prod", "staging", "dev", "unknown"];

/// A field that is counted.
struct Counted {
    field: Field,
    /// The key of its name.
    title: &'static str,
    /// Its values in their order; empty where they have none but how many there are of each.
    scale: &'static [&'static str],
    /// Returns the word of a value; nothing where that is its own.
    word: fn(&str, Locale) -> Option<String>,
}

/// What is counted, in order.
const COUNTED: [Counted; 6] = [
    Counted { field: Field::Type, title: "column-type", scale: &[], word: type_word },
    Counted {
        field: Field::Environment,
        title: "column-environment",
        scale: &ENVIRONMENTS,
        word: environment_word,
    },
    Counted { field: Field::Account, title: "column-account", scale: &[], word: |_, _| None },
    Counted { field: Field::Risk, title: "column-risk", scale: &RISKS, word: risk_word },
    Counted {
        field: Field::Confidence,
        title: "column-confidence",
        scale: &CONFIDENCES,
        word: confidence_word,
    },
    Counted { field: Field::Kind, title: "column-resource-type", scale: &[], word: kind_word },
];

/// The fields of these.
const FIELDS: &[Field] =
    &[Field::Type, Field::Environment, Field::Account, Field::Risk, Field::Confidence, Field::Kind];

fn type_word(value: &str, locale: Locale) -> Option<String> {
    let known = ActionType::ALL.into_iter().find(|one| one.as_str() == value);
    known.map(|one| words::action_type(one, locale))
}

fn environment_word(value: &str, locale: Locale) -> Option<String> {
    (value == "unknown").then(|| locale.text("environment-unknown"))
}

fn risk_word(value: &str, locale: Locale) -> Option<String> {
    let known = (0..).zip(RISKS).find(|(_, name)| *name == value);
    known.map(|(place, _)| words::risk(PerformanceRisk::new(place), locale))
}

fn confidence_word(value: &str, locale: Locale) -> Option<String> {
    let known = words::confidence_scale(locale).into_iter().find(|(_, name)| *name == value);
    known.map(|(word, _)| word)
}

/// `AWS::EC2::Instance` in fewer letters.
fn kind_word(value: &str, _: Locale) -> Option<String> {
    value.strip_prefix("AWS::").map(|rest| rest.replace("::", " "))
}

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
    let scale = counted(field).map_or(&[][..], |counted| counted.scale);
    scale.iter().position(|one| *one == value).unwrap_or(scale.len())
}

fn counted(field: Field) -> Option<&'static Counted> {
    COUNTED.iter().find(|one| one.field == field)
}

impl Facet {
    /// Returns whether a value of it is chosen.
    pub(crate) fn is_chosen(&self) -> bool {
        self.values.iter().any(|value| value.is_chosen)
    }

    /// Returns its name.
    pub(crate) fn title(&self, locale: Locale) -> String {
        counted(self.field).map_or_else(String::new, |counted| locale.text(counted.title))
    }

    /// Returns the word of one of its values.
    pub(crate) fn word(&self, value: &str, locale: Locale) -> String {
        let known = counted(self.field).and_then(|counted| (counted.word)(value, locale));
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

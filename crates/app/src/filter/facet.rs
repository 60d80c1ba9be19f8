//! A filter as a page offers it: what is chosen of each of some fields, and the rest.

use std::collections::BTreeMap;

use trimtab_model::recommendation::Recommendation;

use super::{Comparison, Field, Filter, RISKS, level, text_of};

/// What a filter asks of each of some fields, apart from the rest of it.
///
/// Only what all of a filter demands is taken apart: `env=prod and type in (Stop, Delete)` is a
/// choice of two fields, `env=prod or type=Stop` of none.
#[derive(Debug, Clone, PartialEq)]
pub struct Facets {
    fields: &'static [Field],
    chosen: BTreeMap<Field, Vec<String>>,
    rest: Vec<Filter>,
}

/// What a recommendation is to a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It is what is asked for.
    Kept,
    /// It were, but for what is chosen of one field.
    But(Field),
    /// It is not.
    Left,
}

impl Facets {
    /// Takes a filter apart.
    pub fn of(fields: &'static [Field], filter: Option<&Filter>) -> Self {
        let mut facets = Self { fields, chosen: BTreeMap::new(), rest: Vec::new() };
        if let Some(filter) = filter {
            facets.take(filter);
        }
        facets
    }

    fn take(&mut self, filter: &Filter) {
        match filter {
            Filter::And(left, right) => {
                self.take(left);
                self.take(right);
            }
            Filter::Compare(field, Comparison::Equal, value) if self.is_free(*field) => {
                self.chosen.insert(*field, vec![value.clone()]);
            }
            Filter::In(field, values) if self.is_free(*field) => {
                self.chosen.insert(*field, values.clone());
            }
            Filter::Compare(..) | Filter::In(..) | Filter::Or(..) | Filter::Not(_) => {
                self.rest.push(filter.clone());
            }
        }
    }

    /// A second condition on a field narrows the first: it is none of its choice.
    fn is_free(&self, field: Field) -> bool {
        self.fields.contains(&field) && !self.chosen.contains_key(&field)
    }

    /// Returns the fields.
    pub fn fields(&self) -> &'static [Field] {
        self.fields
    }

    /// Returns whether a value of a field is chosen.
    pub fn is_chosen(&self, field: Field, value: &str) -> bool {
        self.chosen.get(&field).is_some_and(|all| all.iter().any(|one| is_same(field, one, value)))
    }

    /// Returns what is chosen of a field, as it was written.
    pub fn chosen(&self, field: Field) -> &[String] {
        self.chosen.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Returns the filter with a value set, or taken away where it was; nothing where that leaves
    /// no condition.
    ///
    /// # Errors
    /// Fails where the value cannot be written.
    pub fn turned(&self, field: Field, value: &str) -> Result<Option<Filter>, Unwritable> {
        let mut values = self.chosen(field).to_vec();
        if self.is_chosen(field, value) {
            values.retain(|one| !is_same(field, one, value));
        } else {
            values.push(value.to_owned());
        }
        self.with(field, &values)
    }

    /// Returns the filter without a choice of a field.
    ///
    /// # Errors
    /// Fails where another value cannot be written, which none is that was read.
    pub fn without(&self, field: Field) -> Result<Option<Filter>, Unwritable> {
        self.with(field, &[])
    }

    fn with(&self, field: Field, values: &[String]) -> Result<Option<Filter>, Unwritable> {
        let mut all = Vec::new();
        for one in self.fields {
            let values = if *one == field { values } else { self.chosen(*one) };
            if !values.is_empty() {
                all.push(Filter::any_of(*one, values).ok_or(Unwritable)?);
            }
        }
        all.extend(self.rest.iter().cloned());
        Ok(all.into_iter().reduce(|left, right| Filter::And(Box::new(left), Box::new(right))))
    }

    /// Says what a recommendation is to the choice.
    pub fn judge(&self, item: &Recommendation) -> Judged {
        if !self.rest.iter().all(|filter| filter.matches(item)) {
            return Judged::Left;
        }
        let mut judged = Judged::Kept;
        for (field, values) in &self.chosen {
            let value = value_of(item, *field);
            if values.iter().any(|one| is_same(*field, one, &value)) {
                continue;
            }
            judged = match judged {
                Judged::Kept => Judged::But(*field),
                Judged::But(_) | Judged::Left => return Judged::Left,
            };
        }
        judged
    }
}

/// A value that no filter can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unwritable;

/// Returns what a recommendation has of a field, as a filter names it.
pub fn value_of(item: &Recommendation, field: Field) -> String {
    if field == Field::Risk {
        let place = usize::from(item.performance_risk.value());
        return RISKS.get(place).copied().unwrap_or_default().to_owned();
    }
    if field == Field::Confidence {
        return item.confidence().as_str().to_owned();
    }
    text_of(item, field)
}

/// Returns whether two values of a field are one, as a filter compares them.
pub fn is_same(field: Field, one: &str, other: &str) -> bool {
    if field == Field::Risk {
        return level(one, RISKS) == level(other, RISKS);
    }
    one == other || one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Field] = &[Field::Type, Field::Environment, Field::Risk];

    fn of(text: &str) -> Facets {
        let filter = (!text.is_empty()).then(|| text.parse::<Filter>().unwrap());
        Facets::of(FIELDS, filter.as_ref())
    }

    fn turned(text: &str, field: Field, value: &str) -> String {
        of(text).turned(field, value).unwrap().map_or_else(String::new, |filter| filter.to_string())
    }

    #[test]
    fn a_value_is_set_and_taken_away_beside_all_others() {
        assert_eq!(turned("", Field::Environment, "prod"), "env=prod");
        assert_eq!(turned("env=prod", Field::Environment, "dev"), "env in (prod, dev)");
        assert_eq!(turned("env in (prod, dev)", Field::Environment, "PROD"), "env=dev");
        assert_eq!(turned("env=prod", Field::Environment, "prod"), "");
        assert_eq!(
            turned("saving>500usd and env=prod", Field::Type, "Stop"),
            "type=Stop and env=prod and saving>500usd"
        );
        assert_eq!(turned("risk=1", Field::Risk, "low"), "");
    }

    #[test]
    fn what_is_no_choice_stays_as_it_is() {
        assert_eq!(
            turned("env=prod or risk=low", Field::Type, "Stop"),
            "type=Stop and (env=prod or risk=low)"
        );
        assert_eq!(turned("risk<=low", Field::Risk, "low"), "risk=low and risk<=low");
        // Of two conditions on a field the second stays one.
        assert_eq!(turned("env=prod and env=dev", Field::Environment, "prod"), "env=dev");
        assert!(of("env=prod").turned(Field::Type, "\"'").is_err());
    }
}

//! Writes a filter as it is read.

use std::fmt;

use super::{Comparison, Field, Filter};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(left, right) => {
                write!(f, "{} and {}", Bracketed(left, Self::is_or), Bracketed(right, Self::joins))
            }
            // Which of several comes first decides nothing, but what is read again is the same.
            Self::Or(left, right) => write!(f, "{left} or {}", Bracketed(right, Self::is_or)),
            Self::Not(inner) => write!(f, "not {}", Bracketed(inner, Self::joins)),
            Self::Compare(field, comparison, value) => {
                write!(f, "{}{}{}", field.name(), comparison.sign(), Value(value))
            }
            Self::In(field, values) => {
                write!(f, "{} in (", field.name())?;
                for (place, value) in values.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", Value(value))?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Filter {
    /// Returns that a field is one of some values; nothing where there are none, or where one
    /// cannot be written.
    pub fn any_of(field: Field, values: &[String]) -> Option<Self> {
        if !values.iter().all(|value| can_be_written(value)) {
            return None;
        }
        match values {
            [] => None,
            [value] => Some(Self::Compare(field, Comparison::Equal, value.clone())),
            values => Some(Self::In(field, values.to_vec())),
        }
    }

    fn is_or(&self) -> bool {
        matches!(self, Self::Or(..))
    }

    fn joins(&self) -> bool {
        matches!(self, Self::Or(..) | Self::And(..))
    }
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Contains => "~",
        }
    }
}

/// A condition, in brackets where it needs them.
struct Bracketed<'a>(&'a Filter, fn(&Filter) -> bool);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(filter, needs_brackets) = self;
        if needs_brackets(filter) { write!(f, "({filter})") } else { write!(f, "{filter}") }
    }
}

/// A value, in quotes where it needs them.
struct Value<'a>(&'a str);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let is_plain = |c: char| c.is_alphanumeric() || "-_.:/+*@#$%&[]{}".contains(c);
        if !text.is_empty() && text.chars().all(is_plain) {
            return f.write_str(text);
        }
        let quote = if text.contains('"') { '\'' } else { '"' };
        write!(f, "{quote}{text}{quote}")
    }
}

/// Nothing can be written that has both quotes: no sign takes them out.
fn can_be_written(value: &str) -> bool {
    !(value.contains('"') && value.contains('\''))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_what_was_read() {
        for text in [
            "saving>500usd and risk<=low and env!=prod",
            "env=dev or env=prod and risk<=low",
            "(env=dev or env=prod) and type in (Rightsize, Stop)",
            "not (env=dev or risk=high) and name~\"a b\"",
            "name='the \"big\" one'",
            "env=dev and (env=prod and risk=low)",
        ] {
            let filter: Filter = text.parse().unwrap();
            assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter, "{text}");
        }
    }

    fn conditions() -> impl Strategy<Value = Filter> {
        let value = "[a-z0-9:/ (),<>=!~'가-힣-]{0,8}";
        let compared = (prop::sample::select(vec![Field::Name, Field::Account]), value)
            .prop_map(|(field, value)| Filter::Compare(field, Comparison::Equal, value));
        let listed = prop::collection::vec(value, 1..4)
            .prop_map(|values| Filter::In(Field::Resource, values));
        prop_oneof![compared, listed].prop_recursive(4, 24, 2, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone())
                    .prop_map(|(left, right)| Filter::And(Box::new(left), Box::new(right))),
                (inner.clone(), inner.clone())
                    .prop_map(|(left, right)| Filter::Or(Box::new(left), Box::new(right))),
                inner.prop_map(|inner| Filter::Not(Box::new(inner))),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_condition_is_read_again(filter in conditions()) {
            prop_assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter);
        }
    }
}

//! The small language that picks recommendations:
//! `saving>500usd and risk<=low and env!=prod and type in (Rightsize, Stop)`.

mod facet;
mod parse;
mod write;

use std::str::FromStr;

use rust_decimal::Decimal;

use trimtab_model::analysis::Analysis;
use trimtab_model::confidence::Confidence;
use trimtab_model::explain::Explain;
use trimtab_model::recommendation::{ImplementationEffort, Recommendation, Restart};
use trimtab_model::text::Text;

use crate::failure::Failure;

pub use facet::{Facets, Judged, Unwritable, is_same, value_of};

/// Why a filter cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {}", problem.en)]
pub struct FilterError {
    /// Position in the text, counted from 1.
    pub position: usize,
    /// What is wrong.
    pub problem: Text,
}

impl Explain for FilterError {
    fn text(&self) -> Text {
        let korean = format!("{}번째 글자: {}", self.position, self.problem.ko);
        Text::new(self.to_string(), korean)
    }
}

/// A condition on a recommendation.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Both hold.
    And(Box<Filter>, Box<Filter>),
    /// At least one holds.
    Or(Box<Filter>, Box<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// A field compared with a value.
    Compare(Field, Comparison, String),
    /// A field is one of the values.
    In(Field, Vec<String>),
}

/// A field of a recommendation that a filter can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "FIELDS says what each is")]
pub enum Field {
    Saving,
    Risk,
    Effort,
    Environment,
    Type,
    Finding,
    Check,
    Account,
    Region,
    Resource,
    Name,
    Kind,
    Restart,
    Confidence,
    Id,
}

/// The fields by name, for messages and docs.
pub const FIELDS: &[(&str, Field)] = &[
    ("saving", Field::Saving),
    ("risk", Field::Risk),
    ("effort", Field::Effort),
    ("env", Field::Environment),
    ("type", Field::Type),
    ("finding", Field::Finding),
    ("check", Field::Check),
    ("account", Field::Account),
    ("region", Field::Region),
    ("resource", Field::Resource),
    ("name", Field::Name),
    ("kind", Field::Kind),
    ("restart", Field::Restart),
    ("confidence", Field::Confidence),
    ("id", Field::Id),
];

impl Field {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| *name)
    }
}

const RISKS: &[&str] = &["verylow", "low", "medium", "high", "veryhigh"];
const EFFORTS: &[(&str, ImplementationEffort)] = &[
    ("verylow", ImplementationEffort::VeryLow),
    ("low", ImplementationEffort::Low),
    ("medium", ImplementationEffort::Medium),
    ("high", ImplementationEffort::High),
    ("veryhigh", ImplementationEffort::VeryHigh),
];

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the operators of arithmetic")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

impl Filter {
    /// Refuses amounts in a currency that no amount of an analysis is in: they would match nothing.
    ///
    /// # Errors
    /// Names the currency.
    pub fn require_known(&self, analysis: &Analysis) -> Result<(), Failure> {
        let known = |code: &String| analysis.totals.keys().any(|currency| currency.code() == code);
        let Some(foreign) = self.currencies().into_iter().find(|code| !known(code)) else {
            return Ok(());
        };
        Err(Failure::usage(
            (
                format!("no amount of this analysis is in {foreign}"),
                format!("이 분석에 없는 통화입니다: {foreign}"),
            ),
            (
                "filters compare in the currency of the bill; exchange rates are for display only",
                "필터는 청구서의 통화로 비교합니다. 환율은 표시에만 씁니다",
            ),
        ))
    }

    /// Returns the currencies that the condition names, in capitals.
    pub fn currencies(&self) -> Vec<String> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                let mut found = left.currencies();
                found.extend(right.currencies());
                found
            }
            Self::Not(inner) => inner.currencies(),
            Self::Compare(Field::Saving, _, value) => currency_of(value).into_iter().collect(),
            Self::In(Field::Saving, values) => {
                values.iter().filter_map(|value| currency_of(value)).collect()
            }
            Self::Compare(..) | Self::In(..) => Vec::new(),
        }
    }

    /// Returns whether the recommendation meets the condition.
    pub fn matches(&self, recommendation: &Recommendation) -> bool {
        match self {
            Self::And(left, right) => left.matches(recommendation) && right.matches(recommendation),
            Self::Or(left, right) => left.matches(recommendation) || right.matches(recommendation),
            Self::Not(inner) => !inner.matches(recommendation),
            Self::Compare(field, comparison, value) => {
                compare(recommendation, *field, *comparison, value)
            }
            Self::In(field, values) => {
                values.iter().any(|value| compare(recommendation, *field, Comparison::Equal, value))
            }
        }
    }
}

fn compare(
    recommendation: &Recommendation,
    field: Field,
    comparison: Comparison,
    value: &str,
) -> bool {
    use std::cmp::Ordering;
    let ordering = match field {
        Field::Saving => {
            let likely = recommendation.estimated_monthly_savings.likely;
            let Some((amount, currency)) = amount(value) else { return false };
            if currency.is_some_and(|code| !code.eq_ignore_ascii_case(likely.currency.code())) {
                return false;
            }
            likely.amount.cmp(&amount)
        }
        Field::Risk => match level(value, RISKS) {
            Some(level) => usize::from(recommendation.performance_risk.value()).cmp(&level),
            None => return false,
        },
        Field::Effort => match EFFORTS.iter().find(|(word, _)| *word == folded(value)) {
            Some((_, effort)) => recommendation.implementation_effort.cmp(effort),
            None => return false,
        },
        Field::Confidence => match confidence(value) {
            Some(wanted) => recommendation.confidence().cmp(&wanted),
            None => return false,
        },
        Field::Environment
        | Field::Type
        | Field::Finding
        | Field::Check
        | Field::Account
        | Field::Region
        | Field::Resource
        | Field::Name
        | Field::Kind
        | Field::Restart
        | Field::Id => {
            let text = text_of(recommendation, field).to_lowercase();
            let value = value.to_lowercase();
            if comparison == Comparison::Contains {
                return text.contains(&value);
            }
            text.cmp(&value)
        }
    };
    match comparison {
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::NotEqual => ordering != Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::LessOrEqual => ordering != Ordering::Greater,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::GreaterOrEqual => ordering != Ordering::Less,
        Comparison::Contains => false,
    }
}

fn text_of(recommendation: &Recommendation, field: Field) -> String {
    let resource = &recommendation.resource;
    match field {
        Field::Environment => resource.environment.to_string(),
        Field::Type => recommendation.action_type.as_str().to_owned(),
        Field::Finding => recommendation.finding.as_str().to_owned(),
        Field::Check => recommendation.check.to_string(),
        Field::Account => resource.account.to_string(),
        Field::Region => resource.region.to_string(),
        Field::Resource => resource.id.to_string(),
        Field::Name => resource.name.clone().unwrap_or_default(),
        Field::Kind => resource.kind.to_string(),
        Field::Restart => match recommendation.restart_needed {
            Restart::Needed => "true".to_owned(),
            Restart::NotNeeded => "false".to_owned(),
        },
        Field::Id => recommendation.id.to_string(),
        Field::Saving | Field::Risk | Field::Effort | Field::Confidence => String::new(),
    }
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace(['-', '_', ' '], "")
}

fn level(word: &str, scale: &[&str]) -> Option<usize> {
    let word = folded(word);
    scale.iter().position(|known| *known == word).or_else(|| word.parse().ok())
}

fn confidence(word: &str) -> Option<Confidence> {
    let word = folded(word);
    Confidence::ALL.into_iter().find(|one| one.as_str() == word)
}

fn currency_of(value: &str) -> Option<String> {
    amount(value)?.1.map(str::to_uppercase)
}

/// Reads `500`, `500usd` or `1,000krw`.
fn amount(text: &str) -> Option<(Decimal, Option<&str>)> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, currency) = text.split_at(split);
    let number = Decimal::from_str(&number.trim().replace(',', "")).ok()?;
    Some((number, Some(currency.trim()).filter(|code| !code.is_empty())))
}

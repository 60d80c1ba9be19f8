//! Amounts as the API writes them: every digit, with their currency.

use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use trimtab_model::money::Money;
use trimtab_model::text::{Language, Text};
use trimtab_render::number::decimal_text;

/// An amount: never converted, never rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Amount {
    /// The decimal number, as text.
    amount: String,
    /// The ISO 4217 code.
    currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { amount: decimal_text(money.amount), currency: money.currency.code().to_owned() }
    }
}

/// Writes an amount.
pub(crate) fn amount<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    Amount::from(*money).serialize(serializer)
}

/// Writes an amount, or null where it is not known.
pub(crate) fn amount_or_none<S: Serializer>(
    money: &Option<Money>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    money.map(Amount::from).serialize(serializer)
}

/// Writes a text in English.
pub(crate) fn english<S: Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.get(Language::En))
}

/// Writes a text in English, or null where there is none.
pub(crate) fn english_or_none<S: Serializer>(
    text: &Option<Text>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    text.as_ref().map(|text| text.get(Language::En)).serialize(serializer)
}

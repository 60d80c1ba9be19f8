//! How a reader wants things shown.

use jiff::tz::TimeZone;
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::{Language, Text};

use crate::locale::Locale;
use crate::money::{self, ExchangeRate};
use crate::number;

/// Whether escape sequences for colour and weight are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// They are.
    On,
    /// They are not.
    #[default]
    Off,
}

/// How a reader wants things shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// The language of every text.
    pub language: Language,
    /// The currency to show amounts in, where a rate leads to it; else each its own.
    pub currency: Option<Currency>,
    /// Rates for display.
    pub rates: Vec<ExchangeRate>,
    /// The zone that moments are shown in.
    pub time_zone: TimeZone,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to write colours.
    pub colour: Colour,
}

/// Columns of a page when nobody says how wide the terminal is.
pub const DEFAULT_WIDTH: usize = 100;

impl Style {
    /// Makes a style without conversion and colour, in UTC, 100 columns wide.
    pub fn plain(language: Language) -> Self {
        Self {
            language,
            currency: None,
            rates: Vec::new(),
            time_zone: TimeZone::UTC,
            width: DEFAULT_WIDTH,
            colour: Colour::Off,
        }
    }

    /// Returns the texts of the language.
    pub fn locale(&self) -> Locale {
        Locale::new(self.language)
    }

    /// Returns `money` in the display currency, or unchanged where no rate leads there.
    pub fn displayed(&self, money: Money) -> Money {
        self.conversion(money.currency)
            .map_or(money, |(rate, to)| rate.convert(money, to).unwrap_or(money))
    }

    /// Returns the rate that amounts of `currency` are shown with, if they are converted.
    pub fn conversion(&self, currency: Currency) -> Option<(&ExchangeRate, Currency)> {
        let to = self.currency.filter(|to| *to != currency)?;
        let leads = |rate: &&ExchangeRate| {
            (rate.from == currency && rate.to == to) || (rate.to == currency && rate.from == to)
        };
        self.rates.iter().find(leads).map(|rate| (rate, to))
    }

    /// Returns a short amount in the display currency.
    pub fn amount(&self, money: Money) -> String {
        money::short(self.displayed(money), self.language)
    }

    /// Returns by how much an amount changed: `+₩3만`, `−$12.00`, `<₩1`, or that it did not.
    pub fn change(&self, difference: Money) -> String {
        if difference.amount.is_zero() {
            return self.locale().text("no-change");
        }
        let text = self.amount(Money::new(difference.amount.abs(), difference.currency));
        if text.starts_with('<') {
            text
        } else if difference.amount.is_sign_negative() {
            format!("{}{text}", number::MINUS)
        } else {
            format!("+{text}")
        }
    }

    /// Returns an amount with its range in the display currency.
    pub fn amount_range(&self, likely: Money, low: Money, high: Money) -> String {
        money::range(
            self.displayed(likely),
            self.displayed(low),
            self.displayed(high),
            self.language,
        )
    }

    /// Returns a short amount per month: `₩932만/월`, `$6,728/mo`.
    pub fn monthly(&self, money: Money) -> String {
        self.per_month(&self.amount(money))
    }

    /// Returns an amount with its range, per month: `₩932만/월 (820–988)`.
    pub fn monthly_range(&self, likely: Money, low: Money, high: Money) -> String {
        let text = self.amount_range(likely, low, high);
        match text.split_once(" (") {
            Some((amount, range)) => format!("{} ({range}", self.per_month(amount)),
            None => self.per_month(&text),
        }
    }

    /// Returns one line per conversion that amounts of `currencies` undergo: rate, date, source.
    pub fn rate_lines(&self, currencies: impl IntoIterator<Item = Currency>) -> Vec<String> {
        let mut lines = Vec::new();
        for currency in currencies {
            let Some((rate, _)) = self.conversion(currency) else { continue };
            let line = self.locale().text_with(
                "exchange-rate",
                &[
                    ("from", rate.from.code()),
                    ("to", rate.to.code()),
                    ("rate", &number::exact(rate.rate)),
                    ("date", &rate.date.to_string()),
                    ("source", &crate::sanitise(&rate.source)),
                ],
            );
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// Returns the sentence in the reader's language, safe to print.
    pub fn sentence(&self, text: &Text) -> String {
        crate::sanitise(text.get(self.language))
    }

    /// Returns `text` in green: for savings only.
    pub fn green(&self, text: &str) -> String {
        self.wrapped_in(text, "32")
    }

    /// Returns `text` in red: for production and high risk only.
    pub fn red(&self, text: &str) -> String {
        self.wrapped_in(text, "31")
    }

    /// Returns `text` in bold.
    pub fn bold(&self, text: &str) -> String {
        self.wrapped_in(text, "1")
    }

    /// Returns `text` in a fainter weight.
    pub fn dim(&self, text: &str) -> String {
        self.wrapped_in(text, "2")
    }

    fn per_month(&self, amount: &str) -> String {
        self.locale().text_with("per-month", &[("amount", amount)])
    }

    fn wrapped_in(&self, text: &str, code: &str) -> String {
        match self.colour {
            Colour::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colour::Off => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_converted_amount_names_its_rate() {
        let style = Style {
            currency: Some(Currency::KRW),
            rates: vec![ExchangeRate {
                from: Currency::USD,
                to: Currency::KRW,
                rate: "1385.2".parse().unwrap(),
                date: "2026-11-20".parse().unwrap(),
                source: "fixed".into(),
            }],
            ..Style::plain(Language::Ko)
        };
        let dollars = |amount: i64| Money::usd(amount.into());
        assert_eq!(style.monthly(dollars(6728)), "₩932만/월");
        assert_eq!(
            style.monthly_range(dollars(6728), dollars(5920), dollars(7133)),
            "₩932만/월 (820–988)"
        );
        assert_eq!(
            style.rate_lines([Currency::USD, Currency::KRW]),
            ["환율 1 USD = 1,385.2 KRW (2026-11-20, 출처: fixed). 표시용 환산입니다."]
        );
    }

    #[test]
    fn an_amount_without_a_rate_keeps_its_currency() {
        let style = Style { currency: Some(Currency::KRW), ..Style::plain(Language::En) };
        assert_eq!(style.monthly(Money::usd(5.into())), "$5.00/mo");
        assert!(style.rate_lines([Currency::USD]).is_empty());
    }

    #[test]
    fn a_change_has_its_sign_and_none_where_there_is_nothing_to_see() {
        let style = Style::plain(Language::Ko);
        let won = |text: &str| Money::new(text.parse().unwrap(), Currency::KRW);
        assert_eq!(style.change(won("30000")), "+₩3만");
        assert_eq!(style.change(won("-120")), "−₩120");
        assert_eq!(style.change(won("-0.3")), "<₩1");
        assert_eq!(style.change(won("0")), "변화 없음");
    }
}

//! Axes of amounts and of numbers: ticks at round values of what is shown.
//!
//! Amounts are decimal up to the axis: they are converted for display first, and the ticks
//! are round in the currency that is shown.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Language;

use super::axis::{Axis, Tick};
use super::sheet::Sheet;
use crate::style::Style;
use crate::{money, number};

/// Amounts beyond this have no place in a picture, and their sums no place in a decimal.
const LARGEST: i64 = 1_000_000_000_000_000_000;

/// The one currency of a picture, and what has no place in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub currency: Currency,
    style: &'a Style,
}

impl<'a> Shown<'a> {
    /// Takes the currency that the first amount is shown in.
    pub(super) fn of(amounts: impl IntoIterator<Item = Money>, style: &'a Style) -> Self {
        let first = amounts.into_iter().next();
        let currency = first.map(|money| style.displayed(money).currency);
        let currency = currency.or(style.currency).unwrap_or(Currency::USD);
        Self { currency, style }
    }

    /// Returns the amount as it is drawn; none if it is shown in another currency.
    pub(super) fn value(&self, money: Money) -> Option<Decimal> {
        let shown = self.style.displayed(money);
        let fits = shown.amount.abs() <= Decimal::from(LARGEST);
        (shown.currency == self.currency && fits).then_some(shown.amount)
    }

    /// Returns a short amount of the currency that is shown.
    pub(super) fn text(&self, amount: Decimal) -> String {
        money::short(Money::new(amount, self.currency), self.style.language)
    }

    /// Returns a short amount with its sign: `+₩620만`, `−₩2,310만`; without one where it is less
    /// than what can be shown: `<₩1`.
    pub(super) fn signed(&self, amount: Decimal) -> String {
        let text = self.text(amount.abs());
        if amount.is_zero() || text.starts_with('<') {
            text
        } else if amount.is_sign_negative() {
            format!("−{text}")
        } else {
            format!("+{text}")
        }
    }

    /// Says in the description how many amounts are not in the picture.
    pub(super) fn say_left_out(&self, sheet: &mut Sheet, amounts: impl Iterator<Item = Money>) {
        let count = amounts.filter(|money| self.value(*money).is_none()).count();
        if count > 0 {
            let count = count.to_string();
            let arguments = [("count", count.as_str()), ("currency", self.currency.code())];
            sheet.describe(self.style.locale().text_with("chart-left-out", &arguments));
        }
    }

    /// Makes an axis from zero, or below, to `high`.
    pub(super) fn axis(&self, low: Decimal, high: Decimal, ticks: u32) -> Axis {
        self.axis_from(low.min(Decimal::ZERO), high.max(Decimal::ZERO), ticks)
    }

    /// Makes an axis between the round values around `low` and `high`.
    pub(super) fn axis_from(&self, low: Decimal, high: Decimal, ticks: u32) -> Axis {
        let decimals = self.currency.minor_units();
        let step = step(high - low, ticks, decimals);
        let text = |value: Decimal| {
            let text = self.text(value);
            // Cents on an axis say nothing where no tick has any.
            if step.fract().is_zero() { text.trim_end_matches(".00").to_owned() } else { text }
        };
        steps(low, high, step, text)
    }
}

/// Makes an axis of plain numbers from zero, or below, to `high`.
pub(super) fn numbers(low: f64, high: f64, ticks: u32, text: impl Fn(Decimal) -> String) -> Axis {
    let decimal = |value: f64| {
        let bounded = if value.is_finite() { value.clamp(-1e15, 1e15) } else { 0.0 };
        Decimal::from_f64(bounded).unwrap_or_default()
    };
    let (low, high) = (decimal(low).min(Decimal::ZERO), decimal(high).max(Decimal::ZERO));
    steps(low, high, step(high - low, ticks, 6), text)
}

/// Returns a number on an axis: `1,500`, in Korean `15만`, in English `1.5M`.
pub(super) fn number_text(value: Decimal, language: Language) -> String {
    let units: &[(i64, &str)] = match language {
        Language::Ko => &[(100_000_000, "억"), (10_000, "만")],
        Language::En => &[(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")],
    };
    for (size, suffix) in units {
        let size = Decimal::from(*size);
        if value.abs() >= size {
            return format!("{}{suffix}", number::exact(value / size));
        }
    }
    number::exact(value)
}

/// Returns `value` as a coordinate.
pub(super) fn coordinate(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

fn steps(low: Decimal, high: Decimal, step: Decimal, text: impl Fn(Decimal) -> String) -> Axis {
    let first = (low / step).floor();
    let last = (high / step).ceil().max(first + Decimal::ONE);
    let mut ticks = Vec::new();
    let mut place = first;
    while place <= last {
        let value = (place * step).normalize();
        ticks.push(Tick { at: coordinate(value), text: text(value) });
        place += Decimal::ONE;
    }
    Axis::new(coordinate(first * step), coordinate(last * step), ticks)
}

/// Returns 1, 2, 2.5 or 5 times a power of ten, such that about `ticks` of it make `span`.
fn step(span: Decimal, ticks: u32, decimals: u32) -> Decimal {
    let smallest = Decimal::new(1, decimals);
    let wanted = span / Decimal::from(ticks.max(1));
    let mut power = smallest;
    while power * Decimal::TEN <= wanted {
        power *= Decimal::TEN;
    }
    let multiples = [Decimal::ONE, Decimal::TWO, Decimal::new(25, 1), Decimal::from(5)];
    let candidates = multiples.into_iter().map(|multiple| (multiple * power).normalize());
    // Half of the smallest coin is no amount.
    let mut round = candidates.filter(|step| step.scale() <= decimals);
    round.find(|step| *step >= wanted).unwrap_or(power * Decimal::TEN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(low: &str, high: &str, currency: Currency, language: Language) -> Vec<String> {
        let style = Style::plain(language);
        let shown = Shown { currency, style: &style };
        let axis = shown.axis(low.parse().unwrap(), high.parse().unwrap(), 5);
        axis.ticks().iter().map(|tick| tick.text.clone()).collect()
    }

    #[test]
    fn ticks_are_round_in_the_currency_that_is_shown() {
        let won = texts("0", "9730000", Currency::KRW, Language::Ko);
        assert_eq!(won, ["₩0", "₩200만", "₩400만", "₩600만", "₩800만", "₩1,000만"]);
        let dollars = texts("0", "97", Currency::USD, Language::En);
        assert_eq!(dollars, ["$0", "$20", "$40", "$60", "$80", "$100"]);
        let cents = texts("0", "1.1", Currency::USD, Language::En);
        assert_eq!(cents, ["$0", "$0.25", "$0.50", "$0.75", "$1.00", "$1.25"]);
    }

    #[test]
    fn an_axis_of_nothing_has_a_tick_above_zero() {
        assert_eq!(texts("0", "0", Currency::KRW, Language::Ko), ["₩0", "₩1"]);
        assert_eq!(texts("-5", "0", Currency::KRW, Language::Ko).len(), 6);
    }

    #[test]
    fn numbers_are_short_in_both_languages() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(number_text(number("150000"), Language::Ko), "15만");
        assert_eq!(number_text(number("150000"), Language::En), "150k");
        assert_eq!(number_text(number("0.25"), Language::En), "0.25");
    }

    proptest! {
        #[test]
        fn an_axis_holds_its_values_in_a_few_ticks(
            mantissa in -1_000_000_000_000_000_000_i64..1_000_000_000_000_000_000,
            scale in 0_u32..20,
            won in any::<bool>(),
        ) {
            let style = Style::plain(Language::Ko);
            let currency = if won { Currency::KRW } else { Currency::USD };
            let value = Decimal::new(mantissa, scale);
            let axis = Shown { currency, style: &style }.axis(value, value, 5);
            prop_assert!(axis.from() <= coordinate(value) && coordinate(value) <= axis.to());
            prop_assert!((2..=8).contains(&axis.ticks().len()));
        }
    }
}

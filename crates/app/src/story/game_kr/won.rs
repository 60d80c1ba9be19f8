//! The exchange rate of the story: as invented as its company, and as fixed.

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::money::Currency;
use trimtab_render::money::ExchangeRate;

/// Returns how many won a dollar is in the story.
pub fn exchange_rate() -> ExchangeRate {
    ExchangeRate {
        from: Currency::USD,
        to: Currency::KRW,
        rate: Decimal::new(13_852, 1),
        date: Date::constant(2026, 10, 30),
        source: "game-kr".to_owned(),
    }
}

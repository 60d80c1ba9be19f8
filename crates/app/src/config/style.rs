//! How the configuration wants things shown.

use trimtab_render::money::ExchangeRate;
use trimtab_render::style::Style;

use super::resolve::Settings;

impl Settings {
    /// Returns how things are shown, for a page of usual width without colours.
    pub fn style(&self) -> Style {
        let rates = self.exchange_rates.iter().map(|rate| ExchangeRate {
            from: rate.from,
            to: rate.to,
            rate: rate.rate.0,
            date: rate.date.0,
            source: rate.source.clone(),
        });
        Style {
            currency: self.currency,
            rates: rates.collect(),
            time_zone: self.timezone.clone(),
            ..Style::plain(self.language)
        }
    }
}

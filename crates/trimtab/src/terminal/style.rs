//! How the reader wants things shown, from settings, flags and the terminal.

use std::io::IsTerminal;

use trimtab_app::config::{self, Settings};
use trimtab_render::money::ExchangeRate;
use trimtab_render::style::{Colour, DEFAULT_WIDTH, Style};

use crate::cli::{ColorWhen, Global};

/// Returns the columns to fill: the terminal's, at most 100 unless `--wide`.
fn width(global: &Global) -> usize {
    if global.wide {
        return usize::MAX;
    }
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.unwrap_or(DEFAULT_WIDTH).clamp(40, DEFAULT_WIDTH)
}

/// Returns the style for the answer.
pub fn style(settings: &Settings, global: &Global) -> Style {
    let colour = match global.color {
        ColorWhen::Always => Colour::On,
        ColorWhen::Never => Colour::Off,
        ColorWhen::Auto => {
            let wanted = !config::refuses_colour();
            if wanted && std::io::stdout().is_terminal() { Colour::On } else { Colour::Off }
        }
    };
    Style {
        language: settings.language,
        currency: settings.currency,
        rates: settings
            .exchange_rates
            .iter()
            .map(|rate| ExchangeRate {
                from: rate.from,
                to: rate.to,
                rate: rate.rate.0,
                date: rate.date.0,
                source: rate.source.clone(),
            })
            .collect(),
        time_zone: settings.timezone.clone(),
        width: width(global),
        colour,
    }
}

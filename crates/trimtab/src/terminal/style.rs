//! How the reader wants things shown, from settings, flags and the terminal.

use std::io::IsTerminal;

use trimtab_app::config::{self, Settings};
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
    Style { width: width(global), colour, ..settings.style() }
}

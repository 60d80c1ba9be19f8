//! `trimtab backtest`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{self, BacktestRequest, Source};
use trimtab_render::contract::backtest_json;
use trimtab_render::document::{backtest_page, backtest_table};

use crate::cli::BacktestArgs;
use crate::commands::analyze::{isolation, place};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Replays sizing on the user's own past.
pub fn run(console: &Console, args: &BacktestArgs) -> Result<Printed, Failure> {
    let mut settings = console.settings.clone();
    if let Some(preset) = args.policy {
        settings.policy.replace_sizing(preset.policy());
    }
    let request = BacktestRequest {
        source: args.from.clone().map_or(Source::DataDirectory, Source::Directory),
        train_days: args.train,
        test_days: args.test,
        place: place(args.account.as_deref(), args.region.as_deref()),
        isolation: isolation()?,
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-backtest"), locale, console.quiet);
    let backtested = pipeline::backtest(&settings, &request, &|progress| bar.show(progress))?;
    drop(bar);
    let backtest = &backtested.backtest;
    if console.is_json() {
        print_json(&backtest_json(backtest, console.style.language))?;
    } else if console.is_table() {
        print_text(&backtest_page(backtest, &console.style))?;
    } else {
        console.print_table("backtest", &backtest_table(backtest, &console.list_style()))?;
    }
    console.problems(&backtested.errors, &[]);
    Ok(if backtested.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

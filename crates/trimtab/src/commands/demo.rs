//! `trimtab demo`.

use std::path::{Path, PathBuf};

use trimtab_app::config::{Origin, Setting, Settings};
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{AnalyzeRequest, Source};
use trimtab_app::story::game_kr;
use trimtab_model::money::Currency;
use trimtab_model::text::Language;
use trimtab_store::catalog;
use trimtab_store::inventory::Place;

use crate::cli::DemoArgs;
use crate::commands::analyze::{analyze, isolation, print};
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar};

/// Writes the story, then walks the path that a user's own exports walk.
pub fn run(console: &Console, args: &DemoArgs) -> Result<Printed, Failure> {
    let dir = story_dir(&console.settings, args)?;
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-demo"), locale, console.quiet);
    let prices = catalog::price_book(&game_kr::regions());
    game_kr::write(&dir, args.seed, &prices, |_part| {})
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    drop(bar);
    let console = in_seoul(with_the_story_rate(console));
    let request = AnalyzeRequest {
        source: Source::Directory(dir.clone()),
        as_of: Some(game_kr::AS_OF),
        checks: Vec::new(),
        place: Place::default(),
        isolation: isolation()?,
    };
    let analyzed = analyze(&console, &request)?;
    let seed = args.seed.to_string();
    console.say(&locale.text_with("demo-ribbon", &[("seed", &seed)]));
    let printed = print(&console, &analyzed)?;
    console.say(&locale.text_with("demo-kept", &[("dir", &dir.display().to_string())]));
    if !args.no_serve {
        console.say(&locale.text("demo-no-server"));
    }
    Ok(printed)
}

/// Returns the directory of the story, emptied of an earlier one.
///
/// A directory that the user names must be new or empty: nothing of theirs is removed.
fn story_dir(settings: &Settings, args: &DemoArgs) -> Result<PathBuf, Failure> {
    let failed = |dir: &Path, cause: std::io::Error| {
        let dir = dir.display();
        let message = (
            format!("could not make the directory {dir}"),
            format!("디렉터리를 만들지 못했습니다: {dir}"),
        );
        Failure::new(Kind::Failed, message).because(&cause)
    };
    if let Some(dir) = &args.dir {
        let is_occupied = dir.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        if is_occupied {
            return Err(Failure::usage(
                (
                    format!("{} is not empty", dir.display()),
                    format!("디렉터리가 비어 있지 않습니다: {}", dir.display()),
                ),
                ("give a directory that is new or empty", "새 디렉터리나 빈 디렉터리를 지정하세요"),
            ));
        }
        std::fs::create_dir_all(dir).map_err(|cause| failed(dir, cause))?;
        return Ok(dir.clone());
    }
    let dir = settings.data_dir.join("demo").join("game-kr");
    match std::fs::remove_dir_all(&dir) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            return Err(failed(&dir, cause));
        }
        _ => {}
    }
    std::fs::create_dir_all(&dir).map_err(|cause| failed(&dir, cause))?;
    Ok(dir)
}

/// Counts days and hours as the story's company does, unless the user named a time zone.
fn in_seoul(mut console: Console) -> Console {
    let settings = &mut console.settings;
    let is_default = |one: &Setting| one.key == "timezone" && one.origin == Origin::Default;
    if settings.settings.iter().any(is_default) {
        settings.policy.calendar = game_kr::calendar();
    }
    console
}

/// Shows Korean readers won, at the story's own rate, unless they said otherwise.
fn with_the_story_rate(console: &Console) -> Console {
    let mut console = console.clone();
    if console.style.rates.is_empty() {
        console.style.rates.push(game_kr::exchange_rate());
    }
    if console.style.currency.is_none() && console.style.language == Language::Ko {
        console.style.currency = Some(Currency::KRW);
    }
    console
}

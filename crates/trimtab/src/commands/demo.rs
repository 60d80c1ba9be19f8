//! `trimtab demo`.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::{Path, PathBuf};

use trimtab_app::config::{Origin, Setting, Settings};
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::demo::{self, Story, remember};
use trimtab_app::pipeline::{AnalyzeRequest, Analyzed, Source};
use trimtab_app::story::game_kr;
use trimtab_model::money::Currency;
use trimtab_model::text::Language;
use trimtab_render::contract::rollout_json;
use trimtab_render::document::rollout::{rollout_check_table, rollout_show};
use trimtab_render::time;
use trimtab_store::catalog;
use trimtab_store::inventory::Place;
use trimtab_web::{Authentication, ServeOptions, command_for};

use crate::cli::{DemoArgs, Output};
use crate::commands::analyze::{analyze, isolation, print};
use crate::commands::serve::serve;
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, is_screen, print_json, print_text};
use trimtab_app::pages::rollout_page;

/// Where the dashboard of the demo is.
const ADDRESS: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 7070));

/// Writes the story, then walks the path that a user's own exports walk.
pub fn run(console: &Console, args: &DemoArgs) -> Result<Printed, Failure> {
    let dir = story_dir(&console.settings, args)?;
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-demo"), locale, console.quiet);
    let prices = catalog::price_book(&game_kr::regions());
    game_kr::write(&dir, args.seed, &prices, |_part| {})
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    drop(bar);
    let console = in_seoul(with_the_story_rate(console), args);
    let request = AnalyzeRequest {
        source: Source::Directory(dir.clone()),
        as_of: Some(game_kr::AS_OF),
        checks: Vec::new(),
        place: Place::default(),
        isolation: isolation()?,
    };
    let story = Story { dir: dir.clone(), seed: args.seed };
    remember(&console.settings, &story)?;
    let analyzed = analyze(&console, &request)?;
    if args.run {
        return roll_out(&console, &analyzed, &story);
    }
    let seed = args.seed.to_string();
    console.say(&locale.text_with("demo-ribbon", &[("seed", &seed)]));
    let printed = print(&console, &analyzed)?;
    console.say(&locale.text_with("demo-kept", &[("dir", &dir.display().to_string())]));
    let filter = format!("'{}'", game_kr::CHOSEN);
    // What the dashboard shows is kept apart from what is the user's.
    let data_dir = will_serve(args).then(|| demo::data_dir(&console.settings));
    let plan = command_for(data_dir.as_deref(), "trimtab plan create");
    let arguments = [("plan", plan.as_str()), ("filter", filter.as_str())];
    console.say(&locale.text_with("demo-next-plan", &arguments));
    console.say(&locale.text("demo-next-run"));
    if !will_serve(args) {
        return Ok(printed);
    }
    show(&console, &analyzed, &story)
}

/// Returns whether the demo ends with the dashboard: where somebody looks, and did not say otherwise.
pub fn will_serve(args: &DemoArgs) -> bool {
    !args.no_serve && !args.run && is_screen()
}

/// Serves the dashboard of the story, until it is interrupted.
fn show(console: &Console, analyzed: &Analyzed, story: &Story) -> Result<Printed, Failure> {
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-ingest"), locale, console.quiet);
    let settings =
        demo::furnish(&console.settings, &analyzed.analysis, story, &isolation()?, &|progress| {
            bar.show(progress);
        })?;
    drop(bar);
    let options = ServeOptions {
        addr: ADDRESS,
        is_read_only: false,
        authentication: Authentication::Token,
        hosts: Vec::new(),
        is_scheduled: false,
        is_demo: true,
        named_data_dir: Some(settings.data_dir.clone()),
    };
    serve(console, settings, options)
}

/// Carries a staged rollout of the story out, and prints it with what was verified.
fn roll_out(console: &Console, analyzed: &Analyzed, story: &Story) -> Result<Printed, Failure> {
    console.no_rows()?;
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-rollout"), locale, console.quiet);
    let done = demo::roll_out(&console.settings, &analyzed.analysis, story, |entry| {
        bar.say(&time::date_time(entry.at, &console.style.time_zone));
    })?;
    drop(bar);
    let page = rollout_page(&done, story.seed);
    match console.output {
        Some(Output::Json) => print_json(&rollout_json(&page, console.style.language))?,
        Some(Output::Md) => {
            let table = rollout_check_table(&page, &console.list_style());
            console.print_table("demo.run", &table)?;
        }
        Some(Output::Table | Output::Csv | Output::Jsonl) | None => {
            print_text(&rollout_show(&page, &console.style))?;
        }
    }
    let dir = done.dir.display().to_string();
    let arguments = [("dir", dir.as_str()), ("run", page.run)];
    console.say(&locale.text_with("demo-run-kept", &arguments));
    if page.holds() { Ok(Printed::Complete) } else { Ok(Printed::Found(Kind::Failed)) }
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
fn in_seoul(mut console: Console, args: &DemoArgs) -> Console {
    let settings = &mut console.settings;
    let is_default = |one: &Setting| one.key == "timezone" && one.origin == Origin::Default;
    if settings.settings.iter().any(is_default) {
        settings.policy.calendar = game_kr::calendar();
        // A timeline is read by the clock of those who were there.
        if args.run {
            console.style.time_zone = game_kr::calendar().time_zone;
        }
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

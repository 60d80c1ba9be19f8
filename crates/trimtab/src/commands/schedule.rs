//! `trimtab schedule`.

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{self, AnalyzeRequest, Source, Visibility};
use trimtab_model::analysis::Analysis;
use trimtab_render::contract::schedule_json;
use trimtab_render::document::{Schedules, schedule_show, schedule_table};
use trimtab_store::inventory::Place;

use crate::cli::{ScheduleCommand, ScheduleShowArgs};
use crate::commands::analyze::isolation;
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Weeks that are drawn where nobody says how many.
const WEEKS: usize = 20;

/// Runs `trimtab schedule …`.
pub fn run(console: &Console, command: &ScheduleCommand) -> Result<Printed, Failure> {
    match command {
        ScheduleCommand::Show(args) => show(console, args),
    }
}

fn show(console: &Console, args: &ScheduleShowArgs) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let (analysis, printed) = match &args.from {
        Some(_) => analysed(console, args)?,
        None => (pipeline::latest_analysis(&state)?, Printed::Complete),
    };
    let today = pipeline::today(&console.settings);
    let (analysis, hidden) = pipeline::visible(&state, analysis, Visibility::Open, today)?;
    let schedules = Schedules::of(&analysis, args.resource.as_deref());
    if let Some(wanted) = args.resource.as_deref().filter(|_| schedules.is_empty()) {
        return Err(unknown(wanted));
    }
    if console.is_json() {
        let mut document = schedule_json(&analysis, &schedules, console.style.language);
        if let Some(document) = document.as_object_mut() {
            document.insert("hidden".to_owned(), hidden.into());
        }
        print_json(&document)?;
    } else if console.is_table() {
        let limit = console.options.limit.unwrap_or(WEEKS);
        print_text(&schedule_show(&analysis, &schedules, limit, &console.style))?;
    } else {
        console.print_table("schedule.show", &schedule_table(&schedules, &console.list_style()))?;
    }
    Ok(printed)
}

/// Analyses a directory without keeping the result: other checks count, because hours off are
/// worth what the hours cost after their changes.
fn analysed(console: &Console, args: &ScheduleShowArgs) -> Result<(Analysis, Printed), Failure> {
    let request = AnalyzeRequest {
        source: args.from.clone().map_or(Source::DataDirectory, Source::Directory),
        as_of: args.as_of,
        checks: Vec::new(),
        place: Place::default(),
        isolation: isolation()?,
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-analyze"), locale, console.quiet);
    let analyzed = pipeline::analyze(&console.settings, &request, &|progress| bar.show(progress))?;
    drop(bar);
    console.problems(&analyzed.errors, &analyzed.notices);
    let printed = if analyzed.errors.is_empty() { Printed::Complete } else { Printed::Partial };
    Ok((analyzed.analysis, printed))
}

fn unknown(wanted: &str) -> Failure {
    Failure::new(
        Kind::Failed,
        (
            format!("no check for hours off judged `{wanted}`"),
            format!("운영 일정을 점검한 자원 가운데 없습니다: `{wanted}`"),
        ),
    )
    .with_hint((
        "run `trimtab schedule show -o csv` to see what was judged; give an identifier, a name, or the beginning of a recommendation's identifier",
        "`trimtab schedule show -o csv` 명령으로 점검한 자원을 볼 수 있습니다. 자원의 식별자나 이름, 추천 식별자의 앞부분을 지정하세요",
    ))
}

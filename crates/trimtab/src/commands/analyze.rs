//! `trimtab analyze`.

use serde_json::{Value, json};

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{self, AnalyzeRequest, Analyzed, Source};
use trimtab_app::worker::Isolation;
use trimtab_render::contract::analysis_json;
use trimtab_render::document::{analysis_summary, recommendation_list};
use trimtab_store::inventory::Place;

use crate::cli::{AnalyzeArgs, Output};
use crate::console::{Console, no_such_column};
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Finds savings and keeps them as the latest analysis.
pub fn run(console: &Console, args: &AnalyzeArgs) -> Result<Printed, Failure> {
    let request = AnalyzeRequest {
        source: args.from.clone().map_or(Source::DataDirectory, Source::Directory),
        as_of: args.as_of,
        checks: args.checks.clone(),
        place: place(args.account.as_deref(), args.region.as_deref()),
        isolation: isolation()?,
    };
    let analyzed = analyze(console, &request)?;
    print(console, &analyzed)
}

/// Runs the analysis behind a progress bar, and keeps it.
pub fn analyze(console: &Console, request: &AnalyzeRequest) -> Result<Analyzed, Failure> {
    // A place that cannot keep the analysis is told before the work, not after it.
    let state = pipeline::open_state(&console.settings)?;
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-analyze"), locale, console.quiet);
    let analyzed = pipeline::analyze(&console.settings, request, &|progress| bar.show(progress))?;
    pipeline::save_analysis(&state, &analyzed.analysis)?;
    Ok(analyzed)
}

/// Prints an analysis and what could not be read for it.
pub fn print(console: &Console, analyzed: &Analyzed) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let (analysis, hidden) = pipeline::visible(
        &state,
        analyzed.analysis.clone(),
        pipeline::Visibility::Open,
        pipeline::today(&console.settings),
    )?;
    match console.output {
        Some(Output::Json) => {
            let mut document = analysis_json(&analysis, console.style.language);
            if let Some(document) = document.as_object_mut() {
                document.insert("errors".to_owned(), errors(analyzed));
                document.insert("hidden".to_owned(), json!(hidden));
            }
            print_json(&document)?;
        }
        Some(Output::Jsonl | Output::Csv | Output::Md) => {
            let text = recommendation_list(&analysis, &console.list_style(), &console.options)
                .map_err(|cause| no_such_column(&cause))?;
            print_text(&text)?;
        }
        Some(Output::Table) | None => print_text(&analysis_summary(&analysis, &console.style))?,
    }
    for skipped in &analyzed.skipped {
        console.say(&console.style.locale().text_with(
            "metrics-skipped",
            &[
                ("statistic", &trimtab_render::sanitise(&skipped.statistic)),
                ("count", &skipped.series.to_string()),
            ],
        ));
    }
    console.problems(&analyzed.errors, &analyzed.notices);
    Ok(if analyzed.errors.is_empty() { Printed::Complete } else { Printed::Partial })
}

fn errors(analyzed: &Analyzed) -> Value {
    analyzed
        .errors
        .iter()
        .map(|error| {
            json!({
                "file": error.file,
                "row": error.row,
                "column": error.column,
                "problem": error.problem.en,
                "hint": error.hint.en,
            })
        })
        .collect()
}

/// Returns account and region of inventory files that do not say theirs.
pub fn place(account: Option<&str>, region: Option<&str>) -> Place {
    Place { account: account.map(Into::into), region: region.map(Into::into) }
}

/// Returns where foreign files are parsed: in a child of this very program.
pub fn isolation() -> Result<Isolation, Failure> {
    std::env::current_exe().map(Isolation::Child).map_err(|cause| {
        let message = ("cannot find its own executable", "실행 파일의 위치를 알 수 없습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    })
}

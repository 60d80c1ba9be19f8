//! `trimtab report`.

use std::path::Path;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::notify::{Sending, Wanted, deliver_by_hand, planned};
use trimtab_app::pipeline::report::ReportPeriod;
use trimtab_model::document::ChartBlock;
use trimtab_render::chart::CSS;
use trimtab_render::report::{Edition, ReportFormat, chart_svg, report};

use super::notify;
use crate::cli::{Output, ReportArgs, ReportCommand, ReportForm};
use crate::console::Console;
use crate::terminal::{Printed, is_screen, print_bytes};

/// Writes a report.
pub fn run(console: &Console, command: &ReportCommand) -> Result<Printed, Failure> {
    let (period, args) = match command {
        ReportCommand::Weekly(args) => (ReportPeriod::Weekly, args),
        ReportCommand::Monthly(args) => (ReportPeriod::Monthly, args),
        ReportCommand::Quarterly(args) => (ReportPeriod::Quarterly, args),
    };
    if args.send {
        return send(console, period, args);
    }
    console.no_rows()?;
    let format = format(console, args)?;
    if !format.is_text() && args.out.is_none() && is_screen() {
        return Err(Failure::usage(
            ("a terminal cannot show this format", "터미널에서는 이 형식을 볼 수 없습니다"),
            ("write it into a file with --out FILE", "--out 파일로 저장하세요"),
        ));
    }
    let document =
        pipeline::report::document(&console.settings, period, args.as_of, pipeline::now())?;
    let draw = |chart: &ChartBlock| chart_svg(chart, &console.style);
    let edition = Edition { draw: &draw, chart_css: CSS, ..Edition::new(&console.style) };
    let bytes = report(&document, format, &edition)
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    match &args.out {
        None => print_bytes(&bytes)?,
        Some(path) => {
            write(path, &bytes)?;
            let path = path.display().to_string();
            console.say(&console.style.locale().text_with("report-written", &[("file", &path)]));
        }
    }
    Ok(Printed::Complete)
}

/// Sends a report, or says what would go where.
fn send(console: &Console, period: ReportPeriod, args: &ReportArgs) -> Result<Printed, Failure> {
    let settings = &console.settings;
    let named = settings.notify.channels_of(period.kind());
    let channels = if args.to.is_empty() { named } else { &args.to };
    if channels.is_empty() {
        return Err(notify::no_channel());
    }
    for name in channels {
        settings.notify.table(name).ok_or_else(|| settings.notify.unknown(name))?;
    }
    let document = pipeline::report::document(settings, period, args.as_of, pipeline::now())?;
    let state = pipeline::open_state(settings)?;
    let (clock, pause) = (&pipeline::now, &notify::pause);
    let sending = Sending { settings, state: &state, clock, pause };
    let wanted = if args.missing { Wanted::Missing } else { Wanted::All };
    let postings = if args.dry_run {
        planned(sending, &document, channels, wanted)?
    } else {
        deliver_by_hand(sending, &document, channels, wanted)?
    };
    notify::print_postings(console, &postings)
}

/// Returns the format: `-o` says the same of a report as of everything else, so that both may be
/// given only where they say the same.
fn format(console: &Console, args: &ReportArgs) -> Result<ReportFormat, Failure> {
    let output = match console.output {
        Some(Output::Table) => Some(ReportFormat::Text),
        Some(Output::Json) => Some(ReportFormat::Json),
        Some(Output::Md) => Some(ReportFormat::Markdown),
        // What has no rows was refused before.
        Some(Output::Csv | Output::Jsonl) | None => None,
    };
    let form = args.report_format.map(|form| match form {
        ReportForm::Text => ReportFormat::Text,
        ReportForm::Md => ReportFormat::Markdown,
        ReportForm::Json => ReportFormat::Json,
        ReportForm::Html => ReportFormat::Html,
        ReportForm::Pdf => ReportFormat::Pdf,
        ReportForm::Xlsx => ReportFormat::Xlsx,
    });
    match (output, form) {
        (Some(output), Some(form)) if output != form => {
            let (output, form) = (output.as_str(), form.as_str());
            Err(Failure::usage(
                (
                    format!(
                        "-o asks for {output} and --format for {form}: a report is written once"
                    ),
                    format!("-o는 {output}, --format은 {form}: 보고서는 한 형식으로만 씁니다"),
                ),
                ("leave out one of the two", "둘 중 하나를 빼세요"),
            ))
        }
        (output, form) => Ok(form.or(output).unwrap_or(ReportFormat::Text)),
    }
}

/// Writes a file whole, or not at all: beside its place first, then in it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|cause| {
        let path = path.display();
        let message = (format!("could not write {path}"), format!("쓰지 못했습니다: {path}"));
        Failure::new(Kind::Failed, message).because(&cause).with_hint((
            "give a file in a directory that you may write to",
            "쓸 수 있는 디렉터리의 파일을 지정하세요",
        ))
    })
}

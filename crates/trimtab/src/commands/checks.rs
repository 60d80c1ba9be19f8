//! `trimtab checks`.

use trimtab_analysis::check::{Check, Need};
use trimtab_analysis::checks;
use trimtab_analysis::page::page_of;
use trimtab_app::failure::Failure;
use trimtab_model::text::Language;
use trimtab_render::document::{CheckPage, check_show, checks_list};

use crate::cli::{CheckShowArgs, ChecksCommand};
use crate::console::Console;
use crate::terminal::{Printed, print_text};

/// Runs `trimtab checks …`.
pub fn run(console: &Console, command: &ChecksCommand) -> Result<Printed, Failure> {
    match command {
        ChecksCommand::List => {
            let language = console.style.language;
            let pages: Vec<String> =
                checks::ALL.iter().map(|check| docs(check, language)).collect();
            let checks: Vec<CheckPage<'_>> =
                checks::ALL.iter().zip(&pages).map(|(check, docs)| page(check, docs)).collect();
            console.print_table("checks.list", &checks_list(&checks, &console.list_style()))?;
        }
        ChecksCommand::Show(args) => show(console, args)?,
    }
    Ok(Printed::Complete)
}

fn show(console: &Console, args: &CheckShowArgs) -> Result<(), Failure> {
    let Some(check) = checks::ALL.iter().find(|check| check.id == args.check) else {
        return Err(Failure::usage(
            (
                format!("there is no check `{}`", args.check),
                format!("그런 점검이 없습니다: `{}`", args.check),
            ),
            (
                "run `trimtab checks list` to see them all",
                "`trimtab checks list` 명령으로 모든 점검을 볼 수 있습니다",
            ),
        ));
    };
    console.no_rows()?;
    let docs = docs(check, console.style.language);
    if console.is_json() {
        let page = page(check, &docs);
        return console.print_table("checks.show", &checks_list(&[page], &console.list_style()));
    }
    print_text(&check_show(&page(check, &docs), &console.style))
}

fn page<'a>(check: &'a Check, docs: &'a str) -> CheckPage<'a> {
    CheckPage {
        id: check.id,
        title: check.title,
        kind: check.kind,
        action_type: check.action_type,
        needs: check.needs.iter().map(source).collect(),
        thresholds: check.thresholds,
        docs,
    }
}

fn source(need: &Need) -> String {
    match need {
        Need::Kind(kind) => format!("inventory:{}", kind.operation()),
        Need::Metric(namespace, metric, _) | Need::OptionalMetric(namespace, metric, _) => {
            format!("metrics:{namespace}:{metric}")
        }
        Need::OptionalBilling | Need::Billing => "billing".to_owned(),
    }
}

/// Returns the public page of a check: the head comment of its file.
fn docs(check: &Check, language: Language) -> String {
    checks::SOURCES
        .iter()
        .find(|(id, _)| *id == check.id)
        .map(|(_, source)| page_of(source, language))
        .unwrap_or_default()
}

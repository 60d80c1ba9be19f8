//! `trimtab anomaly`.

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::anomalies::{
    AnomalyWord, acknowledge, anomalies, find_anomaly, reopen_anomaly,
};
use trimtab_model::anomaly::{Anomalies, AnomalyItem, AnomalyKind};
use trimtab_render::contract::{anomalies_json, anomaly_json};
use trimtab_render::document::{anomaly_show, anomaly_table, kind_word};

use crate::cli::{AnomalyAckArgs, AnomalyCommand, AnomalyKindName, AnomalyListArgs};
use crate::console::{Console, no_such_column};
use crate::terminal::{Printed, print_json, print_text};

/// Runs `trimtab anomaly …`.
pub fn run(console: &Console, command: &AnomalyCommand) -> Result<Printed, Failure> {
    let all = anomalies(&console.settings)?.ok_or_else(no_days)?;
    match command {
        AnomalyCommand::List(args) => list(console, &all, args)?,
        AnomalyCommand::Show(args) => show(console, find(&all, &args.id)?)?,
        AnomalyCommand::Ack(args) => ack(console, find(&all, &args.id)?, args)?,
        AnomalyCommand::Reopen(args) => {
            let item = find(&all, &args.id)?;
            let state = pipeline::open_state(&console.settings)?;
            let key = match reopen_anomaly(&state, item)? {
                true => "anomaly-reopened",
                false => "anomaly-was-open",
            };
            console.say(&console.style.locale().text_with(key, &[("id", item.id.as_str())]));
            shown_again(console, item)?;
        }
    }
    Ok(Printed::Complete)
}

fn list(console: &Console, all: &Anomalies, args: &AnomalyListArgs) -> Result<(), Failure> {
    let wanted = |item: &&AnomalyItem| args.all || item.standing.is_open();
    let items: Vec<&AnomalyItem> = all.items.iter().filter(wanted).collect();
    let style = console.list_style();
    let table = anomaly_table(items.iter().copied(), &style);
    if console.is_json() {
        let places = match &console.options.sort {
            Some(sort) => table.sorted(sort).map_err(|cause| no_such_column(&cause))?,
            None => (0..items.len()).collect(),
        };
        let most = console.options.limit.unwrap_or(usize::MAX);
        let chosen = places.iter().filter_map(|place| items.get(*place).copied()).take(most);
        return print_json(&anomalies_json(all, chosen));
    }
    let locale = console.style.locale();
    if table.is_empty() && console.is_table() {
        let key = if all.items.is_empty() { "anomaly-none" } else { "anomaly-none-open" };
        print_text(&locale.text(key))?;
    } else {
        console.print_table("anomaly.list", &table)?;
    }
    if all.judged.is_none() {
        let (days, weeks) = (all.covered_days.to_string(), all.least_weeks.to_string());
        let words = [("days", days.as_str()), ("weeks", &weeks)];
        console.say(&locale.text_with("anomaly-short", &words));
    }
    let hidden = all.items.len() - items.len();
    if hidden > 0 && !items.is_empty() {
        let count = hidden.to_string();
        console.say(&locale.text_with("anomaly-hidden", &[("count", &count)]));
    }
    Ok(())
}

fn show(console: &Console, item: &AnomalyItem) -> Result<(), Failure> {
    console.no_rows()?;
    if console.is_json() {
        return print_json(&anomaly_json(item));
    }
    print_text(&anomaly_show(item, &console.style))
}

fn ack(console: &Console, item: &AnomalyItem, args: &AnomalyAckArgs) -> Result<(), Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let kind = match args.anomaly_kind {
        AnomalyKindName::Expected => AnomalyKind::Expected,
        AnomalyKindName::Real => AnomalyKind::Real,
        AnomalyKindName::InProgress => AnomalyKind::InProgress,
    };
    let word = AnomalyWord { kind, reason: args.reason.clone(), by: args.by.clone() };
    acknowledge(&state, item, &word, pipeline::now())?;
    let locale = console.style.locale();
    let kind = kind_word(kind, locale);
    let words = [("id", item.id.as_str()), ("kind", kind.as_str())];
    console.say(&locale.text_with("anomaly-acked", &words));
    shown_again(console, item)
}

/// Answers machines with what holds of an anomaly now.
fn shown_again(console: &Console, item: &AnomalyItem) -> Result<(), Failure> {
    if !console.is_json() {
        return Ok(());
    }
    let all = anomalies(&console.settings)?.ok_or_else(no_days)?;
    print_json(&anomaly_json(find(&all, item.id.as_str())?))
}

fn find<'a>(all: &'a Anomalies, id: &str) -> Result<&'a AnomalyItem, Failure> {
    find_anomaly(all, id)?.ok_or_else(|| {
        Failure::usage(
            (
                format!("no anomaly begins with {id}"),
                format!("{id}(으)로 시작하는 이상 비용이 없습니다"),
            ),
            (
                "`trimtab anomaly list --all` names them; one of more than 90 days ago is no longer looked at",
                "`trimtab anomaly list --all` 명령으로 확인하세요. 90일보다 오래된 것은 더 이상 보지 않습니다",
            ),
        )
    })
}

fn no_days() -> Failure {
    let message = ("no bill by day was ingested yet", "일별 청구 데이터가 아직 없습니다");
    Failure::new(Kind::Failed, message).with_hint((
        "ingest a bill by day (FOCUS or CUR) with `trimtab ingest --from DIR`",
        "`trimtab ingest --from DIR`로 일별 청구서(FOCUS, CUR)를 읽으세요",
    ))
}

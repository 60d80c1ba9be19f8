//! `trimtab traffic`.

use trimtab_analysis::traffic::summarise;
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{self, TrafficRead, TrafficRequest};
use trimtab_model::traffic::ServiceTraffic;
use trimtab_render::contract::{
    traffic_duplicates_json, traffic_endpoints_json, traffic_summary_json,
};
use trimtab_render::document::{
    traffic_duplicate_table, traffic_duplicates, traffic_endpoint_table, traffic_summary,
    traffic_summary_table,
};

use crate::cli::{TrafficArgs, TrafficCommand};
use crate::commands::analyze::isolation;
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// Endpoints that a table shows where nobody says how many.
const ENDPOINTS: usize = 30;
/// Duplicates that the page shows where nobody says how many.
const DUPLICATES: usize = 10;

/// Runs `trimtab traffic …`.
pub fn run(console: &Console, command: &TrafficCommand) -> Result<Printed, Failure> {
    match command {
        TrafficCommand::Summary(args) => summary(console, args),
        TrafficCommand::Endpoints(args) => endpoints(console, args),
        TrafficCommand::Duplicates(args) => duplicates(console, args),
        TrafficCommand::Drivers(args) => super::drivers::drivers(console, args),
        TrafficCommand::Forecast(args) => super::drivers::forecast(console, args),
    }
}

fn summary(console: &Console, args: &TrafficArgs) -> Result<Printed, Failure> {
    let (read, printed) = read(console, args)?;
    chosen(&read, args)?;
    let calendar = &console.settings.policy.calendar;
    let report = summarise(&read.traffic, args.service.as_deref(), calendar);
    if console.is_json() {
        print_json(&traffic_summary_json(&report))?;
    } else if console.is_table() {
        print_text(&traffic_summary(&report, &console.style))?;
    } else {
        let table = traffic_summary_table(&report, &console.list_style());
        console.print_table("traffic.summary", &table)?;
    }
    Ok(printed)
}

fn endpoints(console: &Console, args: &TrafficArgs) -> Result<Printed, Failure> {
    let (read, printed) = read(console, args)?;
    let services = chosen(&read, args)?;
    if console.is_json() {
        print_json(&traffic_endpoints_json(&services))?;
        return Ok(printed);
    }
    let table = traffic_endpoint_table(&services, &console.list_style());
    if console.is_table() && console.options.limit.is_none() {
        let mut console = console.clone();
        console.options.limit = Some(ENDPOINTS);
        console.print_table("traffic.endpoints", &table)?;
    } else {
        console.print_table("traffic.endpoints", &table)?;
    }
    Ok(printed)
}

fn duplicates(console: &Console, args: &TrafficArgs) -> Result<Printed, Failure> {
    let (read, printed) = read(console, args)?;
    let services = chosen(&read, args)?;
    if console.is_json() {
        print_json(&traffic_duplicates_json(&services))?;
    } else if console.is_table() {
        let limit = console.options.limit.unwrap_or(DUPLICATES);
        print_text(&traffic_duplicates(&services, limit, &console.style))?;
    } else {
        let table = traffic_duplicate_table(&services, &console.list_style());
        console.print_table("traffic.duplicates", &table)?;
    }
    Ok(printed)
}

fn read(console: &Console, args: &TrafficArgs) -> Result<(TrafficRead, Printed), Failure> {
    let request = TrafficRequest { from: args.from.clone(), isolation: isolation()? };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-traffic"), locale, console.quiet);
    let read = pipeline::traffic(&console.settings, &request, &|progress| bar.show(progress))?;
    drop(bar);
    console.problems(&read.errors, &[]);
    let printed = if read.errors.is_empty() { Printed::Complete } else { Printed::Partial };
    Ok((read, printed))
}

/// Returns the services that were asked for.
fn chosen<'a>(
    read: &'a TrafficRead,
    args: &TrafficArgs,
) -> Result<Vec<&'a ServiceTraffic>, Failure> {
    let all = &read.traffic.services;
    let Some(wanted) = &args.service else { return Ok(all.iter().collect()) };
    let chosen: Vec<&ServiceTraffic> = all.iter().filter(|one| &one.service == wanted).collect();
    if chosen.is_empty() { Err(unknown(wanted, all)) } else { Ok(chosen) }
}

fn unknown(wanted: &str, all: &[ServiceTraffic]) -> Failure {
    let mut names: Vec<&str> = all.iter().map(|one| one.service.as_str()).collect();
    names.dedup();
    let names = names.join(", ");
    let message = (
        format!("there is no traffic of a service `{wanted}`"),
        format!("트래픽 자료에 없는 서비스입니다: `{wanted}`"),
    );
    let failure = Failure::new(Kind::Failed, message);
    if names.is_empty() {
        failure.with_hint((
            "put its access logs into traffic/logs/SERVICE/",
            "액세스 로그를 traffic/logs/SERVICE/에 두세요",
        ))
    } else {
        failure.with_hint((
            format!("give one of these: {names}"),
            format!("다음 가운데 하나를 지정하세요: {names}"),
        ))
    }
}

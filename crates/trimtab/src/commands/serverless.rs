//! `trimtab serverless`.

mod functions;
mod scaffold;
mod tune;

use trimtab_analysis::serverless::{Assumed, simulate};
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_model::analysis::Analysis;
use trimtab_model::id::ResourceId;
use trimtab_model::serverless::{Candidate, FunctionArchitecture, SimulationFault};
use trimtab_model::text::Text;
use trimtab_render::contract::{candidate_json, candidates_json, function_simulation_json};
use trimtab_render::document::{
    candidate_explain, candidate_show, candidate_table, function_simulation,
};

use crate::cli::{ArchitectureName, ServerlessCommand, ServerlessSimulateArgs};
use crate::console::{Console, no_such_column};
use crate::terminal::{Printed, print_json, print_text};

/// The checks that look for servers that mostly wait.
const CHECKS: [&str; 2] = ["ec2-instance-mostly-waiting", "ecs-service-mostly-waiting"];

/// Runs `trimtab serverless …`.
pub fn run(console: &Console, command: &ServerlessCommand) -> Result<Printed, Failure> {
    if let ServerlessCommand::Scaffold(args) = command
        && args.server.is_none()
    {
        // A template alone needs no analysis.
        scaffold::scaffold(console, None, args)?;
        return Ok(Printed::Complete);
    }
    if let ServerlessCommand::Tune(args) = command {
        // Points alone need no analysis.
        tune::tune(console, args)?;
        return Ok(Printed::Complete);
    }
    let state = pipeline::open_state(&console.settings)?;
    let analysis = pipeline::latest_findings(&state)?;
    match command {
        ServerlessCommand::Scaffold(args) => {
            let wanted = args.server.as_deref().unwrap_or_default();
            let candidate = find(&state, &analysis, wanted)?;
            scaffold::scaffold(console, Some(candidate), args)?;
        }
        ServerlessCommand::List => list(console, &analysis.serverless)?,
        ServerlessCommand::Functions(args) => {
            functions::functions(console, &analysis.functions, args)?;
        }
        // Done above.
        ServerlessCommand::Tune(_) => {}
        ServerlessCommand::Show(args) => {
            let candidate = find(&state, &analysis, &args.server)?;
            console.no_rows()?;
            match console.is_json() {
                true => print_json(&candidate_json(candidate))?,
                false => print_text(&candidate_show(candidate, &console.style))?,
            }
        }
        ServerlessCommand::Explain(args) => {
            let candidate = find(&state, &analysis, &args.server)?;
            console.no_rows()?;
            match console.is_json() {
                true => print_json(&candidate_json(candidate))?,
                false => print_text(&candidate_explain(candidate, &console.style))?,
            }
        }
        ServerlessCommand::Simulate(args) => {
            let candidate = find(&state, &analysis, &args.server)?;
            console.no_rows()?;
            let simulation = simulate(candidate, &assumed(args)).map_err(not_possible)?;
            match console.is_json() {
                true => print_json(&function_simulation_json(candidate, &simulation))?,
                false => {
                    print_text(&function_simulation(candidate, &simulation, &console.style))?;
                }
            }
        }
    }
    Ok(Printed::Complete)
}

fn assumed(args: &ServerlessSimulateArgs) -> Assumed {
    Assumed {
        factor: args.factor,
        runs: args.runs,
        seconds: args.seconds,
        memory_mb: args.memory,
        architecture: args.architecture.map(architecture),
    }
}

fn architecture(name: ArchitectureName) -> FunctionArchitecture {
    match name {
        ArchitectureName::Arm64 => FunctionArchitecture::Arm64,
        ArchitectureName::X86 => FunctionArchitecture::X86,
    }
}

fn not_possible(fault: SimulationFault) -> Failure {
    match fault {
        SimulationFault::Unknown(text) => Failure::new(
            Kind::Failed,
            (
                format!("its costs are not known: {}", text.en),
                format!("비용을 알 수 없습니다: {}", text.ko),
            ),
        ),
        SimulationFault::Memory(memory) => Failure::usage(
            (
                format!("no function has {memory} MB"),
                format!("함수 메모리로 쓸 수 없는 값입니다: {memory}MB"),
            ),
            ("give 128 to 10240", "128에서 10240 사이로 지정하세요"),
        ),
        SimulationFault::Seconds(seconds) => Failure::usage(
            (
                format!("no run lasts {} s", seconds.normalize()),
                format!("실행 시간으로 쓸 수 없는 값입니다: {}초", seconds.normalize()),
            ),
            (
                "a run ends after 900 s: give less with --seconds, or more --memory",
                "한 번 실행은 900초를 넘을 수 없습니다. --seconds를 줄이거나 --memory를 늘리세요",
            ),
        ),
        SimulationFault::TooLarge => Failure::usage(
            ("the amount is too large", "금액이 너무 큽니다"),
            ("give smaller figures", "더 작은 값을 지정하세요"),
        ),
    }
}

fn list(console: &Console, all: &[Candidate]) -> Result<(), Failure> {
    let table = candidate_table(all.iter(), &console.list_style());
    if console.is_json() {
        let places = match &console.options.sort {
            Some(sort) => table.sorted(sort).map_err(|cause| no_such_column(&cause))?,
            None => (0..all.len()).collect(),
        };
        let most = console.options.limit.unwrap_or(usize::MAX);
        let chosen = places.iter().filter_map(|place| all.get(*place)).take(most);
        return print_json(&candidates_json(chosen));
    }
    if table.is_empty() && console.is_table() {
        return print_text(&console.style.locale().text("serverless-none"));
    }
    console.print_table("serverless.list", &table)
}

/// Finds a server among those that mostly wait, by identifier or name; of another one it says why it is not among them.
fn find<'a>(
    state: &trimtab_store::state::State,
    analysis: &'a Analysis,
    wanted: &str,
) -> Result<&'a Candidate, Failure> {
    let is_it = |candidate: &&Candidate| {
        candidate.resource.id.as_str() == wanted
            || candidate.resource.name.as_deref() == Some(wanted)
    };
    let mut found = analysis.serverless.iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::usage(
            (
                format!("several servers are called {wanted}"),
                format!("이름이 {wanted}인 서버가 여럿입니다"),
            ),
            (
                "give the identifier that `trimtab serverless list` shows",
                "`trimtab serverless list`에 나오는 식별자를 지정하세요",
            ),
        )),
        (None, _) => Err(not_among(state, analysis, wanted)),
    }
}

/// Says why a server is not among those that mostly wait, where that was judged.
fn not_among(state: &trimtab_store::state::State, analysis: &Analysis, wanted: &str) -> Failure {
    let is_ours = |check: &str| CHECKS.contains(&check);
    let passed = match state.latest_passed(&ResourceId::new(wanted)) {
        Ok(passed) => passed,
        Err(cause) => return Failure::from_error(Kind::Failed, &cause),
    };
    let reason = passed
        .into_iter()
        .find(|one| is_ours(one.check.as_str()))
        .map(|one| one.reason.text)
        .or_else(|| {
            let unknown = analysis
                .unknown
                .iter()
                .find(|one| is_ours(one.check.as_str()) && one.resource.id.as_str() == wanted);
            unknown.map(|one| one.unknown.reason.text.clone())
        });
    let hint = (
        "`trimtab serverless list` lists those that mostly wait",
        "대부분의 시간을 기다리는 서버는 `trimtab serverless list`로 확인하세요",
    );
    match reason {
        Some(Text { en, ko }) => Failure::new(
            Kind::Failed,
            (
                format!("{wanted} is no candidate: {en}"),
                format!("{wanted}은(는) 대상이 아닙니다: {ko}"),
            ),
        )
        .with_hint(hint),
        None => Failure::usage(
            (format!("no server is called {wanted}"), format!("그런 서버가 없습니다: {wanted}")),
            hint,
        ),
    }
}

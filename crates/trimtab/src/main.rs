//! The binary: reads the command line, calls the pipeline, prints the answer.

mod cli;
mod commands;
mod console;
mod help;
mod terminal;
mod usage;

use std::cell::Cell;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use tikv_jemallocator::Jemalloc;

use trimtab_app::config;
use trimtab_app::failure::{Failure, Kind};
use trimtab_model::text::Language;
use trimtab_render::style::Style;

use crate::cli::{Cli, Command, RunCommand};
use crate::console::Console;
use crate::terminal::Printed;

/// Gives back what a question to a large bill has used: the C library's keeps most of it, and a server runs long.
/// `.cargo/config.toml` says how soon.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let language = config::language_of(&arguments);
    let command = help::localised(Cli::command(), language);
    let cli = match command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, &arguments, language),
    };
    // Until the configuration was read, it is that of the arguments and the environment.
    let reader = Cell::new(language);
    match run(&cli, &reader) {
        Ok(Printed::Complete) => ExitCode::SUCCESS,
        Ok(Printed::Partial) => ExitCode::from(Kind::Partial.exit_code()),
        Ok(Printed::Found(kind)) => ExitCode::from(kind.exit_code()),
        Ok(Printed::Interrupted) => ExitCode::from(Kind::Interrupted.exit_code()),
        Err(failure) => {
            terminal::print_failure(&failure, &failure_style(reader.get()));
            ExitCode::from(failure.kind.exit_code())
        }
    }
}

/// Prints help and version on stdout, mistakes on stderr.
fn refuse(error: &clap::Error, arguments: &[String], language: Language) -> ExitCode {
    let asked = usage::command_path(&Cli::command(), arguments);
    match usage::mistake(error, &asked, &failure_style(language)) {
        Some(text) => terminal::print_mistake(&text),
        // Nowhere is left to report a stream that cannot be written.
        None => drop(error.print()),
    }
    if error.use_stderr() { ExitCode::from(Kind::Usage.exit_code()) } else { ExitCode::SUCCESS }
}

fn failure_style(language: Language) -> Style {
    Style::plain(language)
}

/// A scan prints what it has read; a run brings what is under way to its end; a server answers whoever waits.
fn ends_by_itself(command: &Command) -> bool {
    match command {
        Command::Scan(_) | Command::Serve(_) => true,
        Command::Demo(args) => commands::demo::will_serve(args),
        Command::Apply(args) => args.execute,
        Command::Run(RunCommand::Resume(args)) => args.execute,
        Command::Rollback(args) => args.execute,
        _ => false,
    }
}

fn run(cli: &Cli, language: &Cell<Language>) -> Result<Printed, Failure> {
    // The child has neither configuration nor log: it parses one file and answers.
    if matches!(cli.command, Command::Worker) {
        return commands::worker::run();
    }
    if !ends_by_itself(&cli.command) {
        terminal::end_on_interrupt(language.get());
    }
    let console = Console::open(&cli.global)?;
    language.set(console.style.language);
    match &cli.command {
        Command::Demo(args) => commands::demo::run(&console, args),
        Command::Init(args) => commands::init::run(&console, args),
        Command::Doctor(args) => commands::doctor::run(&console, args),
        Command::Analyze(args) => commands::analyze::run(&console, args),
        Command::Ingest(args) => commands::ingest::run(&console, args),
        Command::Iam(command) => commands::iam::run(&console, command),
        Command::Scan(args) => commands::scan::run(&console, args),
        Command::Rec(command) => commands::rec::run(&console, command),
        Command::Plan(command) => commands::plan::run(&console, command),
        Command::Apply(args) => commands::apply::run(&console, args),
        Command::Run(command) => commands::run::run(&console, command),
        Command::Rollback(args) => commands::rollback::run(&console, args),
        Command::Recover(args) => commands::recover::run(&console, args),
        Command::Halt(args) => commands::halt::run(&console, args),
        Command::Audit(command) => commands::audit::run(&console, command),
        Command::Backtest(args) => commands::backtest::run(&console, args),
        Command::Schedule(command) => commands::schedule::run(&console, command),
        Command::Traffic(command) => commands::traffic::run(&console, command),
        Command::Simulate(args) => commands::simulate::run(&console, args),
        Command::Cost(command) => commands::cost::run(&console, command),
        Command::Serverless(command) => commands::serverless::run(&console, command),
        Command::Anomaly(command) => commands::anomaly::run(&console, command),
        Command::Db(command) => commands::database::run(&console, command),
        Command::Prices(command) => commands::prices::run(&console, command),
        Command::Checks(command) => commands::checks::run(&console, command),
        Command::Coverage(args) => commands::coverage::run(&console, args),
        Command::Report(command) => commands::report::run(&console, command),
        Command::Notify(command) => commands::notify::run(&console, command),
        Command::Serve(args) => commands::serve::run(&console, args),
        Command::Config(command) => commands::config::run(&console, command),
        Command::Completion(args) => commands::completion::run(args),
        Command::Man(args) => commands::man::run(&console, args),
        Command::Version => commands::version::run(&console),
        Command::Docs(args) => commands::docs::run(args),
        Command::Measure(command) => commands::measure::run(command),
        Command::Worker => Ok(Printed::Complete),
    }
}

//! `trimtab completion`.

use clap::CommandFactory;

use trimtab_app::failure::Failure;

use crate::cli::{Cli, CompletionArgs};
use crate::terminal::{Printed, print_bytes};

/// Prints the completion script of a shell.
pub fn run(args: &CompletionArgs) -> Result<Printed, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "trimtab", &mut script);
    print_bytes(&script)?;
    Ok(Printed::Complete)
}

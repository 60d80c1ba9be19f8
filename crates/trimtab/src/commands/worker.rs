//! `trimtab __worker`: the child in which foreign files are parsed.

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::task;

use crate::terminal::Printed;

/// Reads one task from stdin, does it under limits, writes the answer to stdout.
pub fn run() -> Result<Printed, Failure> {
    task::serve(std::io::stdin().lock(), std::io::stdout())
        .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
    Ok(Printed::Complete)
}

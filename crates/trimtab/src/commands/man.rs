//! `trimtab man`.

use clap::CommandFactory;

use trimtab_app::failure::{Failure, Kind};

use crate::cli::{Cli, ManArgs};
use crate::terminal::{Printed, print_bytes};

/// Prints the manual page, or writes one page per command.
pub fn run(args: &ManArgs) -> Result<Printed, Failure> {
    let failed = |cause: std::io::Error| Failure::from_error(Kind::Failed, &cause);
    match &args.dir {
        Some(dir) => {
            std::fs::create_dir_all(dir).map_err(failed)?;
            clap_mangen::generate_to(Cli::command(), dir).map_err(failed)?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(failed)?;
            print_bytes(&page)?;
        }
    }
    Ok(Printed::Complete)
}

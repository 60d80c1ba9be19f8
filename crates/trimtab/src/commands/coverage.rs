//! `trimtab coverage`.

use trimtab_app::failure::Failure;
use trimtab_app::pipeline;
use trimtab_render::document::{coverage, coverage_table, scan_holes};

use crate::commands::scan;
use crate::console::Console;
use crate::terminal::{Printed, print_text};

/// Shows what data the latest analysis had, what it lacked, and what that would unlock.
pub fn run(console: &Console) -> Result<Printed, Failure> {
    let state = pipeline::open_state(&console.settings)?;
    let mut known = pipeline::latest_findings(&state)?.coverage;
    // As the last scan found them, which may be later than the analysis.
    known.sources.extend(pipeline::last_sources(&state)?);
    if !console.is_table() {
        console.print_table("coverage", &coverage_table(&known, &console.list_style()))?;
    } else {
        let mut text = coverage(&known, &console.style);
        text.push_str(&scan_holes(
            &scan::holes(&pipeline::last_collections(&state)?),
            &console.style,
        ));
        print_text(&text)?;
    }
    Ok(Printed::Complete)
}

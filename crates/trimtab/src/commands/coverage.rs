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
    let analysis = pipeline::latest_analysis(&state)?;
    if !console.is_table() {
        console
            .print_table("coverage", &coverage_table(&analysis.coverage, &console.list_style()))?;
    } else {
        let mut text = coverage(&analysis.coverage, &console.style);
        text.push_str(&scan_holes(
            &scan::holes(&pipeline::last_collections(&state)?),
            &console.style,
        ));
        print_text(&text)?;
    }
    Ok(Printed::Complete)
}

//! `trimtab version`.

use serde_json::json;

use trimtab_app::failure::Failure;
use trimtab_store::catalog;

use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Prints the version and how old the catalogue is.
pub fn run(console: &Console) -> Result<Printed, Failure> {
    console.no_rows()?;
    let newest = catalog::tables().iter().filter_map(|table| table.newest.clone()).max();
    let version = env!("CARGO_PKG_VERSION");
    if console.is_json() {
        print_json(&json!({
            "schema": "trimtab/v1/version",
            "version": version,
            "catalog_as_of": newest,
        }))?;
    } else {
        let date = newest.unwrap_or_else(|| "–".to_owned());
        let line = console
            .style
            .locale()
            .text_with("version-line", &[("version", version), ("date", &date)]);
        print_text(&line)?;
    }
    Ok(Printed::Complete)
}

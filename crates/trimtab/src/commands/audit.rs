//! `trimtab audit`.

use serde_json::json;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::plan::audit_lines;
use trimtab_render::document::run::audit_table;

use crate::cli::{AuditArgs, AuditCommand};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Lists every call that changed something, or verifies that the log is as it was written.
pub fn run(console: &Console, args: &AuditArgs) -> Result<Printed, Failure> {
    let lines = audit_lines(&console.settings)?;
    let locale = console.style.locale();
    match args.command {
        None => {
            console.print_table("audit", &audit_table(&lines, &console.list_style()))?;
            if lines.is_empty() {
                console.say(&locale.text("audit-empty"));
            }
        }
        Some(AuditCommand::Verify) => {
            console.no_rows()?;
            let count = lines.len();
            if console.is_json() {
                print_json(&json!({ "schema": "trimtab/v1/audit.verify", "lines": count }))?;
            } else {
                let count = count.to_string();
                print_text(&locale.text_with("audit-verified", &[("count", &count)]))?;
            }
        }
    }
    Ok(Printed::Complete)
}

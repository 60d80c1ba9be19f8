//! Prints a failure: what, why, what to do next.

use trimtab_app::failure::Failure;
use trimtab_render::style::Style;

/// Prints a failure on stderr.
pub fn print_failure(failure: &Failure, style: &Style) {
    use std::io::Write;
    let text = trimtab_render::failure::failure(
        &failure.message,
        &failure.causes,
        failure.hint.as_deref(),
        style,
    );
    // Nowhere is left to report a stderr that cannot be written.
    drop(writeln!(std::io::stderr(), "{}", text.trim_end()));
}

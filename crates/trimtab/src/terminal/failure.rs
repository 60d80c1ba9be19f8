//! Prints a failure: what, why, what to do next.

use trimtab_app::failure::Failure;
use trimtab_render::style::Style;

/// Prints a failure on stderr.
pub fn print_failure(failure: &Failure, style: &Style) {
    let text = trimtab_render::failure::failure(
        &failure.message,
        &failure.causes,
        failure.hint.as_deref(),
        style,
    );
    print_mistake(&text);
}

/// Prints what is wrong with a command line on stderr.
pub fn print_mistake(text: &str) {
    use std::io::Write;
    // Nowhere is left to report a stderr that cannot be written.
    drop(writeln!(std::io::stderr(), "{}", text.trim_end()));
}

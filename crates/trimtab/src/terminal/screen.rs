//! A page that is written anew in its place.

use std::io::IsTerminal;

use trimtab_app::failure::Failure;

use super::print_text;

/// Moves to the upper left corner and clears what was there.
const CLEAR: &str = "\u{1b}[H\u{1b}[2J";

/// Returns whether a page can be written anew in its place: only where a person looks at it.
pub fn is_screen() -> bool {
    std::io::stdout().is_terminal()
}

/// Writes a page in the place of the last one.
///
/// # Errors
/// Fails if stdout cannot be written.
pub fn repaint(text: &str) -> Result<(), Failure> {
    print_text(&format!("{CLEAR}{text}"))
}

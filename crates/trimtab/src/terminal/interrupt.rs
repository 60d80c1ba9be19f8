//! What is said, and how the program ends, when the user interrupts it.

use std::io::{IsTerminal, Write};

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::{interrupt, temporary};
use trimtab_model::text::Language;
use trimtab_render::style::Style;

use super::failure::print_failure;

/// Ends the program on Ctrl-C: temporary files go, and the user reads what is left.
#[expect(clippy::exit, reason = "the work is on another thread, which cannot be asked to stop")]
pub fn end_on_interrupt(language: Language) {
    let waiting = interrupt::on_interrupt(move || {
        let style = Style::plain(language);
        if std::io::stderr().is_terminal() {
            // Below the progress bar. Nowhere is left to report a stderr that cannot be written.
            drop(writeln!(std::io::stderr()));
        }
        let message = (
            "interrupted; nothing is half-written, and what was complete is kept",
            "중단했습니다. 쓰다 만 데이터는 없으며, 이미 끝난 것은 그대로 남아 있습니다",
        );
        let failure = Failure::new(Kind::Interrupted, message)
            .with_hint(("run the command again", "명령을 다시 실행하세요"));
        print_failure(&failure, &style);
        if let Err(cause) = temporary::remove_all() {
            print_failure(&Failure::from_error(Kind::Failed, &cause), &style);
        }
        std::process::exit(i32::from(Kind::Interrupted.exit_code()));
    });
    if let Err(cause) = waiting {
        // Then the system ends the program as it ends any other.
        tracing::debug!(%cause, "cannot wait for an interruption");
    }
}

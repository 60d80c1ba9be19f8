//! `trimtab halt`.

use serde_json::json;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::runs::{clear_halt, set_halt};

use crate::cli::HaltArgs;
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Pulls the lever that stops everything, or lets go of it.
pub fn run(console: &Console, args: &HaltArgs) -> Result<Printed, Failure> {
    console.no_rows()?;
    // A data directory that cannot be used is told, and made where there is none yet.
    pipeline::open_state(&console.settings)?;
    let dir = &console.settings.data_dir;
    let failed = |cause: std::io::Error| {
        Failure::new(
            Kind::Failed,
            (
                format!("could not write the lever in {}", dir.display()),
                format!("정지 파일을 쓰지 못했습니다: {}", dir.display()),
            ),
        )
        .because(&cause)
        .with_hint((
            "make a file called `halt` in the data directory by hand, or interrupt the run",
            "데이터 디렉터리에 `halt` 파일을 직접 만들거나 실행을 중단하세요",
        ))
    };
    let locale = console.style.locale();
    let (key, is_halted) = match &args.reason {
        Some(reason) if !args.clear => {
            set_halt(dir, reason).map_err(failed)?;
            ("halt-set", true)
        }
        _ if clear_halt(dir).map_err(failed)? => ("halt-cleared", false),
        _ => ("halt-was-clear", false),
    };
    if console.is_json() {
        print_json(&json!({
            "schema": "trimtab/v1/halt",
            "is_halted": is_halted,
            "reason": args.reason.as_deref().filter(|_| is_halted),
        }))?;
        return Ok(Printed::Complete);
    }
    let text = match key {
        "halt-set" => locale.text("halt-set"),
        "halt-cleared" => locale.text("halt-cleared"),
        _ => locale.text("halt-was-clear"),
    };
    print_text(&text)?;
    Ok(Printed::Complete)
}

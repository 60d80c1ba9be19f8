//! `trimtab config`.

use std::path::Path;

use serde_json::json;

use trimtab_app::config::{self, ConfigFile, Settings, WrittenRule};
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_model::text::Language;
use trimtab_render::table::{Cell, Column, Kind as CellKind, Priority, Table};

use crate::cli::{ConfigCommand, ConfigShowArgs, ConfigValidateArgs};
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};

/// Runs `trimtab config …`.
pub fn run(console: &Console, command: &ConfigCommand) -> Result<Printed, Failure> {
    match command {
        ConfigCommand::Show(args) => show(console, args)?,
        ConfigCommand::Path => path(console)?,
        ConfigCommand::Validate(args) => validate(console, args)?,
        ConfigCommand::Schema => print_json(&config::schema())?,
    }
    Ok(Printed::Complete)
}

fn show(console: &Console, args: &ConfigShowArgs) -> Result<(), Failure> {
    let locale = console.style.locale();
    let origin = if args.origin { Priority::Essential } else { Priority::Wide };
    let mut table = Table::new(vec![
        Column::new("key", locale.text("column-key"), CellKind::Text, Priority::Essential),
        Column::new("value", locale.text("column-value"), CellKind::Text, Priority::Essential),
        Column::new("origin", locale.text("column-origin"), CellKind::Text, origin),
    ]);
    // Programs read the same words whatever the language.
    let language = if console.is_table() { console.style.language } else { Language::En };
    for setting in &console.settings.settings {
        table.row(vec![
            Cell::text(&setting.key),
            Cell::text(setting.value.get(language)),
            Cell::text(setting.origin.text().get(language)),
        ]);
    }
    console.print_table("config.show", &table)
}

fn path(console: &Console) -> Result<(), Failure> {
    let Settings { files, .. } = &console.settings;
    if console.is_json() {
        return print_json(&json!({
            "schema": "trimtab/v1/config.path",
            "files": files,
            "user_file": config::user_file(),
        }));
    }
    if files.is_empty() {
        let text = match config::user_file() {
            Some(path) => console
                .style
                .locale()
                .text_with("config-no-file", &[("path", &path.display().to_string())]),
            None => console.style.locale().text("config-no-home"),
        };
        console.say(&text);
        return Ok(());
    }
    let paths: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    print_text(&paths.join("\n"))
}

fn validate(console: &Console, args: &ConfigValidateArgs) -> Result<(), Failure> {
    let paths = match &args.file {
        Some(path) => vec![path.clone()],
        // They were read without an error when the command started.
        None => console.settings.files.clone(),
    };
    if paths.is_empty() {
        return path(console);
    }
    for path in &paths {
        let text = std::fs::read_to_string(path).map_err(|cause| {
            let path = path.display();
            let message = (format!("{path}: cannot be read"), format!("{path}: 읽을 수 없습니다"));
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
        let file = config::parse(path, &text)?;
        console.say(
            &console
                .style
                .locale()
                .text_with("config-valid", &[("path", &path.display().to_string())]),
        );
        expired(console, path, &file);
    }
    Ok(())
}

/// Says which rules of exemption are over.
fn expired(console: &Console, path: &Path, file: &ConfigFile) {
    let today = pipeline::today(&console.settings);
    for WrittenRule { line, rule } in &file.exempt {
        let Some(last) = rule.until.filter(|_| !rule.holds_on(today)) else { continue };
        let text = console.style.locale().text_with(
            "config-exempt-expired",
            &[
                ("path", &path.display().to_string()),
                ("line", &line.to_string()),
                ("until", &last.to_string()),
                ("rule", &format!("{} ({})", rule.conditions(), rule.reason)),
            ],
        );
        console.say(&trimtab_render::sanitise(&text));
    }
}

//! The reference pages docs/cli.md, docs/config.md and docs/openapi.json, printed.

use std::fmt::Write;

use clap::{Arg, Command, CommandFactory};

use trimtab_app::config::{KeyKind, keys};
use trimtab_app::failure::Failure;

use crate::cli::{Cli, DocsArgs, DocsPage};
use crate::terminal::{Printed, print_text};

/// Prints a page.
pub fn run(args: &DocsArgs) -> Result<Printed, Failure> {
    let page = match args.page {
        DocsPage::Cli => cli_page(),
        DocsPage::Config => config_page(),
        DocsPage::Openapi => trimtab_web::openapi(),
    };
    print_text(&page)?;
    Ok(Printed::Complete)
}

const GENERATED: &str = "<!-- Generated: `make gen` writes this page. -->\n\n";

fn cli_page() -> String {
    let mut command = Cli::command();
    command.build();
    let mut page = format!(
        "{GENERATED}# Command line\n\n{}.\n",
        command.get_about().map(ToString::to_string).unwrap_or_default().trim_end_matches('.')
    );
    page.push_str("\n## Options of every command\n\n");
    options(&mut page, command.get_arguments().filter(|arg| arg.is_global_set()));
    page.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | ok |\n| 1 | failed |\n| 2 | usage, or a configuration that says something unknown |\n| 3 | credentials or permissions are missing |\n| 4 | some of the data that was given could not be read; the result was printed whole and says what |\n| 20 | the plan is too old, is not what was approved, or the account is not what it was |\n| 21 | a gate failed; what was changed is as it was before |\n| 22 | a person must look |\n| 130 | interrupted |\n");
    for sub in command.get_subcommands() {
        section(&mut page, sub, "trimtab");
    }
    page
}

fn section(page: &mut String, command: &Command, parent: &str) {
    if command.is_hide_set() || command.get_name() == "help" {
        return;
    }
    let name = format!("{parent} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    // Writing to a string cannot fail.
    let _unfailing = write!(page, "\n## `{name}`\n\n{about}.\n");
    let own = || command.get_arguments().filter(|arg| !arg.is_global_set() && !is_builtin(arg));
    if own().next().is_some() {
        page.push('\n');
        options(page, own());
    }
    for sub in command.get_subcommands() {
        section(page, sub, &name);
    }
}

fn is_builtin(arg: &Arg) -> bool {
    matches!(arg.get_id().as_str(), "help" | "version")
}

fn options<'a>(page: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    page.push_str("| option | meaning |\n|---|---|\n");
    for arg in arguments.filter(|arg| !is_builtin(arg)) {
        let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .filter(|_| arg.get_action().takes_values())
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        if !values.is_empty() {
            help.push_str(&format!(". One of {}", values.join(", ")));
        }
        let defaults: Vec<String> = arg
            .get_default_values()
            .iter()
            .map(|value| format!("`{}`", value.to_string_lossy()))
            .collect();
        if !defaults.is_empty() && arg.get_action().takes_values() {
            help.push_str(&format!(". Default {}", defaults.join(", ")));
        }
        let _unfailing = writeln!(page, "| `{}` | {} |", spelled(arg), help.replace('|', "\\|"));
    }
}

fn spelled(arg: &Arg) -> String {
    let value = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map_or_else(|| arg.get_id().to_string().to_uppercase(), ToString::to_string);
    let takes_value = arg.get_action().takes_values();
    match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) if takes_value => format!("-{short}, --{long} <{value}>"),
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (None, Some(long)) if takes_value => format!("--{long} <{value}>"),
        (None, Some(long)) => format!("--{long}"),
        (Some(short), None) => format!("-{short}"),
        (None, None) => format!("<{value}>"),
    }
}

fn config_page() -> String {
    let mut page = format!(
        "{GENERATED}# Configuration\n\ntrimtab reads `trimtab.toml`, looked for from the working directory upwards to the root of the Git repository, and behind it the user's own `config.toml` (`trimtab config path` prints both). A flag wins over an environment variable (`TRIMTAB_LANG`, `TRIMTAB_CURRENCY`, `TRIMTAB_TZ`, `TRIMTAB_DATA_DIR`, `TRIMTAB_LAKE`, `TRIMTAB_CONFIG`), that over the file, that over the default. An unknown key is an error that names file, line and the nearest known key.\n\n| key | holds | default | meaning |\n|---|---|---|---|\n"
    );
    for key in keys() {
        let default =
            if key.default.is_empty() { "–".to_owned() } else { format!("`{}`", key.default) };
        let _unfailing =
            writeln!(page, "| `{}` | {} | {default} | {} |", key.path, holds(key.kind), key.text);
    }
    page.push_str("\n## Example\n\n```toml\nlang = \"ko\"\ncurrency = \"KRW\"\ntimezone = \"Asia/Seoul\"\n\n[[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = \"1385.2\"\ndate = 2026-11-20\nsource = \"the bank that you pay with\"\n\n[sizing]\npreset = \"default\"\n\n[sizing.dev]\npreset = \"maximum-savings\"\nlookback = \"32d\"\n\n[environments.accounts]\n\"111122223333\" = \"prod\"\n\n[[rollout.window]]\nenvironments = [\"dev\", \"staging\"]\ndays = [\"mon\", \"tue\", \"wed\", \"thu\"]\nfrom = \"10:00\"\nuntil = \"17:00\"\n\n[[rollout.window]]\nenvironments = [\"prod\"]\ndays = [\"tue\", \"wed\"]\nfrom = \"04:00\"\nuntil = \"07:00\"\n\n[[rollout.freeze]]\nname = \"New Year event\"\nfrom = 2026-12-28\nuntil = 2027-01-04\n\n[calendar]\nholidays = [2027-01-04]\n\n[[exempt]]\ntag = \"Team=data\"\ncheck = \"rds-*\"\nreason = \"the data team sizes its databases itself\"\nuntil = 2027-01-31\n\n[checks.ebs-volume-unattached]\nmin_age_days = 30\n```\n");
    page
}

fn holds(kind: KeyKind) -> String {
    match kind {
        KeyKind::Text => "text".to_owned(),
        KeyKind::Word(words) => {
            words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
        }
        KeyKind::TextList => "list of texts".to_owned(),
        KeyKind::Decimal => "number".to_owned(),
        KeyKind::Boolean => "`true`, `false`".to_owned(),
        KeyKind::Date => "day".to_owned(),
        KeyKind::DateList => "list of days".to_owned(),
        KeyKind::NumberList => "list of numbers".to_owned(),
    }
}

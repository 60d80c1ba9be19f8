//! What a command talks to: the settings that hold and how the answer is wanted.

use std::io::IsTerminal;

use serde_json::json;

use trimtab_app::config::{self, Overrides, Settings};
use trimtab_app::failure::{Failure, Kind};
use trimtab_model::explain::Explain;
use trimtab_model::text::{Language, StaticText};
use trimtab_render::style::Style;
use trimtab_render::table::{Format, Sort, Table, TableError, TableOptions, Width};
use trimtab_store::InputError;
use trimtab_store::billing::Notice;

use crate::cli::{Global, Lang, LogFormat, Output};
use crate::terminal::{self, print_json, print_text};

/// What to do about a column that a list does not have.
const COLUMN_HINT: StaticText = StaticText {
    en: "see the names with -o json",
    ko: "열 이름은 -o json으로 볼 수 있습니다",
};

/// The settings that hold and how the answer is wanted.
#[derive(Clone)]
pub struct Console {
    /// The settings.
    pub settings: Settings,
    /// How people want things shown.
    pub style: Style,
    /// The output format that was asked for.
    pub output: Option<Output>,
    /// Columns, order and length of lists.
    pub options: TableOptions,
    /// Whether progress is unwanted.
    pub quiet: bool,
}

impl Console {
    /// Loads the configuration and starts the log.
    ///
    /// # Errors
    /// Fails on a configuration that says something unknown.
    pub fn open(global: &Global) -> Result<Self, Failure> {
        start_log(global);
        let working_dir = std::env::current_dir().map_err(|cause| {
            let message = ("there is no working directory", "작업 디렉터리를 알 수 없습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
        let overrides = Overrides {
            config: global.config.clone(),
            lang: global.lang.map(|lang| match lang {
                Lang::En => Language::En,
                Lang::Ko => Language::Ko,
            }),
            currency: global.currency,
            timezone: global.tz.clone(),
            data_dir: global.data_dir.clone(),
        };
        let settings = config::load(&working_dir, &overrides)?;
        let sort = global.sort.as_deref().map(str::parse::<Sort>).transpose().map_err(|cause| {
            let hint = (
                "write a column, or a column and :desc",
                "열 이름만, 또는 열 이름과 :desc를 쓰세요",
            );
            Failure::usage(cause.text(), hint)
        })?;
        let options = TableOptions {
            format: format(global.output),
            width: if global.wide { Width::Wide } else { Width::Fit },
            columns: (!global.columns.is_empty()).then(|| global.columns.clone()),
            sort,
            limit: global.limit,
        };
        Ok(Self {
            style: terminal::style(&settings, global),
            settings,
            output: global.output,
            options,
            quiet: global.quiet,
        })
    }

    /// Returns whether the answer is one JSON document.
    pub fn is_json(&self) -> bool {
        self.output == Some(Output::Json)
    }

    /// Returns the style for the words of a list: machines get the same words in every language.
    pub fn list_style(&self) -> Style {
        match self.options.format {
            Format::Table | Format::Markdown => self.style.clone(),
            Format::Plain | Format::Json | Format::JsonLines | Format::Csv => {
                Style { language: Language::En, ..self.style.clone() }
            }
        }
    }

    /// Fails where a format makes no sense for an answer that is not a list.
    pub fn no_rows(&self) -> Result<(), Failure> {
        match self.output {
            Some(Output::Csv | Output::Jsonl) => Err(Failure::usage(
                (
                    "this answer is not a list: it has neither csv nor jsonl",
                    "목록이 아니어서 csv와 jsonl로는 출력할 수 없습니다",
                ),
                ("use -o json, or leave -o out", "-o json을 쓰거나 -o를 빼세요"),
            )),
            Some(Output::Table | Output::Json | Output::Md) | None => Ok(()),
        }
    }

    /// Returns whether the answer is laid out for a person at a terminal.
    pub fn is_table(&self) -> bool {
        self.options.format == Format::Table
    }

    /// Prints a list: in JSON inside an envelope that names its schema.
    ///
    /// # Errors
    /// Fails on a column that the table does not have.
    pub fn print_table(&self, schema: &str, table: &Table) -> Result<(), Failure> {
        let text =
            table.render(&self.style, &self.options).map_err(|cause| no_such_column(&cause))?;
        if self.is_json() {
            let items: serde_json::Value = serde_json::from_str(&text).map_err(|cause| {
                let message = ("could not write JSON", "JSON을 만들지 못했습니다");
                Failure::new(Kind::Failed, message).because(&cause)
            })?;
            return print_json(
                &json!({ "schema": format!("trimtab/v1/{schema}"), "items": items }),
            );
        }
        print_text(&text)
    }

    /// Prints what could not be read, each with its hint, and what should be known.
    ///
    /// These are printed even when the user wants quiet: they are errors.
    pub fn problems(&self, errors: &[InputError], notices: &[Notice]) {
        for error in errors {
            let failure = Failure::from(error);
            terminal::print_failure(&failure, &self.style);
        }
        self.notices(notices);
    }

    /// Says what should be known about files that were read.
    pub fn notices(&self, notices: &[Notice]) {
        for notice in notices {
            let text = notice.reason.text.get(self.style.language);
            let line = self.style.locale().text_with(
                "notice-file",
                &[("file", &notice.file.display().to_string()), ("text", text)],
            );
            self.say(&trimtab_render::sanitise(&line));
        }
    }

    /// Says so when amounts cannot be shown in the currency that was asked for.
    pub fn explain_currency(&self) {
        let Some(currency) = self.settings.currency else { return };
        let leads = |rate: &trimtab_render::money::ExchangeRate| {
            rate.from == currency || rate.to == currency
        };
        if !self.style.rates.iter().any(leads) {
            let code = currency.to_string();
            self.say(
                &self.style.locale().text_with("currency-without-rate", &[("currency", &code)]),
            );
        }
    }

    /// Returns what [`Console::say`] does, for another thread.
    pub fn speaker(&self) -> impl Fn(&str) + Send + use<> {
        let quiet = self.quiet;
        move |text| speak(quiet, text)
    }

    /// Says something on stderr, unless the user wants quiet.
    pub fn say(&self, text: &str) {
        speak(self.quiet, text);
    }
}

fn speak(quiet: bool, text: &str) {
    use std::io::Write;
    if !quiet {
        // Commentary: a stderr that cannot be written loses nothing of the answer.
        drop(writeln!(std::io::stderr(), "{}", text.trim_end()));
    }
}

/// Says that a list has no column of the name given.
pub fn no_such_column(cause: &TableError) -> Failure {
    Failure::usage(cause.text(), COLUMN_HINT)
}

fn format(output: Option<Output>) -> Format {
    match output {
        Some(Output::Table) => Format::Table,
        Some(Output::Json) => Format::Json,
        Some(Output::Jsonl) => Format::JsonLines,
        Some(Output::Csv) => Format::Csv,
        Some(Output::Md) => Format::Markdown,
        None if std::io::stdout().is_terminal() => Format::Table,
        None => Format::Plain,
    }
}

fn start_log(global: &Global) {
    use tracing_subscriber::EnvFilter;
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        // What the SDK warns of is in the result, and told in words that say what to do.
        (false, 0) => "warn,aws_config=off,aws_smithy_runtime=off",
        (false, 1) => "info,trimtab=debug",
        (false, _) => "debug",
    };
    let filter = config::log_filter()
        .and_then(|filter| EnvFilter::try_new(filter).ok())
        .unwrap_or_else(|| EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber cannot be set; that happens in tests only and loses nothing.
    let result = match global.log_format {
        LogFormat::Text => log.without_time().try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    drop(result);
}

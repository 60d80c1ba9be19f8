//! Korean for a command line that clap cannot read. The English is clap's own.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use trimtab_model::text::{Language, Text};
use trimtab_render::sanitise;
use trimtab_render::style::Style;

/// What is wrong with a command line, and why.
struct Mistake {
    message: String,
    causes: Vec<String>,
}

/// Returns a mistake on the command line as it is printed, or nothing where clap's own text
/// stands: in English, for help and version, and for a kind without Korean.
///
/// `asked` is the command that was asked for, as [`command_path`] finds it.
pub fn mistake(error: &clap::Error, asked: &str, style: &Style) -> Option<String> {
    let mistake = match style.language {
        Language::En => return None,
        Language::Ko => korean(error)?,
    };
    let mut hints = suggestions(error);
    hints.push(format!("자세한 사용법: {asked} --help"));
    // The English is never shown: clap has its own.
    let message = Text::verbatim(mistake.message);
    let causes: Vec<Text> = mistake.causes.into_iter().map(Text::verbatim).collect();
    let hint = Text::verbatim(hints.join(" · "));
    let mut text = trimtab_render::failure::failure(&message, &causes, Some(&hint), style);
    if let Some(usage) = usage_line(error) {
        text.push_str(&format!("\n사용법: {usage}\n"));
    }
    Some(text)
}

fn korean(error: &clap::Error) -> Option<Mistake> {
    let said = |message: String| Some(Mistake { message, causes: Vec::new() });
    let because = |message: String, cause| Some(Mistake { message, causes: vec![cause] });
    let word = |kind| string(error, kind);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            said(format!("모르는 명령입니다: {}", word(ContextKind::InvalidSubcommand)?))
        }
        ErrorKind::UnknownArgument => {
            let argument = word(ContextKind::InvalidArg)?;
            said(format!("모르는 {}입니다: {argument}", noun(argument)))
        }
        ErrorKind::InvalidValue => {
            let possible = error.get(ContextKind::ValidValue).map(ToString::to_string);
            let message = invalid_value(error)?;
            match possible.filter(|values| !values.is_empty()) {
                Some(values) => because(message, format!("다음 가운데 하나여야 합니다: {values}")),
                None => said(message),
            }
        }
        ErrorKind::ValueValidation => {
            let cause = match expected(word(ContextKind::InvalidArg)?) {
                Some(expected) => expected.to_owned(),
                None => std::error::Error::source(error)?.to_string(),
            };
            because(invalid_value(error)?, cause)
        }
        ErrorKind::TooManyValues => {
            let (argument, value) =
                (word(ContextKind::InvalidArg)?, word(ContextKind::InvalidValue)?);
            because(
                format!("{argument} {}에 줄 수 없는 값입니다: {value}", noun(argument)),
                "받을 수 있는 값의 개수를 넘었습니다".to_owned(),
            )
        }
        ErrorKind::ArgumentConflict => said(conflict(error)?),
        ErrorKind::MissingRequiredArgument => {
            said(format!("꼭 필요한 인수가 빠졌습니다: {}", error.get(ContextKind::InvalidArg)?))
        }
        ErrorKind::MissingSubcommand => {
            said(format!("뒤에 명령이 더 필요합니다: {}", word(ContextKind::InvalidSubcommand)?))
        }
        ErrorKind::InvalidUtf8 => said("명령줄에 UTF-8이 아닌 글자가 있습니다".to_owned()),
        // Help and version, which are in Korean already, and what no command line of ours can
        // cause: NoEquals, TooFewValues and WrongNumberOfValues need a flag with `=` or with
        // several values, Io and Format a clap that cannot write. Those stay as clap has them.
        _ => None,
    }
}

fn invalid_value(error: &clap::Error) -> Option<String> {
    let argument = string(error, ContextKind::InvalidArg)?;
    let value = string(error, ContextKind::InvalidValue)?;
    let noun = noun(argument);
    Some(if value.is_empty() {
        format!("{argument} {noun}에 값이 필요합니다")
    } else {
        format!("{argument} {noun}에 쓸 수 없는 값입니다: {value}")
    })
}

fn conflict(error: &clap::Error) -> Option<String> {
    let one = string(error, ContextKind::InvalidArg)
        .or_else(|| string(error, ContextKind::InvalidSubcommand))?;
    let others = error.get(ContextKind::PriorArg).map(ToString::to_string).unwrap_or_default();
    Some(if others == one {
        format!("두 번 쓸 수 없는 {}입니다: {one}", noun(one))
    } else if others.is_empty() {
        format!("다른 인수와 함께 쓸 수 없습니다: {one}")
    } else {
        format!("함께 쓸 수 없습니다: {one}, {others}")
    })
}

/// Returns what an argument is called: a flag begins with a dash.
fn noun(argument: &str) -> &'static str {
    if argument.starts_with('-') { "옵션" } else { "인수" }
}

/// Returns what the value of an argument has to be, by the name that help gives the value.
fn expected(argument: &str) -> Option<&'static str> {
    let (_, name) = argument.trim_end_matches(['.', ']']).strip_suffix('>')?.rsplit_once('<')?;
    Some(match name {
        "HOURS" | "SECONDS" => "0 이상 4294967295 이하의 정수여야 합니다",
        "ADDRESS" => "127.0.0.1:7070처럼 IP 주소와 포트를 써야 합니다",
        "DATE" => "2026-10-31 같은 날짜여야 합니다",
        "USD" => "0.5처럼 0보다 작지 않은 달러 금액이어야 합니다",
        "SINCE" => {
            "30d 같은 일수, 2026-10-31 같은 날짜, 2026-10-31T00:00:00Z 같은 시각이어야 합니다"
        }
        "TIME" => "2026-10-31 같은 날짜나 2026-10-31T00:00:00Z 같은 시각이어야 합니다",
        "DAYS" => "14d처럼 1일 이상 366일 이하인 일수여야 합니다",
        "AHEAD" => "14d 같은 일수(최대 366)나 48h 같은 시간(최대 672)이어야 합니다",
        "FACTOR" => "x1.5처럼 x 뒤에 0보다 크고 100 이하인 배수를 써야 합니다",
        "DATE:FACTOR" => "2026-12-24:x2처럼 날짜와 배수를 써야 합니다",
        "PERCENT" => "5%처럼 0 이상 100 이하의 백분율이어야 합니다",
        "MONTHS" => "1 이상 14 이하의 정수여야 합니다",
        "N" | "SEED" => "0 이상 18446744073709551615 이하의 정수여야 합니다",
        "TIMES" | "RUNS" | "CALLS" | "DURATION" => "2.5처럼 0보다 큰 수여야 합니다",
        "WEIGHT" => "0.5처럼 0 이상 1 이하의 수여야 합니다",
        "MB" => "0 이상 4294967295 이하의 정수여야 합니다",
        "KEY=VALUE" => "team=live처럼 KEY=VALUE 형식이어야 합니다",
        "CODE" => "KRW나 USD처럼 영문자 세 글자로 된 통화 코드여야 합니다",
        _ => return None,
    })
}

fn string(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// Returns what clap supposes was meant.
fn suggestions(error: &clap::Error) -> Vec<String> {
    let similar = [
        (ContextKind::SuggestedSubcommand, "비슷한 명령"),
        (ContextKind::SuggestedArg, "비슷한 옵션"),
        (ContextKind::SuggestedValue, "비슷한 값"),
    ];
    let mut suggestions: Vec<String> = similar
        .into_iter()
        .filter_map(|(kind, label)| Some((likeliest_first(error.get(kind)?), label)))
        .filter(|(meant, _)| !meant.is_empty())
        .map(|(meant, label)| format!("{label}: {meant}"))
        .collect();
    if let Some(ContextValue::StyledStrs(tips)) = error.get(ContextKind::Suggested) {
        let argument = string(error, ContextKind::InvalidArg)
            .or_else(|| string(error, ContextKind::InvalidSubcommand));
        suggestions.extend(tips.iter().filter_map(|text| tip(&text.to_string(), argument?)));
    }
    suggestions
}

/// Returns what is supposed; of several the likeliest first, which clap has last.
fn likeliest_first(meant: &ContextValue) -> String {
    match meant {
        ContextValue::Strings(all) => {
            all.iter().rev().map(String::as_str).collect::<Vec<_>>().join(", ")
        }
        one => one.to_string(),
    }
}

/// Returns a tip in Korean. clap has these as sentences only, so they are known by their words;
/// one that is not known is left out, since the way to the help follows in any case.
fn tip(english: &str, argument: &str) -> Option<String> {
    if english.starts_with("to pass '") {
        return Some(format!("값으로 쓰려면: -- {argument}"));
    }
    if english.starts_with("subcommand '") {
        return Some(format!("명령으로 쓰려면 앞의 --를 빼세요: {argument}"));
    }
    let elsewhere = english.strip_prefix('\'')?.strip_suffix("' exists")?;
    Some(format!("다른 자리에 있는 옵션: {elsewhere}"))
}

fn usage_line(error: &clap::Error) -> Option<String> {
    let usage = error.get(ContextKind::Usage)?.to_string();
    let usage = usage.strip_prefix("Usage:").unwrap_or(&usage);
    Some(sanitise(usage).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns the command that `arguments` ask for, such as `trimtab rec list`, as far as it exists.
///
/// The first argument is the program.
pub fn command_path(command: &Command, arguments: &[String]) -> String {
    let mut path = command.get_name().to_owned();
    let mut here = command;
    let mut words = arguments.iter().skip(1);
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            if [command, here].into_iter().any(|command| takes_next(command, word)) {
                words.next();
            }
            continue;
        }
        let Some(sub) = here.find_subcommand(word) else { break };
        path.push_str(&format!(" {}", sub.get_name()));
        here = sub;
    }
    path
}

/// Returns whether the word behind `flag` is its value.
fn takes_next(command: &Command, flag: &str) -> bool {
    command.get_arguments().filter(|arg| arg.get_action().takes_values()).any(|arg| {
        let is_long = arg.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long));
        let is_short = arg.get_short().is_some_and(|short| flag.chars().eq(['-', short]));
        is_long || is_short
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::any::TypeId;
    use std::ffi::OsString;

    use clap::{Arg, ArgAction, CommandFactory};

    use crate::cli::Cli;

    /// Returns the kind of mistake, and how it is printed in Korean.
    fn refused(command: Command, words: &[OsString]) -> (ErrorKind, Option<String>) {
        let arguments: Vec<String> = std::iter::once("trimtab".to_owned())
            .chain(words.iter().map(|word| word.to_string_lossy().into_owned()))
            .collect();
        let asked = command_path(&command, &arguments);
        let command = crate::help::localised(command, Language::Ko);
        let given = std::iter::once(OsString::from("trimtab")).chain(words.iter().cloned());
        let error = command.try_get_matches_from(given).expect_err("a mistake");
        (error.kind(), mistake(&error, &asked, &Style::plain(Language::Ko)))
    }

    /// Asserts what is printed above the usage line.
    #[track_caller]
    fn check_in(command: Command, words: &[OsString], kind: ErrorKind, expected: &[&str]) {
        let (actual, text) = refused(command, words);
        let text = text.unwrap_or_default();
        let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!((actual, lines.as_slice()), (kind, expected), "{words:?}: {text}");
    }

    #[track_caller]
    fn check(words: &[&str], kind: ErrorKind, expected: &[&str]) {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        check_in(Cli::command(), &words, kind, expected);
    }

    #[test]
    fn an_unknown_command_names_a_similar_one() {
        check(
            &["analyse"],
            ErrorKind::InvalidSubcommand,
            &[
                "오류: 모르는 명령입니다: analyse",
                "  조치: 비슷한 명령: analyze, anomaly · 자세한 사용법: trimtab --help",
            ],
        );
        check(
            &["rec", "forget"],
            ErrorKind::InvalidSubcommand,
            &["오류: 모르는 명령입니다: forget", "  조치: 자세한 사용법: trimtab rec --help"],
        );
    }

    #[test]
    fn an_unknown_flag_names_a_similar_one() {
        check(
            &["rec", "list", "--filtr", "risk<=low"],
            ErrorKind::UnknownArgument,
            &[
                "오류: 모르는 옵션입니다: --filtr",
                "  조치: 비슷한 옵션: --filter · 자세한 사용법: trimtab rec list --help",
            ],
        );
    }

    #[test]
    fn a_flag_of_another_command_says_where_it_belongs() {
        check(
            &["rec", "--filter", "list"],
            ErrorKind::UnknownArgument,
            &[
                "오류: 모르는 옵션입니다: --filter",
                "  조치: 다른 자리에 있는 옵션: list --filter · 자세한 사용법: trimtab rec list --help",
            ],
        );
    }

    #[test]
    fn a_value_that_looks_like_a_flag_says_how_to_write_it() {
        check(
            &["rec", "show", "-x"],
            ErrorKind::UnknownArgument,
            &[
                "오류: 모르는 옵션입니다: -x",
                "  조치: 값으로 쓰려면: -- -x · 자세한 사용법: trimtab rec show --help",
            ],
        );
    }

    #[test]
    fn a_command_behind_two_dashes_says_so() {
        check(
            &["--", "rec"],
            ErrorKind::UnknownArgument,
            &[
                "오류: 모르는 인수입니다: rec",
                "  조치: 명령으로 쓰려면 앞의 --를 빼세요: rec · 자세한 사용법: trimtab rec --help",
            ],
        );
    }

    #[test]
    fn a_word_too_many_is_named() {
        check(
            &["coverage", "now"],
            ErrorKind::UnknownArgument,
            &["오류: 모르는 인수입니다: now", "  조치: 자세한 사용법: trimtab coverage --help"],
        );
    }

    #[test]
    fn a_value_that_is_none_of_the_words_lists_them() {
        check(
            &["-o", "jsn", "rec", "list"],
            ErrorKind::InvalidValue,
            &[
                "오류: --output <FORMAT> 옵션에 쓸 수 없는 값입니다: jsn",
                "  원인: 다음 가운데 하나여야 합니다: table, json, jsonl, csv, md",
                "  조치: 비슷한 값: json · 자세한 사용법: trimtab rec list --help",
            ],
        );
        check(
            &["completion", "sh"],
            ErrorKind::InvalidValue,
            &[
                "오류: <SHELL> 인수에 쓸 수 없는 값입니다: sh",
                "  원인: 다음 가운데 하나여야 합니다: bash, elvish, fish, powershell, zsh",
                "  조치: 자세한 사용법: trimtab completion --help",
            ],
        );
    }

    #[test]
    fn a_flag_without_its_value_says_so() {
        check(
            &["rec", "list", "--filter"],
            ErrorKind::InvalidValue,
            &[
                "오류: --filter <CONDITION> 옵션에 값이 필요합니다",
                "  조치: 자세한 사용법: trimtab rec list --help",
            ],
        );
    }

    #[test]
    fn a_value_that_cannot_be_read_says_what_it_has_to_be() {
        check(
            &["cost", "top", "--since", "soon"],
            ErrorKind::ValueValidation,
            &[
                "오류: --since <DATE> 옵션에 쓸 수 없는 값입니다: soon",
                "  원인: 2026-10-31 같은 날짜여야 합니다",
                "  조치: 자세한 사용법: trimtab cost top --help",
            ],
        );
        check(
            &["coverage", "--limit=-1"],
            ErrorKind::ValueValidation,
            &[
                "오류: --limit <N> 옵션에 쓸 수 없는 값입니다: -1",
                "  원인: 0 이상 18446744073709551615 이하의 정수여야 합니다",
                "  조치: 자세한 사용법: trimtab coverage --help",
            ],
        );
    }

    #[test]
    fn every_value_that_has_to_be_read_says_what_it_has_to_be() {
        fn walk(command: &Command) {
            let free = [TypeId::of::<String>(), TypeId::of::<std::path::PathBuf>()];
            for arg in command.get_arguments() {
                let reads = arg.get_value_parser().type_id();
                let is_free = free.iter().any(|free| reads == *free);
                let takes_any = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
                if takes_any && !is_free && arg.get_possible_values().is_empty() {
                    assert!(expected(&arg.to_string()).is_some(), "{arg} says nothing in Korean");
                }
            }
            command.get_subcommands().filter(|sub| !sub.is_hide_set()).for_each(walk);
        }
        let mut command = Cli::command();
        command.build();
        walk(&command);
    }

    #[test]
    fn a_value_for_a_flag_that_takes_none_is_named() {
        check(
            &["rec", "list", "--wide=yes"],
            ErrorKind::TooManyValues,
            &[
                "오류: --wide 옵션에 줄 수 없는 값입니다: yes",
                "  원인: 받을 수 있는 값의 개수를 넘었습니다",
                "  조치: 자세한 사용법: trimtab rec list --help",
            ],
        );
    }

    #[test]
    fn a_flag_given_twice_is_named() {
        check(
            &["coverage", "--lang", "ko", "--lang", "en"],
            ErrorKind::ArgumentConflict,
            &[
                "오류: 두 번 쓸 수 없는 옵션입니다: --lang <LANG>",
                "  조치: 자세한 사용법: trimtab coverage --help",
            ],
        );
    }

    #[test]
    fn flags_that_exclude_each_other_are_named() {
        let command = || {
            Command::new("trimtab")
                .version("0")
                .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).conflicts_with("id"))
                .arg(Arg::new("id").long("id"))
        };
        check_in(
            command(),
            &["--all".into(), "--id".into(), "R-1".into()],
            ErrorKind::ArgumentConflict,
            &[
                "오류: 함께 쓸 수 없습니다: --all, --id <id>",
                "  조치: 자세한 사용법: trimtab --help",
            ],
        );
    }

    #[test]
    fn arguments_that_are_missing_are_listed() {
        check(
            &["prices", "show"],
            ErrorKind::MissingRequiredArgument,
            &[
                "오류: 꼭 필요한 인수가 빠졌습니다: --region <REGION>, <PRODUCT>",
                "  조치: 자세한 사용법: trimtab prices show --help",
            ],
        );
    }

    #[test]
    fn a_missing_command_is_asked_for() {
        check(
            &["rec", "--quiet"],
            ErrorKind::MissingSubcommand,
            &[
                "오류: 뒤에 명령이 더 필요합니다: trimtab rec",
                "  조치: 자세한 사용법: trimtab rec --help",
            ],
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_argument_that_is_not_utf_8_is_refused() {
        use std::os::unix::ffi::OsStringExt;
        check_in(
            Cli::command(),
            &["rec".into(), "show".into(), OsString::from_vec(vec![0xff])],
            ErrorKind::InvalidUtf8,
            &[
                "오류: 명령줄에 UTF-8이 아닌 글자가 있습니다",
                "  조치: 자세한 사용법: trimtab rec show --help",
            ],
        );
    }

    #[test]
    fn the_usage_stands_below() {
        let (_, text) = refused(Cli::command(), &["rec".into(), "show".into()]);
        let text = text.unwrap_or_default();
        assert!(text.ends_with("\n\n사용법: trimtab rec show <ID>\n"), "{text}");
    }

    #[test]
    fn help_and_english_stay_as_clap_has_them() {
        let (kind, text) = refused(Cli::command(), &["rec".into()]);
        assert_eq!((kind, text), (ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, None));
        let error = Cli::command().try_get_matches_from(["trimtab", "x"]).expect_err("a mistake");
        assert_eq!(mistake(&error, "trimtab", &Style::plain(Language::En)), None);
    }
}

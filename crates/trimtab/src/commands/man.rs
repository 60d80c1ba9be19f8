//! `trimtab man`.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::text::Language;

use crate::cli::{Cli, ManArgs};
use crate::console::Console;
use crate::help;
use crate::terminal::{Printed, print_bytes};

/// Prints the manual page, or writes one page per command.
pub fn run(console: &Console, args: &ManArgs) -> Result<Printed, Failure> {
    let failed = |cause: std::io::Error| {
        let message = ("could not write the manual page", "매뉴얼 페이지를 쓰지 못했습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    };
    let language = console.style.language;
    let mut command = help::localised(Cli::command(), language);
    command.build();
    match &args.dir {
        Some(dir) => {
            std::fs::create_dir_all(dir).map_err(failed)?;
            write_pages(&command, dir, language).map_err(failed)?;
        }
        None => {
            let page = page(&Man::new(command), language).map_err(failed)?;
            print_bytes(page.as_bytes())?;
        }
    }
    Ok(Printed::Complete)
}

/// Writes the page of a command and of all below it.
fn write_pages(command: &Command, dir: &Path, language: Language) -> std::io::Result<()> {
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        write_pages(sub, dir, language)?;
    }
    let man = Man::new(command.clone());
    std::fs::write(dir.join(man.get_filename()), page(&man, language)?)
}

/// Returns a page with its headings in `language`; everything else in it comes from the command.
fn page(man: &Man, language: Language) -> std::io::Result<String> {
    let mut page = Vec::new();
    man.render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    Ok(match language {
        Language::En => page.into_owned(),
        Language::Ko => page.lines().map(|line| format!("{}\n", korean_heading(line))).collect(),
    })
}

/// Returns a line of a page, in Korean if it is one of the headings that the renderer writes.
fn korean_heading(line: &str) -> &str {
    match line {
        ".SH NAME" => ".SH 이름",
        ".SH SYNOPSIS" => ".SH 사용법",
        ".SH DESCRIPTION" => ".SH 설명",
        ".SH OPTIONS" => ".SH 옵션",
        ".SH SUBCOMMANDS" => ".SH 명령",
        ".SH EXTRA" => ".SH \"더 보기\"",
        ".SH VERSION" => ".SH 버전",
        ".SH AUTHORS" => ".SH 만든이",
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &Command) {
        let man = Man::new(command.clone());
        let page = page(&man, Language::Ko).expect("a page in memory");
        for heading in page.lines().filter_map(|line| line.strip_prefix(".SH ")) {
            assert!(
                heading.chars().any(|c| ('가'..='힣').contains(&c)),
                "{}: the heading `{heading}` has no Korean",
                man.get_filename()
            );
        }
        for english in ["Possible values", "[default: ", "May also be specified"] {
            assert!(!page.contains(english), "{}: `{english}`", man.get_filename());
        }
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            check(sub);
        }
    }

    #[test]
    fn every_heading_of_every_page_has_korean() {
        let mut command = help::localised(Cli::command(), Language::Ko);
        command.build();
        check(&command);
    }

    #[test]
    fn english_pages_keep_their_headings() {
        let man = Man::new(help::localised(Cli::command(), Language::En));
        let page = page(&man, Language::En).expect("a page in memory");
        assert!(page.contains(".SH NAME\n") && page.contains(".SH SUBCOMMANDS\n"), "{page}");
    }
}

//! Questions to a person at a terminal: on stderr, answered by a line.

use std::io::{BufRead, IsTerminal, Write};

use trimtab_app::failure::{Failure, Kind};
use trimtab_render::locale::Locale;

/// Returns whether somebody is there to be asked.
pub fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for one of `count` things that were listed; Enter takes the one at `default`, from 0.
///
/// # Errors
/// Fails where the input ends without an answer.
pub fn choose(
    question: &str,
    count: usize,
    default: usize,
    locale: Locale,
) -> Result<usize, Failure> {
    let (of, proposed) = (count.to_string(), (default + 1).to_string());
    let arguments = [("question", question), ("of", &of), ("default", &proposed)];
    let prompt = locale.text_with("prompt-choice", &arguments);
    let again = locale.text_with("prompt-number", &[("of", &of)]);
    ask(&prompt, &again, |answer| match answer {
        "" => Some(default),
        number => number.parse::<usize>().ok()?.checked_sub(1).filter(|index| *index < count),
    })
}

/// Asks for a yes or a no; Enter means yes.
///
/// # Errors
/// Fails where the input ends without an answer.
pub fn confirm(question: &str, locale: Locale) -> Result<bool, Failure> {
    let prompt = locale.text_with("prompt-yes-no", &[("question", question)]);
    ask(&prompt, &locale.text("prompt-yes-or-no"), |answer| match answer {
        "" | "y" | "yes" | "ㅛ" | "네" | "예" => Some(true),
        "n" | "no" | "ㅜ" | "아니요" | "아니오" => Some(false),
        _ => None,
    })
}

/// Asks for a word that has to be typed as it is, and returns what was typed.
///
/// # Errors
/// Fails where the input ends without an answer.
pub fn typed(question: &str) -> Result<String, Failure> {
    let mut stderr = std::io::stderr();
    // Nowhere is left to ask where stderr cannot be written: then no answer comes.
    drop(write!(stderr, "{question} "));
    drop(stderr.flush());
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|cause| {
        let message = ("the answer cannot be read", "답을 읽을 수 없습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    })?;
    Ok(line.trim().to_owned())
}

fn ask<T>(prompt: &str, again: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    let mut stderr = std::io::stderr();
    loop {
        // Nowhere is left to ask where stderr cannot be written: then no answer comes.
        drop(write!(stderr, "{prompt} "));
        drop(stderr.flush());
        let mut line = String::new();
        let read_bytes = std::io::stdin().lock().read_line(&mut line).map_err(|cause| {
            let message = ("the answer cannot be read", "답을 읽을 수 없습니다");
            Failure::new(Kind::Failed, message).because(&cause)
        })?;
        if read_bytes == 0 {
            let message =
                ("there was no answer; nothing was written", "답이 없어 아무것도 쓰지 않았습니다");
            return Err(Failure::new(Kind::Interrupted, message).with_hint((
                "run the command again, or add --yes",
                "명령을 다시 실행하거나 --yes를 붙이세요",
            )));
        }
        if let Some(answer) = read(&line.trim().to_lowercase()) {
            return Ok(answer);
        }
        drop(writeln!(stderr, "{again}"));
    }
}

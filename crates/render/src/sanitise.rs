//! Makes text from outside safe to print.
//!
//! Tags, names and file contents may carry escape sequences that move the cursor,
//! change the window title or open links, and bidirectional controls that make a
//! text read differently from what it is.

/// Returns `text` without escape sequences, control characters, bidirectional
/// controls and invisible marks; line breaks and tabs become spaces.
pub fn sanitise(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => safe.push(' '),
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_control_sequence(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => skip_string(&mut rest),
            c if is_hidden(c) => {}
            c => safe.push(c),
        }
    }
    safe
}

/// Returns whether a terminal or a reader must never receive `c` from data.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Bidirectional marks, embeddings, overrides and isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Width without a glyph. The joiners U+200C and U+200D stay: scripts need them.
            | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}' | '\u{2028}' | '\u{2029}'
            // Interlinear annotations and tag characters.
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn skip_escape(rest: &mut std::str::Chars<'_>) {
    match rest.clone().next() {
        Some('[') => {
            rest.next();
            skip_control_sequence(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        Some(' '..='/') => {
            while matches!(rest.clone().next(), Some(' '..='/')) {
                rest.next();
            }
            rest.next();
        }
        Some('0'..='~') => {
            rest.next();
        }
        _ => {}
    }
}

/// Skips parameters and the final byte of `CSI …`; stops at anything that cannot belong to it.
fn skip_control_sequence(rest: &mut std::str::Chars<'_>) {
    while let Some(c) = rest.clone().next() {
        match c {
            ' '..='?' => {
                rest.next();
            }
            '@'..='~' => {
                rest.next();
                return;
            }
            _ => return,
        }
    }
}

/// Skips a string up to its terminator; one that never ends is kept as plain text,
/// so that an introducer cannot hide what follows it.
fn skip_string(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        let ends = match c {
            '\u{7}' | '\u{9c}' => true,
            '\u{1b}' => ahead.next() == Some('\\'),
            _ => false,
        };
        if ends {
            *rest = ahead;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_disappear_as_a_whole() {
        assert_eq!(sanitise("a\u{1b}[31mred\u{1b}[0m"), "ared");
        assert_eq!(sanitise("a\u{1b}]0;title\u{7}b"), "ab");
        assert_eq!(sanitise("a\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\b"), "alinkb");
        assert_eq!(sanitise("a\u{9b}2Jb"), "ab");
        assert_eq!(sanitise("a\u{1b}(Bb"), "ab");
    }

    #[test]
    fn an_unfinished_sequence_hides_nothing() {
        assert_eq!(sanitise("a\u{1b}]0;rest"), "a0;rest");
    }

    #[test]
    fn names_stay_names() {
        assert_eq!(
            sanitise("로비 게이트웨이 🎮 lobby-gateway"),
            "로비 게이트웨이 🎮 lobby-gateway"
        );
        assert_eq!(sanitise("two\nlines"), "two lines");
        assert_eq!(sanitise("pay\u{202e}fdp.exe"), "payfdp.exe");
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(text in hostile()) {
            prop_assert!(!sanitise(&text).chars().any(is_hidden));
        }

        #[test]
        fn a_second_pass_changes_nothing(text in hostile()) {
            let once = sanitise(&text);
            prop_assert_eq!(sanitise(&once), once.clone());
        }

        #[test]
        fn plain_text_is_kept(text in "[ -~가-힣]{0,40}") {
            prop_assert_eq!(sanitise(&text), text);
        }
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\u{1b}".to_owned()),
            Just("\u{1b}[".to_owned()),
            Just("\u{1b}]8;;".to_owned()),
            Just("\u{9b}".to_owned()),
            Just("\u{9d}".to_owned()),
            Just("\u{7}".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("\u{2066}".to_owned()),
            Just("\r\n".to_owned()),
            ".{0,6}",
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }
}

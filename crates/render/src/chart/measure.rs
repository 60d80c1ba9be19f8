//! How wide a text will be, without a font at hand.

use unicode_width::UnicodeWidthChar;

use crate::sanitise;
use crate::width::truncated;

/// A name longer than this says nothing more: terminal cells.
const LONGEST: usize = 120;
/// What is left of a name that is cut takes at least this, in its size.
const LEAST_KEPT: f64 = 2.2;

/// Returns text from outside such that it can be shown: without hidden characters, and short.
pub(super) fn clean(text: &str) -> String {
    // What is cut off need not be looked at: a name may have kilobytes.
    let start: String = text.chars().take(LONGEST * 4).collect();
    truncated(&sanitise(&start), LONGEST)
}

/// Returns about how many pixels `text` takes in a font of `size` pixels.
///
/// Measured on Noto Sans KR and rounded up: a label that fits here fits.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(|c| em(c) * size).sum()
}

/// Returns `text`, or as much of it as `room` pixels hold; nothing if that says too little.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> Option<String> {
    if width_of(text, size) <= room {
        return Some(text.to_owned());
    }
    let mut kept = String::new();
    let mut used = em('…') * size;
    for c in text.chars() {
        used += em(c) * size;
        if used > room {
            break;
        }
        kept.push(c);
    }
    let kept = kept.trim_end();
    // Two letters of a name are no name.
    (width_of(kept, 1.0) >= LEAST_KEPT).then(|| format!("{kept}…"))
}

fn em(c: char) -> f64 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l' | 'I' | '·' => 0.29,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' | '[' | ']' => 0.38,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' | '→' => 0.9,
        'A'..='Z' | '₩' | '&' => 0.66,
        c => match UnicodeWidthChar::width(c) {
            Some(0) | None => 0.0,
            Some(1) => 0.57,
            Some(_) => 0.93,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_its_room_or_left_out() {
        assert_eq!(fitted("lobby-gateway", 11.0, 200.0).as_deref(), Some("lobby-gateway"));
        assert_eq!(fitted("lobby-gateway", 11.0, 50.0).as_deref(), Some("lobby-g…"));
        assert_eq!(fitted("lobby-gateway", 11.0, 20.0), None);
        assert!(width_of("가나다", 10.0) > width_of("abc", 10.0));
    }

    #[test]
    fn a_name_of_kilobytes_becomes_a_line() {
        assert!(clean(&"가".repeat(10_000)).chars().count() <= 61);
        assert_eq!(clean("a\u{202e}b\nc"), "ab c");
    }
}

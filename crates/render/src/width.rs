//! Text in terminal cells: a Hangul syllable takes two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Which side of a column a text stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Returns how many cells `text` takes; the colour sequences of [`crate::Style`] take none.
pub fn cells(text: &str) -> usize {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().map_or(0, UnicodeWidthStr::width);
    let visible = |piece: &str| piece.split_once('m').map_or(piece, |(_, rest)| rest).width();
    first + pieces.map(visible).sum::<usize>()
}

/// Returns `text` filled with spaces to `width` cells; a longer text stays as it is.
pub fn padded(text: &str, width: usize, alignment: Alignment) -> String {
    let space = " ".repeat(width.saturating_sub(cells(text)));
    match alignment {
        Alignment::Left => format!("{text}{space}"),
        Alignment::Right => format!("{space}{text}"),
    }
}

/// Returns `text` cut to at most `width` cells, the cut marked by `…`.
pub fn truncated(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        let mut longer = kept.clone();
        longer.push(c);
        if cells(&longer) + 1 > width {
            break;
        }
        kept = longer;
    }
    if width > 0 {
        kept.push('…');
    }
    kept
}

/// Breaks `text` at spaces into lines of at most `width` cells.
///
/// A word that is longer than a line is broken inside.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let gap = usize::from(!line.is_empty());
        if cells(&line) + gap + cells(word) <= width {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            if cells(&line) + c.width().unwrap_or(0) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_takes_no_cell() {
        assert_eq!(cells("a\u{1b}[32m절감\u{1b}[0mb"), 6);
    }

    #[test]
    fn hangul_takes_two_cells() {
        assert_eq!(cells("적정 크기"), 9);
        assert_eq!(padded("위험", 6, Alignment::Left), "위험  ");
        assert_eq!(padded("₩1", 4, Alignment::Right), "  ₩1");
    }

    #[test]
    fn a_cut_never_exceeds_its_width() {
        assert_eq!(truncated("적정 크기", 6), "적정 …");
        assert_eq!(truncated("로비게이트웨이", 6), "로비…");
        assert_eq!(truncated("short", 6), "short");
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrapped("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(wrapped("abcdefghijkl", 8), ["abcdefgh", "ijkl"]);
    }
}

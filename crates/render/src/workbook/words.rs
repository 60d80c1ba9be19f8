//! Texts as a sheet can hold them.

use crate::sanitise;

/// UTF-16 units that a cell holds.
const MOST: usize = 32_767;
/// What stands behind a text that was cut.
const CUT: &str = "…";

/// How many texts are not what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Texts that were longer than a cell.
    pub(crate) cut: usize,
    /// Texts with characters that nobody sees, which were left out.
    pub(crate) cleaned: usize,
}

/// Returns a text that a cell can hold and that reads as what it is.
pub(super) fn kept(text: &str, tally: &mut Tally) -> String {
    let safe = sanitise(text);
    // Line breaks become spaces, which is no loss worth a word.
    let is_same = safe.chars().filter(|c| *c != ' ').eq(text.chars().filter(|c| !is_space(*c)));
    if !is_same {
        tally.cleaned += 1;
    }
    let mut safe = unread(&safe);
    if length(&safe) > MOST {
        tally.cut += 1;
        safe = beginning(&safe, MOST - length(CUT));
        safe.push_str(CUT);
    }
    safe
}

/// Returns the beginning of a text, of so many UTF-16 units at most.
pub(super) fn beginning(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

/// Returns how many UTF-16 units a text has.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}')
}

/// Keeps readers from taking a part of a text for something else: `_x0041_` for the character
/// of that number, and `<r>…</r>`, which the writer hands on as markup.
fn unread(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        safe.push_str(before);
        let code = from.get(2..6);
        let is_code = code.is_some_and(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        safe.push_str(if is_code && from.get(6..7) == Some("_") { "_x005F_x" } else { "_x" });
        rest = from.get(2..).unwrap_or_default();
    }
    safe.push_str(rest);
    if safe.starts_with("<r>") && safe.ends_with("</r>") {
        safe.push(' ');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, tally: Tally) {
        let mut found = Tally::default();
        assert_eq!(kept(text, &mut found), expected);
        assert_eq!(found, tally, "{text:?}");
    }

    #[test]
    fn a_name_stays_what_it_is() {
        for name in
            ["로비 게이트웨이", "=HYPERLINK(\"http://x\",\"y\")", "-1", "@x", "a_x", "_xyz_"]
        {
            check(name, name, Tally::default());
        }
        check("two\nlines", "two lines", Tally::default());
    }

    #[test]
    fn what_nobody_sees_is_left_out_and_counted() {
        check("pay\u{202e}fdp.exe", "payfdp.exe", Tally { cut: 0, cleaned: 1 });
        check("a\u{1b}[31mred", "ared", Tally { cut: 0, cleaned: 1 });
    }

    #[test]
    fn no_part_of_a_name_is_read_as_something_else() {
        check("a_x000D_b", "a_x005F_x000D_b", Tally::default());
        check("<r><t>x</t></r>", "<r><t>x</t></r> ", Tally::default());
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_marked() {
        let mut tally = Tally::default();
        let cut = kept(&"가😀".repeat(20_000), &mut tally);
        assert!(length(&cut) <= MOST && cut.ends_with('…'), "{}", length(&cut));
        assert_eq!(tally, Tally { cut: 1, cleaned: 0 });
        check(&"가".repeat(MOST), &"가".repeat(MOST), Tally::default());
    }
}

//! Takes a line apart from the left.

/// What is left of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'l>(&'l [u8]);

impl<'l> Fields<'l> {
    pub(super) fn new(line: &'l [u8]) -> Self {
        Self(line)
    }

    /// Returns whether nothing is left.
    pub(super) fn is_done(self) -> bool {
        self.0.is_empty()
    }

    /// Takes everything up to `mark`, and the mark with it; all that is left if `mark` does not
    /// come and something is left.
    pub(super) fn word(&mut self, mark: u8) -> Option<&'l [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let at = find(self.0, mark).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(at);
        self.0 = rest.get(1..).unwrap_or_default();
        Some(word)
    }

    /// Takes `expected` if it comes next.
    pub(super) fn expect(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// Takes what is between two quotes, quotes behind a backslash included.
    pub(super) fn quoted(&mut self) -> Option<&'l [u8]> {
        let inner = self.0.strip_prefix(b"\"")?;
        let mut end = find(inner, b'"')?;
        while is_escaped(inner.split_at(end).0) {
            let behind = inner.get(end + 1..).unwrap_or_default();
            end += 1 + find(behind, b'"')?;
        }
        let (text, rest) = inner.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
        Some(text)
    }

    /// Takes a word or what is between quotes, and the space behind it.
    pub(super) fn field(&mut self) -> Option<&'l [u8]> {
        if self.0.first() != Some(&b'"') {
            return self.word(b' ');
        }
        let text = self.quoted()?;
        if !self.is_done() {
            self.expect(b" ")?;
        }
        Some(text)
    }
}

/// Returns whether what comes behind a text is escaped: an odd number of backslashes ends it.
fn is_escaped(text: &[u8]) -> bool {
    text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Finds the first of a byte, eight bytes at a time: lines are long, and most of one is passed over.
pub(super) fn find(text: &[u8], wanted: u8) -> Option<usize> {
    const LOWEST: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    let pattern = LOWEST * u64::from(wanted);
    let (eights, rest) = text.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        // A byte of these is zero where it is the wanted one, and borrows only there or above.
        let differences = u64::from_le_bytes(*eight) ^ pattern;
        let found = differences.wrapping_sub(LOWEST) & !differences & HIGHEST;
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| *byte == wanted)?;
    Some(eights.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let mut fields = Fields::new(line.as_bytes());
        let mut found = Vec::new();
        while let Some(field) = fields.field() {
            found.push(String::from_utf8_lossy(field).into_owned());
        }
        assert_eq!(found, expected, "{line}");
    }

    proptest! {
        #[test]
        fn a_byte_is_found_where_it_is(text in prop::collection::vec(0_u8..6, 0..60), wanted in 0_u8..6) {
            // Bytes that differ by one, and by the highest bit, are those that could be confused.
            for shift in [0_u8, 0x7d, 0xfa] {
                let shifted: Vec<u8> = text.iter().map(|byte| byte.wrapping_add(shift)).collect();
                let wanted = wanted.wrapping_add(shift);
                let expected = shifted.iter().position(|byte| *byte == wanted);
                prop_assert_eq!(find(&shifted, wanted), expected);
            }
        }

        #[test]
        fn a_quote_ends_at_the_first_that_is_not_escaped(inner in "[a\\\\\" ]{0,24}") {
            let text = format!("\"{inner}");
            let mut is_escaped = false;
            let expected = inner.bytes().position(|byte| {
                let is_end = byte == b'"' && !is_escaped;
                is_escaped = byte == b'\\' && !is_escaped;
                is_end
            });
            let found = Fields::new(text.as_bytes()).quoted().map(<[u8]>::len);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn fields_are_words_or_quoted() {
        check("a \"b c\" d", &["a", "b c", "d"]);
        check(r#""say \"hi\" \\" x"#, &[r#"say \"hi\" \\"#, "x"]);
        check("a \"never closed", &["a"]);
        check("", &[]);
    }
}

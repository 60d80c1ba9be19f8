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
        let at = self.0.iter().position(|byte| *byte == mark).unwrap_or(self.0.len());
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
        let mut is_escaped = false;
        let end = inner.iter().position(|byte| {
            let is_end = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            is_end
        })?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let mut fields = Fields::new(line.as_bytes());
        let mut found = Vec::new();
        while let Some(field) = fields.field() {
            found.push(String::from_utf8_lossy(field).into_owned());
        }
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn fields_are_words_or_quoted() {
        check("a \"b c\" d", &["a", "b c", "d"]);
        check(r#""say \"hi\" \\" x"#, &[r#"say \"hi\" \\"#, "x"]);
        check("a \"never closed", &["a"]);
        check("", &[]);
    }
}

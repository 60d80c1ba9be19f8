//! One row of an answer: every question asks for text, so that products and versions do not differ.

/// The values of a row, in the order of the question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row(Vec<Option<String>>);

impl Row {
    pub(crate) fn new(values: Vec<Option<String>>) -> Self {
        Self(values)
    }

    /// Returns a value, if there is one.
    pub(crate) fn text(&self, at: usize) -> Option<&str> {
        self.0.get(at)?.as_deref()
    }

    /// Returns a value, or nothing of it where there is none.
    pub(crate) fn name(&self, at: usize) -> String {
        self.text(at).unwrap_or_default().to_owned()
    }

    /// Returns a whole number that is not negative.
    pub(crate) fn count(&self, at: usize) -> Option<u64> {
        let text = self.text(at)?;
        text.parse().ok().or_else(|| {
            let value =
                text.parse::<f64>().ok().filter(|value| *value >= 0.0 && *value < 1.8e19)?;
            Some(value as u64)
        })
    }

    /// Returns a number.
    pub(crate) fn figure(&self, at: usize) -> Option<f64> {
        self.text(at)?.parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// Returns whether a value says yes.
    pub(crate) fn is_yes(&self, at: usize) -> bool {
        matches!(self.text(at), Some("1" | "t" | "true" | "YES" | "ON" | "yes" | "on"))
    }
}

/// Returns the value of each name in an answer of two columns.
pub(crate) fn named<'r>(rows: &'r [Row], name: &str) -> Option<&'r Row> {
    rows.iter().find(|row| row.text(0).is_some_and(|found| found.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_be_written_in_many_ways() {
        let row = Row::new(vec![Some("12".into()), Some("12.0".into()), Some("-1".into()), None]);
        assert_eq!(
            (row.count(0), row.count(1), row.count(2), row.count(3)),
            (Some(12), Some(12), None, None)
        );
        assert_eq!(row.figure(2), Some(-1.0));
    }
}

//! Lines of a page: headings, wrapped sentences, labelled values, bullets.

use crate::style::Style;
use crate::width::{Alignment, padded, wrapped};

/// Cells of the label column.
const LABEL: usize = 14;

/// A page under construction.
pub(super) struct Page<'a> {
    style: &'a Style,
    text: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(style: &'a Style) -> Self {
        Self { style, text: String::new() }
    }

    /// Adds one line as it is.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds an empty line, unless the page is empty or ends in one.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds a section title behind an empty line.
    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        self.line(&self.style.bold(title));
    }

    /// Adds a sentence, wrapped.
    pub(super) fn sentence(&mut self, text: &str) {
        self.hanging("", 0, text);
    }

    /// Adds a sentence in bold, wrapped.
    pub(super) fn strong(&mut self, text: &str) {
        for line in wrapped(text, self.style.width) {
            self.line(&self.style.bold(&line));
        }
    }

    /// Adds a fainter sentence, wrapped.
    pub(super) fn faint(&mut self, text: &str) {
        for line in wrapped(text, self.style.width) {
            self.line(&self.style.dim(&line));
        }
    }

    /// Adds a label and its value; further lines of the value stand below its first.
    pub(super) fn labelled(&mut self, label: &str, value: &str) {
        let label = padded(&format!(" {label}"), LABEL, Alignment::Left) + " ";
        self.hanging(&label, crate::width::cells(&label), value);
    }

    /// Adds an item of a list, wrapped.
    pub(super) fn bullet(&mut self, text: &str) {
        self.hanging(" - ", 3, text);
    }

    /// Adds a sentence below an item of a list, wrapped.
    pub(super) fn detail(&mut self, text: &str) {
        self.hanging("   ", 3, text);
    }

    /// Adds a numbered step, wrapped.
    pub(super) fn step(&mut self, number: usize, text: &str) {
        self.hanging(&format!("{number:>2}. "), 4, text);
    }

    /// Adds a command, never wrapped, so that it can be copied.
    pub(super) fn command(&mut self, command: &str) {
        self.line(&format!("   {}", crate::sanitise(command)));
    }

    /// Adds text that ends its own lines.
    pub(super) fn block(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn hanging(&mut self, first: &str, indent: usize, text: &str) {
        let lines = wrapped(text, self.style.width.saturating_sub(indent));
        for (index, line) in lines.iter().enumerate() {
            let lead = if index == 0 { first.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{lead}{line}"));
        }
    }
}

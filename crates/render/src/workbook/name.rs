//! Names of sheets: short, allowed and each its own.

use std::collections::BTreeSet;

use super::words::{beginning, length};
use crate::sanitise;

/// UTF-16 units of a sheet's name.
const MOST: usize = 31;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Returns a name for a sheet that is about `title`.
    pub(super) fn name(&mut self, title: &str) -> String {
        let is_forbidden =
            |c: char| matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '!' | '\'');
        let allowed: String =
            sanitise(title).chars().map(|c| if is_forbidden(c) { ' ' } else { c }).collect();
        let words: Vec<&str> = allowed.split_whitespace().collect();
        let mut base = beginning(&words.join(" "), MOST).trim().to_owned();
        // A sheet of this name is the program's own.
        if base.is_empty() || base.eq_ignore_ascii_case("history") {
            base.push('_');
        }
        let mut name = base.clone();
        let mut number = 1_u32;
        while !self.taken.insert(name.to_lowercase()) {
            number += 1;
            let ending = format!(" {number}");
            name = beginning(&base, MOST - length(&ending)).trim_end().to_owned() + &ending;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_and_each_its_own() {
        let mut names = Names::default();
        assert_eq!(names.name("무엇이 움직였나"), "무엇이 움직였나");
        assert_eq!(names.name("무엇이 움직였나"), "무엇이 움직였나 2");
        assert_eq!(names.name("a/b[c]:*?\\'d'"), "a b c d");
        assert_eq!(names.name("A B C D"), "A B C D 2");
        assert_eq!(names.name(""), "_");
        assert_eq!(names.name("History"), "History_");
        let long = "길고긴이름".repeat(10);
        for _ in 0..12 {
            let name = names.name(&long);
            assert!(length(&name) <= MOST, "{name}");
        }
        assert_eq!(names.taken.len(), 18);
    }
}

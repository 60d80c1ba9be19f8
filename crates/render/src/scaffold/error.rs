//! Why a project is not written.

use thiserror::Error;

/// What keeps a project from being written: a value that AWS, or a file of the project, does not take.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScaffoldError {
    /// A text has another form than the rule says.
    #[error("{field} {value:?} cannot be used; give {rule}")]
    Text {
        /// What the value is of, such as `the name`.
        field: String,
        /// The value as it was given.
        value: String,
        /// What is taken, such as `1 to 64 letters, digits and hyphens`.
        rule: &'static str,
    },
    /// A number lies outside its bounds.
    #[error("{field} {value} cannot be used; give a number from {lowest} to {highest}")]
    Number {
        /// What the number is, with its unit, such as `the timeout in seconds`.
        field: &'static str,
        /// The number as it was given.
        value: u32,
        /// The smallest that is taken.
        lowest: u32,
        /// The largest that is taken.
        highest: u32,
    },
    /// A number is none of a list.
    #[error("{field} {value} cannot be used; give one of {choices}")]
    Choice {
        /// What the number is, with its unit.
        field: &'static str,
        /// The number as it was given.
        value: u32,
        /// The numbers that are taken.
        choices: String,
    },
    /// A list has fewer or more entries than AWS takes.
    #[error("{field} are {count}; give {lowest} to {highest} of them")]
    Count {
        /// What is listed, such as `the subnets`.
        field: &'static str,
        /// How many were given.
        count: usize,
        /// The fewest that are taken.
        lowest: usize,
        /// The most that are taken.
        highest: usize,
    },
}

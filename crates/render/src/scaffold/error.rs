//! Why a project is not written.

use thiserror::Error;

use trimtab_model::text::{StaticText, Text};

/// What keeps a project from being written: a value that AWS, or a file of the project, does not take.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScaffoldError {
    /// A text has another form than the rule says.
    #[error("{} {value:?} cannot be used; give {}", field.en, rule.en)]
    Text {
        /// What the value is of, such as `the name`.
        field: Text,
        /// The value as it was given.
        value: String,
        /// What is taken, such as `1 to 64 letters, digits and hyphens`.
        rule: StaticText,
    },
    /// A number lies outside its bounds.
    #[error("{} {value} cannot be used; give a number from {lowest} to {highest}", field.en)]
    Number {
        /// What the number is, with its unit, such as `the timeout in seconds`.
        field: StaticText,
        /// The number as it was given.
        value: u32,
        /// The smallest that is taken.
        lowest: u32,
        /// The largest that is taken.
        highest: u32,
    },
    /// A number is none of a list.
    #[error("{} {value} cannot be used; give one of {choices}", field.en)]
    Choice {
        /// What the number is, with its unit.
        field: StaticText,
        /// The number as it was given.
        value: u32,
        /// The numbers that are taken.
        choices: String,
    },
    /// A list has fewer or more entries than AWS takes.
    #[error("{} are {count}; give {lowest} to {highest} of them", field.en)]
    Count {
        /// What is listed, such as `the subnets`.
        field: StaticText,
        /// How many were given.
        count: usize,
        /// The fewest that are taken.
        lowest: usize,
        /// The most that are taken.
        highest: usize,
    },
}

impl ScaffoldError {
    /// Returns the error in both languages.
    pub fn text(&self) -> Text {
        let ko = match self {
            Self::Text { field, value, rule } => {
                format!(
                    "{}에 쓸 수 없는 값입니다: {value:?}. {}만 쓸 수 있습니다",
                    field.ko, rule.ko
                )
            }
            Self::Number { field, value, lowest, highest } => format!(
                "{}에 쓸 수 없는 값입니다: {value}. {lowest} 이상 {highest} 이하의 수만 쓸 수 있습니다",
                field.ko
            ),
            Self::Choice { field, value, choices } => format!(
                "{}에 쓸 수 없는 값입니다: {value}. 다음 중 하나만 쓸 수 있습니다: {choices}",
                field.ko
            ),
            Self::Count { field, count, lowest, highest } => {
                format!("{}: {count}. {lowest} 이상 {highest} 이하여야 합니다", field.ko)
            }
        };
        Text::new(self.to_string(), ko)
    }
}

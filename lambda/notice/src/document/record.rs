//! One notice as its file has it: named fields with their places, not yet judged.

use crate::problem::Place;

/// Is one notice as its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it begins.
    pub place: Place,
    /// Its fields, in the order of the file.
    pub fields: Vec<Field>,
}

/// Is one field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it says.
    pub value: Value,
    /// Where its value begins.
    pub place: Place,
}

/// Is what a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

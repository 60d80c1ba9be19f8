//! A document of maps and lists, and how YAML prints it.
//!
//! Documents are values until they are printed, and every text is printed by one function: no value
//! can end its line, its list or its map.

use std::fmt::Write as _;

use super::quote::quoted;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Text(String),
    Number(u64),
    Flag(bool),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    key: String,
    value: Node,
    /// What is said above it, for whoever reads the file.
    comment: Option<&'static str>,
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Node {
    fn from(number: u32) -> Self {
        Self::Number(u64::from(number))
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// A map that grows entry by entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Map(Vec<Entry>);

impl Map {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Returns the map with one more entry.
    pub(super) fn with(mut self, key: &str, value: impl Into<Node>) -> Self {
        self.0.push(Entry { key: key.to_owned(), value: value.into(), comment: None });
        self
    }

    /// Returns the map with one more entry, where there is a value.
    pub(super) fn with_some(self, key: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Returns the map with one more entry and a comment above it.
    pub(super) fn noted(
        mut self,
        comment: &'static str,
        key: &str,
        value: impl Into<Node>,
    ) -> Self {
        let entry = Entry { key: key.to_owned(), value: value.into(), comment: Some(comment) };
        self.0.push(entry);
        self
    }

    /// Returns the map with all entries of another after its own.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Self {
        Self::Map(map.0)
    }
}

/// Returns a list.
pub(super) fn list<T: Into<Node>>(items: impl IntoIterator<Item = T>) -> Node {
    Node::List(items.into_iter().map(Into::into).collect())
}

/// Returns the reference to a parameter or resource of the same template.
pub(super) fn reference(id: &str) -> Node {
    Map::new().with("Ref", id).into()
}

/// Returns an attribute of a resource of the same template.
pub(super) fn attribute(id: &str, name: &str) -> Node {
    Map::new().with("Fn::GetAtt", list([id, name])).into()
}

/// Returns a text in which CloudFormation fills `${…}`; its parts are of this crate, and not given.
pub(super) fn filled(text: impl Into<Node>) -> Node {
    Map::new().with("Fn::Sub", text).into()
}

/// Returns a document as YAML, below a comment.
pub(super) fn yaml(comment: &str, map: Map) -> String {
    let mut text = String::new();
    push_comment(&mut text, comment, 0);
    push_map(&mut text, &map.0, 0);
    text
}

/// Returns a document as JSON.
pub(super) fn json(map: Map) -> String {
    let value = value_of(Node::from(map));
    let text = serde_json::to_string_pretty(&value).expect("maps have keys that are texts");
    format!("{text}\n")
}

fn value_of(node: Node) -> serde_json::Value {
    match node {
        Node::Text(text) => text.into(),
        Node::Number(number) => number.into(),
        Node::Flag(flag) => flag.into(),
        Node::List(items) => items.into_iter().map(value_of).collect(),
        Node::Map(entries) => {
            let pairs = entries.into_iter().map(|entry| (entry.key, value_of(entry.value)));
            serde_json::Value::Object(pairs.collect())
        }
    }
}

fn push_comment(text: &mut String, comment: &str, depth: usize) {
    for line in comment.lines() {
        push_line(text, depth, &format!("# {line}"));
    }
}

fn push_line(text: &mut String, depth: usize, line: &str) {
    writeln!(text, "{:width$}{line}", "", width = depth * 2).expect("a String takes every line");
}

fn push_map(text: &mut String, entries: &[Entry], depth: usize) {
    for entry in entries {
        if let Some(comment) = entry.comment {
            push_comment(text, comment, depth);
        }
        push_value(text, &format!("{}:", scalar(&entry.key)), &entry.value, depth);
    }
}

/// Prints a value behind its key, or behind the hyphen of a list.
fn push_value(text: &mut String, before: &str, value: &Node, depth: usize) {
    match value {
        Node::List(items) if items.is_empty() => push_line(text, depth, &format!("{before} []")),
        Node::Map(entries) if entries.is_empty() => {
            push_line(text, depth, &format!("{before} {{}}"))
        }
        Node::List(items) => {
            push_line(text, depth, before);
            for item in items {
                push_value(text, "-", item, depth + 1);
            }
        }
        Node::Map(entries) if before == "-" => push_item(text, entries, depth),
        Node::Map(entries) => {
            push_line(text, depth, before);
            push_map(text, entries, depth + 1);
        }
        Node::Text(value) => push_line(text, depth, &format!("{before} {}", scalar(value))),
        Node::Number(number) => push_line(text, depth, &format!("{before} {number}")),
        Node::Flag(flag) => push_line(text, depth, &format!("{before} {flag}")),
    }
}

/// Prints a map in a list: its first key stands behind the hyphen.
fn push_item(text: &mut String, entries: &[Entry], depth: usize) {
    let mut item = String::new();
    push_map(&mut item, entries, depth + 1);
    let inner = (depth + 1) * 2;
    // The first key takes the place that its indent had; two columns are just the hyphen's.
    let rest = item.get(inner..).unwrap_or_default();
    text.push_str(&" ".repeat(depth * 2));
    text.push_str("- ");
    text.push_str(rest);
}

/// Returns a text as YAML prints it: bare where it can be nothing else, else between quotes.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    // What YAML 1.1 reads as something else than a text.
    const WORDS: [&str; 11] =
        ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let has_double_colon = text.split("::").count() > 1;
    let bare = if has_double_colon { text.replace("::", "") } else { text.to_owned() };
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && bare.chars().all(is_inside)
        && text.ends_with(|last: char| last.is_ascii_alphanumeric())
        && !WORDS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_reads_like_yaml() {
        let rules = [Map::new().with("name", "a").with("values", list(["b", "c"]))];
        let map = Map::new()
            .with("type", "AWS::S3::Bucket")
            .noted("Why it is so.", "size", 3_u32)
            .with("none", list::<Node>([]))
            .with("rules", list(rules));
        assert_eq!(
            yaml("A file.", map),
            "# A file.\ntype: AWS::S3::Bucket\n# Why it is so.\nsize: 3\nnone: []\nrules:\n  \
             - name: a\n    values:\n      - b\n      - c\n"
        );
    }

    #[test]
    fn what_could_be_something_else_is_quoted() {
        for text in
            ["", "yes", "Off", "12", "1e3", "a: b", "a #b", "- a", "*a", "a:", "a\nb", "2026-01-01"]
        {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
        assert_eq!(scalar("ap-northeast-2"), "ap-northeast-2");
    }
}

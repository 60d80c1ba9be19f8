//! Blocks of Terraform, and how HCL prints them.

use super::quote::literal;

/// What an argument is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// A text as it is, whatever it holds.
    Literal(String),
    /// A text with `${…}` in it; written in this crate, and never given.
    Template(String),
    /// A reference or a call; written in this crate, and never given.
    Code(String),
    Number(u64),
    Flag(bool),
    List(Vec<Expression>),
    Object(Vec<(String, Expression)>),
}

/// A block: its kind, its labels, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    kind: &'static str,
    labels: Vec<&'static str>,
    comment: Option<&'static str>,
    body: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Argument(&'static str, Expression),
    Block(Block),
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self::Literal(text.to_owned())
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self::Literal(text)
    }
}

impl From<u32> for Expression {
    fn from(number: u32) -> Self {
        Self::Number(u64::from(number))
    }
}

impl From<bool> for Expression {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Returns a reference or a call.
pub(super) fn code(text: &str) -> Expression {
    Expression::Code(text.to_owned())
}

/// Returns a list.
pub(super) fn list<T: Into<Expression>>(items: impl IntoIterator<Item = T>) -> Expression {
    Expression::List(items.into_iter().map(Into::into).collect())
}

/// Returns an object.
pub(super) fn object<T: Into<Expression>>(
    pairs: impl IntoIterator<Item = (String, T)>,
) -> Expression {
    Expression::Object(pairs.into_iter().map(|(key, value)| (key, value.into())).collect())
}

impl Block {
    pub(super) fn new(kind: &'static str, labels: &[&'static str]) -> Self {
        Self { kind, labels: labels.to_vec(), comment: None, body: Vec::new() }
    }

    /// Returns a block that is a resource.
    pub(super) fn resource(kind: &'static str, name: &'static str) -> Self {
        Self::new("resource", &[kind, name])
    }

    /// Returns the block with one more argument.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Expression>) -> Self {
        self.body.push(Item::Argument(name, value.into()));
        self
    }

    /// Returns the block with one more argument, where there is a value.
    pub(super) fn with_some(
        self,
        name: &'static str,
        value: Option<impl Into<Expression>>,
    ) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Returns the block with a block in it.
    pub(super) fn inside(mut self, block: Self) -> Self {
        self.body.push(Item::Block(block));
        self
    }

    /// Returns the block with a comment above it.
    pub(super) fn noted(mut self, comment: &'static str) -> Self {
        self.comment = Some(comment);
        self
    }
}

/// Returns blocks as a file of Terraform, with the spaces that `terraform fmt` would give it.
pub(super) fn hcl(blocks: &[Block]) -> String {
    let printed: Vec<String> = blocks.iter().map(|block| lines_of(block).join("\n")).collect();
    format!("{}\n", printed.join("\n\n"))
}

fn lines_of(block: &Block) -> Vec<String> {
    let comments = block.comment.into_iter().flat_map(str::lines).map(|line| format!("# {line}"));
    let mut lines: Vec<String> = comments.collect();
    let labels: String = block.labels.iter().map(|label| format!(" {}", literal(label))).collect();
    if block.body.is_empty() {
        lines.push(format!("{}{labels} {{}}", block.kind));
        return lines;
    }
    lines.push(format!("{}{labels} {{", block.kind));
    lines.extend(body_lines(&block.body).into_iter().map(indented));
    lines.push("}".to_owned());
    lines
}

fn body_lines(body: &[Item]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut arguments: Vec<(String, &Expression)> = Vec::new();
    for item in body {
        match item {
            Item::Argument(name, value) => {
                if arguments.is_empty() && !lines.is_empty() {
                    lines.push(String::new());
                }
                arguments.push(((*name).to_owned(), value));
            }
            Item::Block(block) => {
                lines.extend(argument_lines(&std::mem::take(&mut arguments)));
                if !lines.is_empty() {
                    lines.push(String::new());
                }
                lines.extend(lines_of(block));
            }
        }
    }
    lines.extend(argument_lines(&arguments));
    lines
}

/// Prints arguments; the equals signs of neighbours of one line each stand below each other.
fn argument_lines(arguments: &[(String, &Expression)]) -> Vec<String> {
    let printed: Vec<(&str, Vec<String>)> =
        arguments.iter().map(|(name, value)| (name.as_str(), expression_lines(value))).collect();
    let mut lines = Vec::new();
    let is_one = |value: &[String]| value.len() == 1;
    for group in printed.chunk_by(|(_, left), (_, right)| is_one(left) && is_one(right)) {
        let widest = group.iter().filter(|(_, value)| is_one(value)).map(|(name, _)| name.len());
        let width = widest.max().unwrap_or_default();
        for (name, value) in group {
            let mut parts = value.iter();
            let first = parts.next().map_or("", String::as_str);
            lines.push(format!("{name:width$} = {first}"));
            lines.extend(parts.cloned());
        }
    }
    lines
}

fn expression_lines(expression: &Expression) -> Vec<String> {
    match expression {
        Expression::Literal(text) => vec![literal(text)],
        Expression::Template(text) => vec![format!("\"{text}\"")],
        Expression::Code(text) => vec![text.clone()],
        Expression::Number(number) => vec![number.to_string()],
        Expression::Flag(flag) => vec![flag.to_string()],
        Expression::List(items) => list_lines(items),
        Expression::Object(pairs) if pairs.is_empty() => vec!["{}".to_owned()],
        Expression::Object(pairs) => {
            let named: Vec<(String, &Expression)> =
                pairs.iter().map(|(key, value)| (key_of(key), value)).collect();
            let mut lines = vec!["{".to_owned()];
            lines.extend(argument_lines(&named).into_iter().map(indented));
            lines.push("}".to_owned());
            lines
        }
    }
}

fn list_lines(items: &[Expression]) -> Vec<String> {
    let printed: Vec<Vec<String>> = items.iter().map(expression_lines).collect();
    if let [only] = printed.as_slice()
        && let [line] = only.as_slice()
    {
        return vec![format!("[{line}]")];
    }
    if printed.is_empty() {
        return vec!["[]".to_owned()];
    }
    let mut lines = vec!["[".to_owned()];
    for mut item in printed {
        if let Some(last) = item.last_mut() {
            last.push(',');
        }
        lines.extend(item.into_iter().map(indented));
    }
    lines.push("]".to_owned());
    lines
}

fn key_of(key: &str) -> String {
    let is_name = key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_name { key.to_owned() } else { literal(key) }
}

fn indented(line: String) -> String {
    if line.is_empty() { line } else { format!("  {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reads_like_terraform() {
        let block = Block::resource("aws_sqs_queue", "dead_letter")
            .noted("What failed for good.")
            .with("name", "a${b}")
            .with("message_retention_seconds", 60_u32)
            .inside(Block::new("tags", &[]).with("a", list(["b", "c"])));
        assert_eq!(
            hcl(&[block]),
            "# What failed for good.\nresource \"aws_sqs_queue\" \"dead_letter\" {\n  \
             name                      = \"a\\u0024{b}\"\n  message_retention_seconds = 60\n\n  \
             tags {\n    a = [\n      \"b\",\n      \"c\",\n    ]\n  }\n}\n"
        );
    }
}

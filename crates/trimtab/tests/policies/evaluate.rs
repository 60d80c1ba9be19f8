//! What IAM would say of a request, by the policies that are printed.
//!
//! It knows the elements and operators that those policies have, as the IAM user guide describes
//! them ("IAM JSON policy elements: condition operators", "Policy evaluation logic"), and fails on
//! any other, so that nothing is taken for denied because it is not understood.

use std::collections::BTreeMap;

use serde_json::Value;

/// A request, as IAM sees it: one action on one resource.
#[derive(Debug, Clone)]
pub struct Request {
    pub action: String,
    pub resource: String,
    pub context: BTreeMap<String, Vec<String>>,
}

impl Request {
    pub fn new(action: &str, resource: &str) -> Self {
        let (action, resource) = (action.to_owned(), resource.to_owned());
        Self { action, resource, context: BTreeMap::new() }
    }

    /// Returns the same with a key of the context, or with other values of it.
    pub fn with(mut self, key: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.context.insert(key.to_lowercase(), values);
        self
    }

    /// Returns the same without a key of the context.
    pub fn without(mut self, key: &str) -> Self {
        self.context.remove(&key.to_lowercase());
        self
    }

    fn values(&self, key: &str) -> Option<&[String]> {
        self.context.get(&key.to_lowercase()).map(Vec::as_slice)
    }
}

/// Returns whether a request is allowed by each of the policies and denied by none: the policies
/// of a role, its boundary and its session each have to allow it.
pub fn is_allowed(policies: &[&Value], request: &Request) -> bool {
    policies.iter().all(|policy| has(policy, "Allow", request))
        && !policies.iter().any(|policy| has(policy, "Deny", request))
}

fn has(policy: &Value, effect: &str, request: &Request) -> bool {
    let statements = policy["Statement"].as_array().expect("a list of statements");
    statements.iter().any(|one| one["Effect"] == effect && is_about(one, request))
}

fn is_about(statement: &Value, request: &Request) -> bool {
    let fields = statement.as_object().expect("a statement");
    for name in fields.keys() {
        let known =
            ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"]
                .contains(&name.as_str());
        assert!(known, "{name} is not understood here");
    }
    let is_action =
        |pattern: &String| is_like(&pattern.to_lowercase(), &request.action.to_lowercase());
    let is_resource = |pattern: &String| is_like(pattern, &request.resource);
    let is_named = match fields.get("NotResource") {
        Some(others) => !texts(others).iter().any(is_resource),
        None => texts(&statement["Resource"]).iter().any(is_resource),
    };
    let is_asked = match fields.get("NotAction") {
        Some(others) => !texts(others).iter().any(is_action),
        None => texts(&statement["Action"]).iter().any(is_action),
    };
    is_asked
        && is_named
        && conditions(&statement["Condition"]).all(|(operator, key, values)| {
            holds(operator, request.values(key), &expanded(&values, request))
        })
}

/// Lists the conditions: operator, key and values.
fn conditions(block: &Value) -> impl Iterator<Item = (&str, &str, Vec<String>)> {
    block.as_object().into_iter().flatten().flat_map(|(operator, keys)| {
        let keys = keys.as_object().expect("keys with values");
        keys.iter().map(move |(key, values)| (operator.as_str(), key.as_str(), texts(values)))
    })
}

/// Puts the values of variables in their places. One that has none matches nothing.
fn expanded(values: &[String], request: &Request) -> Vec<String> {
    values
        .iter()
        .filter_map(|value| {
            let Some((before, rest)) = value.split_once("${") else { return Some(value.clone()) };
            let (key, after) = rest.split_once('}').expect("a variable ends");
            let found = request.values(key)?.first()?;
            Some(format!("{before}{found}{after}"))
        })
        .collect()
}

fn holds(operator: &str, found: Option<&[String]>, values: &[String]) -> bool {
    let is_one = |one: &String| values.contains(one);
    let is_any_like = |one: &String| values.iter().any(|pattern| is_like(pattern, one));
    let any = |is: &dyn Fn(&String) -> bool| found.is_some_and(|found| found.iter().any(is));
    match operator {
        "StringEquals" => any(&is_one),
        "StringEqualsIfExists" => found.is_none() || any(&is_one),
        "StringNotEquals" => !any(&is_one),
        "StringLike" | "ArnLike" => any(&is_any_like),
        // True of a request that has no such key.
        "ArnNotLike" => !any(&is_any_like),
        "Bool" => any(&|one| values.iter().any(|value| value.eq_ignore_ascii_case(one))),
        "Null" => values.iter().any(|value| (value == "true") == found.is_none()),
        "ForAnyValue:StringEquals" => any(&is_one),
        // True of a request that names none at all.
        "ForAllValues:StringEquals" => found.is_none_or(|found| found.iter().all(is_one)),
        other => unreachable!("{other} is not understood here"),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Null => Vec::new(),
        other => unreachable!("{other} is no text"),
    }
}

/// Returns whether a text is like a pattern, in which `*` is any characters and `?` one.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut signs = pattern.chars();
    match signs.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = signs.as_str();
            text.char_indices().map(|(at, _)| &text[at..]).chain([""]).any(|end| is_like(rest, end))
        }
        Some(sign) => {
            let mut letters = text.chars();
            letters.next().is_some_and(|letter| sign == '?' || sign == letter)
                && is_like(signs.as_str(), letters.as_str())
        }
    }
}

#[test]
fn patterns_are_read_as_iam_reads_them() {
    for (pattern, text, expected) in [
        ("*", "", true),
        ("ec2:Describe*", "ec2:DescribeTags", true),
        ("ec2:Describe*", "ec2:Delete", false),
        ("m7i.*", "m7i.large", true),
        ("m7i.*", "xm7i.large", false),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*/key/*x", "arn/key/ax", true),
    ] {
        assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn operators_are_read_as_iam_reads_them() {
    let one = ["a".to_owned()];
    let both = ["a".to_owned(), "b".to_owned()];
    for (operator, found, values, expected) in [
        ("StringEquals", None, "a", false),
        ("StringEquals", Some(&one[..]), "a", true),
        ("StringEqualsIfExists", None, "a", true),
        ("StringEqualsIfExists", Some(&one[..]), "b", false),
        ("ArnLike", None, "*", false),
        ("ArnLike", Some(&one[..]), "*", true),
        ("ArnNotLike", None, "*", true),
        ("ArnNotLike", Some(&one[..]), "*", false),
        ("StringNotEquals", None, "a", true),
        ("StringNotEquals", Some(&one[..]), "a", false),
        ("ForAllValues:StringEquals", None, "a", true),
        ("ForAllValues:StringEquals", Some(&both[..]), "a", false),
        ("ForAnyValue:StringEquals", None, "a", false),
        ("ForAnyValue:StringEquals", Some(&both[..]), "a", true),
        ("Null", None, "true", true),
        ("Null", Some(&one[..]), "true", false),
        ("Null", Some(&one[..]), "false", true),
    ] {
        assert_eq!(holds(operator, found, &[values.to_owned()]), expected, "{operator} {found:?}");
    }
}

//! Rules of the configuration that take resources out of checks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::id::CheckId;
use crate::resource::{ResourceRef, Tags};

/// The code of a verdict that an owner's tag took out.
pub const TAG_CODE: &str = "ignored";

/// The code of a verdict that a rule of the configuration took out.
pub const RULE_CODE: &str = "exempt-rule";

/// A text in which `*` stands for any letters and `?` for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Glob(String);

impl Glob {
    /// Makes a pattern.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    /// Returns the pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the pattern stands for the whole of `text`.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        // Which prefixes of the text the pattern so far stands for.
        let mut reached = vec![false; text.len() + 1];
        if let Some(empty) = reached.first_mut() {
            *empty = true;
        }
        for sign in self.0.chars() {
            let mut next = vec![false; reached.len()];
            let mut any = false;
            for (length, slot) in next.iter_mut().enumerate() {
                any |= reached.get(length).copied().unwrap_or(false);
                let before = length.checked_sub(1);
                let letter = before.and_then(|at| text.get(at));
                let came = before.and_then(|at| reached.get(at)).copied().unwrap_or(false);
                *slot = match sign {
                    '*' => any,
                    '?' => came,
                    _ => came && letter == Some(&sign),
                };
            }
            reached = next;
        }
        reached.last().copied().unwrap_or(false)
    }
}

/// A tag that a rule asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagPattern {
    /// The key.
    pub key: Glob,
    /// The value; any where absent.
    pub value: Option<Glob>,
}

/// A rule: every condition that it has must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptRule {
    /// The account.
    pub account: Option<Glob>,
    /// The region.
    pub region: Option<Glob>,
    /// The environment.
    pub environment: Option<Environment>,
    /// A tag of the resource.
    pub tag: Option<TagPattern>,
    /// The resource, as its own service names it.
    pub resource: Option<Glob>,
    /// The check.
    pub check: Option<Glob>,
    /// Why, in the owner's words.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

impl ExemptRule {
    /// Returns whether it holds on a day.
    pub fn holds_on(&self, today: Date) -> bool {
        self.until.is_none_or(|last| today <= last)
    }

    /// Returns whether it is about what `check` says of a resource with `tags`.
    pub fn matches(&self, check: &CheckId, resource: &ResourceRef, tags: Option<&Tags>) -> bool {
        let fits = |pattern: &Option<Glob>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
        };
        fits(&self.check, check.as_str())
            && fits(&self.account, resource.account.as_str())
            && fits(&self.region, resource.region.as_str())
            && fits(&self.resource, resource.id.as_str())
            && self.environment.is_none_or(|environment| environment == resource.environment)
            && self.tag.as_ref().is_none_or(|tag| tags.is_some_and(|tags| tag.is_among(tags)))
    }

    /// Returns its conditions in the words of the configuration: `check=ebs-*, tag=Team=qa`.
    pub fn conditions(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| match &tag.value {
            Some(value) => format!("{}={}", tag.key.as_str(), value.as_str()),
            None => tag.key.as_str().to_owned(),
        });
        let glob = |glob: &Option<Glob>| glob.as_ref().map(|glob| glob.as_str().to_owned());
        let conditions = [
            ("account", glob(&self.account)),
            ("region", glob(&self.region)),
            ("environment", self.environment.map(|environment| environment.to_string())),
            ("tag", tag),
            ("resource", glob(&self.resource)),
            ("check", glob(&self.check)),
        ];
        let words: Vec<String> = conditions
            .into_iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", value?)))
            .collect();
        words.join(", ")
    }
}

impl TagPattern {
    fn is_among(&self, tags: &Tags) -> bool {
        tags.iter().any(|(key, value)| {
            self.key.matches(key) && self.value.as_ref().is_none_or(|glob| glob.matches(value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::ResourceKind;

    fn rule() -> ExemptRule {
        ExemptRule {
            account: None,
            region: None,
            environment: None,
            tag: None,
            resource: None,
            check: None,
            reason: "kept for the audit".to_owned(),
            until: None,
        }
    }

    fn resource() -> ResourceRef {
        ResourceRef {
            id: "vol-0a1".into(),
            kind: ResourceKind::Volume,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        }
    }

    fn check(rule: &ExemptRule, expected: bool) {
        let tags = Tags::from([("Team".to_owned(), "데이터팀".to_owned())]);
        let check = "ebs-volume-unattached".into();
        assert_eq!(rule.matches(&check, &resource(), Some(&tags)), expected, "{rule:?}");
    }

    #[test]
    fn a_pattern_stands_for_the_whole_text() {
        let matches = |pattern: &str, text: &str| Glob::new(pattern).matches(text);
        assert!(matches("ebs-*", "ebs-volume-gp2") && matches("*", "") && matches("a?c", "abc"));
        assert!(matches("*-db-*", "live-db-1") && matches("운영*", "운영팀"));
        assert!(!matches("ebs-*", "rds-ebs-1") && !matches("a?c", "ac") && !matches("", "a"));
        assert!(!matches("vol-0a", "vol-0a1"));
    }

    #[test]
    fn every_condition_must_hold() {
        let glob = |text: &str| Some(Glob::new(text));
        check(&ExemptRule { check: glob("ebs-*"), ..rule() }, true);
        check(&ExemptRule { check: glob("ebs-*"), account: glob("999*"), ..rule() }, false);
        check(&ExemptRule { environment: Some(Environment::Prod), ..rule() }, false);
        check(&ExemptRule { resource: glob("vol-0a?"), region: glob("ap-*"), ..rule() }, true);
    }

    #[test]
    fn a_tag_is_asked_for_by_key_or_by_key_and_value() {
        let tag = |key: &str, value: Option<&str>| ExemptRule {
            tag: Some(TagPattern { key: Glob::new(key), value: value.map(Glob::new) }),
            ..rule()
        };
        check(&tag("Team", None), true);
        check(&tag("T*", Some("데이터*")), true);
        check(&tag("Team", Some("라이브팀")), false);
        let without = tag("Team", None).matches(&"x".into(), &resource(), None);
        assert!(!without);
    }

    #[test]
    fn a_rule_holds_through_its_last_day() {
        let rule = ExemptRule { until: "2027-01-31".parse().ok(), ..rule() };
        assert!(rule.holds_on("2027-01-31".parse().unwrap()));
        assert!(!rule.holds_on("2027-02-01".parse().unwrap()));
    }

    #[test]
    fn conditions_are_in_the_words_of_the_configuration() {
        let rule = ExemptRule {
            check: Some(Glob::new("ebs-*")),
            tag: Some(TagPattern { key: Glob::new("Team"), value: Some(Glob::new("qa")) }),
            ..rule()
        };
        assert_eq!(rule.conditions(), "tag=Team=qa, check=ebs-*");
    }
}

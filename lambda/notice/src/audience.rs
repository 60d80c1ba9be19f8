//! Whom a notice is for.

use std::collections::BTreeSet;
use std::fmt;

/// Is whom a notice is for: everybody, or the players that fit a set of traits.
///
/// Traits of one kind are alternatives, traits of different kinds must all fit: `segment:vip segment:new platform:ios`
/// are players on iOS that are VIP or new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience(BTreeSet<Trait>);

/// Is one trait of a player.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trait {
    /// What the trait is about.
    pub kind: TraitKind,
    /// Its value: letters, digits, `-` and `_`.
    pub value: String,
}

/// Is what a trait is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraitKind {
    /// A named group of players.
    Segment,
    /// What they play on.
    Platform,
    /// The language of their client.
    Language,
}

/// How many topics a condition of a push message may name.
const TRAITS_AT_MOST: usize = 5;

impl Audience {
    /// Reads the entries of a file: `all`, or traits such as `segment:vip`.
    ///
    /// # Errors
    ///
    /// With what is wrong, as a fragment.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let entries: Vec<&str> = entries.into_iter().collect();
        if entries.is_empty() {
            return Err("is empty; write `all` or traits such as `segment:vip`".to_owned());
        }
        if entries == ["all"] {
            return Ok(Self(BTreeSet::new()));
        }
        if entries.contains(&"all") {
            return Err("names `all` beside others; keep one of them".to_owned());
        }
        let traits = entries.into_iter().map(Trait::parse).collect::<Result<BTreeSet<_>, _>>()?;
        if traits.len() > TRAITS_AT_MOST {
            return Err(format!(
                "has {} traits; a push message can name {TRAITS_AT_MOST} at most",
                traits.len()
            ));
        }
        Ok(Self(traits))
    }

    /// Returns the condition of a push message over topics, or none for everybody.
    pub fn condition(&self) -> Option<String> {
        let kinds: BTreeSet<TraitKind> = self.0.iter().map(|one| one.kind).collect();
        let groups: Vec<String> = kinds
            .into_iter()
            .map(|kind| {
                let topics: Vec<String> = self
                    .0
                    .iter()
                    .filter(|one| one.kind == kind)
                    .map(|one| format!("'{}-{}' in topics", kind.name(), one.value))
                    .collect();
                if topics.len() == 1 {
                    topics.concat()
                } else {
                    format!("({})", topics.join(" || "))
                }
            })
            .collect();
        if groups.is_empty() { None } else { Some(groups.join(" && ")) }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("all");
        }
        let entries: Vec<String> =
            self.0.iter().map(|one| format!("{}:{}", one.kind.name(), one.value)).collect();
        formatter.write_str(&entries.join(" "))
    }
}

impl Trait {
    fn parse(entry: &str) -> Result<Self, String> {
        let Some((kind, value)) = entry.split_once(':') else {
            return Err(format!("has `{entry}`; write `all` or a trait such as `segment:vip`"));
        };
        let kind = match kind {
            "segment" => TraitKind::Segment,
            "platform" => TraitKind::Platform,
            "language" => TraitKind::Language,
            other => {
                return Err(format!(
                    "has the kind `{other}`; there are segment, platform and language"
                ));
            }
        };
        let is_plain =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        if value.is_empty() || value.len() > 64 || !value.chars().all(is_plain) {
            return Err(format!("has `{entry}`; a value is 1 to 64 letters, digits, `-` or `_`"));
        }
        Ok(Self { kind, value: value.to_owned() })
    }
}

impl TraitKind {
    fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::Platform => "platform",
            Self::Language => "language",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entries: &[&str], expected: Result<(&str, Option<&str>), &str>) {
        match (Audience::parse(entries.iter().copied()), expected) {
            (Ok(audience), Ok((text, condition))) => {
                assert_eq!(audience.to_string(), text);
                assert_eq!(audience.condition().as_deref(), condition);
            }
            (Err(reason), Err(part)) => assert!(reason.contains(part), "{reason}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn everybody_has_no_condition() {
        check(&["all"], Ok(("all", None)));
    }

    #[test]
    fn traits_of_one_kind_are_alternatives_and_of_two_kinds_both_fit() {
        check(
            &["segment:vip", "platform:ios", "segment:new"],
            Ok((
                "segment:new segment:vip platform:ios",
                Some(
                    "('segment-new' in topics || 'segment-vip' in topics) && 'platform-ios' in topics",
                ),
            )),
        );
    }

    #[test]
    fn an_unknown_kind_is_named() {
        check(&["guild:red"], Err("`guild`"));
    }

    #[test]
    fn a_quote_cannot_enter_a_condition() {
        check(&["segment:a'b"], Err("letters"));
    }

    #[test]
    fn six_traits_are_too_many() {
        check(
            &["segment:a", "segment:b", "segment:c", "segment:d", "segment:e", "segment:f"],
            Err("6 traits"),
        );
    }
}

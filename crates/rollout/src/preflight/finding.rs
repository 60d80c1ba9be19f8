//! Obstacles, and the one for what was not read.

use trimtab_model::observed::Obstacle;
use trimtab_model::text::Reason;

/// What stands in the way.
pub type Findings = Vec<(Obstacle, Reason)>;

/// A finding with its text in English and in Korean.
pub(super) fn found(
    obstacle: Obstacle,
    code: &str,
    en: impl Into<String>,
    ko: impl Into<String>,
) -> Findings {
    vec![(obstacle, Reason::new(code, en, ko))]
}

/// Never in place.
pub(super) fn block(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Findings {
    found(Obstacle::Block, code, en, ko)
}

/// Only after another step, which is not made here.
pub(super) fn prep(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Findings {
    found(Obstacle::Prep, code, en, ko)
}

/// Said, and no more.
pub(super) fn warn(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Findings {
    found(Obstacle::Warn, code, en, ko)
}

/// How the code of what was not read begins.
const UNREAD: &str = "unknown-";

/// Returns whether a reason says that something was not read.
pub(super) fn is_unread(reason: &Reason) -> bool {
    reason.code.starts_with(UNREAD)
}

/// What must be known and was not read: `what` as the API names it, `source` where it is read.
pub(super) fn unread(what: &str, source: &str) -> Findings {
    block(
        &format!("{UNREAD}{}", code(what)),
        format!("{what} could not be read ({source}); nothing is changed without it."),
        format!("{what} 값을 읽지 못했습니다({source}). 이 값 없이는 변경하지 않습니다."),
    )
}

/// Judges a value that must be known.
pub(super) fn known<T>(
    value: Option<&T>,
    what: &str,
    source: &str,
    judge: impl FnOnce(&T) -> Findings,
) -> Findings {
    value.map_or_else(|| unread(what, source), judge)
}

/// Returns nothing in the way.
pub(super) fn clear() -> Findings {
    Vec::new()
}

/// Returns a finding where a condition holds.
pub(super) fn when(holds: bool, finding: impl FnOnce() -> Findings) -> Findings {
    if holds { finding() } else { clear() }
}

/// Returns a name as a code: `PlacementGroup.Strategy` is `placement-group-strategy`.
fn code(name: &str) -> String {
    let mut code = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let is_end = code.is_empty() || code.ends_with('-');
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let behind = letters.get(at + 1);
        // A word begins behind a small letter, or is the last capital of several.
        let begins = before.is_some_and(|one| !one.is_ascii_uppercase())
            || behind.is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && !is_end && begins {
            code.push('-');
        }
        match letter {
            letter if letter.is_ascii_alphanumeric() => code.push(letter.to_ascii_lowercase()),
            _ if !is_end => code.push('-'),
            _ => {}
        }
    }
    code.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_code() {
        assert_eq!(code("RootDeviceType"), "root-device-type");
        assert_eq!(code("PlacementGroup.Strategy"), "placement-group-strategy");
        assert_eq!(code("disableApiStop"), "disable-api-stop");
        assert_eq!(code("MultiAZCapable"), "multi-az-capable");
        assert_eq!(code("CPUUtilization"), "cpu-utilization");
        assert_eq!(code("EBS IOPS, 99th percentile"), "ebs-iops-99th-percentile");
    }
}

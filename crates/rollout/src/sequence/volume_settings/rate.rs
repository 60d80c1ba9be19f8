//! When a volume takes the next modification, in AWS's words.

use jiff::{SignedDuration, Timestamp};

use super::steps::TOO_OFTEN;
use crate::sequence::Work;

/// When AWS is asked again where its words say nothing.
const OTHERWISE: SignedDuration = SignedDuration::from_hours(1);

/// Returns from when on a modification may be asked for again, if AWS refused the latest one for
/// there were too many.
pub(super) fn next_allowed(work: &Work<'_>, step: &str) -> Option<Timestamp> {
    let last = work.progress.of_step(work.direction, step).next_back()?;
    let (_, at, result) = last.outcome.as_ref()?;
    let trimtab_model::call::CallResult::Refused { code, message, .. } = result else {
        return None;
    };
    TOO_OFTEN.contains(&code.as_str()).then(|| said(message, *at))
}

/// Reads a moment, or a number of hours or minutes, out of a sentence.
fn said(message: &str, at: Timestamp) -> Timestamp {
    let words: Vec<&str> = message.split_whitespace().collect();
    let trimmed = |word: &str| {
        word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '-').to_owned()
    };
    if let Some(moment) = words.iter().find_map(|word| trimmed(word).parse::<Timestamp>().ok()) {
        return moment.max(at);
    }
    let length = words.iter().zip(words.iter().skip(1)).find_map(|(number, unit)| {
        let number: i64 = number.parse().ok().filter(|number| (1..=240).contains(number))?;
        match trimmed(unit).as_str() {
            "hour" | "hours" => Some(SignedDuration::from_hours(number)),
            "minute" | "minutes" => Some(SignedDuration::from_mins(number)),
            _ => None,
        }
    });
    at.saturating_add(length.unwrap_or(OTHERWISE)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: &str) {
        let at = "2026-11-24T01:00:00Z".parse().expect("a moment");
        assert_eq!(said(message, at).to_string(), expected, "{message}");
    }

    #[test]
    fn the_next_time_is_read_from_what_aws_says() {
        check(
            "You've reached the maximum modification rate per volume limit. Wait at least 6 hours between modifications per EBS volume.",
            "2026-11-24T07:00:00Z",
        );
        check("The next modification is allowed at 2026-11-24T09:30:00Z.", "2026-11-24T09:30:00Z");
        check("Try again in 45 minutes.", "2026-11-24T01:45:00Z");
        check("Too many.", "2026-11-24T02:00:00Z");
        // What is past is now.
        check("Since 2026-11-20T00:00:00Z.", "2026-11-24T01:00:00Z");
    }
}

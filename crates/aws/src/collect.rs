//! Runs one collector in one place, and says how it went.

use std::collections::BTreeSet;

use jiff::Timestamp;

use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::snapshot::Snapshot;

use crate::collector::Collector;
use crate::error::AwsError;
use crate::part::{self, Part};
use crate::session::Session;
use crate::tagging;

/// What a collector brought back.
#[derive(Debug, Clone)]
pub struct Collected {
    /// The resources, where they were listed, and the gaps.
    pub snapshot: Snapshot,
    /// How it went.
    pub collection: Collection,
    /// What went wrong, as AWS said it, once per kind of problem.
    pub errors: Vec<AwsError>,
}

impl Collected {
    /// Makes the result for a place that could not be entered at all.
    pub fn unread(
        session: &Session,
        collector: &Collector,
        error: &AwsError,
        now: Timestamp,
    ) -> Self {
        let mut part = Part::new(now);
        part.gap(collector.kind, session, error);
        Self {
            snapshot: part.snapshot,
            collection: Collection {
                account: session.account().clone(),
                region: session.region().clone(),
                kind: collector.kind,
                outcome: outcome(error),
                resources: 0,
                reasons: vec![part::reason(error)],
                refused: refused(std::slice::from_ref(error)),
                at: now,
            },
            errors: vec![error.clone()],
        }
    }
}

/// Reads one kind in one place. Never fails: what could not be read is in the result.
pub async fn collect(session: &Session, collector: &Collector, now: Timestamp) -> Collected {
    let mut part = Part::new(now);
    let mut ended = (collector.collect)(session, &mut part).await;
    // What was listed changed under the listing: from the beginning, once.
    if ended.as_ref().is_err_and(AwsError::is_of_a_page) {
        let mut again = Part::new(now);
        let ended_again = (collector.collect)(session, &mut again).await;
        if ended_again.is_ok() || again.snapshot.resource_count() >= part.snapshot.resource_count()
        {
            (part, ended) = (again, ended_again);
        }
    }
    tagging::fill(session, collector.kind, &mut part).await;
    dedupe(&mut part);
    let resources = part.snapshot.resource_count();
    let mut errors = part.shortfalls().to_vec();
    let outcome = match &ended {
        Ok(()) if errors.is_empty() => Outcome::Complete,
        Ok(()) => Outcome::Partial,
        Err(_) if resources > 0 => Outcome::Partial,
        Err(error) => outcome(error),
    };
    // The listing itself is whole even where a detail of some resource is not.
    if ended.is_ok() {
        part.listed(collector.kind, session);
    }
    errors.extend(ended.err());
    if outcome != Outcome::OptedOut {
        for error in &errors {
            part.gap(collector.kind, session, error);
        }
    }
    Collected {
        collection: Collection {
            account: session.account().clone(),
            region: session.region().clone(),
            kind: collector.kind,
            outcome,
            resources: resources as u64,
            reasons: errors.iter().map(part::reason).collect(),
            refused: refused(&errors),
            at: now,
        },
        snapshot: part.snapshot,
        errors,
    }
}

/// Returns the actions that AWS refused, sorted, each once.
fn refused(errors: &[AwsError]) -> Vec<String> {
    let denied = errors.iter().filter_map(|error| match error {
        AwsError::Denied { action } => Some(action.clone()),
        AwsError::Throttled { .. }
        | AwsError::OptedOut { .. }
        | AwsError::Credentials { .. }
        | AwsError::Unreachable { .. }
        | AwsError::Endless { .. }
        | AwsError::CutShort { .. }
        | AwsError::Failed { .. } => None,
    });
    let all: BTreeSet<String> = denied.collect();
    all.into_iter().collect()
}

/// Sorts by identifier and drops what a listing gave twice: pages may overlap while it changes.
fn dedupe(part: &mut Part) {
    let snapshot = std::mem::replace(&mut part.snapshot, Snapshot::empty(Timestamp::UNIX_EPOCH));
    let at = snapshot.taken_at;
    part.snapshot = Snapshot::assembled(at, [snapshot]);
    part.snapshot.drop_duplicates();
}

/// Returns how a listing ended that failed so.
pub(crate) fn outcome(error: &AwsError) -> Outcome {
    match error {
        AwsError::Denied { .. } => Outcome::Denied,
        AwsError::Throttled { .. } => Outcome::Throttled,
        AwsError::OptedOut { .. } => Outcome::OptedOut,
        AwsError::Credentials { .. }
        | AwsError::Unreachable { .. }
        | AwsError::Endless { .. }
        | AwsError::CutShort { .. }
        | AwsError::Failed { .. } => Outcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::volume::COLLECTOR;
    use crate::wire::{Answer, Wire, refusal};

    /// A page of volumes, with the token of the next one.
    fn page(volumes: &[&str], next: Option<&str>) -> String {
        let item = |id: &&str| {
            format!(
                "<item><volumeId>{id}</volumeId><volumeType>gp3</volumeType><size>8</size><status>available</status></item>"
            )
        };
        let all: String = volumes.iter().map(item).collect();
        let next = next.map_or(String::new(), |token| format!("<nextToken>{token}</nextToken>"));
        format!(
            "<DescribeVolumesResponse><volumeSet>{all}</volumeSet>{next}</DescribeVolumesResponse>"
        )
    }

    /// Lists volumes from these answers, and says how it ended, what there is and how often was
    /// asked.
    async fn listed(answers: Vec<String>) -> (Collected, Vec<String>, usize) {
        let bodies = answers.into_iter().map(String::into_bytes).collect();
        let wire = Wire::new(Answer::Bodies([("DescribeVolumes", bodies)].into()));
        let found = collect(&wire.session(), &COLLECTOR, Timestamp::UNIX_EPOCH).await;
        let ids = found.snapshot.volumes.iter().map(|one| one.id.to_string()).collect();
        (found, ids, wire.sent().len())
    }

    #[tokio::test]
    async fn d27_pages_without_items_are_passed_and_what_comes_twice_counts_once() {
        let answers = vec![
            page(&["vol-2"], Some("a")),
            page(&[], Some("b")),
            page(&["vol-1", "vol-2"], Some("c")),
            page(&["vol-3"], None),
        ];
        let (found, ids, asked) = listed(answers).await;
        assert_eq!(found.collection.outcome, Outcome::Complete);
        assert_eq!(ids, ["vol-1", "vol-2", "vol-3"]);
        assert_eq!((asked, found.errors), (4, Vec::new()));
    }

    #[tokio::test]
    async fn d27_a_token_that_comes_back_ends_the_listing_and_says_so() {
        let (found, ids, asked) = listed(vec![page(&["vol-1"], Some("a"))]).await;
        assert_eq!(found.collection.outcome, Outcome::Partial);
        assert_eq!((ids.as_slice(), asked), (["vol-1".to_owned()].as_slice(), 2));
        assert!(matches!(found.errors.as_slice(), [AwsError::Endless { .. }]), "{found:?}");
        assert!(found.snapshot.listed.is_empty() && found.snapshot.gaps.len() == 1);
    }

    #[tokio::test]
    async fn d28_a_token_that_is_not_valid_any_more_begins_the_listing_anew_once() {
        let stale = || refusal("InvalidNextToken", "The token is not valid.");
        let answers = vec![page(&["vol-1"], Some("a")), stale(), page(&["vol-1", "vol-2"], None)];
        let (found, ids, asked) = listed(answers).await;
        assert_eq!((found.collection.outcome, asked), (Outcome::Complete, 3));
        assert_eq!(ids, ["vol-1", "vol-2"]);

        // Once: then what there is counts as a part.
        let answers =
            vec![page(&["vol-1"], Some("a")), stale(), page(&["vol-1"], Some("a")), stale()];
        let (found, ids, asked) = listed(answers).await;
        assert_eq!((found.collection.outcome, asked), (Outcome::Partial, 4));
        assert_eq!((ids.len(), found.snapshot.gaps.len()), (1, 1));
        assert!(found.snapshot.listed.is_empty(), "a part is no whole listing");
    }

    #[tokio::test]
    async fn d29_a_region_that_is_closed_is_said_and_is_no_gap() {
        let (found, ids, _) = listed(vec![refusal("OptInRequired", "Not subscribed.")]).await;
        assert_eq!(found.collection.outcome, Outcome::OptedOut);
        assert_eq!((ids.len(), found.snapshot.gaps.len()), (0, 0));
        assert_eq!(found.collection.reasons.len(), 1);
        assert!(found.snapshot.listed.is_empty(), "what nobody may ask is not empty");
    }

    #[tokio::test]
    async fn what_was_refused_is_named_as_iam_names_it() {
        let (found, _, _) = listed(vec![refusal("UnauthorizedOperation", "No.")]).await;
        assert_eq!(found.collection.outcome, Outcome::Denied);
        assert_eq!(found.collection.refused, ["ec2:DescribeVolumes"]);
    }
}

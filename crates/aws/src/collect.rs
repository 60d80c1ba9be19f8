//! Runs one collector in one place, and says how it went.

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
                at: now,
            },
            errors: vec![error.clone()],
        }
    }
}

/// Reads one kind in one place. Never fails: what could not be read is in the result.
pub async fn collect(session: &Session, collector: &Collector, now: Timestamp) -> Collected {
    let mut part = Part::new(now);
    let ended = (collector.collect)(session, &mut part).await;
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
            at: now,
        },
        snapshot: part.snapshot,
        errors,
    }
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

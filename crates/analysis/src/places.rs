//! What is known of each account and region, which permissions lack, and what would settle what could not be judged.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use trimtab_model::analysis::Unjudged;
use trimtab_model::collection::{Collection, Outcome};
use trimtab_model::coverage::{
    MissingSignal, PlaceCoverage, PlaceMarks, PlaceReading, PlaceSource, PlaceStatus,
};
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::opinion::{OpinionReading, OpinionSource};
use trimtab_model::resource::ResourceKind;

/// An account and a region.
type Place = (SubAccountId, RegionId);

/// Everything that was read, and how reading it ended.
#[derive(Debug, Clone, Default)]
pub struct PlaceFacts {
    /// How each listing ended the last time.
    pub collections: Vec<Collection>,
    /// The kinds that were listed at each place, by files or scans.
    pub listed: BTreeMap<Place, BTreeSet<ResourceKind>>,
    /// When the inventory was taken that files brought.
    pub taken_at: Option<Timestamp>,
    /// The kinds that checks read in every region.
    pub needed: BTreeSet<ResourceKind>,
    /// How many resources of each kind there are.
    pub counts: BTreeMap<(SubAccountId, RegionId, ResourceKind), u64>,
    /// The kinds whose own metrics checks read.
    pub measured: BTreeSet<ResourceKind>,
    /// How far metrics were read by scans.
    pub marks: Vec<PlaceMarks>,
    /// How asking AWS's own services ended.
    pub readings: Vec<OpinionReading>,
    /// What the bills have.
    pub bill: BillFacts,
}

/// What the bills have.
#[derive(Debug, Clone, Default)]
pub struct BillFacts {
    /// Accounts that they charge, and where; empty without a bill.
    pub places: BTreeSet<(SubAccountId, Option<RegionId>)>,
    /// Whether all of them were read to their end and name resources.
    pub is_whole: bool,
    /// When one was read last.
    pub at: Option<Timestamp>,
}

const UNKNOWN: PlaceReading = PlaceReading { status: PlaceStatus::Unknown, read: None, at: None };

/// Says what is known of every account and region that anything names, in this order.
pub fn places(facts: &PlaceFacts) -> Vec<PlaceCoverage> {
    let listings = by_place(facts.collections.iter(), |one| (&one.account, &one.region));
    let marks: BTreeMap<Place, &PlaceMarks> =
        facts.marks.iter().map(|one| ((one.account.clone(), one.region.clone()), one)).collect();
    let mut all: BTreeSet<Place> = listings.keys().chain(facts.listed.keys()).cloned().collect();
    all.extend(marks.keys().cloned());
    let asked = facts.readings.iter();
    all.extend(asked.filter_map(|one| Some((one.account.clone(), one.region.clone()?))));
    let billed = facts.bill.places.iter();
    all.extend(billed.filter_map(|(account, region)| Some((account.clone(), region.clone()?))));
    let billed: BTreeSet<&SubAccountId> =
        facts.bill.places.iter().map(|(account, _)| account).collect();
    all.into_iter()
        .map(|place| {
            let of_place = listings.get(&place).map_or(&[][..], Vec::as_slice);
            let marks = marks.get(&place).copied();
            let sources = PlaceSource::ALL.into_iter().map(|source| {
                let reading = match source {
                    PlaceSource::Inventory => inventory(facts, &place, of_place),
                    PlaceSource::CloudWatch => metrics(facts, &place, of_place, marks),
                    PlaceSource::AgentMemory => memory(facts, &place, of_place, marks),
                    PlaceSource::Bill => bill(facts, billed.contains(&place.0)),
                    PlaceSource::ComputeOptimizer => {
                        opinion(facts, &place, OpinionSource::ComputeOptimizer)
                    }
                    PlaceSource::CostOptimizationHub => {
                        opinion(facts, &place, OpinionSource::CostOptimizationHub)
                    }
                };
                (source, reading)
            });
            let sources = sources.collect();
            PlaceCoverage { account: place.0, region: place.1, sources }
        })
        .collect()
}

fn by_place<'a, T: 'a>(
    all: impl Iterator<Item = &'a T>,
    place: impl Fn(&T) -> (&SubAccountId, &RegionId),
) -> BTreeMap<Place, Vec<&'a T>> {
    let mut places: BTreeMap<Place, Vec<&T>> = BTreeMap::new();
    for one in all {
        let (account, region) = place(one);
        places.entry((account.clone(), region.clone())).or_default().push(one);
    }
    places
}

fn inventory(facts: &PlaceFacts, place: &Place, listings: &[&Collection]) -> PlaceReading {
    if listings.is_empty() {
        return from_files(facts, place);
    }
    // What an account does not use is nothing that could be read.
    let used = listings.iter().filter(|one| one.outcome != Outcome::OptedOut);
    let (mut read, mut partly, mut of) = (0, 0, 0);
    for one in used {
        of += 1;
        match one.outcome {
            Outcome::Complete => read += 1,
            Outcome::Partial => partly += 1,
            Outcome::Denied | Outcome::Throttled | Outcome::OptedOut | Outcome::Failed => {}
        }
    }
    let status = match (read, partly, of) {
        (_, _, 0) => PlaceStatus::NotNeeded,
        (read, _, of) if read == of => PlaceStatus::Complete,
        (0, 0, _) => PlaceStatus::None,
        _ => PlaceStatus::Partial,
    };
    let at = listings.iter().map(|one| one.at).max();
    PlaceReading { status, read: Some((read, of)), at }
}

/// Files say which kinds they bring, and nothing of what could not be read.
fn from_files(facts: &PlaceFacts, place: &Place) -> PlaceReading {
    let Some(listed) = facts.listed.get(place).filter(|listed| !listed.is_empty()) else {
        return UNKNOWN;
    };
    let of = facts.needed.len() as u64;
    let read = facts.needed.intersection(listed).count() as u64;
    let status = if read == of { PlaceStatus::Complete } else { PlaceStatus::Partial };
    PlaceReading { status, read: Some((read, of)), at: facts.taken_at }
}

/// Returns how many resources of some kinds there are at a place; none where it was not listed. A place that the
/// account does not use has none.
fn resources(
    facts: &PlaceFacts,
    (account, region): &Place,
    listings: &[&Collection],
    kinds: impl Iterator<Item = ResourceKind>,
) -> Option<u64> {
    if !listings.is_empty() && listings.iter().all(|one| one.outcome == Outcome::OptedOut) {
        return Some(0);
    }
    facts.listed.get(&(account.clone(), region.clone()))?;
    let count = |kind| facts.counts.get(&(account.clone(), region.clone(), kind));
    Some(kinds.filter_map(count).sum())
}

fn metrics(
    facts: &PlaceFacts,
    place: &Place,
    listings: &[&Collection],
    marks: Option<&PlaceMarks>,
) -> PlaceReading {
    let of = resources(facts, place, listings, facts.measured.iter().copied());
    measured(of, marks.map(|marks| marks.measured), !listings.is_empty())
}

fn memory(
    facts: &PlaceFacts,
    place: &Place,
    listings: &[&Collection],
    marks: Option<&PlaceMarks>,
) -> PlaceReading {
    let of = resources(facts, place, listings, std::iter::once(ResourceKind::Instance));
    // That no agent told anything is known only where a scan asked for metrics.
    let asked = marks.map(|marks| marks.memory);
    measured(of, asked, asked.is_some() && !listings.is_empty())
}

/// Says how many of the resources that could be measured were.
fn measured(
    of: Option<u64>,
    marked: Option<(u64, Option<Timestamp>)>,
    is_scanned: bool,
) -> PlaceReading {
    let (read, at) = marked.unwrap_or((0, None));
    let status = match (of, read) {
        (Some(0), 0) => PlaceStatus::NotNeeded,
        (_, 0) if is_scanned => PlaceStatus::None,
        // Files of metrics do not say what they lack.
        (_, 0) | (None, _) => PlaceStatus::Unknown,
        (Some(of), read) if read >= of => PlaceStatus::Complete,
        (Some(_), _) => PlaceStatus::Partial,
    };
    // Resources that are gone were measured too.
    let read = of.filter(|_| status != PlaceStatus::Unknown).map(|of| (read.min(of), of));
    PlaceReading { status, read, at }
}

fn bill(facts: &PlaceFacts, is_billed: bool) -> PlaceReading {
    let status = match (is_billed, facts.bill.is_whole) {
        (false, _) => PlaceStatus::None,
        (true, true) => PlaceStatus::Complete,
        (true, false) => PlaceStatus::Partial,
    };
    PlaceReading { status, read: None, at: facts.bill.at.filter(|_| is_billed) }
}

fn opinion(facts: &PlaceFacts, (account, region): &Place, source: OpinionSource) -> PlaceReading {
    let found = facts.readings.iter().find(|one| {
        one.source == source
            && one.account == *account
            && one.region.as_ref().is_none_or(|of| of == region)
    });
    let Some(found) = found else { return UNKNOWN };
    let status = match found.outcome {
        Outcome::Complete => PlaceStatus::Complete,
        Outcome::Partial => PlaceStatus::Partial,
        Outcome::Denied | Outcome::Throttled | Outcome::OptedOut | Outcome::Failed => {
            PlaceStatus::None
        }
    };
    PlaceReading { status, read: None, at: Some(found.at) }
}

/// Says which signals would settle what could not be judged, the one that most resources lack first.
pub fn missing_signals(unknown: &[Unjudged]) -> Vec<MissingSignal> {
    let mut signals: BTreeMap<&str, (BTreeSet<_>, BTreeSet<_>)> = BTreeMap::new();
    for one in unknown {
        for signal in &one.unknown.settled_by {
            let (resources, checks) = signals.entry(signal).or_default();
            resources.insert(&one.resource);
            checks.insert(one.check.clone());
        }
    }
    let mut all: Vec<MissingSignal> = signals
        .into_iter()
        .map(|(signal, (resources, checks))| MissingSignal {
            signal: signal.to_owned(),
            resources: resources.len() as u64,
            checks,
        })
        .collect();
    all.sort_by(|left, right| {
        right.resources.cmp(&left.resources).then_with(|| left.signal.cmp(&right.signal))
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn listing(kind: ResourceKind, outcome: Outcome) -> Collection {
        Collection {
            account: "1".into(),
            region: "seoul".into(),
            kind,
            outcome,
            resources: 0,
            reasons: Vec::new(),
            refused: Vec::new(),
            at: at(60),
        }
    }

    fn scanned(outcomes: &[Outcome]) -> PlaceFacts {
        let kinds = [ResourceKind::Instance, ResourceKind::Volume, ResourceKind::DbInstance];
        let listings = kinds.into_iter().zip(outcomes);
        let place: Place = ("1".into(), "seoul".into());
        PlaceFacts {
            collections: listings.map(|(kind, outcome)| listing(kind, *outcome)).collect(),
            listed: [(place, BTreeSet::from(kinds))].into(),
            measured: BTreeSet::from([ResourceKind::Instance]),
            counts: [(("1".into(), "seoul".into(), ResourceKind::Instance), 3)].into(),
            ..PlaceFacts::default()
        }
    }

    fn check(facts: &PlaceFacts, source: PlaceSource, expected: PlaceStatus) -> PlaceReading {
        let all = places(facts);
        let reading = all[0].sources[&source];
        assert_eq!(reading.status, expected, "{reading:?}");
        reading
    }

    #[test]
    fn a_listing_that_was_refused_makes_the_inventory_partial_and_what_is_not_used_does_not() {
        use Outcome::{Complete, Denied, OptedOut};
        let status = |outcomes: &[Outcome], expected| {
            check(&scanned(outcomes), PlaceSource::Inventory, expected)
        };
        let reading = status(&[Complete, Denied, OptedOut], PlaceStatus::Partial);
        assert_eq!((reading.read, reading.at), (Some((1, 2)), Some(at(60))));
        status(&[Complete, Complete, OptedOut], PlaceStatus::Complete);
        status(&[Denied, Denied], PlaceStatus::None);
        status(&[OptedOut], PlaceStatus::NotNeeded);
        let mut unused = scanned(&[OptedOut]);
        unused.listed.clear();
        check(&unused, PlaceSource::CloudWatch, PlaceStatus::NotNeeded);
        check(&unused, PlaceSource::AgentMemory, PlaceStatus::NotNeeded);
    }

    #[test]
    fn files_bring_some_kinds_and_say_nothing_of_metrics() {
        let mut facts = scanned(&[]);
        facts.needed = BTreeSet::from([ResourceKind::Instance, ResourceKind::Bucket]);
        let reading = check(&facts, PlaceSource::Inventory, PlaceStatus::Partial);
        assert_eq!(reading.read, Some((1, 2)));
        check(&facts, PlaceSource::CloudWatch, PlaceStatus::Unknown);
        check(&facts, PlaceSource::ComputeOptimizer, PlaceStatus::Unknown);
        check(&facts, PlaceSource::Bill, PlaceStatus::None);
    }

    #[test]
    fn metrics_are_complete_where_every_resource_was_read_and_memory_where_an_agent_tells_it() {
        let mut facts = scanned(&[Outcome::Complete]);
        check(&facts, PlaceSource::CloudWatch, PlaceStatus::None);
        check(&facts, PlaceSource::AgentMemory, PlaceStatus::Unknown);
        let mut marks = PlaceMarks {
            account: "1".into(),
            region: "seoul".into(),
            measured: (3, Some(at(7_200))),
            memory: (0, None),
        };
        facts.marks = vec![marks.clone()];
        let reading = check(&facts, PlaceSource::CloudWatch, PlaceStatus::Complete);
        assert_eq!((reading.read, reading.at), (Some((3, 3)), Some(at(7_200))));
        check(&facts, PlaceSource::AgentMemory, PlaceStatus::None);
        marks.memory = (1, Some(at(7_200)));
        facts.marks = vec![marks];
        let reading = check(&facts, PlaceSource::AgentMemory, PlaceStatus::Partial);
        assert_eq!(reading.read, Some((1, 3)));
        facts.counts.clear();
        facts.marks.clear();
        check(&facts, PlaceSource::AgentMemory, PlaceStatus::NotNeeded);
    }

    #[test]
    fn an_account_that_only_the_bill_knows_was_never_listed() {
        let mut facts = PlaceFacts::default();
        facts.bill.places = [("2".into(), Some("tokyo".into())), ("2".into(), None)].into();
        facts.bill.is_whole = true;
        check(&facts, PlaceSource::Bill, PlaceStatus::Complete);
        check(&facts, PlaceSource::Inventory, PlaceStatus::Unknown);
        assert_eq!(places(&facts).len(), 1);
    }
}

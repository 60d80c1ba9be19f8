//! What is known of each account and region, which permissions lack there, and what asking took.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use trimtab_analysis::places::{BillFacts, PlaceFacts, places};
use trimtab_aws::collector::Reach;
use trimtab_aws::inventory;
use trimtab_aws::opinions;
use trimtab_model::api_use::ApiUse;
use trimtab_model::collection::Collection;
use trimtab_model::coverage::{PermissionGap, PlaceCoverage};
use trimtab_model::id::{CheckId, RegionId, SubAccountId};
use trimtab_model::opinion::OpinionReading;
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;
use trimtab_store::billing::BillFormat;
use trimtab_store::cost::CostGroup;
use trimtab_store::state::{State, StateError};

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::permissions::{checks_of, measured_kinds, needed_kinds};
use crate::pipeline::scan::last_collections;

/// The codes of reasons that a permission would settle.
const DENIED: [&str; 2] = ["denied", "role-refused"];
/// What a role is taken on by: no statement of its own grants it.
const ASSUME_ROLE: &str = "sts:AssumeRole";
/// The statement of a policy that grants what lacks.
const SID: &str = "ReadForTrimtab";

/// What is known of the accounts and regions.
#[derive(Debug, Clone, Default)]
pub struct KnownPlaces {
    /// Every account and region, in this order.
    pub places: Vec<PlaceCoverage>,
    /// The permissions that lack, by action and account.
    pub gaps: Vec<PermissionGap>,
}

/// Says what is known of every account and region. `billed` is the cost by account and region.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn known_places(
    settings: &Settings,
    state: &State,
    snapshot: Option<&Snapshot>,
    billed: &[CostGroup],
) -> Result<KnownPlaces, Failure> {
    let collections = last_collections(state)?;
    let readings = state.opinions().map_err(unreadable)?.readings;
    let gaps = gaps(&collections, &readings, |kinds| checks_of(settings, kinds));
    let facts = PlaceFacts {
        collections,
        listed: snapshot.map(listed).unwrap_or_default(),
        taken_at: snapshot.map(|snapshot| snapshot.taken_at),
        needed: regional(needed_kinds(settings)),
        counts: snapshot.map(Snapshot::counts).unwrap_or_default(),
        measured: measured_kinds(settings),
        marks: state.measured_places().map_err(unreadable)?,
        readings,
        bill: bill(state, billed)?,
    };
    Ok(KnownPlaces { places: places(&facts), gaps })
}

/// Returns what every run that asked AWS took, the newest first.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn api_uses(state: &State) -> Result<Vec<ApiUse>, Failure> {
    state.api_uses().map_err(unreadable)
}

/// Returns a policy that grants what lacks; none where nothing lacks that a policy grants.
pub fn granting(gaps: &[PermissionGap]) -> Option<Value> {
    let actions: BTreeSet<&str> = gaps.iter().map(|gap| gap.action.as_str()).collect();
    let actions: Vec<&str> = actions.into_iter().filter(|action| *action != ASSUME_ROLE).collect();
    (!actions.is_empty()).then(|| {
        let statement = json!({"Sid": SID, "Effect": "Allow", "Action": actions, "Resource": "*"});
        json!({"Version": "2012-10-17", "Statement": [statement]})
    })
}

fn listed(snapshot: &Snapshot) -> BTreeMap<(SubAccountId, RegionId), BTreeSet<ResourceKind>> {
    let mut places: BTreeMap<_, BTreeSet<ResourceKind>> = BTreeMap::new();
    for (kind, of_kind) in &snapshot.listed {
        for place in of_kind {
            places.entry(place.clone()).or_default().insert(*kind);
        }
    }
    places
}

/// Leaves those kinds that are listed in every region.
fn regional(mut kinds: BTreeSet<ResourceKind>) -> BTreeSet<ResourceKind> {
    let is_regional = |kind: &ResourceKind| {
        inventory::ALL.iter().any(|one| one.kind == *kind && one.reach == Reach::Region)
    };
    kinds.retain(is_regional);
    kinds
}

fn bill(state: &State, billed: &[CostGroup]) -> Result<BillFacts, Failure> {
    let bills = state.bills().map_err(unreadable)?;
    // What Cost Explorer says names no resource.
    let names_resources = |format: &str| format != BillFormat::CostExplorer.as_str();
    let part = |group: &CostGroup, place: usize| group.key.get(place).cloned().flatten();
    Ok(BillFacts {
        places: billed
            .iter()
            .filter_map(|group| Some((part(group, 0)?.into(), part(group, 1).map(Into::into))))
            .collect(),
        is_whole: bills.iter().all(|bill| bill.complete && names_resources(&bill.format)),
        at: state.last_ingest().map_err(unreadable)?,
    })
}

/// Returns what was refused, by action and account.
fn gaps(
    collections: &[Collection],
    readings: &[OpinionReading],
    checks: impl Fn(&BTreeSet<ResourceKind>) -> Vec<CheckId>,
) -> Vec<PermissionGap> {
    let mut gaps = Gaps::default();
    for one in collections {
        let is_denied = one.reasons.iter().any(|reason| DENIED.contains(&reason.code.as_str()));
        let place = (&one.account, Some(&one.region), Some(one.kind));
        // Earlier versions did not keep which action it was.
        for action in called(one.kind).filter(|_| is_denied && one.refused.is_empty()) {
            gaps.add(action, false, place, one.at);
        }
        for action in &one.refused {
            gaps.add(action, true, place, one.at);
        }
    }
    for one in readings {
        let is_denied = one.reasons.iter().any(|reason| DENIED.contains(&reason.code.as_str()));
        let asked = opinions::ACTIONS.iter().filter(|(of, _)| is_denied && *of == one.source);
        for action in asked.flat_map(|(_, actions)| *actions) {
            gaps.add(action, false, (&one.account, one.region.as_ref(), None), one.at);
        }
    }
    let mut gaps: Vec<PermissionGap> = gaps.0.into_values().collect();
    for gap in &mut gaps {
        gap.unlocks = checks(&gap.kinds).into_iter().collect();
    }
    gaps
}

/// What was refused, by action and account, while it is gathered.
#[derive(Default)]
struct Gaps(BTreeMap<(String, SubAccountId), PermissionGap>);

impl Gaps {
    fn add(
        &mut self,
        action: &str,
        is_exact: bool,
        (account, region, kind): (&SubAccountId, Option<&RegionId>, Option<ResourceKind>),
        at: Timestamp,
    ) {
        let key = (action.to_owned(), account.clone());
        let gap = self.0.entry(key).or_insert_with(|| PermissionGap {
            account: account.clone(),
            action: action.to_owned(),
            is_exact,
            regions: BTreeSet::new(),
            kinds: BTreeSet::new(),
            unlocks: BTreeSet::new(),
            at,
        });
        gap.is_exact |= is_exact;
        gap.at = gap.at.max(at);
        gap.regions.extend(region.cloned());
        gap.kinds.extend(kind);
    }
}

/// Returns the action that the listing of a kind cannot do without.
fn called(kind: ResourceKind) -> impl Iterator<Item = &'static str> {
    let of_kind = inventory::ALL.iter().filter(move |one| one.kind == kind);
    of_kind.filter_map(|one| one.actions.first().copied())
}

fn unreadable(cause: StateError) -> Failure {
    Failure::from_error(Kind::Failed, &cause)
}

#[cfg(test)]
mod tests {
    use trimtab_model::collection::Outcome;
    use trimtab_model::text::Reason;

    use super::*;

    fn refused(kind: ResourceKind, region: &str, actions: &[&str]) -> Collection {
        Collection {
            account: "111122223333".into(),
            region: region.into(),
            kind,
            outcome: Outcome::Denied,
            resources: 0,
            reasons: vec![Reason::new("denied", "It lacks.", "없습니다.")],
            refused: actions.iter().map(|action| (*action).to_owned()).collect(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_permission_that_lacks_in_two_regions_is_one_gap_and_is_granted_once() {
        let collections = [
            refused(ResourceKind::Volume, "seoul", &["ec2:DescribeVolumes"]),
            refused(ResourceKind::Volume, "tokyo", &["ec2:DescribeVolumes"]),
            // Kept by an earlier version.
            refused(ResourceKind::Instance, "tokyo", &[]),
            refused(ResourceKind::Instance, "osaka", &["sts:AssumeRole"]),
        ];
        let checks = |kinds: &BTreeSet<ResourceKind>| {
            kinds.iter().map(|kind| CheckId::new(kind.as_str())).collect()
        };
        let gaps = gaps(&collections, &[], checks);
        let told: Vec<(&str, bool, usize)> =
            gaps.iter().map(|gap| (&*gap.action, gap.is_exact, gap.regions.len())).collect();
        assert_eq!(
            told,
            [
                ("ec2:DescribeInstances", false, 1),
                ("ec2:DescribeVolumes", true, 2),
                ("sts:AssumeRole", true, 1),
            ]
        );
        assert!(gaps[1].unlocks.contains(&"AWS::EC2::Volume".into()));
        let policy = granting(&gaps).unwrap();
        let actions = &policy["Statement"][0]["Action"];
        assert_eq!(*actions, json!(["ec2:DescribeInstances", "ec2:DescribeVolumes"]));
        assert_eq!(granting(&[]), None);
    }
}

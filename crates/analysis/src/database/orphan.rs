//! Manual snapshots whose database is gone.

use jiff::Timestamp;

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    Finding, ImplementationEffort, PerformanceRisk, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, days_between};
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, exempt, pass, unknown};

/// One manual snapshot, whatever it is of.
#[derive(Debug, Clone)]
pub struct ManualSnapshot<'a> {
    /// The snapshot.
    pub reference: ResourceRef,
    /// Its names on the bill.
    pub names: Vec<ResourceId>,
    /// `SnapshotType`.
    pub snapshot_type: Option<&'a str>,
    /// `Status`.
    pub status: Option<&'a str>,
    /// When it was taken.
    pub taken: Option<Timestamp>,
    /// The database it was taken of.
    pub source: Option<&'a ResourceId>,
    /// The identifier of that database that no later one of the same name has.
    pub source_resource_id: Option<&'a str>,
    /// Whether it is deleted with the command for clusters.
    pub removal: Removal,
}

/// Where the source of a snapshot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It is there.
    Present,
    /// Its kind was listed, and it is not there.
    Gone,
    /// Its kind was not listed.
    NotListed,
}

/// How old a snapshot must be.
pub const MIN_AGE_DAYS: Threshold = Threshold {
    name: "min_age_days",
    default: "35",
    unit: "days",
    text: StaticText {
        en: "Age from which it is reported: RDS itself keeps automatic backups for 35 days at most.",
        ko: "보고 대상이 되는 최소 경과 일수입니다. RDS의 자동 백업도 최대 35일까지만 보관합니다.",
    },
};

/// Looks for the source of a snapshot among `databases`, which are of the kind `kind`.
pub fn source<K>(
    facts: &Facts<'_>,
    snapshot: &ManualSnapshot<'_>,
    kind: ResourceKind,
    databases: &[Resource<K>],
    resource_id: fn(&K) -> Option<&str>,
) -> Source {
    let ResourceRef { account, region, .. } = &snapshot.reference;
    // A later database may have the name; the resource id tells them apart.
    let present = databases.iter().any(|other| {
        other.account == *account
            && other.region == *region
            && match (snapshot.source_resource_id, resource_id(&other.kind)) {
                (Some(of), Some(there)) => of == there,
                _ => Some(&other.id) == snapshot.source,
            }
    });
    if present {
        Source::Present
    } else if facts.snapshot.was_listed(kind, account, region) {
        Source::Gone
    } else {
        Source::NotListed
    }
}

/// Judges one manual snapshot.
///
/// # Errors
/// Returns `Unknown` if the source or the age is not known, or the bill does not name the snapshot.
pub fn judge(
    check: &Check,
    facts: &Facts<'_>,
    snapshot: &ManualSnapshot<'_>,
    source: Source,
) -> Result<Verdict, Unknown> {
    if snapshot.snapshot_type.is_some_and(|word| word != "manual") {
        return Ok(exempt(
            "not-manual",
            "A backup plan or RDS itself made the snapshot and deletes it.",
            "백업 계획이나 RDS가 만든 스냅샷이므로 삭제도 그쪽에서 합니다.",
        ));
    }
    let (Some(name), Some(taken)) = (snapshot.source, snapshot.taken) else {
        return Err(unknown(
            "snapshot-incomplete",
            "The listing does not say what the snapshot was taken of, or when.",
            "목록에 스냅샷의 원본이나 생성 시각이 없습니다.",
            &["inventory"],
        ));
    };
    match source {
        Source::Present => {
            return Ok(pass(
                "source-exists",
                format!("{name} still exists."),
                format!("원본 {name} 데이터베이스가 남아 있습니다."),
            ));
        }
        Source::NotListed => {
            return Err(unknown(
                "source-not-listed",
                "The databases of this account and region were not listed, so the source may exist.",
                "이 계정과 리전의 데이터베이스 목록이 없어 원본이 있는지 알 수 없습니다.",
                &["inventory:describe-db-instances", "inventory:describe-db-clusters"],
            ));
        }
        Source::Gone => {}
    }
    let age_days = days_between(taken, facts.now);
    let min_age_days = check.threshold_f64(facts, MIN_AGE_DAYS.name);
    if f64::from(age_days) < min_age_days {
        return Ok(pass(
            "too-young",
            format!(
                "It is {age_days} days old: the deletion it was taken for may still be regretted."
            ),
            format!("생성된 지 {age_days}일이라, 삭제를 되돌려야 할 수도 있는 기간입니다."),
        ));
    }
    let savings = deletion(
        facts,
        &snapshot.reference,
        &snapshot.names,
        EVERYTHING,
        Err(unknown(
            "snapshot-size-unknown",
            "Snapshots are incremental: their size is not the allocated size, and the bill does not name this one.",
            "스냅샷은 증분 방식이라 할당 크기로는 비용을 알 수 없고, 청구서에도 이 스냅샷이 없습니다.",
            &["billing"],
        )),
    )?;
    Ok(Proposal {
        action: Action::Remove { removal: snapshot.removal.clone() },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::SourceDeleted],
        reason: Reason::new(
            "source-deleted",
            format!("{name} is gone, and its snapshot is {age_days} days old."),
            format!("원본 {name} 데이터베이스는 없어졌고, 스냅샷은 {age_days}일 되었습니다."),
        ),
        savings,
        performance_risk: PerformanceRisk::new(1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The data is lost for good; it may be the last copy of a deleted database.",
            "데이터를 영구히 잃습니다. 삭제된 데이터베이스의 마지막 사본일 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(age_days),
            figures: vec![
                Figure::number("age_days", "Age", "생성 후 경과", f64::from(age_days), "days")
                    .against(min_age_days),
                Figure::word("source", "Taken of", "원본", name.as_str()),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether a law, a contract or an audit requires it to be kept.",
                    "법규나 계약, 감사 때문에 보관해야 하는지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Where it must be kept, an export to S3 Glacier costs less; a person decides.",
                "보관이 필요하면 S3 Glacier로 내보내는 편이 저렴합니다. 판단은 사람이 해야 합니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, snapshot.reference.clone()))
    .map(|verdict| match (snapshot.status, verdict) {
        (Some(status), Verdict::Recommend(_)) if status != "available" => pass(
            "not-available",
            format!("The snapshot is {status}."),
            format!("스냅샷 상태가 {status}입니다."),
        ),
        (_, verdict) => verdict,
    })
}

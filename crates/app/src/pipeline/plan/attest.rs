//! What a person vouches for, kept with the plan that it is about and in the audit log.

use jiff::Timestamp;

use trimtab_model::audit::AuditLine;
use trimtab_model::observed::Attested;
use trimtab_model::plan::{Change, Plan};
use trimtab_rollout::preflight::{attestation, titles};
use trimtab_store::audit::Audit;
use trimtab_store::state::{Attestation, State, StoredPlan};

use super::approve::{expired, known_person};
use super::{find, kept, machine, operator, untrusted};
use crate::failure::{Failure, Kind};
use crate::pipeline::demo::clock;

/// Longer notes are a document of their own.
const LONGEST_NOTE: usize = 1_000;

/// What somebody vouches for.
#[derive(Debug, Clone)]
pub struct AttestRequest {
    /// The plan, by the beginning of its identifier or of its hash.
    pub plan: String,
    /// The change, by the beginning of its identifier.
    pub change: String,
    /// The row of its table, such as `ec2-08`.
    pub row: String,
    /// Who vouches.
    pub by: Option<String>,
    /// What they saw or decided.
    pub note: String,
}

/// Keeps what somebody vouches for of one row of one change.
///
/// # Errors
/// Fails on a plan or a change that is not there, on a plan that is too old, on a row for which
/// nobody's word counts, on somebody who may not approve the plan, without a name or a note, and
/// where the audit log cannot be written.
pub fn attest(
    state: &State,
    request: &AttestRequest,
    now: Timestamp,
) -> Result<(StoredPlan, Attestation), Failure> {
    let stored = find(state, &request.plan)?;
    let by = operator(request.by.as_deref())?;
    let note = note(&request.note)?;
    if stored.plan.expires_at <= clock(&stored.plan, now) {
        return Err(expired(&stored));
    }
    // A word opens what nothing else does: it is as much as an approval.
    known_person(&stored.plan, &by)?;
    let change = change_of(&stored, &request.change)?;
    let row = request.row.trim().to_lowercase();
    let open: Vec<String> = attestable(change);
    if !open.contains(&row) {
        return Err(no_such_row(&row, &open));
    }
    let attested = Attested { by, note, at: now };
    let one = Attestation { change: change.id.clone(), row, attested };
    // First the log: no word counts that it does not have.
    let written = Audit::open(state.data_dir());
    let written = written.and_then(|mut audit| audit.write(&line(&stored, change, &one)));
    written.map_err(|cause| untrusted(&cause))?;
    kept(state.attest(&stored.hash, &one))?;
    Ok((stored, one))
}

fn line(stored: &StoredPlan, change: &Change, one: &Attestation) -> AuditLine {
    let resource = &change.resource;
    AuditLine {
        at: one.attested.at,
        operator: format!("{}@{}", one.attested.by, machine()),
        run: stored.id.to_string(),
        change: one.change.to_string(),
        what: "attested".to_owned(),
        action: one.row.clone(),
        resource: format!("{}/{}/{}", resource.account, resource.region, resource.id),
        request_id: None,
        code: None,
    }
}

/// Leaves the words that count for a plan: those of people who may approve it.
pub(crate) fn heeded(plan: &Plan, mut given: Vec<Attestation>) -> Vec<Attestation> {
    given.retain(|one| plan.rules.may_approve(&one.attested.by));
    given
}

/// Lists the rows of a change for which somebody's word counts.
pub fn attestable(change: &Change) -> Vec<String> {
    let rows = titles(&change.action).into_iter().map(|(row, _)| row);
    rows.filter(|row| attestation(row).is_some()).collect()
}

fn change_of<'a>(stored: &'a StoredPlan, id: &str) -> Result<&'a Change, Failure> {
    let found: Vec<&Change> =
        stored.plan.changes().filter(|one| one.id.as_str().starts_with(id.trim())).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::new(
            Kind::Failed,
            (
                format!("the plan {} has no change `{id}`", stored.id),
                format!("{} 계획에 그런 변경이 없습니다: `{id}`", stored.id),
            ),
        )
        .with_hint((
            format!("`trimtab plan show {}` lists them", stored.id),
            format!("`trimtab plan show {}` 명령으로 볼 수 있습니다", stored.id),
        ))),
        several => Err(Failure::usage(
            (
                format!("`{id}` begins the identifiers of {} changes", several.len()),
                format!("`{id}`: 이렇게 시작하는 변경이 {}개입니다", several.len()),
            ),
            ("give more of its characters", "글자를 더 쓰세요"),
        )),
    }
}

fn note(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let is_line = !text.chars().any(char::is_control);
    if text.is_empty() || !is_line || text.chars().count() > LONGEST_NOTE {
        return Err(Failure::usage(
            ("a note is one line that says what was seen", "메모는 확인한 내용을 적은 한 줄입니다"),
            (
                "for example --note 'nvme is in the initramfs, fstab by UUID'",
                "예: --note 'initramfs에 nvme 있음, fstab은 UUID 사용'",
            ),
        ));
    }
    Ok(text.to_owned())
}

fn no_such_row(row: &str, open: &[String]) -> Failure {
    let hint = if open.is_empty() {
        (
            "nothing of this change is for a person to vouch for".to_owned(),
            "이 변경에는 사람이 확인해 줄 항목이 없습니다".to_owned(),
        )
    } else {
        let open = open.join(", ");
        (format!("of this change: {open}"), format!("이 변경에서 가능한 항목: {open}"))
    };
    Failure::usage(
        (
            format!("nobody's word counts for the row `{row}`"),
            format!("사람의 확인으로 통과할 수 없는 항목입니다: `{row}`"),
        ),
        hint,
    )
}

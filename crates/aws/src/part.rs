//! What one collector brings back from one place, whole or not.

use jiff::Timestamp;

use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::{Gap, Snapshot};
use trimtab_model::text::Reason;

use crate::error::AwsError;
use crate::session::Session;

/// The resources of one kind in one place, and what could not be read about them.
#[derive(Debug, Clone)]
pub struct Part {
    /// The resources; the collector fills the table of its kind.
    pub snapshot: Snapshot,
    shortfalls: Vec<AwsError>,
}

impl Part {
    /// Makes an empty part.
    pub fn new(taken_at: Timestamp) -> Self {
        Self { snapshot: Snapshot::empty(taken_at), shortfalls: Vec::new() }
    }

    /// Notes that a detail of some resources could not be read: they stay, and the detail
    /// is absent.
    pub fn fell_short(&mut self, error: AwsError) {
        let is_probe = matches!(error, AwsError::CutShort { .. });
        if !is_probe && !self.shortfalls.contains(&error) {
            self.shortfalls.push(error);
        }
    }

    /// Returns the value, or notes that it could not be read.
    pub fn detail<T>(&mut self, read: Result<T, AwsError>) -> Option<T> {
        read.map_err(|error| self.fell_short(error)).ok()
    }

    /// Returns what could not be read, once per kind of problem.
    pub fn shortfalls(&self) -> &[AwsError] {
        &self.shortfalls
    }

    /// Marks the kind as listed where the session is.
    pub(crate) fn listed(&mut self, kind: ResourceKind, session: &Session) {
        self.snapshot
            .listed
            .entry(kind)
            .or_default()
            .insert((session.account().clone(), session.region().clone()));
    }

    /// Adds a gap for an error that left the kind unread or partly read.
    pub(crate) fn gap(&mut self, kind: ResourceKind, session: &Session, error: &AwsError) {
        self.snapshot.gaps.push(Gap {
            source: kind.operation().to_owned(),
            account: Some(session.account().clone()),
            region: Some(session.region().clone()),
            kind: Some(kind),
            reason: reason(error),
        });
    }
}

/// Says what an error means, in both languages.
pub fn reason(error: &AwsError) -> Reason {
    let action = error.action();
    match error {
        AwsError::Denied { action } if action == "sts:AssumeRole" => Reason::new(
            "role-refused",
            "The role of this account could not be taken on (sts:AssumeRole): its trust policy, its external ID or our own permissions refuse. `trimtab iam cloudformation` prints a role that does.",
            "이 계정의 역할을 맡지 못했습니다(sts:AssumeRole). 신뢰 정책, 외부 ID, 우리 쪽 권한 중 하나가 거부합니다. `trimtab iam cloudformation`으로 필요한 역할을 출력할 수 있습니다.",
        ),
        AwsError::Denied { .. } => Reason::new(
            "denied",
            format!(
                "The role lacks {action}. Run `trimtab iam policy` for the statement that grants it."
            ),
            format!(
                "역할에 권한이 없습니다: {action}. `trimtab iam policy`로 필요한 정책을 출력할 수 있습니다."
            ),
        ),
        AwsError::Throttled { .. } => Reason::new(
            "throttled",
            format!("AWS kept throttling {action}. Scan again; what was read is kept."),
            format!(
                "AWS가 호출을 계속 제한했습니다: {action}. 다시 스캔하세요. 이미 읽은 내용은 유지됩니다."
            ),
        ),
        AwsError::OptedOut { code, .. } => Reason::new(
            "opted-out",
            format!("The region or service is not enabled in this account ({action}, {code})."),
            format!(
                "이 계정에서 사용하도록 설정되지 않은 리전 또는 서비스입니다({action}, {code})."
            ),
        ),
        AwsError::Credentials { problem, code, .. } => {
            let words = problem.text();
            let code = code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
            Reason::new(
                "credentials",
                format!(
                    "{} ({action}{code}). Renew them, and check the clock of this machine: `trimtab doctor` says more.",
                    sentence(words.en)
                ),
                format!(
                    "{}({action}{code}). 자격 증명을 갱신하고 이 컴퓨터의 시계를 확인하세요. 자세한 내용은 `trimtab doctor`로 볼 수 있습니다.",
                    words.ko
                ),
            )
        }
        AwsError::Unreachable { problem, .. } => Reason::new(
            "unreachable",
            format!("No answer to {action}: {problem}"),
            format!("응답이 없습니다({action}): {problem}"),
        ),
        AwsError::Endless { .. } => Reason::new(
            "endless",
            format!("The pages of {action} go round in a circle; what was read before counts."),
            format!(
                "목록의 페이지가 끝없이 반복됩니다({action}). 그 전에 읽은 내용만 반영했습니다."
            ),
        ),
        AwsError::CutShort { .. } => Reason::new(
            "not-asked",
            format!("{action} was not asked again: a probe asks once."),
            format!("한 번만 확인하므로 다시 조회하지 않았습니다: {action}."),
        ),
        AwsError::Failed { code, message, .. } => Reason::new(
            "failed",
            format!("{action} failed with {code}: {message}"),
            format!("호출이 실패했습니다({action}, {code}): {message}"),
        ),
    }
}

/// Returns a fragment with a capital letter.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

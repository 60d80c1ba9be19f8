//! The log of every change, as JSON.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::pipeline::plan::audit_lines;
use trimtab_model::audit::AuditLine;

use super::asked::Asked;
use super::part::{Cut, MOST, Part};
use crate::problem::Problem;

/// Lines of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditList {
    /// `trimtab/v1/audit`.
    schema: &'static str,
    /// The lines of this part, the latest first.
    items: Vec<AuditEntry>,
    /// How many the whole log has.
    count: usize,
    /// `cursor` of the next part; null after the last.
    next: Option<String>,
}

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// `intent`, `accepted`, `refused`, `unknown`, `allowed` or `attested`.
    what: String,
    /// The IAM action, or what was let pass or vouched for.
    action: String,
    /// The account, the region and the resource.
    resource: String,
    /// The run; of what somebody vouched for, the plan.
    run: String,
    /// The change.
    change: String,
    /// Who, and where.
    operator: String,
    /// AWS's error code.
    code: Option<String>,
    /// AWS's identifier of the request.
    request_id: Option<String>,
}

impl From<AuditLine> for AuditEntry {
    fn from(line: AuditLine) -> Self {
        Self {
            at: line.at.to_string(),
            what: line.what,
            action: line.action,
            resource: line.resource,
            run: line.run,
            change: line.change,
            operator: line.operator,
            code: line.code,
            request_id: line.request_id,
        }
    }
}

/// Every call that changed something, or was to, the latest first; the chain of the log is verified.
#[utoipa::path(get, path = "/api/v1/audit", tag = "runs",
    responses((status = 200, body = AuditList), (status = 400, body = Problem), (status = 500, body = Problem, description = "The log is not as it was written.")))]
pub(crate) async fn audit(asked: Asked) -> Response {
    asked
        .answered(|shared, reader| {
            let part = Part::of(&reader.query, MOST)?;
            let mut all = audit_lines(&shared.settings)?;
            all.reverse();
            let Cut { items, count, next } = part.of_list(all);
            let items = items.into_iter().map(AuditEntry::from).collect();
            Ok(Some(AuditList { schema: "trimtab/v1/audit", items, count, next }))
        })
        .await
}

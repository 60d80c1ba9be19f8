//! The reports that there are, as JSON: what each is of, and as which files it can be had; what was sent, and what is sent next.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_model::document::Document;

use super::asked::Asked;
use crate::pages::reports::PERIODS;
use crate::problem::Problem;
use crate::query::Query;
use crate::view::{
    Archive, ArchivedReport, DeliveryOf, ReportFile, ScheduledReport, archive, files_of,
};

/// The reports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportList {
    /// `trimtab/v1/report.list`.
    schema: &'static str,
    /// Of the last whole week, month and quarter.
    items: Vec<ReportOf>,
    /// The reports of every period that is over and that bills reach into, the latest first.
    archive: Vec<ArchivedReport>,
    /// What was sent to whom: what somebody did not get first, then the newest period.
    deliveries: Vec<DeliveryOf>,
    /// What leaves by itself next, where a server runs with `--schedule`.
    schedule: Vec<ScheduledReport>,
    /// Whether this server sends it.
    is_scheduled: bool,
}

/// One report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportOf {
    /// `weekly`, `monthly` or `quarterly`.
    period: String,
    /// The first day that it is of.
    #[schema(format = Date)]
    from: String,
    /// The last day, which counts too.
    #[schema(format = Date)]
    until: String,
    /// The moment that it looks from.
    #[schema(format = DateTime)]
    as_of: String,
    /// `effective` or `billed`.
    basis: String,
    /// The page.
    href: String,
    /// The files.
    formats: Vec<ReportFile>,
}

impl ReportOf {
    fn of(word: &str, document: &Document) -> Self {
        let page = Query::default().with("period", Some(word));
        Self {
            period: word.to_owned(),
            from: document.period.first.to_string(),
            until: document.period.last.to_string(),
            as_of: document.as_of.to_string(),
            basis: document.basis.as_str().to_owned(),
            href: page.on("/reports"),
            formats: files_of(&page),
        }
    }
}

/// The reports of the last whole week, month and quarter, those of the past, and the addresses of their files; what was
/// sent of them, and what is sent next.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports",
    responses((status = 200, body = ReportList), (status = 400, body = Problem), (status = 404, body = Problem, description = "Nothing was ingested or analysed.")))]
pub(crate) async fn reports(asked: Asked) -> Response {
    asked
        .listed(|shared, _| {
            if !shared.has_bills()? && shared.analysis()?.is_none() {
                return Ok(None);
            }
            let mut items = Vec::new();
            for (word, period, _) in PERIODS {
                items.push(ReportOf::of(word, shared.report(period)?.as_ref()));
            }
            let Archive { archive, deliveries, schedule, is_scheduled } = archive(shared)?;
            let schema = "trimtab/v1/report.list";
            Ok(Some(ReportList { schema, items, archive, deliveries, schedule, is_scheduled }))
        })
        .await
}

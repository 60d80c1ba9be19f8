//! The reports that there are, as JSON: what each is of, and as which files it can be had.

use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_model::document::Document;

use super::asked::Asked;
use crate::pages::reports::{FILES, PERIODS};
use crate::problem::Problem;
use crate::query::Query;

/// The reports.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportList {
    /// `trimtab/v1/report.list`.
    schema: &'static str,
    /// Of a week, a month and a quarter.
    items: Vec<ReportOf>,
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

/// A report as a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportFile {
    /// `pdf`, `xlsx`, `html`, `md` or `json`.
    format: String,
    /// What it is called in a header.
    media_type: String,
    /// Its address.
    href: String,
}

impl ReportOf {
    fn of(word: &str, document: &Document) -> Self {
        let page = Query::default().with("period", Some(word));
        let file = |format: &str, media_type: &str| ReportFile {
            format: format.to_owned(),
            media_type: media_type.to_owned(),
            href: page.with("format", Some(format)).on("/reports"),
        };
        Self {
            period: word.to_owned(),
            from: document.period.first.to_string(),
            until: document.period.last.to_string(),
            as_of: document.as_of.to_string(),
            basis: document.basis.as_str().to_owned(),
            href: page.on("/reports"),
            formats: FILES.iter().map(|(one, _)| file(one.as_str(), one.media_type())).collect(),
        }
    }
}

/// The reports of the last whole week, month and quarter, and the addresses of their files.
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
            Ok(Some(ReportList { schema: "trimtab/v1/report.list", items }))
        })
        .await
}

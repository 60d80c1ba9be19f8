//! A list as a file: all of its rows and columns, as the command line writes them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use trimtab_model::text::Language;
use trimtab_render::style::Style;
use trimtab_render::table::{Format, Table, TableOptions, Width};

use crate::html::download;
use crate::reader::Reader;
use crate::ui;

/// Returns the file that an address asks for; none where it asks for a page. Machines get the
/// same words in every language.
pub(crate) fn asked(
    reader: &Reader,
    name: &str,
    table: impl Fn(&Style) -> Table,
) -> Option<Response> {
    let (format, ending, media_type) = match reader.query.get("format")? {
        "csv" => (Format::Csv, "csv", "text/csv; charset=utf-8"),
        "json" => (Format::Json, "json", "application/json"),
        _ => return Some(StatusCode::BAD_REQUEST.into_response()),
    };
    let style = Style { language: Language::En, ..reader.style.clone() };
    let options = TableOptions { format, width: Width::Wide, ..TableOptions::default() };
    let written = ui::asked(&table(&style), reader)
        .and_then(|rows| rows.render(&style, &options))
        .map(|text| download(&format!("trimtab-{name}.{ending}"), media_type, text.into_bytes()));
    Some(written.unwrap_or_else(|_| StatusCode::BAD_REQUEST.into_response()))
}

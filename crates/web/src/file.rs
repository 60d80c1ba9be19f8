//! A list as a file: all of its rows and columns, as the command line writes them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use trimtab_model::explain::Explain;
use trimtab_model::text::{Language, Text};
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
        word => {
            return Some(refused(
                reader,
                &Text::new(
                    format!("there is no format `{word}`: csv or json"),
                    format!("`{word}` 형식은 없습니다. csv나 json을 쓰세요"),
                ),
            ));
        }
    };
    // Rows are chosen as the reader sees them, and written in the words of machines.
    let places = match ui::asked(&table(&reader.style), reader) {
        Ok(places) => places,
        Err(why) => return Some(refused(reader, &why)),
    };
    let style = Style { language: Language::En, ..reader.style.clone() };
    let options = TableOptions { format, width: Width::Wide, ..TableOptions::default() };
    Some(match table(&style).at(&places).render(&style, &options) {
        Ok(text) => download(&format!("trimtab-{name}.{ending}"), media_type, text.into_bytes()),
        Err(cause) => refused(reader, &cause.text()),
    })
}

fn refused(reader: &Reader, why: &Text) -> Response {
    (StatusCode::BAD_REQUEST, why.get(reader.style.language).to_owned()).into_response()
}

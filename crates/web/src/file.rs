//! A list as a file: all of its rows and columns, as the command line writes them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use trimtab_app::pipeline::now;
use trimtab_model::explain::Explain;
use trimtab_model::text::{Language, Text};
use trimtab_render::style::Style;
use trimtab_render::table::{Format, Table, TableOptions, Taken, Width, workbook};
use trimtab_render::workbook::WORKBOOK_TYPE;

use crate::html::download;
use crate::reader::Reader;
use crate::scope::EVERYTHING;
use crate::ui::{self, Tab};

/// The formats of a list as a file: the words of an address, and their names on the page.
pub(crate) const FORMATS: [(&str, &str); 3] = [("csv", "CSV"), ("json", "JSON"), ("xlsx", "XLSX")];

/// Returns the file that an address asks for; none where it asks for a page. Machines get the
/// same words in every language, and a workbook has the reader's: it is read by people.
pub(crate) fn asked(
    reader: &Reader,
    name: &str,
    table: impl Fn(&Style) -> Table,
) -> Option<Response> {
    asked_as(reader, name, &table(&reader.style), table)
}

/// Returns the file of another list of the page than the one that it is about, where an address names it.
pub(crate) fn asked_of(
    reader: &Reader,
    list: &str,
    table: impl Fn(&Style) -> Table,
) -> Option<Response> {
    (reader.query.get("list") == Some(list)).then(|| asked(reader, list, table)).flatten()
}

/// Returns the file of a list that is shown otherwise than machines read it: rows are chosen of
/// what is shown, and a workbook has what is shown.
pub(crate) fn asked_as(
    reader: &Reader,
    name: &str,
    shown: &Table,
    written: impl Fn(&Style) -> Table,
) -> Option<Response> {
    let (format, ending, media_type) = match reader.query.get("format")? {
        "csv" => (Some(Format::Csv), "csv", "text/csv; charset=utf-8"),
        "json" => (Some(Format::Json), "json", "application/json"),
        "xlsx" => (None, "xlsx", WORKBOOK_TYPE),
        word => {
            return Some(refused(
                reader,
                &Text::new(
                    format!("there is no format `{word}`: csv, json or xlsx"),
                    format!("`{word}` 형식은 없습니다. csv, json, xlsx 중 하나를 쓰세요"),
                ),
            ));
        }
    };
    // Rows are chosen as the reader sees them, and written in the words of machines.
    let places = match ui::asked(shown, reader) {
        Ok(places) => places,
        Err(why) => return Some(refused(reader, &why)),
    };
    let made = match format {
        Some(format) => {
            let style = Style { language: Language::En, ..reader.style.clone() };
            let options = TableOptions { format, width: Width::Wide, ..TableOptions::default() };
            let text = written(&style).at(&places).render(&style, &options);
            text.map(String::into_bytes).map_err(|cause| cause.text())
        }
        None => sheets(reader, name, &shown.at(&places)),
    };
    Some(match made {
        Ok(bytes) => download(&format!("trimtab-{name}.{ending}"), media_type, bytes),
        Err(why) => refused(reader, &why),
    })
}

/// Writes rows as a workbook, which says what they are and by which conditions they were chosen.
fn sheets(reader: &Reader, name: &str, rows: &Table) -> Result<Vec<u8>, Text> {
    let page = Tab::ALL.iter().find(|tab| tab.path() == reader.path);
    let title = page.map_or_else(|| name.to_owned(), |tab| reader.text(tab.key()));
    let is_condition =
        |key: &str| !matches!(key, "format" | "sort" | "columns" | "cursor" | "list");
    let conditions: Vec<(String, String)> = reader
        .query
        .pairs()
        .filter(|(key, value)| is_condition(key) && *value != EVERYTHING)
        .map(|(key, value)| (key.trim_start_matches("f.").to_owned(), value.to_owned()))
        .collect();
    let taken = Taken {
        name: &title,
        conditions: &conditions,
        order: reader.query.get("sort"),
        moment: now(),
    };
    workbook(rows, taken, &reader.style).map_err(|cause| cause.text())
}

fn refused(reader: &Reader, why: &Text) -> Response {
    (StatusCode::BAD_REQUEST, why.get(reader.style.language).to_owned()).into_response()
}

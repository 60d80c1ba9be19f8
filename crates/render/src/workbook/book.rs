//! A workbook while it is made.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::error::{WorkbookError, written};
use super::look::Look;
use super::name::Names;
use super::page::Page;
use super::words::{Tally, kept};
use crate::style::Style;

/// The media type of a workbook.
pub const WORKBOOK_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a workbook is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// What it is about.
    pub(crate) subject: &'a str,
    /// The moment that it is of: the same values give the same bytes.
    pub(crate) moment: Timestamp,
}

/// A workbook while it is made.
pub(crate) struct Book<'a> {
    workbook: Workbook,
    style: &'a Style,
    look: Look,
    names: Names,
    tally: Tally,
}

/// Height of a row and width of a column that nobody has set, in pixels.
const ROW: u32 = 20;
const COLUMN: u32 = 64;

impl<'a> Book<'a> {
    /// Makes a workbook without sheets.
    ///
    /// # Errors
    /// Fails if the writer does; that does not depend on what it will hold.
    pub(crate) fn new(about: About<'_>, style: &'a Style) -> Result<Self, WorkbookError> {
        let look = Look::of(style.language);
        let mut workbook = Workbook::new();
        workbook.set_default_format(&look.base(), ROW, COLUMN).map_err(written)?;
        let mut tally = Tally::default();
        let mut properties = DocProperties::new()
            .set_title(kept(about.title, &mut tally))
            .set_subject(kept(about.subject, &mut tally))
            .set_author("trimtab");
        // What has no moment that a workbook knows has the first that it knows: never the clock's.
        let moment = day_and_time(about.moment, &TimeZone::UTC)
            .or_else(|| ExcelDateTime::from_ymd(1900, 1, 1).ok());
        if let Some(moment) = &moment {
            properties = properties.set_creation_datetime(moment);
        }
        workbook.set_properties(&properties);
        Ok(Self { workbook, style, look, names: Names::default(), tally: Tally::default() })
    }

    /// Returns a name for a sheet about `title`, which no other sheet gets.
    pub(crate) fn name(&mut self, title: &str) -> String {
        self.names.name(title)
    }

    /// Adds a sheet of that name.
    ///
    /// # Errors
    /// Fails if the writer does.
    pub(crate) fn page(&mut self, name: String) -> Result<Page<'_>, WorkbookError> {
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(&name).map_err(written)?;
        Ok(Page::new(sheet, name, self.look, self.style, &mut self.tally))
    }

    /// Returns how many texts are not what they were, so far.
    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    /// Writes the workbook.
    ///
    /// # Errors
    /// Fails if the writer does.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, WorkbookError> {
        self.workbook.save_to_buffer().map_err(written)
    }
}

/// Returns a moment as workbooks know it; absent before 1900 and after 9999.
pub(super) fn day_and_time(moment: Timestamp, zone: &TimeZone) -> Option<ExcelDateTime> {
    let local = moment.to_zoned_datetime(zone.clone());
    let part = |value: i8| u8::try_from(value).ok();
    let year = u16::try_from(local.year()).ok()?;
    ExcelDateTime::from_ymd(year, part(local.month())?, part(local.day())?)
        .and_then(|day| {
            day.and_hms(
                u16::from(part(local.hour()).unwrap_or(0)),
                part(local.minute()).unwrap_or(0),
                f64::from(local.second()),
            )
        })
        .ok()
}

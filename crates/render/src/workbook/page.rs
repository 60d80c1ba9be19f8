//! One sheet while it is filled, from the top down.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use rust_xlsxwriter::{Chart, Format, Table, TableColumn, TableStyle, Worksheet};

use super::book::day_and_time;
use super::cell::{
    Cell, DAY, MOST_DECIMALS, Sign, Span, decimals, double, less_code, measured_code, moment_code,
    money_code, number_code, percent_code,
};
use super::error::{WorkbookError, written};
use super::grid::Grid;
use super::look::{Line, Look, Mark};
use super::words::{Tally, kept};
use crate::number;
use crate::style::Style;
use crate::time;
use crate::width;

/// Whether a table has the buttons that narrow and sort it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// It has.
    On,
    /// It has not.
    Off,
}

/// Where a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The row of its headings.
    pub(crate) header: u32,
    /// The row after its last one.
    pub(crate) end: u32,
    /// Its first column.
    pub(crate) left: u16,
    /// The column after its last one.
    pub(crate) right: u16,
}

/// Pixels of a row that nobody has made higher.
const ROW: u32 = 20;
/// Characters of the widest column of words.
const WIDEST: usize = 48;
/// Characters that a reason takes of a column of numbers.
const NARROW: usize = 26;
/// Characters of the narrowest column.
const NARROWEST: usize = 9;
/// Characters of a sentence's line.
const LINE: usize = 110;
/// A text that is longer stays on one line: it would push away everything else.
const WRAPPED: usize = 480;
/// Rows of a text at most.
const LINES: usize = 12;

/// One sheet while it is filled, from the top down.
pub(crate) struct Page<'a> {
    sheet: &'a mut Worksheet,
    /// The name of the sheet.
    pub(crate) name: String,
    /// How it looks.
    pub(crate) look: Look,
    style: &'a Style,
    tally: &'a mut Tally,
    /// The next free row.
    pub(crate) row: u32,
    /// The first column that is written to.
    pub(crate) left: u16,
    widths: BTreeMap<u16, usize>,
    /// Texts that may take several lines: row, column, cells.
    tall: Vec<(u32, u16, usize)>,
    sentences: Vec<(u32, String, Format)>,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        sheet: &'a mut Worksheet,
        name: String,
        look: Look,
        style: &'a Style,
        tally: &'a mut Tally,
    ) -> Self {
        Self {
            sheet,
            name,
            look,
            style,
            tally,
            row: 0,
            left: 0,
            widths: BTreeMap::new(),
            tall: Vec::new(),
            sentences: Vec::new(),
        }
    }

    /// Leaves a narrow column free on the left, as a page does that is read and not worked on.
    pub(crate) fn with_margin(mut self) -> Self {
        self.left = 1;
        self.widths.insert(0, 1);
        self
    }

    /// Writes a line of words on one row, however long.
    ///
    /// # Errors
    /// Fails if the sheet is full.
    pub(crate) fn line(&mut self, words: &str, line: Line) -> Result<u32, WorkbookError> {
        let at = self.row;
        let words = kept(words, self.tally);
        let format = self.look.line(line);
        self.sheet.write_string_with_format(at, self.left, words, &format).map_err(written)?;
        if line == Line::Title {
            self.sheet.set_row_height_pixels(at, 30).map_err(written)?;
        }
        self.row += 1;
        Ok(at)
    }

    /// Writes a sentence over as many lines as it needs.
    pub(crate) fn sentence(&mut self, words: &str, line: Line) {
        let words = kept(words, self.tally);
        self.sentences.push((self.row, words, self.look.line(line).set_text_wrap()));
        self.row += 1;
    }

    /// Writes a table.
    ///
    /// # Errors
    /// Fails if the sheet is full.
    pub(crate) fn grid(&mut self, grid: &Grid, filter: Filter) -> Result<Placed, WorkbookError> {
        let header = self.row;
        let left = self.left;
        let titles = self.headings(grid, header, filter)?;
        let is_monthly: Vec<bool> =
            (0..grid.columns.len()).map(|place| grid.is_monthly(place)).collect();
        self.row += 1;
        for row in &grid.rows {
            let columns = grid.columns.iter().zip(&is_monthly).zip(left..);
            for ((cell, tone), ((column, is_monthly), at)) in row.cells.iter().zip(columns) {
                let tone =
                    if column.is_for_chart { trimtab_model::document::Tone::Muted } else { *tone };
                let is_link = matches!(cell, Cell::Link { .. });
                let is_number = cell.is_number();
                let mark = Mark { tone, is_total: row.is_total, is_link, is_number };
                self.cell((self.row, at), cell, mark, *is_monthly)?;
            }
            self.row += 1;
        }
        // A total stands below the table, so that no filter hides it and no sort moves it.
        let totals = grid.rows.iter().rev().take_while(|row| row.is_total).count();
        let totals = u32::try_from(totals).unwrap_or(0);
        let right = left + u16::try_from(titles.len()).map_err(|_| WorkbookError::TooLarge)?;
        let last = self.row - totals;
        if filter == Filter::On && last > header + 1 {
            let columns: Vec<TableColumn> = titles
                .into_iter()
                .map(|(title, format)| {
                    TableColumn::new().set_header(title).set_header_format(format)
                })
                .collect();
            let table = Table::new().set_style(TableStyle::None).set_columns(&columns);
            self.sheet.add_table(header, left, last - 1, right - 1, &table).map_err(written)?;
        }
        Ok(Placed { header, end: self.row, left, right })
    }

    /// Writes the headings; returns them with their formats.
    fn headings(
        &mut self,
        grid: &Grid,
        row: u32,
        filter: Filter,
    ) -> Result<Vec<(String, Format)>, WorkbookError> {
        let mut written_titles = Vec::new();
        let button = match filter {
            Filter::On => 3,
            Filter::Off => 0,
        };
        for ((place, title), at) in
            grid.titles(self.style.locale()).iter().enumerate().zip(self.left..)
        {
            let title = kept(title, self.tally);
            let format = self.look.header(grid.is_number(place));
            self.sheet.write_string_with_format(row, at, &title, &format).map_err(written)?;
            let cells = width::cells(&title) + button;
            self.widen(at, cells.min(18));
            self.tall.push((row, at, cells));
            written_titles.push((title, format));
        }
        Ok(written_titles)
    }

    /// Writes a cell; amounts of a column that is not all monthly say which are.
    fn cell(
        &mut self,
        at: (u32, u16),
        cell: &Cell,
        mark: Mark,
        is_monthly: bool,
    ) -> Result<(), WorkbookError> {
        let format = self.look.cell(mark);
        match cell {
            Cell::Empty => {
                self.sheet.write_blank(at.0, at.1, &format).map_err(written)?;
                Ok(())
            }
            Cell::Text(words) => self.words(at, words, format),
            Cell::Link { words, address } => self.link(at, (words, address), format),
            Cell::Unknown(why) => {
                let locale = self.style.locale();
                let words = if why.trim().is_empty() {
                    locale.text("workbook-unknown")
                } else {
                    locale.text_with("workbook-unknown-why", &[("why", why)])
                };
                let format = format.set_font_color(super::look::colour::SOFT);
                self.words_within(at, &words, format, NARROW)
            }
            Cell::Amount { money, span, sign } => {
                let decimals = decimals(*money, *span);
                if decimals > MOST_DECIMALS {
                    let code = less_code(money.currency);
                    return self.number(at, double(money.amount), &code, (format, 8));
                }
                let ending = if *span == Span::Month && !is_monthly {
                    self.style.locale().text_with("per-month", &[("amount", "")])
                } else {
                    String::new()
                };
                let code = money_code(money.currency, decimals, *sign, &ending);
                let digits = number::grouped(money.amount, decimals).len();
                let width = digits + 3 + width::cells(&ending);
                self.number(at, double(money.amount), &code, (format, width))
            }
            Cell::Percent { percent, sign } if percent.is_finite() => {
                let code = percent_code(*percent, *sign);
                self.number(at, percent / 100.0, &code, (format, 9))
            }
            Cell::Measured(value) if value.is_finite() => {
                self.number(at, *value, &measured_code(*value), (format, 8))
            }
            Cell::Percent { .. } | Cell::Measured(_) => {
                self.cell(at, &Cell::Unknown(String::new()), mark, is_monthly)
            }
            Cell::Number(value) => {
                let width = number::exact(*value).len() + 1;
                self.number(at, double(*value), &number_code(*value), (format, width))
            }
            Cell::Day(day) => {
                let moment = day.to_zoned_datetime(TimeZone::UTC).map(|day| day.timestamp()).ok();
                match moment.and_then(|moment| day_and_time(moment, &TimeZone::UTC)) {
                    Some(moment) => self.number(at, moment.to_excel(), DAY, (format, 11)),
                    None => self.words(at, &day.to_string(), format),
                }
            }
            Cell::Moment(moment) => {
                let zone = &self.style.time_zone;
                let shown = time::date_time(*moment, zone);
                match day_and_time(*moment, zone) {
                    Some(moment) => {
                        let name = shown.rsplit(' ').next().unwrap_or_default();
                        let code = moment_code(name);
                        self.number(at, moment.to_excel(), &code, (format, shown.len() + 2))
                    }
                    None => self.words(at, &shown, format),
                }
            }
        }
    }

    fn number(
        &mut self,
        (row, column): (u32, u16),
        value: f64,
        code: &str,
        (format, width): (Format, usize),
    ) -> Result<(), WorkbookError> {
        let format = format.set_num_format(code);
        self.sheet.write_number_with_format(row, column, value, &format).map_err(written)?;
        self.widen(column, width + 2);
        Ok(())
    }

    fn words(&mut self, at: (u32, u16), words: &str, format: Format) -> Result<(), WorkbookError> {
        self.words_within(at, words, format, WIDEST)
    }

    /// Writes words as words: the writer is never asked what they could be. They make their column
    /// so wide at most, and are broken into lines where they are longer.
    fn words_within(
        &mut self,
        (row, column): (u32, u16),
        words: &str,
        format: Format,
        widest: usize,
    ) -> Result<(), WorkbookError> {
        let words = kept(words, self.tally);
        let cells = width::cells(&words);
        let is_long = cells + 3 > widest && cells <= WRAPPED;
        let format = if is_long { format.set_text_wrap() } else { format };
        self.sheet.write_string_with_format(row, column, &words, &format).map_err(written)?;
        self.widen(column, (cells + 3).min(widest));
        if cells <= WRAPPED {
            self.tall.push((row, column, cells));
        }
        Ok(())
    }

    fn link(
        &mut self,
        (row, column): (u32, u16),
        (words, address): (&str, &str),
        format: Format,
    ) -> Result<(), WorkbookError> {
        let shown = kept(words, self.tally);
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        // What no program could open, or is longer than an address may be, stays words.
        if !is_web || shown.is_empty() || address.len() > 2_000 {
            return self.words((row, column), words, format);
        }
        self.widen(column, width::cells(&shown) + 2);
        self.sheet
            .write_url_with_options(row, column, address, shown, "", Some(&format))
            .map_err(written)?;
        Ok(())
    }

    fn widen(&mut self, column: u16, cells: usize) {
        let width = self.widths.entry(column).or_insert(NARROWEST);
        *width = (*width).max(cells.min(WIDEST));
    }

    /// Returns how wide the columns of a table are together, in characters.
    pub(crate) fn width(&self, placed: Placed) -> usize {
        self.widths.range(placed.left..placed.right).map(|(_, width)| *width).sum()
    }

    /// Puts a chart with its upper left corner into a cell.
    ///
    /// # Errors
    /// Fails if the chart has no series.
    pub(crate) fn chart(
        &mut self,
        (row, column): (u32, u16),
        chart: &Chart,
    ) -> Result<(), WorkbookError> {
        self.sheet.insert_chart(row, column, chart).map_err(written)?;
        Ok(())
    }

    /// Says how many texts are not what they were.
    pub(crate) fn tallied(&mut self, tally: Tally) {
        let locale = self.style.locale();
        if tally.cut > 0 {
            let count = tally.cut.to_string();
            self.sentence(&locale.text_with("workbook-cut", &[("count", &count)]), Line::Body);
        }
        if tally.cleaned > 0 {
            let count = tally.cleaned.to_string();
            self.sentence(&locale.text_with("workbook-cleaned", &[("count", &count)]), Line::Body);
        }
    }

    /// Returns the worksheet, for what only one sheet needs.
    pub(crate) fn sheet(&mut self) -> &mut Worksheet {
        self.sheet
    }

    /// Sets widths, heights and how it is printed; keeps the rows above `frozen` in sight.
    ///
    /// # Errors
    /// Fails if the sheet is full.
    pub(crate) fn finish(self, frozen: u32) -> Result<(), WorkbookError> {
        let Self { sheet, widths, tall, sentences, left, .. } = self;
        let width_of = |column: u16| widths.get(&column).copied().unwrap_or(NARROWEST);
        let mut heights: BTreeMap<u32, usize> = BTreeMap::new();
        for (row, column, cells) in tall {
            let lines = lines(cells, width_of(column));
            let height = heights.entry(row).or_insert(1);
            *height = (*height).max(lines);
        }
        for (row, words, format) in sentences {
            let mut right = left;
            let mut room = width_of(left);
            while room < LINE && right < left + 12 {
                right += 1;
                room += width_of(right);
            }
            sheet.merge_range(row, left, row, right.max(left + 1), "", &format).map_err(written)?;
            sheet.write_string_with_format(row, left, &words, &format).map_err(written)?;
            // Bold letters of a larger size need more room.
            let scale = if format == format.clone().set_bold() { 13 } else { 11 };
            heights.insert(row, lines(width::cells(&words) * scale / 10, room));
        }
        for (row, lines) in heights {
            if lines > 1 {
                let height = ROW * u32::try_from(lines).unwrap_or(1);
                sheet.set_row_height_pixels(row, height).map_err(written)?;
            }
        }
        for (column, width) in widths {
            let width = u32::try_from(width).unwrap_or(u32::MAX);
            sheet.set_column_width(column, width).map_err(written)?;
        }
        sheet
            .set_screen_gridlines(false)
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
            .set_footer("&L&8&A&R&8&P / &N");
        if frozen > 0 {
            sheet.set_freeze_panes(frozen, 0).map_err(written)?;
            sheet.set_repeat_rows(frozen - 1, frozen - 1).map_err(written)?;
        }
        Ok(())
    }
}

/// Returns how many lines so many cells take in a column of a width. Words do not break where
/// it would be best.
fn lines(cells: usize, width: usize) -> usize {
    let room = (width.max(2) - 1).max(1);
    (cells * 21 / 20).div_ceil(room).clamp(1, LINES)
}

/// Returns the format of an amount on the axis of a chart, or beside its bars.
pub(crate) fn axis_code(money: trimtab_model::money::Money) -> String {
    let decimals = if money.amount.abs() >= rust_decimal::Decimal::TEN { 0 } else { 2 };
    money_code(money.currency, decimals, Sign::Minus, "")
}

//! A table and the formats it is written in.

use std::cmp::Ordering;
use std::str::FromStr;

use trimtab_model::explain::Explain;
use trimtab_model::text::{Language, Text};

use super::cell::{Cell, Tone};
use super::column::{Column, Kind, Priority};
use super::comparison::Comparable;
use super::sort::{Direction, Sort};
use crate::style::Style;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Aligned columns, for a terminal.
    #[default]
    Table,
    /// Fields separated by tabs, for a pipe.
    Plain,
    /// One array of objects.
    Json,
    /// One object a line.
    JsonLines,
    /// RFC 4180, with a guard against formulas.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// A format that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an output format; there are table, plain, json, jsonl, csv and md")]
pub struct FormatError(String);

impl Explain for FormatError {
    fn text(&self) -> Text {
        let korean = format!(
            "`{}`: 출력 형식이 아닙니다. 쓸 수 있는 형식: table, plain, json, jsonl, csv, md",
            self.0
        );
        Text::new(self.to_string(), korean)
    }
}

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "table" => Self::Table,
            "plain" => Self::Plain,
            "json" => Self::Json,
            "jsonl" => Self::JsonLines,
            "csv" => Self::Csv,
            "md" => Self::Markdown,
            _ => return Err(FormatError(text.to_owned())),
        })
    }
}

/// Whether a table must fit the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// Drop and shorten columns until it fits.
    #[default]
    Fit,
    /// Every column, every word.
    Wide,
}

/// What to show of a table, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// The format.
    pub format: Format,
    /// Whether it must fit.
    pub width: Width,
    /// The columns to show, by key, in this order; else the table's own choice.
    pub columns: Option<Vec<String>>,
    /// The order of the rows; else the table's own.
    pub sort: Option<Sort>,
    /// How many rows at most.
    pub limit: Option<usize>,
}

/// A column that the table does not have, or that what is asked of it does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The name is not one of the table's keys.
    #[error("there is no column `{name}`; there are {known}")]
    UnknownColumn {
        /// The name.
        name: String,
        /// The keys, separated by commas.
        known: String,
    },
    /// The column's values cannot be compared with this one.
    #[error("`{value}` cannot be compared with the column `{column}`: {}", .expected.text().get(Language::En))]
    NotComparable {
        /// The column's key.
        column: &'static str,
        /// What it was to be compared with.
        value: String,
        /// What it could be compared with.
        expected: Comparable,
    },
}

impl Explain for TableError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::UnknownColumn { name, known } => {
                format!("`{name}` 열이 없습니다. 쓸 수 있는 열: {known}")
            }
            Self::NotComparable { column, value, expected } => format!(
                "`{value}`: `{column}` 열과 비교할 수 없는 값입니다. {}",
                expected.text().get(Language::Ko)
            ),
        };
        Text::new(self.to_string(), korean)
    }
}

/// Columns and rows of typed cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<(Cell, Tone)>>,
}

impl Table {
    /// Makes a table without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; cells that a row lacks are missing, cells beyond the last column are left out.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.toned_row(cells.into_iter().map(|cell| (cell, Tone::Plain)).collect());
    }

    /// Adds a row whose cells have tones.
    pub fn toned_row(&mut self, mut cells: Vec<(Cell, Tone)>) {
        cells.resize(self.columns.len(), (Cell::Missing, Tone::Plain));
        self.rows.push(cells);
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Writes the table, every line ended.
    ///
    /// Machine formats carry every column and exact, unconverted amounts; the terminal
    /// table and Markdown show amounts as `style` says.
    ///
    /// # Errors
    /// Fails if the options name a column that the table does not have.
    pub fn render(&self, style: &Style, options: &TableOptions) -> Result<String, TableError> {
        let view = self.selected(options)?;
        Ok(match options.format {
            Format::Table => super::layout::terminal(&view, style, options.width),
            Format::Plain => super::csv::tab_separated(&view),
            Format::Json => super::json::array(&view),
            Format::JsonLines => super::json::lines(&view),
            Format::Csv => super::csv::comma_separated(&view),
            Format::Markdown => super::markdown::markdown(&view, style),
        })
    }

    /// Writes the table for a terminal, as it is.
    pub fn terminal(&self, style: &Style) -> String {
        let mut view = self.clone();
        view.keep(&self.default_columns());
        super::layout::terminal(&view, style, Width::Fit)
    }

    /// Replaces the texts of column `key` for which `replacement` has one.
    pub(crate) fn replace_text(&mut self, key: &str, replacement: impl Fn(&str) -> Option<String>) {
        let Ok(index) = self.index(key) else { return };
        for row in &mut self.rows {
            let Some((Cell::Text(text), _)) = row.get_mut(index) else { continue };
            if let Some(new) = replacement(text) {
                *text = new;
            }
        }
    }

    /// Returns the columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the rows: a cell for each column.
    pub fn rows(&self) -> &[Vec<(Cell, Tone)>] {
        &self.rows
    }

    /// Returns the table without the columns whose index is not in `indices`, in that order.
    pub(super) fn keep(&mut self, indices: &[usize]) {
        self.columns =
            indices.iter().filter_map(|index| self.columns.get(*index).cloned()).collect();
        for row in &mut self.rows {
            *row = indices.iter().filter_map(|index| row.get(*index).cloned()).collect();
        }
    }

    /// Returns the places of the rows in the order of `sort`.
    ///
    /// # Errors
    /// Fails if the table has no such column.
    pub fn sorted(&self, sort: &Sort) -> Result<Vec<usize>, TableError> {
        let index = self.index(&sort.key)?;
        let cell = |place: &usize| self.rows.get(*place).and_then(|row| row.get(index));
        let mut places: Vec<usize> = (0..self.rows.len()).collect();
        if let Some(column) = self.columns.get(index) {
            places.sort_by(|left, right| order(column, cell(left), cell(right), sort.direction));
        }
        Ok(places)
    }

    fn selected(&self, options: &TableOptions) -> Result<Self, TableError> {
        let mut view = self.clone();
        if let Some(sort) = &options.sort {
            let places = self.sorted(sort)?;
            view.rows = places.iter().filter_map(|place| self.rows.get(*place).cloned()).collect();
        }
        if let Some(limit) = options.limit {
            view.rows.truncate(limit);
        }
        let for_people = matches!(options.format, Format::Table | Format::Markdown);
        let indices = match &options.columns {
            Some(keys) => keys.iter().map(|key| self.index(key)).collect::<Result<Vec<_>, _>>()?,
            None if for_people && options.width == Width::Fit => self.default_columns(),
            None => (0..self.columns.len()).collect(),
        };
        view.keep(&indices);
        Ok(view)
    }

    /// Returns the places of the columns that are shown where nobody chose any.
    pub fn default_columns(&self) -> Vec<usize> {
        let shown =
            |(index, column): (usize, &Column)| (column.priority < Priority::Wide).then_some(index);
        self.columns.iter().enumerate().filter_map(shown).collect()
    }

    pub(super) fn index(&self, key: &str) -> Result<usize, TableError> {
        self.columns.iter().position(|column| column.key == key).ok_or_else(|| {
            TableError::UnknownColumn {
                name: key.to_owned(),
                known: self.columns.iter().map(|column| column.key).collect::<Vec<_>>().join(", "),
            }
        })
    }
}

fn order(
    column: &Column,
    left: Option<&(Cell, Tone)>,
    right: Option<&(Cell, Tone)>,
    direction: Direction,
) -> Ordering {
    let (Some((left, _)), Some((right, _))) = (left, right) else { return Ordering::Equal };
    let missing_last = left.is_missing().cmp(&right.is_missing());
    missing_last.then_with(|| match direction {
        Direction::Ascending => compare(column, left, right),
        Direction::Descending => compare(column, right, left),
    })
}

/// Orders two cells of a column: by the order of its words where it has one.
fn compare(column: &Column, left: &Cell, right: &Cell) -> Ordering {
    match (column.rank_of(left), column.rank_of(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => left.compare(right),
    }
}

/// Returns how many fields a cell of `kind` has in CSV and TSV.
pub(super) fn field_count(kind: Kind) -> usize {
    match kind {
        Kind::Text | Kind::Count | Kind::Number | Kind::Percent | Kind::Timestamp => 1,
        Kind::Money => 2,
        Kind::Range => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Colour;
    use crate::width::cells;
    use proptest::prelude::*;
    use trimtab_model::money::Money;
    use trimtab_model::text::Language;

    fn usd(amount: &str) -> Money {
        Money::usd(amount.parse().unwrap())
    }

    #[test]
    fn words_with_an_order_are_sorted_by_it_and_not_by_their_letters() {
        let scale =
            vec![("낮음".into(), "low"), ("보통".into(), "medium"), ("높음".into(), "high")];
        let risk = Column::new("risk", "위험", Kind::Text, Priority::Essential).ranked(scale);
        let mut table = Table::new(vec![risk]);
        for word in ["높음", "낮음", "?", "보통"] {
            table.row(vec![Cell::text(word)]);
        }
        table.row(vec![Cell::Missing]);
        let sorted = |direction| table.sorted(&Sort { key: "risk".into(), direction }).unwrap();
        assert_eq!(sorted(Direction::Ascending), [1, 3, 0, 2, 4]);
        assert_eq!(sorted(Direction::Descending), [2, 0, 3, 1, 4]);
    }

    fn table() -> Table {
        let mut table = Table::new(vec![
            Column::new("name", "이름", Kind::Text, Priority::Essential),
            Column::new("saving", "절감", Kind::Money, Priority::Essential),
            Column::new("note", "비고", Kind::Text, Priority::Low),
            Column::new("region", "리전", Kind::Text, Priority::Wide),
        ]);
        table.row(vec![
            Cell::text("로비"),
            Cell::Money(usd("12.3456")),
            Cell::text("a, \"b\""),
            Cell::text("ap-northeast-2"),
        ]);
        table.row(vec![Cell::text("=cmd|' /C calc'!A0"), Cell::Money(usd("-3"))]);
        table.row(vec![Cell::text("+1"), Cell::Missing, Cell::text("two\nlines")]);
        table
    }

    fn rendered(format: Format) -> String {
        let options = TableOptions { format, ..TableOptions::default() };
        table().render(&Style::plain(Language::Ko), &options).unwrap()
    }

    #[test]
    fn terminal_columns_are_aligned_by_width() {
        insta::assert_snapshot!(rendered(Format::Table), @r#"
        이름                  절감  비고
        ─────────────────────────────────────
        로비                $12.35  a, "b"
        =cmd|' /C calc'!A0  −$3.00  –
        +1                       –  two lines
        "#);
    }

    #[test]
    fn machine_formats_are_exact_and_complete() {
        assert_eq!(
            rendered(Format::Plain),
            "name\tsaving\tsaving_currency\tnote\tregion\n\
             로비\t12.3456\tUSD\ta, \"b\"\tap-northeast-2\n\
             =cmd|' /C calc'!A0\t-3\tUSD\t\t\n\
             +1\t\t\ttwo lines\t\n"
        );
        insta::assert_snapshot!(rendered(Format::JsonLines), @r#"
        {"name":"로비","saving":{"currency":"USD","amount":"12.3456"},"note":"a, \"b\"","region":"ap-northeast-2"}
        {"name":"=cmd|' /C calc'!A0","saving":{"currency":"USD","amount":"-3"},"note":null,"region":null}
        {"name":"+1","saving":null,"note":"two\nlines","region":null}
        "#);
        insta::assert_snapshot!(rendered(Format::Csv).replace("\r\n", "\n"), @r#"
        name,saving,saving_currency,note,region
        로비,12.3456,USD,"a, ""b""",ap-northeast-2
        '=cmd|' /C calc'!A0,-3,USD,,
        '+1,,,two lines,
        "#);
    }

    #[test]
    fn markdown_escapes_markup() {
        insta::assert_snapshot!(rendered(Format::Markdown), @r#"
        | 이름 | 절감 | 비고 |
        | --- | ---: | --- |
        | 로비 | $12.35 | a, "b" |
        | =cmd\|' /C calc'\!A0 | −$3.00 | – |
        | +1 | – | two lines |
        "#);
    }

    #[test]
    fn rows_sort_with_missing_ones_last() {
        let sorted = |sort: &str| {
            let options = TableOptions {
                format: Format::Plain,
                columns: Some(vec!["name".into()]),
                sort: Some(sort.parse().unwrap()),
                limit: Some(2),
                ..TableOptions::default()
            };
            table().render(&Style::plain(Language::En), &options).unwrap()
        };
        assert_eq!(sorted("saving:desc"), "name\n로비\n=cmd|' /C calc'!A0\n");
        assert_eq!(sorted("saving"), "name\n=cmd|' /C calc'!A0\n로비\n");
    }

    #[test]
    fn an_unknown_column_is_refused_with_the_known_ones() {
        let options =
            TableOptions { columns: Some(vec!["nmae".into()]), ..TableOptions::default() };
        let error = table().render(&Style::plain(Language::En), &options).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no column `nmae`; there are name, saving, note, region"
        );
    }

    #[test]
    fn a_narrow_terminal_drops_what_matters_least() {
        let style = Style { width: 24, ..Style::plain(Language::En) };
        let text = table().render(&style, &TableOptions::default()).unwrap();
        assert!(!text.contains("비고"), "{text}");
        assert!(text.lines().all(|line| cells(line) <= 24), "{text}");
    }

    #[test]
    fn a_change_is_cut_later_than_a_name() {
        let mut table = Table::new(vec![
            Column::new("name", "Name", Kind::Text, Priority::Essential),
            Column::new("change", "Change", Kind::Text, Priority::Essential).cut_late(),
            Column::new("region", "Region", Kind::Text, Priority::Low),
        ]);
        table.row(vec![
            Cell::text("a-name-of-more-than-twenty-cells"),
            Cell::text("db.r5.2xlarge → db.r5.large"),
            Cell::text("ap-northeast-2"),
        ]);
        let style = Style { width: 48, ..Style::plain(Language::En) };
        let text = table.render(&style, &TableOptions::default()).unwrap();
        assert!(text.contains("db.r5.2xlarge → db.r5.large"), "{text}");
        assert!(text.contains("a-name-of-more-th…"), "{text}");
        assert!(!text.contains("Region"), "{text}");
    }

    #[test]
    fn colours_appear_only_when_wanted() {
        let mut table = Table::new(vec![Column::new("a", "A", Kind::Text, Priority::Essential)]);
        table.toned_row(vec![(Cell::text("prod"), Tone::Danger)]);
        let with = |colour| {
            table
                .terminal(&Style { colour, ..Style::plain(Language::En) })
                .contains("\u{1b}[31mprod")
        };
        assert!(with(Colour::On));
        assert!(!with(Colour::Off));
    }

    #[test]
    fn g01_formulas_are_disarmed_also_behind_blanks_and_in_full_width() {
        use super::super::guarded;
        for text in
            ["=1", "+1", "-1", "@x", "\tx", "\r=x", "  =1", "\u{feff}=1", "＝1", "\u{3000}＋1"]
        {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["a=1", "", "i-0123", "1-2"] {
            assert_eq!(guarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_format_lets_hostile_text_through(name in hostile(), width in 20_usize..120) {
            let mut table = Table::new(vec![
                Column::new("name", "Name", Kind::Text, Priority::Essential),
                Column::new("saving", "Saving", Kind::Money, Priority::Essential),
            ]);
            table.row(vec![Cell::Text(name.clone()), Cell::Money(usd("-1.5"))]);
            let style = Style { width, ..Style::plain(Language::En) };
            for format in [Format::Table, Format::Plain, Format::Json, Format::JsonLines, Format::Markdown] {
                let text = table.render(&style, &TableOptions { format, ..TableOptions::default() }).unwrap();
                let hidden = |c: char| crate::sanitise::is_hidden(c) && c != '\n' && c != '\t';
                prop_assert!(!text.chars().any(hidden), "{format:?}: {text:?}");
            }
            let text = table.render(&style, &TableOptions { format: Format::Table, ..TableOptions::default() }).unwrap();
            prop_assert_eq!(text.lines().count(), 3);
            prop_assert!(text.lines().all(|line| cells(line) <= width));
        }

        #[test]
        fn a_csv_reader_gets_every_field_back(name in hostile()) {
            let mut table = Table::new(vec![
                Column::new("name", "Name", Kind::Text, Priority::Essential),
                Column::new("saving", "Saving", Kind::Money, Priority::Essential),
            ]);
            table.row(vec![Cell::Text(name.clone()), Cell::Money(usd("-1.5"))]);
            let options = TableOptions { format: Format::Csv, ..TableOptions::default() };
            let text = table.render(&Style::plain(Language::En), &options).unwrap();
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(rows.len(), 1);
            prop_assert_eq!(&rows[0][0], super::super::guarded(&crate::sanitise(&name)));
            prop_assert_eq!(&rows[0][1], "-1.5");
            prop_assert_eq!(&rows[0][2], "USD");
        }
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\u{1b}[2J".to_owned()),
            Just("\u{1b}]0;x\u{7}".to_owned()),
            Just("\u{9b}31m".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("=".to_owned()),
            Just("\t".to_owned()),
            Just("\r\n".to_owned()),
            Just("\",\"".to_owned()),
            Just("가🎮".to_owned()),
            any::<char>().prop_map(String::from),
            "[ -~]{0,8}",
        ];
        proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }
}

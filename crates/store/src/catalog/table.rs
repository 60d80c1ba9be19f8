//! The embedded tables, and the part of each that belongs to one region.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use csv::StringRecord;

/// One CSV file of the directory `catalog/`.
pub(super) struct Table {
    /// The file's name without `.csv`.
    pub(super) name: &'static str,
    text: &'static str,
}

macro_rules! table {
    // A macro because `include_str!` takes only literals, and the name is the file's.
    ($(#[$doc:meta])* $constant:ident, $name:literal) => {
        $(#[$doc])*
        pub(super) static $constant: Table = Table {
            name: $name,
            text: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/../../catalog/", $name, ".csv"
            )),
        };
    };
}

table!(
    /// Facts of EC2 types.
    INSTANCE_TYPES, "instance_types"
);
table!(
    /// EC2 types and the regions that offer them.
    INSTANCE_OFFERINGS, "instance_offerings"
);
table!(
    /// On-Demand Linux per hour.
    INSTANCE_PRICES, "instance_prices"
);
table!(
    /// On-Demand Linux per hour, derived.
    INSTANCE_PRICES_ESTIMATED, "instance_prices_estimated"
);
table!(
    /// Interruption bands and savings of Spot capacity.
    SPOT_ADVISOR, "spot_advisor"
);
table!(
    /// Average Spot prices.
    SPOT_AVERAGE, "spot_average"
);
table!(
    /// Facts of RDS classes.
    DB_CLASSES, "db_classes"
);
table!(
    /// RDS Single-AZ per hour.
    DB_PRICES, "db_prices"
);
table!(
    /// RDS Single-AZ per hour, derived.
    DB_PRICES_ESTIMATED, "db_prices_estimated"
);
table!(
    /// Rates of reservations and Savings Plans.
    COMMITMENTS, "commitments"
);
table!(
    /// Meters of other services.
    METERS, "meters"
);
table!(
    /// Meters of other services, derived.
    METERS_ESTIMATED, "meters_estimated"
);

table!(
    /// Public holidays, which no price depends on.
    HOLIDAYS, "holidays"
);

static ALL: [&Table; 12] = [
    &INSTANCE_TYPES,
    &INSTANCE_OFFERINGS,
    &INSTANCE_PRICES,
    &INSTANCE_PRICES_ESTIMATED,
    &SPOT_ADVISOR,
    &SPOT_AVERAGE,
    &DB_CLASSES,
    &DB_PRICES,
    &DB_PRICES_ESTIMATED,
    &COMMITMENTS,
    &METERS,
    &METERS_ESTIMATED,
];

impl Table {
    /// Returns every row, without the header.
    pub(super) fn rows(&self) -> impl Iterator<Item = StringRecord> + use<> {
        let body = self.text.split_once('\n').map_or("", |(_, body)| body);
        records(body)
    }

    /// Returns the rows of `region`, for tables whose first column is the region.
    ///
    /// Rows are sorted by region, so that one search finds them without parsing the rest.
    pub(super) fn rows_in(&self, region: &str) -> impl Iterator<Item = StringRecord> + use<> {
        let first = format!("\n{region},");
        let body = self.text.find(&first).and_then(|at| self.text.get(at + 1..)).unwrap_or("");
        let same_region = first.trim_start();
        let mut end = 0;
        for line in body.split_inclusive('\n') {
            if !line.starts_with(same_region) {
                break;
            }
            end += line.len();
        }
        records(body.get(..end).unwrap_or(""))
    }

    pub(super) fn header(&self) -> Vec<&'static str> {
        self.text.lines().next().unwrap_or("").split(',').collect()
    }
}

fn records(body: &'static str) -> impl Iterator<Item = StringRecord> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(body.as_bytes())
        .into_records()
        .map(|record| record.expect("a test reads every embedded row"))
}

/// What a table holds, for `trimtab prices list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSummary {
    /// The table's name, such as `instance_prices`.
    pub name: &'static str,
    /// Rows, without the header.
    pub rows: u64,
    /// Whether its values are derived, not listed anywhere.
    pub estimated: bool,
    /// Where the rows come from.
    pub sources: BTreeSet<String>,
    /// The oldest date that a row states, as the source gives it.
    pub oldest: Option<String>,
    /// The newest date that a row states, as the source gives it.
    pub newest: Option<String>,
    /// Rows whose source states no date.
    pub undated: u64,
}

/// Returns what each embedded table holds.
pub fn tables() -> &'static [TableSummary] {
    static SUMMARIES: OnceLock<Vec<TableSummary>> = OnceLock::new();
    SUMMARIES.get_or_init(|| ALL.iter().map(|table| summary(table)).collect())
}

fn summary(table: &Table) -> TableSummary {
    let header = table.header();
    let position = |name: &str| header.iter().position(|column| *column == name);
    let (source, as_of) = (position("source"), position("as_of"));
    let mut summary = TableSummary {
        name: table.name,
        rows: 0,
        estimated: table.name.ends_with("_estimated"),
        sources: BTreeSet::new(),
        oldest: None,
        newest: None,
        undated: 0,
    };
    for record in table.rows() {
        summary.rows += 1;
        if let Some(source) = source.and_then(|at| record.get(at))
            && !summary.sources.contains(source)
        {
            summary.sources.insert(source.to_owned());
        }
        match as_of.and_then(|at| record.get(at)).filter(|date| !date.is_empty()) {
            None => summary.undated += 1,
            Some(date) => {
                if summary.oldest.as_deref().is_none_or(|oldest| date < oldest) {
                    summary.oldest = Some(date.to_owned());
                }
                if summary.newest.as_deref().is_none_or(|newest| date > newest) {
                    summary.newest = Some(date.to_owned());
                }
            }
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_region_are_all_of_its_rows_and_no_others() {
        for table in [
            &INSTANCE_PRICES,
            &INSTANCE_PRICES_ESTIMATED,
            &SPOT_ADVISOR,
            &SPOT_AVERAGE,
            &DB_PRICES,
            &DB_PRICES_ESTIMATED,
            &COMMITMENTS,
            &METERS,
            &METERS_ESTIMATED,
        ] {
            let of_region = |record: &StringRecord| record.get(0).unwrap_or("").to_owned();
            let regions: BTreeSet<String> = table.rows().map(|record| of_region(&record)).collect();
            let mut found = 0;
            for region in &regions {
                found += table
                    .rows_in(region)
                    .inspect(|row| assert_eq!(&of_region(row), region))
                    .count();
            }
            assert_eq!(found, table.rows().count(), "{}", table.name);
            assert_eq!(table.rows_in("us-east").count(), 0, "{}", table.name);
        }
    }

    #[test]
    fn every_table_states_its_sources() {
        for table in tables() {
            assert!(table.rows > 0, "{} is empty", table.name);
            assert!(!table.sources.is_empty(), "{} has no source", table.name);
            assert!(!table.sources.contains(""), "{} has a row without source", table.name);
        }
    }
}

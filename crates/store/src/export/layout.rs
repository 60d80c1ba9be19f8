//! What an object of a delivery is, told by its key.
//!
//! Data Exports (AWS user guide, *Understanding export delivery*) writes
//! `<root>/data/BILLING_PERIOD=2026-10/[<execution>/]<file>` and
//! `<root>/metadata/BILLING_PERIOD=2026-10/[<execution>/]<name>-Manifest.json`. The legacy
//! report (*Viewing AWS Cost and Usage Report files*) writes
//! `<root>/20261001-20261101/[<assembly>/]<file>` or, where it is overwritten,
//! `<root>/year=2026/month=10/<file>`, each with its manifest beside.

/// What an object is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Names the files of a delivery.
    Manifest {
        /// Directories between the period and the manifest: none for the current one.
        depth: usize,
    },
    /// Holds rows of a bill.
    Data,
}

/// Where an object belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The key up to the export.
    pub(super) root: String,
    /// The billing period, as `2026-10`.
    pub(super) period: String,
    /// What it is for.
    pub(super) role: Role,
}

/// Tells where an object belongs; absent for what is no part of a delivery.
pub(super) fn place(key: &str) -> Option<Place> {
    let parts: Vec<&str> = key.split('/').collect();
    let (file, directories) = parts.split_last()?;
    let is_manifest = file.ends_with("-Manifest.json");
    for (index, name) in directories.iter().enumerate() {
        let root = |length: usize| parts.get(..length).unwrap_or_default().join("/");
        let depth = directories.len() - index - 1;
        if let Some(period) = partition(name) {
            let above = index.checked_sub(1)?;
            return match (directories.get(above).copied(), is_manifest) {
                (Some("metadata"), true) => {
                    Some(Place { root: root(above), period, role: Role::Manifest { depth } })
                }
                (Some("data"), _) => Some(Place { root: root(above), period, role: Role::Data }),
                _ => None,
            };
        }
        let legacy = |period: String, depth: usize| {
            let role = if is_manifest { Role::Manifest { depth } } else { data(file)? };
            Some(Place { root: root(index), period, role })
        };
        if let Some(period) = date_range(name) {
            return legacy(period, depth);
        }
        let next = directories.get(index + 1).copied().unwrap_or_default();
        if let Some(period) = year_and_month(name, next) {
            return legacy(period, depth.saturating_sub(1));
        }
    }
    None
}

/// Returns whether an object is of a legacy report that is overwritten: it lies in a year and
/// a month.
pub(super) fn is_overwritten_report(key: &str) -> bool {
    let parts: Vec<&str> = key.split('/').collect();
    parts.windows(2).any(|pair| match pair {
        [year, month] => year_and_month(year, month).is_some(),
        _ => false,
    })
}

/// Reads `BILLING_PERIOD=2026-10`, whose letters are small in exports of FOCUS.
fn partition(name: &str) -> Option<String> {
    let (key, period) = name.split_once('=')?;
    if !key.eq_ignore_ascii_case("billing_period") {
        return None;
    }
    let (year, month) = period.split_once('-')?;
    period_of(year, month)
}

/// Reads `20261001-20261101`, with or without a time behind each day.
fn date_range(name: &str) -> Option<String> {
    let (from, until) = name.split_once('-')?;
    let is_day = |text: &str| text.len() >= 8 && text.bytes().take(8).all(|b| b.is_ascii_digit());
    if !is_day(from) || !is_day(until) {
        return None;
    }
    period_of(from.get(..4)?, from.get(4..6)?)
}

/// Reads `year=2026` and `month=10`, whose month may have one digit.
fn year_and_month(name: &str, next: &str) -> Option<String> {
    period_of(name.strip_prefix("year=")?, next.strip_prefix("month=")?)
}

fn period_of(year: &str, month: &str) -> Option<String> {
    let year: u16 = year.parse().ok().filter(|_| year.len() == 4)?;
    let month: u8 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some(format!("{year:04}-{month:02}"))
}

/// Returns whether a file of a legacy report holds rows: SQL and templates lie beside them.
fn data(file: &str) -> Option<Role> {
    let ends = [".csv", ".csv.gz", ".csv.zip", ".parquet"];
    ends.iter().any(|end| file.ends_with(end)).then_some(Role::Data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, expected: Option<(&str, &str, Role)>) {
        let expected = expected.map(|(root, period, role)| Place {
            root: root.to_owned(),
            period: period.to_owned(),
            role,
        });
        assert_eq!(place(key), expected, "{key}");
    }

    #[test]
    fn a_data_export_has_data_and_metadata() {
        let manifest = |depth| Role::Manifest { depth };
        let root = "bills/focus";
        for (key, role) in [
            ("bills/focus/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json", manifest(0)),
            ("bills/focus/metadata/billing_period=2026-10/run-1/focus-Manifest.json", manifest(1)),
            ("bills/focus/data/BILLING_PERIOD=2026-10/focus-00001.csv.gz", Role::Data),
            (
                "bills/focus/data/BILLING_PERIOD=2026-10/run-1/focus-00001.snappy.parquet",
                Role::Data,
            ),
        ] {
            check(key, Some((root, "2026-10", role)));
        }
        check("bills/focus/metadata/BILLING_PERIOD=2026-10/notes.txt", None);
        check("bills/focus/metadata/date=2026-10-01/focus-Manifest.json", None);
        check("bills/focus/data/BILLING_PERIOD=2026-13/focus-00001.csv.gz", None);
    }

    #[test]
    fn a_legacy_report_has_a_range_of_days_or_a_year_and_a_month() {
        let manifest = |depth| Role::Manifest { depth };
        for (key, root, role) in [
            ("cur/hourly/20261001-20261101/hourly-Manifest.json", "cur/hourly", manifest(0)),
            ("cur/hourly/20261001-20261101/aaaa/hourly-Manifest.json", "cur/hourly", manifest(1)),
            ("cur/hourly/20261001-20261101/aaaa/hourly-00001.csv.gz", "cur/hourly", Role::Data),
            ("cur/a/a/year=2026/month=10/a-Manifest.json", "cur/a/a", manifest(0)),
            ("cur/a/a/year=2026/month=10/a-00001.snappy.parquet", "cur/a/a", Role::Data),
        ] {
            check(key, Some((root, "2026-10", role)));
        }
        check("cur/a/a/year=2026/month=9/a.parquet", Some(("cur/a/a", "2026-09", Role::Data)));
        check("cur/hourly/20261001-20261101/aaaa/hourly-RedshiftCommands.sql", None);
        check("cur/a/cost_and_usage_data_status/status.parquet", None);
        check("notes.txt", None);
    }
}

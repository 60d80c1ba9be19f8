//! Public holidays, by country.

use std::collections::BTreeMap;

use csv::StringRecord;
use jiff::civil::Date;

use trimtab_model::text::Text;

use super::table::HOLIDAYS;

/// Countries whose holidays the catalogue has, by their two letters.
pub const COUNTRIES: &[&str] = &["KR"];

/// Returns the holidays of a country, substitute ones included; none for one that is not known.
pub fn holidays(country: &str) -> BTreeMap<Date, Text> {
    HOLIDAYS.rows_in(country).filter_map(|record| day(&record)).collect()
}

fn day(record: &StringRecord) -> Option<(Date, Text)> {
    let date = record.get(1)?.parse().expect("a test reads every embedded row");
    Some((date, Text::new(record.get(2)?, record.get(3)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Working days of 2025 and 2026 that are holidays, from the government's almanac of each
    /// year with what was decided during it.
    const OFFICIAL: [&str; 28] = [
        "2025-01-01",
        "2025-01-27",
        "2025-01-28",
        "2025-01-29",
        "2025-01-30",
        "2025-03-03",
        "2025-05-05",
        "2025-05-06",
        "2025-06-03",
        "2025-06-06",
        "2025-08-15",
        "2025-10-03",
        "2025-10-06",
        "2025-10-07",
        "2025-10-08",
        "2025-10-09",
        "2025-12-25",
        "2026-01-01",
        "2026-02-16",
        "2026-02-17",
        "2026-02-18",
        "2026-03-02",
        "2026-05-05",
        "2026-05-25",
        "2026-06-03",
        "2026-08-17",
        "2026-09-24",
        "2026-09-25",
    ];

    /// The same for the rest of 2026: the last two are holidays since that year.
    const OFFICIAL_SINCE_2026: [&str; 5] =
        ["2026-10-05", "2026-10-09", "2026-12-25", "2026-05-01", "2026-07-17"];

    /// Lunar new year, Buddha's birthday and Chuseok, computed from the lunar calendar.
    const LUNAR: [(&str, &str); 18] = [
        ("2025-01-29", "설날"),
        ("2025-05-05", "부처님오신날"),
        ("2025-10-06", "추석"),
        ("2026-02-17", "설날"),
        ("2026-05-24", "부처님오신날"),
        ("2026-09-25", "추석"),
        ("2027-02-07", "설날"),
        ("2027-05-13", "부처님오신날"),
        ("2027-09-15", "추석"),
        ("2028-01-27", "설날"),
        ("2028-05-02", "부처님오신날"),
        ("2028-10-03", "추석"),
        ("2029-02-13", "설날"),
        ("2029-05-20", "부처님오신날"),
        ("2029-09-22", "추석"),
        ("2030-02-03", "설날"),
        ("2030-05-09", "부처님오신날"),
        ("2030-09-12", "추석"),
    ];

    #[test]
    fn the_working_days_of_two_years_are_those_of_the_almanac() {
        let mut official: Vec<Date> =
            OFFICIAL.iter().chain(&OFFICIAL_SINCE_2026).map(|day| day.parse().unwrap()).collect();
        official.sort();
        let ours: Vec<Date> = holidays("KR")
            .into_keys()
            .filter(|day| (2025..=2026).contains(&day.year()))
            .filter(|day| day.weekday().to_monday_zero_offset() < 5)
            .collect();
        assert_eq!(ours, official);
    }

    #[test]
    fn lunar_holidays_are_where_the_moon_has_them() {
        let ours = holidays("KR");
        for (day, name) in LUNAR {
            let found = ours.get(&day.parse().unwrap()).map(|text| text.ko.as_str());
            assert!(found.is_some_and(|found| found.contains(name)), "{day} {name}: {found:?}");
        }
    }

    #[test]
    fn every_year_has_its_fixed_days_and_a_country_that_is_not_known_has_none() {
        let ours = holidays("KR");
        for year in 2025..=2030 {
            for day in ["01-01", "03-01", "05-05", "06-06", "08-15", "10-03", "10-09", "12-25"] {
                assert!(
                    ours.contains_key(&format!("{year}-{day}").parse().unwrap()),
                    "{year}-{day}"
                );
            }
        }
        assert!(holidays("XX").is_empty());
        assert!(COUNTRIES.iter().all(|country| !holidays(country).is_empty()));
    }
}

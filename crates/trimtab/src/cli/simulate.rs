//! `trimtab simulate` on the command line.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_model::simulation::ScenarioEvent;

use super::root::parse_moment;

/// The most that users may be multiplied with: far beyond what was seen, a line says nothing.
const MOST: f64 = 100.0;

/// `trimtab simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// How many times today's users, such as x1.5
    #[arg(long, value_name = "FACTOR", default_value = "x1.0", value_parser = parse_factor)]
    pub users: f64,
    /// A day with more users on top, such as 2026-12-24:x2; may be given several times
    #[arg(long, value_name = "DATE:FACTOR", value_parser = parse_event)]
    pub event: Vec<ScenarioEvent>,
    /// Directory with inventory/, metrics/, traffic/ and billing/ [default: what was ingested and scanned]
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// The moment to analyse for, such as 2026-10-31T00:00:00Z [default: the end of the data]
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub as_of: Option<Timestamp>,
    /// Run only these checks, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "CHECKS")]
    pub checks: Vec<String>,
    /// Account of inventory files that do not say theirs
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Region of inventory files that do not say theirs
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

/// Reads a factor such as `x1.5`.
fn parse_factor(text: &str) -> Result<f64, String> {
    text.strip_prefix('x')
        .and_then(|factor| factor.parse::<f64>().ok())
        .filter(|factor| *factor > 0.0 && *factor <= MOST)
        .ok_or_else(|| format!("`{text}` is not a factor such as x1.5 (above 0, at most x100)"))
}

/// Reads a day and a factor such as `2026-12-24:x2`.
fn parse_event(text: &str) -> Result<ScenarioEvent, String> {
    let wrong = || format!("`{text}` is not a day and a factor such as 2026-12-24:x2");
    let (date, factor) = text.split_once(':').ok_or_else(wrong)?;
    let date: Date = date.parse().map_err(|_| wrong())?;
    Ok(ScenarioEvent { date, factor: parse_factor(factor)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_an_x_and_a_number() {
        assert_eq!(parse_factor("x1.5"), Ok(1.5));
        for wrong in ["1.5", "x0", "x-2", "x", "x101", "xNaN"] {
            assert!(parse_factor(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_event_is_a_day_and_a_factor() {
        let event = parse_event("2026-12-24:x2").unwrap();
        assert_eq!((event.date.to_string().as_str(), event.factor), ("2026-12-24", 2.0));
        for wrong in ["2026-12-24", "24.12.:x2", "2026-12-24:2"] {
            assert!(parse_event(wrong).is_err(), "{wrong}");
        }
    }
}

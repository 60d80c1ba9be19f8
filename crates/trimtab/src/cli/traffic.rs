//! `trimtab traffic` on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use trimtab_analysis::traffic::Ahead;

/// `trimtab traffic`.
#[derive(Debug, Subcommand)]
pub enum TrafficCommand {
    /// Show requests and users of each service, when it is busy, and how it grows
    Summary(TrafficArgs),
    /// Show which paths are asked for, and how many of the requests are duplicates
    Endpoints(TrafficArgs),
    /// Show duplicate requests by path and kind, with examples
    Duplicates(TrafficArgs),
    /// Show which resources follow users or requests, how many they carry, and what those cost
    Drivers(TrafficDriversArgs),
    /// Show how many users and requests are expected, by day or hour
    Forecast(TrafficForecastArgs),
}

/// Whose traffic to show.
#[derive(Debug, Args)]
pub struct TrafficArgs {
    /// Read this directory with traffic/ and metrics/ instead of what was ingested; nothing is kept
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Only this service: the load balancer, the distribution or the directory of the logs
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
}

/// `trimtab traffic drivers`.
#[derive(Debug, Args)]
pub struct TrafficDriversArgs {
    /// Read this directory with traffic/, metrics/, inventory/ and billing/ instead of what was ingested
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// Only this resource
    #[arg(long, value_name = "RESOURCE")]
    pub resource: Option<String>,
}

/// `trimtab traffic forecast`.
#[derive(Debug, Args)]
pub struct TrafficForecastArgs {
    /// Read this directory with traffic/ and metrics/ instead of what was ingested; nothing is kept
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
    /// How far to look: days such as 14d, or hours such as 48h
    #[arg(long, value_name = "AHEAD", default_value = "14d", value_parser = parse_ahead)]
    pub ahead: Ahead,
}

/// Reads days such as `14d` or hours such as `48h`.
fn parse_ahead(text: &str) -> Result<Ahead, String> {
    let number = |text: &str, most: u32| {
        text.parse::<u32>().ok().filter(|number| (1..=most).contains(number))
    };
    let days = text.strip_suffix('d').and_then(|days| number(days, 366)).map(Ahead::Days);
    let hours = text.strip_suffix('h').and_then(|hours| number(hours, 24 * 28)).map(Ahead::Hours);
    days.or(hours).ok_or_else(|| {
        format!(
            "`{text}` is neither days such as 14d (at most 366) nor hours such as 48h (at most 672)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ahead_is_days_or_hours() {
        assert_eq!(parse_ahead("14d"), Ok(Ahead::Days(14)));
        assert_eq!(parse_ahead("48h"), Ok(Ahead::Hours(48)));
        for wrong in ["14", "0d", "d", "-1h", "400d", "999h"] {
            assert!(parse_ahead(wrong).is_err(), "{wrong}");
        }
    }
}

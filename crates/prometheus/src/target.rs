//! Which targets there are.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::answer::Labels;
use crate::client::Client;
use crate::error::PrometheusError;
use crate::exporter::Exporter;
use crate::selector;

/// How long ago a target may have been seen last: one of a machine that runs was seen today.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// Something that Prometheus scrapes, by its labels.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// What it runs.
    pub exporter: Exporter,
    /// The labels of all of its series.
    pub labels: Labels,
}

/// The targets, and what the server says is missing among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Targets {
    /// In order.
    pub targets: Vec<Target>,
    /// In the server's words.
    pub warnings: Vec<String>,
}

/// Lists the targets of every exporter that `also` (label matchers) lets through.
///
/// # Errors
/// Fails when the server cannot be asked.
pub async fn targets(
    client: &Client,
    also: &str,
    now: Timestamp,
) -> Result<Targets, PrometheusError> {
    let also = selector::bare(also);
    let start = now.saturating_sub(RECENT).unwrap_or(now);
    let mut found = BTreeSet::new();
    let mut warnings = Vec::new();
    for exporter in Exporter::ALL {
        let mut parameters = vec![
            ("start", start.as_second().to_string()),
            ("end", now.as_second().to_string()),
            // An answer in part would look like machines that are not watched.
            ("partial_response", "false".to_owned()),
        ];
        let selectors = exporter.signs().iter().map(|sign| format!("{sign}{{{also}}}"));
        parameters.extend(selectors.map(|selector| ("match[]", selector)));
        let answer = client.ask::<Vec<Labels>>("series", &parameters).await?;
        warnings.extend(answer.warnings);
        found.extend(answer.data.into_iter().map(|mut labels| {
            labels.remove("__name__");
            Target { exporter: *exporter, labels }
        }));
    }
    Ok(Targets { targets: found.into_iter().collect(), warnings })
}

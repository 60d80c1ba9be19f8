//! Range queries: some targets and a week at once, fewer and less where that is too much.

use std::collections::BTreeMap;

use trimtab_model::metric::PROMETHEUS;
use trimtab_model::series::Series;

use crate::answer::Matrix;
use crate::client::Client;
use crate::error::PrometheusError;
use crate::figure::Figure;
use crate::mapping::Subject;
use crate::selector;
use crate::stretch::{PERIOD_SECONDS, Stretch};

/// Targets that one query asks for.
const TARGETS_AT_ONCE: usize = 20;
/// Bytes of names in one query. A query has them up to four times, and an address holds 8 KiB.
const NAMES_AT_ONCE: usize = 600;

/// How much was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Samples that came.
    pub samples: u64,
    /// What the server says is missing, in its own words.
    pub warnings: Vec<String>,
}

/// Reads one figure of targets of its exporter in one stretch of time, and hands each series to
/// `each`. `also` are label matchers that every query has besides.
///
/// A target without samples in the stretch is not handed over.
///
/// # Errors
/// Fails when the server does; what was handed over before counts.
pub async fn fetch(
    client: &Client,
    figure: &Figure,
    subjects: &[&Subject],
    stretch: Stretch,
    also: &str,
    mut each: impl FnMut(Series),
) -> Result<Fetched, PrometheusError> {
    let also = selector::bare(also);
    let mut fetched = Fetched::default();
    let batches = batches(subjects);
    let questions = batches
        .into_iter()
        .flat_map(|batch| stretch.pieces().map(move |piece| (batch.clone(), piece)));
    for (batch, piece) in questions {
        let mut open = vec![(batch, piece)];
        while let Some((batch, piece)) = open.pop() {
            match ask(client, figure, &batch, piece, also).await {
                Ok((series, warnings)) => {
                    fetched.warnings.extend(warnings);
                    for one in series {
                        fetched.samples += one.values.len() as u64;
                        each(one);
                    }
                }
                Err(error) if error.is_too_much() => {
                    open.extend(smaller(&batch, piece).ok_or(error)?);
                }
                Err(error) => return Err(error),
            }
        }
    }
    fetched.warnings.sort();
    fetched.warnings.dedup();
    Ok(fetched)
}

/// Groups subjects by the label that names them, so that one query is not too long.
fn batches<'a>(subjects: &[&'a Subject]) -> Vec<Vec<&'a Subject>> {
    let mut by_label: BTreeMap<&str, Vec<&'a Subject>> = BTreeMap::new();
    for subject in subjects {
        by_label.entry(&subject.label).or_default().push(subject);
    }
    let mut batches = Vec::new();
    for subjects in by_label.into_values() {
        let mut batch: Vec<&Subject> = Vec::new();
        let mut bytes = 0;
        for subject in subjects {
            let is_full =
                batch.len() == TARGETS_AT_ONCE || bytes + subject.value.len() > NAMES_AT_ONCE;
            if is_full && !batch.is_empty() {
                batches.push(std::mem::take(&mut batch));
                bytes = 0;
            }
            bytes += subject.value.len();
            batch.push(subject);
        }
        batches.push(batch);
    }
    batches
}

/// Returns half of the targets and the other half, or half of the time and the other half for a
/// single one; absent where nothing can be halved.
fn smaller<'a>(batch: &[&'a Subject], piece: Stretch) -> Option<[(Vec<&'a Subject>, Stretch); 2]> {
    if batch.len() > 1 {
        let (left, right) = batch.split_at(batch.len() / 2);
        return Some([(left.to_vec(), piece), (right.to_vec(), piece)]);
    }
    let halves = piece.halves()?;
    Some(halves.map(|half| (batch.to_vec(), half)))
}

async fn ask(
    client: &Client,
    figure: &Figure,
    batch: &[&Subject],
    piece: Stretch,
    also: &str,
) -> Result<(Vec<Series>, Vec<String>), PrometheusError> {
    let Some(label) = batch.first().map(|first| first.label.as_str()) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let values: Vec<&str> = batch.iter().map(|subject| subject.value.as_str()).collect();
    let parameters = [
        ("query", figure.query(label, &values, also)),
        ("start", piece.first_query().to_string()),
        ("end", piece.last_query().to_string()),
        ("step", PERIOD_SECONDS.to_string()),
        // A part of the truth would be kept for the whole of it.
        ("partial_response", "false".to_owned()),
    ];
    let answer = client.ask::<Matrix>("query_range", &parameters).await?;
    let series = answer.data.into_series().ok_or_else(|| PrometheusError::Foreign {
        server: client.server().to_owned(),
        status: 200,
        found: "a range query gave no matrix".to_owned(),
    })?;
    let mut read = Vec::new();
    for one in series {
        let value = one.metric.get(label);
        let subject = batch.iter().find(|subject| Some(&subject.value) == value);
        if let Some(subject) = subject {
            let (first, last) = (piece.first_query(), piece.last_query());
            let inside = one.samples().filter(|(moment, _)| (first..=last).contains(moment));
            let series = series_of(subject, figure, inside);
            read.extend((!series.values.is_empty()).then_some(series));
        }
    }
    Ok((read, answer.warnings))
}

/// Turns what was asked at the end of each interval into samples of the interval, from when the
/// name is that of the resource.
fn series_of(
    subject: &Subject,
    figure: &Figure,
    samples: impl Iterator<Item = (i64, f64)>,
) -> Series {
    let since = subject.since.map_or(i64::MIN, |since| since.as_second());
    let (seconds, values) = samples
        .map(|(moment, value)| (moment - i64::from(PERIOD_SECONDS), value))
        .filter(|(start, _)| *start >= since)
        .unzip();
    Series {
        resource_id: subject.resource.id.clone(),
        account: subject.resource.account.clone(),
        region: subject.resource.region.clone(),
        namespace: PROMETHEUS.to_owned(),
        metric: figure.metric.to_owned(),
        statistic: figure.statistic,
        period_seconds: PERIOD_SECONDS,
        seconds,
        values,
    }
}

//! The answers of the query API, and what makes them unfit.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{PrometheusError, shortened};

/// Labels of a series.
pub(crate) type Labels = BTreeMap<String, String>;

/// What the API wraps every answer in.
#[derive(Debug, Deserialize)]
struct Envelope<D> {
    status: String,
    data: Option<D>,
    #[serde(rename = "errorType", default)]
    error_type: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    warnings: Option<Vec<String>>,
}

/// The data of a range query.
#[derive(Debug, Deserialize)]
pub(crate) struct Matrix {
    #[serde(rename = "resultType")]
    kind: String,
    result: Vec<MatrixSeries>,
}

/// One series of a range query.
#[derive(Debug, Deserialize)]
pub(crate) struct MatrixSeries {
    /// Its labels.
    pub(crate) metric: Labels,
    /// Moments in seconds, and values as text.
    #[serde(default)]
    values: Vec<(f64, String)>,
}

impl MatrixSeries {
    /// Returns the samples that are numbers: NaN and the infinities say that there is none.
    pub(crate) fn samples(&self) -> impl Iterator<Item = (i64, f64)> {
        self.values.iter().filter_map(|(moment, value)| {
            let value: f64 = value.parse().ok()?;
            (value.is_finite() && moment.is_finite()).then_some((moment.round() as i64, value))
        })
    }
}

impl MatrixSeries {
    /// Returns every sample, also those that are no numbers: whoever judges must see them.
    pub(crate) fn everything(&self) -> impl Iterator<Item = (i64, f64)> {
        self.values
            .iter()
            .filter(|(moment, _)| moment.is_finite())
            .map(|(moment, value)| (moment.round() as i64, value.parse().unwrap_or(f64::NAN)))
    }

    /// Returns how many samples there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

impl Matrix {
    /// Returns the series, unless it is another kind of result.
    pub(crate) fn into_series(self) -> Option<Vec<MatrixSeries>> {
        (self.kind == "matrix").then_some(self.result)
    }
}

/// What came, and what the server says is missing from it.
#[derive(Debug)]
pub(crate) struct Answer<D> {
    pub(crate) data: D,
    pub(crate) warnings: Vec<String>,
}

/// Reads the body of an answer with this status.
pub(crate) fn read<D: DeserializeOwned>(
    server: &str,
    status: u16,
    body: &[u8],
) -> Result<Answer<D>, PrometheusError> {
    let server = server.to_owned();
    let foreign = |found: &str| PrometheusError::Foreign {
        server: server.clone(),
        status,
        found: shortened(found),
    };
    if matches!(status, 401 | 403) {
        return Err(PrometheusError::Denied { server, status });
    }
    let Ok(envelope) = serde_json::from_slice::<Envelope<D>>(body) else {
        // A proxy in front of it has no JSON to say so.
        return Err(match status {
            429 | 502 | 503 | 504 => PrometheusError::Overloaded { server, status },
            _ => {
                foreign(&String::from_utf8_lossy(body.get(..body.len().min(1024)).unwrap_or(body)))
            }
        });
    };
    if envelope.status == "error" {
        let kind = envelope.error_type.unwrap_or_default();
        let message = shortened(&envelope.error.unwrap_or_default());
        return Err(match (kind.as_str(), status) {
            ("timeout" | "canceled", _) => PrometheusError::TooMuch { server, message },
            _ if is_too_much(&message) => PrometheusError::TooMuch { server, message },
            (_, 429 | 502 | 503 | 504) => PrometheusError::Overloaded { server, status },
            _ => PrometheusError::Refused { server, kind, message },
        });
    }
    match envelope.data.filter(|_| envelope.status == "success") {
        Some(data) => Ok(Answer { data, warnings: gaps(envelope.warnings) }),
        None => Err(foreign("an answer without data")),
    }
}

/// Returns whether a refusal says that the question was too large: the limits of samples,
/// points and series of Prometheus, Thanos, Mimir and VictoriaMetrics.
fn is_too_much(message: &str) -> bool {
    const SIGNS: &[&str] = &[
        "too many samples",
        "exceeded maximum resolution",
        "query timed out",
        "context deadline exceeded",
        "too many points",
        "cannot select more than",
        "the query hit the",
        "exceeds the limit",
        "-search.max",
    ];
    SIGNS.iter().any(|sign| message.contains(sign))
}

/// Keeps the warnings that say that data is missing. Remarks on the query itself are none.
fn gaps(warnings: Option<Vec<String>>) -> Vec<String> {
    let all = warnings.unwrap_or_default().into_iter();
    all.filter(|one| !one.starts_with("PromQL ")).map(|one| shortened(&one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_matrix(status: u16, body: &str) -> Result<Answer<Matrix>, PrometheusError> {
        read("http://prom:9090", status, body.as_bytes())
    }

    #[test]
    fn what_is_not_a_number_is_a_gap() {
        let body = r#"{"status": "success", "data": {"resultType": "matrix", "result": [
            {"metric": {"instance": "a"}, "values": [[300, "1.5"], [600, "NaN"], [900, "+Inf"], [1200.0, "0"]]}
        ]}}"#;
        let series = read_matrix(200, body).unwrap().data.into_series().unwrap();
        let all: Vec<f64> = series[0].everything().map(|(_, value)| value).collect();
        assert!(all[1].is_nan() && all[2].is_infinite() && all.len() == 4);
        assert_eq!(series[0].samples().collect::<Vec<_>>(), [(300, 1.5), (1200, 0.0)]);
    }

    #[test]
    fn a_warning_is_a_gap_and_a_remark_on_the_query_is_none() {
        let body = r#"{"status": "success", "data": {"resultType": "matrix", "result": []},
            "warnings": ["store 10.0.0.9 is down", "PromQL info: metric might not be a counter"]}"#;
        assert_eq!(read_matrix(200, body).unwrap().warnings, ["store 10.0.0.9 is down"]);
    }

    #[test]
    fn refusals_are_told_apart() {
        let refused = |status, kind: &str, message: &str| {
            let body =
                format!(r#"{{"status": "error", "errorType": "{kind}", "error": "{message}"}}"#);
            read_matrix(status, &body).unwrap_err().reason().code
        };
        assert_eq!(refused(400, "bad_data", "parse error"), "prometheus-refused");
        assert_eq!(
            refused(
                422,
                "execution",
                "query processing would load too many samples into memory in query execution"
            ),
            "prometheus-too-much"
        );
        assert_eq!(
            refused(503, "timeout", "query timed out in expression evaluation"),
            "prometheus-too-much"
        );
        assert_eq!(
            refused(
                422,
                "422",
                "cannot select more than -search.maxSamplesPerQuery=1000000000 samples"
            ),
            "prometheus-too-much"
        );
        assert_eq!(refused(503, "unavailable", "not ready"), "prometheus-overloaded");
        let page = |status| read_matrix(status, "<html>Sign in</html>").unwrap_err().reason().code;
        assert_eq!(page(200), "prometheus-foreign");
        assert_eq!(page(404), "prometheus-foreign");
        assert_eq!(page(401), "prometheus-denied");
        assert_eq!(page(502), "prometheus-overloaded");
    }
}

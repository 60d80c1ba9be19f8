//! What a change is watched by besides CloudWatch, as the settings have it.

use trimtab_model::explain::Explain;
use trimtab_prometheus::client::Client;
use trimtab_rollout::plan::{PrometheusNames, Watch};

use crate::config::Settings;
use crate::failure::Failure;

/// Prepares the Prometheus that `url` or the settings name; none where neither does. Nothing is
/// sent yet.
///
/// # Errors
/// Fails on an address or credentials that cannot be used.
pub(crate) fn client(settings: &Settings, url: Option<&str>) -> Result<Option<Client>, Failure> {
    let section = &settings.prometheus;
    let Some(url) = url.or_else(|| section.url()) else { return Ok(None) };
    let authorities = section.authorities()?;
    Client::new(url, section.credentials()?, authorities.as_deref())
        .map(Some)
        .map_err(|cause| Failure::usage(cause.text(), cause.hint()))
}

/// Returns what the gates of a plan may be read from besides CloudWatch.
///
/// # Errors
/// Fails on what cannot be the name of a label, and on a query where there is no Prometheus.
pub(crate) fn watch(settings: &Settings) -> Result<Watch, Failure> {
    let section = &settings.prometheus;
    let own = &settings.watch;
    let prometheus = match section.url() {
        Some(_) => Some(PrometheusNames {
            instance_label: section.labels()?.instance,
            matchers: section.matchers().to_owned(),
        }),
        None if own.queries.is_empty() => None,
        None => {
            return Err(Failure::usage(
                (
                    "rollout.gate.query has queries, and prometheus.url does not say whom to ask",
                    "rollout.gate.query에 쿼리가 있지만 어디에 물을지 prometheus.url이 없습니다",
                ),
                (
                    "set prometheus.url, such as http://prometheus:9090",
                    "prometheus.url을 http://prometheus:9090처럼 설정하세요",
                ),
            ));
        }
    };
    Ok(Watch { prometheus, ..own.clone() })
}

//! Scan: accounts, as they are now, into the data directory.

mod estimate;
mod metrics;
mod opinions;
pub(super) mod places;
pub(super) mod price;
mod prometheus;
mod report;
mod since;
mod took;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use jiff::Timestamp;
use rust_decimal::Decimal;

use trimtab_aws::calls::Operation;
use trimtab_aws::collector::Collector;
use trimtab_aws::inventory;
use trimtab_model::api_use::ApiPurpose;
use trimtab_model::collection::Collection;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::opinion::OpinionReading;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::Reason;

use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::login::Login;
use crate::pipeline::permissions::needed_kinds;
use crate::pipeline::state::{now, open_state};

pub use estimate::{Closed, Estimate, PlaceEstimate, estimate};
use metrics::Window;
use places::Places;
pub(super) use places::payer;
pub use price::{MetricPrice, RequestPrice};
pub(super) use price::{paid_requests, request_price};
pub use prometheus::{PrometheusRead, last_sources};
pub use report::{Hole, holes, last_collections};
pub use since::{MetricsSince, Since};
pub(super) use took::{Took, keep as keep_use};

/// What to scan.
#[derive(Debug, Clone, Default)]
pub struct ScanRequest {
    /// The profile to start from; where absent the environment's, then that of the settings.
    pub profile: Option<String>,
    /// Only these accounts; all that are configured where empty.
    pub accounts: Vec<String>,
    /// Only these regions; all that an account has enabled where empty.
    pub regions: Vec<String>,
    /// Only these services, as the AWS CLI names them; all where empty.
    pub services: Vec<String>,
    /// Whether metrics are read, which costs money.
    pub metrics: Metrics,
    /// What metrics may cost, in United States dollars; without limit where absent.
    pub budget: Option<Decimal>,
    /// From when on metrics are read; as far back as the checks look where absent.
    pub since: Option<Since>,
    /// Whether AWS's own services are asked for a second opinion.
    pub second_opinion: Ask,
    /// The Prometheus server to ask; the configuration's where absent.
    pub prometheus: Option<String>,
}

/// Whether AWS's own services are asked for a second opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ask {
    /// They are: it is free.
    #[default]
    Ask,
    /// They are not.
    Skip,
}

/// Whether a scan reads metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metrics {
    /// Those that the checks need.
    #[default]
    Read,
    /// None.
    Skip,
}

/// What a scan did.
#[derive(Debug)]
pub struct Scanned {
    /// How each listing ended, those of a scan that this one went on with included.
    pub collections: Vec<Collection>,
    /// How often each operation was called, retries included.
    pub calls: BTreeMap<Operation, u64>,
    /// Metrics that were asked for: what CloudWatch charges.
    pub metrics_requested: u64,
    /// What a metric costs; absent where the catalogue does not say.
    pub metric_price: Option<MetricPrice>,
    /// Samples that were read.
    pub samples: u64,
    /// Where metrics could not be read, and why.
    pub metric_holes: Vec<MetricHole>,
    /// From when on metrics were asked for, where somebody said so.
    pub metrics_since: Option<MetricsSince>,
    /// How asking AWS's own services ended, place by place.
    pub second_opinions: Vec<OpinionReading>,
    /// What Prometheus was asked; absent where none is configured.
    pub prometheus: Option<PrometheusRead>,
    /// When a scan was begun that this one went on with.
    pub resumed: Option<Timestamp>,
    /// Whether all was asked that should be; not so after an interruption.
    pub finished: bool,
}

/// A place whose metrics could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricHole {
    /// The account.
    pub account: SubAccountId,
    /// The region.
    pub region: RegionId,
    /// Why.
    pub reason: Reason,
}

/// How far a scan is.
#[derive(Debug, Clone, Copy)]
pub enum ScanProgress<'a> {
    /// A listing ended.
    Listing {
        /// The listing.
        collection: &'a Collection,
        /// Listings that ended.
        done: u64,
        /// Listings in all.
        of: u64,
    },
    /// Metrics of one place were read.
    Metrics {
        /// The account.
        account: &'a SubAccountId,
        /// The region.
        region: &'a RegionId,
        /// Series of the place that were read.
        done: u64,
        /// Series of the place in all.
        of: u64,
    },
}

/// Reads accounts into the data directory.
///
/// What could not be read is in [`Scanned::collections`]. Every listing is stored when it
/// ends: an interrupted scan keeps it, and the next scan of the same places goes on.
///
/// # Errors
/// Fails without credentials, on a service that is not read, and if the data directory
/// cannot be used.
pub fn scan(
    settings: &Settings,
    request: &ScanRequest,
    watch: &mut dyn FnMut(ScanProgress<'_>),
) -> Result<Scanned, Failure> {
    let collectors = select(&request.services, &needed_kinds(settings))?;
    let state = open_state(settings)?;
    let metric_price = price::metric_price(settings)?;
    let affordable = affordable(request, metric_price.as_ref())?;
    let prometheus = prometheus::source(settings, request.prometheus.as_deref())?;
    runtime()?.block_on(async {
        let mut interruption = pin!(interruption());
        let started = now();
        let opening = open(settings, request, &collectors, started);
        let (login, places) = tokio::select! {
            () = interruption.as_mut() => return Err(interrupted()),
            opened = opening => opened?,
        };
        let scope = scope(request);
        let unfinished = state
            .unfinished_scan(&scope)
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        let scan = match unfinished {
            Some((scan, _)) => scan,
            None => state
                .begin_scan(started, &scope)
                .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?,
        };
        let mut finished =
            work::run(&state, scan, &places, &collectors, interruption.as_mut(), watch).await?;
        let mut asked = opinions::Asked::default();
        if finished && request.second_opinion == Ask::Ask {
            asked = opinions::ask(&state, &places, interruption.as_mut()).await?;
            finished = asked.finished;
        }
        let mut metrics = work::Metrics::default();
        let since = request.since.map(|since| MetricsSince::of(since, started));
        if finished && request.metrics == Metrics::Read {
            let window = Window::new(settings, since.map(|since| since.from), started);
            let limits = work::Limits { window, affordable };
            let interruption = interruption.as_mut();
            metrics = work::metrics(settings, &state, &places, limits, interruption, watch).await?;
            finished = metrics.finished;
        }
        let mut watched = None;
        if let (true, Some(source)) = (finished, &prometheus) {
            let read = prometheus::read(settings, &state, source, &places, now(), interruption);
            let read = read.await?;
            finished = read.finished;
            watched = Some(read);
        }
        if finished {
            state
                .end_scan(scan, now())
                .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
        }
        let took = Took { purpose: ApiPurpose::Scan, began: started, finished };
        keep_use(&state, &login.access, took, price::paid_metrics(settings, metrics.requested));
        let collections = state
            .collections()
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?
            .into_iter()
            .filter(|(of, _)| *of == scan)
            .map(|(_, collection)| collection)
            .collect();
        Ok(Scanned {
            collections,
            calls: login.access.calls().counts(),
            metrics_requested: metrics.requested,
            metric_price,
            samples: metrics.samples,
            metric_holes: metrics.holes,
            metrics_since: since,
            second_opinions: asked.readings,
            prometheus: watched,
            resumed: unfinished.map(|(_, at)| at),
            finished,
        })
    })
}

/// Finds the credentials, and the places that they open.
async fn open(
    settings: &Settings,
    request: &ScanRequest,
    collectors: &[&'static Collector],
    started: Timestamp,
) -> Result<(Login, Places), Failure> {
    let login = Login::find(settings, request).await?;
    let places = places::find(&login, settings, request, collectors, started).await?;
    Ok((login, places))
}

/// Waits until the user interrupts.
async fn interruption() {
    // Where the system lets nobody wait for it, it ends the program as it ends any other.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn interrupted() -> Failure {
    let message = (
        "interrupted before the first listing; what earlier scans read is kept",
        "첫 목록을 조회하기 전에 중단했습니다. 이전 스캔에서 읽은 내용은 그대로 남아 있습니다",
    );
    Failure::new(Kind::Interrupted, message)
        .with_hint(("run the command again", "명령을 다시 실행하세요"))
}

/// Starts what runs several calls at once.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|cause| {
        let message =
            ("could not start the conversation with AWS", "AWS 조회를 시작하지 못했습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    })
}

/// Returns how many metrics the budget pays for: any number without one.
pub(super) fn affordable(
    request: &ScanRequest,
    price: Option<&MetricPrice>,
) -> Result<u64, Failure> {
    let Some(budget) = request.budget else { return Ok(u64::MAX) };
    let price = price.ok_or_else(|| {
        Failure::usage(
            (
                "the catalogue has no price of metrics, so a budget cannot be kept",
                "가격 카탈로그에 지표 단가가 없어 예산을 지킬 수 없습니다",
            ),
            ("use --no-metrics, or leave --budget out", "--no-metrics를 쓰거나 --budget을 빼세요"),
        )
    })?;
    Ok(price.affordable(budget))
}

/// Returns the collectors of the services, all where none is named, that list one of `kinds`.
pub(super) fn select(
    services: &[String],
    kinds: &BTreeSet<ResourceKind>,
) -> Result<Vec<&'static Collector>, Failure> {
    let known: BTreeSet<&str> =
        inventory::ALL.iter().map(|collector| collector.kind.service()).collect();
    for service in services {
        if !known.contains(service.as_str()) {
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            return Err(Failure::usage(
                (
                    format!("`{service}` is not a service that trimtab reads"),
                    format!("trimtab이 읽지 않는 서비스입니다: `{service}`"),
                ),
                (format!("choose from {known}"), format!("다음 중에서 고르세요: {known}")),
            ));
        }
    }
    let wanted = |service: &str| services.is_empty() || services.iter().any(|one| one == service);
    Ok(inventory::ALL
        .iter()
        .copied()
        .filter(|collector| kinds.contains(&collector.kind))
        .filter(|collector| wanted(collector.kind.service()))
        .collect())
}

/// Names what a scan is of, so that an unfinished one of the same is recognised.
fn scope(request: &ScanRequest) -> String {
    let part = |name: &str, values: &[String]| {
        let values: BTreeSet<&str> = values.iter().map(String::as_str).collect();
        format!("{name}={}", values.into_iter().collect::<Vec<_>>().join(","))
    };
    [
        format!("profile={}", request.profile.as_deref().unwrap_or_default()),
        part("accounts", &request.accounts),
        part("regions", &request.regions),
        part("services", &request.services),
    ]
    .join(" ")
}

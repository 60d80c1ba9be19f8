//! Refreshes the prices of some regions from AWS's public bulk price list.
//!
//! The list needs no credentials: an index of services leads to an index of regions,
//! and that to one CSV file per service and region. Files are read as they arrive and
//! never kept. Prices are written only when every file of every region was read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use object_store::ObjectStore;
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::mpsc;

use trimtab_model::explain::Explain;
use trimtab_model::id::RegionId;
use trimtab_model::text::Text;

use crate::error::{InputError, words};

use super::download::{self, ChunkReader, Limits};
use super::offer::{self, OfferPrices};
use super::offered_product::Offer;
use super::refreshed::{self, Product};

/// Where AWS publishes its price list.
pub const DEFAULT_BASE_URL: &str = "https://pricing.us-east-1.amazonaws.com";

const SERVICES: &str = "/offers/v1.0/aws/index.json";
/// Chunks that wait between the network and the parser.
const WAITING_CHUNKS: usize = 8;

/// Why prices could not be refreshed. Nothing was written, except for [`RefreshError::Save`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// The address may not be used.
    #[error("{url} is neither https nor http on this machine")]
    BaseUrl {
        /// The address.
        url: String,
    },
    /// A file could not be fetched.
    #[error("could not fetch {path} of the price list")]
    Fetch {
        /// The file.
        path: String,
        /// What the network or the server said.
        #[source]
        cause: object_store::Error,
    },
    /// A file is larger than any real one.
    #[error("{path} of the price list is larger than {limit} bytes")]
    TooLarge {
        /// The file.
        path: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file ended too early.
    #[error("{path} of the price list ended after {received} of {announced} bytes")]
    CutOff {
        /// The file.
        path: String,
        /// Bytes received.
        received: u64,
        /// Bytes announced.
        announced: u64,
    },
    /// An index is not what it should be.
    #[error("{path} of the price list {}", problem.en)]
    Index {
        /// The file, or the path it names.
        path: String,
        /// What is wrong.
        problem: Text,
    },
    /// The price list does not have the region.
    #[error("the price list of {service} has no region {region}")]
    Region {
        /// The service's code.
        service: &'static str,
        /// The region.
        region: RegionId,
    },
    /// An offer file has a row that cannot be read.
    #[error("could not read the price list")]
    Offer(#[source] InputError),
    /// The reading thread ended abnormally.
    #[error("reading {path} of the price list was interrupted")]
    Interrupted {
        /// The file.
        path: String,
        /// How it ended.
        #[source]
        cause: tokio::task::JoinError,
    },
    /// The prices of a region could not be written; regions before it were.
    #[error("could not write the prices of {region}")]
    Save {
        /// The region.
        region: RegionId,
        /// What the file system said.
        #[source]
        cause: std::io::Error,
    },
}

impl Explain for RefreshError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::BaseUrl { url } => {
                format!("{url}: https 주소도, 이 컴퓨터의 http 주소도 아닙니다")
            }
            Self::Fetch { path, .. } => format!("가격표의 {path} 파일을 받지 못했습니다"),
            Self::TooLarge { path, limit } => {
                format!("가격표의 {path} 파일이 {limit}바이트보다 큽니다")
            }
            Self::CutOff { path, received, announced } => format!(
                "가격표의 {path} 파일이 {announced}바이트 가운데 {received}바이트에서 끝났습니다"
            ),
            Self::Index { path, problem } => format!("가격표의 {path} 파일: {}", problem.ko),
            Self::Region { service, region } => {
                format!("{service} 가격표에 {region} 리전이 없습니다")
            }
            Self::Offer(_) => "가격표를 읽지 못했습니다".to_owned(),
            Self::Interrupted { path, .. } => {
                format!("가격표의 {path} 파일을 읽다가 중단되었습니다")
            }
            Self::Save { region, .. } => format!("{region} 리전의 가격을 쓰지 못했습니다"),
        };
        Text::new(self.to_string(), korean)
    }
}

/// What a refresh of one region brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshed {
    /// The region.
    pub region: RegionId,
    /// The file written.
    pub path: PathBuf,
    /// Prices of EC2 types.
    pub instances: u64,
    /// Prices of RDS classes, by engine.
    pub databases: u64,
    /// Prices of meters.
    pub meters: u64,
    /// Products left out because the list gives them two different prices, or a price of zero.
    pub left_out: u64,
    /// The oldest publication date among the files read.
    pub published: Option<Date>,
}

#[derive(Deserialize)]
struct ServiceIndex {
    offers: BTreeMap<String, ServiceEntry>,
}

#[derive(Deserialize)]
struct ServiceEntry {
    #[serde(rename = "currentRegionIndexUrl")]
    current_region_index_url: Option<String>,
}

#[derive(Deserialize)]
struct RegionIndex {
    regions: BTreeMap<String, RegionEntry>,
}

#[derive(Deserialize)]
struct RegionEntry {
    #[serde(rename = "currentVersionUrl")]
    current_version_url: String,
}

/// Reads the public prices of `regions` at `base_url` and keeps them in `data_dir`.
///
/// # Errors
///
/// See [`RefreshError`]. What was kept before stays as it was.
pub async fn refresh(
    data_dir: &Path,
    regions: &BTreeSet<RegionId>,
    base_url: &str,
    limits: Limits,
) -> Result<Vec<Refreshed>, RefreshError> {
    let store = download::open(base_url)?;
    let indexes = region_indexes(store.as_ref(), limits).await?;
    let mut read = Vec::new();
    for region in regions {
        let mut offers = Vec::new();
        for (offer, index) in &indexes {
            let path = offer_path(*offer, index, region)?;
            offers.push(read_offer(store.as_ref(), *offer, path, limits).await?);
        }
        read.push((region, offers));
    }
    read.into_iter().map(|(region, offers)| save(data_dir, region, offers)).collect()
}

async fn region_indexes(
    store: &dyn ObjectStore,
    limits: Limits,
) -> Result<Vec<(Offer, RegionIndex)>, RefreshError> {
    let services: ServiceIndex = index(store, SERVICES, limits).await?;
    let mut indexes = Vec::new();
    for offer in Offer::ALL {
        let path = services
            .offers
            .get(offer.code())
            .and_then(|entry| entry.current_region_index_url.as_deref())
            .ok_or_else(|| RefreshError::Index {
                path: SERVICES.to_owned(),
                problem: Text::new(
                    format!("has no region index of {}", offer.code()),
                    format!("{}: 리전 색인이 없습니다", offer.code()),
                ),
            })?;
        indexes.push((offer, index(store, path, limits).await?));
    }
    Ok(indexes)
}

async fn index<T: serde::de::DeserializeOwned>(
    store: &dyn ObjectStore,
    path: &str,
    limits: Limits,
) -> Result<T, RefreshError> {
    let bytes = download::fetch(store, path, limits.index_bytes).await?;
    serde_json::from_slice(&bytes).map_err(|cause| RefreshError::Index {
        path: path.to_owned(),
        problem: Text::new("is not an index", "색인이 아닙니다").because(&words(&cause)),
    })
}

/// Returns the CSV file that stands beside the JSON file of a region.
fn offer_path(
    offer: Offer,
    index: &RegionIndex,
    region: &RegionId,
) -> Result<String, RefreshError> {
    let entry = index
        .regions
        .get(region.as_str())
        .ok_or_else(|| RefreshError::Region { service: offer.code(), region: region.clone() })?;
    let json = &entry.current_version_url;
    json.strip_suffix(".json").map(|stem| format!("{stem}.csv")).ok_or_else(|| {
        RefreshError::Index {
            path: json.clone(),
            problem: Text::new("is not a JSON file", "JSON 파일이 아닙니다"),
        }
    })
}

async fn read_offer(
    store: &dyn ObjectStore,
    offer: Offer,
    path: String,
    limits: Limits,
) -> Result<OfferPrices, RefreshError> {
    let (sender, receiver) = mpsc::channel(WAITING_CHUNKS);
    let name = PathBuf::from(&path);
    let reading =
        tokio::task::spawn_blocking(move || offer::read(offer, &name, ChunkReader::new(receiver)));
    let sent = download::send(store, &path, limits.offer_bytes, sender).await;
    let read = reading.await.map_err(|cause| RefreshError::Interrupted { path, cause })?;
    // A failed download also looks like a bad row to the parser: the download is the cause.
    sent?;
    read.map_err(RefreshError::Offer)
}

fn save(
    data_dir: &Path,
    region: &RegionId,
    offers: Vec<OfferPrices>,
) -> Result<Refreshed, RefreshError> {
    let published = offers.iter().map(|offer| offer.published).min();
    let left_out = offers.iter().map(|offer| offer.left_out.len() as u64).sum();
    let mut prices: Vec<_> = offers.into_iter().flat_map(|offer| offer.prices).collect();
    prices.sort_by(|one, other| one.product.cmp(&other.product));
    let path = refreshed::save(data_dir, region, &prices)
        .map_err(|cause| RefreshError::Save { region: region.clone(), cause })?;
    let mut summary = Refreshed {
        region: region.clone(),
        path,
        instances: 0,
        databases: 0,
        meters: 0,
        left_out,
        published,
    };
    for price in &prices {
        match price.product {
            Product::Instance(_) => summary.instances += 1,
            Product::Database(_) => summary.databases += 1,
            Product::Meter(_) => summary.meters += 1,
        }
    }
    Ok(summary)
}

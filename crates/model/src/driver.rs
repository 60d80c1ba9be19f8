//! What demand follows: users, or requests.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;
use crate::metric::{Origin, Statistic};
use crate::money::Money;
use crate::price::PriceBasis;
use crate::text::{Reason, Text};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriverUnit {
    /// Requests within an hour.
    RequestsPerHour,
    /// Distinct users within an hour.
    UsersPerHour,
    /// The most users at one moment of a day.
    PeakConcurrentUsers,
    /// Users of a day.
    DailyUsers,
}

impl DriverUnit {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequestsPerHour => "requests_per_hour",
            Self::UsersPerHour => "users_per_hour",
            Self::PeakConcurrentUsers => "peak_concurrent_users",
            Self::DailyUsers => "daily_users",
        }
    }

    /// Returns whether a value is of an hour; else it is of a day.
    pub fn is_hourly(self) -> bool {
        match self {
            Self::RequestsPerHour | Self::UsersPerHour => true,
            Self::PeakConcurrentUsers | Self::DailyUsers => false,
        }
    }
}

/// One series of users or requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Driver {
    /// What is counted.
    pub unit: DriverUnit,
    /// The service whose traffic it is; absent where the owner counts users of the whole.
    pub service: Option<String>,
}

/// How far demand lies from what the driver says, in the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// Five in a hundred lie further below.
    pub p5: f64,
    /// The middle: how far off a usual hour is, below or above.
    pub absolute_p50: f64,
    /// Five in a hundred lie further above.
    pub p95: f64,
    /// The same of the highest sample within each hour or day.
    pub peak_p95: f64,
}

/// A line through demand over its driver.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// What one more user or request costs, in the metric's unit.
    pub slope: f64,
    /// What is used when nobody comes: it costs the same at night.
    pub intercept: f64,
    /// Hours by which demand follows its driver.
    pub lag_hours: u32,
    /// Share of the variance that the line explains, outliers included; below zero where a flat
    /// line would do better.
    pub r_squared: f64,
    /// The same of the spread between the 10th and the 90th percentile, which outliers do not
    /// move: by it a resource is judged.
    pub explained: f64,
    /// What it leaves.
    pub residuals: Residuals,
    /// Hours or days that count.
    pub points: u64,
    /// Hours or days that were left out, because demand stood at its ceiling: what it would
    /// have been is not known.
    pub saturated: u64,
    /// Mean of the driver over the points.
    pub mean_driver: f64,
    /// The highest value of the driver in its last seven days.
    pub recent_peak: f64,
}

impl Fit {
    /// Returns the demand that the line expects.
    pub fn at(&self, driver: f64) -> f64 {
        self.intercept + self.slope * driver
    }

    /// Returns the share of the mean demand that follows the driver, from 0 to 1.
    pub fn following_share(&self) -> f64 {
        let mean = self.at(self.mean_driver);
        if mean > 0.0 { (self.slope * self.mean_driver / mean).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// Whether demand follows its driver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum LinkVerdict {
    /// It does.
    Explained {
        /// What it follows.
        driver: Driver,
        /// How.
        fit: Fit,
    },
    /// It does not: something else makes it busy, or nothing does.
    NotExplained {
        /// What came nearest.
        driver: Driver,
        /// How near.
        fit: Fit,
    },
    /// The data does not say.
    Unknown {
        /// Why not, and what would settle it.
        reason: Reason,
    },
}

/// One metric of one resource, and what it follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Account and region of the resource, where the metrics say.
    pub origin: Option<Origin>,
    /// The resource, as the metric names it.
    pub resource: ResourceId,
    /// The namespace.
    pub namespace: String,
    /// The metric.
    pub metric: String,
    /// The statistic that was compared.
    pub statistic: Statistic,
    /// Length of a sample in seconds: an amount in `fit` is one of so many seconds.
    pub period_seconds: u32,
    /// What was found.
    pub verdict: LinkVerdict,
}

impl Link {
    /// Returns driver and line where demand follows the driver.
    pub fn explained(&self) -> Option<(&Driver, &Fit)> {
        match &self.verdict {
            LinkVerdict::Explained { driver, fit } => Some((driver, fit)),
            LinkVerdict::NotExplained { .. } | LinkVerdict::Unknown { .. } => None,
        }
    }

    /// Returns driver and line, good or bad.
    pub fn nearest(&self) -> Option<(&Driver, &Fit)> {
        match &self.verdict {
            LinkVerdict::Explained { driver, fit } | LinkVerdict::NotExplained { driver, fit } => {
                Some((driver, fit))
            }
            LinkVerdict::Unknown { .. } => None,
        }
    }
}

/// What a resource carries, and what a thousand more users need.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceLoad {
    /// The metric and what it follows.
    pub link: Link,
    /// What the resource is, such as `m6i.large`; absent where the inventory does not say.
    pub size: Option<String>,
    /// vCPUs for 1,000 of the driver, where the metric is the processor of a known type.
    pub vcpu_per_thousand: Option<f64>,
    /// The most of the driver that the resource carries below its target of use; absent where
    /// the metric has no ceiling or demand does not follow the driver.
    pub holds: Option<f64>,
    /// The use that `holds` stops at, in percent.
    pub ceiling_percent: Option<f64>,
    /// A month of the resource; of its first metric only, so that a list adds up. Absent where
    /// neither the bill nor the catalogue prices it.
    pub cost: Option<LoadCost>,
}

impl ResourceLoad {
    /// Returns how many times the recent peak the resource carries.
    pub fn headroom(&self) -> Option<f64> {
        let (_, fit) = self.link.explained()?;
        let holds = self.holds?;
        (fit.recent_peak > 0.0).then(|| holds / fit.recent_peak)
    }
}

/// What a resource costs, and what that is for its users.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadCost {
    /// A month of 730 hours.
    pub monthly: Money,
    /// That for each 1,000 of the driver: 1,000 users on average, or 1,000 requests. Absent
    /// where demand does not follow one.
    pub per_thousand: Option<Money>,
    /// From the bill, or from the catalogue.
    pub basis: PriceBasis,
}

/// A day on which users are expected to be more or fewer, as the owner says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserEvent {
    /// The day.
    pub date: Date,
    /// What it is.
    pub name: String,
    /// How many times the usual users; absent where the past is to say.
    pub factor: Option<f64>,
}

/// How a day's factor is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectBasis {
    /// The owner says so.
    Given,
    /// It is the median of past days of its kind.
    Past {
        /// How many.
        days: u64,
    },
    /// There are no past days of its kind: none is assumed.
    NotKnown,
}

/// A day in the forecast that is not like others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectedEvent {
    /// The day.
    pub date: Date,
    /// What it is.
    pub name: Text,
    /// How many times the usual users.
    pub factor: f64,
    /// How that is known.
    pub basis: EffectBasis,
}

/// How a forecast was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForecastMethod {
    /// Season and trend taken apart, the rest by exponential smoothing.
    Mstl,
    /// The same on logarithms: seasons that grow with the level.
    LogMstl,
    /// The same hour or day of the week before.
    SeasonalNaive,
}

impl ForecastMethod {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mstl => "mstl",
            Self::LogMstl => "log_mstl",
            Self::SeasonalNaive => "seasonal_naive",
        }
    }
}

/// How far off forecasts were of a part of the past that they had not seen: the sum of the
/// errors over the sum of the values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForecastError {
    /// Steps that were held out.
    pub steps: u64,
    /// Of the method that was chosen.
    pub chosen: f64,
    /// Of repeating the last week.
    pub seasonal_naive: f64,
}

/// What is expected of one hour or day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForecastPoint {
    /// Hours or days since 1970-01-01.
    pub at: i64,
    /// What is expected.
    pub likely: f64,
    /// Nineteen times in twenty it is more.
    pub low: f64,
    /// Nineteen times in twenty it is less.
    pub high: f64,
}

/// What is expected of a driver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriverForecast {
    /// The driver.
    pub driver: Driver,
    /// Whether a step is an hour; else it is a day.
    pub is_hourly: bool,
    /// How it was made.
    pub method: ForecastMethod,
    /// How far off it was; absent where the past is too short to hold out a part.
    pub error: Option<ForecastError>,
    /// Hours or days that it rests on.
    pub history: u64,
    /// Mean of the last 28 days of them, or of as many as there are.
    pub recent_mean: f64,
    /// The steps ahead.
    pub points: Vec<ForecastPoint>,
    /// Days among them that are not like others.
    pub events: Vec<ExpectedEvent>,
}

//! What the traffic of a service comes to: sums, peaks, growth and the shape of the week.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::traffic::{DuplicateCounts, ServiceTraffic, UserDay};

/// Services with what they come to, and users as the owner counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficReport<'a> {
    /// The services, in their order.
    pub services: Vec<ServiceSummary<'a>>,
    /// The users of `users.csv`; absent where there are none.
    pub users: Option<UsersSummary>,
}

/// What the traffic of one service comes to. What its source does not tell is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceSummary<'a> {
    /// The traffic.
    pub traffic: &'a ServiceTraffic,
    /// Requests, those of bots included.
    pub requests: u64,
    /// Share of the requests that bots made.
    pub bot_share: Option<f64>,
    /// Duplicates by kind.
    pub duplicates: Option<DuplicateCounts>,
    /// Share of the requests that are duplicates, of those that were judged: bots left out.
    pub duplicate_share: Option<f64>,
    /// Seconds that the server worked.
    pub server_seconds: Option<f64>,
    /// Share of them that was spent on duplicates.
    pub duplicate_second_share: Option<f64>,
    /// Seconds that the server worked on one request, on average over those that tell.
    pub mean_seconds: Option<f64>,
    /// Bytes sent.
    pub bytes: Option<u64>,
    /// Share of the answers with a status of 500 and above.
    pub server_error_share: Option<f64>,
    /// When the hour with most requests began, and how many it had.
    pub busiest_hour: Option<(Timestamp, u64)>,
    /// Requests of the busiest minute of all.
    pub busiest_minute: Option<u64>,
    /// Requests in progress on average over the minute that had most of them.
    pub peak_in_progress: Option<f64>,
    /// Clients of a day, a week and a month.
    pub clients: Option<ClientsSummary>,
    /// How the requests of a day grow, those of bots included.
    pub request_growth: Option<Growth>,
    /// How the clients of a day grow.
    pub client_growth: Option<Growth>,
    /// The shape of the week.
    pub week: WeekShape,
}

/// Clients of a day, a week and a month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClientsSummary {
    /// The last day that the data covers; the others are of this day.
    pub date: Date,
    /// Clients of the day: DAU.
    pub daily: u64,
    /// Clients of seven days: WAU.
    pub weekly: Option<u64>,
    /// Clients of thirty days: MAU.
    pub monthly: Option<u64>,
    /// Share of the month's clients who came on the day.
    pub stickiness: Option<f64>,
    /// Mean of the clients of a day, over the days that the data covers.
    pub mean_daily: f64,
    /// Clients of the day that had most.
    pub highest_daily: u64,
}

/// Users as the owner counts them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UsersSummary {
    /// Days that are known.
    pub days: u64,
    /// The last of them.
    pub last: UserDay,
    /// Mean of the users of a day.
    pub mean_daily: f64,
    /// Users of the day that had most.
    pub highest_daily: u64,
    /// Highest number of users at one moment, where known.
    pub peak_concurrent: Option<u64>,
    /// How users of a day grow.
    pub growth: Option<Growth>,
}

/// Growth by the week, as shares of the median day: 0.02 is two percent a week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The median of the changes between the same weekdays.
    pub per_week: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Days that it is made of.
    pub days: u64,
}

impl Growth {
    /// Returns whether the interval leaves open in which direction it goes.
    pub fn is_unclear(&self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }
}

/// Requests by hour of the local week, of hours that were seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct WeekShape {
    /// Mean of the requests of each hour of the week, Monday 00 first: 168 values, absent where
    /// no such hour was seen. A holiday counts as a Sunday.
    pub hours: Vec<Option<f64>>,
    /// Mean of the requests of each hour of the day: 24 values.
    pub hours_of_day: Vec<Option<f64>>,
    /// Mean of the requests of each day of the week, Monday first, of days that the data covers.
    pub weekdays: Vec<Option<f64>>,
    /// Requests of the busiest hour of the week over the mean of all hours that were seen.
    pub peak_to_mean: Option<f64>,
}

//! Users and their requests: the drivers behind demand.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::driver::UserEvent;
use crate::period::Period;

/// One day of users, as the owner counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDay {
    /// The day, in the game's own time zone as the file gives it.
    pub date: Date,
    /// Daily active users.
    pub dau: u64,
    /// Users seen for the first time, where known.
    pub new_users: Option<u64>,
    /// Highest number of users at one moment, where known.
    pub peak_concurrent_users: Option<u64>,
}

/// Users per day, sorted by date, each day once; and what the services were asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Traffic {
    /// The days.
    pub days: Vec<UserDay>,
    /// The services, sorted by name and source.
    #[serde(default)]
    pub services: Vec<ServiceTraffic>,
    /// Days that the owner says are not like others, sorted by date.
    #[serde(default)]
    pub events: Vec<UserEvent>,
}

/// Where the traffic of a service was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrafficSource {
    /// Access logs of an Application Load Balancer.
    Alb,
    /// Standard logs of a CloudFront distribution.
    CloudFront,
    /// Access logs of nginx or Apache in the combined format.
    Combined,
    /// Access logs of nginx or Apache in the common format, which names no user agent.
    Common,
    /// A list of who did something when.
    Events,
    /// The metric of a load balancer: requests only, no clients.
    RequestCount,
}

/// What counts as one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientBasis {
    /// The user that the source names.
    User,
    /// The address and the user agent: users behind one address with the same client are one,
    /// a user who changes the network is two.
    AddressAndAgent,
    /// The address alone.
    Address,
    /// The source does not tell clients apart.
    Unknown,
}

/// How sure the numbers of distinct clients are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distinctness {
    /// Every client was counted.
    Exact,
    /// There were too many to remember; counted from a sketch.
    Estimated {
        /// Standard error as a share of the number: 0.01 is one percent.
        standard_error: f64,
    },
}

/// The requests of one service, reduced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceTraffic {
    /// The name: of the load balancer, the distribution or the directory of the logs.
    pub service: String,
    /// Where it was read.
    pub source: TrafficSource,
    /// From the first line to the second that follows the last one.
    pub period: Period,
    /// Whole UTC hours without a line between the first line and the last: nobody came, or logs
    /// are missing. Which of both it was, the source does not say.
    pub gaps: Vec<Period>,
    /// The zone in which `days` begin.
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub time_zone: TimeZone,
    /// What counts as one client.
    pub clients: ClientBasis,
    /// How sure the numbers of clients are.
    pub distinctness: Distinctness,
    /// The definitions that duplicates were counted with; absent where the source has no
    /// requests to compare.
    pub rules: Option<DuplicateRules>,
    /// Whether requests came so fast that some had to be forgotten before their duplicates came:
    /// then there are more duplicates than were counted.
    #[serde(default)]
    pub duplicates_incomplete: bool,
    /// The UTC hours that have a line, in order.
    pub hours: Vec<HourTraffic>,
    /// The local days that have a line, in order.
    pub days: Vec<DayTraffic>,
    /// What was asked for, most requests first, bots included.
    pub endpoints: Vec<EndpointTraffic>,
    /// What did not fit into `endpoints`; absent where everything did.
    pub other_endpoints: Option<OtherEndpoints>,
    /// What became of every line.
    pub lines: LineCount,
}

/// One UTC hour of requests. What a source does not tell is absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HourTraffic {
    /// Hours since 1970-01-01T00:00:00Z.
    pub hour: i64,
    /// Requests, those of bots included.
    pub requests: u64,
    /// Requests of bots that say in their user agent what they are.
    pub bot_requests: Option<u64>,
    /// Requests that need not have been made, by kind; those of bots are not judged.
    pub duplicates: Option<DuplicateCounts>,
    /// Distinct clients, bots left out.
    pub clients: Option<u64>,
    /// Bytes sent.
    pub bytes: Option<u64>,
    /// Requests of which the source tells how long the server worked.
    pub timed_requests: u64,
    /// Seconds that the server worked on these; absent where there are none.
    pub server_seconds: Option<f64>,
    /// Answers with a status of 500 and above.
    pub server_errors: Option<u64>,
    /// Requests of the busiest minute.
    pub busiest_minute: Option<u64>,
    /// Requests in progress on average over the minute that had most of them, by Little's law:
    /// server seconds of the requests that began in it, divided by 60.
    pub peak_in_progress: Option<f64>,
}

impl HourTraffic {
    /// Returns when the hour begins.
    pub fn start(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.hour.checked_mul(3600)?).ok()
    }

    /// Returns the requests in progress on average over the hour, by Little's law.
    pub fn mean_in_progress(&self) -> Option<f64> {
        self.server_seconds.map(|seconds| seconds / 3600.0)
    }
}

/// One local day of clients, bots left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayTraffic {
    /// The day in the owner's calendar.
    pub date: Date,
    /// Whether the data covers the day: of the first and the last one, whether there is a line
    /// in its first and in its last hour.
    pub complete: bool,
    /// Requests, those of bots included.
    pub requests: u64,
    /// Distinct clients of the day: DAU where the source names users.
    pub clients: Option<u64>,
    /// Clients of the day that no earlier day of the data has. Absent on the first day, and
    /// where clients are estimated: the difference of two estimates has no useful bound.
    pub first_seen: Option<u64>,
    /// Clients of the day that an earlier day of the data has; absent like `first_seen`.
    pub returning: Option<u64>,
    /// Distinct clients of this day and the six before: WAU. Absent until the data is so old.
    pub weekly_clients: Option<u64>,
    /// Distinct clients of this day and the 29 before: MAU. Absent until the data is so old.
    pub monthly_clients: Option<u64>,
}

impl DayTraffic {
    /// Returns the share of the month's clients who came on this day.
    pub fn stickiness(&self) -> Option<f64> {
        let month = self.monthly_clients.filter(|clients| *clients > 0)?;
        self.clients.map(|clients| clients as f64 / month as f64)
    }
}

/// Requests for one method and one kind of path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndpointTraffic {
    /// The method, such as GET; `-` where the line has no readable request.
    pub method: String,
    /// The path without its query, with `{}` for each part that names a single thing.
    pub template: String,
    /// Requests in each hour of [`ServiceTraffic::hours`], in the same order.
    pub requests: Vec<u32>,
    /// Requests of bots among them, over all hours.
    pub bot_requests: u64,
    /// Duplicates among them in each hour, in the same order; empty where none were looked for.
    pub duplicate_requests: Vec<u32>,
    /// Duplicates by kind, over all hours.
    pub duplicates: DuplicateCounts,
    /// Requests of which the source tells how long the server worked.
    pub timed_requests: u64,
    /// Seconds that the server worked on these.
    pub server_seconds: Option<f64>,
    /// Seconds of these that were spent on duplicates.
    pub duplicate_seconds: Option<f64>,
    /// Bytes sent.
    pub bytes: Option<u64>,
    /// Bytes of these that were sent to duplicates.
    pub duplicate_bytes: Option<u64>,
    /// Answers with a status of 500 and above.
    pub server_errors: Option<u64>,
    /// Some groups of duplicates, the largest of each kind first.
    pub examples: Vec<DuplicateGroup>,
}

impl EndpointTraffic {
    /// Returns the requests over all hours.
    pub fn total(&self) -> u64 {
        self.requests.iter().map(|requests| u64::from(*requests)).sum()
    }

    /// Returns the share of the requests that are duplicates, of those that were judged: those of
    /// bots are not. Absent where none were.
    pub fn duplicate_share(&self) -> Option<f64> {
        let judged = self.total().saturating_sub(self.bot_requests);
        (judged > 0 && !self.duplicate_requests.is_empty())
            .then(|| self.duplicates.total() as f64 / judged as f64)
    }
}

/// Requests for kinds of paths beyond the number that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OtherEndpoints {
    /// Requests, those of bots included.
    pub requests: u64,
    /// Duplicates among them, by kind.
    pub duplicates: DuplicateCounts,
}

/// Why a request need not have been made. Each request has one kind at most: the first that
/// fits, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateKind {
    /// The same request again after the one before it had failed.
    Retry,
    /// The same request again at once: no cache in the client, or a form sent twice.
    Repeat,
    /// The same request again and again at a regular interval.
    Polling,
    /// One client asks for many things of one kind at once, one by one.
    FanOut,
    /// Many clients ask for the same thing in the same second, far above the usual.
    Herd,
}

impl DuplicateKind {
    /// Every kind, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::Retry, Self::Repeat, Self::Polling, Self::FanOut, Self::Herd];
}

/// How many duplicates of each kind; a kind without any may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DuplicateCounts {
    /// After a failure.
    pub retry: u64,
    /// At once.
    pub repeat: u64,
    /// At a regular interval.
    pub polling: u64,
    /// Many things one by one.
    pub fan_out: u64,
    /// Many clients in one second.
    pub herd: u64,
}

impl DuplicateCounts {
    /// Returns the count of one kind.
    pub fn of(&self, kind: DuplicateKind) -> u64 {
        match kind {
            DuplicateKind::Retry => self.retry,
            DuplicateKind::Repeat => self.repeat,
            DuplicateKind::Polling => self.polling,
            DuplicateKind::FanOut => self.fan_out,
            DuplicateKind::Herd => self.herd,
        }
    }

    /// Adds to the count of one kind.
    pub fn add(&mut self, kind: DuplicateKind, requests: u64) {
        let count = match kind {
            DuplicateKind::Retry => &mut self.retry,
            DuplicateKind::Repeat => &mut self.repeat,
            DuplicateKind::Polling => &mut self.polling,
            DuplicateKind::FanOut => &mut self.fan_out,
            DuplicateKind::Herd => &mut self.herd,
        };
        *count += requests;
    }

    /// Adds all the counts of another.
    pub fn add_all(&mut self, other: &Self) {
        for kind in DuplicateKind::ALL {
            self.add(kind, other.of(kind));
        }
    }

    /// Returns the duplicates of every kind together.
    pub fn total(&self) -> u64 {
        DuplicateKind::ALL.into_iter().map(|kind| self.of(kind)).sum()
    }
}

/// The definitions of the kinds of duplicates.
///
/// "The same request" is: same client, method, path and query. Requests of bots are not judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DuplicateRules {
    /// A request is a *retry* if the same request began at most so many seconds before, and its
    /// latest one failed: a status of 500 and above, 408, 425, 429, 460 or 499, or no status.
    pub retry_seconds: u32,
    /// A request is a *repeat* if the same request began at most so many seconds before and did
    /// not fail. Parts of a file (206) and a demand for a password (401, 407) do not count.
    pub repeat_seconds: u32,
    /// A request is *polling* if it and so many of the same request before it ...
    pub polling_requests: u32,
    /// ... are at least `repeat_seconds` and at most so many seconds apart each, ...
    pub polling_longest_seconds: u32,
    /// ... and no interval differs from their mean by more than this share of it, or a second
    /// where that is more.
    pub polling_tolerance: f64,
    /// Requests of one client for one method and template with a `{}` within less than a second
    /// of the first are a *fan-out* if they ask for at least so many different paths. All of
    /// them but the first count.
    pub fan_out_paths: u32,
    /// Requests for one method and path in one second of the clock are a *herd* if at least so
    /// many different clients made them, ...
    pub herd_clients: u32,
    /// ... and the requests are at least so many times those of a usual second: the mean over
    /// the minutes of the clock before this one. All of them but the first count.
    pub herd_times_usual: f64,
    /// How many minutes before are usual. There are none in the first minute of the data, and no
    /// herds in the two first.
    pub herd_usual_minutes: u32,
}

impl Default for DuplicateRules {
    fn default() -> Self {
        Self {
            retry_seconds: 60,
            repeat_seconds: 2,
            polling_requests: 3,
            polling_longest_seconds: 600,
            polling_tolerance: 0.1,
            fan_out_paths: 10,
            herd_clients: 20,
            herd_times_usual: 10.0,
            herd_usual_minutes: 10,
        }
    }
}

/// Requests that belong together, to show what was found. Nobody can be recognised in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateGroup {
    /// What they are.
    pub kind: DuplicateKind,
    /// How many there are, those included that need not count as duplicates.
    pub requests: u32,
    /// When the first of them began, in order.
    pub times: Vec<Timestamp>,
    /// The client as a short digest, salted with the data: the same client has another one in
    /// other data. Absent where there were many.
    pub client: Option<String>,
    /// Name and version of the client, from the user agent.
    pub client_version: Option<String>,
    /// Path and query of the first, with the ids in the path and the values in the query masked.
    pub request: String,
}

/// What became of the lines of a source: nothing is dropped without being counted here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LineCount {
    /// Lines, those left out that hold no request by design: empty ones, and heads of columns.
    pub read: u64,
    /// Lines that are in the figures.
    pub used: u64,
    /// Lines that a second file holds too; counted once.
    pub repeated: u64,
    /// Lines among the used that came so far out of order that they count in hours, days'
    /// requests and endpoints, but not in clients and duplicates.
    pub late: u64,
    /// Lines that could not be read, by what is wrong with them.
    pub unreadable: BTreeMap<LineProblem, UnreadableLines>,
}

impl LineCount {
    /// Returns how many lines could not be read.
    pub fn unreadable_total(&self) -> u64 {
        self.unreadable.values().map(|lines| lines.lines).sum()
    }
}

/// What can be wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineProblem {
    /// It does not have the fields of the file's format.
    NotTheFormat,
    /// Its time is no time.
    Time,
    /// Its time lies before 1995, or more than a day after the moment of the reading.
    ImpossibleTime,
    /// A number is none.
    Number,
    /// It names no user.
    NoUser,
    /// It is longer than a line can be.
    TooLong,
}

/// Lines that could not be read for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableLines {
    /// How many.
    pub lines: u64,
    /// The file of the first one, within the directory of the input.
    pub file: String,
    /// Its row in that file, from 1.
    pub row: u64,
}

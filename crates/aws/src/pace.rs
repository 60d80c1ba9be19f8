//! How fast we may ask: a token bucket per account, region and API.
//!
//! The buckets hold a share of what AWS documents, because the account's own automation
//! draws from the same. Limits: EC2 API request throttling (non-mutating actions 100 burst,
//! 20 per second; the large Describe calls 50 burst, 10 per second; mutating actions 50 burst, 5
//! per second, `StartInstances` 5 burst, 2 per second), CloudWatch quotas
//! (GetMetricData 50 per second and 90,000 samples per second where they begin more than three
//! hours ago, ListMetrics 25 per second), Cost Explorer 5 per second. Services that document
//! nothing get a cautious 10 per second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The share of a documented limit that we use, in percent.
pub const DEFAULT_SHARE_PERCENT: u32 = 30;

/// EC2's Describe calls that have a smaller bucket of their own.
const LARGE_EC2: &[&str] = &[
    "DescribeInstances",
    "DescribeInstanceStatus",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSnapshots",
    "DescribeVolumes",
    "DescribeImages",
];

/// The bucket of what `GetMetricData` answers.
const SAMPLES: &str = "samples";

/// What one bucket is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Lane {
    account: String,
    region: String,
    service: String,
    operation: Option<String>,
}

/// What AWS allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Calls at once.
    pub burst: f64,
    /// Calls a second.
    pub rate: f64,
}

/// Token buckets for everything we call.
#[derive(Debug)]
pub struct Pace {
    share: f64,
    lanes: Mutex<HashMap<Lane, Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    limit: Limit,
    tokens: f64,
    filled_at: Instant,
}

impl Pace {
    /// Makes full buckets of `share_percent` of what AWS documents. More than 100 is for accounts
    /// whose limits AWS has raised.
    pub fn new(share_percent: u32) -> Self {
        let share = f64::from(share_percent.max(1)) / 100.0;
        Self { share, lanes: Mutex::new(HashMap::new()) }
    }

    /// Waits for a turn to call `operation` of `service`.
    pub async fn turn(&self, account: &str, region: &str, service: &str, operation: &str) {
        let wait = self.reserve(account, region, (service, operation), 1.0, Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Waits until `count` samples of metrics that were read have been earned.
    pub async fn samples(&self, account: &str, region: &str, count: u64) {
        let wait =
            self.reserve(account, region, ("CloudWatch", SAMPLES), count as f64, Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes tokens, perhaps some that come later, and returns how long to wait for them.
    fn reserve(
        &self,
        account: &str,
        region: &str,
        (service, operation): (&str, &str),
        tokens: f64,
        now: Instant,
    ) -> Duration {
        let large = service == "EC2" && LARGE_EC2.contains(&operation);
        // What changes something never waits behind what only looks.
        let changes = service == "EC2" && !is_read(operation);
        let own = large || changes || service == "CloudWatch";
        let lane = Lane {
            account: account.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            operation: own.then(|| operation.to_owned()),
        };
        let limit = limit(service, operation);
        let limit =
            Limit { burst: (limit.burst * self.share).max(1.0), rate: limit.rate * self.share };
        // A thread that panicked while it held the lock has left the numbers sound.
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = lanes.entry(lane).or_insert_with(|| Bucket {
            limit,
            tokens: limit.burst,
            filled_at: now,
        });
        bucket.take(tokens, now)
    }
}

impl Bucket {
    fn take(&mut self, tokens: f64, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.limit.rate).min(self.limit.burst) - tokens;
        self.filled_at = self.filled_at.max(now);
        if self.tokens >= 0.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64(-self.tokens / self.limit.rate)
    }
}

/// Returns how long the last of these IAM actions waits for its turn, if all are wanted at once
/// in one account and region.
pub fn last_turn<'a>(share_percent: u32, actions: impl IntoIterator<Item = &'a str>) -> Duration {
    let pace = Pace::new(share_percent);
    let now = Instant::now();
    actions
        .into_iter()
        .map(|action| {
            let (prefix, operation) = action.split_once(':').unwrap_or((action, ""));
            // Services that have limits of their own, as the SDK names them.
            let service = match prefix {
                "ec2" => "EC2",
                "cloudwatch" => "CloudWatch",
                "s3" => "S3",
                other => other,
            };
            pace.reserve("", "", (service, operation), 1.0, now)
        })
        .max()
        .unwrap_or_default()
}

/// Returns how long reading `count` samples of metrics takes in one account and region.
pub fn time_of_samples(share_percent: u32, count: u64) -> Duration {
    let pace = Pace::new(share_percent);
    pace.reserve("", "", ("CloudWatch", SAMPLES), count as f64, Instant::now())
}

/// Returns what AWS allows for an operation in one account and region.
pub fn limit(service: &str, operation: &str) -> Limit {
    match service {
        "EC2" if LARGE_EC2.contains(&operation) => Limit { burst: 50.0, rate: 10.0 },
        "EC2" if operation == "StartInstances" => Limit { burst: 5.0, rate: 2.0 },
        "EC2" if !is_read(operation) => Limit { burst: 50.0, rate: 5.0 },
        "EC2" => Limit { burst: 100.0, rate: 20.0 },
        "CloudWatch" if operation == SAMPLES => Limit { burst: 90_000.0, rate: 90_000.0 },
        "CloudWatch" if operation == "ListMetrics" => Limit { burst: 25.0, rate: 25.0 },
        "CloudWatch" => Limit { burst: 50.0, rate: 50.0 },
        "S3" => Limit { burst: 100.0, rate: 100.0 },
        "Cost Explorer" => Limit { burst: 5.0, rate: 5.0 },
        _ => Limit { burst: 20.0, rate: 10.0 },
    }
}

fn is_read(operation: &str) -> bool {
    ["Describe", "Get", "List"].iter().any(|verb| operation.starts_with(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let pace = Pace::new(30);
        let now = Instant::now();
        let wait = || pace.reserve("1", "r", ("EC2", "DescribeVolumes"), 1.0, now);
        let at_once = (0..15).filter(|_| wait().is_zero()).count();
        assert_eq!(at_once, 15);
        // 30 % of 10 a second.
        assert_eq!(wait().as_millis(), 333);
        assert_eq!(wait().as_millis(), 666);
    }

    #[test]
    fn the_last_of_many_calls_waits_for_those_before_it() {
        let calls = |count| std::iter::repeat_n("cloudwatch:GetMetricData", count);
        // 15 at once, then 15 a second.
        assert_eq!(last_turn(30, calls(15)), Duration::ZERO);
        assert_eq!(last_turn(30, calls(45)).as_millis(), 2_000);
    }

    #[test]
    fn samples_are_earned_at_the_rate() {
        assert_eq!(time_of_samples(30, 27_000), Duration::ZERO);
        // 30 % of 90,000 a second.
        assert_eq!(time_of_samples(30, 27_000 * 11), Duration::from_secs(10));
    }

    #[test]
    fn accounts_regions_and_large_calls_have_buckets_of_their_own() {
        let pace = Pace::new(1);
        let now = Instant::now();
        assert!(pace.reserve("1", "r", ("EC2", "DescribeVolumes"), 1.0, now).is_zero());
        assert!(!pace.reserve("1", "r", ("EC2", "DescribeVolumes"), 1.0, now).is_zero());
        assert!(pace.reserve("2", "r", ("EC2", "DescribeVolumes"), 1.0, now).is_zero());
        assert!(pace.reserve("1", "s", ("EC2", "DescribeVolumes"), 1.0, now).is_zero());
        assert!(pace.reserve("1", "r", ("EC2", "DescribeAddresses"), 1.0, now).is_zero());
    }

    #[test]
    fn time_fills_a_bucket_up_to_its_burst() {
        let pace = Pace::new(1);
        let now = Instant::now();
        let take = |later| {
            pace.reserve(
                "1",
                "r",
                ("EC2", "DescribeVolumes"),
                1.0,
                now + Duration::from_secs(later),
            )
        };
        assert!(take(0).is_zero());
        assert!(take(3600).is_zero());
        assert!(!take(3600).is_zero());
    }
}

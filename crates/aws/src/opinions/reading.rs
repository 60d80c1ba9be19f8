//! Asks each service in one place, and says how that went.

use jiff::Timestamp;

use trimtab_model::collection::Outcome;
use trimtab_model::opinion::{Opinion, OpinionReading, OpinionSource};
use trimtab_model::text::Reason;

use super::listing::Listed;
use super::{databases, functions, groups, hub as hub_listing, idle, instances, services, volumes};
use crate::collect::outcome;
use crate::error::AwsError;
use crate::part;
use crate::session::Session;

const GET_ENROLLMENT: &str = "compute-optimizer:GetEnrollmentStatus";

/// The actions, by their source: what is called, the question whether it is switched on first.
pub const ACTIONS: &[(OpinionSource, &[&str])] = &[
    (
        OpinionSource::ComputeOptimizer,
        &[
            GET_ENROLLMENT,
            instances::ACTION,
            databases::ACTION,
            volumes::ACTION,
            functions::ACTION,
            groups::ACTION,
            services::ACTION,
            idle::ACTION,
        ],
    ),
    (OpinionSource::CostOptimizationHub, &[hub_listing::LIST_ENROLLMENTS, hub_listing::LIST]),
];

/// What Compute Optimizer does in the caller's name (service authorization reference, the
/// dependent actions of its Get calls).
pub const DEPENDENT_ACTIONS: &[&str] = &[
    "autoscaling:DescribeAutoScalingGroups",
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "ecs:ListClusters",
    "ecs:ListServices",
    "lambda:ListFunctions",
    "lambda:ListProvisionedConcurrencyConfigs",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
];

/// What one source said in one place, and how asking it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// How it ended.
    pub reading: OpinionReading,
    /// What it said.
    pub opinions: Vec<Opinion>,
}

/// Asks Compute Optimizer about the session's region.
pub async fn compute_optimizer(session: &Session, now: Timestamp) -> Read {
    read(session, OpinionSource::ComputeOptimizer, now).await
}

/// Asks Cost Optimization Hub about the session's account, all regions.
pub async fn hub(session: &Session, now: Timestamp) -> Read {
    read(session, OpinionSource::CostOptimizationHub, now).await
}

async fn read(session: &Session, source: OpinionSource, now: Timestamp) -> Read {
    match answers(session, source).await {
        Ok(Some(listed)) => whole(session, source, listed, now),
        Ok(None) => not_enrolled(session, source, now),
        Err(error) => unread(session, source, &error, now),
    }
}

/// Returns what each listing of a source gave; absent where the account is not enrolled.
pub(super) async fn answers(
    session: &Session,
    source: OpinionSource,
) -> Result<Option<Vec<Result<Listed, AwsError>>>, AwsError> {
    match source {
        OpinionSource::ComputeOptimizer => {
            if !is_enrolled(session).await? {
                return Ok(None);
            }
            Ok(Some(vec![
                instances::read(session).await,
                databases::read(session).await,
                volumes::read(session).await,
                functions::read(session).await,
                groups::read(session).await,
                services::read(session).await,
                idle::read(session).await,
            ]))
        }
        OpinionSource::CostOptimizationHub => {
            let home = session.in_region(session.partition().billing_region());
            if !hub_listing::is_enrolled(&home).await? {
                return Ok(None);
            }
            Ok(Some(vec![hub_listing::read(&home).await]))
        }
    }
}

/// Says that a source could not be asked at all.
pub fn unread(session: &Session, source: OpinionSource, error: &AwsError, now: Timestamp) -> Read {
    Read {
        reading: OpinionReading {
            outcome: outcome(error),
            reasons: vec![part::reason(error)],
            ..empty(session, source, now)
        },
        opinions: Vec::new(),
    }
}

async fn is_enrolled(session: &Session) -> Result<bool, AwsError> {
    use aws_sdk_computeoptimizer::types::Status;
    let answer = session.compute_optimizer().get_enrollment_status().send().await;
    match answer.map_err(|error| AwsError::of(GET_ENROLLMENT, &error)) {
        Ok(answer) => Ok(answer.status == Some(Status::Active)),
        Err(AwsError::OptedOut { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn whole(
    session: &Session,
    source: OpinionSource,
    listed: impl IntoIterator<Item = Result<Listed, AwsError>>,
    now: Timestamp,
) -> Read {
    let mut all = Listed::default();
    let mut errors: Vec<AwsError> = Vec::new();
    let mut answers = 0_u32;
    for one in listed {
        match one {
            Ok(one) => {
                answers += 1;
                all.add(one);
            }
            Err(error) => errors.push(error),
        }
    }
    let ended = match errors.first() {
        None => Outcome::Complete,
        Some(_) if answers > 0 => Outcome::Partial,
        Some(error) => outcome(error),
    };
    all.opinions.sort_by(|left, right| {
        (&left.region, &left.id, left.aspect, &left.finding).cmp(&(
            &right.region,
            &right.id,
            right.aspect,
            &right.finding,
        ))
    });
    Read {
        reading: OpinionReading {
            outcome: ended,
            opinions: all.opinions.len() as u64,
            left_out: all.left_out,
            reasons: errors.iter().map(part::reason).collect(),
            ..empty(session, source, now)
        },
        opinions: all.opinions,
    }
}

fn not_enrolled(session: &Session, source: OpinionSource, now: Timestamp) -> Read {
    let name = source.name();
    let reason = Reason::new(
        "not-enrolled",
        format!("This account is not enrolled in {name}."),
        format!("이 계정은 {name} 서비스에 등록되어 있지 않습니다."),
    );
    Read {
        reading: OpinionReading {
            outcome: Outcome::OptedOut,
            reasons: vec![reason],
            ..empty(session, source, now)
        },
        opinions: Vec::new(),
    }
}

fn empty(session: &Session, source: OpinionSource, now: Timestamp) -> OpinionReading {
    OpinionReading {
        source,
        account: session.account().clone(),
        region: match source {
            OpinionSource::ComputeOptimizer => Some(session.region().clone()),
            OpinionSource::CostOptimizationHub => None,
        },
        outcome: Outcome::Complete,
        opinions: 0,
        left_out: 0,
        reasons: Vec::new(),
        at: now,
    }
}

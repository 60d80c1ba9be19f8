//! What stands beside a server and beside a function, and what each of it costs.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::action::VolumeSettings;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::serverless::{Trigger, TriggerCost, TriggerKind};
use trimtab_model::text::Text;

use super::economics::too_large;
use crate::check::Facts;
use crate::pricing::Tariff;

/// Requests that a message in a queue takes: it is sent, received and deleted, each by itself.
const REQUESTS_OF_A_MESSAGE: u32 = 3;
/// How often Lambda asks a queue for messages in a month in which none come: five readers, each of which waits for 20 s (Lambda
/// developer guide, "Using Lambda with Amazon SQS"; SQS developer guide, "Long polling").
const POLLS_OF_A_MONTH: u32 = 5 * HOURS_PER_MONTH * 3600 / 20;
/// Digits behind the point of a number of requests.
const DIGITS: u32 = 6;

/// What stands beside a server.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// What ends when the server is deleted.
    pub(super) known: Vec<CostComponent>,
    /// What of it has no price.
    pub(super) unknown: Vec<Text>,
    /// Whether an Application Load Balancer calls it.
    pub(super) has_balancer: bool,
    /// Whether its account has a NAT gateway in its region.
    pub(super) has_nat_gateway: bool,
}

impl Beside {
    /// Looks at what stands beside anything that `balancers` call.
    pub(super) fn of<K>(
        facts: &Facts<'_>,
        tariff: &Tariff<'_>,
        resource: &Resource<K>,
        balancers: &[&Resource<LoadBalancer>],
    ) -> Self {
        let mut beside = Self {
            has_balancer: balancers
                .iter()
                .any(|one| one.kind.load_balancer_type == LoadBalancerType::Application),
            has_nat_gateway: facts.snapshot.nat_gateways.iter().any(|one| {
                one.account == resource.account
                    && one.region == resource.region
                    && one.kind.state == "available"
            }),
            ..Self::default()
        };
        for balancer in balancers {
            beside.add(share(tariff, balancer));
        }
        beside
    }

    /// Looks at what stands beside an instance.
    pub(super) fn of_instance(
        facts: &Facts<'_>,
        tariff: &Tariff<'_>,
        instance: &Resource<Instance>,
        balancers: &[&Resource<LoadBalancer>],
    ) -> Self {
        let mut beside = Self::of(facts, tariff, instance, balancers);
        for id in &instance.kind.volume_ids {
            let volume = facts.snapshot.volumes.iter().find(|one| {
                one.id == *id && one.account == instance.account && one.region == instance.region
            });
            let Some(volume) = volume else {
                beside.unknown.push(Text::new(
                    format!("What volume {id} costs: it is not in the inventory."),
                    format!("볼륨 {id}의 비용: 인벤토리에 없는 볼륨입니다."),
                ));
                continue;
            };
            let settings = VolumeSettings {
                volume_type: volume.kind.volume_type.clone(),
                iops: volume.kind.iops,
                throughput_mib_s: volume.kind.throughput_mib_s,
            };
            match tariff.volume(&settings, volume.kind.size_gib) {
                Ok(parts) => beside.known.extend(parts),
                Err(unknown) => beside.unknown.push(unknown.reason.text),
            }
        }
        if instance.kind.has_public_ip == Some(true) {
            let hours = HOURS_PER_MONTH.into();
            beside.add(tariff.meter("public IPv4", hours, "vpc/public_ipv4_in_use"));
        }
        beside
    }

    fn add(&mut self, part: Result<CostComponent, Unknown>) {
        match part {
            Ok(part) => self.known.push(part),
            Err(unknown) => self.unknown.push(unknown.reason.text),
        }
    }
}

/// Returns the part of a load balancer's hours that one of its targets stands for.
fn share(tariff: &Tariff<'_>, balancer: &Resource<LoadBalancer>) -> Result<CostComponent, Unknown> {
    let meter = match balancer.kind.load_balancer_type {
        LoadBalancerType::Application => "elb/alb_hour",
        LoadBalancerType::Classic => "elb/clb_hour",
        LoadBalancerType::Network => "elb/nlb_hour",
        LoadBalancerType::Gateway => "elb/gwlb_hour",
    };
    let targets = balancer.kind.target_ids.as_ref().map_or(1, |targets| targets.len().max(1));
    let hours = Decimal::from(HOURS_PER_MONTH)
        .checked_div(Decimal::from(targets))
        .ok_or_else(too_large)?
        .round_dp(DIGITS);
    tariff.meter(
        &format!("share of load balancer {}", balancer.kind.load_balancer_name),
        hours,
        meter,
    )
}

/// Returns the ways in which a function is started by `trigger`, the generated one first.
///
/// S3 takes nothing for the events of a bucket, and Lambda nothing for the URL of a function. A load balancer that is there costs
/// as before.
///
/// # Errors
/// Returns `Unknown` if the number of runs is too large.
pub(super) fn triggers(
    trigger: Trigger,
    runs: f64,
    has_balancer: bool,
    tariff: &Tariff<'_>,
) -> Result<Vec<TriggerCost>, Unknown> {
    let runs = Decimal::from_f64(runs).map(|runs| runs.round_dp(DIGITS)).ok_or_else(too_large)?;
    let messages = runs.checked_mul(Decimal::from(REQUESTS_OF_A_MESSAGE)).ok_or_else(too_large)?;
    let paid =
        |name: &str, quantity: Decimal, meter: &str| tariff.meter(name, quantity, meter).map(Some);
    let way = |kind, is_generated, cost| TriggerCost { kind, is_generated, cost };
    Ok(match trigger {
        Trigger::Request => vec![
            way(
                TriggerKind::HttpApi,
                true,
                paid("API Gateway HTTP API requests", runs, "apigateway/http_request"),
            ),
            way(TriggerKind::FunctionUrl, false, Ok(None)),
            way(
                TriggerKind::LoadBalancer,
                false,
                match has_balancer {
                    true => Ok(None),
                    false => {
                        paid("Application Load Balancer", HOURS_PER_MONTH.into(), "elb/alb_hour")
                    }
                },
            ),
        ],
        Trigger::Schedule => vec![way(
            TriggerKind::Scheduler,
            true,
            paid("EventBridge Scheduler invocations", runs, "eventbridge/scheduler_invocation"),
        )],
        Trigger::Event => vec![
            way(TriggerKind::Bucket, true, Ok(None)),
            way(TriggerKind::Queue, false, paid("SQS requests", messages, "sqs/request")),
        ],
        // Its messages cost what they do in the queue of today.
        Trigger::Queue => vec![way(
            TriggerKind::Queue,
            true,
            paid("SQS requests: Lambda asks for messages", POLLS_OF_A_MONTH.into(), "sqs/request"),
        )],
    })
}

//! Finds NAT gateways beside DynamoDB tables without a gateway endpoint for DynamoDB.
//!
//! **Why it costs.** A NAT gateway charges for every gigabyte that it processes. A gateway endpoint
//! takes the traffic to DynamoDB of the same region off it, and is free.
//!
//! **What we do.** Add the gateway endpoint to the route tables that lead to the NAT gateway. We
//! say so only where the account reads or writes tables in the region, and where S3 already has
//! such an endpoint; where it has none either, `vpc-nat-gateway-s3-traffic` names both.
//!
//! **What it saves.** *High* is all that the gateway processes. How much of it goes to DynamoDB no
//! bill and no metric tells, so *likely* is nothing: read the flow logs, or add the endpoint and
//! look.
//!
//! **What could go wrong.** Open connections to DynamoDB break once when the route changes.
//! Policies that admit the NAT gateway's address refuse what comes through the endpoint.
//!
//! # 한국어
//!
//! DynamoDB 테이블을 쓰면서 DynamoDB용 게이트웨이 엔드포인트가 없는 NAT 게이트웨이를 찾습니다.
//!
//! **비용이 드는 이유.** NAT 게이트웨이는 처리한 데이터 1 GB마다 과금됩니다. 같은 리전의 DynamoDB로 가는 트래픽은 무료인
//! 게이트웨이 엔드포인트로 보낼 수 있습니다.
//!
//! **제안하는 조치.** NAT 게이트웨이를 쓰는 라우팅 테이블에 게이트웨이 엔드포인트를 추가합니다. 계정이 그 리전의 테이블을 읽거나
//! 쓰고 있고, S3용 엔드포인트는 이미 있는 경우에만 알려 드립니다. 둘 다 없으면 `vpc-nat-gateway-s3-traffic`에서 함께
//! 다룹니다.
//!
//! **절감액.** *최대*는 게이트웨이가 처리한 전체 비용입니다. 이 중 DynamoDB로 간 비율은 청구서에도 지표에도 없으므로 *예상*은
//! 0으로 둡니다. 흐름 로그를 보거나, 엔드포인트를 추가해 확인하세요.
//!
//! **주의할 점.** 라우팅이 바뀌는 순간 DynamoDB로 열려 있던 연결이 한 번 끊어집니다. NAT 게이트웨이의 주소만 허용하는 정책이
//! 있으면 엔드포인트를 통한 요청이 거부됩니다.

use rust_decimal::Decimal;

use trimtab_model::evidence::Figure;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::dynamo_table::DynamoTable;
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text, counted};

use crate::billed::Billed;
use crate::check::{Check, Facts, Need};
use crate::gateway_endpoint::{self, MIN_GB_A_MONTH, Missing, routed, service_name};
use crate::nat::is_served;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::table::consumed::{NAMESPACE, READ, WRITE, names};
use crate::verdict::{judge_each, pass, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-nat-gateway-dynamodb-traffic",
    title: StaticText {
        en: "NAT gateway without a DynamoDB gateway endpoint beside it",
        ko: "DynamoDB 게이트웨이 엔드포인트가 없는 NAT 게이트웨이",
    },
    kind: ResourceKind::NatGateway,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::NatGateway),
        Need::Kind(ResourceKind::RouteTable),
        Need::Kind(ResourceKind::VpcEndpoint),
        Need::Kind(ResourceKind::DynamoTable),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromSource", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromDestination", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_GB_A_MONTH, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::NatGateway, &facts.snapshot.nat_gateways, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
) -> Result<Verdict, Unknown> {
    let route_table_ids = match routed(facts, gateway)? {
        Ok(ids) => ids,
        Err(verdict) => return Ok(verdict),
    };
    let is_listed = |kind| facts.snapshot.was_listed(kind, &gateway.account, &gateway.region);
    if !is_listed(ResourceKind::VpcEndpoint) || !is_listed(ResourceKind::DynamoTable) {
        return Err(unknown(
            "endpoints-unknown",
            "Which endpoints the VPC has, or which tables the region, is not known.",
            "이 VPC의 엔드포인트나 이 리전의 테이블 정보가 없습니다.",
            &["inventory:describe-vpc-endpoints", "inventory:describe-table"],
        ));
    }
    let has =
        |name: &str| is_served(facts, gateway, &service_name(gateway, name), &route_table_ids);
    if has("dynamodb") || !has("s3") {
        return Ok(pass(
            "not-for-this-check",
            "It has the endpoint, or that of S3 is missing too, of which another check speaks.",
            "엔드포인트가 이미 있거나 S3용도 없어 다른 점검에서 다룹니다.",
        ));
    }
    let tables = used_tables(facts, gateway)?;
    if tables == 0 {
        return Ok(pass(
            "no-tables",
            "No table of the region is read or written.",
            "이 리전에 읽거나 쓰는 테이블이 없습니다.",
        ));
    }
    let missing = Missing {
        service_names: vec![service_name(gateway, "dynamodb")],
        route_table_ids,
        seen: Text::new(
            format!(
                "{} of the region are in use, and DynamoDB has no gateway endpoint there.",
                counted(tables, "table")
            ),
            format!(
                "고 이 리전에서 테이블 {tables}개를 쓰는데 DynamoDB 게이트웨이 엔드포인트가 없습니다."
            ),
        ),
        figures: vec![Figure::number(
            "tables",
            "Tables in use",
            "쓰고 있는 테이블",
            f64::from(tables),
            "",
        )],
        unseen: Text::new(
            "How much of it goes to DynamoDB: flow logs would tell.",
            "이 중 DynamoDB로 가는 비율을 알 수 없습니다. 흐름 로그로 확인할 수 있습니다.",
        ),
    };
    gateway_endpoint::judge(check, facts, gateway, missing)
}

/// Returns how many tables of the gateway's account and region are seen to be used.
fn used_tables(facts: &Facts<'_>, gateway: &Resource<NatGateway>) -> Result<u32, Unknown> {
    let tables = facts
        .snapshot
        .dynamo_tables
        .iter()
        .filter(|table| table.account == gateway.account && table.region == gateway.region);
    let (mut used, mut unseen) = (0_u32, false);
    for table in tables {
        match is_used(facts, table) {
            Some(true) => used += 1,
            Some(false) => {}
            None => unseen = true,
        }
    }
    if used == 0 && unseen {
        return Err(unknown(
            "use-unknown",
            "Whether the tables of the region are read or written is not known.",
            "이 리전의 테이블을 읽거나 쓰는지 알 수 없습니다.",
            &["metrics:AWS/DynamoDB:ConsumedReadCapacityUnits", "billing"],
        ));
    }
    Ok(used)
}

/// Returns whether a table is read or written; absent where neither metrics nor bill say.
fn is_used(facts: &Facts<'_>, table: &Resource<DynamoTable>) -> Option<bool> {
    let names = names(table, None);
    let seen: Vec<bool> = [READ, WRITE]
        .into_iter()
        .filter_map(|metric| {
            Observation::find(facts, table, &names, NAMESPACE, metric, &[Statistic::Sum])
        })
        .map(|seen| seen.profile.max > 0.0)
        .collect();
    let requests = Billed::find(facts, &table.reference(ResourceKind::DynamoTable), &names)
        .and_then(|bill| bill.quantity(&["ReadRequestUnits", "WriteRequestUnits"]))
        .filter(|units| *units > Decimal::ZERO);
    match requests {
        Some(_) => Some(true),
        None if seen.is_empty() => None,
        None => Some(seen.contains(&true)),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::ResourceKind;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    fn served(scene: Scene, service: &str) -> Scene {
        scene.vpc_endpoint(|one| {
            one.id = format!("vpce-{service}").into();
            one.kind.vpc_endpoint_type = "Gateway".into();
            one.kind.service_name = format!("com.amazonaws.us-east-1.{service}");
            one.kind.route_table_ids = vec!["rtb-1".into()];
        })
    }

    fn processing(gigabytes: &str, usd: &str) -> Scene {
        let scene = scene()
            .nat_gateway(|_| ())
            .route_table(|_| ())
            .dynamo_table(|_| ())
            .bill("nat-1", "NatGateway-Hours", "720", "32.40")
            .bill("nat-1", "NatGateway-Bytes", gigabytes, usd);
        served(scene, "s3")
    }

    fn reading(scene: Scene, value: f64) -> Scene {
        let metric = "ConsumedReadCapacityUnits";
        scene.metric("scores", "AWS/DynamoDB", metric, Statistic::Sum, flat(value, 14))
    }

    #[test]
    fn a_gateway_beside_tables_in_use_fires_with_an_upper_bound() {
        let scene = reading(processing("1000", "45"), 5.0);
        check(&CHECK, scene.clone(), "recommend 0.00 / 0.00 / 45.62");
        let commands = recommended(&CHECK, &scene).action.commands(&scene.reference("nat-1"));
        assert!(commands.apply[0].contains("com.amazonaws.us-east-1.dynamodb"), "{commands:?}");
    }

    #[test]
    fn a_gateway_with_the_endpoint_or_without_use_passes() {
        let scene = served(reading(processing("1000", "45"), 5.0), "dynamodb");
        check(&CHECK, scene, "pass not-for-this-check");
        check(&CHECK, reading(processing("1000", "45"), 0.0), "pass no-tables");
    }

    #[test]
    fn a_gateway_just_under_the_threshold_of_100_gb_passes() {
        check(&CHECK, reading(processing("98", "4.41"), 5.0), "pass too-little");
    }

    #[test]
    fn without_tables_or_their_use_it_is_unknown() {
        check(&CHECK, processing("1000", "45"), "unknown use-unknown");
        let mut scene = reading(processing("1000", "45"), 5.0);
        scene.snapshot.listed.remove(&ResourceKind::DynamoTable);
        check(&CHECK, scene, "unknown endpoints-unknown");
    }
}

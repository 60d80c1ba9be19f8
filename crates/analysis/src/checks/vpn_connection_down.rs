//! Finds VPN connections whose tunnels have all been down for weeks.
//!
//! **Why it costs.** A Site-to-Site VPN connection is charged by the hour while it exists,
//! whether or not a tunnel is up.
//!
//! **What we do.** Delete the connection once its owner confirms that the other side is gone.
//!
//! **What could go wrong.** A standby whose tunnels come up only when the main line fails. A
//! new connection has other addresses and keys, so the router at the other end must be set up
//! again: this cannot be undone.
//!
//! **Where others err.** They look at the traffic. A tunnel that is down says the same from
//! the inventory alone, with the day since when.
//!
//! # 한국어
//!
//! 모든 터널이 몇 주째 끊겨 있는 VPN 연결을 찾습니다.
//!
//! **비용이 드는 이유.** Site-to-Site VPN 연결은 터널 상태와 관계없이 존재하는 동안 시간 단위로 과금됩니다.
//!
//! **제안하는 조치.** 상대 쪽이 없어진 것을 담당자와 확인한 뒤 연결을 삭제합니다.
//!
//! **주의할 점.** 주 회선에 장애가 났을 때만 터널이 올라오는 예비 연결일 수 있습니다. 새 연결은 주소와 키가 달라
//! 상대 쪽 라우터를 다시 설정해야 하므로 되돌릴 수 없습니다.
//!
//! **다른 도구와 다른 점.** 트래픽 지표 없이도, 터널 상태와 끊긴 날짜만으로 판단할 수 있습니다.

use trimtab_model::action::{Action, Deletion};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::vpn_connection::VpnConnection;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "vpn-connection-down",
    title: StaticText {
        en: "VPN connection whose tunnels are all down",
        ko: "모든 터널이 끊긴 VPN 연결",
    },
    kind: ResourceKind::VpnConnection,
    action_type: ActionType::Delete,
    needs: &[Need::Kind(ResourceKind::VpnConnection), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_down_days",
        default: "30",
        unit: "days",
        text: StaticText {
            en: "Days that every tunnel must have been down: longer than a repair takes.",
            ko: "모든 터널이 끊겨 있어야 하는 일수입니다. 복구에 걸리는 시간보다 길게 잡습니다.",
        },
    }],
    judge: |check, facts| {
        let kind = ResourceKind::VpnConnection;
        judge_each(check, facts, kind, &facts.snapshot.vpn_connections, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    connection: &Resource<VpnConnection>,
) -> Result<Verdict, Unknown> {
    let kind = &connection.kind;
    if kind.state.as_deref() != Some("available") {
        return Ok(pass(
            "not-available",
            "The connection is not available, so it is not charged.",
            "사용 가능 상태가 아니므로 과금되지 않습니다.",
        ));
    }
    if kind.tunnels.iter().any(|tunnel| tunnel.status == "UP") {
        return Ok(pass("up", "A tunnel is up.", "연결된 터널이 있습니다."));
    }
    let changes: Option<Vec<_>> =
        kind.tunnels.iter().map(|tunnel| tunnel.last_status_change).collect();
    let Some(since) = changes.and_then(|changes| changes.into_iter().max()) else {
        return Err(unknown(
            "tunnels-unknown",
            "The tunnels' state, or since when it holds, is not known.",
            "터널 상태나 그 시작 시각을 알 수 없습니다.",
            &["inventory:describe-vpn-connections"],
        ));
    };
    let down_days = days_between(since, facts.now);
    let min_down_days = check.threshold_f64(facts, "min_down_days");
    if f64::from(down_days) < min_down_days {
        return Ok(pass(
            "down-recently",
            format!("The tunnels have been down for {down_days} days only."),
            format!("터널이 끊긴 지 {down_days}일밖에 되지 않았습니다."),
        ));
    }
    let reference = connection.reference(ResourceKind::VpnConnection);
    let unpriced = unknown(
        "price-missing",
        "The price list has no price of a VPN connection, and the bill does not name this one.",
        "VPN 연결 가격이 정가표에 없고 청구서에도 이 연결이 없습니다.",
        &["billing"],
    );
    let names = std::slice::from_ref(&connection.id);
    let savings = deletion(facts, &reference, names, EVERYTHING, Err(unpriced))?;
    Ok(Proposal {
        action: Action::Delete(Deletion::VpnConnection),
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::NoTraffic],
        reason: Reason::new(
            "tunnels-down",
            format!("Every tunnel has been down for {down_days} days."),
            format!("모든 터널이 {down_days}일째 끊겨 있습니다."),
        ),
        savings,
        performance_risk: risk(connection.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "A new connection has other addresses and keys: the other side must be set up again.",
            "새 연결은 주소와 키가 달라 상대 쪽 장비를 다시 설정해야 합니다.",
        )),
        evidence: Evidence {
            window_days: Some(down_days),
            figures: vec![
                Figure::number("down_days", "Days down", "끊긴 일수", f64::from(down_days), "days")
                    .against(min_down_days),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "standby".to_owned(),
                text: Text::new(
                    "Whether it is the standby of another line.",
                    "다른 회선의 예비 연결인지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn billed(scene: Scene) -> Scene {
        scene.bill("vpn-1", "VPN-Usage-Hours:ipsec.1", "720", "36")
    }

    #[test]
    fn a_connection_that_is_down_fires() {
        check(&CHECK, billed(scene().vpn_connection(|_| ())), "recommend 36.50 / 36.50 / 36.50");
    }

    #[test]
    fn a_connection_with_one_tunnel_up_passes() {
        let scene = scene().vpn_connection(|one| one.kind.tunnels[0].status = "UP".into());
        check(&CHECK, billed(scene), "pass up");
    }

    #[test]
    fn a_tunnel_that_went_down_29_days_ago_is_just_under_the_threshold() {
        let scene = scene().vpn_connection(|one| {
            one.kind.tunnels[1].last_status_change = Some(days_ago(29));
        });
        check(&CHECK, billed(scene), "pass down-recently");
    }

    #[test]
    fn without_a_bill_or_a_date_it_is_unknown() {
        check(&CHECK, scene().vpn_connection(|_| ()), "unknown price-missing");
        let scene = scene().vpn_connection(|one| one.kind.tunnels.clear());
        check(&CHECK, scene, "unknown tunnels-unknown");
    }
}

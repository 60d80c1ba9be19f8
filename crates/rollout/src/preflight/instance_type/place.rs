//! Rows 14, 15, 16, 22, 23 and 35: whether there is a place for the new type.

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, known, prep, unread, when};

const INSTANCES: &str = "ec2:DescribeInstances";
const TYPES: &str = "ec2:DescribeInstanceTypes";

/// Row 14.
pub(super) fn placement_group(question: &Question<'_>) -> Findings {
    let strategy = question.facts.placement_strategy.as_ref();
    known(strategy, "PlacementGroup.Strategy", "ec2:DescribePlacementGroups", |strategy| {
        match strategy.as_str() {
            "none" => clear(),
            "cluster" => block(
                "cluster-placement",
                "It is in a cluster placement group: all of its machines stop, change and start together, or one may not start again.",
                "클러스터 배치 그룹에 있습니다. 그룹 전체를 함께 중지, 변경, 시작하지 않으면 다시 시작되지 않을 수 있습니다.",
            ),
            strategy => {
                let takes = question.facts.to.placement_strategies.as_ref();
                known(takes, "PlacementGroupInfo", TYPES, |takes| {
                    when(!takes.iter().any(|one| one == strategy), || {
                        block(
                            "placement-strategy",
                            format!("The new type cannot be in a {strategy} placement group."),
                            format!("새 유형은 {strategy} 배치 그룹을 지원하지 않습니다."),
                        )
                    })
                })
            }
        }
    })
}

/// Row 15.
pub(super) fn tenancy(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    known(facts.tenancy.as_ref(), "Placement.Tenancy", INSTANCES, |tenancy| {
        match tenancy.as_str() {
            "default" | "dedicated" => clear(),
            "host" => known(
                facts.host_takes_type.as_ref(),
                "AvailableCapacity",
                "ec2:DescribeHosts",
                |takes| {
                    if !*takes {
                        return block(
                            "host-full",
                            "Its Dedicated Host does not take the new type, or has no room for it.",
                            "전용 호스트가 새 유형을 지원하지 않거나 자리가 없습니다.",
                        );
                    }
                    let is_unlimited = facts.cpu_credits.as_deref() == Some("unlimited");
                    when(facts.to.is_burstable != Some(false) && is_unlimited, || {
                        prep(
                            "unlimited-on-host",
                            "On a Dedicated Host a T3 does not start with unlimited credits.",
                            "전용 호스트에서는 무제한 크레딧 모드의 T3가 시작되지 않습니다.",
                        )
                    })
                },
            ),
            other => block(
                "tenancy",
                format!("Its tenancy is {other}, which this version does not know."),
                format!("테넌시가 {other}이며 이 버전에서 알지 못하는 값입니다."),
            ),
        }
    })
}

/// Row 16.
pub(super) fn capacity_reservation(question: &Question<'_>) -> Findings {
    let targeted = question.facts.is_reservation_targeted.as_ref();
    known(targeted, "CapacityReservationSpecification", INSTANCES, |is_targeted| {
        when(*is_targeted, || {
            prep(
                "reservation-targeted",
                "It is aimed at a capacity reservation of its old type and would not start as another: set its preference to open first, which takes a stop.",
                "기존 유형의 용량 예약을 지정하고 있어 다른 유형으로는 시작되지 않습니다. 먼저 중지한 뒤 예약 기본 설정을 open으로 바꾸세요.",
            )
        })
    })
}

/// Row 22.
pub(super) fn offering(question: &Question<'_>) -> Findings {
    let offered = question.facts.is_offered.as_ref();
    known(offered, "InstanceTypeOfferings", "ec2:DescribeInstanceTypeOfferings", |is_offered| {
        when(!*is_offered, || {
            block(
                "not-offered",
                "The new type is not offered in its zone.",
                "이 가용 영역에서는 새 유형을 제공하지 않습니다.",
            )
        })
    })
}

/// Row 23: a stopped instance counts again when it starts.
pub(super) fn quota(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(running), Some(quota), Some(is_same)) =
        (facts.vcpu_running, facts.vcpu_quota, facts.is_same_quota)
    else {
        return unread("vCPU quota", "servicequotas:GetServiceQuota, ec2:DescribeInstances");
    };
    let given_back = match (is_same, facts.from.vcpu) {
        (false, _) => 0,
        (true, Some(vcpu)) => vcpu,
        (true, None) => return unread("VCpuInfo.DefaultVCpus", TYPES),
    };
    let Some(gets) = facts.to.vcpu else { return unread("VCpuInfo.DefaultVCpus", TYPES) };
    let needed = running.saturating_sub(given_back).saturating_add(gets);
    when(needed > quota, || {
        block(
            "vcpu-quota",
            format!("With it {needed} vCPUs would run, and the quota is {quota}."),
            format!("변경하면 vCPU {needed}개가 실행되지만 할당량은 {quota}개입니다."),
        )
    })
}

/// Row 35.
pub(super) fn zone(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(is_on_outpost), Some(zone_type)) = (facts.is_on_outpost, &facts.zone_type) else {
        return unread("ZoneType", "ec2:DescribeAvailabilityZones");
    };
    when(is_on_outpost || zone_type != "availability-zone", || {
        block(
            "special-zone",
            "It is on an Outpost or in a Local or Wavelength Zone, where capacity cannot be proven.",
            "Outpost나 로컬 영역, Wavelength 영역에 있어 여유 용량을 확인할 수 없습니다.",
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::observed::{InstancePreflight, Obstacle};

    use super::super::rows::tests::check;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn row_14_a_cluster_placement_group_is_changed_as_a_whole_or_not() {
        let in_a = |strategy: &'static str| {
            move |one: &mut InstancePreflight| one.placement_strategy = Some(strategy.to_owned())
        };
        check(14, in_a("cluster"), &[(BLOCK, "cluster-placement")]);
        check(14, in_a("spread"), &[]);
        let without = |one: &mut InstancePreflight| {
            in_a("partition")(one);
            one.to.placement_strategies = Some(vec!["cluster".to_owned()]);
        };
        check(14, without, &[(BLOCK, "placement-strategy")]);
    }

    #[test]
    fn row_15_a_dedicated_host_must_take_the_type() {
        let host = |takes: Option<bool>| {
            move |one: &mut InstancePreflight| {
                (one.tenancy, one.host_takes_type) = (Some("host".to_owned()), takes);
            }
        };
        check(15, host(Some(true)), &[]);
        check(15, host(Some(false)), &[(BLOCK, "host-full")]);
        check(15, host(None), &[(BLOCK, "unknown-available-capacity")]);
        check(15, |one| one.tenancy = Some("dedicated".to_owned()), &[]);
        check(15, |one| one.tenancy = Some("odd".to_owned()), &[(BLOCK, "tenancy")]);
    }

    #[test]
    fn row_16_a_targeted_reservation_is_let_go_first() {
        check(
            16,
            |one| one.is_reservation_targeted = Some(true),
            &[(Obstacle::Prep, "reservation-targeted")],
        );
        let unknown = "unknown-capacity-reservation-specification";
        check(16, |one| one.is_reservation_targeted = None, &[(BLOCK, unknown)]);
    }

    #[test]
    fn row_22_the_type_must_be_offered_in_the_zone() {
        check(22, |one| one.is_offered = Some(false), &[(BLOCK, "not-offered")]);
    }

    #[test]
    fn row_23_the_quota_must_hold_it_when_it_starts() {
        // 16 run, 4 of them its own, and 2 come.
        check(23, |one| one.vcpu_quota = Some(14), &[]);
        check(23, |one| one.vcpu_quota = Some(13), &[(BLOCK, "vcpu-quota")]);
        let other_family = |quota| {
            move |one: &mut InstancePreflight| {
                (one.is_same_quota, one.vcpu_quota) = (Some(false), Some(quota));
            }
        };
        check(23, other_family(18), &[]);
        check(23, other_family(17), &[(BLOCK, "vcpu-quota")]);
        check(23, |one| one.vcpu_quota = None, &[(BLOCK, "unknown-v-cpu-quota")]);
    }

    #[test]
    fn row_35_outposts_and_local_zones_block() {
        check(35, |one| one.is_on_outpost = Some(true), &[(BLOCK, "special-zone")]);
        let local = Some("local-zone".to_owned());
        check(35, |one| one.zone_type = local, &[(BLOCK, "special-zone")]);
    }
}

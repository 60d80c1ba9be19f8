//! EKS clusters: how long a version is in standard support, and what
//! could run pods.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use trimtab_model::id::ResourceId;
use trimtab_model::resource::eks_cluster::EksCluster;
use trimtab_model::resource::{Resource, Tags};

/// A version of Kubernetes, and the days on which its standard and its extended support have ended.
struct Version {
    version: &'static str,
    end_of_standard_support: Date,
    end_of_extended_support: Date,
}

/// Source: AWS, "Understand the Kubernetes version lifecycle on EKS", release calendar, 2026-04.
/// What the API says of a version comes before it.
const VERSIONS: &[Version] = &[
    version("1.28", date(2024, 11, 26), date(2025, 11, 26)),
    version("1.29", date(2025, 3, 23), date(2026, 3, 23)),
    version("1.30", date(2025, 7, 23), date(2026, 7, 23)),
    version("1.31", date(2025, 11, 26), date(2026, 11, 26)),
    version("1.32", date(2026, 3, 23), date(2027, 3, 23)),
    version("1.33", date(2026, 7, 29), date(2027, 7, 29)),
    version("1.34", date(2026, 12, 2), date(2027, 12, 2)),
    version("1.35", date(2027, 3, 27), date(2028, 3, 27)),
];

const fn version(
    version: &'static str,
    end_of_standard_support: Date,
    end_of_extended_support: Date,
) -> Version {
    Version { version, end_of_standard_support, end_of_extended_support }
}

/// How long a version is supported. The charge for extended support begins with the first date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// From this day on, extended support is charged.
    pub end_of_standard: Date,
    /// From this day on, AWS upgrades the control plane by itself, where that is known.
    pub end_of_extended: Option<Date>,
}

/// Returns the support of a cluster's version: what the API says, else the release calendar;
/// absent for a version that neither knows.
pub fn support(cluster: &EksCluster) -> Option<Support> {
    let day = |moment: Timestamp| moment.to_zoned_datetime(TimeZone::UTC).date();
    if let Some(end) = cluster.end_of_standard_support {
        return Some(Support {
            end_of_standard: day(end),
            end_of_extended: cluster.end_of_extended_support.map(day),
        });
    }
    let version = cluster.version.as_deref()?;
    VERSIONS.iter().find(|known| known.version == version).map(|known| Support {
        end_of_standard: known.end_of_standard_support,
        end_of_extended: Some(known.end_of_extended_support),
    })
}

/// Returns whether extended support of a cluster is charged at `now`; absent where nobody knows
/// its version.
pub fn pays_for_extended_support(cluster: &EksCluster, now: Timestamp) -> Option<bool> {
    let ended = now.to_zoned_datetime(TimeZone::UTC).date() >= support(cluster)?.end_of_standard;
    // A cluster that is not enrolled is upgraded by EKS and never pays.
    Some(ended && cluster.support_type.as_deref() != Some("STANDARD"))
}

/// Lists the names by which the bill knows a cluster: its own and its ARN.
pub fn names(cluster: &Resource<EksCluster>) -> Vec<ResourceId> {
    let arn = cluster.kind.arn.as_deref().map(ResourceId::new);
    std::iter::once(cluster.id.clone()).chain(arn).collect()
}

/// Returns whether tags say that a machine or a group of machines is a cluster's: as EKS, its
/// Auto Mode, the controllers of Kubernetes and Karpenter write them.
pub fn belongs_to(tags: &Tags, cluster: &str) -> bool {
    let named = |key: &str| tags.get(key).is_some_and(|value| value == cluster);
    tags.contains_key(&format!("kubernetes.io/cluster/{cluster}"))
        || tags.contains_key(&format!("k8s.io/cluster-autoscaler/{cluster}"))
        || ["eks:cluster-name", "eks:eks-cluster-name", "aws:eks:cluster-name"]
            .into_iter()
            .any(named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::scene;

    #[test]
    fn what_the_api_says_comes_before_the_calendar() {
        let mut scene = scene().eks_cluster(|_| ());
        let cluster = scene.snapshot.eks_clusters.first_mut().expect("one");
        assert_eq!(support(&cluster.kind).map(|one| one.end_of_standard), Some(date(2026, 12, 2)));
        cluster.kind.end_of_standard_support = "2027-01-15T00:00:00Z".parse().ok();
        assert_eq!(support(&cluster.kind).map(|one| one.end_of_standard), Some(date(2027, 1, 15)));
        cluster.kind.end_of_standard_support = None;
        cluster.kind.version = Some("1.3".to_owned());
        assert_eq!(support(&cluster.kind), None);
    }

    #[test]
    fn a_machine_of_another_cluster_does_not_count() {
        let tags = |key: &str, value: &str| Tags::from([(key.to_owned(), value.to_owned())]);
        assert!(belongs_to(&tags("kubernetes.io/cluster/games", "owned"), "games"));
        assert!(belongs_to(&tags("eks:cluster-name", "games"), "games"));
        assert!(!belongs_to(&tags("eks:cluster-name", "games-2"), "games"));
        assert!(!belongs_to(&tags("kubernetes.io/cluster/games-2", "owned"), "games"));
    }
}

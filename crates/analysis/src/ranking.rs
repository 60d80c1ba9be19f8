//! The order in which recommendations are shown.

use std::cmp::Ordering;

use trimtab_model::recommendation::Recommendation;

/// Sorts recommendations: by currency, then the largest likely saving first; among
/// equals the less risky, the less work, and the identifier.
pub fn rank(items: &mut [Recommendation]) {
    items.sort_by(order);
}

fn order(a: &Recommendation, b: &Recommendation) -> Ordering {
    let (savings_a, savings_b) = (&a.estimated_monthly_savings, &b.estimated_monthly_savings);
    savings_a
        .currency()
        .cmp(&savings_b.currency())
        .then(savings_b.likely.amount.cmp(&savings_a.likely.amount))
        .then(a.performance_risk.cmp(&b.performance_risk))
        .then(a.implementation_effort.cmp(&b.implementation_effort))
        .then_with(|| a.id.cmp(&b.id))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use crate::scene::{flat, scene};
    use crate::sizing::fit::tests::instance_type;

    #[test]
    fn the_largest_likely_saving_comes_first() {
        let mut scene = scene();
        let types =
            [("m5.large", 2, "0.096"), ("m5.xlarge", 4, "0.192"), ("m5.2xlarge", 8, "0.384")];
        for (name, vcpu, usd) in types {
            scene = scene.instance_type(instance_type(name, vcpu, u64::from(vcpu) << 12), usd);
        }
        for (id, name) in [("i-small", "m5.xlarge"), ("i-large", "m5.2xlarge")] {
            scene = scene
                .instance(|instance| {
                    instance.id = id.into();
                    instance.kind.instance_type = name.into();
                })
                .metric(id, "AWS/EC2", "CPUUtilization", Statistic::Maximum, flat(5.0, 14))
                .metric(id, "CWAgent", "mem_used_percent", Statistic::Maximum, flat(5.0, 14));
        }
        let analysis = crate::analyze(&scene.facts());
        let sizes: Vec<&str> = analysis
            .items
            .iter()
            .filter(|item| item.check.as_str() == "ec2-instance-oversized")
            .map(|item| item.resource.id.as_str())
            .collect();
        assert_eq!(sizes, ["i-large", "i-small"]);
    }
}

//! Which use of the bill a commitment could cover, by its usage types.

use trimtab_model::charge::MeterCharge;
use trimtab_model::id::RegionId;

use crate::pricing::usage_name;

/// What a commitment could cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// What the usage types begin with, without their region.
    pub meters: &'static [&'static str],
    /// The service, where usage types of other services begin alike.
    pub service: Option<&'static str>,
    /// The type of machine, where it is bound to one.
    pub machine: Machine,
    /// The region, where it is bound to one.
    pub region: Option<RegionId>,
}

/// To which types of machine a commitment is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// To none.
    Any,
    /// To the sizes of a family, such as `m5` or `db.r6g`.
    Family(String),
    /// To one type.
    Type(String),
}

impl Machine {
    /// Returns the family of a type such as `m5.large` or `db.r6g.xlarge`.
    pub fn family_of(machine: &str) -> Self {
        let family = machine.rsplit_once('.').map_or(machine, |(family, _)| family);
        Self::Family(family.to_owned())
    }

    fn includes(&self, machine: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Family(family) => {
                machine.rsplit_once('.').is_some_and(|(of, _)| of == family.as_str())
            }
            Self::Type(one) => machine == one,
        }
    }
}

impl Usage {
    /// Returns whether a charge is for such use.
    pub fn includes(&self, meter: &MeterCharge) -> bool {
        let Some(usage_type) = meter.usage_type.as_deref().map(usage_name) else { return false };
        let machine = usage_type.rsplit_once(':').map_or("", |(_, machine)| machine);
        self.meters.iter().any(|front| usage_type.starts_with(front))
            && self.service.is_none_or(|service| meter.service_name.contains(service))
            && self.region.as_ref().is_none_or(|region| meter.region.as_ref() == Some(region))
            && self.machine.includes(machine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::scene;

    fn check(usage: &Usage, usage_type: &str, expected: bool) {
        let scene = scene().meter(usage_type, "1", Some("1"));
        assert_eq!(usage.includes(&scene.charges.meters[0]), expected, "{usage_type}");
    }

    #[test]
    fn a_family_covers_its_sizes_and_no_other_family() {
        let usage = Usage {
            meters: &["BoxUsage:"],
            service: None,
            machine: Machine::family_of("m5.large"),
            region: Some("us-east-1".into()),
        };
        check(&usage, "APN2-BoxUsage:m5.2xlarge", true);
        check(&usage, "BoxUsage:m5.large", true);
        check(&usage, "BoxUsage:m5a.large", false);
        check(&usage, "SpotUsage:m5.large", false);
        check(&Usage { region: Some("us-west-2".into()), ..usage }, "BoxUsage:m5.large", false);
    }

    #[test]
    fn a_plan_for_all_machines_covers_them_and_nothing_else() {
        let usage = Usage {
            meters: &["BoxUsage:", "Fargate-"],
            service: None,
            machine: Machine::Any,
            region: None,
        };
        check(&usage, "APN2-Fargate-vCPU-Hours:perCPU", true);
        check(&usage, "BoxUsage:c6g.large", true);
        check(&usage, "EBS:VolumeUsage.gp3", false);
    }
}

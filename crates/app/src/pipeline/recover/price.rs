//! What a mark costs a month, where the catalogue tells.

use rust_decimal::Decimal;

use trimtab_model::mark::{Mark, Marked};
use trimtab_model::money::Money;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::price::PriceBook;

/// The platform that the catalogue's prices of instances are of.
const LINUX: &str = "Linux/UNIX";
/// Types of volumes that nothing but their size is paid of.
const BY_SIZE: &[&str] = &["gp2", "sc1", "st1"];

/// IOPS and MiB/s of gp3 that are paid with the size.
const GP3_INCLUDED: (Option<u32>, Option<u32>) = (Some(3_000), Some(125));

/// Returns what something with a mark costs a month of 730 hours at list prices; absent where
/// that is not known. Of a snapshot, what is stored is paid, which nothing tells.
pub(super) fn monthly_cost(prices: &PriceBook, mark: &Mark) -> Option<Money> {
    let hours = Decimal::from(HOURS_PER_MONTH);
    let meter = |name: &str| prices.meter(&mark.region, name).map(|price| price.usd);
    let usd = match &mark.what {
        Marked::Reservation { instance_type, platform, instances, .. } => {
            let hour = prices.instance_hour(&mark.region, instance_type)?.usd;
            let is_linux = platform.as_deref() == Some(LINUX);
            is_linux.then_some(hour * hours * Decimal::from((*instances)?))?
        }
        Marked::QuarantinedVolume { volume_type, size_gib, .. } => {
            let word = volume_type.as_deref().filter(|word| BY_SIZE.contains(word))?;
            meter(&format!("ebs/volume_storage_{word}"))? * Decimal::from((*size_gib)?)
        }
        Marked::DrillVolume { volume_type, size_gib, iops, throughput_mib_s } => {
            let word = volume_type.as_deref()?;
            let is_plain = BY_SIZE.contains(&word)
                || (word == "gp3" && (*iops, *throughput_mib_s) == GP3_INCLUDED);
            let gib = is_plain.then_some((*size_gib)?)?;
            meter(&format!("ebs/volume_storage_{word}"))? * Decimal::from(gib)
        }
        Marked::QuarantinedAddress { .. } => meter("vpc/public_ipv4_idle")? * hours,
        // What the databases of a deployment cost depends on more than is read of it.
        Marked::Deployment { .. }
        | Marked::Snapshot { .. }
        | Marked::DbSnapshot { .. }
        | Marked::StoppedInstance { .. }
        | Marked::Schedule { .. } => return None,
    };
    Some(Money::usd(usd))
}

#[cfg(test)]
mod tests {
    use trimtab_model::price::{Price, PriceBasis, RegionPrices};

    use super::*;

    fn prices() -> PriceBook {
        let price = |usd: Decimal, unit: &str| Price {
            usd,
            unit: unit.to_owned(),
            basis: PriceBasis::List,
            source: "list".to_owned(),
            as_of: None,
        };
        let mut region = RegionPrices::default();
        region.instance_hour.insert("m7i.large".into(), price(Decimal::new(1, 1), "hour"));
        let idle = price(Decimal::new(5, 3), "hour");
        region.meters.insert("vpc/public_ipv4_idle".to_owned(), idle);
        let gib = price(Decimal::new(8, 2), "GB-month");
        region.meters.insert("ebs/volume_storage_gp3".to_owned(), gib);
        let mut book = PriceBook::default();
        book.regions.insert("us-east-1".into(), region);
        book
    }

    fn cost(what: Marked) -> Option<Money> {
        let mark = Mark {
            account: "111122223333".into(),
            region: "us-east-1".into(),
            id: "x-1".into(),
            what,
            since: None,
            plan: None,
            change: None,
        };
        monthly_cost(&prices(), &mark)
    }

    fn reservation(platform: &str, instances: Option<u32>) -> Marked {
        Marked::Reservation {
            instance_type: "m7i.large".into(),
            platform: Some(platform.to_owned()),
            instances,
            ends_at: None,
        }
    }

    #[test]
    fn what_the_catalogue_does_not_tell_is_unknown() {
        let usd = |amount| Some(Money::usd(Decimal::from(amount)));
        assert_eq!(cost(reservation("Linux/UNIX", Some(1))), usd(73));
        assert_eq!(cost(reservation("Windows", Some(1))), None);
        assert_eq!(cost(reservation("Linux/UNIX", None)), None);
        let address = Marked::QuarantinedAddress { public_ip: None, until: String::new() };
        assert_eq!(cost(address), Some(Money::usd(Decimal::new(365, 2))));
        let snapshot = Marked::Snapshot { volume: None, state: String::new(), size_gib: Some(8) };
        assert_eq!(cost(snapshot), None);
        let deployment =
            Marked::Deployment { status: "AVAILABLE".to_owned(), source: None, target: None };
        assert_eq!(cost(deployment), None);
    }

    #[test]
    fn a_volume_of_a_drill_costs_what_its_size_does_where_nothing_more_is_paid() {
        let drill = |word: &str, iops, size_gib| Marked::DrillVolume {
            volume_type: Some(word.to_owned()),
            size_gib,
            iops,
            throughput_mib_s: Some(125),
        };
        let plain = drill("gp3", Some(3_000), Some(100));
        assert_eq!(cost(plain), Some(Money::usd(Decimal::from(8))));
        assert_eq!(cost(drill("gp3", Some(6_000), Some(100))), None);
        assert_eq!(cost(drill("gp3", None, Some(100))), None);
        assert_eq!(cost(drill("gp3", Some(3_000), None)), None);
        assert_eq!(cost(drill("io2", Some(3_000), Some(100))), None);
        assert_eq!(cost(drill("gp2", Some(300), Some(100))), None, "not in the catalogue");
    }
}

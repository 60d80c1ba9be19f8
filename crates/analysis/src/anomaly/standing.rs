//! Whether an anomaly is still to be looked at, after what people said of it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use trimtab_model::anomaly::{Acknowledgement, AnomalyOf, AnomalyStanding};
use trimtab_model::id::AnomalyId;
use trimtab_model::money::{Currency, Money};

use super::detect::{Anomaly, Direction};

impl Anomaly {
    /// Returns what it is of.
    pub fn of(&self) -> AnomalyOf {
        AnomalyOf {
            service: self.service.clone(),
            account: self.account.clone(),
            currency: self.currency(),
            is_rise: self.direction == Direction::Rose,
        }
    }

    /// Returns its identifier; absent where it has no day.
    pub fn id(&self) -> Option<AnomalyId> {
        Some(AnomalyId::of(&self.of(), self.days.first()?.date))
    }

    /// Returns by how much each of its days differed from what is usual.
    pub fn differences(&self) -> BTreeMap<Date, Money> {
        let days = self.days.iter();
        days.filter_map(|day| Some((day.date, day.cost.checked_sub(day.usual).ok()?))).collect()
    }

    fn currency(&self) -> Currency {
        self.difference.currency
    }
}

/// Returns how an anomaly stands.
///
/// What was said holds for the same service, account, currency and direction where a day of it is
/// one of the days that it was said of: the first day of an anomaly moves when AWS mends the bill,
/// and when only a week is looked at. It comes back when its days together have grown since by at
/// least as much as makes one day stand out, in amount: new days count whole, and days that were
/// there by what they have more than then, or less: AWS moves charges between days.
pub fn standing(anomaly: &Anomaly, said: &[Acknowledgement], least: Money) -> AnomalyStanding {
    let of = anomaly.of();
    let differences = anomaly.differences();
    let is_its = |one: &&Acknowledgement| {
        one.of == of && differences.keys().any(|date| one.days.contains_key(date))
    };
    let Some(latest) = said.iter().filter(is_its).max_by_key(|one| one.at) else {
        return AnomalyStanding::Open;
    };
    let growth = growth(&differences, &latest.days, of.is_rise);
    match growth {
        Some(growth) if least.currency == of.currency && growth < least.amount => {
            AnomalyStanding::Acknowledged(latest.clone())
        }
        growth => AnomalyStanding::Returned {
            before: latest.clone(),
            growth: Money::new(growth.unwrap_or_default(), of.currency),
        },
    }
}

/// Returns by how much the differences of days are larger, in the direction of the anomaly.
fn growth(
    now: &BTreeMap<Date, Money>,
    then: &BTreeMap<Date, Money>,
    is_rise: bool,
) -> Option<Decimal> {
    let sum = now.iter().try_fold(Decimal::ZERO, |sum, (date, money)| {
        let before = then.get(date).map_or(Decimal::ZERO, |money| money.amount);
        sum.checked_add(money.amount.checked_sub(before)?)
    })?;
    Some(if is_rise { sum } else { -sum })
}

#[cfg(test)]
mod tests {
    use trimtab_model::anomaly::AnomalyKind;

    use super::super::detect::AnomalousDay;
    use super::*;

    fn usd(amount: i64) -> Money {
        Money::usd(amount.into())
    }

    /// Days that usually cost ten, and what each cost.
    fn anomaly(direction: Direction, days: &[(&str, i64)]) -> Anomaly {
        let days: Vec<AnomalousDay> = days
            .iter()
            .map(|(date, cost)| AnomalousDay {
                date: date.parse().unwrap(),
                cost: usd(*cost),
                usual: usd(10),
            })
            .collect();
        let cost: i64 = days.iter().map(|day| i64::try_from(day.cost.amount).unwrap()).sum();
        let usual = 10 * days.len() as i64;
        Anomaly {
            service: Some("EC2".into()),
            account: None,
            direction,
            days,
            cost: usd(cost),
            usual: usd(usual),
            difference: usd(cost - usual),
            is_provisional: false,
        }
    }

    fn said(of: &Anomaly) -> Acknowledgement {
        Acknowledgement {
            id: of.id().unwrap(),
            of: of.of(),
            days: of.differences(),
            kind: AnomalyKind::Expected,
            reason: "an event".into(),
            by: "kim".into(),
            at: "2026-10-22T00:00:00Z".parse().unwrap(),
        }
    }

    fn check(then: &Anomaly, now: &Anomaly, expected: &str) {
        let found = standing(now, &[said(then)], usd(5));
        let word = match &found {
            AnomalyStanding::Returned { growth, .. } => format!("returned {}", growth.amount),
            other => other.as_str().to_owned(),
        };
        assert_eq!(word, expected, "{found:?}");
    }

    #[test]
    fn what_was_acknowledged_is_quiet_until_it_has_grown_by_the_least_amount() {
        let rose = |days: &[(&str, i64)]| anomaly(Direction::Rose, days);
        let then = rose(&[("2026-10-20", 50)]);
        check(&then, &then, "acknowledged");
        check(&then, &rose(&[("2026-10-20", 54)]), "acknowledged");
        check(&then, &rose(&[("2026-10-20", 55)]), "returned 5");
        check(&then, &rose(&[("2026-10-20", 50), ("2026-10-21", 30)]), "returned 20");
        // Of the day that was acknowledged, less is left than was there.
        check(&then, &rose(&[("2026-10-19", 20), ("2026-10-20", 40)]), "acknowledged");
    }

    #[test]
    fn a_part_of_what_was_acknowledged_is_quiet_too() {
        let rose = |days: &[(&str, i64)]| anomaly(Direction::Rose, days);
        let then = rose(&[("2026-10-19", 50), ("2026-10-20", 50)]);
        check(&then, &rose(&[("2026-10-20", 50)]), "acknowledged");
    }

    #[test]
    fn another_day_or_another_direction_is_another_anomaly() {
        let then = anomaly(Direction::Rose, &[("2026-10-20", 50)]);
        check(&then, &anomaly(Direction::Rose, &[("2026-10-27", 50)]), "open");
        check(&then, &anomaly(Direction::Fell, &[("2026-10-20", 0)]), "open");
    }

    #[test]
    fn a_fall_grows_downwards() {
        let fell = |cost: i64| anomaly(Direction::Fell, &[("2026-10-20", cost)]);
        check(&fell(8), &fell(4), "acknowledged");
        check(&fell(8), &fell(2), "returned 6");
    }
}

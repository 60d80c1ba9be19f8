//! Series as they are stacked: the largest with a colour each, the rest as one.

use rust_decimal::Decimal;

use super::ink::{SERIES, class_of};
use super::measure::clean;
use crate::style::Style;

/// A series as it is stacked.
pub(super) struct Layer {
    pub class: &'static str,
    pub name: String,
    pub total: Decimal,
    /// One value per day; none where nothing is known.
    pub values: Vec<Option<Decimal>>,
}

/// Returns the series, largest first; those beyond the colours are added up, with what nobody keeps apart: how many
/// these are, and their sums by day.
pub(super) fn layers<'a>(
    series: impl Iterator<Item = (&'a str, Vec<Option<Decimal>>)>,
    apart: Option<(u64, Vec<Option<Decimal>>)>,
    style: &Style,
) -> Vec<Layer> {
    let mut layers: Vec<Layer> = series
        .map(|(name, values)| {
            let total = values.iter().flatten().sum();
            Layer { class: "other", name: clean(name), total, values }
        })
        .collect();
    layers.sort_by(|left, right| {
        right.total.cmp(&left.total).then_with(|| left.name.cmp(&right.name))
    });
    let rest = layers.split_off(layers.len().min(SERIES));
    for (place, layer) in layers.iter_mut().enumerate() {
        layer.class = class_of(place);
    }
    let mut count = rest.len() as u64;
    let mut rest: Vec<Vec<Option<Decimal>>> = rest.into_iter().map(|layer| layer.values).collect();
    if let Some((more, values)) = apart {
        count += more;
        rest.push(values);
    }
    if count > 0 {
        layers.push(others(&rest, count, style));
    }
    layers
}

/// Returns how far the bars of a day reach below and above zero.
pub(super) fn reach(layers: &[Layer], day: usize) -> (Decimal, Decimal) {
    let side = |is_negative: bool| {
        let values = layers.iter().filter_map(|layer| *layer.values.get(day)?);
        values.filter(|value| value.is_sign_negative() == is_negative).sum::<Decimal>()
    };
    (side(true), side(false))
}

/// Returns where the bar of `value` begins: at the end of those `below` it on its side of zero.
pub(super) fn start(below: &[Layer], day: usize, value: Decimal) -> Decimal {
    let (low, high) = reach(below, day);
    if value.is_sign_negative() { low } else { high }
}

fn others(rest: &[Vec<Option<Decimal>>], count: u64, style: &Style) -> Layer {
    let days = rest.iter().map(Vec::len).max().unwrap_or_default();
    let sum = |day: usize| {
        let values = || rest.iter().filter_map(|values| *values.get(day)?);
        // What nobody knows is not zero.
        values().next().map(|_| values().sum::<Decimal>())
    };
    let total = rest.iter().flatten().flatten().sum();
    let values = (0..days).map(sum).collect();
    Layer { class: "other", name: others_name(count, style), total, values }
}

/// Returns the name of so many series that are added up.
pub(super) fn others_name(count: u64, style: &Style) -> String {
    style.locale().text_with("chart-others", &[("count", &count.to_string())])
}

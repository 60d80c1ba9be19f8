//! Fewer points that draw the same line: first, last, least and largest of each column.

use jiff::Timestamp;

/// One point of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// How much; nothing where nothing was measured. A gap stays a gap.
    pub value: Option<f64>,
}

/// Returns at most four points per column of `width` pixels, and one per gap between them.
///
/// The line through them covers the same pixels as the line through all of `points`, which
/// must be in the order of time. Values that are no numbers are gaps.
pub fn m4(points: &[Point], width: u32) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let (from, to) = (first.at.as_millisecond(), last.at.as_millisecond());
    let columns = i64::from(width.max(1));
    let span = to.saturating_sub(from).max(0).saturating_add(1);
    let column_of = |point: &Point| {
        let since = i128::from(point.at.as_millisecond().saturating_sub(from));
        since * i128::from(columns) / i128::from(span)
    };
    let mut reduced = Vec::new();
    let mut column: Option<(i128, Column)> = None;
    for point in points {
        let Some(value) = point.value.filter(|value| value.is_finite()) else {
            column.take().into_iter().for_each(|(_, column)| column.end(&mut reduced));
            // Several missing points are one gap.
            if reduced.last().is_some_and(|last: &Point| last.value.is_some()) {
                reduced.push(Point { at: point.at, value: None });
            }
            continue;
        };
        let place = column_of(point);
        match &mut column {
            Some((current, open)) if *current == place => open.take(*point, value),
            _ => {
                column.take().into_iter().for_each(|(_, column)| column.end(&mut reduced));
                column = Some((place, Column::new(*point, value)));
            }
        }
    }
    column.into_iter().for_each(|(_, column)| column.end(&mut reduced));
    reduced
}

/// What is kept of the points of one column.
struct Column {
    first: Point,
    least: (Point, f64),
    largest: (Point, f64),
    last: Point,
}

impl Column {
    fn new(point: Point, value: f64) -> Self {
        Self { first: point, least: (point, value), largest: (point, value), last: point }
    }

    fn take(&mut self, point: Point, value: f64) {
        if value < self.least.1 {
            self.least = (point, value);
        }
        if value > self.largest.1 {
            self.largest = (point, value);
        }
        self.last = point;
    }

    fn end(self, reduced: &mut Vec<Point>) {
        let mut kept = [self.first, self.least.0, self.largest.0, self.last];
        kept.sort_by_key(|point| point.at);
        for point in kept {
            if reduced.last() != Some(&point) {
                reduced.push(point);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(values: &[Option<f64>]) -> Vec<Point> {
        let at = |index: usize| Timestamp::from_second(300 * index as i64).unwrap();
        values.iter().enumerate().map(|(i, value)| Point { at: at(i), value: *value }).collect()
    }

    #[test]
    fn a_gap_stays_one_gap() {
        let reduced = m4(&points(&[Some(1.0), None, None, Some(f64::NAN), Some(2.0)]), 900);
        let values: Vec<_> = reduced.iter().map(|point| point.value).collect();
        assert_eq!(values, [Some(1.0), None, Some(2.0)]);
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(m4(&[], 900), []);
        assert_eq!(m4(&points(&[None, None]), 900), []);
        assert_eq!(m4(&points(&[Some(3.0)]), 0).len(), 1);
    }

    proptest! {
        #[test]
        fn peaks_survive_in_a_few_points(values in proptest::collection::vec(0.0_f64..100.0, 1..3_000)) {
            let all: Vec<_> = values.iter().copied().map(Some).collect();
            let reduced = m4(&points(&all), 50);
            prop_assert!(reduced.len() <= 200);
            let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::MIN, f64::max);
            let kept = largest(&mut reduced.iter().filter_map(|point| point.value));
            prop_assert_eq!(kept.to_bits(), largest(&mut values.iter().copied()).to_bits());
            prop_assert!(reduced.windows(2).all(|pair| pair[0].at <= pair[1].at));
        }
    }
}

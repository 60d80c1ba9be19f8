//! Stretches of time, in whole intervals of 5 minutes.

use jiff::Timestamp;

/// Length of an interval: CloudWatch's without detailed monitoring.
pub const PERIOD_SECONDS: u32 = 300;
/// A week. Prometheus gives at most 11,000 points a series, and less is easier on it.
const MOST_INTERVALS: i64 = 2_016;
const PERIOD: i64 = PERIOD_SECONDS as i64;

/// Some intervals, one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// When the first interval starts, in seconds since 1970: a multiple of the period.
    first: i64,
    /// When the last interval ends; the same.
    end: i64,
}

impl Stretch {
    /// Returns the whole intervals from `from` until `until`; absent where there is none.
    pub fn within(from: Timestamp, until: Timestamp) -> Option<Self> {
        let first = from.as_second().div_euclid(PERIOD) * PERIOD;
        let first = if first < from.as_second() { first + PERIOD } else { first };
        let end = until.as_second().div_euclid(PERIOD) * PERIOD;
        (first < end).then_some(Self { first, end })
    }

    /// Returns when it ends.
    pub fn end(self) -> Timestamp {
        Timestamp::from_second(self.end).unwrap_or(Timestamp::MAX)
    }

    /// Returns the moment at which the first interval is over: a query looks back from there.
    pub(crate) fn first_query(self) -> i64 {
        self.first + PERIOD
    }

    /// Returns the moment at which the last interval is over.
    pub(crate) fn last_query(self) -> i64 {
        self.end
    }

    /// Returns the same in pieces that one query may ask for.
    pub(crate) fn pieces(self) -> impl Iterator<Item = Self> {
        let length = MOST_INTERVALS * PERIOD;
        let count = (self.end - self.first + length - 1) / length;
        (0..count).map(move |index| {
            let first = self.first + index * length;
            Self { first, end: self.end.min(first + length) }
        })
    }

    /// Returns its two halves; absent where it is a single interval.
    pub(crate) fn halves(self) -> Option<[Self; 2]> {
        let middle = self.first + (self.end - self.first) / PERIOD / 2 * PERIOD;
        (middle > self.first)
            .then_some([Self { end: middle, ..self }, Self { first: middle, ..self }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(from: &str, until: &str) -> Option<Stretch> {
        Stretch::within(from.parse().unwrap(), until.parse().unwrap())
    }

    #[test]
    fn only_whole_intervals_count() {
        let some = stretch("2026-10-01T00:00:01Z", "2026-10-01T00:14:59Z").unwrap();
        assert_eq!(some.end().to_string(), "2026-10-01T00:10:00Z");
        assert_eq!(some.last_query() - some.first_query(), 0);
        assert_eq!(stretch("2026-10-01T00:00:01Z", "2026-10-01T00:09:59Z"), None);
        assert_eq!(stretch("2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z"), None);
    }

    #[test]
    fn pieces_tile_the_stretch_and_stay_below_the_limit_of_points() {
        let whole = stretch("2026-09-01T00:00:00Z", "2026-10-04T00:00:00Z").unwrap();
        let pieces: Vec<Stretch> = whole.pieces().collect();
        assert_eq!((pieces[0].first, pieces[pieces.len() - 1].end), (whole.first, whole.end));
        assert!(pieces.windows(2).all(|two| two[0].end == two[1].first));
        assert!(pieces.iter().all(|one| (one.end - one.first) / PERIOD <= 11_000));
    }

    #[test]
    fn halves_tile_until_one_interval_is_left() {
        let three = stretch("2026-10-01T00:00:00Z", "2026-10-01T00:15:00Z").unwrap();
        let [left, right] = three.halves().unwrap();
        assert_eq!((left.first, left.end, right.end), (three.first, right.first, three.end));
        assert_eq!(left.halves(), None);
    }
}

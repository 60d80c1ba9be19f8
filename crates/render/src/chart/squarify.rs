//! Rectangles whose areas are shares, as near to squares as can be.
//!
//! The method of Bruls, Huizing and van Wijk: rows along the shorter side, each filled for
//! as long as that makes its worst rectangle no longer.

use super::sheet::Rect;

/// Divides `area` by `shares`, in their order; they should come largest first.
///
/// A share that is not positive gets an empty rectangle.
pub(super) fn squarify(shares: &[f64], area: Rect) -> Vec<Rect> {
    let share = |share: f64| if share.is_finite() && share > 0.0 { share } else { 0.0 };
    let total: f64 = shares.iter().copied().map(share).sum();
    let scale = if total > 0.0 { area.width * area.height / total } else { 0.0 };
    let areas: Vec<f64> = shares.iter().map(|value| share(*value) * scale).collect();
    let mut rects = Vec::with_capacity(areas.len());
    let mut free = area;
    let mut rest = areas.as_slice();
    while !rest.is_empty() {
        let side = free.width.min(free.height);
        let mut count = 1;
        while count < rest.len() && worst(rest, count + 1, side) <= worst(rest, count, side) {
            count += 1;
        }
        let (row, later) = rest.split_at(count);
        free = lay(row, free, &mut rects);
        rest = later;
    }
    rects
}

/// Returns how much longer than wide the worst rectangle of the first `count` is, as a row.
fn worst(areas: &[f64], count: usize, side: f64) -> f64 {
    let row = areas.get(..count).unwrap_or(areas);
    let sum: f64 = row.iter().sum();
    let largest = row.iter().copied().fold(0.0, f64::max);
    let smallest = row.iter().copied().fold(f64::INFINITY, f64::min);
    if sum <= 0.0 || smallest <= 0.0 || side <= 0.0 {
        return f64::INFINITY;
    }
    (side * side * largest / (sum * sum)).max(sum * sum / (side * side * smallest))
}

/// Lays a row along the shorter side of `free` and returns what is left.
fn lay(row: &[f64], free: Rect, rects: &mut Vec<Rect>) -> Rect {
    let sum: f64 = row.iter().sum();
    let is_upright = free.width >= free.height;
    let side = free.width.min(free.height);
    let depth = if side > 0.0 { sum / side } else { 0.0 };
    let mut along = 0.0;
    for area in row {
        let length = if depth > 0.0 { area / depth } else { 0.0 };
        rects.push(if is_upright {
            Rect { x: free.x, y: free.y + along, width: depth, height: length }
        } else {
            Rect { x: free.x + along, y: free.y, width: length, height: depth }
        });
        along += length;
    }
    if is_upright {
        Rect { x: free.x + depth, width: (free.width - depth).max(0.0), ..free }
    } else {
        Rect { y: free.y + depth, height: (free.height - depth).max(0.0), ..free }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AREA: Rect = Rect { x: 0.0, y: 0.0, width: 600.0, height: 400.0 };

    #[test]
    fn rectangles_are_near_to_squares() {
        let rects = squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], AREA);
        let longest = |rect: &Rect| (rect.width / rect.height).max(rect.height / rect.width);
        assert!(rects.iter().all(|rect| longest(rect) < 3.0), "{rects:?}");
    }

    #[test]
    fn nothing_has_no_area() {
        assert_eq!(squarify(&[], AREA), []);
        let rects = squarify(&[0.0, -1.0, f64::NAN], AREA);
        assert!(rects.iter().all(|rect| rect.width * rect.height == 0.0), "{rects:?}");
    }

    proptest! {
        #[test]
        fn areas_are_shares_and_stay_inside(mut shares in proptest::collection::vec(0.01_f64..1e6, 1..40)) {
            shares.sort_by(|left, right| right.total_cmp(left));
            let total: f64 = shares.iter().sum();
            let rects = squarify(&shares, AREA);
            prop_assert_eq!(rects.len(), shares.len());
            for (rect, share) in rects.iter().zip(&shares) {
                let expected = share / total * AREA.width * AREA.height;
                prop_assert!((rect.width * rect.height - expected).abs() < 1e-3 * expected.max(1.0));
                prop_assert!(rect.x >= -1e-6 && rect.x + rect.width <= AREA.width + 1e-6);
                prop_assert!(rect.y >= -1e-6 && rect.y + rect.height <= AREA.height + 1e-6);
            }
        }
    }
}

//! Cuts resources into shares, so that a reduction holds the samples of one share at a time.

use std::hash::BuildHasher;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringViewArray, UInt64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::as_string_view_array;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, Expr, Volatility, create_udf, ident, lit};

/// Samples that a reduction holds at a time: exact quantiles need all samples of a series, and
/// fifty million of them take about two gigabytes.
pub(super) const SAMPLES_AT_ONCE: u64 = 50_000_000;

/// One of several equal shares of all resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// Which one, from 0.
    pub(super) number: u64,
    /// How many there are.
    pub(super) of: u64,
}

impl Share {
    /// Returns the shares in which `samples` are reduced, at most about `at_once` in each.
    pub(super) fn all(samples: u64, at_once: u64) -> impl Iterator<Item = Self> {
        let of = samples.div_ceil(at_once.max(1)).max(1);
        (0..of).map(move |number| Self { number, of })
    }

    /// Returns the condition that keeps the rows of this share; absent where it is everything.
    pub(super) fn condition(self) -> Option<Expr> {
        if self.of == 1 {
            return None;
        }
        let of = self.of;
        let share = create_udf(
            "resource_share",
            vec![DataType::Utf8View],
            DataType::UInt64,
            Volatility::Immutable,
            Arc::new(move |arguments: &[ColumnarValue]| shares(arguments, of)),
        );
        Some(share.call(vec![ident("resource_id")]).eq(lit(self.number)))
    }
}

/// Returns the number of the share that each resource belongs to. A row without a resource is
/// in the first, where it is found to be bad.
fn shares(arguments: &[ColumnarValue], of: u64) -> Result<ColumnarValue> {
    let state = foldhash::fast::FixedState::default();
    let share = |id: Option<&str>| id.map_or(0, |id| state.hash_one(id) % of);
    Ok(match arguments {
        [ColumnarValue::Array(ids)] => {
            let ids: &StringViewArray = as_string_view_array(ids)?;
            let numbers: UInt64Array = ids.iter().map(|id| Some(share(id))).collect();
            ColumnarValue::Array(Arc::new(numbers) as ArrayRef)
        }
        [ColumnarValue::Scalar(ScalarValue::Utf8View(id))] => {
            ColumnarValue::Scalar(ScalarValue::UInt64(Some(share(id.as_deref()))))
        }
        _ => return datafusion::common::internal_err!("resource_share takes one text"),
    })
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::Array;

    use super::*;

    #[test]
    fn shares_cover_every_resource_once() {
        let ids: Vec<Option<String>> =
            (0..1_000).map(|index| Some(format!("i-{index}"))).chain([None]).collect();
        let column: ArrayRef =
            Arc::new(StringViewArray::from_iter(ids.iter().map(Option::as_deref)));
        let numbers = shares(&[ColumnarValue::Array(column)], 4).expect("one text");
        let numbers = numbers.into_array(ids.len()).expect("an array");
        let numbers = numbers.as_any().downcast_ref::<UInt64Array>().expect("numbers");
        assert_eq!(numbers.null_count(), 0);
        for share in 0..4 {
            let count = numbers.values().iter().filter(|number| **number == share).count();
            assert!((150..350).contains(&count), "share {share} has {count}");
        }
        assert_eq!(numbers.value(1_000), 0);
    }

    #[test]
    fn few_samples_are_one_share_without_a_condition() {
        let all = |samples| Share::all(samples, 50).collect::<Vec<_>>();
        assert_eq!(all(0), [Share { number: 0, of: 1 }]);
        assert_eq!(all(50).len(), 1);
        assert_eq!(all(51).len(), 2);
        assert_eq!(Share { number: 0, of: 1 }.condition(), None);
    }
}

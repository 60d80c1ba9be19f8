//! The aggregate function `usage_profile(second, value, period, statistic)`.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::groups::Groups;
use super::window::Window;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, not_impl_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility,
};

/// Counts the rows that have been read.
#[derive(Clone)]
pub(super) struct Counter {
    rows: Arc<AtomicU64>,
    told: Arc<dyn Fn(u64) + Send + Sync>,
}

impl Counter {
    /// Makes a counter that tells every new total.
    pub(super) fn new(told: Arc<dyn Fn(u64) + Send + Sync>) -> Self {
        Self { rows: Arc::default(), told }
    }

    /// Adds rows.
    pub(super) fn add(&self, rows: usize) {
        let before = self.rows.fetch_add(rows as u64, Ordering::Relaxed);
        (self.told)(before + rows as u64);
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rows.load(Ordering::Relaxed))
    }
}

/// Reduces the samples of a group to the figures of one profile.
///
/// The partial state of a group is its samples, packed into one binary value, so
/// that groups may be split over partitions and machines and quantiles stay exact.
#[derive(Debug)]
pub(super) struct ProfileAggregate {
    window: Window,
    signature: Signature,
    counter: Counter,
}

impl ProfileAggregate {
    /// Makes the function for one window.
    pub(super) fn new(window: Window, counter: Counter) -> Self {
        let arguments =
            vec![DataType::Int64, DataType::Float64, DataType::Int64, DataType::Utf8View];
        Self { window, signature: Signature::exact(arguments, Volatility::Immutable), counter }
    }
}

// Two of them do the same if their window and its hours are the same; who counts does not
// matter.
impl PartialEq for ProfileAggregate {
    fn eq(&self, other: &Self) -> bool {
        self.window == other.window
    }
}

impl Eq for ProfileAggregate {}

impl Hash for ProfileAggregate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.window.period.hash(state);
    }
}

impl AggregateUDFImpl for ProfileAggregate {
    fn name(&self) -> &'static str {
        "usage_profile"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::new_list(DataType::Float64, true))
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let name = format!("{}[samples]", arguments.name);
        Ok(vec![Arc::new(Field::new(name, DataType::LargeBinary, true))])
    }

    fn accumulator(&self, _arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        not_impl_err!("usage_profile is computed by group only")
    }

    fn groups_accumulator_supported(&self, _arguments: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _arguments: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::new(self.window.clone(), self.counter.clone())))
    }
}

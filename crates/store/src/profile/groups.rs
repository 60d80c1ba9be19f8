//! Collects the samples of many groups at once.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Float64Builder, Int64Array, LargeBinaryBuilder,
    ListBuilder, StringViewArray,
};
use datafusion::common::cast::{
    as_float64_array, as_int64_array, as_large_binary_array, as_string_view_array,
};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::logical_expr::{EmitTo, GroupsAccumulator};
use trimtab_model::metric::Statistic;

use super::aggregate::Counter;
use super::figures::{self, Outcome};
use super::samples::Samples;
use super::window::Window;

/// The samples of every group.
#[derive(Debug)]
pub(super) struct Groups {
    window: Window,
    counter: Counter,
    groups: Vec<Samples>,
    /// Bytes held by `groups`, kept up to date because the engine asks for every batch.
    bytes: usize,
}

impl Groups {
    /// Makes an accumulator without groups.
    pub(super) fn new(window: Window, counter: Counter) -> Self {
        Self { window, counter, groups: Vec::new(), bytes: 0 }
    }

    fn grow(&mut self, total: usize) {
        if self.groups.len() < total {
            self.groups.resize_with(total, Samples::default);
        }
    }

    fn change(
        &mut self,
        group: usize,
        change: impl FnOnce(&mut Samples) -> Option<()>,
    ) -> Result<()> {
        let samples = self
            .groups
            .get_mut(group)
            .ok_or_else(|| exec_datafusion_err!("usage_profile has no group {group}"))?;
        let before = samples.bytes();
        change(samples)
            .ok_or_else(|| exec_datafusion_err!("usage_profile was given a malformed state"))?;
        self.bytes += samples.bytes() - before;
        Ok(())
    }

    fn take(&mut self, emit_to: EmitTo) -> Vec<Samples> {
        let taken = emit_to.take_needed(&mut self.groups);
        self.bytes -= taken.iter().map(Samples::bytes).sum::<usize>();
        taken
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let arguments = Arguments::new(values)?;
        let (start, length) =
            (self.window.period.start().as_second(), self.window.period.seconds());
        for (row, group) in group_indices.iter().enumerate() {
            if filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row)) {
                self.change(*group, |samples| {
                    arguments.add(row, start, length, samples);
                    Some(())
                })?;
            }
        }
        self.counter.add(group_indices.len());
        Ok(())
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.grow(total_num_groups);
        let [states] = values else {
            return Err(exec_datafusion_err!("usage_profile has one state"));
        };
        let states = as_large_binary_array(states)?;
        for (row, group) in group_indices.iter().enumerate() {
            if states.is_valid(row) {
                self.change(*group, |samples| samples.merge(states.value(row)))?;
            }
        }
        Ok(())
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let mut states = LargeBinaryBuilder::new();
        // Each group is freed as soon as it is written, so that the samples are
        // not held twice.
        for samples in self.take(emit_to) {
            states.append_value(samples.encode());
        }
        Ok(vec![Arc::new(states.finish())])
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let mut lists = ListBuilder::new(Float64Builder::new());
        for samples in self.take(emit_to) {
            let (bad, lowest) = (samples.bad(), samples.lowest());
            let outcome = Outcome { bad, lowest, profile: samples.profile(&self.window) };
            lists.values().append_slice(&figures::write(&outcome));
            lists.append(true);
        }
        Ok(Arc::new(lists.finish()))
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let mut states = LargeBinaryBuilder::new();
        let arguments = Arguments::new(values)?;
        let (start, length) =
            (self.window.period.start().as_second(), self.window.period.seconds());
        let rows = arguments.seconds.len();
        for row in 0..rows {
            if filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row)) {
                let mut samples = Samples::default();
                arguments.add(row, start, length, &mut samples);
                states.append_value(samples.encode());
            } else {
                states.append_null();
            }
        }
        self.counter.add(rows);
        Ok(vec![Arc::new(states.finish())])
    }

    fn size(&self) -> usize {
        self.bytes + self.groups.capacity() * size_of::<Samples>()
    }
}

/// What one row holds.
enum Sample {
    Good { offset: u32, value: f64, period: Option<u32> },
    Bad,
    Outside,
}

/// The arguments of one batch, by their types.
struct Arguments<'a> {
    seconds: &'a Int64Array,
    values: &'a Float64Array,
    periods: &'a Int64Array,
    statistics: &'a StringViewArray,
}

impl<'a> Arguments<'a> {
    fn new(arguments: &'a [ArrayRef]) -> Result<Self> {
        let [seconds, values, periods, statistics] = arguments else {
            return Err(exec_datafusion_err!("usage_profile has four arguments"));
        };
        Ok(Self {
            seconds: as_int64_array(seconds)?,
            values: as_float64_array(values)?,
            periods: as_int64_array(periods)?,
            statistics: as_string_view_array(statistics)?,
        })
    }

    /// Adds a row to the samples of its series.
    fn add(&self, row: usize, start: i64, length: i64, samples: &mut Samples) {
        match self.sample(row, start, length) {
            Sample::Good { offset, value, period } => {
                // A series has one statistic, so its first sample tells.
                if samples.is_empty() && self.adds_up(row) {
                    samples.add_up();
                }
                samples.push(offset, value, period);
            }
            Sample::Bad => samples.push_bad(),
            Sample::Outside => {}
        }
    }

    fn adds_up(&self, row: usize) -> bool {
        self.statistics.is_valid(row)
            && Statistic::from_word(self.statistics.value(row)).is_some_and(Statistic::adds_up)
    }

    fn sample(&self, row: usize, start: i64, length: i64) -> Sample {
        if self.seconds.is_null(row) || self.values.is_null(row) {
            return Sample::Bad;
        }
        let value = self.values.value(row);
        if !value.is_finite() {
            return Sample::Bad;
        }
        let Some(offset) = self.seconds.value(row).checked_sub(start) else {
            return Sample::Outside;
        };
        let Ok(offset) = u32::try_from(offset) else { return Sample::Outside };
        if i64::from(offset) >= length {
            return Sample::Outside;
        }
        if self.periods.is_null(row) {
            return Sample::Good { offset, value, period: None };
        }
        match u32::try_from(self.periods.value(row)) {
            Ok(period) if period > 0 => Sample::Good { offset, value, period: Some(period) },
            Ok(_) | Err(_) => Sample::Bad,
        }
    }
}

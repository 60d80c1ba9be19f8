//! Half-open stretches of time: a charge period, a billing period, a look-back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::explain::Explain;
use crate::text::Text;

/// Hours in a billing month, as AWS's price pages count them: 365 × 24 / 12.
pub const HOURS_PER_MONTH: u32 = 730;

/// A stretch of time from `start`, which belongs to it, to `end`, which does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    start: Timestamp,
    end: Timestamp,
}

/// A period that ends before it starts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a period cannot end at {end}, before its start at {start}")]
pub struct PeriodError {
    start: Timestamp,
    end: Timestamp,
}

impl Explain for PeriodError {
    fn text(&self) -> Text {
        let Self { start, end } = self;
        let korean = format!("기간의 끝({end})이 시작({start})보다 앞섭니다");
        Text::new(self.to_string(), korean)
    }
}

impl Period {
    /// Makes the period from `start` up to `end`.
    ///
    /// # Errors
    /// Fails if `end` lies before `start`.
    pub fn new(start: Timestamp, end: Timestamp) -> Result<Self, PeriodError> {
        if end < start { Err(PeriodError { start, end }) } else { Ok(Self { start, end }) }
    }

    /// Returns the first moment.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// Returns the first moment after the period.
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// Returns the length in whole seconds.
    pub fn seconds(&self) -> i64 {
        self.end.as_second() - self.start.as_second()
    }

    /// Returns the length in hours.
    pub fn hours(&self) -> rust_decimal::Decimal {
        rust_decimal::Decimal::from(self.seconds()) / rust_decimal::Decimal::from(3600)
    }

    /// Returns whether `moment` lies inside.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

//! The charges of some billing months.

use datafusion::logical_expr::{Expr, ident};
use datafusion::scalar::ScalarValue;
use jiff::Timestamp;

use crate::billing::moment;

/// Returns the condition of charges that start before `until`, in its billing period or in one of
/// the `before` ahead of it.
pub(super) fn months_until(until: Timestamp, before: u32) -> Expr {
    let until = until.as_microsecond();
    let mut first = moment::month_start(moment::day_of(until));
    for _ in 0..before {
        first = moment::month_start(first - 1);
    }
    let end = ScalarValue::TimestampMicrosecond(Some(until), Some("UTC".into()));
    let first = Expr::Literal(ScalarValue::Date32(Some(first)), None);
    ident("BillingPeriodStart")
        .gt_eq(first)
        .and(ident("ChargePeriodStart").lt(Expr::Literal(end, None)))
}

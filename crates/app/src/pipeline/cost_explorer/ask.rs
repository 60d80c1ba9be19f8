//! Asks for a range of months, page by page, within what may be spent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_aws::access::Access;
use trimtab_aws::cost_explorer::{MonthPart, cost_page};
use trimtab_aws::error::AwsError;
use trimtab_aws::session::Session;
use trimtab_store::state::{AskedMonth, AskedRow};

use super::month::Month;

/// Why asking stopped.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The next page would cost more than may be spent.
    Budget,
    /// Cost Explorer did not answer.
    Refused(AwsError),
}

/// Returns how many requests were made, retries included: each is charged.
pub(super) fn made(access: &Access) -> u64 {
    let counts = access.calls().counts();
    let of = counts.iter().filter(|(operation, _)| operation.name == "GetCostAndUsage");
    of.map(|(_, count)| count).sum()
}

/// Asks for months that follow each other, unless that would be more requests than `most` in
/// this run. Nothing of an answer without its end is returned.
pub(super) async fn range(
    access: &Access,
    session: &Session,
    months: &[Month],
    most: u64,
    now: Timestamp,
) -> Result<Vec<AskedMonth>, Stopped> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(Vec::new()) };
    let mut parts: BTreeMap<Date, AskedMonth> =
        months.iter().map(|month| (month.start(), empty(session, month, now))).collect();
    let mut page = None;
    loop {
        if made(access) >= most {
            return Err(Stopped::Budget);
        }
        let answer = cost_page(session, first.start(), last.until(), page).await;
        let answer = answer.map_err(Stopped::Refused)?;
        for part in answer.months {
            add(&mut parts, part);
        }
        match answer.next {
            Some(next) => page = Some(next),
            None => return Ok(parts.into_values().collect()),
        }
    }
}

fn empty(session: &Session, month: &Month, now: Timestamp) -> AskedMonth {
    AskedMonth {
        account: session.account().as_str().to_owned(),
        month: month.name(),
        until: month.until(),
        estimated: false,
        asked_at: now,
        rows: Vec::new(),
    }
}

fn add(parts: &mut BTreeMap<Date, AskedMonth>, part: MonthPart) {
    let Some(month) = parts.get_mut(&part.from) else { return };
    month.estimated |= part.estimated;
    month.rows.extend(part.costs.into_iter().map(|cost| AskedRow {
        service: cost.service,
        account: cost.account,
        unblended: cost.unblended,
        amortized: cost.amortized,
        currency: cost.currency,
    }));
}

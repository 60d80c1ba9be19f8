//! The digests of queries that the load comes from.

use aws_sdk_pi::types::{DimensionGroup, DimensionKeyDescription, ServiceType};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use trimtab_model::resource::db_load::{DbDigest, DigestStatement};

use super::{KEYS, window};
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

/// Digests that are named.
const DIGESTS: i32 = 10;
const DIGEST: &str = "db.sql_tokenized";
const ID: &str = "db.sql_tokenized.id";
const DB_ID: &str = "db.sql_tokenized.db_id";
const STATEMENT: &str = "db.sql_tokenized.statement";

/// The kinds of wait, of which every engine has fewer than AWS names at once.
const WAIT_TYPE: &str = "db.wait_event_type";
const MOST: i32 = 25;

/// An hour: some 170 periods for seven days, as many as AWS aims at.
const PERIOD_SECONDS: i32 = 3_600;

/// Reads the digests with most of the load of seven days; absent where there was no load.
///
/// A share needs its whole. It is asked for in the same way, by kind of wait, because AWS does not say
/// how the totals of this operation are aggregated.
pub(super) async fn read(
    session: &Session,
    resource_id: &str,
    engine: &str,
    now: Timestamp,
) -> Result<Option<Vec<DbDigest>>, AwsError> {
    let whole = keys(session, resource_id, (WAIT_TYPE, MOST), now).await?;
    let parts = keys(session, resource_id, (DIGEST, DIGESTS), now).await?;
    Ok(digests(&whole, parts, engine))
}

/// Reads the parts of the load by a group of dimensions.
async fn keys(
    session: &Session,
    resource_id: &str,
    (group, limit): (&str, i32),
    now: Timestamp,
) -> Result<Vec<DimensionKeyDescription>, AwsError> {
    let group = DimensionGroup::builder().group(group).limit(limit).build();
    let (start, end) = window(now);
    let listing = session
        .pi()
        .describe_dimension_keys()
        .service_type(ServiceType::Rds)
        .identifier(resource_id)
        .metric("db.load.avg")
        .group_by(group.expect("the group is set above"))
        .start_time(DateTime::from_secs(start))
        .end_time(DateTime::from_secs(end))
        .period_in_seconds(PERIOD_SECONDS);
    let mut keys = Vec::new();
    pages(KEYS, listing.into_paginator().send(), |page| keys.extend(page.keys.unwrap_or_default()))
        .await?;
    Ok(keys)
}

/// Returns the digests with their shares of the whole, the most first.
fn digests(
    whole: &[DimensionKeyDescription],
    parts: Vec<DimensionKeyDescription>,
    engine: &str,
) -> Option<Vec<DbDigest>> {
    let whole: f64 = whole.iter().filter_map(total).sum();
    if whole <= 0.0 {
        return None;
    }
    let mut digests: Vec<DbDigest> = parts
        .into_iter()
        .filter_map(|part| {
            let load_share = (total(&part)? / whole).min(1.0);
            let mut names = part.dimensions.unwrap_or_default();
            Some(DbDigest {
                id: names.remove(ID)?,
                db_id: names.remove(DB_ID),
                statement: DigestStatement::of(names.get(STATEMENT).map(String::as_str), engine),
                load_share,
            })
        })
        .collect();
    digests.sort_by(|a, b| b.load_share.total_cmp(&a.load_share).then_with(|| a.id.cmp(&b.id)));
    Some(digests)
}

fn total(key: &DimensionKeyDescription) -> Option<f64> {
    key.total.filter(|total| total.is_finite() && *total >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(total: f64) -> DimensionKeyDescription {
        DimensionKeyDescription::builder()
            .dimensions("db.wait_event_type.name", "CPU")
            .total(total)
            .build()
    }

    fn digest(id: &str, text: &str, total: f64) -> DimensionKeyDescription {
        DimensionKeyDescription::builder()
            .dimensions(ID, id)
            .dimensions(DB_ID, format!("pi-{id}"))
            .dimensions(STATEMENT, text)
            .total(total)
            .build()
    }

    fn check(
        whole: &[DimensionKeyDescription],
        parts: Vec<DimensionKeyDescription>,
        expected: Option<&[(&str, f64)]>,
    ) {
        let found = digests(whole, parts, "mysql");
        let found: Option<Vec<(&str, f64)>> = found
            .as_ref()
            .map(|all| all.iter().map(|one| (one.id.as_str(), one.load_share)).collect());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_share_is_of_all_waits_and_the_most_comes_first() {
        check(
            &[wait(3.0), wait(1.0)],
            vec![digest("light", "SELECT ?", 0.5), digest("heavy", "SELECT * FROM t", 2.0)],
            Some(&[("heavy", 0.5), ("light", 0.125)]),
        );
    }

    #[test]
    fn without_load_there_are_no_shares() {
        check(&[], vec![digest("any", "SELECT ?", 0.5)], None);
        check(&[wait(f64::NAN)], Vec::new(), None);
        check(&[wait(1.0)], Vec::new(), Some(&[]));
    }

    #[test]
    fn no_literal_of_a_digest_is_kept() {
        let parts = vec![digest("a", "SELECT name FROM t WHERE token = 'secret'", 1.0)];
        let found = digests(&[wait(1.0)], parts, "mysql").expect("digests");
        assert!(!format!("{found:?}").contains("secret"), "{found:?}");
    }
}

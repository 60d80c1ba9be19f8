//! What decides whether a function may be changed, besides a look at it.

use trimtab_model::metric::Statistic;
use trimtab_model::observed::FunctionPreflight;

use super::measured::{self, Asked, Measured};
use super::whole::Reading;
use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

const LIST_PROVISIONED: &str = "lambda:ListProvisionedConcurrencyConfigs";

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[LIST_PROVISIONED, measured::READS[0], measured::READS[1]];

/// Adds what a look does not tell. Lambda measures no memory: what was used is known to Lambda
/// Insights and to the logs only, and stays unknown here.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut FunctionPreflight) {
    let id = reading.change.resource.id.clone();
    let provisioned = is_provisioned(reading.session, id.as_str()).await;
    facts.has_provisioned_concurrency = reading.noted(provisioned);
    let asked = [Asked::of(&id, "AWS/Lambda", "Duration", Statistic::Maximum)];
    let found = Measured::of(reading, &asked).await;
    // A function runs when it is called: however few runs there were, these are all.
    facts.longest_ms = found.latest_highest("Duration");
}

async fn is_provisioned(session: &Session, name: &str) -> Result<bool, AwsError> {
    let request = session.lambda().list_provisioned_concurrency_configs().function_name(name);
    let mut is_on = false;
    pages(LIST_PROVISIONED, request.into_paginator().send(), |page| {
        is_on |= !page.provisioned_concurrency_configs.unwrap_or_default().is_empty();
    })
    .await?;
    Ok(is_on)
}

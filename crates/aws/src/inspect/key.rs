//! The keys of an instance's volumes.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::Filter;
use aws_sdk_kms::types::KeyManagerType;

use trimtab_model::observed::KeyFacts;

use crate::error::AwsError;
use crate::page::pages;
use crate::session::Session;

const DESCRIBE_VOLUMES: &str = crate::inventory::volume::DESCRIBE;
pub(super) const DESCRIBE_KEY: &str = "kms:DescribeKey";

/// Reads the keys of the volumes that are attached to an instance.
///
/// Everybody who may start an instance may use AWS's own key. Of a customer's key nothing but a
/// simulation of policies, which no role of ours may ask for, or a start would prove the right to
/// make a grant: it stays unknown.
pub(super) async fn of_instance(
    session: &Session,
    instance: &str,
) -> Result<Vec<KeyFacts>, AwsError> {
    let filter = Filter::builder().name("attachment.instance-id").values(instance).build();
    let request = session.ec2().describe_volumes().filters(filter);
    let mut keys = BTreeSet::new();
    let mut is_known = true;
    pages(DESCRIBE_VOLUMES, request.into_paginator().send(), |page| {
        for volume in page.volumes.unwrap_or_default() {
            match (volume.encrypted, volume.kms_key_id) {
                (Some(false), _) => {}
                (_, Some(key)) => {
                    keys.insert(key);
                }
                (_, None) => is_known = false,
            }
        }
    })
    .await?;
    if !is_known {
        return Err(AwsError::Failed {
            action: DESCRIBE_VOLUMES.to_owned(),
            code: "IncompleteAnswer".to_owned(),
            message: "the answer lacks the key of an encrypted volume".to_owned(),
        });
    }
    let mut all = Vec::new();
    for id in keys {
        let answer = session.kms().describe_key().key_id(&id).send().await;
        let answer = answer.map_err(|error| AwsError::of(DESCRIBE_KEY, &error))?;
        let found = answer.key_metadata;
        let is_aws = found
            .as_ref()
            .and_then(|one| one.key_manager())
            .is_some_and(|manager| *manager == KeyManagerType::Aws);
        let state = found.as_ref().and_then(|one| one.key_state()).map(|word| word.as_str());
        let state = state.unwrap_or("unknown").to_owned();
        all.push(KeyFacts { id, state, may_grant: is_aws.then_some(true) });
    }
    Ok(all)
}

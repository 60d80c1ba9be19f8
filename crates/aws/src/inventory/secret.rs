//! `secretsmanager:ListSecrets`: names and dates, never a value.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::secret::Secret;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const LIST: &str = "secretsmanager:ListSecrets";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Secret,
    reach: Reach::Region,
    actions: &[LIST],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.secretsmanager().list_secrets().max_results(100).into_paginator().send();
    pages(LIST, stream, |page| {
        for secret in page.secret_list.unwrap_or_default() {
            let (Some(arn), Some(name)) = (secret.arn, secret.name) else { continue };
            let kind = Secret {
                name,
                created_date: moment::optional(secret.created_date.as_ref()),
                last_accessed_date: moment::optional(secret.last_accessed_date.as_ref()),
                last_changed_date: moment::optional(secret.last_changed_date.as_ref()),
                deleted_date: moment::optional(secret.deleted_date.as_ref()),
                owning_service: secret.owning_service,
                primary_region: secret.primary_region.map(Into::into),
            };
            let pairs = secret.tags.unwrap_or_default().into_iter();
            let tags = tags::of_pairs(pairs.map(|tag| (tag.key, tag.value)));
            part.snapshot.secrets.push(session.resource(arn, tags, kind));
        }
    })
    .await
}

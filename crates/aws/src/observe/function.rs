//! A function, its versions and aliases.
//!
//! Answers carry environment variables, often with passwords in them. Nothing here has a field
//! for them: they go with the answer.

use std::collections::BTreeMap;

use aws_sdk_lambda::types;

use trimtab_model::id::ChangeId;
use trimtab_model::observed::{AliasObserved, FunctionObserved, Observed};
use trimtab_model::plan::Change;
use trimtab_model::resource::Tags;

use super::fingerprint;
use super::resource::{incomplete, is_opted_in, unless_absent};
use crate::error::AwsError;
use crate::page::pages;
use crate::published::{self, LIST_ALIASES};
use crate::session::Session;
use crate::{number, tags};

const GET: &str = "lambda:GetFunctionConfiguration";
const LIST_VERSIONS: &str = "lambda:ListVersionsByFunction";
const LIST_TAGS: &str = "lambda:ListTags";

/// Codes that say that there is no such function.
const ABSENT: &[&str] = &["ResourceNotFoundException"];

/// Looks at the function of a change.
pub(super) async fn observe(session: &Session, change: &Change) -> Result<Observed, AwsError> {
    let name = change.resource.id.as_str();
    let answer = session.lambda().get_function_configuration().function_name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET, &error));
    let Some(found) = unless_absent(answer, ABSENT)? else { return Ok(Observed::Gone) };
    let (Some(arn), Some(revision), Some(code_sha256), Some(memory_mb)) = (
        found.function_arn,
        found.revision_id,
        found.code_sha256,
        number::positive(found.memory_size),
    ) else {
        return Err(incomplete(GET));
    };
    let (versions, listed) = versions(session, name, &change.id).await?;
    let tags = tags_of(session, &arn).await?;
    let resource = session.resource(name, tags, listed);
    let architecture = found.architectures.unwrap_or_default().into_iter().next();
    Ok(Observed::Function(FunctionObserved {
        fingerprint: fingerprint::function(&resource),
        obstacles: Vec::new(),
        revision,
        code_sha256,
        last_update_status: found
            .last_update_status
            .map_or("Unknown", |word| match word {
                types::LastUpdateStatus::Successful => "Successful",
                types::LastUpdateStatus::InProgress => "InProgress",
                types::LastUpdateStatus::Failed => "Failed",
                _ => "Unknown",
            })
            .to_owned(),
        memory_mb,
        // Where none is named it is the older one.
        architecture: architecture.map_or("x86_64".to_owned(), |word| word.as_str().to_owned()),
        is_opted_in: is_opted_in(&resource.tags),
        versions,
        aliases: aliases(session, name).await?,
    }))
}

/// Returns the versions that a change published, and the function as a listing shows it.
async fn versions(
    session: &Session,
    name: &str,
    change: &ChangeId,
) -> Result<(Vec<(String, ChangeId)>, trimtab_model::resource::function::Function), AwsError> {
    let request = session.lambda().list_versions_by_function().function_name(name);
    let mut functions = BTreeMap::new();
    let mut own = Vec::new();
    pages(LIST_VERSIONS, request.into_paginator().send(), |page| {
        for entry in page.versions.unwrap_or_default() {
            if entry.description() == Some(change.as_str())
                && let Some(version) = entry.version().filter(|version| *version != "$LATEST")
            {
                own.push((version.to_owned(), change.clone()));
            }
            published::add(&mut functions, entry);
        }
    })
    .await?;
    let function = functions.remove(name).ok_or_else(|| incomplete(LIST_VERSIONS))?;
    Ok((own, function))
}

async fn aliases(session: &Session, name: &str) -> Result<Vec<AliasObserved>, AwsError> {
    let stream = session.lambda().list_aliases().function_name(name).into_paginator().send();
    let mut all = Vec::new();
    pages(LIST_ALIASES, stream, |page| {
        all.extend(page.aliases.unwrap_or_default().into_iter().filter_map(alias));
    })
    .await?;
    Ok(all)
}

fn alias(alias: types::AliasConfiguration) -> Option<AliasObserved> {
    let weights = alias.routing_config.and_then(|routing| routing.additional_version_weights);
    let canary = weights.unwrap_or_default().into_iter().min_by(|one, other| one.0.cmp(&other.0));
    Some(AliasObserved {
        name: alias.name?,
        version: alias.function_version?,
        canary: canary.map(|(version, weight)| (version, percent(weight))),
        revision: alias.revision_id?,
    })
}

/// Returns a share of 1 in percent.
fn percent(weight: f64) -> u8 {
    (weight.clamp(0.0, 1.0) * 100.0).round() as u8
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session.lambda().list_tags().resource(arn).send().await;
    let answer = answer.map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let all = answer.tags.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(all.map(|(key, value)| (Some(key), Some(value)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_it_was_written() {
        for share in [0, 1, 5, 29, 57, 100] {
            assert_eq!(percent(f64::from(share) / 100.0), share);
        }
    }
}

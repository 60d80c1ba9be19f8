//! A function, its versions and aliases.
//!
//! Answers carry environment variables, often with passwords in them. Nothing here has a field
//! for them: they go with the answer.

use std::collections::BTreeMap;

use aws_sdk_lambda::types;

use trimtab_model::id::ChangeId;
use trimtab_model::observed::{AliasObserved, FunctionObserved, FunctionPreflight, Observed};
use trimtab_model::plan::Change;
use trimtab_model::resource::Tags;
use trimtab_model::resource::function::Function;

use super::fingerprint;
use super::resource::{Facts, Look, incomplete, is_opted_in, unless_absent};
use crate::error::AwsError;
use crate::page::pages;
use crate::published::{self, LIST_ALIASES};
use crate::session::Session;
use crate::{number, tags};

pub(crate) const GET: &str = "lambda:GetFunctionConfiguration";
const LIST_VERSIONS: &str = "lambda:ListVersionsByFunction";
const LIST_TAGS: &str = "lambda:ListTags";

/// What is read.
pub(crate) const READS: &[&str] = &[GET, LIST_VERSIONS, LIST_ALIASES, LIST_TAGS];

/// What Lambda calls the code that is not published.
const LATEST: &str = "$LATEST";

/// Codes that say that there is no such function.
const ABSENT: &[&str] = &["ResourceNotFoundException"];

/// Returns an answer about a function; absent where there is no such function.
pub(crate) fn if_there<T>(answer: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    unless_absent(answer, ABSENT)
}

/// Looks at the function of a change.
pub(super) async fn look(session: &Session, change: &Change) -> Result<Look, AwsError> {
    let name = change.resource.id.as_str();
    let answer = session.lambda().get_function_configuration().function_name(name).send().await;
    let answer = answer.map_err(|error| AwsError::of(GET, &error));
    let Some(found) = if_there(answer)? else { return Ok(Look::gone()) };
    let (Some(arn), Some(revision), Some(code_sha256), Some(memory_mb)) = (
        found.function_arn,
        found.revision_id,
        found.code_sha256,
        number::positive(found.memory_size),
    ) else {
        return Err(incomplete(GET));
    };
    let listed = Listed::of(session, name, &change.id).await?;
    let aliases = aliases(session, name, &listed).await?;
    let tags = tags_of(session, &arn).await?;
    let resource = session.resource(name, tags, listed.function);
    let architecture = found.architectures.unwrap_or_default().into_iter().next();
    let last_update_status = found.last_update_status.map_or("Unknown", |word| match word {
        types::LastUpdateStatus::Successful => "Successful",
        types::LastUpdateStatus::InProgress => "InProgress",
        types::LastUpdateStatus::Failed => "Failed",
        _ => "Unknown",
    });
    let snap_start = found.snap_start.and_then(|one| one.apply_on);
    let layers = found.layers.unwrap_or_default().into_iter();
    let facts = FunctionPreflight {
        last_update_status: Some(last_update_status.to_owned()),
        package_type: resource.kind.package_type.clone(),
        layers: Some(layers.filter_map(|layer| layer.arn).collect()),
        uses_snap_start: Some(snap_start.is_some_and(|word| word != types::SnapStartApplyOn::None)),
        timeout_seconds: resource.kind.timeout_seconds,
        memory_mb: Some(memory_mb),
        aliases: Some(number::length(aliases.len())),
        tags: Some(resource.tags.clone()),
        ..FunctionPreflight::default()
    };
    let observed = FunctionObserved {
        fingerprint: fingerprint::function(&resource),
        obstacles: Vec::new(),
        revision,
        code_sha256,
        last_update_status: last_update_status.to_owned(),
        memory_mb,
        // Where none is named it is the older one.
        architecture: architecture.map_or("x86_64".to_owned(), |word| word.as_str().to_owned()),
        is_opted_in: is_opted_in(&resource.tags),
        versions: listed.own,
        aliases,
    };
    Ok(Look::whole(Observed::Function(observed), Facts::Function(facts)))
}

/// What the listing of a function's versions says.
struct Listed {
    /// The function.
    function: Function,
    /// The versions that a change published.
    own: Vec<(String, ChangeId)>,
    /// Of each version whether it is `$LATEST` but for memory and architecture.
    is_latest: BTreeMap<String, bool>,
}

impl Listed {
    async fn of(session: &Session, name: &str, change: &ChangeId) -> Result<Self, AwsError> {
        let request = session.lambda().list_versions_by_function().function_name(name);
        let mut functions = BTreeMap::new();
        let mut own = Vec::new();
        // Environment variables are compared, and gone when this returns.
        let mut cores = BTreeMap::new();
        pages(LIST_VERSIONS, request.into_paginator().send(), |page| {
            for entry in page.versions.unwrap_or_default() {
                let version = entry.version().unwrap_or(LATEST).to_owned();
                if version != LATEST && entry.description() == Some(change.as_str()) {
                    own.push((version.clone(), change.clone()));
                }
                cores.insert(version, core(entry.clone()));
                published::add(&mut functions, entry);
            }
        })
        .await?;
        let function = functions.remove(name).ok_or_else(|| incomplete(LIST_VERSIONS))?;
        let latest = cores.remove(LATEST).ok_or_else(|| incomplete(LIST_VERSIONS))?;
        let is_latest = cores.into_iter().map(|(version, core)| (version, core == latest));
        Ok(Self { function, own, is_latest: is_latest.collect() })
    }
}

/// Returns what of a version is the same in another with more memory or for another processor.
fn core(mut entry: types::FunctionConfiguration) -> types::FunctionConfiguration {
    entry.version = None;
    entry.function_arn = None;
    entry.master_arn = None;
    entry.description = None;
    entry.last_modified = None;
    entry.revision_id = None;
    entry.config_sha256 = None;
    entry.memory_size = None;
    entry.architectures = None;
    entry.state = None;
    entry.state_reason = None;
    entry.state_reason_code = None;
    entry.last_update_status = None;
    entry.last_update_status_reason = None;
    entry.last_update_status_reason_code = None;
    entry.runtime_version_config = None;
    if let Some(snap_start) = &mut entry.snap_start {
        snap_start.optimization_status = None;
    }
    entry
}

async fn aliases(
    session: &Session,
    name: &str,
    listed: &Listed,
) -> Result<Vec<AliasObserved>, AwsError> {
    let stream = session.lambda().list_aliases().function_name(name).into_paginator().send();
    let mut all = Vec::new();
    pages(LIST_ALIASES, stream, |page| {
        let aliases = page.aliases.unwrap_or_default().into_iter();
        all.extend(aliases.filter_map(|one| alias(one, listed)));
    })
    .await?;
    Ok(all)
}

fn alias(alias: types::AliasConfiguration, listed: &Listed) -> Option<AliasObserved> {
    let weights = alias.routing_config.and_then(|routing| routing.additional_version_weights);
    let canary = weights.unwrap_or_default().into_iter().min_by(|one, other| one.0.cmp(&other.0));
    let version = alias.function_version?;
    Some(AliasObserved {
        name: alias.name?,
        is_latest: match version.as_str() {
            LATEST => Some(true),
            version => listed.is_latest.get(version).copied(),
        },
        version,
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

    fn version(number: &str, memory: i32, timeout: i32) -> types::FunctionConfiguration {
        types::FunctionConfiguration::builder()
            .version(number)
            .memory_size(memory)
            .timeout(timeout)
            .code_sha256("c2hh")
            .code_size(1)
            .build()
    }

    #[test]
    fn a_version_with_more_memory_only_is_the_same_otherwise() {
        let latest = core(version("$LATEST", 512, 3));
        assert!(core(version("7", 1024, 3)) == latest);
        assert!(core(version("6", 512, 30)) != latest);
    }

    #[test]
    fn a_share_is_read_as_it_was_written() {
        for share in [0, 1, 5, 29, 57, 100] {
            assert_eq!(percent(f64::from(share) / 100.0), share);
        }
    }
}

//! `lambda:ListProvisionedConcurrencyConfigs` of every function that has a published version.
//!
//! Lambda lists them function by function. Only a published version, or an alias of one, can be
//! kept ready, so that functions without a version are not asked about: in most accounts that
//! leaves few. Reserved concurrency costs nothing, and is not asked for either.

use std::collections::BTreeMap;

use aws_sdk_lambda::types;
use futures::FutureExt;

use trimtab_model::resource::function::{Function, FunctionAlias, FunctionVersion};
use trimtab_model::resource::provisioned_concurrency::ProvisionedConcurrency;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, published, tagging};

const LIST: &str = "lambda:ListProvisionedConcurrencyConfigs";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ProvisionedConcurrency,
    reach: Reach::Region,
    actions: &[published::LIST, LIST, published::LIST_ALIASES, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let mut functions = BTreeMap::new();
    let listed = published::list(session, &mut functions).await;
    for (name, function) in &functions {
        let versions = function.versions.as_deref().unwrap_or_default();
        if versions.is_empty() {
            continue;
        }
        let configs = configs(session, name).await;
        let configs = part.detail(configs).unwrap_or_default();
        if configs.is_empty() {
            continue;
        }
        let aliases = published::aliases(session, name).await;
        let aliases = part.detail(aliases).unwrap_or_default();
        for config in configs {
            let Some(kind) = kind(name, function, versions, &aliases, config) else { continue };
            let id = format!("{name}:{}", kind.qualifier);
            // The tags are the function's, from the tagging API.
            part.snapshot.provisioned_concurrency.push(session.resource(id, Tags::new(), kind));
        }
    }
    listed
}

async fn configs(
    session: &Session,
    name: &str,
) -> Result<Vec<types::ProvisionedConcurrencyConfigListItem>, AwsError> {
    let stream = session
        .lambda()
        .list_provisioned_concurrency_configs()
        .function_name(name)
        .into_paginator()
        .send();
    let mut all = Vec::new();
    pages(LIST, stream, |page| {
        all.extend(page.provisioned_concurrency_configs.unwrap_or_default())
    })
    .await?;
    Ok(all)
}

fn kind(
    name: &str,
    function: &Function,
    versions: &[FunctionVersion],
    aliases: &[FunctionAlias],
    config: types::ProvisionedConcurrencyConfigListItem,
) -> Option<ProvisionedConcurrency> {
    let (_, qualifier) = config.function_arn.as_deref()?.rsplit_once(':')?;
    let version = version(qualifier, versions, aliases);
    Some(ProvisionedConcurrency {
        function_name: name.to_owned(),
        function_arn: function.function_arn.clone(),
        qualifier: qualifier.to_owned(),
        requested: number::count(config.requested_provisioned_concurrent_executions),
        allocated: number::count(config.allocated_provisioned_concurrent_executions),
        status: config.status.map(|word| word.as_str().to_owned()),
        last_modified: config.last_modified.as_deref().and_then(moment::of_text),
        memory_size_mb: version.and_then(|version| version.memory_size_mb),
        architecture: version.and_then(|version| version.architectures.first().cloned()),
    })
}

/// Returns the version that a qualifier keeps ready; absent where it is one of two.
fn version<'a>(
    qualifier: &str,
    versions: &'a [FunctionVersion],
    aliases: &[FunctionAlias],
) -> Option<&'a FunctionVersion> {
    let number = match aliases.iter().find(|alias| alias.name == qualifier) {
        Some(alias) if alias.second_version.is_some() => return None,
        Some(alias) => alias.function_version.as_str(),
        None => qualifier,
    };
    versions.iter().find(|version| version.version == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(qualifier: &str, second_version: Option<&str>) -> Option<u32> {
        let versions = ["1", "2"].map(|version| FunctionVersion {
            version: version.to_owned(),
            code_size_bytes: None,
            memory_size_mb: version.parse().ok(),
            architectures: Vec::new(),
        });
        let live = FunctionAlias {
            name: "live".to_owned(),
            function_version: "2".to_owned(),
            second_version: second_version.map(str::to_owned),
        };
        version(qualifier, &versions, &[live]).and_then(|version| version.memory_size_mb)
    }

    #[test]
    fn an_alias_stands_for_its_version_and_for_none_where_it_has_two() {
        assert_eq!(found("live", None), Some(2));
        assert_eq!(found("1", None), Some(1));
        assert_eq!(found("live", Some("1")), None);
        assert_eq!(found("gone", None), None);
    }
}

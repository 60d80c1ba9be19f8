//! Lambda functions with their published versions and aliases, which two collectors read.

use std::collections::BTreeMap;

use aws_sdk_lambda::types;

use trimtab_model::resource::function::{Function, FunctionAlias, FunctionVersion};

use crate::error::AwsError;
use crate::number;
use crate::page::pages;
use crate::session::Session;

/// The action of [`list`].
pub(crate) const LIST: &str = "lambda:ListFunctions";
/// The action of [`aliases`].
pub(crate) const LIST_ALIASES: &str = "lambda:ListAliases";

/// What Lambda calls the code that is not published.
const LATEST: &str = "$LATEST";

/// Fills in the functions by name, each with its published versions and without its aliases.
///
/// One listing brings the versions of all functions: `ListVersionsByFunction` would take a call
/// for every function. Each entry is turned into ours at once, so that the environment variables
/// that it carries go with its page.
pub(crate) async fn list(
    session: &Session,
    functions: &mut BTreeMap<String, Function>,
) -> Result<(), AwsError> {
    let stream = session
        .lambda()
        .list_functions()
        .function_version(types::FunctionVersion::All)
        .max_items(50)
        .into_paginator()
        .send();
    pages(LIST, stream, |page| {
        for entry in page.functions.unwrap_or_default() {
            add(functions, entry);
        }
    })
    .await?;
    for versions in functions.values_mut().filter_map(|function| function.versions.as_mut()) {
        versions.sort_by_key(|one| one.version.parse::<u64>().unwrap_or(u64::MAX));
    }
    Ok(())
}

/// Lists the aliases of a function.
pub(crate) async fn aliases(session: &Session, name: &str) -> Result<Vec<FunctionAlias>, AwsError> {
    let stream = session.lambda().list_aliases().function_name(name).into_paginator().send();
    let mut all = Vec::new();
    pages(LIST_ALIASES, stream, |page| {
        all.extend(page.aliases.unwrap_or_default().into_iter().filter_map(alias));
    })
    .await?;
    Ok(all)
}

fn alias(alias: types::AliasConfiguration) -> Option<FunctionAlias> {
    let others = alias.routing_config.and_then(|routing| routing.additional_version_weights);
    Some(FunctionAlias {
        name: alias.name?,
        function_version: alias.function_version?,
        second_version: others.unwrap_or_default().into_keys().min(),
    })
}

/// Adds one entry of a listing: the function itself, or one of its published versions.
pub(crate) fn add(functions: &mut BTreeMap<String, Function>, entry: types::FunctionConfiguration) {
    let Some(name) = entry.function_name else { return };
    let function = functions.entry(name).or_insert_with(unknown);
    let version = entry.version.unwrap_or_else(|| LATEST.to_owned());
    let memory_size_mb = number::positive(entry.memory_size);
    let code_size_bytes = u64::try_from(entry.code_size).ok();
    let architectures: Vec<String> = entry
        .architectures
        .unwrap_or_default()
        .iter()
        .map(|word| word.as_str().to_owned())
        .collect();
    if version != LATEST {
        function.versions.get_or_insert_default().push(FunctionVersion {
            version,
            code_size_bytes,
            memory_size_mb,
            architectures,
        });
        return;
    }
    *function = Function {
        // This listing names the code that is not published by a longer ARN than the function's.
        function_arn: entry
            .function_arn
            .map(|arn| arn.trim_end_matches(&format!(":{LATEST}")).to_owned()),
        runtime: entry.runtime.map(|word| word.as_str().to_owned()),
        architectures,
        memory_size_mb,
        timeout_seconds: number::positive(entry.timeout),
        package_type: entry.package_type.map(|word| word.as_str().to_owned()),
        layer_count: number::length(entry.layers.unwrap_or_default().len()),
        code_size_bytes,
        versions: function.versions.take(),
        aliases: None,
    };
}

/// Returns a function of which nothing is known yet, and which has no published version yet.
fn unknown() -> Function {
    Function {
        function_arn: None,
        runtime: None,
        architectures: Vec::new(),
        memory_size_mb: None,
        timeout_seconds: None,
        package_type: None,
        layer_count: 0,
        code_size_bytes: None,
        versions: Some(Vec::new()),
        aliases: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: &str, memory: i32) -> types::FunctionConfiguration {
        types::FunctionConfiguration::builder()
            .function_name("resize")
            .function_arn(format!(
                "arn:aws:lambda:us-east-1:111122223333:function:resize:{version}"
            ))
            .version(version)
            .memory_size(memory)
            .code_size(10)
            .build()
    }

    #[test]
    fn versions_are_of_their_function_in_whatever_order_they_come() {
        let mut functions = BTreeMap::new();
        for one in [entry("2", 512), entry("$LATEST", 1024), entry("1", 256)] {
            add(&mut functions, one);
        }
        let function = &functions["resize"];
        assert_eq!(
            function.function_arn.as_deref(),
            Some("arn:aws:lambda:us-east-1:111122223333:function:resize")
        );
        assert_eq!(function.memory_size_mb, Some(1024));
        let versions: Vec<&str> =
            function.versions.iter().flatten().map(|one| one.version.as_str()).collect();
        assert_eq!(versions, ["2", "1"]);
    }
}

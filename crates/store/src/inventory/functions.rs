//! `lambda list-functions`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use trimtab_model::resource::Tags;
use trimtab_model::resource::function::Function;

use super::place::Place;
use super::tables::Found;

/// One entry of `Functions`.
///
/// `Environment` is not a field on purpose: its variables often hold secrets, and
/// what is no field never enters memory as a value.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    function_name: String,
    function_arn: Option<String>,
    runtime: Option<String>,
    architectures: Option<Vec<String>>,
    memory_size: Option<u32>,
    timeout: Option<u32>,
    package_type: Option<String>,
    layers: Option<Vec<IgnoredAny>>,
    code_size: Option<u64>,
}

impl From<Entry> for Found<Function> {
    fn from(entry: Entry) -> Self {
        let layers = entry.layers.map_or(0, |layers| layers.len());
        Self {
            id: entry.function_name.into(),
            place: Place::of_arn(entry.function_arn.as_deref()),
            // The operation prints no tags.
            tags: Tags::new(),
            kind: Function {
                function_arn: entry.function_arn,
                runtime: entry.runtime.filter(|runtime| !runtime.is_empty()),
                architectures: entry.architectures.unwrap_or_default(),
                memory_size_mb: entry.memory_size,
                timeout_seconds: entry.timeout,
                package_type: entry.package_type,
                layer_count: u32::try_from(layers).unwrap_or(u32::MAX),
                code_size_bytes: entry.code_size,
                versions: None,
                aliases: None,
            },
        }
    }
}

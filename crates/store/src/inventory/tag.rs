//! Tags as listings print them: a list of keys and values.

use serde::Deserialize;
use trimtab_model::resource::Tags;

/// One entry of `Tags` or `TagList`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: String,
    value: Option<String>,
}

/// Returns the tags by key. A tag without a value has the empty one, as in the console.
pub(super) fn by_key(list: Option<Vec<Tag>>) -> Tags {
    list.unwrap_or_default()
        .into_iter()
        .map(|tag| (tag.key, tag.value.unwrap_or_default()))
        .collect()
}

//! Tags as a map, whatever a service calls its pairs.

use trimtab_model::resource::Tags;

/// Collects pairs; one without a key is no tag.
pub(crate) fn of_pairs<K: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (Option<K>, Option<V>)>,
) -> Tags {
    pairs
        .into_iter()
        .filter_map(|(key, value)| Some((key?.into(), value.map(Into::into).unwrap_or_default())))
        .collect()
}

/// Collects EC2's tags.
pub(crate) fn ec2(tags: Option<Vec<aws_sdk_ec2::types::Tag>>) -> Tags {
    of_pairs(tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)))
}

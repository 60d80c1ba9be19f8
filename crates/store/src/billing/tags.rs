//! Tags as one JSON object per charge, and back.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, AsArray, Int32Array, StringArray, StringBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;

use super::column::{self, Text};

/// Prefixes that exports put before a tag's key.
const PREFIXES: &[&str] = &["user:", "user_", "resourceTags/user:", "resource_tags_user_"];

/// Returns whether a column holds maps from text to text.
pub(super) fn is_map(array: &ArrayRef) -> bool {
    matches!(array.data_type(), DataType::Map(..))
}

/// Maps of tags that were seen, with their JSON. Charges repeat them from batch to batch.
#[derive(Debug, Default)]
pub(super) struct SeenTags {
    keys: HashMap<Vec<u8>, Option<i32>, foldhash::fast::RandomState>,
    json: StringBuilder,
    /// All JSON as it was given out last: who gets the same again need not look into it.
    given: Option<StringArray>,
    bytes: usize,
}

impl SeenTags {
    /// Bytes of all that is remembered, after which it is forgotten.
    const MOST: usize = 16 << 20;

    fn key<'a>(
        &mut self,
        written: &[u8],
        pairs: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Option<i32> {
        if let Some(key) = self.keys.get(written) {
            return *key;
        }
        let json = json(pairs);
        self.bytes += written.len() + json.as_ref().map_or(0, String::len) + 64;
        let key = json.map(|json| {
            let key = i32::try_from(self.json.len()).unwrap_or(i32::MAX);
            self.json.append_value(json);
            key
        });
        self.keys.insert(written.to_vec(), key);
        key
    }

    fn all(&mut self) -> StringArray {
        match &self.given {
            Some(given) if given.len() == self.json.len() => given.clone(),
            _ => self.given.insert(self.json.finish_cloned()).clone(),
        }
    }
}

/// Returns the JSON of a column of maps.
pub(super) fn of_map(array: &ArrayRef, seen: &mut SeenTags) -> Text {
    let rows = array.len();
    let Some(map) = array.as_map_opt() else { return column::nothing(rows) };
    let (Ok(keys), Ok(values)) =
        (cast(map.keys(), &DataType::Utf8), cast(map.values(), &DataType::Utf8))
    else {
        return column::nothing(rows);
    };
    let (keys, values) = (keys.as_string::<i32>(), values.as_string::<i32>());
    if seen.bytes > SeenTags::MOST {
        *seen = SeenTags::default();
    }
    let mut places: Vec<Option<i32>> = Vec::with_capacity(rows);
    let mut written = Vec::new();
    for row in 0..rows {
        if map.is_null(row) {
            places.push(None);
            continue;
        }
        let offsets = map.value_offsets();
        let start = offsets.get(row).and_then(|at| usize::try_from(*at).ok()).unwrap_or_default();
        let end = offsets.get(row + 1).and_then(|at| usize::try_from(*at).ok()).unwrap_or_default();
        let entries = start..end.min(keys.len());
        let pairs = || {
            let valid = entries.clone().filter(|at| keys.is_valid(*at) && values.is_valid(*at));
            valid.map(|at| (keys.value(at), values.value(at)))
        };
        written.clear();
        for (key, value) in pairs() {
            for text in [key, value] {
                written.extend_from_slice(&text.len().to_le_bytes());
                written.extend_from_slice(text.as_bytes());
            }
        }
        places.push(seen.key(&written, pairs()));
    }
    column::dictionary(Int32Array::from(places), Arc::new(seen.all()))
}

/// Returns one value of every row's map, as a column of text; nothing if the column is no map.
pub(super) fn value_of_map(array: &ArrayRef, wanted: &str) -> Option<Text> {
    let map = array.as_map_opt()?;
    let keys = cast(map.keys(), &DataType::Utf8).ok()?;
    let values = cast(map.values(), &DataType::Utf8).ok()?;
    let (keys, values) = (keys.as_string::<i32>(), values.as_string::<i32>());
    let mut interned = Interned::default();
    for row in 0..map.len() {
        let offsets = map.value_offsets();
        let start = usize::try_from(*offsets.get(row)?).ok()?;
        let end = usize::try_from(*offsets.get(row + 1)?).ok()?;
        let found = (start..end.min(keys.len()))
            .find(|at| {
                map.is_valid(row)
                    && keys.is_valid(*at)
                    && keys.value(*at) == wanted
                    && values.is_valid(*at)
            })
            .map(|at| values.value(at).to_owned())
            .filter(|value| !value.is_empty());
        interned.push(found);
    }
    Some(interned.finish())
}

/// Returns the JSON of one column per tag: a legacy CUR.
pub(super) fn of_columns(tags: &[(String, Text)], rows: usize) -> Text {
    if tags.is_empty() {
        return column::nothing(rows);
    }
    let mut interned = Interned::default();
    for row in 0..rows {
        interned.push(json(tags.iter().filter_map(|(key, text)| {
            column::value(text, row).map(|value| (key.as_str(), value))
        })));
    }
    interned.finish()
}

/// Returns the value of one tag in a charge's JSON.
///
/// The key may carry the prefix that AWS gives tags of users; letters are compared
/// exactly first and without case second, because legacy exports lose the case.
pub fn find(tags: &str, key: &str) -> Option<String> {
    let serde_json::Value::Object(object) = serde_json::from_str(tags).ok()? else { return None };
    let bare = |written: &str| {
        PREFIXES
            .iter()
            .find_map(|prefix| written.strip_prefix(prefix))
            .unwrap_or(written)
            .to_owned()
    };
    let exact = object.iter().find(|(written, _)| bare(written) == key || *written == key);
    let found = exact
        .or_else(|| object.iter().find(|(written, _)| bare(written).eq_ignore_ascii_case(key)));
    match found?.1 {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Null | serde_json::Value::String(_) => None,
        other => Some(other.to_string()),
    }
}

/// Returns the JSON of some tags of a charge alone, under the names that are asked for; none where it has none of them.
pub(crate) fn only(tags: &str, wanted: &[String]) -> Option<String> {
    let found: Vec<(&str, String)> =
        wanted.iter().filter_map(|key| Some((key.as_str(), find(tags, key)?))).collect();
    json(found.iter().map(|(key, value)| (*key, value.as_str())))
}

/// Returns the value of one tag in what [`only`] left of a charge's.
pub(crate) fn reduced(tags: &str, key: &str) -> Option<String> {
    let serde_json::Value::Object(object) = serde_json::from_str(tags).ok()? else { return None };
    object.get(key).and_then(|value| value.as_str()).map(str::to_owned)
}

fn json<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let mut pairs: Vec<(&str, &str)> = pairs.filter(|(_, value)| !value.is_empty()).collect();
    if pairs.is_empty() {
        return None;
    }
    pairs.sort_unstable();
    let object: serde_json::Map<String, serde_json::Value> =
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    Some(serde_json::Value::Object(object).to_string())
}

/// Collects texts, each distinct one once.
#[derive(Default)]
struct Interned {
    known: HashMap<String, i32>,
    values: Vec<String>,
    keys: Vec<Option<i32>>,
}

impl Interned {
    fn push(&mut self, text: Option<String>) {
        let key = text.map(|text| match self.known.get(&text) {
            Some(key) => *key,
            None => {
                let key = i32::try_from(self.values.len()).unwrap_or(i32::MAX);
                self.values.push(text.clone());
                self.known.insert(text, key);
                key
            }
        });
        self.keys.push(key);
    }

    fn finish(self) -> Text {
        column::dictionary(Int32Array::from(self.keys), Arc::new(StringArray::from(self.values)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_with_and_without_prefix_and_case() {
        let tags = r#"{"user:Environment":"prod","Team":"a","empty":""}"#;
        assert_eq!(find(tags, "Environment"), Some("prod".to_owned()));
        assert_eq!(find(tags, "environment"), Some("prod".to_owned()));
        assert_eq!(find(tags, "Team"), Some("a".to_owned()));
        assert_eq!(find(tags, "empty"), None);
        assert_eq!(find("not json", "Team"), None);
        let asked = ["environment".to_owned(), "Team".to_owned(), "absent".to_owned()];
        let left = only(tags, &asked).unwrap();
        assert_eq!(reduced(&left, "environment"), find(tags, "environment"));
        assert_eq!(reduced(&left, "Team"), find(tags, "Team"));
        assert_eq!((reduced(&left, "absent"), reduced(&left, "Environment")), (None, None));
        assert_eq!(only(tags, &["absent".to_owned()]), None);
    }
}

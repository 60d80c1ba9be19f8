//! Which part of a list an answer has: from where on, and how many at most.

use serde::Serialize;
use serde_json::{Value, json};

use trimtab_app::failure::{Failure, Kind};

use crate::query::Query;

/// Items of one answer at most.
pub(super) const MOST: usize = 500;

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    start: usize,
    limit: usize,
}

/// What a list has in a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut<T> {
    /// The items of the part.
    pub(super) items: Vec<T>,
    /// How many the whole list has.
    pub(super) count: usize,
    /// Where the next part begins; none after the last.
    pub(super) next: Option<String>,
}

impl Part {
    /// Reads `cursor` and `limit`; `usual` items where nobody says how many.
    ///
    /// # Errors
    /// Fails on what is no number, and on a limit of none.
    pub(super) fn of(query: &Query, usual: usize) -> Result<Self, Failure> {
        let limit = number(query, "limit")?.unwrap_or(usual).min(MOST);
        if limit == 0 {
            return Err(not_a_number("limit", "0"));
        }
        Ok(Self { start: number(query, "cursor")?.unwrap_or(0), limit })
    }

    /// Cuts it out of a list.
    pub(super) fn of_list<T>(self, mut all: Vec<T>) -> Cut<T> {
        let count = all.len();
        let mut items = all.split_off(self.start.min(count));
        items.truncate(self.limit);
        let end = self.start.saturating_add(items.len());
        Cut { items, count, next: (end < count).then(|| end.to_string()) }
    }

    /// Cuts it out of items that an answer does not have yet, and which may be very many.
    ///
    /// # Errors
    /// Fails on what cannot be written as JSON.
    pub(super) fn of_items<T: Serialize>(
        self,
        answer: &impl Serialize,
        all: &[T],
    ) -> Result<Value, Failure> {
        let Cut { items, count, next } = self.of_list(all.iter().collect());
        let mut answer = json_of(answer)?;
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("items".to_owned(), json_of(&items)?);
            fields.insert("count".to_owned(), json!(count));
            fields.insert("next".to_owned(), json!(next));
        }
        Ok(answer)
    }

    /// Cuts it out of the `items` of an answer, and says with it how many there are and where the next part begins.
    pub(super) fn of_answer(self, answer: &mut Value) {
        let Some(fields) = answer.as_object_mut() else { return };
        let Some(Value::Array(all)) = fields.get_mut("items").map(Value::take) else { return };
        let Cut { items, count, next } = self.of_list(all);
        fields.insert("items".to_owned(), Value::Array(items));
        fields.insert("count".to_owned(), json!(count));
        fields.insert("next".to_owned(), json!(next));
    }
}

/// Returns the JSON of an answer.
///
/// # Errors
/// Fails on what cannot be written as JSON.
pub(super) fn json_of(answer: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(answer).map_err(|cause| {
        let message = ("the answer could not be written", "응답을 만들지 못했습니다");
        Failure::new(Kind::Failed, message).because(&cause)
    })
}

/// Returns a parameter that is a number; none where it is not given.
fn number(query: &Query, key: &str) -> Result<Option<usize>, Failure> {
    let Some(text) = query.get(key) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| not_a_number(key, text))
}

fn not_a_number(key: &str, text: &str) -> Failure {
    Failure::usage(
        (format!("{key} cannot be `{text}`"), format!("{key} 값으로 쓸 수 없습니다: `{text}`")),
        (
            format!("limit is 1 to {MOST}; cursor is `next` of the answer before"),
            format!("limit은 1~{MOST}, cursor는 앞선 응답의 `next`입니다"),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_every_item_once() {
        let mut seen = Vec::new();
        let mut query = Query::of("limit=2");
        loop {
            let part = Part::of(&query, 50).unwrap();
            let mut answer = json!({"items": [1, 2, 3, 4, 5], "total": 15});
            part.of_answer(&mut answer);
            assert_eq!((&answer["count"], &answer["total"]), (&json!(5), &json!(15)));
            seen.extend(answer["items"].as_array().cloned().unwrap());
            let Some(next) = answer["next"].as_str() else { break };
            query = query.with("cursor", Some(next));
        }
        assert_eq!(Value::Array(seen), json!([1, 2, 3, 4, 5]));
    }

    #[test]
    fn items_that_are_cut_first_are_the_same() {
        let part = Part::of(&Query::of("limit=2&cursor=1"), 50).unwrap();
        let mut whole = json!({"items": [1, 2, 3, 4], "total": 10});
        part.of_answer(&mut whole);
        assert_eq!(part.of_items(&json!({"total": 10}), &[1, 2, 3, 4]).unwrap(), whole);
    }

    #[test]
    fn a_part_behind_the_end_is_empty_and_a_limit_is_kept() {
        let cut = Part::of(&Query::of("cursor=9"), 50).unwrap().of_list(vec![1, 2]);
        assert_eq!((cut.items.len(), cut.count, cut.next), (0, 2, None));
        let part = Part::of(&Query::of("limit=9999"), 50).unwrap();
        assert_eq!(part.limit, MOST);
        for wrong in ["limit=0", "limit=many", "cursor=-1"] {
            assert!(Part::of(&Query::of(wrong), 50).is_err(), "{wrong}");
        }
    }
}

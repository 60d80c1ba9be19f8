//! What a table leaves out.

use trimtab_model::document::{Block, Sentence, Value};

/// Says how many of a list's rows, the largest first, are not in its table; nothing where all are.
pub(super) fn smaller(all: usize, shown: usize) -> Option<Block> {
    let left = all.checked_sub(shown).filter(|left| *left > 0)?;
    Some(Block::note(Sentence::plain(
        "{count} smaller ones are not in the table.",
        "이보다 작은 {count}건은 표에 없습니다.",
        &[("count", Value::Count(u64::try_from(left).unwrap_or(u64::MAX)))],
    )))
}

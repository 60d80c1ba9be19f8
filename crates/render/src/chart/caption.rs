//! What a chart is called.

use super::measure::clean;

/// What a chart is called and what its amounts mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// A name that no other chart of the page has; the ids in the picture begin with it.
    pub id: String,
    /// The title, in the reader's language.
    pub title: String,
    /// Period and basis, such as `최근 60일 · 실효(상각) 비용`.
    pub basis: String,
}

impl Caption {
    /// Makes a caption.
    pub fn new(id: impl Into<String>, title: impl Into<String>, basis: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), basis: basis.into() }
    }

    /// Returns the id such that it can stand in an attribute and in `url(#…)`.
    pub(super) fn safe_id(&self) -> String {
        let kept = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let id: String = self.id.chars().take(64).map(kept).collect();
        format!("c-{id}")
    }

    pub(super) fn safe_title(&self) -> String {
        clean(&self.title)
    }

    pub(super) fn safe_basis(&self) -> String {
        clean(&self.basis)
    }
}

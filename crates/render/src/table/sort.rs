//! `--sort key[:desc]`.

use std::str::FromStr;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

/// Which way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The column to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column's key.
    pub key: String,
    /// Which way round.
    pub direction: Direction,
}

/// A sort order that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a sort order such as saving:desc")]
pub struct SortError(String);

impl Explain for SortError {
    fn text(&self) -> Text {
        let korean = format!("`{}`: saving:desc와 같은 정렬 순서가 아닙니다", self.0);
        Text::new(self.to_string(), korean)
    }
}

impl FromStr for Sort {
    type Err = SortError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, direction) = match text.split_once(':') {
            None => (text, Direction::Ascending),
            Some((key, "asc")) => (key, Direction::Ascending),
            Some((key, "desc")) => (key, Direction::Descending),
            Some(_) => return Err(SortError(text.to_owned())),
        };
        if key.is_empty() {
            return Err(SortError(text.to_owned()));
        }
        Ok(Self { key: key.to_owned(), direction })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_a_key_and_a_direction() {
        let sort: Sort = "saving:desc".parse().unwrap();
        assert_eq!(sort, Sort { key: "saving".into(), direction: Direction::Descending });
        assert!("saving:down".parse::<Sort>().is_err());
        assert!(":desc".parse::<Sort>().is_err());
    }
}

//! `tags`: what the tags of a bill are for, as reports read them.

use serde::Deserialize;

/// `tags`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagsTable {
    /// Keys that name whose cost it is.
    pub owners: Option<Vec<String>>,
    /// Keys that name the workload.
    pub workloads: Option<Vec<String>>,
}

/// The tag keys that reports look at; compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagKeys {
    /// Whose cost it is: every key that the bill has is shown.
    pub owners: Vec<String>,
    /// The workload: the first key that tells two of them apart counts.
    pub workloads: Vec<String>,
}

impl Default for TagKeys {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            owners: words(&["Team", "Owner", "Game", "Project", "CostCenter"]),
            workloads: words(&[
                "Service",
                "Application",
                "App",
                "Workload",
                "Game",
                "Project",
                "Team",
            ]),
        }
    }
}

impl TagKeys {
    /// Makes it of what the files say, the one that wins first.
    pub(super) fn of<'a>(tables: impl Iterator<Item = &'a TagsTable> + Clone) -> Self {
        let own = Self::default();
        Self {
            owners: tables.clone().find_map(|table| table.owners.clone()).unwrap_or(own.owners),
            workloads: tables
                .clone()
                .find_map(|table| table.workloads.clone())
                .unwrap_or(own.workloads),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_is_that_of_the_first_file_that_has_it() {
        let words = |list: &[&str]| -> Option<Vec<String>> {
            Some(list.iter().map(|word| (*word).to_owned()).collect())
        };
        let tables = [
            TagsTable { owners: None, workloads: words(&["svc"]) },
            TagsTable { owners: words(&["studio"]), workloads: words(&["app"]) },
        ];
        let keys = TagKeys::of(tables.iter());
        assert_eq!(
            (keys.owners, keys.workloads),
            (vec!["studio".to_owned()], vec!["svc".to_owned()])
        );
        assert_eq!(TagKeys::of([].iter()), TagKeys::default());
    }
}

//! What our account may do besides reading.

use std::collections::BTreeSet;

use trimtab_model::database::Rights;

use super::session::MysqlSession;
use crate::error::DatabaseError;

/// Privileges that change nothing.
const HARMLESS: &[&str] = &[
    "USAGE",
    "SELECT",
    "PROCESS",
    "REFERENCES",
    "SHOW VIEW",
    "SHOW DATABASES",
    "REPLICATION CLIENT",
    "BINLOG MONITOR",
    "SLAVE MONITOR",
    "REPLICA MONITOR",
];

impl MysqlSession {
    pub(super) async fn rights(&mut self) -> Result<Rights, DatabaseError> {
        match self.ask("our rights", "SHOW GRANTS").await {
            // A grant may end in the hash of a password: only names of privileges are kept.
            Ok(rows) => Ok(rights(rows.iter().filter_map(|row| row.text(0)))),
            Err(cause) if cause.is_of_one_question() => Ok(Rights::Unknown),
            Err(cause) => Err(cause),
        }
    }
}

fn rights<'t>(grants: impl Iterator<Item = &'t str>) -> Rights {
    let mut harmful = BTreeSet::new();
    for grant in grants {
        let Some(rest) = grant.strip_prefix("GRANT ") else { continue };
        if rest.contains(" WITH GRANT OPTION") {
            harmful.insert("GRANT OPTION".to_owned());
        }
        // `GRANT role TO user` names no privilege; what the role may do is in its own line.
        let Some((privileges, _)) = rest.split_once(" ON ") else { continue };
        for privilege in without_columns(privileges).split(',').map(str::trim) {
            if !HARMLESS.contains(&privilege) {
                harmful.insert(privilege.to_owned());
            }
        }
    }
    if harmful.is_empty() {
        Rights::ReadOnly
    } else {
        Rights::CanWrite(harmful.into_iter().collect())
    }
}

/// Leaves out the columns of `SELECT (a, b)`.
fn without_columns(privileges: &str) -> String {
    let mut depth = 0_u32;
    let outside = |letter: &char| {
        match letter {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    privileges.chars().filter(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_cannot_write_and_a_hash_is_not_kept() {
        let reader = [
            "GRANT PROCESS ON *.* TO `reader`@`%` IDENTIFIED BY PASSWORD '*B69027'",
            "GRANT SELECT (id, name), REFERENCES ON `game`.* TO `reader`@`%`",
        ];
        assert_eq!(rights(reader.into_iter()), Rights::ReadOnly);
        let writer = [
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`%` IDENTIFIED BY PASSWORD '*B69027' WITH GRANT OPTION",
        ];
        let expected = ["ALL PRIVILEGES", "GRANT OPTION"].map(str::to_owned).to_vec();
        assert_eq!(rights(writer.into_iter()), Rights::CanWrite(expected));
    }
}

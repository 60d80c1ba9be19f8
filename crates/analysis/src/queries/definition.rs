//! Statements for the owner to look at. They are shown and never run.

use trimtab_model::database::{Database, DatabaseEngine, TableName};

/// Characters that a name may have.
const LONGEST: usize = 60;

/// Writes the statement that makes an index without holding up writers.
pub(super) fn create_index(database: &Database, table: &TableName, columns: &[String]) -> String {
    let engine = database.engine;
    let quoted: Vec<String> = columns.iter().map(|column| name(engine, column)).collect();
    let index: String = std::iter::once(table.table.as_str())
        .chain(columns.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("_");
    let index = name(engine, &index.chars().take(LONGEST).collect::<String>());
    let (table, columns) = (qualified(engine, table), quoted.join(", "));
    if engine.is_mysql_like() {
        format!("CREATE INDEX {index} ON {table} ({columns}) ALGORITHM=INPLACE LOCK=NONE;")
    } else {
        format!("CREATE INDEX CONCURRENTLY {index} ON {table} ({columns});")
    }
}

/// Writes the statement that takes an index away.
pub(super) fn drop_index(database: &Database, table: &TableName, index: &str) -> String {
    let engine = database.engine;
    let index_name = name(engine, index);
    if engine.is_mysql_like() {
        format!("DROP INDEX {index_name} ON {};", qualified(engine, table))
    } else {
        format!("DROP INDEX CONCURRENTLY {}.{index_name};", name(engine, &table.schema))
    }
}

/// Writes the statement that hides an index from the planner, where the product can; it is undone
/// in a moment, as the index stays up to date.
pub(super) fn hide_index(database: &Database, table: &TableName, index: &str) -> Option<String> {
    let word = match database.engine {
        DatabaseEngine::Mysql if version(database) >= (8, 0) => "INVISIBLE",
        DatabaseEngine::Mariadb if version(database) >= (10, 6) => "IGNORED",
        DatabaseEngine::Mysql | DatabaseEngine::Mariadb | DatabaseEngine::Postgresql => {
            return None;
        }
    };
    let engine = database.engine;
    let (table, index) = (qualified(engine, table), name(engine, index));
    Some(format!("ALTER TABLE {table} ALTER INDEX {index} {word};"))
}

fn version(database: &Database) -> (u32, u32) {
    let mut parts = database.version.split(|c: char| !c.is_ascii_digit());
    let mut next = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    (next(), next())
}

fn qualified(engine: DatabaseEngine, table: &TableName) -> String {
    format!("{}.{}", name(engine, &table.schema), name(engine, &table.table))
}

/// Quotes a name unless it needs no quotes.
fn name(engine: DatabaseEngine, name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && ![
            "order", "group", "index", "key", "table", "user", "select", "from", "where", "limit",
            "desc",
        ]
        .contains(&name);
    match (plain, engine.is_mysql_like()) {
        (true, _) => name.to_owned(),
        (false, true) => format!("`{}`", name.replace('`', "``")),
        (false, false) => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(engine: DatabaseEngine, version: &str) -> Database {
        Database { engine, version: version.to_owned(), address: String::new(), name: None }
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        let table = TableName { schema: "game".to_owned(), table: "Order".to_owned() };
        let columns = ["player_id".to_owned(), "key".to_owned()];
        let mysql = database(DatabaseEngine::Mysql, "8.0.36");
        assert_eq!(
            create_index(&mysql, &table, &columns),
            "CREATE INDEX `Order_player_id_key` ON game.`Order` (player_id, `key`) ALGORITHM=INPLACE LOCK=NONE;"
        );
        let postgres = database(DatabaseEngine::Postgresql, "15.18 (Debian)");
        assert_eq!(
            drop_index(&postgres, &table, "by\"x"),
            "DROP INDEX CONCURRENTLY game.\"by\"\"x\";"
        );
    }

    #[test]
    fn an_index_is_hidden_where_the_product_can() {
        let table = TableName { schema: "game".to_owned(), table: "t".to_owned() };
        let hidden = |engine, version| hide_index(&database(engine, version), &table, "i");
        assert_eq!(hidden(DatabaseEngine::Mysql, "5.7.44"), None);
        assert_eq!(
            hidden(DatabaseEngine::Mariadb, "10.11.19-MariaDB").as_deref(),
            Some("ALTER TABLE game.t ALTER INDEX i IGNORED;")
        );
        assert_eq!(hidden(DatabaseEngine::Postgresql, "15.18"), None);
    }
}

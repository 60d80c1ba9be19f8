//! What our account may do besides reading.

use trimtab_model::database::Rights;

use super::session::PostgresSession;
use crate::error::DatabaseError;

const RIGHTS: &str = "SELECT r.rolsuper::text, r.rolcreatedb::text, r.rolcreaterole::text,
 has_database_privilege(current_database(), 'CREATE')::text,
 EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname !~ '^pg_' AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))::text,
 EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND has_schema_privilege(n.oid, 'CREATE'))::text
 FROM pg_roles r WHERE r.rolname = current_user";

impl PostgresSession {
    pub(super) async fn rights(&mut self) -> Result<Rights, DatabaseError> {
        let rows = match self.ask("our rights", RIGHTS).await {
            Ok(rows) => rows,
            Err(cause) if cause.is_of_one_question() => return Ok(Rights::Unknown),
            Err(cause) => return Err(cause),
        };
        let Some(row) = rows.first() else { return Ok(Rights::Unknown) };
        if row.is_yes(0) {
            return Ok(Rights::CanWrite(vec!["SUPERUSER".to_owned()]));
        }
        let names = [
            (1, "CREATEDB"),
            (2, "CREATEROLE"),
            (3, "CREATE ON DATABASE"),
            (4, "INSERT, UPDATE, DELETE OR TRUNCATE"),
            (5, "CREATE ON SCHEMA"),
        ];
        let held = names.into_iter().filter(|(at, _)| row.is_yes(*at));
        let held: Vec<String> = held.map(|(_, name)| name.to_owned()).collect();
        Ok(if held.is_empty() { Rights::ReadOnly } else { Rights::CanWrite(held) })
    }
}

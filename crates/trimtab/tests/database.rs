//! What real servers say of a workload whose bad queries are known: all of them are found, and
//! nothing else.
#![expect(clippy::indexing_slicing, reason = "a helper of a test may panic")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

#[path = "servers/mod.rs"]
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod servers;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::{Command, Output};

use serde_json::Value;

use servers::Server;
use support::{json, stderr, stdout};

/// A value that only a query has.
const SECRET: &str = "needle77";
const PASSWORD: &str = "hunter2";

/// Runs the binary with the password in the environment and not in the URL.
fn inspect(url: &str, variable: &str, more: &[&str]) -> Output {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let all = ["db", "inspect", "--url", url, "--settled-hours", "0", "--idle-after", "0"];
    let output = Command::new(env!("CARGO_BIN_EXE_trimtab"))
        .args(all)
        .args(more)
        .current_dir(dir.path())
        .env_clear()
        .env("HOME", dir.path())
        .env("TRIMTAB_DATA_DIR", dir.path().join("data"))
        .env(variable, PASSWORD)
        .output()
        .expect("the binary runs");
    for text in [stdout(&output), stderr(&output)] {
        assert!(!text.contains(PASSWORD) && !text.contains(SECRET), "{text}");
    }
    output
}

/// Returns findings as `kind subject`: a piece of the query, the index, or nothing.
fn found(document: &Value) -> BTreeSet<String> {
    let items = document["items"].as_array().expect("a list").iter();
    let named = items.map(|item| {
        let subject = &item["subject"];
        let text = subject["text"].as_str().or(subject["index"].as_str()).unwrap_or_default();
        // Either of two equal indexes may go; which one the planner reads is its own business.
        let text = text.replace("orders_status_again", "orders_status");
        format!("{} {}", item["finding"].as_str().unwrap_or_default(), text.to_lowercase())
    });
    named.map(|name| name.trim().to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn finding<'d>(document: &'d Value, kind: &str) -> &'d Value {
    let mut items = document["items"].as_array().expect("a list").iter();
    items.find(|item| item["finding"] == kind).expect(kind)
}

/// The queries that both servers are sent: bad ones, and good ones that look like them.
fn workload() -> String {
    let mut text = String::new();
    let mut say = |statement: std::fmt::Arguments<'_>| {
        writeln!(text, "{statement};").expect("memory");
    };
    for n in 1..=40 {
        say(format_args!("SELECT id, amount FROM orders WHERE player_id = {n}"));
    }
    // One query for the members of six guilds, and one more for each member.
    for n in 1..=6 {
        say(format_args!("SELECT id FROM players WHERE guild_id = {n}"));
    }
    for n in 1..=600 {
        say(format_args!("SELECT rarity FROM items WHERE owner_id = {n}"));
    }
    for n in 1..=900 {
        say(format_args!("SELECT value FROM settings WHERE id = {}", n % 20 + 1));
    }
    for n in 1..=20 {
        say(format_args!("SELECT id FROM items WHERE kind = {n} AND rarity = 3"));
        say(format_args!("SELECT id FROM orders WHERE status = {n}"));
        say(format_args!("SELECT id, value FROM settings"));
        say(format_args!("UPDATE players SET level = level + 1 WHERE id = {n}"));
    }
    text
}

const MARIADB: &str = "
CREATE DATABASE game;
USE game;
CREATE TABLE players (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, guild_id INT NOT NULL, level INT NOT NULL, KEY players_guild (guild_id));
INSERT INTO players SELECT seq, CONCAT('p', seq), seq % 200, seq % 60 FROM seq_1_to_20000;
CREATE TABLE orders (id INT PRIMARY KEY, player_id INT NOT NULL, status INT NOT NULL, amount INT NOT NULL, memo TEXT NOT NULL, created_at DATETIME NOT NULL,
 KEY orders_created (created_at), KEY orders_status (status), KEY orders_status_again (status));
INSERT INTO orders SELECT seq, seq % 5000, seq % 400, (seq * 7919) % 100003, REPEAT(MD5(seq), 8), '2026-01-01' + INTERVAL seq MINUTE FROM seq_1_to_40000;
CREATE TABLE items (id INT PRIMARY KEY, kind INT NOT NULL, rarity INT NOT NULL, owner_id INT NOT NULL, KEY items_kind (kind), KEY items_kind_rarity (kind, rarity), KEY items_owner (owner_id));
INSERT INTO items SELECT seq, seq % 50, seq % 7, seq % 900 FROM seq_1_to_10000;
CREATE TABLE settings (id INT PRIMARY KEY, value VARCHAR(40) NOT NULL);
INSERT INTO settings SELECT seq, 'x' FROM seq_1_to_20;
ANALYZE TABLE players, orders, items, settings;
CREATE USER reader IDENTIFIED BY 'hunter2';
GRANT PROCESS ON *.* TO reader;
GRANT SELECT ON performance_schema.* TO reader;
GRANT REFERENCES ON game.* TO reader;
CREATE USER writer IDENTIFIED BY 'hunter2';
GRANT ALL ON *.* TO writer;
TRUNCATE performance_schema.table_io_waits_summary_by_index_usage;
TRUNCATE performance_schema.events_statements_summary_by_digest;
";

/// What MariaDB alone counts: temporary tables and merges on disk, and long scans.
const MARIADB_MORE: &str = "
SELECT memo, COUNT(*) FROM orders GROUP BY memo LIMIT 5;
SELECT memo, COUNT(*) FROM orders GROUP BY memo LIMIT 5;
SET SESSION sort_buffer_size = 32768;
SELECT id, memo FROM orders ORDER BY amount, memo;
SELECT id, memo FROM orders ORDER BY amount, memo;
";

const MARIADB_TRUTH: &[&str] = &[
    "missing-index select id, amount from orders where player_id = ?",
    "query-per-row select rarity from items where owner_id = ?",
    "disk-temporary-table select memo, count(*) from orders group by memo limit ?",
    "sort-on-disk select id, memo from orders order by amount, memo",
    "full-scan select count(*) from orders where memo like ?",
    "unused-index orders_created",
    "duplicate-index orders_status",
    "duplicate-index items_kind",
    "idle-connections",
];

#[test]
fn mariadb_says_what_is_wrong_and_nothing_else() {
    let Some(mut server) = Server::mariadb() else {
        eprintln!("skipped: mariadb-server is not installed; ./setup does it");
        return;
    };
    server.run("", MARIADB);
    let scan = format!("SELECT COUNT(*) FROM orders WHERE memo LIKE '%{SECRET}%';\n").repeat(20);
    server.run("game", &format!("{}{scan}{MARIADB_MORE}", workload()));
    server.hold("game", 12);
    server.run("", "SET GLOBAL general_log = ON;");

    let url = format!("mysql://reader@127.0.0.1:{}/game", server.port);
    let output = inspect(&url, "MYSQL_PWD", &["-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json(&output);
    assert_eq!(found(&document), set(MARIADB_TRUTH), "{document:#}");
    assert_eq!(document["account"]["rights"], "read_only");
    let missing = finding(&document, "missing-index");
    let suggestion = missing["suggestion"].as_str().unwrap_or_default();
    assert!(suggestion.contains("ON game.orders (player_id)"), "{suggestion}");
    assert!(missing["load_percent"].as_f64() > Some(1.0), "{missing}");
    assert!(missing["examined_per_returned"].as_f64() > Some(1000.0), "{missing}");
    let index = finding(&document, "unused-index");
    assert!(index["suggestion"].as_str().is_some_and(|text| text.ends_with("IGNORED;")), "{index}");
    only_questions(&server.log(), "reader");

    let korean = inspect(&url, "MYSQL_PWD", &["-o", "table", "--lang", "ko"]);
    assert!(stdout(&korean).contains("행마다 쿼리 실행(N+1)"), "{}", stdout(&korean));
    let markdown = inspect(&url, "MYSQL_PWD", &["-o", "markdown"]);
    assert!(stdout(&markdown).starts_with('|'), "{}", stdout(&markdown));
    let csv = inspect(&url, "MYSQL_PWD", &["-o", "csv"]);
    assert_eq!(stdout(&csv).lines().count(), MARIADB_TRUTH.len() + 1, "{}", stdout(&csv));

    accounts(&server);
    without_statistics(server);
}

/// Asserts that whatever was sent reads, sets its own session or asks for a plan.
fn only_questions(log: &str, user: &str) {
    assert!(log.lines().any(|line| line.contains("Connect") && line.contains(user)), "{log}");
    let sent: Vec<&str> = log
        .lines()
        .filter_map(|line| {
            line.split_once("Query\t").or(line.split_once("Execute\t")).map(|(_, text)| text)
        })
        .collect();
    let allowed = ["SELECT", "SHOW", "SET SESSION", "SET sql_mode", "EXPLAIN", "USE"];
    let other: Vec<&&str> = sent
        .iter()
        .filter(|text| !allowed.iter().any(|start| text.starts_with(start)))
        .filter(|text| !text.contains("general_log"))
        .collect();
    assert!(sent.len() > 10 && other.is_empty(), "{other:?}\n{log}");
}

/// An account that can write is told of, and one that is refused costs an answer and no secret.
fn accounts(server: &Server) {
    let url = format!("mysql://writer@127.0.0.1:{}/game", server.port);
    let output = inspect(&url, "MYSQL_PWD", &["-o", "json", "--lang", "ko"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["account"]["rights"], "can_write");
    assert!(stderr(&output).contains("쓰기 권한이 있는 계정입니다"), "{}", stderr(&output));
    let url = format!("mysql://nobody:{PASSWORD}@127.0.0.1:{}/game", server.port);
    let output = inspect(&url, "NOTHING", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let output = inspect("mysql://nobody:hunter2@127.0.0.1:1/game", "NOTHING", &[]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let output = inspect("redis://nobody:hunter2@127.0.0.1/game", "NOTHING", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

/// Without `performance_schema` the answers are unknown, and it is said how to get them.
fn without_statistics(server: Server) {
    let server = server.without_statistics().expect("it started before");
    let url = format!("mysql://reader@127.0.0.1:{}/game", server.port);
    let document = json(&inspect(&url, "MYSQL_PWD", &["-o", "json"]));
    let unknown = document["unknown"].as_array().expect("a list");
    let codes: BTreeSet<&str> = unknown.iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains("statements") && codes.contains("index-use"), "{document:#}");
    assert!(
        unknown[0]["settled_by"].as_str().is_some_and(|text| text.contains("performance_schema"))
    );
    assert_eq!(
        found(&document),
        set(&["duplicate-index orders_status", "duplicate-index items_kind"])
    );
}

const POSTGRES: &str = "
CREATE EXTENSION pg_stat_statements;
CREATE TABLE players (id INT PRIMARY KEY, name TEXT NOT NULL, guild_id INT NOT NULL, level INT NOT NULL);
INSERT INTO players SELECT n, 'p' || n, n % 200, n % 60 FROM generate_series(1, 20000) n;
CREATE INDEX players_guild ON players (guild_id);
CREATE TABLE orders (id INT PRIMARY KEY, player_id INT NOT NULL, status INT NOT NULL, amount INT NOT NULL, memo TEXT NOT NULL);
INSERT INTO orders SELECT n, n % 5000, n % 400, (n * 7919::bigint) % 100003, repeat(md5(n::text), 2) FROM generate_series(1, 40000) n;
CREATE INDEX orders_created ON orders (amount, memo);
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_status_again ON orders (status);
CREATE TABLE items (id INT PRIMARY KEY, kind INT NOT NULL, rarity INT NOT NULL, owner_id INT NOT NULL);
INSERT INTO items SELECT n, n % 50, n % 7, n % 900 FROM generate_series(1, 10000) n;
CREATE INDEX items_kind ON items (kind);
CREATE INDEX items_kind_rarity ON items (kind, rarity);
CREATE INDEX items_owner ON items (owner_id);
CREATE TABLE settings (id INT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO settings SELECT n, 'x' FROM generate_series(1, 20) n;
VACUUM ANALYZE;
CREATE ROLE reader LOGIN PASSWORD 'hunter2';
GRANT pg_monitor TO reader;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SELECT pg_stat_reset();
SELECT pg_stat_statements_reset();
";

/// A sort that does not fit, and a command whose text has a secret that the server keeps.
const POSTGRES_MORE: &str = "
SET work_mem = '64kB';
SELECT id FROM orders ORDER BY memo;
SELECT id FROM orders ORDER BY memo;
CREATE ROLE newcomer PASSWORD 'needle77';
";

const POSTGRES_TRUTH: &[&str] = &[
    "missing-index select id, amount from orders where player_id = $1",
    "query-per-row select rarity from items where owner_id = $1",
    "sort-on-disk select id from orders order by memo",
    "unused-index orders_created",
    "duplicate-index orders_status",
    "duplicate-index items_kind",
    "idle-connections",
];

#[test]
fn postgresql_says_what_is_wrong_and_nothing_else() {
    let Some(mut server) = Server::postgres() else {
        eprintln!("skipped: postgresql is not installed; ./setup does it");
        return;
    };
    server.run("", "CREATE DATABASE game;");
    server.run("game", POSTGRES);
    server.run("game", &format!("{}{POSTGRES_MORE}", workload()));
    server.hold("game", 12);

    let url = format!("postgres://reader@127.0.0.1:{}/game", server.port);
    // An account that may not read the tables gets no plan: the findings stand, less surely.
    let document = json(&inspect(&url, "PGPASSWORD", &["-o", "json"]));
    assert_eq!(found(&document), set(POSTGRES_TRUTH), "{document:#}");
    assert_eq!(finding(&document, "missing-index")["confidence"], "low");
    assert_eq!(document["account"]["rights"], "read_only", "{document:#}");

    server.run("game", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;");
    server.run("game", "ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf();");
    let document = json(&inspect(&url, "PGPASSWORD", &["-o", "json"]));
    assert_eq!(found(&document), set(POSTGRES_TRUTH), "{document:#}");
    let missing = finding(&document, "missing-index");
    let suggestion = missing["suggestion"].as_str().unwrap_or_default();
    assert!(suggestion.contains("ON public.orders (player_id)"), "{suggestion}");
    assert_ne!(missing["confidence"], "low", "{missing}");
    let log = server.log();
    let sent: Vec<&str> = log
        .lines()
        .filter_map(|line| line.split_once("statement: ").or(line.split_once("execute ")))
        .map(|(_, text)| text)
        .filter(|text| !text.contains("pg_reload_conf"))
        .collect();
    let allowed =
        ["SELECT", "SHOW", "SET ", "EXPLAIN", "DEALLOCATE", "<unnamed>: PREPARE", "sqlx", " "];
    let other: Vec<&&str> =
        sent.iter().filter(|text| !allowed.iter().any(|start| text.starts_with(start))).collect();
    assert!(sent.len() > 10 && other.is_empty(), "{other:?}\n{log}");

    hypothetical(&server, &url);
    let korean = inspect(&url, "PGPASSWORD", &["-o", "table", "--lang", "ko"]);
    assert!(stdout(&korean).contains("디스크 정렬"), "{}", stdout(&korean));
    without_the_extension(&server);
}

/// With `hypopg` the planner itself says what the index is worth.
fn hypothetical(server: &Server, url: &str) {
    let known = "SELECT count(*) FROM pg_available_extensions WHERE name = 'hypopg';";
    if server.run("game", known).trim() == "0" {
        eprintln!("skipped: hypopg is not installed; ./setup does it");
        return;
    }
    server.run("game", "CREATE EXTENSION hypopg;");
    let document = json(&inspect(url, "PGPASSWORD", &["-o", "json"]));
    assert_eq!(found(&document), set(POSTGRES_TRUTH), "{document:#}");
    let missing = finding(&document, "missing-index");
    assert_eq!(missing["confidence"], "high", "{missing}");
    let reason = missing["reason"]["message"].as_str().unwrap_or_default();
    assert!(reason.contains("With the index the planner reckons"), "{reason}");
}

/// In a database without the extension the answers are unknown, and it is said how to get them.
fn without_the_extension(server: &Server) {
    let url = format!("postgres://reader@127.0.0.1:{}/postgres", server.port);
    let document = json(&inspect(&url, "PGPASSWORD", &["-o", "json"]));
    let unknown = document["unknown"].as_array().expect("a list");
    assert_eq!(unknown[0]["code"], "statements", "{document:#}");
    assert!(
        unknown[0]["settled_by"].as_str().is_some_and(|text| text.contains("CREATE EXTENSION"))
    );
}

//! What the handlers do to their database, with the drivers that they name, against a real MariaDB over TLS and as a
//! user with the rights that `schema.sql` asks for.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use trimtab_render::scaffold::{Iac, Runtime};

use super::project::{project, tools, write};
use super::servers::Server;

const SCHEMA: &str = "app";
const USER: &str = "'function'@'%'";
const PASSWORD: &str = "sesame";

/// Notices that a job removes, in batches of 500, and a run that is old enough to be forgotten beside one that is not.
const BEFORE_THE_JOB: &str = "
    insert into notice (id, title, body, expires_at)
        select concat('n-', seq), 't', 'b', utc_timestamp() - interval 2 day from seq_1_to_501;
    insert into job_run (job, scheduled_for, lease_until) values
        ('job', utc_timestamp() - interval 40 day, utc_timestamp() - interval 40 day),
        ('job', utc_timestamp() - interval 20 day, utc_timestamp() - interval 20 day);";
/// A key that is old enough to be forgotten, beside one that is not.
const BEFORE_THE_NOTICES: &str = "
    insert into handled (idempotency_key, handled_at) values
        ('forgotten', current_timestamp - interval 40 day), ('kept', current_timestamp - interval 20 day);";

fn script(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/serverless").join(name)
}

/// Makes the database of a project anew, with its user.
fn prepare(server: &Server, schema: &str, more: &str) {
    server.run(
        "",
        &format!(
            "drop database if exists {SCHEMA}; create database {SCHEMA};
             create or replace user {USER} identified by '{PASSWORD}' require ssl;"
        ),
    );
    server.run(SCHEMA, schema);
    let grants = schema.lines().filter_map(|line| line.strip_prefix("--   grant "));
    let grants: Vec<_> = grants
        .map(|grant| {
            format!("grant {}", grant.replace("SCHEMA", SCHEMA).replace("'USER'@'%'", USER))
        })
        .collect();
    assert_eq!(grants.len(), 3, "one for each table");
    server.run("", &grants.join("\n"));
    server.run(SCHEMA, more);
}

/// Runs the script of a language with a project's sources, and returns what it printed.
fn said(
    runtime: Runtime,
    id: &str,
    what: &str,
    server: &Server,
    authority: &Path,
    more: &str,
) -> Value {
    let home = tempfile::tempdir().expect("a temporary directory");
    write(&project(id, runtime, Iac::Sam), home.path());
    let schema = std::fs::read_to_string(home.path().join("schema.sql")).expect("a schema");
    prepare(server, &schema, more);
    let sources = home.path().join("src");
    std::fs::copy(authority, sources.join("database-ca.pem")).expect("a file of our own");
    let python = tools::python("serverless");
    let mut command = if runtime == Runtime::Python {
        let mut command = Command::new(python);
        command.args(["-B", "-W", "error"]).arg(script("stores.py"));
        command
    } else {
        let environment = python.ancestors().nth(2).expect("an environment");
        let modules = environment.join("modules/node_modules");
        std::os::unix::fs::symlink(modules, home.path().join("node_modules")).expect("a link");
        std::fs::copy(script("stores.mjs"), sources.join("stores.mjs")).expect("a file of our own");
        let mut command = Command::new(environment.join("node"));
        command.arg(sources.join("stores.mjs"));
        command
    };
    let secret = json!({
        "host": "localhost", "port": server.port, "schema": SCHEMA,
        "user": "function", "password": PASSWORD,
    });
    let output = command
        .arg(what)
        .current_dir(home.path())
        .env("SECRET", secret.to_string())
        .output()
        .expect("the program runs: ./setup installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn the_drivers_are_those_of_the_projects() {
    let files = |runtime, name: &str| {
        let home = tempfile::tempdir().expect("a temporary directory");
        write(&project("schedule", runtime, Iac::Sam), home.path());
        std::fs::read_to_string(home.path().join(name)).expect("a file of the project")
    };
    let installed = std::fs::read_to_string(script("requirements.txt")).expect("ours");
    let named = files(Runtime::Python, "requirements.txt");
    let driver = named.lines().find(|line| line.starts_with("PyMySQL")).expect("a driver");
    assert!(installed.lines().any(|line| line == driver), "{driver}");
    let driver = |text: &str| {
        let manifest: Value = serde_json::from_str(text).expect("JSON");
        manifest["dependencies"]["mysql2"].as_str().expect("a driver").to_owned()
    };
    let installed = std::fs::read_to_string(script("package.json")).expect("ours");
    assert_eq!(driver(&installed), driver(&files(Runtime::Nodejs, "package.json")));
}

#[test]
fn a_notice_is_written_once_and_the_newest_stays() {
    let (server, authority) = Server::mariadb_over_tls();
    for runtime in [Runtime::Python, Runtime::Nodejs] {
        let answer = said(runtime, "s3-notice", "notices", &server, &authority, BEFORE_THE_NOTICES);
        let once = ["new"].into_iter().chain(std::iter::repeat_n("repeated", 7));
        let expected = json!({
            "first": "new",
            "again": "repeated",
            "another body": "other",
            "tried": "new",
            "kept after the trial": "new",
            "late": "older",
            "of a source": "new",
            "newer of it, by an older clock": "new",
            "older of it": "older",
            "another case": "new",
            "announced at first": [false, true, false],
            "announced then": [true, false],
            "one key at once": once.collect::<Vec<_>>(),
            "others at once": ["new"],
        });
        assert_eq!(answer, expected, "{runtime:?}");
        let rows =
            server.run(SCHEMA, "select id, title, sent_ms, expires_at from notice order by id");
        let notice = |id: &str, title: &str, sent: u32| {
            format!("{id}\t{title}\t{sent}\t2030-01-31 09:00:00\n")
        };
        let wanted = [
            notice("N-1", "대문자", 10),
            notice("at-once", "점검 안내 🛠", 1),
            notice("n-1", "넷째", 2500),
            notice("other", "7", 107),
        ];
        assert_eq!(rows, wanted.concat(), "{runtime:?}");
        let old =
            "select idempotency_key from handled where idempotency_key in ('forgotten', 'kept')";
        assert_eq!(server.run(SCHEMA, old), "kept\n", "{runtime:?}");
    }
}

#[test]
fn a_run_of_a_job_is_of_one_at_a_time() {
    let (server, authority) = Server::mariadb_over_tls();
    for runtime in [Runtime::Python, Runtime::Nodejs] {
        let answer = said(runtime, "schedule", "runs", &server, &authority, BEFORE_THE_JOB);
        let one = ["ours"].into_iter().chain(std::iter::repeat_n("running", 7));
        let expected = json!({
            "first": "ours",
            "again": "running",
            "another job": "ours",
            "given back": "ours",
            "finished": "finished",
            "finished for good": "finished",
            "at once": one.collect::<Vec<_>>(),
            "expired": 501,
            "removed": [[500, false], [1, true]],
            "left": 0,
        });
        assert_eq!(answer, expected, "{runtime:?}");
        let old = "select count(*) from job_run where job = 'job' and scheduled_for < utc_timestamp() - interval 10 day";
        assert_eq!(
            server.run(SCHEMA, old),
            "1\n",
            "of two, one is more than 30 days old: {runtime:?}"
        );
    }
}

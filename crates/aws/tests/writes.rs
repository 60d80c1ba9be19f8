//! Only the actuator calls what changes something.

use std::path::{Path, PathBuf};

/// How the names of operations begin that change something, as the SDK spells them.
const VERBS: &[&str] = &[
    "accept",
    "add",
    "allocate",
    "associate",
    "attach",
    "authorize",
    "cancel",
    "copy",
    "create",
    "delete",
    "deregister",
    "detach",
    "disable",
    "disassociate",
    "enable",
    "import",
    "invoke",
    "modify",
    "publish",
    "purchase",
    "put",
    "reboot",
    "register",
    "reject",
    "release",
    "remove",
    "restore",
    "revoke",
    "rollback",
    "run",
    "start",
    "stop",
    "tag",
    "terminate",
    "untag",
    "update",
];

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("the sources are beside the tests") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Returns the operation that a line begins a request of, if it changes something.
fn operation(line: &str) -> Option<&str> {
    line.split('.').filter_map(|part| Some(part.split_once("()")?.0)).find(|name| {
        let verb = name.split_once('_').map(|(verb, _)| verb);
        verb.is_some_and(|verb| VERBS.contains(&verb))
    })
}

#[test]
fn only_the_actuator_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut by_actuator = 0;
    for file in files {
        let source = std::fs::read_to_string(&file).expect("a readable source");
        for (number, line) in source.lines().enumerate() {
            let Some(operation) = operation(line) else { continue };
            let is_actuator = file.starts_with(root.join("actuator"));
            assert!(is_actuator, "{}:{}: {operation}", file.display(), number + 1);
            by_actuator += 1;
        }
    }
    assert!(by_actuator >= 25, "the actuator's calls were not recognised: {by_actuator}");
}

#[test]
fn a_call_that_changes_something_is_recognised() {
    assert_eq!(operation("    .stop_instances()"), Some("stop_instances"));
    assert_eq!(operation("client.delete_volume().volume_id(id)"), Some("delete_volume"));
    assert_eq!(operation("client.describe_volumes()"), None);
    assert_eq!(operation(".start_time(at)"), None);
}

//! The handlers: their own tests run, or they are read by what compiles them.

use std::path::Path;
use std::process::Command;

use trimtab_render::scaffold::{Iac, Runtime, Template};

use super::project::{project, tools, write};

/// Writes the project of every template in a language, and does something in its directory.
fn in_each(runtime: Runtime, check: impl Fn(&Path)) {
    for id in Template::IDS {
        let home = tempfile::tempdir().expect("a temporary directory");
        write(&project(id, runtime, Iac::Sam), home.path());
        check(home.path());
    }
}

/// Runs a program in a directory and returns all that it says; it has to succeed.
fn said(command: &mut Command, directory: &Path) -> String {
    let output = command.current_dir(directory).output().expect("the program runs");
    let all = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&all).into_owned();
    assert!(output.status.success(), "{}: {text}", directory.display());
    text
}

#[test]
fn the_tests_in_javascript_pass_without_anything_installed() {
    let node = tools::python("serverless").ancestors().nth(2).expect("an environment").join("node");
    assert!(node.is_file(), "{} is not there: run ./setup", node.display());
    in_each(Runtime::Nodejs, |directory| {
        let tests = std::fs::read_dir(directory.join("test")).expect("tests");
        let files = tests.map(|file| file.expect("a file").path());
        let text = said(
            Command::new(&node).args(["--test", "--test-reporter=tap"]).args(files),
            directory,
        );
        assert!(text.contains("# fail 0") && !text.contains("# pass 0"), "{text}");
        let index = directory.join("src/index.mjs");
        said(Command::new(&node).arg("--check").arg(index), directory);
    });
}

#[test]
fn the_tests_in_python_pass_without_anything_installed() {
    in_each(Runtime::Python, |directory| {
        // Isolated: what is installed on the machine is not found.
        let arguments =
            ["-B", "-I", "-S", "-W", "error", "-m", "unittest", "discover", "-s", "tests"];
        let text = said(Command::new("python3").args(arguments), directory);
        assert!(text.contains("OK") && !text.contains("Ran 0 tests"), "{text}");
        let index = directory.join("src/index.py");
        let parse = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
        said(Command::new("python3").args(["-I", "-S", "-c", parse]).arg(index), directory);
    });
}

#[test]
fn the_sources_in_rust_are_read_and_formatted() {
    in_each(Runtime::Rust, |directory| {
        said(Command::new("rustfmt").args(["--check", "src/main.rs"]), directory);
        let manifest = std::fs::read_to_string(directory.join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("TOML");
        let dependencies = manifest["dependencies"].as_table().expect("dependencies");
        for (name, wanted) in dependencies {
            let version = wanted.as_str().or_else(|| wanted["version"].as_str());
            assert!(
                version.is_some_and(|version| version.starts_with('=')),
                "{name} is not pinned"
            );
        }
    });
}

#[test]
fn every_script_is_read_by_bash() {
    for runtime in Runtime::ALL {
        for iac in Iac::ALL {
            let home = tempfile::tempdir().expect("a temporary directory");
            write(&project("queue", runtime, iac), home.path());
            let account = home.path().join("account.sh").exists().then_some("account.sh");
            let others = ["authority.sh", "build.sh", "deploy.sh", "gate.sh"];
            for script in others.into_iter().chain(account) {
                said(Command::new("bash").args(["-n", script]), home.path());
            }
            let run = Command::new("bash").arg("deploy.sh").current_dir(home.path()).output();
            let code = run.expect("bash runs").status.code();
            assert_eq!(code, Some(64), "no mode is taken by itself");
        }
    }
}

//! A dependency that may not enter makes the build fail: what is asked, and that asking bites.

#[path = "workspace/tree.rs"]
#[expect(dead_code, reason = "the other tests of the workspace look at more of it")]
mod tree;

use std::path::PathBuf;
use std::process::Command;

fn text(file: &str) -> String {
    std::fs::read_to_string(tree::root().join(file)).expect("a file of the repository")
}

/// Returns cargo-deny, as `./setup` has installed it.
fn checker() -> PathBuf {
    let setup = text("setup");
    let version = setup
        .lines()
        .find_map(|line| line.strip_prefix("cargo_deny_version="))
        .expect("setup names the version");
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let cache = || variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
    let tools = variable("TRIMTAB_TOOLS_DIR").or_else(|| Some(cache()?.join("trimtab/tools")));
    let own = tools.unwrap_or_default().join(format!("cargo-deny-{version}/bin/cargo-deny"));
    if own.is_file() { own } else { PathBuf::from("cargo-deny") }
}

/// Returns whether a project with one dependency of this name passes our rules.
fn passes(dependency: &str) -> bool {
    let project = tempfile::tempdir().expect("a temporary directory");
    let write = |name: &str, text: &str| {
        let path = project.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory of our own");
        std::fs::write(path, text).expect("a file of our own");
    };
    let package = |name: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"\npublish = false\n"
        )
    };
    write(
        "Cargo.toml",
        &format!("{}[dependencies]\n{dependency} = {{ path = \"inner\" }}\n", package("outer")),
    );
    write("src/lib.rs", "");
    write("inner/Cargo.toml", &package(dependency));
    write("inner/src/lib.rs", "");
    let rules = tree::root().join("deny.toml");
    let output = Command::new(checker())
        .args(["--log-level", "error", "--offline", "--manifest-path"])
        .arg(project.path().join("Cargo.toml"))
        .arg("--config")
        .arg(rules)
        .args(["check", "bans", "sources"])
        .output()
        .expect("cargo-deny runs: ./setup installs it");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || told.contains(dependency), "{told}");
    output.status.success()
}

#[test]
fn g17_a_dependency_with_a_known_fault_or_from_elsewhere_makes_the_build_fail() {
    let rules = text("deny.toml");
    let has = |line: &str| rules.lines().any(|one| one.trim() == line);
    for line in [
        "yanked = \"deny\"",
        "unknown-git = \"deny\"",
        "unknown-registry = \"deny\"",
        "[advisories]",
    ] {
        assert!(has(line), "{line} is not in deny.toml");
    }
    // cargo-deny denies what the advisories say is vulnerable or unsound, unless a list lets it be.
    assert!(!rules.contains("ignore"), "an advisory is ignored");
    let (check, dependencies) = (text("tools/check"), text("tools/check-dependencies"));
    assert!(text(".ci/run").contains("make test"));
    assert!(text("Makefile").contains("tools/check"));
    assert!(check.lines().any(|line| line == "part dependencies tools/check-dependencies"));
    for asked in ["bans licenses sources", "--disable-fetch advisories"] {
        assert!(dependencies.contains(asked), "{asked}");
    }
    assert!(text("tools/check").contains("cargo test --workspace --locked"));
    assert!(passes("harmless"));
    assert!(!passes("native-tls"));
}

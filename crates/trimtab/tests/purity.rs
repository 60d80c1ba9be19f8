//! Floors 0 and 1 decide and do nothing else: no clock, no files, no network, no floats for money.
//!
//! Clippy forbids the calls by the lists in each crate's `clippy.toml`. This test sees that
//! the lists are there, and reads the sources for what a list of functions cannot name.

#[path = "workspace/tree.rs"]
mod tree;

/// The crates of floors 0 and 1.
const PURE: &[&str] = &["trimtab-model", "trimtab-analysis", "trimtab-rollout", "trimtab-render"];

/// What the `clippy.toml` of each pure crate forbids, at the least.
const FORBIDDEN_CALLS: &[&str] = &[
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "std::env::var",
    "std::env::var_os",
    "std::env::vars",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::read_dir",
    "std::fs::write",
    "std::fs::File::open",
    "std::fs::File::create",
    "std::process::Command::new",
    "std::net::TcpStream::connect",
];

/// What no line of a pure crate's product code contains.
const FORBIDDEN_WORDS: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "tokio",
    "async fn",
];

/// Parts of names that say that a value is money.
const MONEY_WORDS: &[&str] = &["cost", "price", "amount", "saving", "usd", "krw"];

fn pure_crates() -> Vec<tree::Crate> {
    tree::crates().into_iter().filter(|krate| PURE.contains(&krate.name.as_str())).collect()
}

/// Returns the code of a line, without a comment at its end.
fn code_of(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// Returns the name that a line declares with a float type: of a field, an argument or a constant.
fn float_name(code: &str) -> Option<&str> {
    code.split(',').find_map(|declaration| {
        let (name, kind) = declaration.split_once(": ")?;
        let is_float =
            kind.split(|c: char| !c.is_alphanumeric()).any(|word| word == "f64" || word == "f32");
        let name = name.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
        is_float.then_some(name)
    })
}

fn is_money(name: &str) -> bool {
    let name = name.to_lowercase();
    MONEY_WORDS.iter().any(|word| name.contains(word))
}

/// Returns a line `path:number: text` for every product line that `broken` finds.
fn lines_where(crates: &[tree::Crate], broken: fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for krate in crates {
        for source in tree::sources(krate) {
            for (number, line) in source.product_lines() {
                if broken(code_of(line)) {
                    found.push(format!("{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    found
}

#[test]
fn each_pure_crate_forbids_the_clock_and_the_outside() {
    let crates = pure_crates();
    assert!(crates.len() > 1, "the pure crates are gone");
    for krate in crates {
        let table = tree::table(&krate.dir.join("clippy.toml"));
        let methods = table.get("disallowed-methods").and_then(toml::Value::as_array);
        let paths: Vec<&str> = methods
            .into_iter()
            .flatten()
            .filter_map(|method| method.get("path").or(Some(method)).and_then(toml::Value::as_str))
            .collect();
        for call in FORBIDDEN_CALLS {
            assert!(
                paths.contains(call),
                "the clippy.toml of {} does not forbid {call}",
                krate.name
            );
        }
    }
}

#[test]
fn pure_sources_name_no_effect() {
    let found =
        lines_where(&pure_crates(), |code| FORBIDDEN_WORDS.iter().any(|word| code.contains(word)));
    assert!(
        found.is_empty(),
        "floors 0 and 1 take everything as arguments:\n  {}",
        found.join("\n  ")
    );
}

#[test]
fn money_is_never_a_float() {
    let found = lines_where(&pure_crates(), |code| float_name(code).is_some_and(is_money));
    assert!(found.is_empty(), "money is `Money` or `Decimal`:\n  {}", found.join("\n  "));
}

#[test]
fn only_the_configuration_reads_the_environment() {
    let mut found = Vec::new();
    for krate in &tree::crates() {
        for source in tree::sources(krate) {
            if source.path.starts_with("crates/app/src/config") {
                continue;
            }
            for (number, line) in source.product_lines() {
                let code = code_of(line);
                if ["env::var", "from_env("].iter().any(|word| code.contains(word)) {
                    found.push(format!("{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    assert!(found.is_empty(), "only app/config reads the environment:\n  {}", found.join("\n  "));
}

#[test]
fn a_float_named_like_money_is_found() {
    assert_eq!(float_name("    pub monthly_cost: Option<f64>,"), Some("monthly_cost"));
    assert_eq!(float_name("fn a(count: u32, price: f64) {"), Some("price"));
    assert_eq!(float_name("    pub cost: Money,"), None);
    assert!(is_money("monthly_cost"));
    assert!(!is_money("cpu_share"));
}

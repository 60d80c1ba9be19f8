//! The list of collectors is fresh, and what they declare only reads.
//!
//! `inventory/mod.rs` comes from the names of the files beside it. A stale file is rewritten,
//! and the test fails so that nobody commits without it. With `TRIMTAB_GEN=1` it passes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use trimtab_aws::inventory::ALL;

fn modules(directory: &Path) -> BTreeSet<String> {
    std::fs::read_dir(directory)
        .expect("the collectors are beside the crate")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| {
            let source = std::fs::read_to_string(path).expect("a readable source");
            // A half-written file without a declaration is not a collector yet.
            source.contains("pub static COLLECTOR: Collector")
        })
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}

#[test]
fn the_list_of_collectors_is_fresh() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inventory");
    let mut text = String::from(
        "//! Every collector, one file each. Written by `make gen` from the files beside it.\n\nuse crate::collector::Collector;\n\n",
    );
    let modules = modules(&directory);
    for module in &modules {
        writeln!(text, "pub(crate) mod {module};").expect("a string grows");
    }
    text.push_str(
        "\n/// Every collector, by the name of its file.\npub static ALL: &[&Collector] = &[\n",
    );
    for module in &modules {
        writeln!(text, "    &{module}::COLLECTOR,").expect("a string grows");
    }
    text.push_str("];\n");
    let path = directory.join("mod.rs");
    let fresh = std::fs::read_to_string(&path).is_ok_and(|old| old == text);
    if !fresh {
        std::fs::write(&path, text).expect("a writable file");
    }
    let generating = std::env::var("TRIMTAB_GEN").is_ok_and(|value| value == "1");
    assert!(fresh || generating, "{} was stale and has been rewritten", path.display());
}

#[test]
fn a_collector_can_only_read() {
    for collector in ALL {
        assert!(!collector.actions.is_empty(), "{collector:?} declares no action");
        for action in collector.actions {
            let (service, operation) = action.split_once(':').expect("service:Operation");
            let reads = ["Describe", "List", "Get"].iter().any(|verb| operation.starts_with(verb));
            assert!(
                reads && !action.contains('*'),
                "{action} of {collector:?} may change something"
            );
            assert!(!service.is_empty());
        }
    }
}

#[test]
fn every_kind_that_an_api_lists_has_one_collector() {
    let mut kinds: Vec<_> = ALL.iter().map(|collector| collector.kind).collect();
    kinds.sort();
    let all = trimtab_model::resource::ResourceKind::ALL.iter().copied();
    let mut sorted: Vec<_> = all.filter(|kind| !kind.is_on_bill_only()).collect();
    sorted.sort();
    assert_eq!(kinds, sorted);
}

//! The workbooks in docs/examples.

use std::path::Path;

use super::reader::read;

#[test]
fn every_example_can_be_read_and_holds_no_formula() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    for period in ["weekly", "monthly", "quarterly"] {
        for (language, symbol) in [("en", "[$$-409]"), ("ko", "[$₩-412]")] {
            let name = format!("{period}.{language}.xlsx");
            let bytes = std::fs::read(docs.join(&name)).expect("an example");
            let book = read(&bytes);
            assert!(book.sheets().len() > 2, "{name}: {:?}", book.names());
            assert!(!book.cells().any(|cell| cell["kind"] == "f"), "{name}");
            let is_money =
                |format: &str| format.contains("[$$-409]") || format.contains("[$₩-412]");
            let formats: Vec<&str> =
                book.cells().filter_map(|cell| cell["format"].as_str()).collect();
            let amounts: Vec<&&str> = formats.iter().filter(|format| is_money(format)).collect();
            assert!(!amounts.is_empty(), "{name}");
            assert!(amounts.iter().all(|format| format.contains(symbol)), "{name}: {amounts:?}");
        }
    }
}

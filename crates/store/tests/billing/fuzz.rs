//! The fuzz targets over their corpus and over a fixed number of mutations of it, on a
//! stable compiler. Long runs are `cargo +nightly fuzz run <target>`.

use std::path::Path;

#[path = "../../../../fuzz/targets.rs"]
mod targets;

/// Mutations per file of the corpus.
const MUTATIONS: u64 = 150;

#[track_caller]
fn check(name: &str, target: fn(&[u8]), mutations: u64) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<_> =
        std::fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        target(&bytes);
        for seed in 0..mutations {
            target(&mutated(&bytes, seed));
        }
    }
}

/// Changes, removes or repeats a few stretches, the same ones for the same seed.
fn mutated(bytes: &[u8], seed: u64) -> Vec<u8> {
    // SplitMix64.
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    let mut next = |below: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below.max(1) as u64).unwrap()
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=next(4) {
        let at = next(bytes.len());
        let end = (at + 1 + next(8)).min(bytes.len());
        match next(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << next(8),
            1 if at < bytes.len() => {
                bytes[at] = [0, 0xff, b'"', b',', b'\n', b'-', b'9', 0x7f][next(8)]
            }
            2 => drop(bytes.drain(at..end)),
            3 => {
                let stretch = bytes[at..end].to_vec();
                bytes.splice(at..at, stretch);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

#[test]
fn csv_survives_its_corpus() {
    check("csv", targets::csv, MUTATIONS);
}

#[test]
fn focus_survives_its_corpus() {
    check("focus", targets::focus, MUTATIONS);
}

#[test]
fn cur_survives_its_corpus() {
    check("cur", targets::cur, MUTATIONS);
}

#[test]
fn parquet_survives_its_corpus() {
    check("parquet", targets::parquet, MUTATIONS);
}

#[test]
fn json_survives_its_corpus() {
    check("json", targets::json, MUTATIONS);
}

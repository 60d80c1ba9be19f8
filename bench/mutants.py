#!/usr/bin/env python3
"""Changes the code of the health gates in every small way, and counts what no test notices.

    bench/run mutants [--every] [FILE]...

The gates name nothing else of their crate, so that they are built in a crate of their own: a mutant takes seconds instead
of half a minute. What was counted is kept in the target folder by file: a file that has not changed since is not run again
without `--every`. Ends with 1 where a mutant survives that REASONS does not explain.
"""

import argparse
import collections
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import time

from measure import ROOT, say

VERSION = "27.1.0"
GATE = pathlib.Path("crates/rollout/src/gate")
# What has only words for people, or nothing to change.
LEFT_OUT = {"mod.rs", "sample.rs", "words.rs"}
OPTIONS = ["--in-place", "--timeout=60", "--no-shuffle", "--package=trimtab-rollout", "--colors=never", "--", "--lib"]

HEAD = """\
Counted on {date} with `bench/run mutants`, in {minutes:.0f} minutes beside other work: cargo-mutants {version} changes one place
of the gates (`{gate}`) at a time, and the tests of the same folder must fail. *Caught* are those for
which they do, *timeouts* those with which they come to no end, *unviable* those that are no Rust. Left out are the words of
reasons (`words.rs`).

    cargo mutants --file={gate}/FILE {options}

| file | mutants | caught | timeouts | unviable | survivors |
|---|---|---|---|---|---|
"""

KINDS = ["CaughtMutant", "Timeout", "Unviable", "MissedMutant"]
# Why the mutants that survive are the same program: by file, line of code, and mutant.
REASONS = {
    ("bounds.rs", "if variance > LARGE {", "replace > with >= in chance_of_at_most"): "at a variance of exactly 200 both ways prove the same",
    ("percentile.rs", "first(count, |rank| below.cdf(rank as u64 - 1) > 1.0 - CONFIDENCE)?.checked_sub(1)", "replace > with >= in lower_rank"):
        "only one sample has exactly that chance, and one sample has no lower bound either way",
    ("trend.rs", "(slope > 0.0 && hours <= reach.as_secs_f64() / 3600.0).then_some(hours)", "replace > with >= in reaches"):
        "what has no slope takes for ever, or is zero by zero: neither is within reach",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--every", action="store_true", help="run those again that were counted and have not changed")
    parser.add_argument("files", nargs="*", metavar="FILE", help="of the gates; all without")
    arguments = parser.parse_args()
    folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "mutants"
    tool = installed(folder / "tool")
    copy(folder / "tree")
    files = sorted(path.name for path in (ROOT / GATE).glob("*.rs") if path.name not in LEFT_OUT)
    digests = {file: hashlib.sha256((ROOT / GATE / file).read_bytes()).hexdigest() for file in files}
    store = folder / "counted.json"
    counted = json.loads(store.read_text()) if store.exists() else {}
    for file in arguments.files or files:
        if arguments.every or counted.get(file, {}).get("digest") != digests[file]:
            say(f"mutating {file}")
            counted[file] = {"digest": digests[file], **mutated(tool, folder, file)}
            store.write_text(json.dumps(counted, indent=1))
    missing = [file for file in files if counted.get(file, {}).get("digest") != digests[file]]
    table, unexplained = told({file: counted[file] for file in files if file not in missing})
    minutes = sum(counted[file]["seconds"] for file in files if file not in missing) / 60
    words = {"date": datetime.date.today(), "version": VERSION, "gate": GATE, "options": " ".join(OPTIONS)}
    page = HEAD.format(minutes=minutes, **words) + table
    if missing:
        page += f"\nNot counted since they changed: {', '.join(missing)}.\n"
    print(page)
    (ROOT / "bench" / "mutants.md").write_text(page)
    raise SystemExit(1 if unexplained else 0)


def installed(folder):
    """Installs cargo-mutants unless it is there; returns its path."""
    tool = folder / "bin" / "cargo-mutants"
    if not tool.exists():
        say("installing cargo-mutants")
        command = ["cargo", "install", "cargo-mutants", "--version", VERSION, "--locked", "--root", folder]
        subprocess.run(command, check=True, env={**os.environ, "CARGO_TARGET_DIR": str(folder / "build")})
        shutil.rmtree(folder / "build")
    return tool


def copy(tree):
    """Copies the gates and what they are built on into a workspace of their own."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT / "crates" / "model", tree / "crates" / "model")
    shutil.copytree(ROOT / GATE, tree / GATE)
    shutil.copy(ROOT / "crates" / "rollout" / "Cargo.toml", tree / "crates" / "rollout")
    shutil.copy(ROOT / "Cargo.lock", tree)
    shutil.copy(ROOT / "rust-toolchain.toml", tree)
    manifest = (ROOT / "Cargo.toml").read_text()
    # They are built far more often than they are run.
    (tree / "Cargo.toml").write_text(manifest.replace("trimtab-rollout = { opt-level = 3 }", ""))
    (tree / GATE.parent / "lib.rs").write_text("//! The gates alone.\n\npub mod gate;\n")


def mutated(tool, folder, file):
    """Runs the mutants of a file; returns how many of each kind there are, and those that survived."""
    tree, begun = folder / "tree", time.monotonic()
    # Features and profile are not those of the workspace: neither is the folder.
    own = {**os.environ, "CARGO_TARGET_DIR": str(folder / "build"), "CARGO_INCREMENTAL": "1"}
    command = [tool, "mutants", f"--output={folder}", f"--file={GATE / file}", *OPTIONS]
    done = subprocess.run(command, cwd=tree, env=own)
    # 2 is for survivors, 3 for timeouts.
    if done.returncode not in (0, 2, 3):
        raise SystemExit(done.returncode)
    outcomes = json.loads((folder / "mutants.out" / "outcomes.json").read_text())["outcomes"]
    return {"seconds": time.monotonic() - begun, **counts(outcomes, tree)}


def counts(outcomes, tree):
    """Returns how many mutants of each kind there are, and those that survived."""
    kinds, survivors = collections.Counter(), []
    for outcome in outcomes:
        if outcome["scenario"] == "Baseline":
            continue
        kinds[outcome["summary"]] += 1
        if outcome["summary"] == "MissedMutant":
            mutant = outcome["scenario"]["Mutant"]
            line = (tree / mutant["file"]).read_text().splitlines()[mutant["span"]["start"]["line"] - 1].strip()
            survivors.append([line, mutant["name"].split(": ", 1)[1]])
    return {"kinds": kinds, "survivors": survivors}


def told(counted):
    """Returns the table and the list of survivors, and how many of those are not explained."""
    whole, rows, survivors, unexplained = collections.Counter(), "", [], 0
    row = lambda name, kinds: f"| {name} | {sum(kinds.values())} | " + " | ".join(str(kinds.get(kind, 0)) for kind in KINDS) + " |\n"
    for file, count in counted.items():
        whole.update(count["kinds"])
        rows += row(f"`{file}`", count["kinds"])
        for line, what in count["survivors"]:
            reason = REASONS.get((file, line, what))
            unexplained += reason is None
            survivors.append(f"- `{file}`, `{line}`, {what}: {reason or '**not explained**'}")
    table = rows + row("all", whole)
    if survivors:
        table += "\nThe survivors are the same program:\n\n" + "\n".join(survivors) + "\n"
    return table, unexplained


if __name__ == "__main__":
    main()

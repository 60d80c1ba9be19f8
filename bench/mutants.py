#!/usr/bin/env python3
"""Changes the code of the health gates in every small way, and counts what no test notices.

    bench/run mutants [--file NAME]... [--iterate]

The gates name nothing else of their crate, so that they are built in a crate of their own: a mutant takes a second
instead of half a minute. Ends with 1 where a mutant survives that REASONS does not explain.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import time

from measure import ROOT, say

VERSION = "27.1.0"
GATE = pathlib.Path("crates/rollout/src/gate")
OPTIONS = ["--in-place", "--timeout=15", "--no-shuffle", "--exclude=**/words.rs", "--package=trimtab-rollout", "--colors=never", "--", "--lib"]

HEAD = """\
Counted on {date} with `bench/run mutants`, in {minutes:.0f} minutes: cargo-mutants {version} changes one place of the gates
(`{gate}`) at a time, and the tests of the same folder must fail. *Caught* are those for which they
do, *timeouts* those with which they come to no end, *unviable* those that are no Rust. Left out are the words of the reasons
(`words.rs`).

    cargo mutants {options}

| file | mutants | caught | timeouts | unviable | survivors |
|---|---|---|---|---|---|
"""

# Why the mutants that survive are the same program: by file, line of code, and mutant.
REASONS = {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--file", action="append", default=[], help="mutate this file of the gates only; writes nothing")
    parser.add_argument("--iterate", action="store_true", help="leave out what was caught before; writes nothing")
    arguments = parser.parse_args()
    folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "mutants"
    tool = installed(folder / "tool")
    tree = folder / "tree"
    copy(tree)
    narrowed = [f"--file={GATE / file}" for file in arguments.file] + ["--iterate"] * arguments.iterate
    say("mutating")
    begun = time.monotonic()
    # Paths, features and profile are not those of the workspace: neither is the folder.
    own = {**os.environ, "CARGO_TARGET_DIR": str(folder / "build"), "CARGO_INCREMENTAL": "1"}
    done = subprocess.run([tool, "mutants", f"--output={folder}", *narrowed, *OPTIONS], cwd=tree, env=own)
    # 2 is for survivors, 3 for timeouts.
    if done.returncode not in (0, 2, 3):
        raise SystemExit(done.returncode)
    minutes = (time.monotonic() - begun) / 60
    table, unexplained = told(json.loads((folder / "mutants.out" / "outcomes.json").read_text()), tree)
    head = HEAD.format(date=datetime.date.today(), minutes=minutes, version=VERSION, gate=GATE, options=" ".join(OPTIONS))
    print(head + table)
    if not narrowed:
        (ROOT / "bench" / "mutants.md").write_text(head + table)
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


def told(outcomes, tree):
    """Returns the table and the list of survivors, and how many of those are not explained."""
    counts = collections.defaultdict(collections.Counter)
    survivors, unexplained = [], 0
    for outcome in outcomes["outcomes"]:
        if outcome["scenario"] == "Baseline":
            continue
        mutant = outcome["scenario"]["Mutant"]
        file = pathlib.Path(mutant["file"]).name
        summary = outcome["summary"]
        counts[file][summary] += 1
        if summary == "MissedMutant":
            place = mutant["span"]["start"]["line"]
            line = (tree / mutant["file"]).read_text().splitlines()[place - 1].strip()
            what = mutant["name"].split(": ", 1)[1]
            reason = REASONS.get((file, line, what))
            unexplained += reason is None
            survivors.append(f"- `{file}`, `{line}`, {what}: {reason or '**not explained**'}")
    whole = sum(counts.values(), collections.Counter())
    kinds = ["CaughtMutant", "Timeout", "Unviable", "MissedMutant"]
    row = lambda name, count: f"| {name} | {count.total()} | " + " | ".join(str(count[kind]) for kind in kinds) + " |\n"
    table = "".join(row(f"`{file}`", count) for file, count in sorted(counts.items())) + row("all", whole)
    if survivors:
        table += "\nThe survivors are the same program:\n\n" + "\n".join(sorted(survivors)) + "\n"
    return table, unexplained


if __name__ == "__main__":
    main()

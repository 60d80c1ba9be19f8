#!/usr/bin/env python3
"""Fills the marked blocks of README.md and README.ko.md.

    tools/readme.py           rewrites the blocks
    tools/readme.py --check   fails if a block is not what it would be rewritten to

A block stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. `demo` is what
`trimtab demo --no-serve` prints in the language of the page, from the binary that
`cargo build` made; `bench` is what bench/run wrote: latest.md, sizes.md, scan.md. No figure in either
page is written by hand.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = {"README.md": "en", "README.ko.md": "ko"}
NOT_MEASURED = {
    "en": "Not measured yet: `make bench`, then `make readme`.",
    "ko": "아직 측정하지 않았습니다. `make bench` 다음에 `make readme`를 실행하세요.",
}


def binary():
    """Returns the path of the development binary."""
    metadata = subprocess.run(
        ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    return pathlib.Path(json.loads(metadata.stdout)["target_directory"]) / "debug" / "trimtab"


def demo(language):
    """Runs the demo in an empty data directory and returns it as a code block."""
    with tempfile.TemporaryDirectory() as data_dir:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("TRIMTAB_")
        }
        environment |= {"NO_COLOR": "1", "COLUMNS": "100", "TZ": "UTC"}
        command = [binary(), "--lang", language, "--data-dir", data_dir, "demo", "--no-serve"]
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"error: `trimtab demo` ended with {run.returncode}:\n{run.stderr}")
        text = run.stdout.replace(data_dir, "DATA_DIR")
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "\n".join(["```", "$ trimtab demo --no-serve", *lines, "```"])


def bench(language):
    """Returns what `make bench` has written, or a sentence if nothing has been measured."""
    pages = [ROOT / "bench" / name for name in ("latest.md", "sizes.md", "scan.md")]
    texts = [page.read_text().strip() for page in pages if page.exists()]
    return "\n\n".join(texts) or NOT_MEASURED[language]


def filled(text, language):
    """Returns the page with every block rewritten."""
    for name, fresh in (("demo", demo), ("bench", bench)):
        block = re.compile(rf"(<!-- {name}:begin[^>]*-->\n).*?(<!-- {name}:end -->)", re.DOTALL)
        if not block.search(text):
            sys.exit(f"error: a page in `{language}` has no block `{name}`")
        content = fresh(language)
        text = block.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)
    return text


def main():
    check = sys.argv[1:] == ["--check"]
    stale = []
    for page, language in PAGES.items():
        path = ROOT / page
        before = path.read_text(encoding="utf-8")
        after = filled(before, language)
        if before == after:
            continue
        if check:
            stale.append(page)
        else:
            path.write_text(after, encoding="utf-8")
            print(f"{page} rewritten")
    if stale:
        sys.exit(f"error: {' and '.join(stale)} stale; run `make readme` and commit the difference")


if __name__ == "__main__":
    main()

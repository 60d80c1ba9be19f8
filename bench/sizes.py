#!/usr/bin/env python3
"""Measures how the time of sizing grows with the number of machines.

    bench/run sizes [--instances 500 5000 20000] [--binary PATH]

Each fleet has 14 days of 5-minute processor and memory samples, and `trimtab analyze` reads them with everything
on. `--binary` measures a program that is built already, such as the development build, and says so.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import tempfile

from measure import ROOT, build, say, timed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--instances", type=int, nargs="+", default=[500, 5_000, 20_000])
    parser.add_argument("--binary", type=pathlib.Path)
    args = parser.parse_args()
    trimtab = args.binary or build()
    kind = "the program of --binary" if args.binary else "a release build"
    lines = [
        f"Measured on {datetime.date.today()} with `bench/run sizes`: {os.cpu_count()} cores, {platform.machine()}, {kind}.",
        "",
        "| instances | samples | wall | CPU | peak memory | wall a thousand instances |",
        "|---|---|---|---|---|---|",
    ]
    for instances in args.instances:
        data = pathlib.Path(tempfile.mkdtemp(prefix="trimtab-sizes-"))
        try:
            say(f"{instances:,} instances")
            fleet = data / "fleet"
            facts = json.loads(timed([trimtab, "__measure", "fleet", fleet, str(instances)])[0])
            command = [trimtab, "--data-dir", data / "lake", "-q", "analyze", "--from", fleet]
            _, wall, cpu, peak = timed([*command, "--as-of", facts["as_of"], "-o", "json"])
        finally:
            shutil.rmtree(data, ignore_errors=True)
        lines.append(
            f"| {instances:,} | {facts['samples']:,} | {wall:.1f} s | {cpu:.1f} s | {peak:,.0f} MiB | {wall / instances * 1000:.2f} s |")
    page = "\n".join(lines) + "\n"
    print(page)
    (ROOT / "bench" / "sizes.md").write_text(page)


if __name__ == "__main__":
    main()

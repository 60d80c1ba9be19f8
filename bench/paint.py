#!/usr/bin/env python3
"""Measures how soon the demo's pages are painted by a browser.

    bench/run paint [--times 9] [--binary PATH]

Headless Chromium, an empty cache for every run, once as fast as it is and once with its processor held to a quarter.
Writes bench/paint.md.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile

from measure import ROOT, build, say

HEAD = """\
Measured on {date} with `bench/run paint`: {cores} cores, {machine}, {kind}, headless Chromium at 1440 × 900 on the demo's
data, an empty cache each time. Median of {times}, the fastest in brackets. *Charts* is when the frame with the last
chart has been painted. Over the wire, with gzip.

| page | processor | first paint | charts | blocked | over the wire | of it script | requests | charts |
|---|---|---|---|---|---|---|---|---|
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--binary", type=pathlib.Path, help="measures a program that is built already")
    args = parser.parse_args()
    trimtab = (args.binary or build()).resolve()
    tools = os.environ.get("TRIMTAB_TOOLS_DIR") or pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "trimtab/tools"
    driver = pathlib.Path(tools) / "browser"
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        shutil.copy(ROOT / "tools/browser/paint.mjs", work)
        (work / "node_modules").symlink_to(driver / "modules/node_modules")
        env = {**os.environ, "TRIMTAB_DATA_DIR": str(work / "data")}
        said = lambda *words: subprocess.run([trimtab, *words], cwd=work, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        say("the demo's data")
        said("demo", "--no-serve", "--dir", work / "story")
        said("ingest", "--from", work / "story")
        said("analyze", "--as-of", "2026-10-31T00:00:00Z")
        item = json.loads(said("rec", "list", "-o", "json", "--limit", "1"))["items"][0]["id"]
        server = subprocess.Popen(
            [trimtab, "serve", "--addr", "127.0.0.1:0"], cwd=work, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            address = server.stdout.readline().strip()
            paths = ["/", "/cost", "/recommendations", f"/recommendations/{item}"]
            page = HEAD.format(
                date=datetime.date.today(), cores=os.cpu_count(), machine=platform.machine(), times=args.times,
                kind="the program of --binary" if args.binary else "a release build")
            for throttle in (1, 4):
                say(f"painting, the processor at 1/{throttle}")
                command = [driver / "node", work / "paint.mjs", address, str(args.times), str(throttle), *paths]
                done = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, text=True, check=True)
                for line in done.stdout.splitlines():
                    page += row(json.loads(line), throttle, item)
        finally:
            server.terminate()
            server.wait()
    print(page)
    (ROOT / "bench" / "paint.md").write_text(page)


def row(told, throttle, item):
    runs = told["runs"]
    of = lambda name: [run[name] for run in runs]
    time = lambda name: f"{statistics.median(of(name)):.0f} ms ({min(of(name)):.0f})"
    size = lambda name: f"{statistics.median(of(name)) / 1024:.0f} KB"
    path = told["path"].replace(item, "ID")
    return (
        f"| `{path}` | 1/{throttle} | {time('paint')} | {time('charts')} | {statistics.median(of('blocked')):.0f} ms | {size('bytes')} | "
        f"{size('script')} | {statistics.median(of('requests')):.0f} | {runs[0]['drawn']} |\n")


if __name__ == "__main__":
    main()

"""Runs the load, measures cold start, warm duration and memory of both handlers, and writes bench.md.

Both programs are driven by the same Runtime API server, take the same files from the same emulated S3, write to the
same tables over TLS and send to the same receiver; they take turns, so that a busy moment of the machine hits both.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import load
from scene import SWEEP, notice
from stage import Stage, until

HERE = Path(__file__).resolve().parents[1]
PROGRAM = HERE / "out" / "x86_64" / "bootstrap"
COLD_STARTS = 15
WARM_EVENTS = 200


def peak_kilobytes(process):
    """Returns the most memory that a process has had in RAM."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    raise AssertionError("the system does not say how much memory there was")


def cold(stage, command, directory):
    """Starts a new environment for one event; returns seconds to the first question for work, and to the answer."""
    environment = stage.environment(command, directory)
    event = stage.cloud.put("in/cold.json", notice("cold"))
    began = time.perf_counter()
    environment.start()
    until(environment.asked.is_set, "the program asks for work")
    asked = time.perf_counter() - began
    invocation = environment.invoke(event)
    assert invocation.kind == "response", f"{invocation} {environment.read_log()}"
    memory = peak_kilobytes(environment.process)
    environment.close()
    stage.environments.remove(environment)
    return asked, invocation.seconds, memory


def percentile(values, share):
    """Returns the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(stage, commands):
    """Measures every command in turns; returns figures by name."""
    first = stage.environment(*commands["Rust"])
    assert first.invoke(SWEEP).kind == "response", first.read_log()  # makes the tables
    figures = {name: {"asked": [], "answered": [], "warm": []} for name in commands}
    for _ in range(COLD_STARTS):
        for name, command in commands.items():
            asked, answered, memory = cold(stage, *command)
            figures[name]["asked"].append(asked)
            figures[name]["answered"].append(answered)
            figures[name]["cold memory"] = memory
    environments = {name: stage.environment(*command) for name, command in commands.items()}
    for number in range(WARM_EVENTS + 5):
        for name, environment in environments.items():
            event = stage.cloud.put(f"in/{name}-{number}.json", notice(f"{number}"))
            invocation = environment.invoke(event)
            assert invocation.kind == "response" and invocation.body["messages"]["sent"] == 1, invocation
            if number >= 5:
                figures[name]["warm"].append(invocation.seconds)
    for name, environment in environments.items():
        figures[name]["memory"] = peak_kilobytes(environment.process)
    return figures


def node_zip():
    """Packs the other handler, with and without the SDK that the managed runtime brings along; returns bytes."""
    sizes = []
    for left_out in ((), ("@aws-sdk", "@smithy", "@aws-crypto", "@aws", "@nodable")):
        path = HERE / "out" / "node.zip"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted((HERE / "node").rglob("*")):
                parts = file.relative_to(HERE / "node").parts
                if file.is_file() and not (len(parts) > 2 and parts[1] in left_out):
                    archive.write(file, "/".join(parts))
        sizes.append(path.stat().st_size)
    return sizes


def milliseconds(values, share):
    """Writes a percentile in milliseconds."""
    return f"{percentile(values, share) * 1000:.1f}"


def megabytes(size):
    """Writes bytes in millions."""
    return f"{size / 1e6:.2f}"


def page(figures, sizes, run, counts, files, node_version):
    """Returns bench.md."""
    rows = [("cold: start until the program asks for work, median", "ms", lambda f: milliseconds(f["asked"], 0.5)),
            ("cold: its first event, median", "ms", lambda f: milliseconds(f["answered"], 0.5)),
            ("cold: both together, median", "ms",
             lambda f: f"{statistics.median(a + b for a, b in zip(f['asked'], f['answered'])) * 1000:.1f}"),
            ("warm: one event, median", "ms", lambda f: milliseconds(f["warm"], 0.5)),
            ("warm: one event, 99th percentile", "ms", lambda f: milliseconds(f["warm"], 0.99)),
            ("peak memory after one event", "MiB", lambda f: f"{f['cold memory'] / 1024:.1f}"),
            (f"peak memory after {WARM_EVENTS} events", "MiB", lambda f: f"{f['memory'] / 1024:.1f}")]
    rust, node = figures["Rust"], figures["Node.js"]
    table = "".join(f"| {what} | {unit} | {of(rust)} | {of(node)} |\n" for what, unit, of in rows)
    channels = "".join(
        f"| {name} | {counts[name]['messages']} | {counts[name]['delivered']} | {counts[name]['uncertain']} "
        f"| {counts[name]['uncertain and delivered']} |\n" for name in ("push", "sns", "slack", "email"))
    return f"""# Measurements of the notice service

Written by `lambda/notice/bench/run` on {datetime.date.today()} ({platform.machine()}, {os.cpu_count()} cores, Linux
{platform.release().split("-")[0]}, shared with other work), Node.js {node_version}. One run; `bench/measure.py` says how.

## {files:,} files at once

{run["events"]:,} events ({files:,} files and every fifth one twice, shuffled) for {run["environments"]} environments,
which were killed with SIGKILL {run["killed"]} times in the middle of an event. It took {run["seconds"]} s until nothing
waited. Lambda would have given up {run["dropped"]} events. In the database: {counts["notices"]:,} notices, each written
{counts["revisions"]} time.

| channel | messages | delivered, counted by the receiver | uncertain | of those delivered |
|---|---:|---:|---:|---:|
{channels}
No message was delivered twice. Messages that push was given again with a key that it knew, and dropped:
{counts["repeats that push dropped"]}. Slack and mail know no key: of what was under way when a process was killed, nobody knows whether it
arrived; those messages are listed as uncertain and are not sent again.

## Beside the same handler in Node.js

Each event: one file read from S3, one transaction over TLS, one push message. Both take turns in the same run, on the
machine's full speed: Lambda gives a function of 256 MB a seventh of a core, so its times are longer for both.

| | | Rust | Node.js |
|---|---|---:|---:|
{table}| zip, x86_64 | MB | {megabytes(sizes["x86_64"])} | {megabytes(sizes["node"][0])} |
| zip, x86_64, without the SDK, which the managed runtime has | MB | | {megabytes(sizes["node"][1])} |
| zip, arm64 | MB | {megabytes(sizes["arm64"])} | the same |

The cold start is that of the process. What Lambda does before it (finding a machine, fetching the zip) is not in it and
cannot be measured here.
"""


def main():
    """Runs everything and writes the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--node", required=True)
    arguments.add_argument("--files", type=int, default=1000)
    chosen = arguments.parse_args()
    sizes = {name: (HERE / "out" / name / "notice.zip").stat().st_size for name in ("x86_64", "arm64")}
    sizes["node"] = node_zip()
    version = subprocess.run([chosen.node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    stage = Stage()
    try:
        commands = {"Rust": ([str(PROGRAM)], None), "Node.js": ([chosen.node, "runtime.mjs"], HERE / "node")}
        figures = measure(stage, commands)
        stage.clear()
        run = load.run(stage, chosen.files, 6, 0.25, 20261201, [str(PROGRAM)]) | {"environments": 6}
        counts, wrong = load.judge(stage, chosen.files)
    finally:
        stage.close()
    text = page(figures, sizes, run, counts, chosen.files, version)
    print(text)
    if wrong or run["dropped"]:
        print(json.dumps({"wrong": wrong, "dropped": run["dropped"]}, indent=2))
        sys.exit(1)
    (HERE / "bench.md").write_text(text)


if __name__ == "__main__":
    main()

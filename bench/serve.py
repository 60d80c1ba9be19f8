#!/usr/bin/env python3
"""Measures the dashboard's server on a large store, with many readers at once.

    bench/run serve [--rows 100000000] [--instances 5000] [--volumes 95000] [--seconds 5] [--binary PATH] [--keep]

Makes a bill and a fleet, ingests and analyses them, then asks for every page and every answer of the API with `wrk`
(16 connections) and writes bench/serve.md. The first answer to each is measured apart: nothing is held ready for it.
`--keep` leaves the store in target/bench/serve, and takes the one that is there. wrk is installed from Debian if it is missing.
"""

import argparse
import datetime
import http.client
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import time
import urllib.parse

from measure import ROOT, build, say, timed

READERS = 16
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
PATHS = [
    "/", "/cost", "/cost?group=account", "/recommendations", "/recommendations?sort=risk", "/waste", "/modernize", "/unit",
    "/allocation", "/resources", "/reports", "/coverage", "/plans", "/runs", "/savings", "/commitments", "/anomalies", "/budgets",
    "/settings", "/api/v1/health", "/api/v1/overview", "/api/v1/costs", "/api/v1/recommendations", "/api/v1/coverage",
    "/api/v1/plans", "/api/v1/runs", "/api/openapi.json", "/metrics",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--instances", type=int, default=5_000)
    parser.add_argument("--volumes", type=int, default=95_000)
    parser.add_argument("--seconds", type=int, default=5, help="how long each address is asked")
    parser.add_argument("--binary", type=pathlib.Path, help="measures a program that is built already")
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        say("installing wrk")
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True, stdout=subprocess.DEVNULL)
    trimtab = (args.binary or build()).resolve()
    work = ROOT / "target" / "bench" / "serve"
    facts_file = work / "facts.json"
    if not (args.keep and facts_file.exists()):
        make(trimtab, work, args, facts_file)
    facts = json.loads(facts_file.read_text())
    server, start_up = serve(trimtab, work / "lake")
    try:
        answers = measured(server, args.seconds)
        peak = memory(server.process.pid)
    finally:
        server.process.terminate()
        server.process.wait()
    again, warm_start = serve(trimtab, work / "lake")
    again.process.terminate()
    again.process.wait()
    if not args.keep:
        shutil.rmtree(work, ignore_errors=True)
    page = told(args, facts, answers, min(start_up, warm_start), peak)
    print(page)
    (ROOT / "bench" / "serve.md").write_text(page)


def make(trimtab, work, args, facts_file):
    """Makes the store, and keeps what is in it."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    lake = work / "lake"
    say(f"a bill of {args.rows:,} rows")
    timed([trimtab, "__measure", "bill", work / "bill", str(args.rows)])
    say("ingesting it")
    timed([trimtab, "--data-dir", lake, "-q", "ingest", "--from", work / "bill"])
    shutil.rmtree(work / "bill")
    say(f"{args.instances:,} instances and {args.volumes:,} volumes")
    fleet = json.loads(timed([trimtab, "__measure", "fleet", work / "fleet", str(args.instances), str(args.volumes)])[0])
    say("analysing them")
    analyze = [trimtab, "--data-dir", lake, "-q", "analyze", "--from", work / "fleet", "--as-of", fleet["as_of"], "-o", "json"]
    timed(analyze)
    shutil.rmtree(work / "fleet")
    listed = json.loads(timed([trimtab, "--data-dir", lake, "rec", "list", "-o", "json"])[0])
    size = sum(path.stat().st_size for path in lake.rglob("*") if path.is_file())
    facts_file.write_text(json.dumps({
        "rows": args.rows, "resources": args.instances + args.volumes, "recommendations": len(listed["items"]), "bytes": size,
    }))


class Server:
    """A server that runs, where it is, and what lets a reader in."""

    def __init__(self, process, address):
        self.process = process
        url = urllib.parse.urlsplit(address)
        self.host, self.origin = url.netloc, f"{url.scheme}://{url.netloc}"
        connection = http.client.HTTPConnection(self.host)
        connection.request("GET", f"{url.path}?{url.query}")
        answer = connection.getresponse()
        answer.read()
        self.cookie = answer.headers["set-cookie"].split(";")[0]

    def get(self, path):
        """Returns status, body length as sent, and milliseconds."""
        connection = http.client.HTTPConnection(self.host)
        start = time.monotonic()
        connection.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.monotonic() - start) * 1000


def serve(trimtab, lake):
    """Starts a server; returns it, and the milliseconds until it answers."""
    start = time.monotonic()
    command = [trimtab, "--data-dir", lake, "serve", "--addr", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = process.stdout.readline().strip()
    if not address:
        raise SystemExit("bench: the server did not start")
    server = Server(process, address)
    return server, (time.monotonic() - start) * 1000


def measured(server, seconds):
    """Asks for every address; returns a row of figures for each."""
    one = server.get("/api/v1/recommendations?limit=1")[1]
    if one[:2] == b"\x1f\x8b":
        import gzip

        one = gzip.decompress(one)
    item = json.loads(one)["items"][0]
    resource = urllib.parse.quote(item["resource_id"], safe="")
    paths = [*PATHS, f"/recommendations/{item['id']}", f"/api/v1/recommendations/{item['id']}", f"/resource?region={item['region']}&id={resource}"]
    rows = []
    for path in paths:
        status, body, first = server.get(path)
        say(f"{status} {path} first {first:.0f} ms")
        command = ["wrk", "-t2", f"-c{READERS}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
        headers = ["-H", f"Cookie: {server.cookie}", "-H", "Accept-Encoding: gzip"]
        out = subprocess.run([*command, *headers, server.origin + path], stdout=subprocess.PIPE, text=True, check=True).stdout
        if "Non-2xx" in out and status == 200:
            raise SystemExit(f"bench: {path}: {out}")
        rows.append({
            "path": path.replace(item["id"], "ID").replace(resource, "ID"), "status": status, "bytes": len(body), "first": first,
            "p50": latency(out, "50%"), "p99": latency(out, "99%"), "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
        })
    return rows


def latency(out, share):
    """Returns a percentile of wrk, in milliseconds; infinite where no answer came."""
    value, unit = re.search(rf"^\s+{re.escape(share)}\s+([\d.]+)(us|ms|s|m)\s*$", out, re.M).groups()
    # Where no answer came in time there is nothing to take a share of.
    return float(value) * UNITS[unit] or float("inf")


def memory(pid):
    """Returns the most memory that a process had, in MiB."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) / 1024


def told(args, facts, rows, start_up, peak):
    kind = "the program of --binary" if args.binary else "a release build"
    slow = [row for row in rows if row["p99"] >= 100]
    within = lambda value: "none came" if value == float("inf") else f"{value:.1f} ms"
    lines = [
        f"Measured on {datetime.date.today()} with `bench/run serve`: {os.cpu_count()} cores, {platform.machine()}, {kind}, wrk on the same "
        f"cores with {READERS} connections for {args.seconds} s an address.",
        "",
        f"The store: {facts['rows']:,} rows of bills, {facts['resources']:,} resources, {facts['recommendations']:,} recommendations, "
        f"{facts['bytes'] / 1e9:.1f} GB. Start until the first answer: {start_up:.0f} ms. Most memory: {peak:,.0f} MiB. "
        f"Addresses whose 99th percentile is 100 ms or more: {len(slow)} of {len(rows)}.",
        "",
        "| address | first answer | 50 % within | 99 % within | a second | size, gzip |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        name = f"`{row['path']}`" + ("" if row["status"] == 200 else f" ({row['status']})")
        lines.append(
            f"| {name} | {row['first']:.0f} ms | {within(row['p50'])} | {within(row['p99'])} | {row['rate']:,.0f} | {row['bytes'] / 1024:.1f} KB |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures the dashboard's server on a large store, with many readers at once.

    bench/run serve [--rows 100000000] [--instances 14000] [--volumes 86000] [--seconds 5] [--binary PATH] [--keep]

Makes a bill, a fleet and a plan, ingests and analyses them, then asks for every page and every answer of the API with
`wrk` (16 connections), at last for all of them in turn and in both languages, and writes bench/serve.md. The first
answer to each is measured apart: nothing is held ready for it. `--keep` leaves the store in target/bench/serve, and
takes the one that is there. wrk is installed from Debian if it is missing.
"""

import argparse
import datetime
import gzip
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
# Changes of the plan that is made: people look at plans of some tens.
PLANNED = 20
PAGES = [
    "/", "/cost", "/cost?group_by=account", "/cost?group_by=resource", "/cost?group_by=environment", "/recommendations",
    "/recommendations?sort=risk", "/waste", "/modernize", "/unit", "/allocation", "/allocation?list=tags", "/resources",
    "/reports?period=weekly", "/reports?period=monthly", "/reports?period=quarterly", "/coverage", "/plans", "/runs", "/savings",
    "/commitments", "/anomalies", "/budgets", "/settings",
]
# What the API is asked beside each of its addresses as it is.
ASKED = ["/api/v1/costs?group_by=account", "/api/v1/costs?group_by=resource", "/api/openapi.json", "/metrics"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--instances", type=int, default=14_000)
    parser.add_argument("--volumes", type=int, default=86_000)
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
        everything = mixed(server, answers, work, args.seconds)
        peak = memory(server.process.pid)
    finally:
        server.process.terminate()
        server.process.wait()
    again, warm_start = serve(trimtab, work / "lake")
    again.process.terminate()
    again.process.wait()
    if not args.keep:
        shutil.rmtree(work, ignore_errors=True)
    page = told(args, facts, (answers, everything), min(start_up, warm_start), peak)
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
    # A plan is of an inventory that is kept.
    timed([trimtab, "--data-dir", lake, "-q", "ingest", "--from", work / "fleet"])
    shutil.rmtree(work / "fleet")
    say("analysing them")
    timed([trimtab, "--data-dir", lake, "-q", "analyze", "--as-of", fleet["as_of"], "-o", "json"])
    listed = json.loads(timed([trimtab, "--data-dir", lake, "rec", "list", "-o", "json"])[0])
    say("planning some of it")
    planned = [item["id"] for item in listed["items"][:PLANNED]]
    timed([trimtab, "--data-dir", lake, "-q", "plan", "create", *planned, "--by", "bench", "-o", "json"])
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
        """Returns status, body as sent, and milliseconds."""
        connection = http.client.HTTPConnection(self.host)
        start = time.monotonic()
        connection.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.monotonic() - start) * 1000

    def json(self, path):
        """Returns an answer of the API; none where it has none."""
        status, body, _ = self.get(path)
        if status != 200:
            return None
        return json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)


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


def addresses(server):
    """Returns every address to ask for: each with its name in the table."""
    item = server.json("/api/v1/recommendations?limit=1")["items"][0]
    plans, runs = (server.json(f"/api/v1/{kind}?limit=1")["items"] for kind in ("plans", "runs"))
    named = {"recommendations": item["id"], "plans": plans[0]["plan"] if plans else None, "runs": runs[0]["run"] if runs else None}
    of = {"kind": item["resource_type"], "account": item["account"], "region": item["region"], "id": item["resource_id"]}
    found = [(path, path) for path in PAGES]
    found += [(f"/{kind}/{name}", f"/{kind}/ID") for kind, name in named.items() if name]
    found.append(("/resource?" + urllib.parse.urlencode(of), "/resource?kind=…&account=…&region=…&id=…"))
    spent = server.json("/api/v1/overview")["spending"]
    for path, methods in server.json("/api/openapi.json")["paths"].items():
        # What is told while it happens does not end.
        if "get" not in methods or path.endswith("/events"):
            continue
        name = named.get(path.split("/")[3]) if "{id}" in path else ""
        if name is None or (path.endswith("/hours") and not spent):
            continue
        address = path.replace("{id}", name) + (f"?day={spent['until']}" if path.endswith("/hours") else "")
        found.append((address, path.replace("{id}", "ID") + ("?day=…" if path.endswith("/hours") else "")))
    return found + [(path, path) for path in ASKED]


def asked(server, seconds, arguments):
    """Runs wrk; returns what it prints."""
    command = ["wrk", "-t2", f"-c{READERS}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    headers = ["-H", f"Cookie: {server.cookie}", "-H", "Accept-Encoding: gzip"]
    return subprocess.run([*command, *headers, *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout


def figures(out):
    """Returns the figures of what wrk printed."""
    return {"p50": latency(out, "50%"), "p99": latency(out, "99%"), "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])}


def measured(server, seconds):
    """Asks for every address; returns a row of figures for each."""
    rows = []
    for path, name in addresses(server):
        status, body, first = server.get(path)
        say(f"{status} {path} first {first:.0f} ms")
        out = asked(server, seconds, [server.origin + path])
        if "Non-2xx" in out and status == 200:
            raise SystemExit(f"bench: {path}: {out}")
        rows.append({"address": path, "path": name, "status": status, "bytes": len(body), "first": first, **figures(out)})
    return rows


# Each thread begins at a place of its own, and asks for one address after the other.
MIXED = """
local paths = {%s}
local threads = 0
function setup(thread) thread:set("at", threads * math.floor(#paths / 2)); threads = threads + 1 end
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def mixed(server, rows, work, seconds):
    """Asks for all addresses in turn and in both languages; returns the figures of all of them together."""
    paths = []
    for row in rows:
        if row["status"] == 200:
            sign = "&" if "?" in row["address"] else "?"
            paths += [f"{row['address']}{sign}lang={language}" for language in ("ko", "en")]
    # Each is made once before, as in a store that people have opened.
    for path in paths:
        if server.get(path)[0] != 200:
            raise SystemExit(f"bench: {path} does not answer")
    script = work / "mixed.lua"
    script.write_text(MIXED % ", ".join(json.dumps(path) for path in paths))
    say(f"{len(paths)} addresses in turn")
    out = asked(server, max(seconds, 5) * 4, ["-s", script, server.origin])
    if "Non-2xx" in out:
        raise SystemExit(f"bench: all in turn: {out}")
    return {"addresses": len(paths), **figures(out)}


def latency(out, share):
    """Returns a percentile of wrk, in milliseconds; infinite where no answer came."""
    value, unit = re.search(rf"^\s+{re.escape(share)}\s+([\d.]+)(us|ms|s|m)\s*$", out, re.M).groups()
    # Where no answer came in time there is nothing to take a share of.
    return float(value) * UNITS[unit] or float("inf")


def memory(pid):
    """Returns the most memory that a process had, in MiB."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) / 1024


def told(args, facts, measurements, start_up, peak):
    rows, everything = measurements
    kind = "the program of --binary" if args.binary else "a release build"
    slow = [row for row in rows if row["p99"] >= 100]
    within = lambda value: "none came" if value == float("inf") else f"{value:.1f} ms"
    lines = [
        f"Measured on {datetime.date.today()} with `bench/run serve`: {os.cpu_count()} cores, {platform.machine()}, {kind}, wrk on the same "
        f"cores with {READERS} connections for {args.seconds} s an address.",
        "",
        f"The store: {facts['rows']:,} rows of bills, {facts['resources']:,} resources, {facts['recommendations']:,} recommendations, a plan of "
        f"{PLANNED}, {facts['bytes'] / 1e9:.1f} GB. Start until the first answer: {start_up:.0f} ms. Most memory: {peak:,.0f} MiB. "
        f"Addresses whose 99th percentile is 100 ms or more: {len(slow)} of {len(rows)}.",
        "",
        f"All of them in turn, each in both languages ({everything['addresses']} addresses): 50 % within {within(everything['p50'])}, 99 % within "
        f"{within(everything['p99'])}, {everything['rate']:,.0f} a second.",
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

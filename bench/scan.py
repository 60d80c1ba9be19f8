#!/usr/bin/env python3
"""Measures a scan of thousands of instances, beside Cloud Custodian and cleancloud.

    bench/run scan [--instances 5000] [--keep]

The account is bench/fleet.py's, on loopback: it pages as AWS does and knows how much of each
fault it planted. Prints one Markdown page and writes it to bench/scan.md. The peers come from
PyPI, into virtual environments under target/; the emulator's environment is ./setup's.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from measure import ROOT, build, say, timed

REGION = "ap-northeast-2"
CUSTODIAN = "c7n==0.9.53"
CLEANCLOUD = "cleancloud[aws]==1.32.0"
# More than any machine reaches: what is left is the speed of trimtab itself.
UNPACED = 10_000
# Checks of ours beside the faults that the fleet plants.
FAULTS = {
    "ec2-instance-idle": "idle",
    "ec2-instance-stopped": "stopped",
    "ebs-volume-unattached": "unattached",
    "ec2-address-unassociated": "addresses",
}


class Fleet:
    """The account, while it is served."""

    def __init__(self, instances):
        python = emulator_python()
        command = [python, ROOT / "bench" / "fleet.py", "0", str(instances)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = "http://127.0.0.1:" + self.process.stdout.readline().split()[1]
        self.truth = self.ask("/fleet/truth")

    def ask(self, path, body=None):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body)) as answer:
            return json.loads(answer.read())

    def calls(self):
        """Returns the calls since the last time, by action."""
        calls = collections.Counter()
        for _account, _region, action, count in self.ask("/emulator/calls"):
            calls[action] += count
        self.ask("/emulator/forget", b"")
        return calls

    def environment(self, home):
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "HOME": str(home),
        }

    def close(self):
        self.process.kill()
        self.process.wait()


def emulator_python():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    tools = pathlib.Path(os.environ.get("TRIMTAB_TOOLS_DIR") or cache / "trimtab" / "tools")
    python = tools / "emulator" / "bin" / "python"
    if not python.exists():
        raise SystemExit(f"bench: {python} is not there: run ./setup")
    return python


def peer(work, name, requirement):
    """Returns the program of a peer, installing it once."""
    venv = work / f"venv-{name}"
    if not (venv / "bin" / name).exists():
        say(f"installing {requirement} into {venv.relative_to(ROOT)}")
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "python", "-m", "pip", "install", "-q", requirement], check=True)
    return venv / "bin" / name


def custodian(fleet, program, work, home):
    say("Cloud Custodian")
    out = work / "custodian"
    shutil.rmtree(out, ignore_errors=True)
    command = [program, "run", "-s", out, "-r", REGION, "--cache-period", "0", ROOT / "bench" / "custodian.yml"]
    _, wall, cpu, peak = timed(command, fleet.environment(home))
    found = {path.parent.name: len(json.loads(path.read_text())) for path in out.glob("**/resources.json")}
    names = {"ec2-idle": "idle", "ec2-stopped": "stopped", "ebs-unattached": "unattached", "eip-unassociated": "addresses"}
    return figures(wall, cpu, peak, fleet.calls(), {names[name]: count for name, count in found.items()})


def cleancloud(fleet, program, work, home):
    say("cleancloud")
    report = work / "cleancloud.json"
    command = [program, "scan", "--provider", "aws", "--region", REGION, "--no-feedback", "--output", "json", "--output-file", report]
    _, wall, cpu, peak = timed(command, fleet.environment(home))
    rules = collections.Counter(finding["rule_id"] for finding in json.loads(report.read_text())["findings"])
    found = {
        "stopped": rules["aws.ec2.instance.stopped"],
        "unattached": rules["aws.ebs.unattached"],
        "addresses": rules["aws.ec2.elastic_ip.unattached"],
    }
    return figures(wall, cpu, peak, fleet.calls(), found)


def scan_command(trimtab, data, config, *words):
    return [trimtab, "--config", config, "--data-dir", data, "-q", "scan", "--region", REGION, *words, "-o", "json"]


def ours(fleet, trimtab, work, home):
    say("trimtab: scan, without the pace")
    data = work / "scan-data"
    shutil.rmtree(data, ignore_errors=True)
    environment = fleet.environment(home)
    fleet.calls()
    out, wall, cpu, peak = timed(scan_command(trimtab, data, config(work, UNPACED)), environment)
    scanned = json.loads(out)
    calls = fleet.calls()
    say("trimtab: analyze")
    out, analyze_wall, analyze_cpu, analyze_peak = timed(
        [trimtab, "--data-dir", data, "-q", "analyze", "-o", "json"], environment
    )
    items = collections.Counter(item["check"] for item in json.loads(out)["items"])
    found = {fault: items[check] for check, fault in FAULTS.items()}
    answer = figures(wall + analyze_wall, cpu + analyze_cpu, max(peak, analyze_peak), calls, found)
    answer |= {
        "scan": (wall, cpu, peak),
        "analyze": (analyze_wall, analyze_cpu, analyze_peak),
        "metrics": scanned["metrics_requested"],
        "samples": scanned["samples"],
        "recommendations": sum(items.values()),
        "bytes": sum(path.stat().st_size for path in data.glob("**/*") if path.is_file()),
    }
    return answer


def figures(wall, cpu, peak, calls, found):
    return {"wall": wall, "cpu": cpu, "peak": peak, "calls": calls, "found": found}


def config(work, share):
    path = work / f"share-{share}.toml"
    path.write_text(f"[scan]\nshare_percent = {share}\n")
    return path


def estimates(fleet, trimtab, work, home):
    """Returns the seconds that AWS's limits cost a first scan, by share of them."""
    say("trimtab: estimate")
    data = work / "estimate-data"
    shutil.rmtree(data, ignore_errors=True)
    environment = fleet.environment(home)
    timed(scan_command(trimtab, data, config(work, UNPACED), "--no-metrics"), environment)
    seconds = {}
    for share in (30, 100):
        out = timed(scan_command(trimtab, data, config(work, share), "--estimate"), environment)[0]
        seconds[share] = json.loads(out)["seconds"]
    fleet.calls()
    return seconds


def killed(fleet, trimtab, work, home, whole):
    """Kills a scan in the middle of its metrics, and returns the calls of both runs."""
    say("trimtab: kill -9 in the middle, and again")
    data = work / "killed-data"
    shutil.rmtree(data, ignore_errors=True)
    environment = {**os.environ, **fleet.environment(home)}
    command = scan_command(trimtab, data, config(work, UNPACED))
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    half = whole["cloudwatch:GetMetricData"] // 2
    while process.poll() is None:
        calls = {action: count for _, _, action, count in fleet.ask("/emulator/calls")}
        if calls.get("cloudwatch:GetMetricData", 0) >= half:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.05)
    process.wait()
    first = fleet.calls()
    out = timed(command, environment)[0]
    return first, fleet.calls(), json.loads(out)


def paced(trimtab, work, home, instances):
    """Scans a small fleet at the usual share; returns what was estimated and what it took."""
    say(f"trimtab: {instances} instances at the usual pace")
    fleet = Fleet(instances)
    try:
        # CloudWatch's own limit, of which a scan takes 30 %: it must never be met.
        fleet.ask("/fleet/limits", b"90000")
        estimate = estimates(fleet, trimtab, work, home)[30]
        data = work / "paced-data"
        shutil.rmtree(data, ignore_errors=True)
        out, wall, _, _ = timed(scan_command(trimtab, data, config(work, 30)), fleet.environment(home))
        return estimate, wall, json.loads(out)["samples"]
    finally:
        fleet.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--instances", type=int, default=5_000)
    parser.add_argument("--keep", action="store_true", help="keep the data directories")
    args = parser.parse_args()
    trimtab = build()
    work = ROOT / "target" / "bench"
    data = work / "scan"
    shutil.rmtree(data, ignore_errors=True)
    home = data / "home"
    home.mkdir(parents=True)
    programs = [peer(work, "custodian", CUSTODIAN), peer(work, "cleancloud", CLEANCLOUD)]
    fleet = Fleet(args.instances)
    try:
        mine = ours(fleet, trimtab, data, home)
        theirs = [custodian(fleet, programs[0], data, home), cleancloud(fleet, programs[1], data, home)]
        seconds = estimates(fleet, trimtab, data, home)
        first, second, resumed = killed(fleet, trimtab, data, home, mine["calls"])
        truth = fleet.truth
    finally:
        fleet.close()
    small = paced(trimtab, data, home, 60)
    if not args.keep:
        shutil.rmtree(data, ignore_errors=True)
    text = page(args.instances, truth, mine, theirs, seconds, (first, second, resumed), small)
    print(text)
    (ROOT / "bench" / "scan.md").write_text(text)


def page(instances, truth, mine, theirs, seconds, kill, small):
    every = [mine, *theirs]
    row = lambda name, cells: f"| {name} | " + " | ".join(cells) + " |"
    found = lambda fault: [
        f"{one['found'][fault]:,}" if fault in one["found"] else "no such rule" for one in every
    ]
    read = "cloudwatch:GetMetricData"
    first, second, resumed = kill
    repeated = sorted(action for action in second if action in first and action.split(":")[1].startswith(("Describe", "List")) and action != "ec2:DescribeRegions")
    by_call = ", ".join(f"{action} {count:,}" for action, count in mine["calls"].most_common(4))
    lines = [
        f"Measured on {datetime.date.today()} with `bench/run scan`: {os.cpu_count()} cores, {platform.machine()}, the account on the same machine. {instances:,} instances and {instances + truth['unattached']:,} volumes with 14 days of metrics.",
        "",
        "| | trimtab | Cloud Custodian 0.9.53 | cleancloud 1.32.0 |",
        "|---|---|---|---|",
        row("idle instances, planted " + f"{truth['idle']:,}", found("idle")),
        row("stopped instances, planted " + f"{truth['stopped']:,}", found("stopped")),
        row("unattached volumes, planted " + f"{truth['unattached']:,}", found("unattached")),
        row("unassociated addresses, planted " + f"{truth['addresses']:,}", found("addresses")),
        row("calls to AWS", [f"{sum(one['calls'].values()):,}" for one in every]),
        row("wall seconds, no limit of AWS's in the way", [f"{one['wall']:.0f}" for one in every]),
        row("CPU seconds", [f"{one['cpu']:.0f}" for one in every]),
        row("peak memory", [f"{one['peak']:,.0f} MiB" for one in every]),
        "",
        f"trimtab reads what all of its checks need, of every kind, and judges sizes too: {mine['metrics']:,} metrics, {mine['samples']:,} samples, {mine['bytes'] / 1e6:,.0f} MB on disk, {mine['recommendations']:,} recommendations. The scan alone: {mine['scan'][0]:.0f} s wall, {mine['scan'][1]:.0f} s CPU, {mine['scan'][2]:,.0f} MiB; the analysis: {mine['analyze'][0]:.0f} s wall, {mine['analyze'][1]:.0f} s CPU, {mine['analyze'][2]:,.0f} MiB. The most frequent calls: {by_call}. Cloud Custodian runs the policies of bench/custodian.yml, cleancloud all its rules; the one reads one figure for each instance and metric, the other none.",
        "",
        f"What bounds a first scan is AWS's limit of 90,000 samples a second for each account and region: {duration(seconds[100])} at all of it, {duration(seconds[30])} at the 30 % that trimtab takes unless told otherwise (`scan.share_percent`), against {mine['scan'][0]:.0f} s of our own. Later scans read what is new. A fleet of 60 at the usual pace, whose emulator throttles as CloudWatch does: estimated {small[0]} s, took {small[1]:.0f} s for {small[2]:,} samples, never throttled.",
        "",
        f"Killed with `kill -9` after {first[read]:,} of {mine['calls'][read]:,} calls for samples, the next scan made {second[read]:,} ({(first[read] + second[read]) / max(mine['calls'][read], 1) - 1:.1%} more in all), and repeated {'no listing' if not repeated else ', '.join(repeated)}.",
        "",
    ]
    if not resumed["finished"]:
        raise SystemExit("bench: the scan after the kill did not finish")
    return "\n".join(lines)


def duration(seconds):
    return f"{seconds} s" if seconds < 120 else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    main()

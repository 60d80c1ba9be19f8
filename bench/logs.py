#!/usr/bin/env python3
"""Measures how fast access logs are read, against awk and GoAccess on the same files in the same run.

    bench/run logs [--lines 3000000] [--binary PATH] [--keep]

Writes a log of an Application Load Balancer and one in the combined format into a temporary directory, plain and
folded by gzip, and reads each with `trimtab traffic summary` and `traffic duplicates`. awk counts lines and distinct
clients, which is a small part of what trimtab does; GoAccess makes a report, where it is installed. What each of them
counted is compared with what was written. `--binary` measures a program that is built already.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import random
import shutil
import subprocess
import tempfile

from measure import ROOT, build, say, timed

GOAL = 300_000
# A second of the log holds so many lines, and the log begins at a midnight, so that no line is of the future.
PER_SECOND = 40
START = datetime.datetime.combine(datetime.date.today() - datetime.timedelta(days=10), datetime.time(), datetime.timezone.utc)
CLIENTS = 60_000
# Of a hundred requests so many are asked twice within a second, and so many fail.
REPEATED, FAILED = 3, 2

AGENTS = [f"MyGame/1.{minor}.{patch} (Android 14; SM-S9{patch}1N; ko_KR)" for minor in range(8) for patch in range(3)] + [
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_{minor} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{minor} Mobile/15E148 Safari/604.1"
    for minor in range(6)] + [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
    for major in range(118, 126)] + ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"]
PATHS = [("GET", "/v1/users/{}/profile", ""), ("GET", "/v1/users/{}/friends", "?page={}"), ("GET", "/v1/rooms/{}", ""),
         ("POST", "/v1/rooms/{}/join", ""), ("GET", "/v1/shop/items", "?category={}&lang=ko"), ("POST", "/v1/orders", ""),
         ("GET", "/v1/rank/season-{}", "?top=100"), ("GET", "/v1/notice", ""), ("GET", "/static/img/{}.png", ""), ("PUT", "/v1/users/{}/deck", "")]

# The same clients as trimtab's: the address with the user agent.
AWK = {
    "combined": r'''{split($1, a, " "); seen[a[1] "|" $6] = 1} END {print NR, length(seen)}''',
    "alb": r'''{split($1, a, " "); c = a[4]; sub(/:[0-9]+$/, "", c); seen[c "|" $4] = 1} END {print NR, length(seen)}''',
}
GOACCESS = {"combined": "COMBINED", "alb": "AWSALB"}


def write(path, kind, lines):
    """Writes a log; returns how many distinct clients it has, and how many on its first day that are no bots."""
    rng = random.Random(7)
    pick, rand = rng.choice, rng.random
    clients = [(f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}", pick(AGENTS)) for _ in range(CLIENTS)]
    seen, people = set(), set()
    second, moment = -1, ""
    last = None
    with open(path, "w", buffering=1 << 20) as log:
        for number in range(lines):
            if number // PER_SECOND != second:
                second = number // PER_SECOND
                now = START + datetime.timedelta(seconds=second)
                moment = now.strftime("%d/%b/%Y:%H:%M:%S +0000") if kind == "combined" else now.strftime("%Y-%m-%dT%H:%M:%S")
            if last and rand() * 100 < REPEATED:
                client, (method, target) = last
            else:
                # Few clients come often, and most seldom.
                client = clients[int(rand() ** 3 * CLIENTS)]
                method, path_, query = pick(PATHS)
                target = path_.replace("{}", str(int(rand() * 50_000))) + query.replace("{}", str(int(rand() * 20)))
            last = (client, (method, target))
            address, agent = client
            seen.add(client)
            if second < 86_400 and agent != AGENTS[-1]:
                people.add(client)
            status = 503 if rand() * 100 < FAILED else 200
            size = 200 + int(rand() * 4_000)
            if kind == "combined":
                log.write(f'{address} - - [{moment}] "{method} {target} HTTP/1.1" {status} {size} "-" "{agent}"\n')
            else:
                micro = f"{moment}.{number % PER_SECOND * 25_000:06}Z"
                spent = rand() * 0.2
                log.write(
                    f"https {micro} app/lobby/50dc6c495c0c9188 {address}:{20_000 + number % 40_000} 10.0.1.{number % 20 + 1}:8080 0.001 "
                    f'{spent:.3f} 0.000 {status} {status} 412 {size} "{method} https://api.example.com:443{target} HTTP/2.0" "{agent}" '
                    "TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:targetgroup/lobby/73e2d6bc24d8a067 "
                    f'"Root=1-66fb5f00-{number:024x}" "api.example.com" "arn:aws:acm:ap-northeast-2:123456789012:certificate/1" 1 {micro} '
                    f'"forward" "-" "-" "10.0.1.{number % 20 + 1}:8080" "{status}" "-" "-" TID_{number:032x}\n')
    return len(seen), len(people)


def measured(name, command, lines, env=None):
    say(name)
    out, wall, cpu, peak = timed(command, env)
    return out, f"{lines / wall:,.0f} | {wall:.1f} s | {cpu:.1f} s | {peak:,.0f} MiB |", lines / wall


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--lines", type=int, default=3_000_000)
    parser.add_argument("--binary", type=pathlib.Path)
    parser.add_argument("--keep", action="store_true", help="keep the logs, and say where they are")
    args = parser.parse_args()
    trimtab = args.binary or build()
    built = "the program of --binary" if args.binary else "a release build"
    awk = os.path.basename(os.path.realpath(shutil.which("awk") or "awk"))
    goaccess = shutil.which("goaccess")
    rows, rates = [], []
    work = pathlib.Path(tempfile.mkdtemp(prefix="trimtab-logs-"))
    try:
        for kind, title in [("alb", "Application Load Balancer"), ("combined", "combined")]:
            plain = work / kind / "traffic" / "logs" / "lobby" / "access.log"
            plain.parent.mkdir(parents=True)
            say(f"{args.lines:,} lines of {title}")
            clients, people = write(plain, kind, args.lines)
            folded = work / f"{kind}-gz" / "traffic" / "logs" / "lobby" / "access.log.gz"
            folded.parent.mkdir(parents=True)
            with open(folded, "wb") as file:
                subprocess.run(["gzip", "-6", "-c", plain], stdout=file, check=True)
            for form, path in [("plain", plain), ("gzip", folded)]:
                size = f"{path.stat().st_size / 1e6:,.0f} MB"
                start = f"| {title}, {form}, {size} |"
                root = path.parents[3]
                base = [trimtab, "--data-dir", work / "data", "-q", "--tz", "UTC"]
                for report in ["summary", "duplicates"]:
                    command = [*base, "traffic", report, "--from", root, "-o", "json"]
                    out, figures, rate = measured(f"{title}, {form}: trimtab traffic {report}", command, args.lines)
                    if report == "summary":
                        found = json.loads(out)["items"][0]
                        counted = (found["requests"], found["lines"]["used"], found["days"][0]["dau"])
                        if counted != (args.lines, args.lines, people):
                            raise SystemExit(f"bench: trimtab counted {counted}, and {args.lines} lines of {people} people were written")
                    rows.append(f"{start} `trimtab traffic {report}` | {figures}")
                    rates.append(rate)
                reader = f"cat '{path}'" if form == "plain" else f"zcat '{path}'"
                shell = ["sh", "-c", f"{reader} | awk -F'\"' '{AWK[kind]}'"]
                out, figures, _ = measured(f"{title}, {form}: awk", shell, args.lines, {"LC_ALL": "C"})
                if out.split() != [str(args.lines), str(clients)]:
                    raise SystemExit(f"bench: awk counted {out.strip()}, and {args.lines} {clients} were written")
                rows.append(f"{start} {awk}: lines and distinct clients | {figures}")
                if goaccess:
                    report = work / "report.json"
                    shell = ["sh", "-c", f"{reader} | '{goaccess}' - --no-global-config --no-progress --log-format={GOACCESS[kind]} -o '{report}'"]
                    _, figures, _ = measured(f"{title}, {form}: GoAccess", shell, args.lines)
                    valid = json.loads(report.read_text())["general"]["valid_requests"]
                    rows.append(f"{start} GoAccess, {valid:,} lines understood | {figures}")
    finally:
        if args.keep:
            say(f"the logs are in {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)
    version = subprocess.run([goaccess, "--version"], stdout=subprocess.PIPE, text=True).stdout.split("\n")[0] if goaccess else ""
    beside = f"{version.rstrip('.')} in the same run" if goaccess else "GoAccess is not on this machine, so that awk alone stands beside"
    slowest = min(rates)
    verdict = "reached by every row" if slowest >= GOAL else f"not reached by every row: the slowest is {slowest:,.0f}"
    page = "\n".join([
        f"Measured on {datetime.date.today()} with `bench/run logs`: {os.cpu_count()} cores, {platform.machine()}, {built}; {beside}. Each log: {args.lines:,} lines of {CLIENTS:,} possible clients, {PER_SECOND} a second. Every line and client was counted, or the measurement would have failed.",
        "",
        "| log | reader | lines a second | wall | CPU | peak memory |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"The goal of {GOAL:,} lines a second is {verdict}. awk counts lines and clients and nothing else; trimtab also counts by hour, day, week and month, by endpoint with masked paths, and finds duplicates of five kinds, whichever of its reports is asked for.",
    ]) + "\n"
    print(page)
    (ROOT / "bench" / "logs.md").write_text(page)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures trimtab against DuckDB on the same data in the same run.

    bench/run bill [--rows 10000000] [--keep]

Prints one Markdown page and writes it to bench/latest.md. Everything runs on this
machine, in a directory of its own under target/; nothing is downloaded but DuckDB
itself, from PyPI, into a virtual environment under target/.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys

from measure import ROOT, build, say, timed

REPEAT = 5

DUCK = r"""
import duckdb, json, sys, time
source, work, repeat = sys.argv[1], sys.argv[2], int(sys.argv[3])
task = sys.argv[4]
c = duckdb.connect(work + "/duck.db")
c.execute("set threads to 2")
# A bar would stand among the answers.
c.execute("set enable_progress_bar = false")
if task == "ingest":
    c.execute("create or replace table charges as select * from read_parquet('%s')" % source)
    print(json.dumps({"rows": c.execute("select count(*) from charges").fetchone()[0]}))
else:
    table = {"parquet": "read_parquet('%s')" % source, "table": "charges"}[task]
    # The same columns as trimtab computes: four sums, how many rows lack each, all rows.
    costs = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"]
    sums = ", ".join('sum("%s") s%d, count("%s") c%d' % (c, i, c, i) for i, c in enumerate(costs))
    sql = ('select "ServiceName", cast("ChargePeriodStart" as date) d, "BillingCurrency", %s, count(*) n '
           'from %s group by all' % (sums, table))
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        rows = c.execute(sql).fetchall()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "groups": len(rows), "billed": str(sum(r[3] for r in rows))}))
"""


def duckdb_python(work):
    """Returns a Python that has DuckDB, installing it once."""
    venv = work / "venv"
    python = venv / "bin" / "python"
    if not python.exists():
        say("installing DuckDB into target/bench/venv")
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "duckdb", "pytz"], check=True)
    return python


def seconds(values):
    """The median, and the fastest in brackets."""
    return f"{statistics.median(values):.2f} s ({min(values):.2f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--keep", action="store_true", help="keep the generated data")
    args = parser.parse_args()
    trimtab = build()
    work = ROOT / "target" / "bench"
    work.mkdir(parents=True, exist_ok=True)
    duck = duckdb_python(work)
    data = work / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()

    say(f"writing a FOCUS bill of {args.rows:,} rows")
    bill = data / "bill"
    known = json.loads(timed([trimtab, "__measure", "bill", bill, str(args.rows)])[0])
    source = str(bill / "billing" / "*.parquet")
    size = sum(path.stat().st_size for path in (bill / "billing").glob("*.parquet"))

    say("ingest: trimtab")
    lake = data / "lake"
    _, ingest_wall, ingest_cpu, ingest_peak = timed([trimtab, "--data-dir", lake, "-q", "ingest", "--from", bill])
    say("ingest: DuckDB")
    duck_dir = data / "duck"
    duck_dir.mkdir()
    duckdb = [duck, "-c", DUCK, source, str(duck_dir), str(REPEAT)]
    _, duck_wall, duck_cpu, duck_peak = timed([*duckdb, "ingest"])

    say("query: trimtab and DuckDB")
    rows = json.loads(timed([trimtab, "__measure", "query", lake, "rows", str(REPEAT)])[0])
    rollup = json.loads(timed([trimtab, "__measure", "query", lake, "rollup", str(REPEAT)])[0])
    duck_parquet = json.loads(timed([*duckdb, "parquet"])[0])
    duck_table = json.loads(timed([*duckdb, "table"])[0])
    for name, answer in [("rows", rows), ("rollup", rollup), ("DuckDB", duck_parquet)]:
        if float(answer["billed"]) != float(known["billed"]):
            raise SystemExit(f"bench: the sum over {name} is {answer['billed']}, not {known['billed']}")

    if not args.keep:
        shutil.rmtree(data, ignore_errors=True)

    best = statistics.median
    ratio = lambda ours, theirs: f"{ours / theirs:.2f}"
    version = subprocess.run([duck, "-c", "import duckdb; print(duckdb.__version__)"], stdout=subprocess.PIPE, text=True).stdout.strip()
    page = f"""\
Measured on {datetime.date.today()} with `make bench`: {os.cpu_count()} cores, {platform.machine()}, DuckDB {version} with 2 threads in the same run. Bill: {args.rows:,} FOCUS rows in {size / 1e6:,.0f} MB of Parquet. Queries: median of {REPEAT}, the fastest in brackets.

| | trimtab | DuckDB | ratio |
|---|---|---|---|
| ingest, rows per second | {args.rows / ingest_wall:,.0f} | {args.rows / duck_wall:,.0f} | {ratio(ingest_wall, duck_wall)} of its time |
| ingest, wall and CPU seconds | {ingest_wall:.1f} and {ingest_cpu:.1f} | {duck_wall:.1f} and {duck_cpu:.1f} | |
| ingest, peak memory | {ingest_peak:,.0f} MiB | {duck_peak:,.0f} MiB | {ratio(ingest_peak, duck_peak)} |
| cost by service by day over the rows, against DuckDB on the same Parquet | {seconds(rows["seconds"])} | {seconds(duck_parquet["seconds"])} | {ratio(best(rows["seconds"]), best(duck_parquet["seconds"]))} |
| the same, against DuckDB's own table | {seconds(rows["seconds"])} | {seconds(duck_table["seconds"])} | {ratio(best(rows["seconds"]), best(duck_table["seconds"]))} |
| the same from the rollup that ingest builds, against DuckDB's own table | {best(rollup["seconds"]) * 1000:.0f} ms | {seconds(duck_table["seconds"])} | {ratio(best(rollup["seconds"]), best(duck_table["seconds"]))} |
"""
    print(page)
    (ROOT / "bench" / "latest.md").write_text(page)


if __name__ == "__main__":
    main()

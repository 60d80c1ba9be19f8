#!/usr/bin/env python3
"""Kills runs at every write and call against an emulated AWS, and counts how they end.

    bench/run kills

It is the test program `processes`, whose assertions hold or fail it; this writes its counts down.
"""

import argparse
import datetime
import os
import re
import subprocess

from measure import ROOT, say

HEAD = """\
Counted on {date} with `bench/run kills`, which is the test program `processes` with every point; `make test` leaves
out those before a write where nothing but the write before it was done.

Each history is a process of its own, against an emulated AWS that is strict and slow, with a data directory of its own and a
clock that runs twenty times as fast. It is killed (`kill -9`) at one point and goes on with `trimtab apply`. The points are
counted in a history that nobody disturbs: each write of the journal and of the audit log, before any of it is on the disk, with
half of it, and behind it; each call that changes something, before it is carried out, carried out behind the death, and
behind it. Every history must end confirmed, as it was, or with the commands for a person; with its machine or database in
service; with one snapshot and one reservation at most and none left; and with an audit log that verifies. A history that
comes to its end before its point is counted as such: how often a lease is renewed depends on the load of the machine.

| what | writes | calls | histories | ends | seconds |
|---|---|---|---|---|---|
"""


def main():
    argparse.ArgumentParser(description=__doc__.split("\n\n")[0]).parse_args()
    say("killing")
    command = ["cargo", "test", "--quiet", "--locked", "--workspace", "--test", "processes", "--", "--nocapture"]
    every = {**os.environ, "TRIMTAB_EVERY_POINT": "1"}
    output = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE, env=every).stdout
    rows = sorted(re.findall(r"\| .* \|", output))
    histories = sum(int(row.split("|")[4]) for row in rows)
    page = HEAD.format(date=datetime.date.today()) + "\n".join(rows) + f"\n\n{histories} histories in all; violations: 0.\n"
    print(page)
    (ROOT / "bench" / "kills.md").write_text(page)


if __name__ == "__main__":
    main()

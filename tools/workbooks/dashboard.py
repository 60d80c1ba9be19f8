#!/usr/bin/env python3
"""Reads a dashboard with the model of Grafana's own SDK, and says what of it that does not know.

usage: dashboard.py FILE

Writes a line for each value that is lost or comes out differently, and ends with 1 if there is one.
"""

import json
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard


def differences(given, kept, place=""):
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            at = f"{place}/{key}"
            if key in kept:
                yield from differences(value, kept[key], at)
            else:
                yield f"{at}: lost"
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for index, (one, other) in enumerate(zip(given, kept)):
            yield from differences(one, other, f"{place}/{index}")
    elif given != kept:
        yield f"{place}: {given!r} came out as {kept!r}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    kept = json.loads(JSONEncoder().encode(Dashboard.from_json(given)))
    found = list(differences(given, kept))
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes holidays.csv: the public holidays of a country, from a maintained library.

    python3 catalog/build_holidays.py

Users never run this; it needs the Python package `holidays`, whose version each row
states. Names are in English and Korean. Elections and holidays that a government adds
for one year are those that the library knew on the day in `as_of`; later ones belong
into the configuration. Run `build.py`'s write_manifest afterwards, or edit MANIFEST.csv.
"""

import csv
import datetime
from pathlib import Path

import holidays

HERE = Path(__file__).resolve().parent
COUNTRIES = ["KR"]
YEARS = range(2025, 2031)


def main():
    source = f"python-holidays {holidays.__version__}"
    today = datetime.date.today().isoformat()
    with open(HERE / "holidays.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["country", "date", "name_en", "name_ko", "source", "as_of"])
        for country in COUNTRIES:
            of = lambda language: holidays.country_holidays(
                country, years=YEARS, language=language)
            english, korean = of("en_US"), of("ko")
            for day in sorted(english):
                writer.writerow([country, day.isoformat(), english[day], korean[day],
                                 source, today])


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Reads a workbook with openpyxl, and says what is in it.

usage: read.py FILE

Writes one JSON document: properties, and of each sheet its name, its cells with their kind and
format, its tables, what stays in sight, and its charts with the ranges that they draw.
"""

import json
import sys
import warnings

import openpyxl

# A warning is something that a reader could not make sense of.
warnings.simplefilter("error")


def cell(one):
    value = one.value
    # "n" a number, "s" words, "d" a day or moment, "f" a formula.
    kind = one.data_type
    if kind == "d":
        value = value.isoformat()
    return {
        "at": one.coordinate,
        "row": one.row,
        "column": one.column,
        "kind": kind,
        "value": value,
        "format": one.number_format,
        "link": one.hyperlink.target if one.hyperlink else None,
    }


def range_of(reference):
    if reference is None:
        return None
    for kind in ("numRef", "strRef"):
        found = getattr(reference, kind, None)
        if found is not None:
            return found.f
    return None


def series(one):
    fill = one.graphicalProperties
    return {
        "name": range_of(one.tx),
        "categories": range_of(one.cat),
        "values": range_of(one.val),
        "is_invisible": bool(fill is not None and fill.noFill),
    }


def chart(one):
    title = one.title.tx.strRef.f if one.title and one.title.tx and one.title.tx.strRef else None
    return {
        "kind": type(one).__name__,
        "grouping": getattr(one, "grouping", None),
        "title": title,
        "series": [series(each) for each in one.series],
    }


def sheet(one):
    cells = [cell(each) for row in one.iter_rows() for each in row if each.value is not None]
    return {
        "name": one.title,
        "cells": cells,
        "frozen": one.freeze_panes,
        "gridlines": one.sheet_view.showGridLines,
        "tables": [
            {"range": table.ref, "columns": [column.name for column in table.tableColumns],
             "filter": table.autoFilter.ref if table.autoFilter else None}
            for table in one.tables.values()
        ],
        "charts": [chart(each) for each in one._charts],
        "widths": {name: of.width for name, of in one.column_dimensions.items()},
    }


def main():
    book = openpyxl.load_workbook(sys.argv[1])
    about = book.properties
    json.dump(
        {
            "title": about.title,
            "subject": about.subject,
            "author": about.creator,
            "created": about.created.isoformat(),
            "modified": about.modified.isoformat(),
            "sheets": [sheet(one) for one in book.worksheets],
        },
        sys.stdout,
        ensure_ascii=False,
    )


main()

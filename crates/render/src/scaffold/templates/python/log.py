"""Structured logs: one JSON object a line, which CloudWatch Logs Insights reads by field."""

import json


class Log:
    def __init__(self, write=print):
        self._write = write

    def info(self, message, **fields):
        self._entry("info", message, fields)

    def error(self, message, **fields):
        self._entry("error", message, fields)

    def _entry(self, level, message, fields):
        entry = {"level": level, "message": message, **fields}
        self._write(json.dumps(entry, ensure_ascii=False))

"""A notice: what is accepted, and why something is not."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

FIELDS = ("id", "title", "body", "expires_at")
MAX_TITLE = 200
MAX_BODY = 20000
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


class InvalidNotice(Exception):
    pass


@dataclass(frozen=True)
class Notice:
    id: str
    title: str
    body: str
    expires_at: str | None


def parse_notice(text):
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidNotice("the notice is not JSON") from None
    if not isinstance(value, dict):
        raise InvalidNotice("the notice is not an object")
    for name in value:
        if name not in FIELDS:
            raise InvalidNotice(f"there is no field {json.dumps(name)}")
    identifier = value.get("id")
    if not isinstance(identifier, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", identifier):
        raise InvalidNotice("id has 1 to 64 letters, digits, - or _")
    return Notice(
        id=identifier,
        title=_text(value, "title", MAX_TITLE),
        body=_text(value, "body", MAX_BODY),
        expires_at=_time(value, "expires_at"),
    )


def _text(value, field, longest):
    text = value.get(field)
    if not isinstance(text, str) or not 1 <= len(text) <= longest or text.strip() == "":
        raise InvalidNotice(f"{field} has 1 to {longest} characters")
    return text


def _time(value, field):
    """Returns the time as MySQL writes it, in UTC, or None where there is none."""
    text = value.get(field)
    if text is None:
        return None
    try:
        if not isinstance(text, str) or not TIME.fullmatch(text):
            raise ValueError
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise InvalidNotice(f"{field} is a time such as 2030-01-31T09:00:00Z") from None

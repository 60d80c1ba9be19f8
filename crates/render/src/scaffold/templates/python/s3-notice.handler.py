"""An object in the bucket becomes a notice in the database and a message on the topic."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import unquote_plus

from notice import InvalidNotice, parse_notice
from notices import Arrival

MAX_BYTES = 256 * 1024
# As long as the sequencers are made, so that they compare as text.
SEQUENCER = 64


@dataclass(frozen=True)
class Item:
    """What an event says of its object."""

    bucket: str
    key: str
    version: str | None
    size: int
    sequencer: str
    sent_ms: int


def create_handler(*, mode, read_object, notices, announce, log):
    is_live = mode == "live"

    def handle(record):
        item = object_of(record)
        bucket, key = item.bucket, item.key
        if item.size > MAX_BYTES:
            raise InvalidNotice(f"the object has more than {MAX_BYTES} bytes")
        # The object as it is now, or None where it is gone.
        text = read_object(bucket, key)
        if text is None:
            log.info("the object is gone", bucket=bucket, key=key)
            return
        notice = parse_notice(text)
        once = idempotency_key(bucket, key, item.version, item.sequencer)
        arrival = Arrival(
            key=once,
            sent_ms=item.sent_ms,
            source=hashlib.sha256(f"{bucket}/{key}".encode()).hexdigest(),
            sequencer=item.sequencer,
        )
        state = notices.save(notice, arrival, is_live)
        if not is_live:
            log.info("would be written", bucket=bucket, key=key, id=notice.id, state=state)
            return
        if state == "older":
            log.info("a newer one is there", bucket=bucket, key=key, id=notice.id)
            return
        # An invocation that ended between the transaction and the topic is made good here, so a
        # message may come twice and is never lost.
        if state == "repeated" and notices.is_announced(once):
            log.info("was handled before", bucket=bucket, key=key, id=notice.id)
            return
        announce({"id": notice.id, "title": notice.title})
        notices.mark_announced(once)
        log.info("written and announced", bucket=bucket, key=key, id=notice.id)

    def handler(event, _context=None):
        records = event.get("Records") if isinstance(event, dict) else None
        if not isinstance(records, list):
            raise ValueError("the event has no records")
        for record in records:
            try:
                handle(record)
            except Exception as cause:
                log.error("could not handle the object", reason=str(cause))
                # Lambda tries twice more, and then keeps the event in the dead-letter queue.
                raise

    return handler


def object_of(record):
    """Returns what an event says of its object. Keys come URL-encoded, with + for a space."""
    try:
        bucket = record["s3"]["bucket"]["name"]
        item = record["s3"]["object"]
        key = unquote_plus(item["key"])
    except (KeyError, TypeError):
        raise ValueError("the record names no object") from None
    return Item(
        bucket=bucket,
        key=key,
        version=item.get("versionId") or item.get("eTag"),
        size=item.get("size", 0),
        sequencer=ordered(item.get("sequencer")),
        sent_ms=milliseconds(record.get("eventTime")),
    )


def ordered(sequencer):
    """Returns a sequencer so that later ones of the same object come later as text.

    S3 says to put zeros behind the shorter. Without one, times decide.
    """
    if not isinstance(sequencer, str) or not re.fullmatch(r"[0-9A-Fa-f]{1,64}", sequencer):
        return ""
    return sequencer.upper().ljust(SEQUENCER, "0")


def milliseconds(time):
    try:
        read = datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        raise ValueError("the record has no eventTime") from None
    return int(read.timestamp()) * 1000 + read.microsecond // 1000


def idempotency_key(bucket, key, version, sequencer):
    """Returns what names one version of one object: it is handled once.

    The sequencer tells versions apart that have one name: those of a bucket whose versioning is
    suspended.
    """
    return hashlib.sha256(json.dumps([bucket, key, version, sequencer]).encode()).hexdigest()

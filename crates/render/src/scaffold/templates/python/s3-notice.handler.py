"""An object in the bucket becomes a notice in the database and a message on the topic."""

import hashlib
import json
from urllib.parse import unquote_plus

from notice import InvalidNotice, parse_notice

MAX_BYTES = 256 * 1024


def create_handler(*, mode, read_object, notices, announce, log):
    is_live = mode == "live"

    def handle(record):
        bucket, key, version, size = object_of(record)
        if size > MAX_BYTES:
            raise InvalidNotice(f"the object has more than {MAX_BYTES} bytes")
        # The object as it is now: events may come in another order than the versions.
        notice = parse_notice(read_object(bucket, key))
        once = idempotency_key(bucket, key, version)
        state = notices.save(notice, once, is_live)
        if not is_live:
            log.info("would be written", bucket=bucket, key=key, id=notice.id, state=state)
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
    return bucket, key, item.get("versionId") or item.get("eTag"), item.get("size", 0)


def idempotency_key(bucket, key, version):
    """Returns what names one version of one object: it is handled once."""
    return hashlib.sha256(json.dumps([bucket, key, version]).encode()).hexdigest()

"""Messages of the queue become notices in the database; those that fail are named one by one."""

import hashlib

from notice import parse_notice
from notices import Arrival


def create_handler(*, mode, notices, log):
    is_live = mode == "live"

    def handle(record):
        notice = parse_notice(record["body"])
        # A queue delivers a message once or more, and by the same id each time.
        once = hashlib.sha256(record["messageId"].encode()).hexdigest()
        state = notices.save(notice, Arrival(key=once, sent_ms=time_of(record)), is_live)
        message = "written" if is_live else "would be written"
        log.info(message, message_id=record["messageId"], id=notice.id, state=state)

    def handler(event, _context=None):
        records = event.get("Records") if isinstance(event, dict) else None
        if not isinstance(records, list):
            raise ValueError("the event has no records")
        failures = []
        for record in records:
            try:
                handle(record)
            except Exception as cause:
                log.error(
                    "could not handle the message", message_id=record["messageId"], reason=str(cause)
                )
                failures.append({"itemIdentifier": record["messageId"]})
        # Where none was handled, the invocation fails: the same messages come again, and it is counted.
        if failures and len(failures) == len(records):
            raise RuntimeError("no message of the batch could be handled")
        # Only these come again; after five times they go to the dead-letter queue.
        return {"batchItemFailures": failures}

    return handler


def time_of(record):
    """Returns when the message was sent, in milliseconds: of two notices of one id the later stays."""
    time = (record.get("attributes") or {}).get("SentTimestamp") or ""
    if not (time.isascii() and time.isdigit()):
        raise ValueError("the message has no SentTimestamp")
    return int(time)

"""Notices over HTTP: POST /notices writes one, GET /health says that the function answers."""

import base64
import hashlib
import hmac
import json
import re

from notice import InvalidNotice, parse_notice
from notices import Arrival


def create_handler(*, mode, token, notices, log):
    is_live = mode == "live"

    def write(event):
        headers = event.get("headers") or {}
        if not is_same(bearer(headers), token()):
            return answer(401, {"error": "a token is needed"})
        once = headers.get("idempotency-key")
        if not isinstance(once, str) or not re.fullmatch(r"[\x21-\x7e]{8,128}", once):
            return answer(400, {"error": "the header Idempotency-Key has 8 to 128 characters"})
        text = body(event)
        notice = parse_notice(text)
        arrival = Arrival(key=digest(once), sent_ms=time_of(event), body=digest(text))
        state = notices.save(notice, arrival, is_live)
        if state == "other":
            return answer(422, {"error": "this Idempotency-Key was sent with another body before"})
        log.info("written" if is_live else "would be written", id=notice.id, state=state)
        return answer(201 if state == "new" else 200, {"id": notice.id, "state": state})

    def handler(event, _context=None):
        method = event.get("requestContext", {}).get("http", {}).get("method")
        route = f"{method} {event.get('rawPath')}"
        try:
            if route == "GET /health":
                return answer(200, {"status": "ok", "mode": mode})
            if route == "POST /notices":
                return write(event)
            return answer(404, {"error": "there is no such route"})
        except InvalidNotice as cause:
            return answer(400, {"error": str(cause)})
        except Exception as cause:
            log.error("could not answer", route=route, reason=str(cause))
            # Raised on: API Gateway answers 500, and the alarm of errors counts it.
            raise

    return handler


def answer(status, content):
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    text = json.dumps(content, ensure_ascii=False)
    return {"statusCode": status, "headers": headers, "body": text}


def bearer(headers):
    found = re.fullmatch(r"Bearer (.+)", headers.get("authorization") or "", re.IGNORECASE)
    return found.group(1) if found else ""


def body(event):
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return text
    try:
        return base64.b64decode(text).decode("utf-8")
    except ValueError:
        raise InvalidNotice("the body is not UTF-8") from None


def time_of(event):
    """Returns when the API took the request, in milliseconds: of two notices of one id the later stays."""
    time = event["requestContext"].get("timeEpoch")
    if not isinstance(time, int) or time < 1:
        raise ValueError("the request has no time")
    return time


def digest(text):
    # Half a character, which JSON may escape, has no UTF-8 of its own.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_same(given, expected):
    """Returns whether two tokens are one, in a time that tells nothing of them."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode()).digest(), hashlib.sha256(expected.encode()).digest()
    )

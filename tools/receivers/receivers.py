"""A mail server and a web server on loopback that keep what they are sent.

    receivers.py                prints `ready SMTP-PORT WEB-PORT`, and answers until it is ended
    receivers.py CERT KEY       the same, and the mail server offers STARTTLS with this certificate

The web server takes POST requests on any path: below /services/ as an incoming webhook of Slack
takes them, within Block Kit's limits, elsewhere as a program that takes JSON.

    GET  /received      everything that was taken, in order
    POST /answers       {"smtp": ["451 4.3.0 later"], "web": [{"status": 429, "retry_after": "1"}]}
                        the next answers instead of the usual ones, one for each attempt
    POST /hold          {"seconds": 30}: the mail server takes the next mail and is silent so long
    GET  /held          whether a mail is being held
"""

import asyncio
import email
import email.policy
import json
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

lock = threading.Lock()
received = []
answers = {"smtp": [], "web": []}
hold = {"seconds": 0, "held": False}


def next_answer(kind):
    with lock:
        return answers[kind].pop(0) if answers[kind] else None


def parts(message):
    """The parts of a mail, flat: type, identifier, disposition, and text or the length and head of bytes."""
    for part in message.walk():
        if part.is_multipart():
            yield {"type": part.get_content_type()}
            continue
        one = {
            "type": part.get_content_type(),
            "id": part.get("Content-ID"),
            "disposition": part.get_content_disposition(),
        }
        body = part.get_payload(decode=True)
        if part.get_content_maintype() == "text":
            one["text"] = body.decode(part.get_content_charset() or "utf-8")
        else:
            one["length"] = len(body)
            one["hex"] = body.hex()
        yield one


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        answer = next_answer("smtp")
        if answer:
            return answer
        if any("bounce" in receiver for receiver in envelope.rcpt_tos):
            return "550 5.1.1 no such mailbox"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        raw = envelope.content.decode("ascii")
        with lock:
            received.append({
                "kind": "mail",
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "subject": str(message["Subject"]),
                "message_id": str(message["Message-ID"]),
                "headers": [[name, str(value)] for name, value in message.items()],
                "defects": [str(one) for part in message.walk() for one in part.defects],
                "parts": list(parts(message)),
                "raw": raw,
            })
            seconds, hold["seconds"] = hold["seconds"], 0
        if seconds:
            hold["held"] = True
            await asyncio.sleep(seconds)
            hold["held"] = False
        return "250 2.0.0 taken"


def authenticated(server, session, envelope, mechanism, data):
    from aiosmtpd.smtp import AuthResult

    login, password = data.login.decode(), data.password.decode()
    # Not handled: the server says itself that it refuses.
    return AuthResult(success=(login, password) == ("cost", "open sesame"), handled=False)


class Post(Controller):
    tls = None

    def factory(self):
        return SMTP(
            self.handler,
            authenticator=authenticated,
            auth_require_tls=self.tls is not None,
            require_starttls=self.tls is not None,
            tls_context=self.tls,
        )

    def _trigger_server(self):
        # The base class asks its own port whether it is up, and port 0 is none.
        with socket.create_connection(self.server.sockets[0].getsockname()) as connection:
            connection.recv(64)


# --- Slack's Block Kit ------------------------------------------------------------------------

def too_long(text, most):
    """Slack counts UTF-16 units in some places: the larger count must fit."""
    return len(text.encode("utf-16-le")) // 2 > most


def text_fault(text, most, kinds=("mrkdwn", "plain_text")):
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return "a text has no type"
    if not isinstance(text.get("text"), str) or not text["text"]:
        return "a text is empty"
    return f"a text is longer than {most}" if too_long(text["text"], most) else None


def block_fault(block):
    kind = block.get("type")
    if kind == "header":
        return text_fault(block.get("text"), 150, ("plain_text",))
    if kind == "divider":
        return None
    if kind == "section":
        if "text" not in block and "fields" not in block:
            return "a section says nothing"
        if len(block.get("fields", [])) > 10:
            return "more than 10 fields"
        faults = [text_fault(one, 2000) for one in block.get("fields", [])]
        if "text" in block:
            faults.append(text_fault(block["text"], 3000))
        return next((fault for fault in faults if fault), None)
    if kind == "context":
        if not 1 <= len(block.get("elements", [])) <= 10:
            return "a context has 1 to 10 elements"
        return next((fault for fault in (text_fault(one, 3000) for one in block["elements"]) if fault), None)
    if kind == "actions":
        if not 1 <= len(block.get("elements", [])) <= 25:
            return "actions have 1 to 25 elements"
        for button in block["elements"]:
            fault = text_fault(button.get("text"), 75, ("plain_text",))
            if fault or len(button.get("url", "")) > 3000:
                return fault or "an address is longer than 3000"
        return None
    return f"there is no block {kind}"


def slack_fault(message):
    if not isinstance(message, dict) or not (message.get("text") or message.get("blocks")):
        return "no_text"
    blocks = message.get("blocks", [])
    if len(blocks) > 50:
        return "more than 50 blocks"
    if too_long(message.get("text", ""), 40000):
        return "msg_too_long"
    return next((fault for fault in map(block_fault, blocks) if fault), None)


# --- the web server ---------------------------------------------------------------------------

class Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, text, headers=()):
        body = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/held":
            return self.answer(200, json.dumps(hold["held"]))
        with lock:
            return self.answer(200, json.dumps(received))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/answers":
            with lock:
                for kind, all_of_them in json.loads(body).items():
                    answers[kind].extend(all_of_them)
            return self.answer(200, "ok")
        if self.path == "/hold":
            hold.update(seconds=json.loads(body)["seconds"], held=False)
            return self.answer(200, "ok")
        special = next_answer("web")
        if special:
            if special.get("silent"):
                return self.connection.close()
            headers = [("Retry-After", special["retry_after"])] if "retry_after" in special else []
            if "location" in special:
                headers.append(("Location", special["location"]))
            return self.answer(special["status"], special.get("body", "not now"), headers)
        try:
            message = json.loads(body)
        except ValueError:
            return self.answer(400, "invalid_payload")
        is_slack = self.path.startswith("/services/")
        fault = slack_fault(message) if is_slack else None
        if fault:
            return self.answer(400, f"invalid_blocks: {fault}")
        with lock:
            received.append({
                "kind": "slack" if is_slack else "webhook",
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body.decode(),
                "at": time.time(),
            })
        return self.answer(200, "ok")


def main():
    controller = Post(Mailbox(), hostname="127.0.0.1", port=0)
    if len(sys.argv) > 1:
        controller.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        controller.tls.load_cert_chain(*sys.argv[1:])
    controller.start()
    smtp = controller.server.sockets[0].getsockname()[1]
    web = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    web.daemon_threads = True
    print(f"ready {smtp} {web.server_address[1]}", flush=True)
    web.serve_forever()


if __name__ == "__main__":
    sys.exit(main())

"""Checks the signature of a request by another implementation than the one that made it: AWS's own for Python."""

import hashlib

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def is_genuine(handler, body, keys):
    """Says whether a request carries the signature that AWS would ask for."""
    fields = dict(part.strip().split("=", 1) for part in
                  handler.headers.get("authorization", "").removeprefix("AWS4-HMAC-SHA256 ").split(",") if "=" in part)
    scope = fields.get("Credential", "").split("/")
    if len(scope) != 5:
        return False
    _, _, region, service, _ = scope
    signed = fields["SignedHeaders"].split(";")
    url = f"http://{handler.headers['host']}{handler.path}"
    headers = {name: handler.headers[name] for name in signed if name in handler.headers}
    request = AWSRequest(handler.command, url, headers, body)
    request.context["timestamp"] = handler.headers["x-amz-date"]
    content = handler.headers.get("x-amz-content-sha256")
    if content and content != "UNSIGNED-PAYLOAD" and content != hashlib.sha256(body).hexdigest():
        return False
    credentials = Credentials(keys["aws_access_key_id"], keys["aws_secret_access_key"])
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(credentials, service, region)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return signer.signature(text, request) == fields["Signature"]

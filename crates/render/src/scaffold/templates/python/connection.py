"""A connection to MySQL by what the secret says.

The secret is JSON: {"host", "port", "user", "password", "schema"} and, to connect without
TLS, "tls": "off". The certificate authority of the database lies beside this file.
"""

import json
import ssl
from pathlib import Path

AUTHORITY = Path(__file__).parent / "database-ca.pem"


def authority_context():
    context = ssl.create_default_context(cafile=str(AUTHORITY))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def connection_options(secret, tls_context=authority_context):
    try:
        value = json.loads(secret)
    except ValueError:
        # The secret itself must not be part of the message, nor of its cause.
        raise ValueError("the secret of the database is not JSON") from None
    for field in ("host", "user", "password", "schema"):
        text = value.get(field) if isinstance(value, dict) else None
        if not isinstance(text, str) or text == "":
            raise ValueError(f"the secret of the database has no {field}")
    options = {
        "host": value["host"],
        "port": value.get("port", 3306),
        "user": value["user"],
        "password": value["password"],
        "database": value["schema"],
        "charset": "utf8mb4",
        "connect_timeout": 5,
        "autocommit": True,
    }
    if value.get("tls") != "off":
        options["ssl"] = tls_context()
    return options

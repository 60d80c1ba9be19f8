"""The packages of Lambda functions: where they lie, and a new one as strictly as AWS takes it.

`GetFunction` answers with an address of the emulator's own that ends with a secret, serves the bytes
to whoever knows it, and is good for ten minutes. Moto names a bucket that is not there, and ignores
`Architectures` of an update.
"""

import json
import secrets

import clock
from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse

PATH = "/packages/"
# For how many seconds an address is good (Lambda API reference, `GetFunction`).
GOOD_FOR = 600
# The most bytes that a request may carry (Lambda developer guide, "Lambda quotas").
MOST = 50 * 1024 * 1024

# By the secret in its address: the bytes, and until when.
places = {}
# What downloads come to: "whole", "damaged" or "missing".
state = {"served": "whole"}


def serve(word):
    """Lets downloads be whole, damaged or missing."""
    if word not in ("whole", "damaged", "missing"):
        raise ValueError(word)
    state["served"] = word


def located(original):
    def get_function(self):
        shown = json.loads(original(self))
        function = self.backend.get_function(shown["Configuration"]["FunctionName"], self._get_param("Qualifier"))
        if "Location" in shown.get("Code", {}):
            secret = secrets.token_hex(32)
            places[secret] = (function.code_bytes, clock.second() + GOOD_FOR)
            host = self.headers["Host"]
            shown["Code"]["Location"] = f"http://{host}{PATH}{function.function_name}?X-Amz-Signature={secret}"
        return json.dumps(shown)

    return get_function


def download(path, query):
    """Returns the status and the bytes of an address; nothing where it is none of a package's."""
    if not path.startswith(PATH):
        return None
    found = places.get(query.removeprefix("X-Amz-Signature="))
    if found is None or found[1] < clock.second() or state["served"] == "missing":
        return "403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>"
    damaged = state["served"] == "damaged"
    return "200 OK", found[0] + b"!" if damaged else found[0]


class TooLarge(LambdaClientError):
    code = 413

    def __init__(self):
        message = f"Request must be smaller than {MOST * 4 // 3} bytes for the UpdateFunctionCode operation"
        super().__init__("RequestEntityTooLargeException", message)


def given_strictly(original):
    def update_function_code(self, asked):
        if not any(key in asked for key in ("ZipFile", "S3Bucket", "ImageUri")):
            raise InvalidParameterValueException("Please provide a source for function code.")
        # It comes in base64.
        if len(asked.get("ZipFile", "")) > MOST * 4 // 3 + 4:
            raise TooLarge()
        if "Architectures" in asked:
            self.architectures = asked["Architectures"]
        return original(self, asked)

    return update_function_code


LambdaFunction.update_function_code = given_strictly(LambdaFunction.update_function_code)
LambdaResponse.get_function = located(LambdaResponse.get_function)

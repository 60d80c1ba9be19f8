"""Lambda as strict and as slow as AWS's about updates and versions, where moto is not.

An update is seen at once, and `LastUpdateStatus` says `InProgress` until it has ended; another one,
and a version, are refused meanwhile. A function and a version have a `RevisionId` that changes with
each change of theirs; that of a function changes once more when an update ends (aws/aws-sdk#377),
so that the one that an update answers with is soon too old. Listings leave out what only a look at
one function tells: how it stands, and its last update.
"""

import json
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

from machines import later, pace
from moto.awslambda.exceptions import (
    InvalidParameterValueException,
    LambdaClientError,
    PreconditionFailedException,
)
from moto.awslambda.models import LambdaBackend, LambdaFunction, LambdaStorage
from moto.awslambda.responses import LambdaResponse

# What `ListFunctions` and `ListVersionsByFunction` do not say (Lambda API reference).
UNLISTED = (
    "State",
    "StateReason",
    "StateReasonCode",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
    "RuntimeVersionConfig",
)

# How old a function is that is planted, and how Lambda writes a moment.
PLANTED = timedelta(days=200)
WRITTEN = "%Y-%m-%dT%H:%M:%S.000+0000"


class Updating(LambdaClientError):
    code = 409

    def __init__(self, arn):
        message = f"The operation cannot be performed at this time. An update is in progress for resource: {arn}"
        super().__init__("ResourceConflictException", message)


def revised(thing):
    thing.revision_id = str(uuid.uuid4())


def expect_revision(thing, wanted):
    if wanted and wanted != thing.revision_id:
        raise PreconditionFailedException(
            "The RevisionId provided does not match the latest RevisionId. Call the "
            "GetFunction/GetAlias API to retrieve the latest RevisionId"
        )


def begun_with_a_revision(original):
    def make(self, *arguments, **named):
        original(self, *arguments, **named)
        self.update_status = "Successful"
        # What is planted was changed long before anybody looks.
        self.last_modified = (datetime.now(timezone.utc) - PLANTED).strftime(WRITTEN)
        revised(self)

    return make


def shown_whole(original):
    def get_configuration(self, on_create=False):
        shown = {**original(self, on_create), "RevisionId": self.revision_id}
        return shown if on_create else {**shown, "LastUpdateStatus": self.update_status}

    return get_configuration


def versioned_as_old(original):
    def set_version(self, version):
        since = self.last_modified
        original(self, version)
        self.last_modified = since

    return set_version


LambdaFunction.set_version = versioned_as_old(LambdaFunction.set_version)
LambdaFunction.__init__ = begun_with_a_revision(LambdaFunction.__init__)
LambdaFunction.get_configuration = shown_whole(LambdaFunction.get_configuration)


def updated_strictly(original):
    def update(self, function_name, qualifier, body):
        function = self.get_function(function_name, qualifier)
        expect_revision(function, body.get("RevisionId"))
        if function.update_status == "InProgress":
            raise Updating(function.function_arn)
        original(self, function_name, qualifier, body)
        function.update_status = "InProgress"
        function.last_modified = datetime.now(timezone.utc).strftime(WRITTEN)
        revised(function)

        def end():
            function.update_status = "Successful"
            revised(function)

        # Without a pace it is over before anybody asks again.
        later(pace["function"], end)
        return function.get_configuration()

    return update


for change in ("update_function_configuration", "update_function_code"):
    setattr(LambdaBackend, change, updated_strictly(getattr(LambdaBackend, change)))


def versioned_strictly(original):
    def publish_version(self, name_or_arn, description=""):
        version = original(self, name_or_arn, description)
        latest = self.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
        if version is not None and version.revision_id == latest.revision_id:
            # It was copied from `$LATEST` just now.
            revised(version)
        return version

    return publish_version


LambdaStorage.publish_version = versioned_strictly(LambdaStorage.publish_version)


def published_strictly(original):
    def publish_version(self):
        function = self.backend.get_function(unquote(self.path.split("/")[-2]))
        asked = json.loads(self.body or "{}")
        expect_revision(function, asked.get("RevisionId"))
        if function.update_status == "InProgress":
            raise Updating(function.function_arn)
        code = asked.get("CodeSha256")
        if code and code != function.code_sha_256:
            raise InvalidParameterValueException(
                f"CodeSHA256 ({code}) is different from current CodeSHA256 in $LATEST ({function.code_sha_256}). "
                "Please try again with the CodeSHA256 in $LATEST."
            )
        return original(self)

    return publish_version


def listed_in_part(original, key):
    def answer(self):
        listed = json.loads(original(self))
        for one in listed[key]:
            for name in UNLISTED:
                one.pop(name, None)
        return json.dumps(listed)

    return answer


LambdaResponse.publish_version = published_strictly(LambdaResponse.publish_version)
LambdaResponse.list_functions = listed_in_part(LambdaResponse.list_functions, "Functions")
LambdaResponse.list_versions_by_function = listed_in_part(
    LambdaResponse.list_versions_by_function, "Versions"
)

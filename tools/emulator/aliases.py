"""Aliases of Lambda functions as strict as AWS's, where moto is not.

An alias has a `RevisionId` that changes with it, and is not moved for a wrong one. It shares its
calls with one other version at most, which must be there.
"""

import json
from urllib.parse import unquote

from functions import expect_revision, revised
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaAlias
from moto.awslambda.responses import LambdaResponse


def routed_strictly(original):
    def update_alias(self):
        asked = json.loads(self.body)
        function = unquote(self.path.rsplit("/")[-3])
        alias = self.backend.get_alias(unquote(self.path.rsplit("/", 2)[-1]), function)
        expect_revision(alias, asked.get("RevisionId"))
        weights = (asked.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        if len(weights) > 1 or asked.get("FunctionVersion", alias.function_version) in weights:
            raise InvalidParameterValueException("Invalid alias routing configuration.")
        for version in weights:
            self.backend.get_function(function, version)
        return original(self)

    return update_alias


def alias_revised(original):
    def update(self, *arguments, **named):
        original(self, *arguments, **named)
        revised(self)

    return update


LambdaAlias.update = alias_revised(LambdaAlias.update)
LambdaResponse.update_alias = routed_strictly(LambdaResponse.update_alias)

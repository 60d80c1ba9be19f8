"""The retention rules of the Recycle Bin, which moto lacks."""

import json
import re

RULE = re.compile(r"/rules/([0-9A-Za-z]+)$")
# By identifier, as GetRule answers.
rules = {}


def set_rules(wanted):
    rules.clear()
    for number, rule in enumerate(wanted):
        identifier = f"rule{number:07}"
        rules[identifier] = {"Identifier": identifier, "Status": "available", **rule}


def asked(environ):
    """Returns the action and the rule that a request is about; None where it is another service's."""
    if "/rbin/" not in environ.get("HTTP_AUTHORIZATION", ""):
        return None
    named = RULE.match(environ["PATH_INFO"])
    if named:
        return "rbin:GetRule", named.group(1)
    return "rbin:ListRules", None


def answer(rule, text):
    """Returns status and document."""
    if rule is None:
        kind = json.loads(text or "{}").get("ResourceType")
        found = [one for one in rules.values() if one.get("ResourceType", kind) == kind]
        return 200, {"Rules": found}
    if rule not in rules:
        return 404, {"__type": "ResourceNotFoundException", "Message": f"no rule {rule}"}
    return 200, rules[rule]

"""Modules of Terraform, as a parser of HCL reads them."""

import json
import re

import hcl2

NAMES = {
    "data.aws_partition.current.partition": "aws",
    "data.aws_partition.current.dns_suffix": "amazonaws.com",
    "data.aws_caller_identity.current.account_id": "111122223333",
    "var.region": "ap-northeast-2",
}


def read(paths):
    """Returns all blocks of a module: (kind, labels, body)."""
    blocks = []
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for kind, found in hcl2.load(file).items():
                if kind.startswith("__"):
                    continue
                for one in found:
                    blocks.append(unwrapped(kind, one))
    return blocks


def unwrapped(kind, node):
    """Takes the labels off a block: each is a map with one quoted key."""
    labels = []
    while isinstance(node, dict) and len(node) == 1:
        key = next(iter(node))
        if not key.startswith('"'):
            break
        labels.append(text(key))
        node = node[key]
    return kind, labels, node


def text(quoted):
    """Returns what is between quotes, with the names of one account for its references."""
    value = json.loads(quoted) if quoted.startswith('"') else quoted
    return re.sub(r"\$\{([^}]+)\}", lambda found: NAMES.get(found.group(1), found.group(0)), value)


def policies(blocks):
    """Returns the policy of the function's role."""
    found = []
    for kind, labels, body in blocks:
        if kind == "data" and labels == ["aws_iam_policy_document", "function"]:
            statements = [statement(one) for one in body["statement"]]
            found.append({"Version": "2012-10-17", "Statement": statements})
    return found


def statement(body):
    made = {
        "Sid": text(body["sid"]),
        "Effect": text(body["effect"]),
        "Action": [text(one) for one in body["actions"]],
        "Resource": [text(one) for one in body["resources"]],
    }
    for condition in body.get("condition", []):
        values = [text(one) for one in condition["values"]]
        made["Condition"] = {text(condition["test"]): {text(condition["variable"]): values}}
    return made


def tags(blocks):
    """Returns the tags that the provider gives everything."""
    for kind, labels, body in blocks:
        if kind == "provider" and labels == ["aws"]:
            found = body["default_tags"][0]["tags"]
            pairs = found.items()
            return {text(key): text(value) for key, value in pairs if not key.startswith("__")}
    return {}

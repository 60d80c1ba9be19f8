"""Policies of IAM: what a template grants, and what is wrong with it."""

import json
import re
import warnings

warnings.simplefilter("ignore")

import parliament  # noqa: E402

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": "ap-northeast-2",
    "AWS::AccountId": "111122223333",
    "AWS::URLSuffix": "amazonaws.com",
}


# What names a resource of a type by its ARN: a reference to a topic is one already.
ARNS = {
    ("AWS::SNS::Topic", "Ref"): "arn:aws:sns:ap-northeast-2:111122223333:{}",
    ("AWS::SQS::Queue", "Arn"): "arn:aws:sqs:ap-northeast-2:111122223333:{}",
}


def of_template(template):
    """Returns the policies of every role of a template."""
    resources = template["Resources"]
    roles = [one for one in resources.values() if one["Type"] == "AWS::IAM::Role"]
    inline = [one for role in roles for one in role["Properties"].get("Policies", [])]
    return [resolved(one["PolicyDocument"], resources) for one in inline]


def resolved(node, resources):
    """Returns a part of a template with the names of one account in it."""
    if isinstance(node, dict):
        if set(node) == {"Fn::Sub"}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: PSEUDO[found.group(1)], node["Fn::Sub"])
        return named(node, resources) or {
            key: resolved(value, resources) for key, value in node.items()
        }
    if isinstance(node, list):
        return [resolved(value, resources) for value in node]
    return node


def named(node, resources):
    """Returns the ARN that a reference to a resource of the same template stands for."""
    if set(node) == {"Ref"}:
        name, attribute = node["Ref"], "Ref"
    elif set(node) == {"Fn::GetAtt"}:
        name, attribute = node["Fn::GetAtt"]
    else:
        return None
    arn = ARNS.get((resources.get(name, {}).get("Type"), attribute))
    return arn and arn.format(name)


def findings(document):
    analysed = parliament.analyze_policy_string(json.dumps(document), ignore_private_auditors=True)
    for finding in analysed.findings:
        finding = parliament.enhance_finding(finding)
        where = finding.location or {}
        yield {
            "tool": "parliament",
            "rule": finding.issue,
            "message": finding.detail if isinstance(finding.detail, str) else json.dumps(finding.detail),
            "where": str(where.get("string") or where),
        }

"""Templates of CloudFormation and SAM."""

import yaml
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

REGION = "ap-northeast-2"
FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")


def of(project):
    """Returns the templates of a project: its own, and what the Serverless Framework made of it."""
    own = [project / "template.yaml"]
    made = [project / ".serverless" / "cloudformation-template-update-stack.json"]
    return [path for path in own + made if path.is_file()]


def read(path):
    # JSON is YAML too, and no template here uses the short tags of CloudFormation.
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def findings(path):
    for match in lint_file(path, config=ManualArgs(regions=[REGION])):
        yield {
            "tool": "cfn-lint",
            "rule": match.rule.id,
            "message": match.message,
            "where": "/".join(str(part) for part in getattr(match, "path", None) or []),
        }


def tags(template):
    """Returns the tags of the function, which come as a list, or as a map in SAM."""
    for resource in template["Resources"].values():
        if resource["Type"] in FUNCTIONS:
            found = resource["Properties"].get("Tags", [])
            if isinstance(found, dict):
                return found
            return {tag["Key"]: tag["Value"] for tag in found}
    return {}

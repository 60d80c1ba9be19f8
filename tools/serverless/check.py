#!/usr/bin/env python3
"""Looks at serverless projects with tools that others wrote, all of them in one process.

usage: check.py DIRECTORY      holds a directory for each project

Templates of CloudFormation and SAM, and those that the Serverless Framework made of a serverless.yml,
are looked at by cfn-lint; Terraform is read by python-hcl2; the policies of roles are looked at by
parliament. Writes one JSON object:

    templates  how many templates cfn-lint looked at
    modules    how many files of Terraform were read
    policies   the policies of each project, with the ARNs of one account
    tags       the tags of each project's function, as they were read
    found      what was found: [{"project", "tool", "rule", "message", "where"}, …]
"""

import json
import sys
from pathlib import Path

import policies
import templates
import terraform


def main():
    projects = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    answer = {"templates": 0, "modules": 0, "policies": {}, "tags": {}, "found": []}
    for project in projects:
        look(project, answer)
    json.dump(answer, sys.stdout, ensure_ascii=False)


def look(project, answer):
    name = project.name
    paths = templates.of(project)
    modules = sorted(project.glob("*.tf"))
    documents = []
    for path in paths:
        answer["templates"] += 1
        answer["found"] += [{"project": name, **one} for one in templates.findings(path)]
        template = templates.read(path)
        documents += policies.of_template(template)
        answer["tags"].setdefault(name, templates.tags(template))
    if modules:
        answer["modules"] += len(modules)
        module = terraform.read(modules)
        documents += terraform.policies(module)
        answer["tags"][name] = terraform.tags(module)
    answer["policies"][name] = documents
    for document in documents:
        answer["found"] += [{"project": name, **one} for one in policies.findings(document)]


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Looks for what is wrong with IAM policies, with parliament.

usage: lint.py < policies.json      an object of policies by name

Writes a JSON list of what was found: [{"policy", "issue", "severity", "detail", "where"}, …].
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")

import parliament  # noqa: E402


def findings(name, policy):
    analysed = parliament.analyze_policy_string(json.dumps(policy), ignore_private_auditors=True)
    for finding in analysed.findings:
        finding = parliament.enhance_finding(finding)
        where = finding.location or {}
        yield {
            "policy": name,
            "issue": finding.issue,
            "severity": finding.severity,
            "detail": finding.detail if isinstance(finding.detail, str) else json.dumps(finding.detail),
            "where": str(where.get("string") or where),
        }


def main():
    policies = json.load(sys.stdin)
    found = [one for name, policy in policies.items() for one in findings(name, policy)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

#!/usr/bin/env bash
# Says whether the credentials are those of the account where all of this is: in another one the same names
# may be somebody else's.
#
# usage: account.sh && COMMAND
#
# exit code: 0 they are, 1 they are another account's, 2 it cannot be known (AWS did not answer)
set -euo pipefail

wanted={{account}}
if ! found="$(aws sts get-caller-identity --region {{region}} --query Account --output text)"; then
    echo "AWS does not say whose credentials these are: sign in to the account $wanted" >&2
    exit 2
fi
if [ "$found" != "$wanted" ]; then
    echo "these credentials are of the account $found: sign in to the account $wanted" >&2
    exit 1
fi

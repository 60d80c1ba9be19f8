#!/usr/bin/env bash
# Puts the certificate authority of the database beside the program, so that it knows whom it talks to.
#
# certificates/database-ca.pem is taken where it is there; else the one of RDS in this region.
#
# usage: authority.sh DIRECTORY
set -euo pipefail
to="$1/database-ca.pem"
mine="$(dirname "$0")/certificates/database-ca.pem"
if [ -e "$mine" ]; then
    cp "$mine" "$to"
else
    curl --fail --silent --show-error --proto '=https' --output "$to" \
        'https://truststore.pki.rds.amazonaws.com/{{region}}/{{region}}-bundle.pem'
fi

#!/usr/bin/env bash
# Tests the function and makes build/function.zip of it.
set -euo pipefail
cd "$(dirname "$0")"

node --test test/*.test.mjs
rm -rf build
mkdir -p build/function
cp src/*.mjs package.json build/function/
npm install --prefix build/function --omit=dev --ignore-scripts --no-audit --no-fund
./authority.sh build/function
(cd build/function && zip --quiet --recurse-paths -X ../function.zip .)
echo "build/function.zip is made" >&2

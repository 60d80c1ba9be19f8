#!/usr/bin/env bash
# Tests the function and makes build/function.zip of it.
set -euo pipefail
cd "$(dirname "$0")"

python3 -m unittest discover -s tests
rm -rf build
mkdir -p build/function
# What Lambda runs on, whatever this machine is.
python3 -m pip install --quiet --disable-pip-version-check --target build/function \
    --platform {{wheel_platform}} --implementation cp --python-version 3.14 --only-binary=:all: \
    --requirement requirements.txt
cp src/*.py build/function/
./authority.sh build/function
(cd build/function && zip --quiet --recurse-paths -X ../function.zip .)
echo "build/function.zip is made" >&2

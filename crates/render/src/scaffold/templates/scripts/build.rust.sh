#!/usr/bin/env bash
# Tests the function and makes build/function.zip of it. It needs cargo-lambda, which brings what
# compiles for the processor of Lambda.
set -euo pipefail
cd "$(dirname "$0")"

cargo test --quiet
cargo lambda build --release {{cargo_architecture}}
rm -rf build
mkdir -p build/function
cp target/lambda/bootstrap/bootstrap build/function/
./authority.sh build/function
(cd build/function && zip --quiet --recurse-paths -X ../function.zip .)
echo "build/function.zip is made" >&2

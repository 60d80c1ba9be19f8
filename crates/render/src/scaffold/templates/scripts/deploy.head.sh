#!/usr/bin/env bash
# Deploys the function in the mode that is named. None is taken by itself: a function that is live and goes
# to shadow answers, and keeps nothing of what it is given.
#
# usage: deploy.sh shadow|live
set -euo pipefail
cd "$(dirname "$0")"

mode="${1:-}"
case "$mode" in
shadow | live) ;;
*)
    echo "unknown mode '$mode': give shadow or live" >&2
    exit 64
    ;;
esac
{{deploy_account}}[ -e build/function.zip ] || ./build.sh


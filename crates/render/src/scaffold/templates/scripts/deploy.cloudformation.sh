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

: "${CODE_BUCKET:?set CODE_BUCKET to a bucket in {{region}} that may hold the code}"
# Named after what is in it: another code is another key, and CloudFormation sees the change.
key="{{name}}/$(sha256sum build/function.zip | cut -d" " -f1).zip"
aws s3 cp --region {{region}} --only-show-errors build/function.zip "s3://$CODE_BUCKET/$key"
aws cloudformation deploy --template-file template.yaml --stack-name {{name}} --region {{region}} \
    --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
    --parameter-overrides "Mode=$mode" "CodeBucket=$CODE_BUCKET" "CodeKey=$key"

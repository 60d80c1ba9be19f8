sam deploy --template-file template.yaml --stack-name {{name}} --region {{region}} \
    --capabilities CAPABILITY_IAM --resolve-s3 --no-fail-on-empty-changeset \
    --parameter-overrides "Mode=$mode"

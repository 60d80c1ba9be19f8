: "${CODE_BUCKET:?set CODE_BUCKET to a bucket in {{region}} that may hold the code}"
# Named after what is in it: another code is another key, and CloudFormation sees the change.
key="{{name}}/$(sha256sum build/function.zip | cut -d" " -f1).zip"
aws s3 cp --region {{region}} --only-show-errors build/function.zip "s3://$CODE_BUCKET/$key"
aws cloudformation deploy --template-file template.yaml --stack-name {{name}} --region {{region}} \
    --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
    --parameter-overrides "Mode=$mode" "CodeBucket=$CODE_BUCKET" "CodeKey=$key"

"""S3, whose answers moto makes outside of its dispatch."""

from faults import calls, iam_action, verdict
from moto.s3.responses import S3Response


def s3_operation(request):
    """Names the operation of an S3 request by its method and its query."""
    query = request.args
    bucket = request.path.strip("/")
    if not bucket:
        return "ListBuckets"
    named = {
        "lifecycle": "GetBucketLifecycleConfiguration",
        "versioning": "GetBucketVersioning",
        "tagging": "GetBucketTagging",
        "location": "GetBucketLocation",
        "uploads": "ListMultipartUploads",
        "encryption": "GetBucketEncryption",
        "intelligent-tiering": "ListBucketIntelligentTieringConfigurations",
        "policy": "GetBucketPolicy",
        "uploadId": "ListParts",
    }
    for word, operation in named.items():
        if word in query:
            return operation
    if request.method == "HEAD":
        return "HeadBucket"
    return "GetObject" if "/" in bucket else "ListBucket"


def watched_s3(original):
    def answer(self, request, full_url, headers):
        self.setup_class(request, request.url)
        operation = s3_operation(request)
        action = iam_action("s3", operation)
        account, region = str(self.current_account), str(self.region)
        if request.method in ("GET", "HEAD"):
            calls[account, region, action] += 1
            failure = verdict(account, region, "s3", action, "")
            if failure:
                code, status = failure
                body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
                return status, {"content-type": "application/xml"}, body
        return original(self, request, full_url, headers)

    return answer


for name in ("bucket_response", "key_response"):
    setattr(S3Response, name, watched_s3(getattr(S3Response, name)))


def renamed(original, wrong, right):
    """Gives an answer the root element that S3's has: the SDK takes no other."""

    def answer(self):
        status, headers, body = original(self)
        text = body.decode() if isinstance(body, bytes) else body
        headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        return status, headers, text.replace(f"<{wrong} ", f"<{right} ").replace(f"</{wrong}>", f"</{right}>")

    return answer


S3Response.get_bucket_versioning = renamed(
    S3Response.get_bucket_versioning, "GetBucketVersioningResponse", "VersioningConfiguration"
)
S3Response.list_parts = renamed(S3Response.list_parts, "ListPartsResponse", "ListPartsResult")

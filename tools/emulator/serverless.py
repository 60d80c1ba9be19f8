"""Lambda's provisioned concurrency, which moto lacks."""

import json
from datetime import datetime, timezone

from moto.awslambda import urls as lambda_urls
from moto.awslambda.responses import LambdaResponse

# By account, region and function: the configurations that PutProvisionedConcurrencyConfig made.
concurrency = {}


def concurrency_key(self):
    function = self.path.split("/functions/")[1].split("/")[0]
    return str(self.current_account), str(self.region), function


def put_provisioned_concurrency_config(self):
    account, region, function = key = concurrency_key(self)
    qualifier = self.querystring["Qualifier"][0]
    executions = json.loads(self.body)["ProvisionedConcurrentExecutions"]
    config = {
        "RequestedProvisionedConcurrentExecutions": executions,
        "AvailableProvisionedConcurrentExecutions": executions,
        "AllocatedProvisionedConcurrentExecutions": executions,
        "Status": "READY",
        "LastModified": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }
    arn = f"arn:aws:lambda:{region}:{account}:function:{function}:{qualifier}"
    concurrency.setdefault(key, {})[arn] = config
    return 202, {}, json.dumps(config)


def list_provisioned_concurrency_configs(self):
    configs = concurrency.get(concurrency_key(self), {})
    listed = [{"FunctionArn": arn, **config} for arn, config in sorted(configs.items())]
    return 200, {}, json.dumps({"ProvisionedConcurrencyConfigs": listed})


LambdaResponse.put_provisioned_concurrency_config = put_provisioned_concurrency_config
LambdaResponse.list_provisioned_concurrency_configs = list_provisioned_concurrency_configs
lambda_urls.url_paths[
    r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$"
] = LambdaResponse.dispatch

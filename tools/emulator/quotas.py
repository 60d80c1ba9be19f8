"""Service Quotas: how many vCPUs of a family may run, of which moto knows none."""

import json

from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.responses import ServiceQuotasResponse

# What a quota of running On-Demand instances is until somebody says otherwise.
quotas = {
    "L-1216C47A": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 1152.0),
    "L-DB2E81BA": ("Running On-Demand G and VT instances", 128.0),
    "L-7295265B": ("Running On-Demand X instances", 128.0),
}


def set_quotas(values):
    for code, value in values.items():
        quotas[code] = (quotas.get(code, (code, 0.0))[0], float(value))


def with_machines(original):
    def get_service_quota(self):
        params = json.loads(self.body)
        if params.get("ServiceCode") != "ec2":
            return original(self)
        if params.get("QuotaCode") not in quotas:
            raise NoSuchResource
        name, value = quotas[params["QuotaCode"]]
        quota = {
            "ServiceCode": "ec2",
            "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
            "QuotaCode": params["QuotaCode"],
            "QuotaName": name,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
        return json.dumps({"Quota": quota})

    return get_service_quota


ServiceQuotasResponse.get_service_quota = with_machines(ServiceQuotasResponse.get_service_quota)

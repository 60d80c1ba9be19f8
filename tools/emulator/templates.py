"""Versions of launch templates as AWS makes them, where moto keeps what is asked for and no more.

A version has what its source version has, but for what it is asked to have otherwise. The same
token twice makes one version, and another one under it is refused.
"""

from machines import refused
from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

# By account, region and token: what was asked for, and the number that it made.
made = {}


def versioned_once(original):
    def create_launch_template_version(self):
        backend = self.ec2_backend
        name, identifier = self._get_param("LaunchTemplateName"), self._get_param("LaunchTemplateId")
        template = (
            backend.get_launch_template(identifier) if identifier else backend.get_launch_template_by_name(name)
        )
        asked = self._get_param("LaunchTemplateData", {})
        source = self._get_param("SourceVersion")
        token = self._get_param("ClientToken")
        key = str(self.current_account), str(self.region), token
        words = template.id, str(source), str(asked)
        if token and key in made:
            before, version = made[key]
            if before != words:
                raise refused("IdempotentParameterMismatch", "The client token has been used before.")
            return ActionResult({"LaunchTemplateVersion": shown(self, template, version)})
        if source:
            inherited = template.get_version(source).data
        answer = original(self)
        version = template.latest_version()
        if source:
            version.data = {**inherited, **version.data}
        if token:
            made[key] = words, version
        return answer if not source else ActionResult({"LaunchTemplateVersion": shown(self, template, version)})

    return create_launch_template_version


def shown(self, template, version):
    return {
        "CreateTime": version.create_time,
        "CreatedBy": f"arn:{self.partition}:iam::{self.current_account}:root",
        "DefaultVersion": template.is_default(version),
        "LaunchTemplateData": version.data,
        "LaunchTemplateId": template.id,
        "LaunchTemplateName": template.name,
        "VersionDescription": version.description,
        "VersionNumber": version.number,
    }


EC2Response.create_launch_template_version = versioned_once(EC2Response.create_launch_template_version)

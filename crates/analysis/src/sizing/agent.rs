//! How an instance can get the memory metric that it lacks.

use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Text;

use crate::check::Facts;

/// Says how the CloudWatch agent gets onto an instance; absent where it is not known whether
/// Systems Manager reaches it.
pub fn note(facts: &Facts<'_>, instance: &Resource<Instance>) -> Option<Text> {
    let (account, region) = (&instance.account, &instance.region);
    if !facts.snapshot.was_listed(ResourceKind::ManagedInstance, account, region) {
        return None;
    }
    let managed = facts.snapshot.managed_instances.iter().find(|managed| {
        managed.id == instance.id && managed.account == *account && managed.region == *region
    });
    let online = managed.filter(|one| one.kind.ping_status.as_deref() == Some("Online"));
    Some(match online {
        Some(one) => {
            let version = one.kind.agent_version.as_deref().unwrap_or("?");
            Text::new(
                format!(
                    "Systems Manager reaches the instance (agent {version}): its document AWS-ConfigureAWSPackage installs AmazonCloudWatchAgent, which measures memory."
                ),
                format!(
                    "Systems Manager로 접근할 수 있는 인스턴스입니다(에이전트 {version}). AWS-ConfigureAWSPackage 문서로 AmazonCloudWatchAgent를 설치하면 메모리를 측정할 수 있습니다."
                ),
            )
        }
        None => Text::new(
            "Systems Manager does not reach the instance: the CloudWatch agent, which measures memory, must be installed by hand or in its image.",
            "Systems Manager로 접근할 수 없는 인스턴스입니다. 메모리를 측정하려면 CloudWatch 에이전트를 직접 설치하거나 이미지에 넣어야 합니다.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Scene, scene};

    fn check(scene: Scene, expected: Option<&str>) {
        let facts = scene.facts();
        let instance = facts.snapshot.instances.first().expect("an instance");
        let note = note(&facts, instance);
        match expected {
            Some(expected) => assert!(note.expect("a note").en.contains(expected)),
            None => assert_eq!(note, None),
        }
    }

    #[test]
    fn an_agent_that_answers_can_install_the_other() {
        let scene = || scene().instance(|_| ());
        check(scene().managed_instance(|_| ()), Some("reaches the instance (agent 3.3.987.0)"));
        let lost = |word: &str| {
            scene().managed_instance(|one| one.kind.ping_status = Some(word.to_owned()))
        };
        check(lost("ConnectionLost"), Some("does not reach"));
        check(scene(), Some("does not reach"));
        let mut unlisted = scene();
        unlisted.snapshot.listed.remove(&ResourceKind::ManagedInstance);
        check(unlisted, None);
    }
}

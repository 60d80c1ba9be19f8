//! Whose requests an instance answers.
//!
//! A load balancer knows its targets. Other logs are tied to instances by what the owner writes: a
//! tag of the service's name, or that name itself. Nothing is guessed.

use trimtab_model::evidence::UnseenSignal;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::text::Text;
use trimtab_model::traffic::{ServiceTraffic, TrafficSource};

use crate::check::Facts;

/// The tag by which an owner says which service an instance serves.
pub const SERVICE_TAG: &str = "trimtab:service";

/// Other tags that name a service in common use.
const COMMON_TAGS: [&str; 2] = ["Service", "service"];

/// How an instance is tied to the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// It is a target of the load balancer that wrote the logs.
    Target,
    /// A tag of it has the service's name.
    Tag,
    /// It has the service's name itself.
    Name,
}

impl Tie {
    /// Says how the two are tied.
    pub fn text(self, service: &str) -> Text {
        match self {
            Self::Target => Text::new(
                format!("The requests are those of {service}, of which the instance is a target."),
                format!("요청은 이 인스턴스를 대상으로 하는 {service}의 것입니다."),
            ),
            Self::Tag => Text::new(
                format!("The requests are those of {service}, which a tag of the instance names."),
                format!("요청은 인스턴스의 태그가 가리키는 {service}의 것입니다."),
            ),
            Self::Name => Text::new(
                format!("The requests are those of {service}, which has the instance's name."),
                format!("요청은 인스턴스와 이름이 같은 {service}의 것입니다."),
            ),
        }
    }
}

/// Finds the requests that an instance answers, and how many instances share them.
///
/// Only sources that tell endpoints apart count.
pub fn service_of<'a>(
    facts: &Facts<'a>,
    instance: &Resource<Instance>,
) -> Option<(&'a ServiceTraffic, Tie)> {
    let tied = |service: &&'a ServiceTraffic| Some((*service, tie(facts, instance, service)?));
    facts
        .traffic
        .services
        .iter()
        .filter(|service| !service.endpoints.is_empty())
        .filter_map(|service| tied(&service))
        .min_by_key(|(_, tie)| match tie {
            Tie::Target => 0,
            Tie::Tag => 1,
            Tie::Name => 2,
        })
}

fn tie(facts: &Facts<'_>, instance: &Resource<Instance>, service: &ServiceTraffic) -> Option<Tie> {
    let name = service.service.as_str();
    if service.source == TrafficSource::Alb && is_target(facts, instance, name) {
        return Some(Tie::Target);
    }
    let tags = std::iter::once(SERVICE_TAG).chain(COMMON_TAGS);
    if tags.filter_map(|tag| instance.tags.get(tag)).any(|value| value == name) {
        return Some(Tie::Tag);
    }
    (instance.name() == Some(name)).then_some(Tie::Name)
}

/// Logs name a load balancer as `app/NAME/ID`, or by its name.
fn is_target(facts: &Facts<'_>, instance: &Resource<Instance>, name: &str) -> bool {
    facts.snapshot.load_balancers.iter().any(|balancer| {
        let is_it = balancer.kind.load_balancer_name == name
            || balancer.id.as_str().ends_with(&format!(":loadbalancer/{name}"));
        let here = balancer.account == instance.account && balancer.region == instance.region;
        let mut targets = balancer.kind.target_ids.iter().flatten();
        is_it
            && here
            && targets.any(|target| {
                target == instance.id.as_str() || instance.kind.private_addresses.contains(target)
            })
    })
}

/// Says that no requests are known for an instance, and how to provide them.
pub fn unseen(facts: &Facts<'_>) -> UnseenSignal {
    let name = "requests".to_owned();
    let text = if facts.traffic.services.iter().all(|service| service.endpoints.is_empty()) {
        Text::new(
            "No access logs were read, so that nobody can tell which requests it goes with. Put them into traffic/logs/.",
            "접근 로그가 없어 어떤 요청과 함께 늘어나는지 알 수 없습니다. traffic/logs/에 넣어 주세요.",
        )
    } else {
        Text::new(
            format!(
                "None of the access logs is known to be this instance's. It is, if the instance is a target of the load balancer, or if its tag {SERVICE_TAG} or its name is the service's name."
            ),
            format!(
                "이 인스턴스의 것으로 알려진 접근 로그가 없습니다. 로드 밸런서의 대상이거나, {SERVICE_TAG} 태그 또는 이름이 서비스 이름과 같아야 연결됩니다."
            ),
        )
    };
    UnseenSignal { name, text }
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::Tags;

    use super::*;
    use crate::scene::{Scene, logs, scene};

    fn check(scene: &Scene, expected: Option<Tie>) {
        let facts = scene.facts();
        let instance = facts.snapshot.instances.first().expect("an instance");
        assert_eq!(service_of(&facts, instance).map(|(_, tie)| tie), expected);
    }

    fn served(tags: &[(&str, &str)]) -> Scene {
        let tags: Tags =
            tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        scene().instance(|instance| instance.tags = tags).requests(logs("web"))
    }

    #[test]
    fn a_target_of_the_load_balancer_answers_its_requests() {
        let balanced = |ids: &[&str]| {
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            served(&[]).load_balancer(|balancer| balancer.kind.target_ids = Some(ids))
        };
        check(&balanced(&["i-1"]), Some(Tie::Target));
        check(&balanced(&["i-2"]), None);
    }

    #[test]
    fn the_owner_ties_other_logs_by_a_tag_or_a_name() {
        check(&served(&[("trimtab:service", "web")]), Some(Tie::Tag));
        check(&served(&[("Service", "web")]), Some(Tie::Tag));
        check(&served(&[("Name", "web")]), Some(Tie::Name));
        check(&served(&[("Name", "web-1")]), None);
    }
}

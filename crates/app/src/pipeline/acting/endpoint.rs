//! Whom changes are asked of: AWS, or an address that the settings name.

use trimtab_aws::access::Access;

use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// The services that a run talks to, or who looks for what runs left, by AWS's identifiers.
const SERVICES: &[&str] = &[
    "STS",
    "Organizations",
    "EC2",
    "RDS",
    "Lambda",
    "Auto Scaling",
    "Application Auto Scaling",
    "Elastic Load Balancing v2",
    "CloudWatch",
    "CloudWatch Logs",
    "CloudTrail",
    "ECS",
    "KMS",
    "SSM",
    "Scheduler",
    "Service Quotas",
    "Resource Groups Tagging API",
];

/// Refuses addresses other than AWS's own that the settings do not name: whoever answers there
/// gets to say what is stopped and what is well, and sees the external IDs of roles.
///
/// # Errors
/// Fails at the first of them.
pub(in crate::pipeline) fn known(settings: &Settings, access: &Access) -> Result<(), Failure> {
    let foreign = access.foreign_endpoints(SERVICES);
    foreign.iter().try_for_each(|address| allowed(&settings.endpoints, address))
}

fn allowed(endpoints: &[String], address: &str) -> Result<(), Failure> {
    let same = |one: &String| one.trim_end_matches('/') == address.trim_end_matches('/');
    if !endpoints.iter().any(same) {
        return Err(Failure::new(
            Kind::Permission,
            (
                format!("the calls would go to {address}, which is not AWS's own address"),
                format!("호출이 AWS가 아닌 주소로 갑니다: {address}"),
            ),
        )
        .with_hint((
            "unset AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_… and endpoint_url of the profile; if it is an emulated AWS or the endpoint of your VPC, name it in rollout.endpoints of trimtab.toml",
            "AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_…, 프로필의 endpoint_url을 지우세요. 에뮬레이터나 VPC 엔드포인트라면 trimtab.toml의 rollout.endpoints에 적으세요",
        )));
    }
    if address.starts_with("https://") || is_here(address) {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Permission,
        (
            format!("{address} is not encrypted: anybody on the way could answer for AWS"),
            format!("암호화되지 않은 주소여서 누구든 AWS인 것처럼 응답할 수 있습니다: {address}"),
        ),
    )
    .with_hint((
        "use an address that begins with https, or one of this machine",
        "https로 시작하는 주소나 이 컴퓨터의 주소를 쓰세요",
    )))
}

/// Returns whether an address is one of this machine.
fn is_here(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    // A name before an at sign is not the host.
    !authority.contains('@') && matches!(host, "127.0.0.1" | "::1" | "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(endpoints: &[&str], address: &str, expected: Option<&str>) {
        let endpoints: Vec<String> = endpoints.iter().map(|one| (*one).to_owned()).collect();
        let refused = allowed(&endpoints, address).err();
        match (refused, expected) {
            (None, None) => {}
            (Some(failure), Some(word)) => {
                assert!(failure.message.en.contains(word), "{failure:?}");
                assert!(failure.hint.is_some(), "{failure:?}");
            }
            (found, expected) => panic!("{address}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn g20_another_address_is_used_only_where_the_settings_name_it() {
        let vpc = "https://vpce-0a1b.ec2.ap-northeast-2.vpce.amazonaws.com";
        check(&[], "http://127.0.0.1:4566", Some("not AWS's own"));
        check(&[vpc], "https://vpce-0a1c.ec2.example", Some("not AWS's own"));
        check(&[vpc], vpc, None);
        check(&["http://127.0.0.1:4566/"], "http://127.0.0.1:4566", None);
        check(&["http://[::1]:4566"], "http://[::1]:4566", None);
    }

    #[test]
    fn what_is_not_encrypted_stays_on_this_machine() {
        for address in [
            "http://10.0.0.7:4566",
            "http://localhost.example:80",
            "http://127.0.0.1@evil.example",
            "ftp://127.0.0.1",
        ] {
            check(&[address], address, Some("not encrypted"));
        }
    }
}

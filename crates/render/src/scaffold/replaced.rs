//! How what does the work today is stopped, and started again.

use trimtab_model::serverless::TaskScaling;

use super::migration::{Words, words};
use super::node::Map;
use super::project::{Replaced, Scaffold};
use super::script::in_account;

/// Returns the commands that stop what a function replaces, in its own region.
pub(super) fn stop(scaffold: &Scaffold) -> Vec<String> {
    let commands: Vec<String> = match &scaffold.replaces {
        Some(Replaced::Instance { id, region }) => {
            vec![format!("aws ec2 stop-instances --instance-ids {id} --region {region}")]
        }
        Some(Replaced::Service { cluster, service, region, scaling, .. }) => {
            // First, or its target would have the tasks back.
            let bounds = bounds(scaling).map(|_| target(cluster, service, region, 0, 0));
            let empty = format!(
                "aws ecs update-service --cluster {cluster} --service {service} --desired-count 0 --region {region}"
            );
            bounds.into_iter().chain([empty]).collect()
        }
        None => Vec::new(),
    };
    commands.into_iter().map(|command| in_account(scaffold, command)).collect()
}

/// Returns the commands that start it again, and wait until it runs.
pub(super) fn start(scaffold: &Scaffold) -> Vec<String> {
    let commands: Vec<String> = match &scaffold.replaces {
        Some(Replaced::Instance { id, region }) => vec![
            format!("aws ec2 start-instances --instance-ids {id} --region {region}"),
            format!("aws ec2 wait instance-status-ok --instance-ids {id} --region {region}"),
        ],
        Some(Replaced::Service { cluster, service, region, desired_count, scaling }) => {
            let bounds =
                bounds(scaling).map(|(least, most)| target(cluster, service, region, least, most));
            let full = [
                format!(
                    "aws ecs update-service --cluster {cluster} --service {service} \
                     --desired-count {desired_count} --region {region}"
                ),
                format!(
                    "aws ecs wait services-stable --cluster {cluster} --services {service} --region {region}"
                ),
            ];
            bounds.into_iter().chain(full).collect()
        }
        None => Vec::new(),
    };
    commands.into_iter().map(|command| in_account(scaffold, command)).collect()
}

fn bounds(scaling: &TaskScaling) -> Option<(u32, u32)> {
    match scaling {
        TaskScaling::Unknown | TaskScaling::Fixed => None,
        TaskScaling::Target(limits) => Some((limits.min_capacity, limits.max_capacity)),
    }
}

/// Returns the command that sets between how many tasks Application Auto Scaling keeps a service.
fn target(cluster: &str, service: &str, region: &str, least: u32, most: u32) -> String {
    format!(
        "aws application-autoscaling register-scalable-target --service-namespace ecs \
         --resource-id service/{cluster}/{service} --scalable-dimension ecs:service:DesiredCount \
         --min-capacity {least} --max-capacity {most} --region {region}"
    )
}

/// Returns what a person does to stop it, where the commands are not all.
pub(super) fn stop_by_hand(scaffold: &Scaffold) -> Option<Words> {
    match &scaffold.replaces {
        None => Some(words(
            "Stop what did the work until now, and keep it so that it can be started again.",
            "지금까지 일을 맡던 자원을 중지하되, 다시 켤 수 있도록 지우지 않습니다.",
        )),
        Some(Replaced::Service {
            cluster, service, region, scaling: TaskScaling::Unknown, ..
        }) => {
            let look = format!(
                "aws application-autoscaling describe-scalable-targets --service-namespace ecs \
                 --resource-ids service/{cluster}/{service} --region {region}"
            );
            Some(words(
                format!(
                    "Before the command, see whether Application Auto Scaling keeps a minimum of tasks, which would have them back: `{look}`. Where it lists a target, note its minimum and maximum for the way back, and set both to 0 by `aws application-autoscaling register-scalable-target`."
                ),
                format!(
                    "Application Auto Scaling이 최소 태스크 수를 유지하고 있으면 태스크가 다시 늘어나므로, 명령을 실행하기 전에 `{look}`으로 확인합니다. 대상이 나오면 되돌릴 때 쓸 수 있도록 최솟값과 최댓값을 적어 두고, `aws application-autoscaling register-scalable-target`으로 둘 다 0으로 바꿉니다."
                ),
            ))
        }
        Some(Replaced::Instance { .. } | Replaced::Service { .. }) => None,
    }
}

/// Returns what a person does to start it, where the commands are not all.
pub(super) fn start_by_hand(scaffold: &Scaffold) -> Option<Words> {
    match &scaffold.replaces {
        None => Some(words(
            "Start what did the work before, and wait until it answers.",
            "예전에 일을 맡던 자원을 다시 켜고, 응답할 때까지 기다립니다.",
        )),
        Some(Replaced::Service { scaling: TaskScaling::Unknown, .. }) => Some(words(
            "Where a target of Application Auto Scaling was set to 0, set its minimum and maximum to what they were.",
            "Application Auto Scaling 대상을 0으로 바꾸었다면 최솟값과 최댓값을 원래대로 되돌립니다.",
        )),
        Some(Replaced::Instance { .. } | Replaced::Service { .. }) => None,
    }
}

/// Returns when the input goes back: not before what takes it runs.
pub(super) fn started(scaffold: &Scaffold) -> Option<Words> {
    let after = scaffold.replaces.as_ref().map(|_| {
        words(
            "Do what follows after what it replaces runs again, and before the last command.",
            "다음 일은 기존 자원이 다시 실행된 뒤, 마지막 명령을 실행하기 전에 합니다.",
        )
    });
    [start_by_hand(scaffold), after].into_iter().flatten().reduce(Words::then)
}

/// Returns what the plan says of it as paragraphs.
pub(super) fn told(scaffold: &Scaffold) -> Words {
    let more = [elsewhere(scaffold), account(scaffold)];
    more.into_iter().flatten().fold(described(scaffold), Words::then)
}

/// Returns that no plan takes the stop, where the function is in another region.
fn elsewhere(scaffold: &Scaffold) -> Option<Words> {
    let (Replaced::Instance { region, .. } | Replaced::Service { region, .. }) =
        scaffold.replaces.as_ref()?;
    (*region != scaffold.region).then(|| {
        words(
            "It is in another region than the function, which `trimtab plan create --migration` does not take: stop it with the commands of phase `stop`.",
            "함수와 다른 리전에 있어 `trimtab plan create --migration`으로는 계획할 수 없습니다. `stop` 단계의 명령으로 중지하세요.",
        )
    })
}

/// Returns whose credentials the commands take, where that is known.
fn account(scaffold: &Scaffold) -> Option<Words> {
    scaffold.account.as_ref().map(|account| {
        words(
            format!("All of it is in the account `{account}`: with the credentials of another one `account.sh` ends the scripts, and no command after it runs. Run the commands in the directory of this project."),
            format!("모두 계정 `{account}`에 있습니다. 다른 계정의 자격 증명이면 `account.sh`가 스크립트를 끝내고 뒤의 명령을 실행하지 않습니다. 명령은 이 프로젝트 디렉터리에서 실행하세요."),
        )
    })
}

fn described(scaffold: &Scaffold) -> Words {
    match &scaffold.replaces {
        Some(Replaced::Instance { id, region }) => words(
            format!("It replaces the EC2 instance `{id}` in `{region}`, which is stopped and not terminated: its volumes stay, and go on costing until somebody removes them. Without an Elastic IP it has another public address when it is started again. In an Auto Scaling group it would be replaced as soon as it stops: detach it from the group first."),
            format!("`{region}` 리전의 EC2 인스턴스 `{id}`를 대신합니다. 인스턴스는 종료(terminate)하지 않고 중지(stop)하므로 볼륨이 남고, 지우기 전까지 볼륨 요금이 계속 듭니다. 탄력적 IP가 없으면 다시 켰을 때 퍼블릭 주소가 바뀝니다. Auto Scaling 그룹에 속해 있으면 중지하는 즉시 다른 인스턴스로 교체되므로 먼저 그룹에서 분리하세요."),
        ),
        Some(Replaced::Service { cluster, service, region, desired_count, scaling }) => words(
            format!("It replaces the ECS service `{service}` of the cluster `{cluster}` in `{region}`, whose tasks go from {desired_count} to none. The instances of a cluster on EC2 are not stopped by that."),
            format!("`{region}` 리전의 클러스터 `{cluster}`에 있는 ECS 서비스 `{service}`를 대신하며, 태스크 수를 {desired_count}에서 0으로 줄입니다. EC2 위에 있는 클러스터라면 인스턴스는 따로 줄여야 합니다."),
        )
        .then(moved(scaling)),
        None => words(
            "What it replaces was not named: where the plan says so, a person stops it and starts it again.",
            "무엇을 대신하는지 지정하지 않았습니다. 계획에 적힌 곳에서 담당자가 직접 중지하고 다시 켭니다.",
        ),
    }
}

fn moved(scaling: &TaskScaling) -> Words {
    match scaling {
        TaskScaling::Fixed => words(
            "The inventory has no target of Application Auto Scaling for it that would have the tasks back.",
            "인벤토리에는 태스크를 다시 늘릴 Application Auto Scaling 대상이 없습니다.",
        ),
        TaskScaling::Unknown => words(
            "Whether Application Auto Scaling keeps a minimum of tasks is not in the inventory: the stop says how to see it.",
            "Application Auto Scaling이 최소 태스크 수를 유지하는지는 인벤토리에 없습니다. 확인하는 방법은 중지 단계에 있습니다.",
        ),
        TaskScaling::Target(limits) => {
            let (least, most) = (limits.min_capacity, limits.max_capacity);
            words(
                format!(
                    "Application Auto Scaling keeps it between {least} and {most} tasks: the stop sets both to 0 first, and the way back restores them. Where its target has scheduled actions, suspend those too: they would set them again."
                ),
                format!(
                    "Application Auto Scaling이 태스크 수를 {least}에서 {most} 사이로 유지합니다. 중지할 때 먼저 둘 다 0으로 바꾸고, 되돌릴 때 원래 값으로 복원합니다. 대상에 예약 작업(scheduled action)이 있으면 값을 다시 바꾸므로 함께 일시 중단하세요."
                ),
            )
        }
    }
}

/// Returns it for a program, with its account where that is known.
pub(super) fn map(replaced: &Replaced, account: Option<&str>) -> Map {
    let map = match replaced {
        Replaced::Instance { id, region } => Map::new()
            .with("kind", "AWS::EC2::Instance")
            .with("id", id.as_str())
            .with("region", region.as_str()),
        Replaced::Service { cluster, service, region, desired_count, scaling } => {
            let map = Map::new()
                .with("kind", "AWS::ECS::Service")
                .with("cluster", cluster.as_str())
                .with("id", service.as_str())
                .with("region", region.as_str())
                .with("desired_count", *desired_count);
            let (kind, bounds) = match scaling {
                TaskScaling::Unknown => ("unknown", None),
                TaskScaling::Fixed => ("fixed", None),
                TaskScaling::Target(limits) => ("target", Some(limits)),
            };
            map.with("scaling", kind)
                .with_some("min_capacity", bounds.map(|limits| limits.min_capacity))
                .with_some("max_capacity", bounds.map(|limits| limits.max_capacity))
        }
    };
    map.with_some("account", account)
}

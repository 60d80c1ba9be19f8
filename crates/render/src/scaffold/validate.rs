//! Whether AWS takes the values of a project, before any of them is printed.

use trimtab_model::serverless::TaskScaling;
use trimtab_model::text::{StaticText, Text};

use super::error::ScaffoldError;
use super::project::{Iac, MOST_MESSAGES, Replaced, Scaffold, Template, Vpc};

/// The days for which CloudWatch Logs keeps logs (PutRetentionPolicy of its API).
const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];
/// The longest integration of an HTTP API is 30 s; a second is left to answer.
const LONGEST_HTTP_SECONDS: u32 = 29;
const REGION: StaticText = words("a region such as ap-northeast-2", "ap-northeast-2 같은 리전");
/// The most tasks that a service of ECS has.
const MOST_TASKS: u32 = 5000;
/// Forty-five of AWS's fifty tags a resource: AWS adds some of its own.
const MOST_TAGS: usize = 45;

impl Scaffold {
    /// Refuses the first value that AWS or a file of the project would not take.
    pub(super) fn validate(&self) -> Result<(), ScaffoldError> {
        text(
            words("the name", "이름"),
            &self.name,
            is_name(&self.name),
            words(
                "2 to 64 letters, digits and hyphens, a letter first and no hyphen last",
                "영문자, 숫자, 하이픈 2~64자(첫 글자는 영문자, 마지막은 하이픈 불가)",
            ),
        )?;
        text(words("the region", "리전"), &self.region, is_region(&self.region), REGION)?;
        self.validate_numbers()?;
        for (key, value) in &self.tags {
            validate_tag(key, value)?;
            if self.iac == Iac::Serverless {
                let rule = words(
                    "a key without @ and of English letters only, which is all that the Serverless Framework takes",
                    "@ 없이 영문자로 된 키(Serverless Framework는 그 밖의 글자를 받지 않음)",
                );
                text(words("the tag", "태그"), key, is_of(key, " +-=._:/", 1, 128), rule)?;
            }
        }
        count(words("the tags", "태그 수"), self.tags.len(), 0, MOST_TAGS)?;
        for name in self.parameters() {
            text(words("the parameter", "파라미터"), name, is_parameter(name), PARAMETER)?;
        }
        if let Some(arn) = &self.kms_key_arn {
            text(
                words("the key", "암호화 키"),
                arn,
                is_key_arn(arn, &self.region),
                words(
                    "the ARN of a key of the same region, such as arn:aws:kms:ap-northeast-2:111122223333:key/…, and not of an alias",
                    "같은 리전에 있는 키의 ARN(예: arn:aws:kms:ap-northeast-2:111122223333:key/…, 별칭 불가)",
                ),
            )?;
        }
        if let Some(account) = &self.account {
            text(
                words("the account", "계정"),
                account,
                is_account(account),
                words("the 12 digits of an account", "계정 번호 12자리"),
            )?;
        }
        self.template.validate()?;
        self.vpc.as_ref().map_or(Ok(()), validate_vpc)?;
        self.replaces.as_ref().map_or(Ok(()), validate_replaced)
    }

    fn validate_numbers(&self) -> Result<(), ScaffoldError> {
        let longest = match self.template {
            Template::Http { .. } => LONGEST_HTTP_SECONDS,
            Template::S3Notice { .. } | Template::Schedule { .. } | Template::Queue => 900,
        };
        number(words("the memory in MB", "메모리(MB)"), self.memory_mb, 128, 10240)?;
        number(words("the timeout in seconds", "제한 시간(초)"), self.timeout_seconds, 1, longest)?;
        number(words("the soak in days", "지켜보는 기간(일)"), self.soak_days, 1, 90)?;
        let batch = words("the messages of a batch", "묶음 하나의 메시지 수");
        number(batch, self.batch_size, 1, MOST_MESSAGES)?;
        if let Some(reserved) = self.reserved_concurrency {
            // A queue is asked by two at least.
            let lowest = if self.template == Template::Queue { 2 } else { 1 };
            number(words("the reserved concurrency", "예약 동시성"), reserved, lowest, 1000)?;
        }
        let days = self.log_retention_days;
        if !RETENTION_DAYS.contains(&days) {
            let known = RETENTION_DAYS.iter().map(u32::to_string);
            let choices = known.collect::<Vec<String>>().join(", ");
            let field = words("the log retention in days", "로그 보존 기간(일)");
            return Err(ScaffoldError::Choice { field, value: days, choices });
        }
        Ok(())
    }
}

impl Template {
    fn validate(&self) -> Result<(), ScaffoldError> {
        match self {
            Self::S3Notice { bucket } => text(
                words("the bucket", "버킷"),
                bucket,
                is_bucket(bucket),
                words(
                    "3 to 63 small letters, digits and hyphens, a letter or digit first and last",
                    "영문 소문자, 숫자, 하이픈 3~63자(처음과 끝은 영문자나 숫자)",
                ),
            ),
            Self::Schedule { expression } => text(
                words("the schedule", "일정"),
                expression,
                is_schedule(expression),
                words(
                    "`rate(5 minutes)`, `rate(1 day)` or `cron(minutes hours day-of-month month day-of-week year)` in UTC",
                    "`rate(5 minutes)`, `rate(1 day)`, `cron(분 시 일 월 요일 연도)` 중 하나(UTC 기준)",
                ),
            ),
            Self::Http { .. } | Self::Queue => Ok(()),
        }
    }
}

const PARAMETER: StaticText = words(
    "a path such as /notice/database, of letters, digits, `.`, `-`, `_` and `/`, 500 at most, that does not begin with /aws or /ssm",
    "/notice/database 같은 경로(영문자, 숫자, `.`, `-`, `_`, `/` 최대 500자, /aws나 /ssm으로 시작할 수 없음)",
);

/// Both languages of a text.
const fn words(en: &'static str, ko: &'static str) -> StaticText {
    StaticText { en, ko }
}

fn text(
    field: impl Into<Text>,
    value: &str,
    is_taken: bool,
    rule: StaticText,
) -> Result<(), ScaffoldError> {
    if is_taken {
        return Ok(());
    }
    Err(ScaffoldError::Text { field: field.into(), value: value.to_owned(), rule })
}

fn number(field: StaticText, value: u32, lowest: u32, highest: u32) -> Result<(), ScaffoldError> {
    if (lowest..=highest).contains(&value) {
        return Ok(());
    }
    Err(ScaffoldError::Number { field, value, lowest, highest })
}

fn count(
    field: StaticText,
    count: usize,
    lowest: usize,
    highest: usize,
) -> Result<(), ScaffoldError> {
    if (lowest..=highest).contains(&count) {
        return Ok(());
    }
    Err(ScaffoldError::Count { field, count, lowest, highest })
}

/// Returns whether a text is of letters and digits of ASCII, of some signs, and of a length.
fn is_of(value: &str, signs: &str, lowest: usize, highest: usize) -> bool {
    let is_taken = |letter: char| letter.is_ascii_alphanumeric() || signs.contains(letter);
    (lowest..=highest).contains(&value.len()) && value.chars().all(is_taken)
}

fn is_name(name: &str) -> bool {
    is_of(name, "-", 2, 64)
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('-')
}

fn is_region(region: &str) -> bool {
    let parts: Vec<&str> = region.split('-').collect();
    let [country, middle @ .., number] = parts.as_slice() else { return false };
    let is_word =
        |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase());
    country.len() == 2
        && is_word(country)
        && (1..=2).contains(&middle.len())
        && middle.iter().all(|part| is_word(part))
        && number.len() == 1
        && number.chars().all(|digit| digit.is_ascii_digit())
}

fn is_bucket(bucket: &str) -> bool {
    // Points are taken by S3 and break TLS; these beginnings and ends belong to AWS.
    let is_edge = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_reserved = ["xn--", "sthree-", "amzn-s3-demo-"]
        .iter()
        .any(|start| bucket.starts_with(start))
        || ["-s3alias", "--ol-s3", "--x-s3", "--table-s3"].iter().any(|end| bucket.ends_with(end));
    is_of(bucket, "-", 3, 63)
        && !bucket.chars().any(|letter| letter.is_ascii_uppercase())
        && bucket.starts_with(is_edge)
        && bucket.ends_with(is_edge)
        && !is_reserved
}

fn is_parameter(name: &str) -> bool {
    let inner = name.strip_prefix('/').unwrap_or_default();
    let start = inner.to_lowercase();
    is_of(name, "-_./", 2, 500)
        && !inner.is_empty()
        && inner.split('/').all(|part| !part.is_empty())
        && inner.split('/').count() <= 15
        && !start.starts_with("aws")
        && !start.starts_with("ssm")
}

fn is_key_arn(arn: &str, here: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", partition, "kms", region, account, key] = parts.as_slice() else { return false };
    let id = key.strip_prefix("key/").unwrap_or_default();
    ["aws", "aws-cn", "aws-us-gov"].contains(partition)
        && *region == here
        && is_account(account)
        && is_of(id, "-", 1, 64)
}

fn is_account(account: &str) -> bool {
    account.len() == 12 && account.chars().all(|digit| digit.is_ascii_digit())
}

fn is_schedule(expression: &str) -> bool {
    let inside = |name: &str| expression.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        let Some((number, unit)) = rate.split_once(' ') else { return false };
        let is_number = is_of(number, "", 1, 5) && number.parse::<u32>().is_ok_and(|of| of > 0);
        let units =
            if number == "1" { ["minute", "hour", "day"] } else { ["minutes", "hours", "days"] };
        return is_number && units.contains(&unit);
    }
    let Some(cron) = inside("cron") else { return false };
    let fields: Vec<&str> = cron.split(' ').collect();
    let [_, _, day, _, weekday, _] = fields.as_slice() else { return false };
    // EventBridge wants just one of the two days to be a question mark.
    (*day == "?") != (*weekday == "?") && fields.iter().all(|field| is_of(field, "*?,-/#", 1, 64))
}

/// The letters, digits, spaces and signs of a tag (Tag of the Resource Groups Tagging API).
fn is_tag_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == ' ' || "+-=._:/@".contains(letter)
}

fn validate_tag(key: &str, value: &str) -> Result<(), ScaffoldError> {
    let is_key = (1..=128).contains(&key.chars().count())
        && key.chars().all(is_tag_letter)
        && key.trim() == key
        && !key.to_lowercase().starts_with("aws:");
    text(
        words("the tag", "태그"),
        key,
        is_key,
        words(
            "a key of 1 to 128 letters, digits, spaces and + - = . _ : / @ that does not begin with aws:",
            "문자, 숫자, 공백, + - = . _ : / @ 1~128자로 되고 aws:로 시작하지 않는 키",
        ),
    )?;
    let is_value =
        value.chars().count() <= 256 && value.chars().all(is_tag_letter) && value.trim() == value;
    let field =
        Text::new(format!("the value of the tag {key}, which is"), format!("태그 {key}의 값"));
    text(
        field,
        value,
        is_value,
        words(
            "at most 256 letters, digits, spaces and + - = . _ : / @",
            "문자, 숫자, 공백, + - = . _ : / @ 최대 256자",
        ),
    )
}

fn validate_vpc(vpc: &Vpc) -> Result<(), ScaffoldError> {
    // Lambda takes 16 subnets and 5 security groups.
    count(words("the subnets", "서브넷 수"), vpc.subnet_ids.len(), 1, 16)?;
    count(words("the security groups", "보안 그룹 수"), vpc.security_group_ids.len(), 1, 5)?;
    for id in &vpc.subnet_ids {
        text(
            words("the subnet", "서브넷"),
            id,
            is_id(id, "subnet-"),
            words("an id such as subnet-0123456789abcdef0", "subnet-0123456789abcdef0 같은 ID"),
        )?;
    }
    for id in &vpc.security_group_ids {
        text(
            words("the security group", "보안 그룹"),
            id,
            is_id(id, "sg-"),
            words("an id such as sg-0123456789abcdef0", "sg-0123456789abcdef0 같은 ID"),
        )?;
    }
    Ok(())
}

fn validate_replaced(replaced: &Replaced) -> Result<(), ScaffoldError> {
    match replaced {
        Replaced::Instance { id, region } => {
            text(
                words("the instance", "인스턴스"),
                id,
                is_id(id, "i-"),
                words("an id such as i-0123456789abcdef0", "i-0123456789abcdef0 같은 ID"),
            )?;
            text(
                words("the region of the instance", "인스턴스의 리전"),
                region,
                is_region(region),
                REGION,
            )
        }
        Replaced::Service { cluster, service, region, desired_count, scaling } => {
            let rule = words(
                "1 to 255 letters, digits, hyphens and underscores",
                "영문자, 숫자, 하이픈, 밑줄 1~255자",
            );
            text(words("the cluster", "클러스터"), cluster, is_of(cluster, "-_", 1, 255), rule)?;
            text(words("the service", "서비스"), service, is_of(service, "-_", 1, 255), rule)?;
            text(
                words("the region of the service", "서비스의 리전"),
                region,
                is_region(region),
                REGION,
            )?;
            number(words("the desired count", "원하는 태스크 수"), *desired_count, 1, MOST_TASKS)?;
            match scaling {
                TaskScaling::Unknown | TaskScaling::Fixed => Ok(()),
                TaskScaling::Target(limits) => {
                    let most = limits.max_capacity;
                    number(
                        words(
                            "the most tasks of its scalable target",
                            "자동 조정 대상의 최대 태스크 수",
                        ),
                        most,
                        0,
                        MOST_TASKS,
                    )?;
                    number(
                        words(
                            "the fewest tasks of its scalable target",
                            "자동 조정 대상의 최소 태스크 수",
                        ),
                        limits.min_capacity,
                        0,
                        most,
                    )
                }
            }
        }
    }
}

fn is_id(id: &str, start: &str) -> bool {
    id.strip_prefix(start).is_some_and(|rest| {
        let is_digit = |letter: char| letter.is_ascii_digit() || ('a'..='f').contains(&letter);
        [8, 17].contains(&rest.len()) && rest.chars().all(is_digit)
    })
}

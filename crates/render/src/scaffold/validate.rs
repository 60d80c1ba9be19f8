//! Whether AWS takes the values of a project, before any of them is printed.

use trimtab_model::serverless::TaskScaling;

use super::error::ScaffoldError;
use super::project::{Iac, Replaced, Scaffold, Template, Vpc};

/// The days for which CloudWatch Logs keeps logs (PutRetentionPolicy of its API).
const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];
/// The longest integration of an HTTP API is 30 s; a second is left to answer.
const LONGEST_HTTP_SECONDS: u32 = 29;
const REGION: &str = "a region such as ap-northeast-2";
/// The most tasks that a service of ECS has.
const MOST_TASKS: u32 = 5000;
/// Forty-five of AWS's fifty tags a resource: AWS adds some of its own.
const MOST_TAGS: usize = 45;

impl Scaffold {
    /// Refuses the first value that AWS or a file of the project would not take.
    pub(super) fn validate(&self) -> Result<(), ScaffoldError> {
        text(
            "the name",
            &self.name,
            is_name(&self.name),
            "2 to 64 letters, digits and hyphens, a letter first and no hyphen last",
        )?;
        text("the region", &self.region, is_region(&self.region), REGION)?;
        self.validate_numbers()?;
        for (key, value) in &self.tags {
            validate_tag(key, value)?;
            if self.iac == Iac::Serverless {
                let rule = "a key without @ and of English letters only, which is all that the Serverless Framework takes";
                text("the tag", key, is_of(key, " +-=._:/", 1, 128), rule)?;
            }
        }
        count("the tags", self.tags.len(), 0, MOST_TAGS)?;
        for name in self.parameters() {
            text("the parameter", name, is_parameter(name), PARAMETER)?;
        }
        if let Some(arn) = &self.kms_key_arn {
            text(
                "the key",
                arn,
                is_key_arn(arn, &self.region),
                "the ARN of a key of the same region, such as arn:aws:kms:ap-northeast-2:111122223333:key/…, and not of an alias",
            )?;
        }
        if let Some(account) = &self.account {
            text("the account", account, is_account(account), "the 12 digits of an account")?;
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
        number("the memory in MB", self.memory_mb, 128, 10240)?;
        number("the timeout in seconds", self.timeout_seconds, 1, longest)?;
        number("the soak in days", self.soak_days, 1, 90)?;
        if let Some(reserved) = self.reserved_concurrency {
            // A queue is asked by two at least.
            let lowest = if self.template == Template::Queue { 2 } else { 1 };
            number("the reserved concurrency", reserved, lowest, 1000)?;
        }
        let days = self.log_retention_days;
        if !RETENTION_DAYS.contains(&days) {
            let known = RETENTION_DAYS.iter().map(u32::to_string);
            let choices = known.collect::<Vec<String>>().join(", ");
            let field = "the log retention in days";
            return Err(ScaffoldError::Choice { field, value: days, choices });
        }
        Ok(())
    }
}

impl Template {
    fn validate(&self) -> Result<(), ScaffoldError> {
        match self {
            Self::S3Notice { bucket } => text(
                "the bucket",
                bucket,
                is_bucket(bucket),
                "3 to 63 small letters, digits and hyphens, a letter or digit first and last",
            ),
            Self::Schedule { expression } => text(
                "the schedule",
                expression,
                is_schedule(expression),
                "`rate(5 minutes)`, `rate(1 day)` or `cron(minutes hours day-of-month month day-of-week year)` in UTC",
            ),
            Self::Http { .. } | Self::Queue => Ok(()),
        }
    }
}

const PARAMETER: &str = "a path such as /notice/database, of letters, digits, `.`, `-`, `_` and `/`, 500 at most, \
                         that does not begin with /aws or /ssm";

fn text(field: &str, value: &str, is_taken: bool, rule: &'static str) -> Result<(), ScaffoldError> {
    if is_taken {
        return Ok(());
    }
    Err(ScaffoldError::Text { field: field.to_owned(), value: value.to_owned(), rule })
}

fn number(field: &'static str, value: u32, lowest: u32, highest: u32) -> Result<(), ScaffoldError> {
    if (lowest..=highest).contains(&value) {
        return Ok(());
    }
    Err(ScaffoldError::Number { field, value, lowest, highest })
}

fn count(
    field: &'static str,
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
        "the tag",
        key,
        is_key,
        "a key of 1 to 128 letters, digits, spaces and + - = . _ : / @ that does not begin with aws:",
    )?;
    let is_value =
        value.chars().count() <= 256 && value.chars().all(is_tag_letter) && value.trim() == value;
    let field = format!("the value of the tag {key}, which is");
    text(&field, value, is_value, "at most 256 letters, digits, spaces and + - = . _ : / @")
}

fn validate_vpc(vpc: &Vpc) -> Result<(), ScaffoldError> {
    // Lambda takes 16 subnets and 5 security groups.
    count("the subnets", vpc.subnet_ids.len(), 1, 16)?;
    count("the security groups", vpc.security_group_ids.len(), 1, 5)?;
    for id in &vpc.subnet_ids {
        text("the subnet", id, is_id(id, "subnet-"), "an id such as subnet-0123456789abcdef0")?;
    }
    for id in &vpc.security_group_ids {
        text("the security group", id, is_id(id, "sg-"), "an id such as sg-0123456789abcdef0")?;
    }
    Ok(())
}

fn validate_replaced(replaced: &Replaced) -> Result<(), ScaffoldError> {
    match replaced {
        Replaced::Instance { id, region } => {
            text("the instance", id, is_id(id, "i-"), "an id such as i-0123456789abcdef0")?;
            text("the region of the instance", region, is_region(region), REGION)
        }
        Replaced::Service { cluster, service, region, desired_count, scaling } => {
            let rule = "1 to 255 letters, digits, hyphens and underscores";
            text("the cluster", cluster, is_of(cluster, "-_", 1, 255), rule)?;
            text("the service", service, is_of(service, "-_", 1, 255), rule)?;
            text("the region of the service", region, is_region(region), REGION)?;
            number("the desired count", *desired_count, 1, MOST_TASKS)?;
            match scaling {
                TaskScaling::Unknown | TaskScaling::Fixed => Ok(()),
                TaskScaling::Target(limits) => {
                    let most = limits.max_capacity;
                    number("the most tasks of its scalable target", most, 0, MOST_TASKS)?;
                    number("the fewest tasks of its scalable target", limits.min_capacity, 0, most)
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

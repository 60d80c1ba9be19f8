//! `es:ListDomainNames` and `es:DescribeDomains`: OpenSearch Service keeps its older name in IAM.

use aws_sdk_opensearch::types;
use futures::FutureExt;

use trimtab_model::resource::search_domain::{EbsOptions, SearchDomain};
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::{number, tags};

const LIST: &str = "es:ListDomainNames";
const DESCRIBE: &str = "es:DescribeDomains";
const LIST_TAGS: &str = "es:ListTags";

/// The most that one call describes.
const AT_ONCE: usize = 5;

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::SearchDomain,
    reach: Reach::Region,
    actions: &[LIST, DESCRIBE, LIST_TAGS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    // One answer holds every name; there are no pages.
    let answer = session
        .opensearch()
        .list_domain_names()
        .send()
        .await
        .map_err(|error| AwsError::of(LIST, &error))?;
    let names: Vec<String> = answer
        .domain_names
        .unwrap_or_default()
        .into_iter()
        .filter_map(|one| one.domain_name)
        .collect();
    for names in names.chunks(AT_ONCE) {
        let answer = session
            .opensearch()
            .describe_domains()
            .set_domain_names(Some(names.to_vec()))
            .send()
            .await
            .map_err(|error| AwsError::of(DESCRIBE, &error))?;
        for domain in answer.domain_status_list {
            let tags = tags_of(session, &domain.arn).await;
            let tags = part.detail(tags).unwrap_or_default();
            let name = domain.domain_name.clone();
            part.snapshot.search_domains.push(session.resource(name, tags, kind(domain)));
        }
    }
    Ok(())
}

async fn tags_of(session: &Session, arn: &str) -> Result<Tags, AwsError> {
    let answer = session
        .opensearch()
        .list_tags()
        .arn(arn)
        .send()
        .await
        .map_err(|error| AwsError::of(LIST_TAGS, &error))?;
    let pairs = answer.tag_list.unwrap_or_default().into_iter();
    Ok(tags::of_pairs(pairs.map(|tag| (Some(tag.key), Some(tag.value)))))
}

fn kind(domain: types::DomainStatus) -> SearchDomain {
    let is_set = |flag: Option<bool>| flag == Some(true);
    let config = domain.cluster_config;
    let masters = config.as_ref().filter(|config| is_set(config.dedicated_master_enabled));
    let warm = config.as_ref().filter(|config| is_set(config.warm_enabled));
    SearchDomain {
        is_changing: is_set(domain.processing)
            || is_set(domain.upgrade_processing)
            || is_set(domain.deleted),
        engine_version: domain.engine_version,
        instance_type: config
            .as_ref()
            .and_then(|config| config.instance_type.as_ref())
            .map(|word| word.as_str().to_owned()),
        instance_count: number::positive(config.as_ref().and_then(|config| config.instance_count)),
        dedicated_master_type: masters
            .and_then(|config| config.dedicated_master_type.as_ref())
            .map(|word| word.as_str().to_owned()),
        dedicated_master_count: number::positive(
            masters.and_then(|config| config.dedicated_master_count),
        ),
        warm_type: warm
            .and_then(|config| config.warm_type.as_ref())
            .map(|word| word.as_str().to_owned()),
        warm_count: number::positive(warm.and_then(|config| config.warm_count)),
        ebs_options: domain.ebs_options.filter(|options| is_set(options.ebs_enabled)).map(
            |options| EbsOptions {
                volume_type: options.volume_type.map(|word| word.as_str().to_owned()),
                volume_size_gib: number::positive(options.volume_size),
                iops: number::positive(options.iops),
                throughput_mib_s: number::positive(options.throughput),
            },
        ),
        arn: Some(domain.arn),
    }
}

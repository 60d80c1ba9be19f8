//! What has series of its own: a resource, or a part of it that CloudWatch names by one more
//! dimension.

use crate::id::ResourceId;
use crate::queue;
use crate::resource::{Resource, ResourceKind, ResourceRef};
use crate::snapshot::Snapshot;

impl Snapshot {
    /// Returns whatever may have a series of `namespace` for the resources of a kind.
    ///
    /// - Most resources are measured under their own id.
    /// - Each global secondary index of a DynamoDB table is measured apart from it, under the
    ///   end of its ARN: `<table>/index/<index>`.
    /// - The requests to an ECS service are counted by its target groups, under their ARNs.
    /// - The messages that an instance or an ECS service reads are counted by their queues, under the queues' names.
    pub fn measured(&self, kind: ResourceKind, namespace: &str) -> Vec<ResourceRef> {
        match (kind, namespace) {
            (ResourceKind::EcsService, "AWS/ApplicationELB") => {
                let services = self.ecs_services.iter();
                let mut groups: Vec<ResourceRef> = services
                    .flat_map(|service| {
                        service.kind.target_groups.iter().map(|group| part(service, kind, group))
                    })
                    .collect();
                groups.sort();
                groups.dedup();
                groups
            }
            (ResourceKind::Instance | ResourceKind::EcsService, queue::NAMESPACE) => {
                self.queues_of(kind)
            }
            (ResourceKind::DynamoTable, _) => {
                let indexes = self.dynamo_tables.iter().flat_map(|table| {
                    table.kind.indexes.iter().map(|index| {
                        part(table, kind, &index_name(table.id.as_str(), &index.index_name))
                    })
                });
                self.references(kind).into_iter().chain(indexes).collect()
            }
            _ => self.references(kind),
        }
    }
}

/// Returns what the series of a table's index are known by: the end of its ARN.
pub fn index_name(table: &str, index: &str) -> ResourceId {
    ResourceId::new(format!("{table}/index/{index}"))
}

fn part<K>(of: &Resource<K>, kind: ResourceKind, id: &ResourceId) -> ResourceRef {
    ResourceRef { id: id.clone(), ..of.reference(kind) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::environment::Environment;
    use crate::resource::Tags;
    use crate::resource::dynamo_table::{BillingMode, DynamoTable, TableIndex, Throughput};

    #[test]
    fn each_index_of_a_table_is_measured_beside_it() {
        let throughput = Throughput { read_capacity_units: 5, write_capacity_units: 5 };
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH);
        snapshot.dynamo_tables.push(Resource {
            id: "scores".into(),
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            tags: Tags::new(),
            kind: DynamoTable {
                table_arn: None,
                table_status: None,
                creation_date_time: None,
                billing_mode: BillingMode::Provisioned,
                throughput,
                indexes: vec![TableIndex {
                    index_name: "by-day".to_owned(),
                    throughput,
                    index_size_bytes: None,
                }],
                table_size_bytes: None,
                item_count: None,
                table_class: None,
                replica_count: 0,
                deletion_protection_enabled: None,
            },
        });
        let measured = snapshot.measured(ResourceKind::DynamoTable, "AWS/DynamoDB");
        let names: Vec<&str> = measured.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(names, ["scores", "scores/index/by-day"]);
    }
}

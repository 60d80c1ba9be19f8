//! The names under which metrics and bills know a database.

use trimtab_model::id::ResourceId;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;

/// Lists the names of a DB instance: the identifier, the ARN, the id that survives a rename.
pub fn of_instance(db: &Resource<DbInstance>) -> Vec<ResourceId> {
    let others = [&db.kind.db_instance_arn, &db.kind.dbi_resource_id];
    std::iter::once(db.id.clone())
        .chain(others.into_iter().flatten().map(|name| ResourceId::new(name.clone())))
        .collect()
}

/// Lists the names of a DB cluster; the bill calls its storage by the resource id.
pub fn of_cluster(cluster: &Resource<DbCluster>) -> Vec<ResourceId> {
    let kind = &cluster.kind;
    let by_resource_id = storage_arn(kind).map(ResourceId::new);
    let others = [&kind.db_cluster_arn, &kind.db_cluster_resource_id];
    std::iter::once(cluster.id.clone())
        .chain(others.into_iter().flatten().map(|name| ResourceId::new(name.clone())))
        .chain(by_resource_id)
        .collect()
}

/// Returns the ARN with the resource id in the place of the identifier.
pub fn storage_arn(cluster: &DbCluster) -> Option<String> {
    let (front, _) = cluster.db_cluster_arn.as_deref()?.rsplit_once(':')?;
    Some(format!("{front}:{}", cluster.db_cluster_resource_id.as_deref()?))
}

#[cfg(test)]
mod tests {
    use crate::scene::scene;

    #[test]
    fn a_cluster_is_billed_under_its_resource_id() {
        let scene = scene().db_cluster(|_| ());
        let names = super::of_cluster(&scene.snapshot.db_clusters[0]);
        assert!(names.contains(&"arn:aws:rds:us-east-1:111122223333:cluster:cluster-ABC".into()));
    }
}

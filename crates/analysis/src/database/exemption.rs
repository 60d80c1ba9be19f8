//! DB instances whose class is not decided one by one, and why.

use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::Verdict;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::text::Reason;

/// Returns the verdict on a DB instance whose class is not ours to judge alone.
pub fn verdict(db: &Resource<DbInstance>, all: &[Resource<DbInstance>]) -> Option<Verdict> {
    unchangeable(db).or_else(|| in_cluster(db, all))
}

/// Returns the verdict on a DB instance whose class cannot be changed now.
pub fn unchangeable(db: &Resource<DbInstance>) -> Option<Verdict> {
    let kind = &db.kind;
    let status = &kind.db_instance_status;
    if status != "available" {
        return Some(Verdict::Pass(Reason::new(
            "not-available",
            format!("Its status is {status}; a class changes only while available."),
            format!("상태가 {status}입니다. 클래스는 available 상태에서만 변경할 수 있습니다."),
        )));
    }
    let exempt = |code, en: String, ko: String| Some(Verdict::Exempt(Reason::new(code, en, ko)));
    if kind.db_instance_class.as_str() == "db.serverless" {
        return exempt(
            "serverless",
            "A serverless instance has no class to change.".to_owned(),
            "서버리스 인스턴스에는 변경할 클래스가 없습니다.".to_owned(),
        );
    }
    if kind.has_pending_modifications {
        return exempt(
            "pending-modifications",
            "Other modifications are pending; a class change now would apply them too.".to_owned(),
            "대기 중인 다른 변경 사항이 있습니다. 지금 클래스를 변경하면 함께 적용될 수 있습니다."
                .to_owned(),
        );
    }
    None
}

/// Returns the verdict on one of several members of a cluster.
pub fn in_cluster(db: &Resource<DbInstance>, all: &[Resource<DbInstance>]) -> Option<Verdict> {
    let cluster = db.kind.db_cluster_identifier.as_ref()?;
    let members = members(cluster, db, all);
    (members > 1).then(|| {
        Verdict::Exempt(Reason::new(
            "cluster-members-together",
            format!("It is one of {members} members of cluster {cluster}; any of them may become the writer, so they are sized together."),
            format!("클러스터 {cluster}의 멤버 {members}개 중 하나입니다. 어느 멤버든 라이터가 될 수 있으므로 함께 크기를 정해야 합니다."),
        ))
    })
}

fn members(cluster: &ResourceId, db: &Resource<DbInstance>, all: &[Resource<DbInstance>]) -> usize {
    all.iter()
        .filter(|other| {
            other.account == db.account
                && other.region == db.region
                && other.kind.db_cluster_identifier.as_ref() == Some(cluster)
        })
        .count()
}

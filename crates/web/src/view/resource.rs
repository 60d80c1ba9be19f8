//! What the page of a resource says: what it is, what it costs, how it is used, what it is bound to, and what was said
//! and done about it.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use trimtab_analysis::relation::relations;
use trimtab_app::failure::Failure;
use trimtab_model::analysis::{Passed, Unjudged};
use trimtab_model::money::Money;
use trimtab_model::recommendation::Recommendation;
use trimtab_model::relation::Relation;
use trimtab_model::resource::{ResourceKey, ResourceKind, ResourceRef, Tags};
use trimtab_model::text::Text;
use trimtab_store::cost::BilledAs;

use super::amount::{Amount, amount, english};
use super::resource_changes::{ResourceChange, ResourceDecision, changes, decisions};
use super::resource_cost::{ResourceCost, resource_cost};
use super::savings::moment;
use super::utilisation::{Utilisation, utilisation};
use crate::query::Query;
use crate::shared::{Shared, Visible};

/// What is known of one resource.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceDetail {
    /// `trimtab/v1/resource.show`.
    schema: &'static str,
    /// As its own service names it.
    resource_id: String,
    /// The CloudFormation type.
    resource_type: &'static str,
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// `dev`, `staging`, `prod` or `unknown`.
    environment: &'static str,
    /// Its `Name` tag.
    name: Option<String>,
    /// Its tags.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub(crate) tags: Tags,
    /// What the inventory says of it: which fields there are depends on its type.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    pub(crate) properties: Map<String, Value>,
    /// What it cost; null without a bill, and where the bills do not name it.
    pub(crate) cost: Option<ResourceCost>,
    /// How it was used.
    pub(crate) utilisation: Utilisation,
    /// What it is attached to and what depends on it, as far as the inventory says.
    related: Vec<Related>,
    /// What the latest analysis says of it, decided against or not.
    verdicts: Vec<Judged>,
    /// What was decided about its recommendations.
    pub(crate) decisions: Vec<ResourceDecision>,
    /// What trimtab did to it or plans to do, the newest plan first.
    pub(crate) changes: Vec<ResourceChange>,
    /// The resource.
    #[serde(skip)]
    pub(crate) resource: ResourceRef,
    /// The relations.
    #[serde(skip)]
    pub(crate) relations: Vec<Relation>,
    /// What of the analysis is about it.
    #[serde(skip)]
    pub(crate) said: Said,
}

/// Something that a resource is bound to.
#[derive(Debug, Serialize, ToSchema)]
struct Related {
    /// What the other is to it, such as `attached-to`.
    relation: &'static str,
    /// As its own service names it.
    resource_id: String,
    /// The CloudFormation type.
    resource_type: &'static str,
    /// Its account; null where the inventory does not have it.
    account: Option<String>,
    /// Its region; null where the inventory does not have it.
    region: Option<String>,
    /// Its `Name` tag.
    name: Option<String>,
}

/// What a check says.
#[derive(Debug, Serialize, ToSchema)]
struct Judged {
    /// The check.
    check: String,
    /// `recommended`, `unknown` or `passed`.
    verdict: &'static str,
    /// The recommendation; null where there is none.
    recommendation: Option<String>,
    /// What it saves a month; null where nothing is recommended.
    #[schema(value_type = Option<Amount>)]
    estimated_monthly_savings: Option<AmountOf>,
    /// Why.
    #[serde(serialize_with = "english")]
    #[schema(value_type = String)]
    reason: Text,
}

/// An amount, as the API writes it.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct AmountOf(#[serde(serialize_with = "amount")] Money);

/// What the latest analysis says of a resource.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// What is recommended.
    pub(crate) recommendations: Vec<Recommendation>,
    /// What needs no change.
    pub(crate) passed: Vec<Passed>,
    /// What could not be judged.
    pub(crate) unknown: Vec<Unjudged>,
}

/// Returns what tells the resource of an address from every other.
///
/// # Errors
/// Fails where a part is missing, and on a type that is none.
fn key(query: &Query) -> Result<ResourceKey, Failure> {
    let part = |name: &str| {
        query.get(name).filter(|text| !text.is_empty()).ok_or_else(|| {
            Failure::usage(
                (format!("`{name}` is missing"), format!("값이 없습니다: `{name}`")),
                (
                    "give kind, account, region and id, as the list of resources has them",
                    "kind, account, region, id를 자원 목록에 있는 그대로 모두 지정하세요",
                ),
            )
        })
    };
    let word = part("kind")?;
    let kind = ResourceKind::ALL.iter().copied().find(|one| one.as_str() == word);
    let kind = kind.ok_or_else(|| {
        Failure::usage(
            (
                format!("`{word}` is not a type that trimtab reads"),
                format!("trimtab이 읽지 않는 자원 종류입니다: `{word}`"),
            ),
            (
                "write it as CloudFormation does, such as AWS::EC2::Instance",
                "AWS::EC2::Instance처럼 CloudFormation의 이름으로 쓰세요",
            ),
        )
    })?;
    Ok((part("account")?.into(), part("region")?.into(), kind, part("id")?.into()))
}

/// Returns what is known of the resource that an address names; none where the inventory does not have it.
///
/// # Errors
/// Fails where the address does not name one, and if the store cannot be read.
pub(crate) fn resource(shared: &Shared, query: &Query) -> Result<Option<ResourceDetail>, Failure> {
    let key = key(query)?;
    let Some(snapshot) = shared.inventory()? else { return Ok(None) };
    let Some((resource, tags)) = snapshot.find(&key) else { return Ok(None) };
    let visible = shared.analysis()?;
    let properties = snapshot.properties(&key).unwrap_or_default();
    let moment = moment(visible.as_ref());
    let until = visible.as_ref().map_or(moment, |visible| visible.whole.as_of);
    let said = said(shared, visible.as_ref(), &resource)?;
    let relations = relations(&snapshot, &resource);
    let billed_as = BilledAs::of(&resource, arns(&resource, &properties));
    Ok(Some(ResourceDetail {
        schema: "trimtab/v1/resource.show",
        resource_id: resource.id.to_string(),
        resource_type: resource.kind.as_str(),
        account: resource.account.to_string(),
        region: resource.region.to_string(),
        environment: resource.environment.as_str(),
        name: resource.name.clone(),
        tags: tags.clone(),
        properties,
        cost: resource_cost(shared, billed_as)?,
        utilisation: utilisation(shared, &resource, until)?,
        related: relations.iter().map(Related::of).collect(),
        verdicts: said.judged(),
        decisions: decisions(shared, &said.recommendations)?,
        changes: changes(shared, &resource)?,
        resource,
        relations,
        said,
    }))
}

/// Properties that are an ARN of another resource: the bill names that by it.
const OF_OTHERS: [&str; 3] =
    ["cluster_namespace_arn", "source_db_cluster_snapshot_arn", "target_group_arn"];

/// Returns the names that the inventory gives a resource besides its own: its ARNs, and what its storage is called.
fn arns(resource: &ResourceRef, properties: &Map<String, Value>) -> Vec<String> {
    // What is provisioned of a function is on the bill by the function, which all of its aliases share.
    if resource.kind == ResourceKind::ProvisionedConcurrency {
        return Vec::new();
    }
    let texts =
        properties.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let mut names: Vec<String> = Vec::new();
    for (name, text) in texts {
        let is_arn = name == "arn" || name.ends_with("_arn");
        if is_arn && !OF_OTHERS.contains(&name) {
            names.push(text.to_owned());
        }
        // The storage of a cluster is on the bill by a name that survives a rename; its snapshots have that name too.
        if name == "db_cluster_resource_id" && resource.kind == ResourceKind::DbCluster {
            let (account, region) = (&resource.account, &resource.region);
            names.push(format!("arn:aws:rds:{region}:{account}:cluster:{text}"));
        }
    }
    names
}

fn said(
    shared: &Shared,
    visible: Option<&Visible>,
    resource: &ResourceRef,
) -> Result<Said, Failure> {
    let Some(visible) = visible else { return Ok(Said::default()) };
    let analysis = &visible.whole;
    let of = |one: &ResourceRef| one.key() == resource.key();
    Ok(Said {
        recommendations: analysis.items.iter().filter(|one| of(&one.resource)).cloned().collect(),
        passed: shared.passed(resource)?,
        unknown: analysis.unknown.iter().filter(|one| of(&one.resource)).cloned().collect(),
    })
}

impl Said {
    fn judged(&self) -> Vec<Judged> {
        let recommended = self.recommendations.iter().map(|item| Judged {
            check: item.check.to_string(),
            verdict: "recommended",
            recommendation: Some(item.id.to_string()),
            estimated_monthly_savings: Some(AmountOf(item.estimated_monthly_savings.likely)),
            reason: item.reason.text.clone(),
        });
        let without = |check: String, verdict, reason: &Text| Judged {
            check,
            verdict,
            recommendation: None,
            estimated_monthly_savings: None,
            reason: reason.clone(),
        };
        let unknown = self.unknown.iter();
        let unknown =
            unknown.map(|one| without(one.check.to_string(), "unknown", &one.unknown.reason.text));
        let passed = self
            .passed
            .iter()
            .map(|one| without(one.check.to_string(), "passed", &one.reason.text));
        recommended.chain(unknown).chain(passed).collect()
    }
}

impl Related {
    fn of(relation: &Relation) -> Self {
        let known = relation.resource.as_ref();
        Self {
            relation: relation.as_str(),
            resource_id: relation.id.clone(),
            resource_type: relation.kind,
            account: known.map(|one| one.account.to_string()),
            region: known.map(|one| one.region.to_string()),
            name: known.and_then(|one| one.name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_resource_by_all_four_parts() {
        let whole = "kind=AWS::EC2::Volume&account=1&region=r&id=arn:aws:x/y";
        let (account, region, kind, id) = key(&Query::of(whole)).unwrap();
        assert_eq!((account.as_str(), region.as_str(), id.as_str()), ("1", "r", "arn:aws:x/y"));
        assert_eq!(kind, ResourceKind::Volume);
        for wrong in
            ["kind=AWS::EC2::Volume&account=1&region=r", "kind=Nothing&account=1&region=r&id=x"]
        {
            assert!(key(&Query::of(wrong)).is_err(), "{wrong}");
        }
    }
}

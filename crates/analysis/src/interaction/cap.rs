//! Savings never exceed what is paid: per resource, per account, for the whole bill.
//!
//! Where the sum of estimates is above the cost on the bill, each is reduced in
//! proportion and says so. Currencies stay apart. What the bill does not name is not
//! capped by it. What depends on a repair gets what the rest leaves.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use trimtab_model::charge::{Charges, Cost, ResourceCharge};
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::{RecommendationId, ResourceId, SubAccountId};
use trimtab_model::money::{Currency, Money, exact_sum};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{Estimate, Recommendation};
use trimtab_model::resource::ResourceRef;
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Text;

use crate::database::names;
use crate::interaction::overlap::members;
use crate::interaction::transfers;
use crate::saving::AMOUNT_DECIMALS;

/// A cost on the bill that savings may not exceed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Resource,
    Account,
    Bill,
}

/// Reduces the savings of `items` until no cost on the bill is exceeded.
///
/// The result does not depend on the order of `items`.
pub fn cap(items: &mut [Recommendation], snapshot: &Snapshot, charges: &Charges) {
    let Some(factor) = charges.monthly_factor() else { return };
    items.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.check.cmp(&b.check)));
    let names = Names::of(snapshot);
    transfers::leave_to_removals(items, &names, charges, factor);

    let mut resources: BTreeMap<
        (SubAccountId, ResourceId, Currency),
        (Decimal, Vec<RecommendationId>),
    > = BTreeMap::new();
    for item in items.iter() {
        let currency = item.estimated_monthly_savings.currency();
        let Some(cost) = resource_cost(item, &names, charges, currency, factor) else { continue };
        // Two kinds may share an identifier: the larger cost is the sum that both may save.
        let key = (item.resource.account.clone(), item.resource.id.clone(), currency);
        let entry = resources.entry(key).or_insert((cost, Vec::new()));
        entry.0 = entry.0.max(cost);
        entry.1.push(item.id.clone());
    }
    for ((_, _, currency), (cost, members)) in resources {
        reduce(items, currency, cost, Limit::Resource, |item| members.contains(&item.id));
    }
    for ((account, currency), cost) in &charges.by_account {
        let cost = monthly(cost, factor);
        reduce(items, *currency, cost, Limit::Account, |item| item.resource.account == *account);
    }
    for (currency, cost) in &charges.totals {
        reduce(items, *currency, monthly(cost, factor), Limit::Bill, |_| true);
    }
}

fn monthly(cost: &Cost, factor: Decimal) -> Decimal {
    cost.effective.times(factor).map_or(Decimal::MAX, |money| money.amount)
}

/// The other names under which a bill may know a resource.
pub(super) struct Names(BTreeMap<ResourceId, Vec<ResourceId>>);

impl Names {
    fn of(snapshot: &Snapshot) -> Self {
        let mut known: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
        let mut add = |id: &ResourceId, other: &Option<String>| {
            if let Some(other) = other {
                known.entry(id.clone()).or_default().push(ResourceId::new(other.clone()));
            }
        };
        for db in &snapshot.db_instances {
            add(&db.id, &db.kind.db_instance_arn);
            add(&db.id, &db.kind.dbi_resource_id);
        }
        for group in &snapshot.log_groups {
            add(&group.id, &group.kind.arn);
        }
        for function in &snapshot.functions {
            add(&function.id, &function.kind.function_arn);
        }
        for file_system in &snapshot.file_systems {
            add(&file_system.id, &file_system.kind.file_system_arn);
        }
        for repository in &snapshot.repositories {
            add(&repository.id, &repository.kind.repository_arn);
        }
        for alarm in &snapshot.alarms {
            add(&alarm.id, &alarm.kind.alarm_arn);
        }
        for trail in &snapshot.trails {
            add(&trail.id, &trail.kind.trail_arn);
        }
        for reservation in &snapshot.capacity_reservations {
            add(&reservation.id, &reservation.kind.capacity_reservation_arn);
        }
        for balancer in &snapshot.load_balancers {
            add(&balancer.id, &Some(balancer.kind.load_balancer_name.clone()));
        }
        for cluster in &snapshot.db_clusters {
            add(&cluster.id, &cluster.kind.db_cluster_arn);
            add(&cluster.id, &cluster.kind.db_cluster_resource_id);
            add(&cluster.id, &names::storage_arn(&cluster.kind));
            for member in &cluster.kind.db_cluster_members {
                add(&cluster.id, &Some(member.db_instance_identifier.to_string()));
            }
        }
        for cluster in &snapshot.cache_clusters {
            add(&cluster.id, &cluster.kind.arn);
            // The first node of a group stands for all of them.
            let group = cluster.kind.replication_group.as_ref();
            let first = group.and_then(|group| group.member_clusters.first());
            if let Some(first) = first.filter(|first| **first != cluster.id) {
                add(first, &Some(cluster.id.to_string()));
                add(first, &cluster.kind.arn);
            }
        }
        for snapshot in &snapshot.db_snapshots {
            add(&snapshot.id, &snapshot.kind.db_snapshot_arn);
        }
        for snapshot in &snapshot.db_cluster_snapshots {
            add(&snapshot.id, &snapshot.kind.db_cluster_snapshot_arn);
        }
        for cache in &snapshot.serverless_caches {
            add(&cache.id, &cache.kind.arn);
        }
        for cluster in &snapshot.memory_db_clusters {
            add(&cluster.id, &cluster.kind.arn);
        }
        for cluster in &snapshot.redshift_clusters {
            add(&cluster.id, &cluster.kind.arn);
            add(&cluster.id, &cluster.kind.cluster_namespace_arn);
        }
        for domain in &snapshot.search_domains {
            add(&domain.id, &domain.kind.arn);
        }
        for table in &snapshot.dynamo_tables {
            add(&table.id, &table.kind.table_arn);
        }
        for concurrency in &snapshot.provisioned_concurrency {
            add(&concurrency.id, &concurrency.kind.function_arn);
        }
        for cluster in &snapshot.emr_clusters {
            add(&cluster.id, &cluster.kind.cluster_arn);
        }
        for endpoint in &snapshot.model_endpoints {
            add(&endpoint.id, &endpoint.kind.endpoint_arn);
        }
        for notebook in &snapshot.notebook_instances {
            add(&notebook.id, &notebook.kind.notebook_instance_arn);
        }
        for app in &snapshot.studio_apps {
            add(&app.id, &app.kind.app_arn);
        }
        for service in &snapshot.ecs_services {
            add(&service.id, &service.kind.service_arn);
        }
        for cluster in &snapshot.eks_clusters {
            add(&cluster.id, &cluster.kind.arn);
        }
        Self(known)
    }

    pub(super) fn all(&self, resource: &ResourceRef) -> Vec<ResourceId> {
        let mut all = vec![resource.id.clone()];
        all.extend(self.0.get(&resource.id).into_iter().flatten().cloned());
        all.sort();
        all.dedup();
        all
    }
}

/// Returns what the bill says the resource costs a month, with what goes away with it.
fn resource_cost(
    item: &Recommendation,
    names: &Names,
    charges: &Charges,
    currency: Currency,
    factor: Decimal,
) -> Option<Decimal> {
    let mut ids = names.all(&item.resource);
    ids.extend(members(&item.action).into_iter().flat_map(|(_, members)| members));
    // A member may be named once per kind that it might be.
    ids.sort();
    ids.dedup();
    let counts = |charge: &&ResourceCharge| {
        charge.charge_category == ChargeCategory::Usage
            && charge.cost.effective.currency == currency
            && charge.account.as_ref().is_none_or(|account| *account == item.resource.account)
    };
    let amounts: Vec<Decimal> = ids
        .iter()
        .flat_map(|id| charges.of_resource(id))
        .filter(counts)
        .map(|charge| charge.cost.effective.amount)
        .collect();
    if amounts.is_empty() {
        return None;
    }
    let sum = amounts.iter().try_fold(Decimal::ZERO, |sum, amount| exact_sum(sum, *amount))?;
    sum.checked_mul(factor)
}

/// Reduces the members' savings where their sum is above `cost`: those at list prices
/// first, and what the bill proves only when it is too much by itself.
fn reduce(
    items: &mut [Recommendation],
    currency: Currency,
    cost: Decimal,
    limit: Limit,
    is_member: impl Fn(&Recommendation) -> bool,
) {
    let cost = cost.max(Decimal::ZERO);
    let is_member = &|item: &Recommendation| {
        item.estimated_monthly_savings.currency() == currency && is_member(item)
    };
    share(items, cost, Decimal::ZERO, limit, &|item: &Recommendation| {
        is_member(item) && !item.is_conditional()
    });
    if !items.iter().any(|item| is_member(item) && item.is_conditional()) {
        return;
    }
    // In the best case of the rest the least is left.
    let taken = items
        .iter()
        .filter(|item| is_member(item) && !item.is_conditional())
        .try_fold(Decimal::ZERO, |sum, item| {
            exact_sum(sum, item.estimated_monthly_savings.high.amount)
        });
    let taken = taken.unwrap_or(Decimal::MAX);
    share(items, cost, taken, limit, &|item: &Recommendation| {
        is_member(item) && item.is_conditional()
    });
}

/// Shares what is left of a cost among the members.
fn share(
    items: &mut [Recommendation],
    cost: Decimal,
    taken: Decimal,
    limit: Limit,
    is_member: &impl Fn(&Recommendation) -> bool,
) {
    let cost = cost.saturating_sub(taken).max(Decimal::ZERO);
    let room = |of: fn(&Estimate) -> Money| Room::of(items, of, cost, is_member);
    let low = room(|estimate| estimate.low);
    let likely = room(|estimate| estimate.likely);
    let high = room(|estimate| estimate.high);
    if high.suffices() && likely.suffices() && low.suffices() {
        return;
    }
    for item in items.iter_mut().filter(|item| is_member(item)) {
        let estimate = &mut item.estimated_monthly_savings;
        let estimate_currency = estimate.currency();
        let before = (estimate.low.amount, estimate.likely.amount, estimate.high.amount);
        estimate.high.amount = high.share_of(estimate.high, estimate.basis);
        estimate.likely.amount = likely.share_of(estimate.likely, estimate.basis);
        estimate.low.amount = low.share_of(estimate.low, estimate.basis);
        let highest = estimate.high.amount;
        settle(estimate, highest);
        // The other options save no more than the one that is recommended.
        let recommended = estimate.likely.amount;
        for option in &mut item.options {
            let savings = &mut option.estimated_monthly_savings;
            if savings.currency() == estimate_currency {
                savings.likely.amount = savings.likely.amount.min(recommended);
                settle(savings, highest);
            }
        }
        let estimate = &item.estimated_monthly_savings;
        let after = (estimate.low.amount, estimate.likely.amount, estimate.high.amount);
        if before != after {
            item.evidence.notes.push(note(limit));
        }
    }
}

/// How much of a cost is left for savings, in two parts: what the bill proves comes first,
/// and what rests on list prices shares the rest.
struct Room {
    proven: Decimal,
    listed: Decimal,
    cost: Decimal,
}

impl Room {
    fn of(
        items: &[Recommendation],
        of: fn(&Estimate) -> Money,
        cost: Decimal,
        is_member: impl Fn(&Recommendation) -> bool,
    ) -> Self {
        let mut room = Self { proven: Decimal::ZERO, listed: Decimal::ZERO, cost };
        for item in items.iter().filter(|item| is_member(item)) {
            let estimate = &item.estimated_monthly_savings;
            let part = match estimate.basis {
                PriceBasis::Bill => &mut room.proven,
                PriceBasis::List | PriceBasis::Estimated => &mut room.listed,
            };
            *part = exact_sum(*part, of(estimate).amount).unwrap_or(Decimal::MAX);
        }
        room
    }

    fn suffices(&self) -> bool {
        exact_sum(self.proven, self.listed).is_some_and(|sum| sum <= self.cost)
    }

    fn share_of(&self, amount: Money, basis: PriceBasis) -> Decimal {
        match basis {
            PriceBasis::Bill => scaled(amount.amount, self.proven, self.cost),
            PriceBasis::List | PriceBasis::Estimated => {
                let left = self.cost.saturating_sub(self.proven).max(Decimal::ZERO);
                scaled(amount.amount, self.listed, left)
            }
        }
    }
}

/// Holds an estimate below `limit` and its parts in order.
fn settle(estimate: &mut Estimate, limit: Decimal) {
    estimate.high.amount = estimate.high.amount.min(limit);
    estimate.likely.amount = estimate.likely.amount.min(estimate.high.amount);
    estimate.low.amount = estimate.low.amount.min(estimate.likely.amount);
    estimate.cost_after.amount = estimate.cost_now.amount.saturating_sub(estimate.likely.amount);
}

/// Returns `amount` × `cost` / `sum`, rounded towards zero so that no sum grows back.
fn scaled(amount: Decimal, sum: Decimal, cost: Decimal) -> Decimal {
    if sum <= cost {
        return amount;
    }
    let share = cost.checked_div(sum).unwrap_or(Decimal::ZERO);
    let share = share.round_dp_with_strategy(27, RoundingStrategy::ToZero);
    amount
        .checked_mul(share)
        .unwrap_or(Decimal::ZERO)
        .round_dp_with_strategy(AMOUNT_DECIMALS, RoundingStrategy::ToZero)
}

fn note(limit: Limit) -> Text {
    let (en, ko) = match limit {
        Limit::Resource => ("what the bill says the resource costs", "청구서의 자원 비용"),
        Limit::Account => ("what the bill says the account costs", "청구서의 계정 비용"),
        Limit::Bill => ("the whole bill", "전체 청구 금액"),
    };
    Text::new(
        format!("The saving is reduced so that the sum of savings stays within {en}."),
        format!("절감액 합계가 {ko}을 넘지 않도록 줄였습니다."),
    )
}

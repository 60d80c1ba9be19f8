//! `ec2:DescribeCapacityReservations`.

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::capacity_reservation::CapacityReservation;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

pub(crate) const DESCRIBE: &str = "ec2:DescribeCapacityReservations";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::CapacityReservation,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.ec2().describe_capacity_reservations().max_results(500);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for reservation in page.capacity_reservations.unwrap_or_default() {
            // Reservations that others share with this account are theirs to give back.
            let owner = reservation.owner_id.as_deref();
            if owner.is_some_and(|owner| owner != session.account().as_str()) {
                continue;
            }
            let tags = tags::ec2(reservation.tags.clone());
            let Some(id) = reservation.capacity_reservation_id.clone() else { continue };
            let Some(kind) = kind(reservation) else { continue };
            part.snapshot.capacity_reservations.push(session.resource(id, tags, kind));
        }
    })
    .await
}

fn kind(reservation: types::CapacityReservation) -> Option<CapacityReservation> {
    let commitment = reservation.commitment_info.and_then(|info| info.commitment_end_date);
    Some(CapacityReservation {
        capacity_reservation_arn: reservation.capacity_reservation_arn,
        instance_type: reservation.instance_type?.into(),
        instance_platform: reservation.instance_platform.map(|word| word.as_str().to_owned()),
        availability_zone: reservation.availability_zone,
        tenancy: reservation.tenancy.map(|word| word.as_str().to_owned()),
        total_instance_count: number::count(reservation.total_instance_count),
        available_instance_count: number::count(reservation.available_instance_count),
        state: reservation.state?.as_str().to_owned(),
        create_date: moment::optional(reservation.create_date.as_ref()),
        end_date: moment::optional(reservation.end_date.as_ref()),
        instance_match_criteria: reservation
            .instance_match_criteria
            .map(|word| word.as_str().to_owned()),
        reservation_type: reservation.reservation_type.map(|word| word.as_str().to_owned()),
        capacity_reservation_fleet_id: reservation
            .capacity_reservation_fleet_id
            .filter(|id| !id.is_empty()),
        commitment_end_date: moment::optional(commitment.as_ref()),
        unused_reservation_billing_owner_id: reservation.unused_reservation_billing_owner_id,
    })
}

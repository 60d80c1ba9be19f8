//! On-Demand Capacity Reservations and Capacity Blocks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::InstanceType;

/// What `describe-capacity-reservations` says of one reservation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapacityReservation {
    /// `CapacityReservationArn`, under which some bills know it.
    pub capacity_reservation_arn: Option<String>,
    /// `InstanceType`.
    pub instance_type: InstanceType,
    /// `InstancePlatform`, such as `Linux/UNIX`.
    pub instance_platform: Option<String>,
    /// `AvailabilityZone`.
    pub availability_zone: Option<String>,
    /// `Tenancy`.
    pub tenancy: Option<String>,
    /// `TotalInstanceCount`.
    pub total_instance_count: Option<u32>,
    /// `AvailableInstanceCount`: the seats that nothing runs in.
    pub available_instance_count: Option<u32>,
    /// `State`, such as `active`.
    pub state: String,
    /// `CreateDate`.
    pub create_date: Option<Timestamp>,
    /// `EndDate`, where it ends by itself.
    pub end_date: Option<Timestamp>,
    /// `InstanceMatchCriteria`: `open` or `targeted`.
    pub instance_match_criteria: Option<String>,
    /// `ReservationType`: `default`, or `capacity-block`, which is paid in advance.
    pub reservation_type: Option<String>,
    /// `CapacityReservationFleetId`, where a fleet made it.
    pub capacity_reservation_fleet_id: Option<String>,
    /// `CommitmentInfo.CommitmentEndDate`: until then a future-dated one may not be given back.
    pub commitment_end_date: Option<Timestamp>,
    /// `UnusedReservationBillingOwnerId`: another account pays for empty seats.
    pub unused_reservation_billing_owner_id: Option<String>,
}

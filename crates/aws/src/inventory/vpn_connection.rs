//! `ec2:DescribeVpnConnections`.
//!
//! The answer carries the configuration of the customer's router with its keys. It is
//! dropped here: nothing of ours has a field for it.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::vpn_connection::{VpnConnection, VpnTunnel};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "ec2:DescribeVpnConnections";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::VpnConnection,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let answer = session
        .ec2()
        .describe_vpn_connections()
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    for connection in answer.vpn_connections.unwrap_or_default() {
        let Some(id) = connection.vpn_connection_id else { continue };
        let kind = VpnConnection {
            state: connection.state.map(|word| word.as_str().to_owned()),
            customer_gateway_id: connection.customer_gateway_id,
            vpn_gateway_id: connection.vpn_gateway_id,
            transit_gateway_id: connection.transit_gateway_id,
            tunnels: connection
                .vgw_telemetry
                .unwrap_or_default()
                .into_iter()
                .filter_map(|tunnel| {
                    Some(VpnTunnel {
                        last_status_change: moment::optional(tunnel.last_status_change.as_ref()),
                        status: tunnel.status?.as_str().to_owned(),
                    })
                })
                .collect(),
        };
        part.snapshot.vpn_connections.push(session.resource(id, tags::ec2(connection.tags), kind));
    }
    Ok(())
}

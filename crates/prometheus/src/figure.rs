//! The figures that are read, and the PromQL of each.
//!
//! Each has the name, the unit and the statistic of the metric of CloudWatch that it stands in
//! for, over the same 5 minutes: a query at 10:05 tells of the interval that starts at 10:00.
//!
//! - Shares and counts at a moment are the highest (or lowest) of the samples in the interval.
//! - `CPUUtilization` with `Maximum` is the busiest of the interval's 5 minutes, as CloudWatch's
//!   is: the share of time that is not idle, over all processors. A minute needs two scrapes;
//!   where they are a minute apart, the two minutes up to then take its place. Scraped more
//!   seldom, a machine has `Average` only. Waiting for a disk counts as use, so that this errs on
//!   the side of more. The share is of the time that the counters saw: a rate alone is of the
//!   whole range, and would take a gap between scrapes for work.
//! - Amounts (`Sum`) are the increase of a counter over the interval.
//! - EBS is what is done to disks whose model says that they are EBS; instance store is not.
//!   On Xen and on Windows no model says so, and there is no such figure.
//! - Network is that of the interfaces that EC2 gives a machine, without bridges and tunnels,
//!   whose bytes pass through those again.
//!
//! Where Prometheus has the same target twice (a pair for high availability, two jobs), the
//! larger figure counts. They are never added.

use trimtab_model::metric::{PROMETHEUS, Statistic};

use crate::exporter::Exporter;
use crate::selector;

/// One series that is read of each target of an exporter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Whose targets have it.
    pub exporter: Exporter,
    /// The metric's name.
    pub metric: &'static str,
    /// The statistic.
    pub statistic: Statistic,
    /// A vector with the labels of the target. `$match` stands for the matchers of targets.
    promql: Promql,
}

/// How a figure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promql {
    /// At the end of the interval, about the whole of it.
    Once(&'static str),
    /// Each minute of the interval, about the minute (`$minute`); the highest counts.
    EachMinute(&'static str),
}

/// Every figure.
pub const FIGURES: &[Figure] = &[
    of(Exporter::Node, "CPUUtilization", Statistic::Maximum, Promql::EachMinute(NODE_CPU)),
    of(Exporter::Node, "CPUUtilization", Statistic::Average, Promql::Once(NODE_CPU)),
    of(
        Exporter::Node,
        "mem_used_percent",
        Statistic::Maximum,
        Promql::Once(
            "100 * (1 - min_over_time(node_memory_MemAvailable_bytes{$match}[5m]) / max_over_time(node_memory_MemTotal_bytes{$match}[5m]))",
        ),
    ),
    of(
        Exporter::Node,
        "swap_used_percent",
        Statistic::Maximum,
        Promql::Once(
            "100 * (1 - min_over_time(node_memory_SwapFree_bytes{$match}[5m]) / max_over_time(node_memory_SwapTotal_bytes{$match}[5m]))",
        ),
    ),
    of(
        Exporter::Node,
        "disk_used_percent",
        Statistic::Maximum,
        Promql::Once(
            "100 * (1 - min_over_time(node_filesystem_avail_bytes{fstype=~\"ext[234]|xfs|btrfs|zfs\",$match}[5m]) / max_over_time(node_filesystem_size_bytes{fstype=~\"ext[234]|xfs|btrfs|zfs\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Node,
        "NetworkIn",
        Statistic::Sum,
        Promql::Once(
            "sum without (device) (increase(node_network_receive_bytes_total{device=~\"eth[0-9]+|en[spoX][0-9a-zA-Z]*\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Node,
        "NetworkOut",
        Statistic::Sum,
        Promql::Once(
            "sum without (device) (increase(node_network_transmit_bytes_total{device=~\"eth[0-9]+|en[spoX][0-9a-zA-Z]*\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Node,
        "EBSReadBytes",
        Statistic::Sum,
        Promql::Once(
            "sum without (device) (increase(node_disk_read_bytes_total{$match}[5m]) and on ($key, device) node_disk_info{model=~\"Amazon.Elastic.Block.Store.*\",$match})",
        ),
    ),
    of(
        Exporter::Node,
        "EBSWriteBytes",
        Statistic::Sum,
        Promql::Once(
            "sum without (device) (increase(node_disk_written_bytes_total{$match}[5m]) and on ($key, device) node_disk_info{model=~\"Amazon.Elastic.Block.Store.*\",$match})",
        ),
    ),
    of(
        Exporter::Node,
        "EBSReadOps",
        Statistic::Sum,
        Promql::Once(
            "sum without (device) (increase(node_disk_reads_completed_total{$match}[5m]) and on ($key, device) node_disk_info{model=~\"Amazon.Elastic.Block.Store.*\",$match})",
        ),
    ),
    of(
        Exporter::Node,
        "EBSWriteOps",
        Statistic::Sum,
        Promql::Once(
            "sum without (device) (increase(node_disk_writes_completed_total{$match}[5m]) and on ($key, device) node_disk_info{model=~\"Amazon.Elastic.Block.Store.*\",$match})",
        ),
    ),
    of(Exporter::Windows, "CPUUtilization", Statistic::Maximum, Promql::EachMinute(WINDOWS_CPU)),
    of(Exporter::Windows, "CPUUtilization", Statistic::Average, Promql::Once(WINDOWS_CPU)),
    of(
        Exporter::Windows,
        "mem_used_percent",
        Statistic::Maximum,
        Promql::Once(
            "100 * (1 - (min_over_time(windows_memory_available_bytes{$match}[5m]) or min_over_time(windows_os_physical_memory_free_bytes{$match}[5m])) / (max_over_time(windows_memory_physical_total_bytes{$match}[5m]) or max_over_time(windows_cs_physical_memory_bytes{$match}[5m])))",
        ),
    ),
    of(
        Exporter::Windows,
        "Memory % Committed Bytes In Use",
        Statistic::Maximum,
        Promql::Once(
            "100 * max_over_time(windows_memory_committed_bytes{$match}[5m]) / min_over_time(windows_memory_commit_limit{$match}[5m])",
        ),
    ),
    of(
        Exporter::Windows,
        "swap_used_percent",
        Statistic::Maximum,
        Promql::Once(
            "100 * (1 - (sum without (file) (min_over_time(windows_pagefile_free_bytes{$match}[5m])) or min_over_time(windows_os_paging_free_bytes{$match}[5m])) / (sum without (file) (max_over_time(windows_pagefile_limit_bytes{$match}[5m])) or max_over_time(windows_os_paging_limit_bytes{$match}[5m])))",
        ),
    ),
    of(
        Exporter::Windows,
        "disk_used_percent",
        Statistic::Maximum,
        Promql::Once(
            "100 * (1 - min_over_time(windows_logical_disk_free_bytes{volume!~\"HarddiskVolume.*\",$match}[5m]) / max_over_time(windows_logical_disk_size_bytes{volume!~\"HarddiskVolume.*\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Windows,
        "NetworkIn",
        Statistic::Sum,
        Promql::Once(
            "sum without (nic) (increase(windows_net_bytes_received_total{nic=~\"(?i)(amazon.elastic.network.adapter|aws.pv.network.device|intel.*82599).*\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Windows,
        "NetworkOut",
        Statistic::Sum,
        Promql::Once(
            "sum without (nic) (increase(windows_net_bytes_sent_total{nic=~\"(?i)(amazon.elastic.network.adapter|aws.pv.network.device|intel.*82599).*\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Mysqld,
        "DatabaseConnections",
        Statistic::Maximum,
        Promql::Once("max_over_time(mysql_global_status_threads_connected{$match}[5m])"),
    ),
    of(
        Exporter::Mysqld,
        "max_connections",
        Statistic::Maximum,
        Promql::Once("max_over_time(mysql_global_variables_max_connections{$match}[5m])"),
    ),
    of(
        Exporter::Mysqld,
        "innodb_buffer_pool_size",
        Statistic::Maximum,
        Promql::Once("max_over_time(mysql_global_variables_innodb_buffer_pool_size{$match}[5m])"),
    ),
    of(
        Exporter::Mysqld,
        "innodb_buffer_pool_used_percent",
        Statistic::Average,
        Promql::Once(
            "100 * sum without (state) (avg_over_time(mysql_global_status_buffer_pool_pages{state=~\"data|misc\",$match}[5m])) / sum without (state) (avg_over_time(mysql_global_status_buffer_pool_pages{state=~\"data|misc|free\",$match}[5m]))",
        ),
    ),
    of(
        Exporter::Mysqld,
        "mysql_queries",
        Statistic::Sum,
        Promql::Once("increase(mysql_global_status_queries{$match}[5m])"),
    ),
];

/// One processor's time tells how much of the range was seen at all.
const NODE_CPU: &str = "100 - 100 * avg without (cpu, mode) (rate(node_cpu_seconds_total{mode=\"idle\",$match}[$minute])) / sum without (cpu, mode) (rate(node_cpu_seconds_total{cpu=\"0\",$match}[$minute]))";
/// The same. Interrupts are a part of what Windows calls privileged.
const WINDOWS_CPU: &str = "100 - 100 * avg without (core, mode) (rate(windows_cpu_time_total{mode=\"idle\",$match}[$minute])) / sum without (core, mode) (rate(windows_cpu_time_total{core=\"0,0\",mode=~\"idle|privileged|user\",$match}[$minute]))";

const fn of(
    exporter: Exporter,
    metric: &'static str,
    statistic: Statistic,
    promql: Promql,
) -> Figure {
    Figure { exporter, metric, statistic, promql }
}

impl Figure {
    /// Returns its name among the marks of what was read.
    pub fn series(&self) -> String {
        format!("{PROMETHEUS} {} {}", self.metric, self.statistic)
    }

    /// Returns the query for the targets with one of `values` in the label `key`, of which
    /// each is one series of the answer.
    pub(crate) fn query(&self, key: &str, values: &[&str], also: &str) -> String {
        let mut matchers = selector::one_of(key, values);
        if !also.is_empty() {
            matchers.push(',');
            matchers.push_str(also);
        }
        let one = |promql: &str, minute: &str| {
            let promql = promql.replace("$minute", minute).replace("$key", key);
            // Last, so that nothing in a value is taken for a placeholder.
            format!("max by ({key}) ({})", promql.replace("$match", &matchers))
        };
        let whole = match self.promql {
            Promql::Once(promql) => one(promql, "5m"),
            // A second less than 5 minutes: the minute before the interval is not looked at,
            // whichever end of a range the server takes to be inside.
            Promql::EachMinute(promql) => {
                let minutes = format!("{} or {}", one(promql, "1m"), one(promql, "2m"));
                format!("max_over_time(({minutes})[299s:60s])")
            }
        };
        // Rates are extrapolated, so that an idle processor may seem to idle more than it can.
        format!("clamp_min({whole}, 0)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use trimtab_model::metric::is_possible;

    use super::*;

    #[test]
    fn a_query_names_its_targets_and_what_the_user_adds() {
        let figure = FIGURES.iter().find(|one| one.metric == "DatabaseConnections").unwrap();
        assert_eq!(
            figure.query("instance", &["db:9104"], "cluster=\"live\""),
            "clamp_min(max by (instance) (max_over_time(mysql_global_status_threads_connected{instance=~\"db:9104\",cluster=\"live\"}[5m])), 0)"
        );
    }

    #[test]
    fn peaks_are_those_of_single_minutes() {
        let query = FIGURES[0].query("instance_id", &["i-1"], "");
        assert!(query.contains("[1m]") && query.contains("[2m]"), "{query}");
        assert!(query.ends_with("[299s:60s]), 0)"), "{query}");
    }

    #[test]
    fn no_placeholder_stays_and_no_value_is_taken_for_one() {
        for figure in FIGURES {
            let query = figure.query("instance", &["a:9100"], "");
            assert!(!query.contains('$'), "{query}");
            assert_eq!(query.matches('(').count(), query.matches(')').count(), "{query}");
            assert_eq!(query.matches('{').count(), query.matches('}').count(), "{query}");
            let odd = figure.query("instance", &["$minute"], "");
            assert!(odd.contains(r"\\$minute"), "{odd}");
        }
    }

    #[test]
    fn each_series_is_read_once_per_exporter_and_is_never_below_zero() {
        let names: BTreeSet<_> =
            FIGURES.iter().map(|one| (one.exporter, one.metric, one.statistic)).collect();
        assert_eq!(names.len(), FIGURES.len());
        for figure in FIGURES {
            assert!(!is_possible(PROMETHEUS, figure.metric, -1.0), "{}", figure.metric);
        }
    }
}

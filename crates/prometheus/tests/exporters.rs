//! What a real Prometheus makes of the exporters' metrics is what the figures say they are.
//!
//! The exporters are played: a page of the names and labels that each gives, with counters that
//! grow by the same at every scrape, so that each figure is known beforehand.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test may panic")]

#[expect(dead_code, reason = "the other test program uses the rest of it")]
mod daemon;
mod runtime;
#[expect(dead_code, reason = "the other test program uses the rest of it")]
mod server;

use std::sync::atomic::{AtomicU64, Ordering};

use daemon::{Prometheus, SKIPPED, machine, read};
use server::Server;
use trimtab_model::metric::Statistic;
use trimtab_prometheus::client::{Client, Credentials};
use trimtab_prometheus::exporter::Exporter;

/// Both processors idle half of the time together; interrupts are a part of privileged time.
const WINDOWS: &str = r#"
windows_cpu_time_total{core="0,0",mode="idle"} 7500+0.75n
windows_cpu_time_total{core="0,0",mode="user"} 2000+0.20n
windows_cpu_time_total{core="0,0",mode="privileged"} 500+0.05n
windows_cpu_time_total{core="0,0",mode="interrupt"} 100+0.01n
windows_cpu_time_total{core="0,1",mode="idle"} 2500+0.25n
windows_cpu_time_total{core="0,1",mode="user"} 7500+0.75n
windows_logical_disk_free_bytes{volume="C:"} 30
windows_logical_disk_size_bytes{volume="C:"} 100
windows_logical_disk_free_bytes{volume="D:"} 90
windows_logical_disk_size_bytes{volume="D:"} 100
windows_logical_disk_free_bytes{volume="HarddiskVolume1"} 1
windows_logical_disk_size_bytes{volume="HarddiskVolume1"} 100
windows_net_bytes_received_total{nic="Amazon Elastic Network Adapter"} 100000+100n
windows_net_bytes_sent_total{nic="Amazon Elastic Network Adapter"} 200000+200n
windows_net_bytes_received_total{nic="Hyper-V Virtual Ethernet Adapter"} 900000+900n
windows_net_bytes_sent_total{nic="Hyper-V Virtual Ethernet Adapter"} 100000+100n
windows_memory_committed_bytes 6000
windows_memory_commit_limit 10000
"#;
/// The names of today.
const WINDOWS_NEW: &str = r#"
windows_memory_available_bytes 2000
windows_memory_physical_total_bytes 8000
windows_pagefile_free_bytes{file="C:\\pagefile.sys"} 1000
windows_pagefile_limit_bytes{file="C:\\pagefile.sys"} 3000
windows_pagefile_free_bytes{file="D:\\pagefile.sys"} 1000
windows_pagefile_limit_bytes{file="D:\\pagefile.sys"} 1000
"#;
/// The names of before.
const WINDOWS_OLD: &str = r#"
windows_os_physical_memory_free_bytes 2000
windows_cs_physical_memory_bytes 8000
windows_os_paging_free_bytes 2000
windows_os_paging_limit_bytes 4000
"#;
const MYSQLD: &str = r#"
mysql_global_status_threads_connected 7
mysql_global_variables_max_connections 151
mysql_global_variables_innodb_buffer_pool_size 134217728
mysql_global_status_buffer_pool_pages{state="data"} 6000
mysql_global_status_buffer_pool_pages{state="misc"} 1500
mysql_global_status_buffer_pool_pages{state="free"} 500
mysql_global_status_queries 50000+50n
"#;
/// A disk of EBS, one of the instance, and a network with a bridge.
const NODE: &str = r#"
node_disk_info{device="nvme0n1",model="Amazon Elastic Block Store"} 1
node_disk_info{device="nvme1n1",model="Amazon EC2 NVMe Instance Storage"} 1
node_disk_read_bytes_total{device="nvme0n1"} 4096000+4096n
node_disk_read_bytes_total{device="nvme1n1"} 9999000+9999n
node_disk_written_bytes_total{device="nvme0n1"} 8192000+8192n
node_disk_written_bytes_total{device="nvme1n1"} 1000+1n
node_network_receive_bytes_total{device="ens5"} 100000+100n
node_network_receive_bytes_total{device="eni1234567890a"} 900000+900n
node_network_receive_bytes_total{device="docker0"} 900000+900n
node_network_transmit_bytes_total{device="ens5"} 300000+300n
node_memory_SwapTotal_bytes 4000
node_memory_SwapFree_bytes 3000
node_filesystem_avail_bytes{fstype="xfs",mountpoint="/"} 40
node_filesystem_size_bytes{fstype="xfs",mountpoint="/"} 100
node_filesystem_avail_bytes{fstype="tmpfs",mountpoint="/run"} 1
node_filesystem_size_bytes{fstype="tmpfs",mountpoint="/run"} 100
"#;

/// Starts an exporter with these metrics, where `a+bn` grows by `b` with each scrape.
fn exporter(metrics: &'static [&'static str]) -> Server {
    let scrapes = AtomicU64::new(0);
    Server::answering(move |_| {
        let scrape = scrapes.fetch_add(1, Ordering::Relaxed) as f64;
        let lines = metrics.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty());
        let page: String = lines
            .map(|line| {
                let (name, value) = line.rsplit_once(' ').unwrap();
                let value = match value.strip_suffix('n').and_then(|sum| sum.split_once('+')) {
                    Some((first, step)) => {
                        first.parse::<f64>().unwrap() + scrape * step.parse::<f64>().unwrap()
                    }
                    None => value.parse().unwrap(),
                };
                format!("{name} {value}\n")
            })
            .collect();
        (200, "Content-Type: text/plain; version=0.0.4\r\n".to_owned(), page)
    })
}

fn job(name: &str, id: &str, server: &Server) -> String {
    let target = server.address().replace("http://", "");
    format!(
        "- job_name: {name}\n  static_configs:\n  - targets: ['{target}']\n    labels: {{instance_id: {id}, cluster: live}}\n"
    )
}

#[test]
fn figures_are_what_their_names_say() {
    let servers = [
        exporter(&[WINDOWS, WINDOWS_NEW]),
        exporter(&[WINDOWS, WINDOWS_OLD]),
        exporter(&[MYSQLD]),
        exporter(&[NODE]),
    ];
    let jobs = [
        job("new", "i-new", &servers[0]),
        job("old", "i-old", &servers[1]),
        // Two jobs see one server, whose figures are not added.
        job("mysqld", "db", &servers[2]),
        job("again", "db", &servers[2]),
        job("node", "i-node", &servers[3]),
    ];
    let Some(prometheus) = Prometheus::start(&jobs.concat(), "mysql_global_status_queries") else {
        println!("{SKIPPED}");
        return;
    };
    let client = Client::new(&prometheus.address(), Credentials::None, None).unwrap();
    let end = prometheus.end();
    let check = |exporter, id: &str, metric: &str, statistic, expected: f64| {
        let found = read(&client, &machine(exporter, id), (metric, statistic), end);
        let found = found.unwrap_or_else(|| panic!("{id} has no {metric}"));
        assert!((found - expected).abs() < 1e-6, "{id} {metric}: {found} and not {expected}");
    };
    let (max, mean) = (Statistic::Maximum, Statistic::Average);
    for id in ["i-new", "i-old"] {
        let windows = |metric, statistic, expected| {
            check(Exporter::Windows, id, metric, statistic, expected);
        };
        windows("CPUUtilization", max, 50.0);
        windows("CPUUtilization", mean, 50.0);
        windows("mem_used_percent", max, 75.0);
        windows("Memory % Committed Bytes In Use", max, 60.0);
        windows("swap_used_percent", max, 50.0);
        windows("disk_used_percent", max, 70.0);
    }
    check(Exporter::Mysqld, "db", "DatabaseConnections", max, 7.0);
    check(Exporter::Mysqld, "db", "max_connections", max, 151.0);
    check(Exporter::Mysqld, "db", "innodb_buffer_pool_size", max, 134_217_728.0);
    check(Exporter::Mysqld, "db", "innodb_buffer_pool_used_percent", mean, 93.75);
    check(Exporter::Node, "i-node", "swap_used_percent", max, 25.0);
    check(Exporter::Node, "i-node", "disk_used_percent", max, 60.0);

    // How many scrapes there were is not known, but what came is so many times what went.
    let amount = |exporter, id: &str, metric: &str| {
        read(&client, &machine(exporter, id), (metric, Statistic::Sum), end).unwrap()
    };
    let ratio = |exporter, id: &str, more, less, expected: f64| {
        let found = amount(exporter, id, more) / amount(exporter, id, less);
        assert!((found - expected).abs() < expected / 4.0, "{id} {more}: {found} times {less}");
    };
    ratio(Exporter::Windows, "i-new", "NetworkOut", "NetworkIn", 2.0);
    ratio(Exporter::Node, "i-node", "NetworkOut", "NetworkIn", 3.0);
    ratio(Exporter::Node, "i-node", "EBSWriteBytes", "EBSReadBytes", 2.0);
    let reads = amount(Exporter::Node, "i-node", "EBSReadBytes");
    let grown = prometheus.growth("node_disk_read_bytes_total{device=\"nvme0n1\"}[5m]", end);
    assert!(reads > 0.5 * grown && reads < 2.0 * grown, "{reads} of {grown}");
    let queries = amount(Exporter::Mysqld, "db", "mysql_queries");
    assert!(queries > 0.0, "{queries}");
}

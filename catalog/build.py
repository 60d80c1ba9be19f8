#!/usr/bin/env python3
"""Turns the maintainers' Parquet and CSV tables into the CSV files of this directory.

    python3 catalog/build.py FOLDER

FOLDER holds the source tables. Users never run this; it needs the Python package
`duckdb`. The same folder gives the same bytes. `additions.csv` is written by hand
and only read here.
"""

import csv
import hashlib
import sys
from decimal import Decimal
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
CONNECTION = duckdb.connect()

# Estimates from farther peers than this are too uncertain to be shown.
FARTHEST_PEER_LEVEL = 3

# The price site's wording of a meter that the given core table lacks.
LOG_STORAGE_LABEL = "Stored Data"

# Meters that another region lacks are derived from us-east-1 inside one family, with
# the ratio of the family's anchors, and only where all anchors known there agree.
# family: (service, anchors, derived meters)
ESTIMATE_FAMILIES = [
    ("ebs", ["volume_storage_gp2", "volume_storage_gp3"],
     ["gp3_iops_over_3000", "gp3_throughput_over_125"]),
    ("ebs", ["io2_iops_0_32000"],
     ["volume_storage_io1", "volume_storage_io2", "io1_iops",
      "io2_iops_32000_64000", "io2_iops_over_64000"]),
    ("elb", ["alb_hour", "clb_hour"],
     ["alb_lcu", "nlb_hour", "nlb_lcu", "gwlb_hour"]),
]
ESTIMATE_REFERENCE = "us-east-1"
SMALLEST_ESTIMATE = Decimal("0.000001")

# Accelerated series whose rows in the type table carry no count of accelerators.
ACCELERATED_SERIES = {"dl", "f", "g", "gr", "inf", "p", "trn", "vt"}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: build.py FOLDER")
    source = Path(sys.argv[1])
    write("instance_types.csv", instance_types(source))
    write("instance_offerings.csv", instance_offerings(source))
    write("instance_prices.csv", instance_prices(source))
    write("instance_prices_estimated.csv", instance_prices_estimated(source))
    write("spot_advisor.csv", spot_advisor(source))
    write("spot_average.csv", spot_average(source))
    write("db_classes.csv", db_classes(source))
    write("db_prices.csv", db_prices(source))
    write("db_prices_estimated.csv", db_prices_estimated(source))
    write("commitments.csv", commitments(source))
    meter_rows = meters(source)
    write("meters.csv", meter_rows)
    write("meters_estimated.csv", meters_estimated(meter_rows))
    write_manifest()


def query(sql):
    cursor = CONNECTION.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def text(value):
    """The shortest text that reads back as the same value; never an exponent."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value = format(value.normalize(), "f")
    return str(value)


def write(name, rows):
    """Writes rows sorted by their columns from left to right."""
    columns = list(rows[0])
    lines = sorted([text(row[column]) for column in columns] for row in rows)
    with open(HERE / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(lines)


def instance_types(source):
    rows = query(f"""
        select instance_type, family, size, series, generation, attributes,
            current_generation, bare_metal, burstable, hypervisor, arch as architecture,
            cpu_vendor, vcpu, memory_mib, network_baseline_gbps, ebs_baseline_mb_s,
            ebs_baseline_iops, instance_store_gb, 0 as accelerators,
            clock_ghz, cores, threads_per_core, network_text, network_peak_gbps,
            max_eni, ipv4_per_eni, ebs_optimized, ebs_max_mb_s, ebs_max_iops,
            instance_store_disks, instance_store_nvme, gpu_count, gpu_name, gpu_memory_mib,
            accelerator_count, accelerator_name, spot_supported,
            coremark_iter_s, bench_at as coremark_as_of,
            'aws type list' as source, '' as as_of
        from '{source}/ec2_types.parquet'""")
    for row in rows:
        # 32-bit beside 64-bit: nobody chooses a type for its 32-bit mode.
        if row["architecture"] == "i386,x86_64":
            row["architecture"] = "x86_64"
        # A fraction of a processor, or a series whose count is not listed, counts as one:
        # the column only has to tell accelerated types from the others.
        counted = (row["gpu_count"] or 0) + (row["accelerator_count"] or 0)
        row["accelerators"] = counted or int(row["series"] in ACCELERATED_SERIES)
    return rows


def instance_offerings(source):
    return query(f"""
        select instance_type, string_agg(region, ' ' order by region) as regions,
            'aws type offerings' as source, '' as as_of
        from '{source}/ec2_offerings.parquet' group by instance_type""")


def instance_prices(source):
    # Local and Wavelength Zones are other places than their region, and yuan are not dollars.
    return query(f"""
        select region, instance_type, usd_hour, source, as_of
        from '{source}/ec2_ondemand_linux.parquet'
        where location_type = 'AWS Region' and currency = 'USD'
        qualify row_number() over (partition by region, instance_type order by as_of desc) = 1""")


def instance_prices_estimated(source):
    return query(f"""
        select region, instance_type, usd_hour_est as usd_hour, peer_level,
            'derived from similar types' as source, '' as as_of
        from '{source}/ec2_ondemand_ESTIMATED.parquet'
        where peer_level <= {FARTHEST_PEER_LEVEL}""")


def spot_advisor(source):
    return query(f"""
        select region, instance_type, savings_pct, interruption_band,
            usd_hour_implied as usd_hour, source, as_of
        from '{source}/ec2_spot_advisor.parquet' where os = 'Linux'""")


def spot_average(source):
    return query(f"""
        select region, instance_type, usd_hour_avg as usd_hour, source, as_of
        from '{source}/ec2_spot_avg_2024.parquet'""")


def db_classes(source):
    rows = query(f"""
        select db_class, family, vcpu, memory_gib, network, current_generation,
            regexp_replace(source, ' \\d{{4}}-\\d{{2}}$', '') as source,
            regexp_extract(source, '\\d{{4}}-\\d{{2}}$') as as_of
        from '{source}/rds_classes.parquet'""")
    # Classes newer than that list: vCPUs and memory of the EC2 type of the same name.
    rows += query(f"""
        with priced as (
            select db_class from '{source}/rds_ondemand.parquet'
            union select db_class from '{source}/rds_ondemand_ESTIMATED.parquet')
        select priced.db_class, family, vcpu, memory_mib / 1024.0 as memory_gib,
            network_text as network, current_generation,
            'ec2 type of the same name' as source, '' as as_of
        from priced join '{source}/ec2_types.parquet' on instance_type = substr(db_class, 4)
        where db_class not in (select db_class from '{source}/rds_classes.parquet')""")
    return rows


def db_prices(source):
    return query(f"""
        select region, db_class, engine, edition, license, usd_hour, source, as_of
        from '{source}/rds_ondemand.parquet' where deployment = 'single-az'
        qualify row_number() over (
            partition by region, db_class, engine, edition, license order by as_of desc) = 1""")


def db_prices_estimated(source):
    return query(f"""
        select region, db_class, engine, usd_hour_est as usd_hour, from_class,
            'derived from a neighbour class' as source, '' as as_of
        from '{source}/rds_ondemand_ESTIMATED.parquet'""")


def commitments(source):
    return query(f"""
        select region, service, instance, engine, plan, term_years, payment,
            usd_hour_effective as usd_hour, usd_hour_ondemand, source, as_of
        from '{source}/commitments.parquet'""")


def meters(source):
    rows = query(f"""
        select region, service, meter, unit, usd, source, as_of, coalesce(note, '') as note
        from read_csv('{source}/services_core.csv', all_varchar = true)""")
    rows += query(f"""
        select region, 'cloudwatch' as service, 'logs_storage' as meter, 'GB-month' as unit,
            cast(usd as varchar) as usd, 'aws-website price JSON' as source, as_of, '' as note
        from '{source}/services_aws_website.parquet'
        where service = 'cloudwatch' and label = '{LOG_STORAGE_LABEL}'""")
    with open(HERE / "additions.csv", newline="", encoding="utf-8") as file:
        rows += list(csv.DictReader(file))
    for row in rows:
        row["usd"] = Decimal(row["usd"])
    return rows


def meters_estimated(rows):
    known = {(row["region"], row["service"], row["meter"]): row for row in rows}
    estimates = []
    for region in sorted({row["region"] for row in rows} - {ESTIMATE_REFERENCE}):
        for service, anchors, meters_of_family in ESTIMATE_FAMILIES:
            pairs = [
                (known.get((region, service, anchor)), known.get((ESTIMATE_REFERENCE, service, anchor)))
                for anchor in anchors
            ]
            ratios = {here["usd"] / there["usd"] if here and there else None for here, there in pairs}
            if len(ratios) != 1 or None in ratios:
                continue
            (ratio,) = ratios
            for meter in meters_of_family:
                row = known.get((ESTIMATE_REFERENCE, service, meter))
                if row is None or (region, service, meter) in known:
                    continue
                estimates.append({
                    "region": region, "service": service, "meter": meter, "unit": row["unit"],
                    "usd": (row["usd"] * ratio).quantize(SMALLEST_ESTIMATE),
                    "source": "derived from us-east-1", "as_of": "",
                    "note": f"{text(row['usd'])} x {text(ratio.quantize(SMALLEST_ESTIMATE))}, "
                            f"the ratio of {' and '.join(anchors)}",
                })
    return estimates


def write_manifest():
    rows = []
    for path in sorted(HERE.glob("*.csv")):
        if path.name == "MANIFEST.csv":
            continue
        content = path.read_bytes()
        lines = list(csv.reader(content.decode("utf-8").splitlines()))
        rows.append({
            "file": path.name, "rows": len(lines) - 1,
            "sha256": hashlib.sha256(content).hexdigest(), "columns": " ".join(lines[0]),
        })
    write("MANIFEST.csv", rows)


if __name__ == "__main__":
    main()

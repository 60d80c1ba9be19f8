#!/usr/bin/env bash
# Says whether the function was well in the last minutes.
#
# usage: gate.sh [MINUTES]     60 where nothing is given, {{gate_least}} at least, {{gate_most}} at most
#
# exit code: 0 it was well, 1 it was not, 2 it cannot be known (it did not run, or AWS did not answer)
set -euo pipefail

minutes="${1:-60}"
case "$minutes" in
'' | *[!0-9]* | ????????*)
    echo "$minutes is no number of minutes" >&2
    exit 64
    ;;
esac
# In tens, whatever zeros it begins with.
minutes=$((10#$minutes))
if [ "$minutes" -lt 5 ] || [ "$minutes" -gt {{gate_most}} ]; then
    echo "give 5 to {{gate_most}} minutes" >&2
    exit 64
fi
# Less would not hold two runs, and would say nothing of what runs seldom.
if [ "$minutes" -lt {{gate_least}} ]; then
    minutes={{gate_least}}
    echo "looking back for $minutes minutes" >&2
fi
{{gate_account}}# CloudWatch answers with 1440 points at most, and keeps points of five minutes for 63 days.
period=300
[ "$minutes" -le 7200 ] || period=$(((minutes + 86399) / 86400 * 3600))
region={{region}}
now="$(date -u +%s)"
# GNU's date, and that of a Mac.
at() { date -u -d "@$1" +%FT%TZ 2>/dev/null || date -u -r "$1" +%FT%TZ; }
start="$(at "$((now - minutes * 60))")"
end="$(at "$now")"
verdict=0

worse() { [ "$verdict" -eq 1 ] || verdict="$1"; }

unknown() {
    echo "unknown  $1"
    worse 2
}

judge() { # what, value, limit
    if awk -v value="$2" -v limit="$3" 'BEGIN { exit !(value > limit) }'; then
        echo "not well $1 is $2, and may be $3"
        verdict=1
    else
        echo "well     $1 is $2, and may be $3"
    fi
}

# Prints one figure of the time, or nothing where there is none.
figure() { # namespace, metric, dimension, its value, statistic
    local kind=--statistics query
    case "$5" in
    Sum) query='sum(Datapoints[].Sum)' ;;
    Maximum) query='max(Datapoints[].Maximum)' ;;
    *)
        kind=--extended-statistics
        query="max(Datapoints[].ExtendedStatistics.$5)"
        ;;
    esac
    aws cloudwatch get-metric-statistics --region "$region" --namespace "$1" --metric-name "$2" \
        --dimensions "Name=$3,Value=$4" --start-time "$start" --end-time "$end" --period "$period" \
        "$kind" "$5" --query "[length(Datapoints), $query]" --output text \
        | awk '$1 > 0 && $2 != "None" { print $2 }'
}

check() { # what, namespace, metric, dimension, its value, statistic, limit
    local value
    if ! value="$(figure "$2" "$3" "$4" "$5" "$6")" || [ -z "$value" ]; then
        unknown "there is no figure of $1"
        return
    fi
    judge "$1" "$value" "$7"
}

seen() { # what, namespace, metric, dimension, its value
    local value
    if ! value="$(figure "$2" "$3" "$4" "$5" Sum)" || ! awk -v value="${value:-0}" 'BEGIN { exit !(value > 0) }'; then
        unknown "there were no $1 in the last $minutes minutes"
        return 1
    fi
    echo "well     $1: $value"
}

if seen runs AWS/Lambda Invocations FunctionName {{name}}; then
    {{gate_checks}}
fi
{{gate_dead_letters}}exit "$verdict"

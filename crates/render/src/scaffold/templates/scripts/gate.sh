#!/usr/bin/env bash
# Says whether the function was well in the last minutes.
#
# usage: gate.sh [MINUTES]     60 where nothing is given, and 7200 at most
#
# exit code: 0 it was well, 1 it was not, 2 it cannot be known (it did not run, or AWS did not answer)
set -euo pipefail

minutes="${1:-60}"
case "$minutes" in
'' | *[!0-9]* | ??????*)
    echo "$minutes is no number of minutes" >&2
    exit 64
    ;;
esac
# In tens, whatever zeros it begins with.
minutes=$((10#$minutes))
if [ "$minutes" -lt 5 ] || [ "$minutes" -gt 7200 ]; then
    echo "give 5 to 7200 minutes" >&2
    exit 64
fi
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
        --dimensions "Name=$3,Value=$4" --start-time "$start" --end-time "$end" --period 300 \
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

if ! invocations="$(figure AWS/Lambda Invocations FunctionName {{name}} Sum)" || [ -z "$invocations" ]; then
    unknown "the function did not run in the last $minutes minutes"
else
    echo "well     it ran ${invocations} times"
    {{gate_checks}}
fi
{{gate_dead_letters}}exit "$verdict"

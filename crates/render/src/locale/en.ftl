# Texts in English. Amounts, dates and numbers arrive formatted; `count` chooses the plural.

## Amounts, units and time
per-month = { $amount }/mo
exchange-rate = Exchange rate 1 { $from } = { $rate } { $to } ({ $date }, source: { $source }). For display only.
unit-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
unit-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
unit-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
unit-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
unit-requests = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
unit-weeks = { $count ->
    [one] { $count } week
   *[other] { $count } weeks
}
unit-connections = { $count ->
    [one] { $count } connection
   *[other] { $count } connections
}
unit-invocations = { $count ->
    [one] { $count } invocation
   *[other] { $count } invocations
}
unit-pieces = { $count ->
    [one] { $count } unit
   *[other] { $count } units
}
unit-bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
unit-operations-a-day = { $count } operations/day
unit-megabytes-a-day = { $count } MB/day
unit-by-month = { $unit }-month
unit-by-hour = { $unit }-hour
unit-by-second = { $unit }-second
unit-hour = hour
unit-request = request
unit-piece = unit
unit-alarm = alarm
unit-metric = metric
unit-thousand-requests = 1000 requests
unit-thousand-metrics = 1000 metrics
duration-days = { $value } d
duration-hours = { $value } h
duration-minutes = { $value } min
duration-seconds = { $value } s
basis-effective = effective (amortised)
basis-list = list price
not-known = not known
no-change = no change

## Kinds of action
action-type-rightsize = Rightsize
action-type-stop = Stop
action-type-upgrade = Upgrade
action-type-delete = Delete
action-type-scale-in = Scale in
action-type-graviton = Graviton
action-type-retention = Retention
action-type-reconfigure = Reconfigure
action-type-schedule = Schedule
action-type-fix-application = Fix application
action-type-convert-serverless = Convert to a function
action-type-move-to-containers = Move to containers

## Findings
finding-idle = Idle
finding-unattached = Unattached
finding-unused = Unused
finding-overprovisioned = Overprovisioned
finding-underprovisioned = Underprovisioned
finding-not-optimized = Not optimized

## Risk and effort
risk-very-low = Very low
risk-low = Low
risk-medium = Medium
risk-high = High
risk-very-high = Very high
risk-sentence-very-low = Users should not notice: demand stays far below what the new configuration offers, or nobody uses the resource.
risk-sentence-low = Users are unlikely to notice: demand stays below what the new configuration offers.
risk-sentence-medium = Users may notice at peaks: try it outside production first.
risk-sentence-high = Users will probably notice at peaks: change it only behind health checks, and be ready to undo.
risk-sentence-very-high = The new configuration is likely to be too small at peaks: check the figures with the owner first.
effort-very-low = Very low
effort-low = Low
effort-medium = Medium
effort-high = High
effort-very-high = Very high

## Restart and undo
restart-needed = restart
restart-not-needed = no restart
restart-sentence-needed = Needed: the resource is interrupted.
restart-sentence-not-needed = Not needed.
undo-exact = Possible, back to exactly what was.
undo-compensating = Possible with a loss: { $loss }
undo-impossible = Not possible: { $loss }

## States and things
commitment-exchange = exchanged
commitment-move-usage = used
commitment-regional-scope = of the region
commitment-unused = { $share } unused
state-archived = archive
state-deleted = deleted
state-off = off
state-stopped = stopped
state-released = released
thing-address = Elastic IP
thing-image = image
thing-nat-gateway = NAT gateway
thing-snapshot = snapshot
thing-alarm = alarm
thing-file-system = file system
thing-log-group = log group
thing-secret = secret
thing-transit-gateway-attachment = attachment
thing-vpc-endpoint = VPC endpoint
thing-vpn-connection = VPN connection
monitoring-five-minutes = every five minutes
monitoring-every-minute = metrics every minute
retention-forever = for ever

## Prices
price-basis-bill = your bill
price-basis-list = price list
price-basis-estimated = estimated price
generation-current = current
generation-previous = previous
facts-burstable = Burstable: CPU above the baseline lives on credits.

## Sources
source-complete = complete
source-partial = partial
source-absent = absent

## Counts
count-items = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
count-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
count-samples = { $count ->
    [one] { $count } sample
   *[other] { $count } samples
}
count-unjudged-resources = { $count ->
    [one] { $count } resource could not be judged completely
   *[other] { $count } resources could not be judged completely
}
and-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}

## Columns
column-account = Account
column-after = After
column-basis = Basis
column-before = Before
column-billed = Billed
column-change = Current → recommended
column-check = Check
column-checks = Checks
column-contracted = Contracted
column-coverage = Coverage
column-date = As of
column-default = Default
column-difference = Difference
column-effective = Effective
column-effort = Effort
column-environment = Env
column-figure = Figure
column-file = File
column-format = Format
column-from = From
column-id = ID
column-list = List
column-longest-gap = Longest gap
column-metric = Metric
column-migration = Migration
column-monthly-cost = Monthly cost
column-monthly-saving = Saving/mo (range)
column-percent = Change
column-period = Period
column-price = Price
column-product = Product
column-projected = Projected use
column-region = Region
column-resource = Resource
column-resource-id = Resource ID
column-resource-type = Resource type
column-resources = Resources
column-restart = Restart
column-risk = Risk
column-rows = Rows
column-samples = Samples
column-share = Share
column-source = Source
column-statistic = Statistic
column-status = Status
column-threshold = Threshold
column-title = What it finds
column-type = Type
column-undo = Undo
column-unit = Unit
column-until = Until
column-value = Value

## Labels
label-architecture = Architecture
label-basis = Price basis
label-before-discounts = At list price
label-change = Change
label-check = Check
label-cost = Cost
label-cost-after = Cost after
label-cost-now = Cost now
label-ebs = EBS baseline
label-ebs-iops = EBS IOPS
label-effort = Effort
label-finding = Finding
label-generation = Generation
label-memory = Memory
label-needs = Reads
label-network = Network
label-reason = Why
label-resource-type = Resource
label-restart = Restart
label-risk = Risk
label-savings = Savings
label-conditional = After work
label-type = Recommends
label-undo = Undo
label-vcpu = vCPU
label-verdicts = Verdicts

## Summary of an analysis
summary-as-of = Analysis as of { $moment }
verdict-savings = You can save { $saving } a month: { $share } of the monthly cost.
verdict-savings-without-bill = You can save { $saving } a month. No bill was read, so the share of the cost is not known.
verdict-savings-conditional = { $saving } a month can be saved once programs are repaired or become functions.
verdict-savings-committed = At most { $saving } a month can be saved: commitments cover it, or the data does not tell how much of it.
verdict-nothing = { $count ->
    [one] Nothing to change: { $count } check of a resource found no waste.
   *[other] Nothing to change: { $count } checks of resources found no waste.
}
verdict-nothing-but-unknown = { $count ->
    [one] Nothing to change was found, but { $count } verdict is open for lack of data.
   *[other] Nothing to change was found, but { $count } verdicts are open for lack of data.
}
verdict-no-saving = { $count ->
    [one] { $count } change is recommended; it saves no money.
   *[other] { $count } changes are recommended; they save no money.
}
verdict-no-data = There is nothing to judge: no inventory was read.
summary-cost = { $effective } effective (amortised) · { $billed } billed · { $currency }, per month of 730 hours
summary-cost-absent = Not known: no bill was read.
summary-share = { $share } of the cost
summary-estimated = estimated
summary-before-discounts = { $amount } at list prices
summary-conditional = { $saving } more · only once programs are repaired or become functions, and in no sum above
summary-after-repair = only after work on the program
summary-verdicts = { $recommended } recommended · { $passed } passed · { $unknown } could not be judged
summary-superseded = { $number } covered by another recommendation
summary-exempt = { $number } exempt
summary-top = { $count ->
    [one] Largest saving
   *[other] Top { $count } by saving
}
summary-increases = { $count ->
    [one] Coming increase: { $count } commitment ends
   *[other] Coming increases: { $count } commitments end
}
summary-increase = { $date }: { $resource } ({ $type }) ends, { $amount } more
summary-increase-past = since { $date }: { $resource } ({ $type }) has ended, { $amount } more
summary-increases-basis = An increase is what the same use costs more from then on. It is no saving and in no sum above.
summary-increases-past = { $count ->
    [one] Increased lately: { $count } commitment has ended
   *[other] Increased lately: { $count } commitments have ended
}
summary-increases-past-basis = It is what the use that is still there costs more since then. It is no saving and in no sum above.
summary-unknown = { $count ->
    [one] Not judged: { $count } verdict
   *[other] Not judged: { $count } verdicts
}
summary-unknown-reason = { $count } × { $reason }
summary-unknown-reason-example = { $count } × such as: { $reason }
summary-missing = Missing data
summary-unlocks = { $count ->
    [one] unlocks { $count } check
   *[other] unlocks { $count } checks
}
summary-basis = Savings are estimates per month of 730 hours, effective (amortised), without overlaps.
next-commands = Next

## Lists
list-empty = There are no recommendations.
list-empty-next = `trimtab coverage` shows what was read and what is missing.
list-next = Next: trimtab rec show { $id }
saving-and-share = { $saving }, { $share } of the cost
saving-without-share = { $saving }
saving-conditional = { $count } more after work on programs: { $saving }

## One recommendation
show-money = Money
show-formula-now = Now, at list prices
show-formula-after = Afterwards, at list prices
formula-nothing = nothing: no charge remains
show-evidence = Evidence
show-evidence-days = { $count ->
    [one] Evidence over { $count } day
   *[other] Evidence over { $count } days
}
show-unseen = Signals not seen
show-options = Options
show-change = The change
show-apply = Apply
show-undo = Undo
show-undo-absent = No command takes this back.

## What a cost is made of
build-up-step = Step
build-up-now = Now
build-up-after = After the change
build-up-list = List price
build-up-contract = Contract discount
build-up-commitment = Commitments
build-up-unused-commitment = Commitment left unused
build-up-other = Other, such as a free tier
build-up-effective = Effective cost
build-up-no-bill = The bill does not name this resource, so its list price counts. What the contract and commitments take off is not known.
build-up-estimated = The price is derived from that of a similar type. What the contract and commitments take off is not known.
build-up-no-steps = What is paid is known. How list price, contract and commitments lead to it is not known for this amount.
build-up-not-covered = No Savings Plan or reservation covers this use: what is saved comes off the bill at once.
build-up-covered = Savings Plans or reservations cover { $share } of this use, by its contract price. That part stays paid until other use takes it: it is in the most that is saved ({ $most }), and not in the likely saving.
build-up-covered-unknown = Savings Plans or reservations cover a part of this use; how much is not known. That part stays paid until other use takes it: it is in the most that is saved ({ $most }), and not in the likely saving.
build-up-list-unknown = A charge has no list cost, so the list price is not known.
build-up-contract-unknown = A charge has no contracted cost, so what the contract takes off and what commitments take off cannot be told apart.
build-up-after-unknown = The steps after the change are not known: the data does not tell how much of the use goes.
show-build-up = From the list price to what is paid

## How far it can be believed
label-confidence = Confidence
confidence-low = Low
confidence-medium = Medium
confidence-high = High
column-doubts = Evidence lacks
doubt-signals = { $count ->
    [one] { $count } signal not seen
   *[other] { $count } signals not seen
}
doubt-metrics = metrics with holes
doubt-list-price = list price
doubt-estimated-price = estimated price
doubts-none = nothing the check asks for is missing
column-first-use = Measured use

## How a number came about
explain-check = The check { $check } judged this resource.
explain-metric = It read { $samples } of { $metric } ({ $statistic }, every { $period }): { $coverage } of the window, longest gap { $gap }.
explain-figure = { $label }: { $value }.
explain-figure-threshold = { $label }: { $value }, compared with { $threshold }.
explain-finding = Finding: { $finding }. { $reason }
explain-chosen = The change: { $change }.
explain-chosen-of = The change: { $change }, the first of { $count } options.
explain-projected = Use afterwards, in percent of the new configuration: { $projected }.
explain-list-now = At list prices it costs now: { $formula }.
explain-list-after = At list prices it costs afterwards: { $formula }. The difference is { $before } before discounts.
explain-basis-bill = Your bill says that it really costs { $now }. Afterwards that is { $after }: the same discounts, in the proportion of the two list prices.
explain-basis-list = Your bill does not name this resource, so list prices stand: { $now } now, { $after } afterwards.
explain-basis-estimated = At least one price is derived from a similar product: { $now } now, { $after } afterwards, both estimated.
explain-basis-remaining = Once { $earlier } is made, it costs { $now }. With the hours off that is { $after }, at the same prices.
explain-basis-after-repair = Once { $earlier } is made, it costs { $now }. After the repair and the change of type that is { $after }, at the same prices.
explain-basis-as-function = Once { $earlier } is made, it costs { $now }. As a function that is { $after }.
explain-saving-exact = The saving is { $likely }.
explain-saving-covered = The saving is { $likely }, between { $low } and { $high }: what a commitment covers saves nothing until the commitment finds other use.
explain-saving-unseen = The saving is { $likely }, between { $low } and { $high }: without the bill, a commitment that already lowers the price cannot be seen.
explain-saving-schedule = The saving is { $likely }, between { $low } and { $high }: the lowest allows for a commitment that lowers the price or covers the hours, the highest also counts the holidays of the next 30 days.
explain-saving-after-repair = This saving depends on work on the program, so it is in no sum of savings.
explain-notes = Notes

## Coverage
coverage-empty = Nothing was read.
coverage-complete = Every source is complete.
coverage-missing = What is missing
coverage-unlocks = Unlocks: { $checks }

## Checks
check-thresholds = Thresholds

## Cost
cost-total = { $period }: { $billed } billed, { $effective } effective (amortised), { $currency }

## Reading files
ingest-next = Next: trimtab analyze
ingest-nothing = No file was read.
ingest-read = { $count ->
    [one] { $count } file read, { $rows }.
   *[other] { $count } files read, { $rows }.
}
ingest-totals = Totals of the bill, exact
ingest-failed = { $count ->
    [one] { $count } problem
   *[other] { $count } problems
}
ingest-hint = Hint: { $hint }

## Failures
failure-error = error:
failure-cause = cause:
failure-hint = hint:

## Commands
column-key = Key
column-origin = Origin
config-no-file = No configuration file is in use. { $path } would be read if it existed.
config-no-home = No configuration file is in use, and this system names no directory for one.
config-valid = { $path } is valid.
version-line = trimtab { $version }, prices as of { $date }
basis-estimated = estimated price
column-newest = Newest
column-oldest = Oldest
column-table = Table
column-undated = Undated
list-hidden = { $count ->
    [one] { $count } recommendation is dismissed or snoozed and not shown.
   *[other] { $count } recommendations are dismissed or snoozed and not shown.
}
rec-dismissed = Dismissed { $id } ({ $resource }).
rec-snoozed = Snoozed { $id } ({ $resource }).
rec-reopened = Reopened { $id } ({ $resource }).
rec-is-dismissed = note: dismissed and not in the list: { $reason }
rec-is-dismissed-until = note: dismissed until { $until } and not in the list: { $reason }
rec-is-snoozed = note: snoozed until { $until } and not in the list
rec-was-open = { $id } ({ $resource }) was open already.
progress-prices = Reading the price list

## Use after a change
use-cpu = CPU
use-cpu-busy-hour = CPU in a busy hour
use-memory = memory
use-network = network
use-ebs-throughput = EBS throughput
use-ebs-iops = EBS IOPS
use-storage-throughput = storage throughput
use-storage-iops = storage IOPS
use-connections = connections
use-maximum = { $use } maximum
use-mean = { $use } mean
label-projected = Use after

# Commands
progress-ingest = Reading exports
progress-analyze = Analysing
progress-demo = Building the story
progress-bills = Reading bills
progress-inventory = Reading the inventory
progress-metrics = Reading metrics
progress-charges = Summing up charges
progress-checks = Running checks
progress-file = { $stage } · { $number }/{ $of } · { $file }
progress-left = { $time } left
ingest-resources = resources
ingest-metrics = files of metrics
ingest-user-days = days of users
metrics-skipped = { $count ->
    [one] note: { $count } series of the statistic { $statistic } was not read; give Maximum, Average or Sum
   *[other] note: { $count } series of the statistic { $statistic } were not read; give Maximum, Average or Sum
}
notice-file = note: { $file }: { $text }
currency-without-rate = note: amounts stay in the bill's currency: there is no [[exchange_rate]] to { $currency } in the configuration
cost-unnamed = (none)
cost-whole-period = Whole period
cost-diff-basis = Effective cost (amortised), { $before } against { $after }, days in UTC.
cost-by-currency = Currency
cost-by-service = Service
cost-by-account = Account
cost-by-region = Region
cost-by-resource = Resource
cost-by-day = Day (UTC)
cost-by-month = Billing period
cost-by-category = Category
cost-by-usage-type = Usage type
column-instances = EC2
column-databases = RDS
column-meters = Meters
column-left-out = Left out
demo-ribbon = Demo data: a company that does not exist, seed { $seed }. The exchange rate is part of the story.
demo-kept = The story is in { $dir }; analyse it yourself: trimtab analyze --from { $dir }
summary-have = { $count ->
    [one] for { $have } of { $count } resource
   *[other] for { $have } of { $count } resources
}
cost-effective-incomplete = note: some charges have no effective cost; its sums are of those that have one

## Scan
progress-scan = Asking AWS
progress-scan-step = { $done } of { $of } listings: { $account } { $region } { $kind }
progress-scan-metrics = Metrics, { $done } of { $of } series: { $account } { $region }
scan-read = { $resources } resources were read with { $calls } calls; none of them changes anything, and none is charged.
scan-read-metrics = { $resources } resources were read with { $calls } calls; none of them changes anything. Listing is free, and CloudWatch charges for metrics.
scan-metrics = { $metrics } metrics were requested and { $samples } samples read: about { $cost }, at the list price of { $price } per 1,000 metrics in { $region }.
scan-metrics-unpriced = { $metrics } metrics were requested and { $samples } samples read; the catalogue has no price of them.
scan-interrupted = The scan was interrupted. What was read is kept, and `trimtab scan` goes on from here.
scan-holes = What could not be read
scan-missing = Missing: { $kinds }
scan-missing-metrics = Missing: metrics
estimate-listings = At least { $calls } listing calls in { $places } places (account and region), free of charge.
estimate-metrics = { $metrics } metrics of the resources that the last scan found: about { $cost }, at the list price of { $price } per 1,000 metrics in { $region }.
estimate-metrics-unpriced = { $metrics } metrics of the resources that the last scan found; the catalogue has no price of them.
estimate-metrics-unknown = unknown
estimate-unknown = Nothing was scanned yet in { $places } of these places: how many metrics they want is unknown, and `--budget` limits what is spent.
estimate-under-a-minute = The pace of calls adds less than a minute to the time that AWS takes to answer.
estimate-minutes = At least { $minutes } minutes at the pace of calls, and the time that AWS takes to answer.
column-listing-calls = Listing calls
column-metrics = Metrics
scan-lower-bounds = Totals are lower bounds until these are read.
column-complete = Complete
column-holes = Missing
column-outcome = Outcome
outcome-complete = complete
outcome-partial = partial
outcome-denied = denied
outcome-throttled = throttled
outcome-opted-out = not enabled
outcome-failed = failed
column-reason = Reason
scan-metric-holes = Metrics that could not be read

## The bill from AWS, and AWS's own opinion
progress-finding = Finding the bill
progress-download = Fetching the bill
ingest-export = Export: { $export }
ingest-unchanged = Nothing new of { $periods }.
ingest-requests = { $count ->
    [one] Cost Explorer was asked { $count } time: { $cost }.
   *[other] Cost Explorer was asked { $count } times: { $cost }.
}
ingest-requests-unpriced = { $count ->
    [one] Cost Explorer was asked { $count } time; the catalogue has no price of it.
   *[other] Cost Explorer was asked { $count } times; the catalogue has no price of them.
}
ingest-announced = { $count ->
    [one] Cost Explorer will be asked at least { $count } time: { $cost }, at { $price } a request. A long answer comes in pages, each of which is a request.
   *[other] Cost Explorer will be asked at least { $count } times: { $cost }, at { $price } a request. A long answer comes in pages, each of which is a request.
}
ingest-announced-unpriced = { $count ->
    [one] Cost Explorer will be asked at least { $count } time, and charges for each request; the catalogue has no price of it.
   *[other] Cost Explorer will be asked at least { $count } times, and charges for each request; the catalogue has no price of it.
}
cost-from-cost-explorer = From Cost Explorer, by service and account only: { $months }.
scan-opinions = { $count ->
    [one] AWS's own services gave { $count } opinion, which `trimtab analyze` compares with its own.
   *[other] AWS's own services gave { $count } opinions, which `trimtab analyze` compares with its own.
}
scan-since = CloudWatch keeps 455 days: metrics are read from { $from } on.
stance-agree = agree
stance-differ = differ
stance-absent = absent
show-second-opinion = Second opinion of AWS
opinion-saving = saves { $amount }
opinion-saving-after-discounts = after discounts { $amount }
opinion-lookback = { $count ->
    [one] looked at { $count } day
   *[other] looked at { $count } days
}
summary-only-aws = { $count ->
    [one] AWS recommends { $count } change that trimtab does not: `trimtab rec aws` says why.
   *[other] AWS recommends { $count } changes that trimtab does not: `trimtab rec aws` says why.
}
column-second-opinion = AWS
column-finding = Finding
column-recommended = Recommended
column-code = Code
scan-prometheus = Prometheus at { $server } watches { $have } of { $need } machines and MySQL databases (targets: { $targets }, of nothing that was scanned: { $strangers }). Samples read: { $samples }, free of AWS charges.
scan-prometheus-holes = Prometheus: what could not be read

## Exemptions
column-exempt-by = Exempt by
coverage-exemptions = Exemptions of the configuration
exemption-applied = applied
exemption-unmatched = about nothing
exemption-expired = expired
exempt-none = Nothing is exempt: no tag trimtab:ignore and no [[exempt]] of the configuration takes anything out.
exempt-until-reopen = What is dismissed or snoozed is in `trimtab rec list --all`.
config-exempt-expired = note: { $path }, line { $line }: this exemption expired on { $until }: { $rule }

## Schedules
schedule-always = always on
tasks-of = Fargate, { $tasks } × { $vcpu } vCPU, { $memory } GB
function-of = Lambda, { $memory } MB, { $architecture }
repair-then = repaired, { $type }
schedule-none = No schedule is proposed.
schedule-off = { $off }, { $share } of it
schedule-used = used
schedule-kept = on, not used
schedule-off-sign = off
schedule-figure = { $label }: { $value }
schedule-figure-limit = { $label }: { $value } (limit { $limit })
schedule-left-alone = Not proposed, and why
schedule-reason = { $count } × such as { $example }: { $reason }
schedule-holidays = Next holidays
schedule-no-holidays = None are known. Set timezone = "Asia/Seoul" or calendar.country = "KR" for those of South Korea, or name days in calendar.holidays.
column-runs = Runs
column-off-hours = Off h/week
column-time-zone = Time zone
column-stop = Stop
column-start = Start
label-runs = Runs
label-off = Off
label-seen = Seen

area-accounts = Accounts and regions
area-credentials = Credentials
area-environment = This machine
area-permissions = Permissions
column-action = Action
column-area = Area
column-message = Message
doctor-attach = Attach to { $who }:
doctor-calls = { $calls } calls were made; all of them only read, and none is charged.
doctor-calls-metrics = { $calls } calls were made; all of them only read. CloudWatch charges for { $metrics } of them and S3 for { $s3 }, by their prices per thousand; none of the others is charged.
doctor-calls-s3 = { $calls } calls were made; all of them only read. S3 charges for { $s3 } of them by its price per thousand requests; none of the others is charged.
doctor-failed = Not everything could be found out.
doctor-grant = The policy that grants it
doctor-incomplete = Something is missing before accounts can be read.
doctor-lacks = Permissions that are missing: { $count }
doctor-missing = What is missing, and for what
doctor-missing-opinion = Missing: the second opinion of { $source }
doctor-more-regions = { $count } more regions
doctor-unknown = Checks that will say Unknown: { $checks }
doctor-whole = Everything that was tried works.
init-account = Account { $account }
init-ask-organization = Scan every account of the organisation
init-ask-profile = Which credentials should trimtab start from
init-ask-regions = Scan every region that is enabled, which is the safe choice
init-ask-role = Read through the role trimtab-read, which can change nothing
init-ask-write = Write { $files }
init-caller = The credentials are those of { $arn }.
init-candidates = AWS credentials on this machine
init-environment = environment
init-file = { $file }
init-managed-by = The account belongs to an organisation that account { $account } manages. Run `trimtab init` with credentials of that account to scan all accounts.
init-no-candidates = None were found.
init-nothing = none of these
init-organization = The account manages an organisation with { $accounts } accounts.
init-regions-all = { $count ->
    [one] The one enabled region is scanned.
   *[other] All { $count } enabled regions are scanned unless you choose otherwise.
}
init-regions-empty = { $count ->
    [one] In { $count } region neither instances, volumes, databases nor load balancers were seen. It may still hold others.
   *[other] In { $count } regions neither instances, volumes, databases nor load balancers were seen. They may still hold others.
}
init-regions-unknown = { $count ->
    [one] What { $count } enabled region holds is not known: { $names }
   *[other] What { $count } enabled regions hold is not known: { $names }
}
init-unknown = not known
init-written = Written: { $file }
prompt-choice = { $question } [1-{ $of }, Enter: { $default }]
prompt-number = Enter a number from 1 to { $of }.
prompt-yes-no = { $question } [Y/n]
prompt-yes-or-no = Enter y or n.
progress-doctor = Trying what a scan needs
progress-doctor-step = { $done } of { $of } probes
progress-init = Looking at the account
progress-init-step = { $done } of { $of } regions
status-failed = failed
status-missing = missing
status-not-asked = not asked
status-note = note
status-ok = ok

# Backtest
progress-backtest = Replaying
column-rule = Rule
column-score = Score
column-cost-share = Cost
column-changed = Changed
column-cpu-above-80 = CPU > 80%
column-cpu-above-100 = CPU > 100%
column-memory-above-100 = Memory > 100%
column-ever-out-of-memory = Ever out
column-event = Event
column-chance-class = Chance
column-pairs = Cases
column-predicted = Given
column-observed = Seen
rule-keep = keep everything
rule-policy = this policy
rule-co-default = Compute Optimizer, default
rule-co-balanced = Compute Optimizer, balanced
rule-co-maximum-savings = Compute Optimizer, maximum savings
rule-vpa = like Kubernetes VPA
rule-maximum = maximum seen
rule-mean-target = mean at 65 %
rule-p98 = P98 and 25 % more
rule-oracle = best in hindsight
event-cpu-above-80 = CPU demand > 80%
event-cpu-above-100 = CPU demand > 100%
event-memory-above-100 = memory ever > 100%
backtest-title = Sizing replayed on { $machines } machines in { $windows ->
    [one] one window
   *[other] { $windows } windows
}
backtest-windows = Chosen from { $train } days, held for the next { $test }, from { $from } to { $to }. Nothing of the later days was known to a choice.
backtest-figure = The score is cost plus harm as a share of the present cost; less is better. An hour of CPU demand above 80 % of a size counts as { $above80 } machine-hours, above all of it as { $above100 } more, and an hour of memory demand above it as { $memory }.
backtest-money = The machines cost { $now } as they are, at { $prices }.
backtest-rules = Rules
backtest-reliability = How well the chances held
backtest-reliability-meaning = Every size that a machine could have was given a chance; beside it, how often it happened.
backtest-left-out = Not judged
backtest-left-out-line = { $resource } in { $windows ->
    [one] one window
   *[other] { $windows } windows
}: { $reason }
backtest-left-out-more = and { $count } more
column-too-small = Too small
chance-cpu = CPU { $share }
chance-memory = memory { $share }
chance-network = network { $share }
chance-ebs-throughput = EBS throughput { $share }
chance-ebs-operations = EBS operations { $share }
show-options-chances = Too small: the share of the coming days in which demand is expected above 80 % of the size, for CPU and for network and EBS of what it sustains, and the chance that memory runs out in them at least once. What is not listed was not measured, or there was none of it. `trimtab backtest` shows how well the chances of CPU and memory held on your own machines.
# A database server.
progress-database = Asking the database
column-load-share = Load
column-subject = Query or index
column-calls = Calls
column-examined = Read per row
column-confidence = Confidence
column-suggestion = To look at
column-advice = What to do
column-class-if = Class without it
column-digest = Digest
finding-missing-index = Missing index
finding-query-per-row = One query per row
finding-disk-temporary-table = Temporary table on disk
finding-sort-on-disk = Sort on disk
finding-full-scan = Long scan
finding-unused-index = Unused index
finding-duplicate-index = Superfluous index
finding-idle-connections = Idle connections
inspection-server = the server
inspection-counted = Counted for
inspection-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
inspection-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
inspection-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
inspection-statements = Queries
inspection-statements-figure = { $count ->
    [one] 1 call
   *[other] { $shown } calls
}, { $seconds } s in all
inspection-connections = Connections
inspection-connected = { $now } now, { $idle } of them idle
inspection-peak = at most { $figure }
inspection-limit = limit { $figure }
inspection-aborted = { $figure } aborted
inspection-buffer = Buffer
inspection-hits = { $share } of reads from it
inspection-data = { $size } of data
inspection-account = Account
inspection-read-only = can only read
inspection-writes = could write: { $privileges }
inspection-can-write = This account could write ({ $privileges }). The session was made read-only and nothing was written; an account that can only read is better: docs/guide/databases.md.
inspection-instance = Instance
inspection-instance-figure = { $resource } ({ $class }): CPU { $cpu } at the percentile that sizes it, { $max } at most, in { $days } days.
inspection-already = { $class } suffices as it is.
inspection-without = If this load went away: CPU about { $cpu }.
inspection-without-all = If all of the load below went away: CPU about { $cpu }.
inspection-class = { $class } would suffice then.
inspection-class-saves = { $class } would suffice then, for { $saving } a month less at list prices.
inspection-class-same = No smaller class follows from it.
inspection-found = { $count ->
    [one] 1 thing to look at
   *[other] { $count } things to look at
}
inspection-nothing = Nothing to look at.
inspection-share = { $share } of load
inspection-calls = { $count ->
    [one] 1 call
   *[other] { $shown } calls
}
inspection-examined = { $rows } rows read per row
inspection-confidence-low = low confidence
inspection-confidence-medium = medium confidence
inspection-confidence-high = high confidence
inspection-unseen = Not seen: { $text }
inspection-unknown = Not answered
inspection-basis = Load is the share of the time of all queries, waiting included. It is not the processor's time: what follows for the class is an estimate and a condition.
inspection-privacy = Queries are shown without their values. Statements are for you to look at: nothing was run or changed.
## Traffic
column-bots = Bots
column-busiest-hour = Busiest hour
column-bytes = Bytes
column-client = Client
column-duplicate-seconds = Seconds on duplicates
column-duplicates = Duplicates
column-example = Example
column-first = First
column-growth = Growth/week
column-in-progress = In progress
column-kind = Kind
column-method = Method
column-path = Path
column-peak-hour = Peak/hour
column-peak-minute = Peak/minute
column-requests = Requests
column-server-errors = 5xx
column-server-seconds = Server seconds
column-service = Service
column-stickiness = DAU/MAU
column-unreadable = Unreadable lines
column-version = Version
ingest-services = services by their logs
progress-traffic = Reading users and access logs
traffic-at-least = at least: requests came too fast to remember them all
traffic-basis = A client is
traffic-basis-address = an address
traffic-basis-address-agent = an address with a user agent, bots left out
traffic-basis-estimated = { $basis }; estimated, standard error { $error }
traffic-basis-user = a user
traffic-bots = bots { $share }
traffic-busiest = Busiest
traffic-busiest-hour = { $count } in the hour from { $hour }
traffic-busiest-minute = { $count } in a minute
traffic-clients = Clients
traffic-clients-day = { $date }: DAU { $daily }, WAU { $weekly }, MAU { $monthly }
traffic-concurrent = At one moment
traffic-day = Day
traffic-day-bar = 00 { $bar } 23
traffic-duplicates = Duplicates
traffic-duplicates-no-log = Duplicates are found in access logs only: put them into traffic/logs/SERVICE/.
traffic-duplicates-none = No duplicates were found.
traffic-duplicates-note = Each request has one kind at most, the first that fits in the order retry, repeat, polling, fan-out, herd. Requests of bots are not judged. A duplicate is a question to the client's developers, not yet a fault.
traffic-duplicates-of = { $duplicates } of { $requests } requests
traffic-errors = 5xx { $share }
traffic-example = { $count } × { $request } · { $client } · from { $first }
traffic-example-spacing = seconds between them: { $seconds }
traffic-gaps = { $period } · { $hours } h without a line: nobody came, or logs are missing
traffic-growth = { $week } a week (95 %: { $low } to { $high }, { $days } days)
traffic-growth-clients = Growth, clients
traffic-growth-requests = Growth, requests
traffic-growth-unclear = not clear: { $week } a week (95 %: { $low } to { $high }, { $days } days)
traffic-in-progress = at most { $count } at once in a minute's mean
traffic-kind-fan-out = fan-out
traffic-kind-herd = herd
traffic-kind-polling = polling
traffic-kind-repeat = repeat
traffic-kind-retry = retry
traffic-lines = Lines
traffic-lines-late = { $count } too far out of order for clients and duplicates
traffic-lines-read = { $read } read, { $used } counted
traffic-lines-repeated = { $count } in a second file too, counted once
traffic-lines-unreadable = { $count } lines not readable: { $problem } (first in { $file }, row { $row })
traffic-many-clients = many clients
traffic-meaning-fan-out = fan-out: one client asked for at least ten things of one kind within a second, one by one; a request for all of them would do.
traffic-meaning-herd = herd: at least twenty clients asked for the same thing in one second, ten times the usual; a shared cache or spread timers would do.
traffic-meaning-polling = polling: the same request again and again at a regular interval; a push or a longer interval would do.
traffic-meaning-repeat = repeat: the same request again within two seconds of one that did not fail; a cache in the client or a guard against sending twice would do.
traffic-meaning-retry = retry: the same request again within a minute of its failure; the failure is what to mend, and retries should back off.
traffic-peak = the busiest hour of the week has { $ratio } times the mean
traffic-period = Period
traffic-problem-format = not of the file's format
traffic-problem-impossible-time = a time before 1995 or after now
traffic-problem-no-user = no user
traffic-problem-number = a number that is none
traffic-problem-time = a time that is none
traffic-problem-too-long = longer than a line can be
traffic-requests = Requests
traffic-server = Server
traffic-source-alb = access logs of a load balancer
traffic-source-cloudfront = standard logs of CloudFront
traffic-source-combined = access logs, combined format
traffic-source-common = access logs, common format
traffic-source-events = events
traffic-source-request-count = metric RequestCount
traffic-stickiness = DAU/MAU { $share }
traffic-users = users.csv
traffic-users-day = { $daily } on { $date } · mean { $mean }, highest { $highest } over { $days } days
traffic-week = Week
traffic-week-bar = Mon { $bar } Sun
traffic-work = { $hours } h of work, { $mean } ms a request
traffic-work-duplicates = { $share } of it on duplicates

## Users and demand
column-change-now = Recommended now
column-change-then = Recommended then
column-cost = Cost
column-cost-per-thousand = Cost per 1,000
column-currency = Currency
column-allocated-by = Divided by
column-owner = Owner
column-tagged = By tags
column-by-rule = By rules
column-shared = Of shared costs
allocation-nobody = (nobody)
allocation-none = No charge of { $period } has a tag that names an owner. Say which do with `tags.owners`, or who owns what has none with `[[allocation]]` in the configuration.
allocation-note = { $period }, { $basis ->
    [effective] effective cost
   *[billed] billed cost
}. Every charge counts once: owners and what nobody owns add up to the bill.
column-day = Day
column-driver = Follows
column-event-name = Event
column-explained = Explained
column-extra-monthly = Extra a month
column-follows-users = Verdict
column-forecast-time = Time
column-headroom-times = Times the peak
column-high = High
column-holds = Holds
column-intercept = At nobody
column-lag-hours = Lag (h)
column-likely = Expected
column-low = Low
column-month = Month
column-per-thousand = Per 1,000
column-per-unit = Per unit
column-price-basis = Price basis
column-r-squared = R²
column-savings-now = Saves now
column-savings-then = Saves then
column-size = Size
column-users = Users
column-vcpu-per-thousand = vCPU per 1,000
driver-daily-users = users of a day
driver-peak-concurrent-users = peak concurrent users
driver-requests-per-day = requests of a day
driver-requests-per-hour = requests an hour
driver-users-per-hour = users of an hour
forecast-method-log-mstl = season and trend of the logarithms
forecast-method-mstl = season and trend
forecast-method-seasonal-naive = the last week repeated
progress-simulate = Analysing with other users
simulation-appears = appears
simulation-basis = Only what lies above the part that is used without users was multiplied. Savings are likely estimates a month of 730 hours, on the basis of each recommendation; the extra cost is at list prices.
simulation-changes = changes
simulation-event = { $date }: { $factor } times the users of that day
simulation-event-outside = { $date }: lies outside of the horizon and changes nothing
simulation-extra = { $machines } machines become too small; larger ones cost { $extra } more.
simulation-falls = falls
simulation-saves-otherwise = saves otherwise
simulation-savings = Savings found: { $now } now, { $then } then.
simulation-scaled = { $scaled } metrics follow users and were scaled, { $left } do not and were left as they are.
simulation-stay = Recommendations that stay: { $stay }.
simulation-title = { $users } times today’s users, over { $days } days
simulation-too-small = too small
simulation-unchanged = Left as they are
unit-cost-dau = Cost of a day by its users ({ $source }). Days of the bill are of UTC.
unit-cost-mau = Cost of a month by the users of the 30 days that end with it ({ $source }).
unit-cost-missing = A dash is not zero: the bill or the users of that time are missing.
unit-cost-requests = Cost of a day by 1,000 requests ({ $source }).
user-event-given = { $date } { $name }: { $factor } times the usual, as given
user-event-not-known = { $date } { $name }: no such day in the past, so no effect is assumed
user-event-past = { $date } { $name }: { $factor } times the usual, the median of { $days } past days
user-forecast-interval = Nine outcomes in ten are expected between low and high.
user-forecast-made = Made from { $history } steps by { $method }; tried on the last { $steps }, it was off by { $error }, and repeating the last week by { $naive }.
user-forecast-mean = { $mean } on average, { $recent } lately ({ $change }).
user-forecast-untried = Made from { $history } steps by { $method }; too few to try it on.
user-load-cost = Cost: a month of 730 hours on the basis shown; per 1,000 users on average, or per 1,000 requests.
user-load-explained = explained by users
user-load-holds = Holds: so many keep nineteen in twenty of the peaks below the target of use. Times the peak: of the highest of the last 7 days.
user-load-line = Per 1,000: what 1,000 more need. At nobody: what is used when nobody comes.
user-load-not-explained = not explained by users
user-load-not-seen = Not explained is a finding: something else makes it busy, or nothing does. A line says what moved together, not why.
user-load-title = { $following } of { $all } metrics follow users or requests

## Plans
approval-hash = Needs one person, who types the hash of the plan.
approval-hash-and-alias = Needs one person, who types the hash of the plan and the alias of each account.
approval-two-persons = Needs two persons, one of whom did not make the plan: something in it is gone for good afterwards.
class-destructive = cannot be taken back
class-reversible = taken back at once
class-slow = taken back slowly
column-approved = Approved
column-begins = Begins
column-change-id = Change
column-changes = Changes
column-class = Way back
column-command = Command
column-created-at = Made
column-created-by = Made by
column-downtime = Downtime
column-expires-at = Expires
column-field = Field
column-found = Found
column-hash = Hash
column-iam-action = IAM action
column-made = Made until
column-number = No.
column-plan = Plan
column-plan-runs = Runs
column-recommendation = Recommendation
column-recovery = Kept before
column-severity = Severity
column-stage = Stage
column-stages = Stages
column-watched = Watched until
column-wave = Wave
difference-added = added
difference-changed = changed
difference-removed = removed
difference-rule = rule
downtime-most = at most { $length }, the way back included
downtime-none = none
dry-run-basis = These are the calls where all goes well, played through a simulated cloud that is as the plan expects it; AWS was not asked. Before each call the resource is looked at: what is seen decides, and a refusal leads back. Times are the earliest; what AWS names only on the way stands in angle brackets.
dry-run-gates = Gates: { $gates }
dry-run-nothing = This was a dry run: nothing was changed.
dry-run-title = { $plan } · dry run
dry-run-watched = Watched for { $length } afterwards.
environments-all = every environment
gate-alarm = { $signal } of { $by }: none goes off that was not on before
gate-compared = { $signal } as before and as its neighbours
gate-least = { $signal } at least { $limit }
gate-most = { $signal } at most { $limit }
gate-optional = { $gate } where it is measured
gates-none = none: nothing measures whether it is well
label-accounts = Accounts
label-downtime = Downtime
label-expires = Expires
label-gates = Gates
label-hash = Hash
label-inventory = Inventory of
label-made = Made
label-phase = Status
label-recovery = Kept before
label-plan-runs = Runs
next-command = Next: { $command }
plan-approved-by = approved by { $by }, { $at }
plan-approved-classes = { $reversible } can be taken back at once, { $slow } slowly, { $destructive } not at all
plan-approved-downtime = Each may be out of service for { $longest } at most, the way back included
plan-approved-scope = { $changes }, waves: { $waves }, accounts: { $accounts }
plan-bounds = At most { $most } changes at once, { $budget } % of a service or target group at once; a wave halts at { $failures } failed.
plan-changes = { $count ->
    [one] { $count } change
   *[other] { $count } changes
}
plan-found = Found in this plan
plan-freeze = Freeze { $name }: { $from } to { $until } · { $environments }
plan-left-out = Left out
plan-made = { $at } by { $by }
plan-migration = Last step of the migration { $name } in { $region }: the phases before it are done with the commands of its guide.
plan-no-window = None: nothing starts before a window is in the configuration.
plan-not-approved = Not approved.
plan-patch = { $owner } owns it: `trimtab plan show -o json` has the change for its owner ({ $format }).
plan-possibly-managed = { $tool } may manage it and take the change back at its next run.
plan-saving-basis = estimated; the range is what the data allows
plan-stage = Stage { $stage }
plan-watch = Each change is watched for { $soak }, for { $extension } more if too little was seen.
plan-watch-confirm = Each change is watched for { $soak }, for { $extension } more if too little was seen, and confirmed { $confirm } later.
plan-wave = { $wave } · { $count }
plan-windows = Change windows
recovery-db-snapshot = a snapshot of the database
recovery-instance-snapshots = snapshots of all volumes, taken together
recovery-settings = its settings, in the journal
recovery-volume-snapshot = a snapshot of the volume
severity-error = error
severity-note = note
severity-warning = warning
signal-alarm = alarms
signal-availability = availability (%)
signal-burst = burst balance (%)
signal-connections = database connections
signal-cpu = CPU use (%)
signal-credits = CPU credits left
signal-error-rate = error rate (%)
signal-failed = failed requests
signal-free-memory = memory left
signal-healthy-hosts = healthy targets
signal-unhealthy-hosts = unhealthy targets
signal-invocations = runs of the function
signal-function-errors = failed runs of the function
signal-throttles = throttled runs of the function
signal-function-duration = duration of the function (ms)
signal-event-age = age of events (ms)
signal-latency = response time p95 (ms)
signal-memory = memory use (%)
signal-network = network of its baseline (%)
signal-read-latency = read latency (ms)
signal-reads = reads a second
signal-replica-lag = replica lag (s)
signal-requests = requests
signal-status-check = failed status checks
signal-swap = swap in use
wave-canary = Canary
wave-percent = Up to { $percent } %
weekday-fri = Fri
weekday-mon = Mon
weekday-sat = Sat
weekday-sun = Sun
weekday-thu = Thu
weekday-tue = Tue
weekday-wed = Wed
window-every-day = every day

## Runs
column-at = At
column-call-state = What
column-closed = Ended
column-gates = Gates
column-operator = Who
column-request-id = Request
column-run = Run
column-since = Since
column-started-at = Began
direction-back = back:
direction-forward = forward:
direction-release = release:
gate-fail = A gate failed.
gate-inconclusive = Too little was seen to say.
gate-pass = The gates passed.
line-accepted = accepted ({ $request })
line-change-started = begins: { $what }
column-mark-details = Details
column-next = Next
mark-run = run
mark-snapshot = snapshot
mark-db-snapshot = database snapshot
mark-reservation = capacity reservation
mark-quarantined-volume = volume in quarantine
mark-quarantined-address = address in quarantine
mark-drill-volume = volume of a restore drill
mark-deployment = blue/green deployment
mark-stopped-instance = stopped instance
mark-schedule = schedule
mark-open-run = { $run } goes on with it
mark-ended-run = kept by { $run }, which is over
mark-lost-journal = journal lost
mark-unknown = nothing is known of its plan
recover-nothing = Nothing of trimtab's was found, and no run is open.
recover-unread = Not looked at: { $place }. { $why }
recover-lost = What was written down of { $count } of these is lost. Nothing is guessed: a stopped instance may have been stopped by somebody else.
recover-adopted = { $run } has a journal again: { $begun } changes go on, { $unclear } need a person. Nothing was changed in AWS. Go on with: trimtab run resume { $run } --execute
line-adopted = taken up again without its journal, by what is seen: { $evidence }.
line-held = waits for a person.
line-lease-taken = { $by } on { $host } goes on with it.
line-preflight = Preflight: { $rows } rows judged, { $found } of them with something to say.
line-paged = a person is needed: it is out of service longer than the plan allows.
line-refused = refused: { $code }: { $message }
line-rollback-started = goes back.
line-run-started = { $run } of { $plan } begins, by { $by } on { $host }.
line-soak-restarted = is watched anew.
line-soak-started = made, and watched from now on.
line-stage-approved = Stage { $stage } was approved by { $by }.
line-stage-started = Stage { $stage } begins.
line-unheld = { $by } lets it go on.
line-unknown = no answer: { $why }. What is there is looked at before anything else.
line-waits = waits until { $until }.
line-wave-halted = The wave of { $stage } takes no more changes.
line-wished = { $by } asks: { $wish }
outcome-confirmed = confirmed
outcome-needs-operator = a person must look
outcome-original = as it was before
outcome-refused = not begun, nothing changed
phase-back = going back
phase-forward = being made
phase-held = waits for a person
phase-passed = well, waits for its confirmation
phase-soaking = made, watched
phase-waiting = not begun
run-begun = Began { $at } by { $by }.
run-cancelled = cancelled
run-complete = complete
run-damaged = The journal of this run is damaged, and nothing is done by it.
run-halted = Halted waves
run-manual = Commands to begin with:
run-needs-operator = a person must look
run-open = not ended
run-partial = partly confirmed
run-refused = refused, nothing was changed
run-rolled-back = taken back
run-simulated = A simulated run: nothing of AWS was touched.
wish-cancel = end, and take back what is not confirmed
wish-pause = start nothing more
wish-resume = go on
apply-awaits-approval = Stage { $stage } waits for its approval: trimtab plan show { $plan }
apply-expired = The plan has expired and is not started any more: make a new one with `trimtab plan create`.
apply-idle = Nothing is to be done before { $until }: { $why } Go on then with `trimtab run resume { $run } --execute`, or wait with --wait.
apply-interrupted = Interrupted, with nothing under way; gates are not read until it goes on. Go on with `trimtab run resume { $run } --execute`, or back with `trimtab rollback { $run } --execute`.
apply-stage-over = Stage { $stage } is next: trimtab apply { $plan } --stage { $stage }
apply-type-name = This changes production of account { $account }. Type "{ $name }" to go on:
apply-wave-over = The waves that were asked for are over, and more of stage { $stage } is left: trimtab apply { $plan } --stage { $stage }
audit-empty = No call that changes something was made.
audit-verified = { $count ->
    [one] { $count } line, as it was written.
   *[other] { $count } lines, as they were written.
}
halt-cleared = Changes may start again.
halt-set = Halted: nothing new begins until `trimtab halt --clear`. What is under way is brought to its end or back.
halt-was-clear = Nothing was halted.
line-unseen = { $change }: could not be looked at, and is tried again. { $why }
plan-approved = { $by } approved stage { $stage } of { $plan }.
plan-diff-same = Both plans do the same by the same rules.
plan-kept = Kept as { $plan }. Nothing was changed.
plan-lint-approvable = It can be approved.
plan-lint-errors = It has errors and cannot be approved.
plan-needs-another = One more person must approve it.
plan-needs-somebody-else = One more person must approve it, who did not make the plan.
plan-none = There is no plan yet: make one with `trimtab plan create`.
plan-simulate-basis = If every stage is approved at once and none fails: in the timetable every change takes as long as it may; the calls are those of a rehearsal in a simulated cloud.
run-asked = Asked of { $run }: whoever drives it hears it within half a minute. Without anybody, it is heard at `trimtab run resume { $run } --execute`.
run-is-paused = { $run } is paused, and --all lets nobody's pause go. To go on with it: trimtab run resume { $run } --execute
run-not-paused = { $run } is not paused, and nothing was asked of it. To go on with it here: trimtab run resume { $run } --execute
run-resume-dry = Nothing was done. To go on with them here, add --execute.
run-none = There is no run yet: `trimtab apply PLAN --execute` begins one.
apply-stopping = Interrupted: nothing new begins, and what is under way is brought to its end or back. A run that is killed instead goes on with `trimtab run resume`.
dry-run-quarantine = Before the last call it is marked with the tag trimtab:quarantine-until (ec2:CreateTags) and lies untouched for { $length }.
dry-run-begins = Begins { $at } at the earliest, if its stage is approved in time.
dry-run-never = It never begins: `trimtab plan simulate` says why.

column-preflight-about = About
column-preflight-fact = Fact
column-preflight-row = Row
column-preflight-step = What to do
column-preflight-verdict = Verdict
plan-attest-kept = { $by } vouches for { $row } of { $change }. It counts for this plan and no other.
plan-attested = vouched for: { $row } by { $by } on { $at }: { $note }
preflight-all-clear = Nothing stands in the way of any change. Nothing was changed.
preflight-clear = Nothing stands in the way of it now.
preflight-passed = { $count } rows have nothing in the way.
preflight-refused = It would not be made.
preflight-some-refused = { $count } changes would not be made. Nothing was changed.
verdict-attest = attest
verdict-attested = attested
verdict-block = block
verdict-pass = pass
verdict-prep = prepare first
verdict-unread = unread
verdict-wait = wait
verdict-warn = warning

## A staged rollout of the demo

rollout-title = Staged rollout of the demo · { $plan } · { $run }
rollout-basis = The company does not exist (seed { $seed }) and its cloud is simulated: the clock jumps from one event to the next. Plan, approvals, gates, journal and audit log are the real ones.
rollout-begun = { $by } begins the run.
rollout-stage = Stage { $stage }
rollout-changes = changes: { $changes }
rollout-made = made, and watched for { $length }
rollout-confirmed = confirmed · { $saving }
rollout-ended = The run is over: { $outcome }.
rollout-share = { $signal } { $value } % { $sign } { $limit } %
rollout-than-history = { $signal } against earlier weeks { $value } % { $sign } { $limit } %
rollout-than-control = { $signal } against others { $value } % { $sign } { $limit } %
rollout-verified = Verified
rollout-label-states = States
rollout-states = { $count } of { $all } resources are in the simulated cloud what the journal says
rollout-label-service = In service
rollout-in-service = nothing is stopped or out of its target group; { $machines } machines ran before and run now
rollout-out-of-service = out of service: { $names }
rollout-label-reserved = Left over
rollout-nothing-reserved = no capacity reservation is left
rollout-reserved = capacity reservations that cost money: { $names }
rollout-label-chains = Records
rollout-chains = { $entries } entries of the journal and { $lines } lines of the audit log, every link verified
rollout-label-calls = Calls
rollout-calls = { $calls } made; without an intent in the journal before: { $bare }; announced in the audit log: { $logged }
rollout-savings = { $confirmed } confirmed of { $planned } planned; { $back } given back by the way back
rollout-savings-basis = Estimated per month of 730 hours, effective (amortised), without overlaps; price basis: { $basis }.
rollout-column-journal = Journal
rollout-column-world = Simulated cloud
rollout-column-expected = Expected
rollout-column-down = Out of service
rollout-column-budget = Allowed
rollout-never-down = never
rollout-down = { $times }×, up to { $length }
rollout-holds = All of it holds: each resource is as planned or as it was before, and in service.
rollout-does-not-hold = Not all of it holds: see above.
progress-rollout = Carrying the plan out in a simulated cloud
demo-run-kept = The run is kept: trimtab --data-dir { $dir } run show { $run }
demo-next-plan = Try a plan of it: { $plan } --filter { $filter }
demo-next-run = Watch a whole rollout of it, in a simulated cloud: trimtab demo --run
dry-run-window = { $at }, window open until { $until }
dry-run-no-window = { $at }, outside of every window
column-window-until = Window until
column-direction = Way

## Pages of the dashboard
web-navigation = Navigation
web-setup = Setup
web-skip = Skip to the content
web-overview = Overview
web-cost = Cost explorer
web-recommendations = Recommendations
web-plans = Plans
web-runs = Runs
web-savings = Savings
web-waste = Waste
web-commitments = Commitments
web-modernise = Modernise
web-anomalies = Anomalies
web-budgets = Budgets
web-unit-cost = Unit cost
web-allocation = Allocation
web-resources = Resources
web-reports = Reports
web-coverage = Data coverage
web-settings = Settings
web-currency = Currency
web-theme-light = Light
web-theme-dark = Dark
web-demo-ribbon = Demo data: this company does not exist.
web-foot = Savings are estimates; where nothing else is said, per month of 730 hours and effective (amortised). Days of the bill are UTC.
web-again = Try again
web-failed = This page could not be made
web-not-found = Nothing is here
web-not-found-why = The address has changed, or it is of an earlier analysis.
web-not-known = Not known
web-no-name = No name
web-login = Sign in
web-login-why = The data of this server is for those who have its token.
web-login-token = Token
web-login-enter = Enter
web-login-wrong = That is not the token.
web-login-where = It is printed by
web-no-data = Nothing was collected yet
web-no-data-why = Look around in the demo, connect an account, or read files that you exported.
web-no-analysis = Nothing was analysed yet
web-no-analysis-why = Recommendations come from an analysis.
web-no-bill = No bill was ingested yet
web-no-bill-why = Cost is read from AWS's billing exports (FOCUS, CUR).
web-bill-until = Bill up to { $day }
web-analysis-of = analysis of { $moment }
web-verdict-share = The last 30 days cost { $cost }; { $saving } a month can be saved, { $share } of the { $base } that was analysed.
web-verdict-saving = The last 30 days cost { $cost }; { $saving } a month can be saved.
web-verdict-cost = The last 30 days cost { $cost }; nothing was found that could be saved.
web-verdict-only-saving = { $saving } a month can be saved. Without a bill the cost is not known.
web-last-month = Last 30 days (amortised)
web-than-before = { $change } on the 30 days before
web-no-month-before = no 30 days before to compare with
web-forecast = This month, expected
web-forecast-how = { $so_far } up to { $day }; its other days as the mean of their weekday over four weeks
web-found = Savings found
web-found-listed = Savings listed
web-found-count = { $count ->
    [one] { $count } recommendation
   *[other] { $count } recommendations
}
web-found-apart = { $count } more after work on programs
environment-unknown = unknown
web-low-risk = Of low risk alone
web-low-risk-count = { $count ->
    [one] { $count } change
   *[other] { $count } changes
}, { $calm } without a restart
web-decide = To be decided
web-decide-about = largest saving first
web-runs-held = { $count ->
    [one] { $count } run waits
   *[other] { $count } runs wait
} for a person
web-plan-waits = waits for approval · { $count ->
    [one] { $count } change
   *[other] { $count } changes
}
web-all-recommendations = All recommendations
web-nothing-to-save = Nothing was found that could be saved.
web-movers = What moved
web-movers-about = last 7 days and the 7 before · amortised
web-no-movers = There are no 14 days of the bill to compare, or nothing moved.
web-funnel = From found to verified
web-funnel-about = Verified is only what the bill shows. It appears once a change was applied and a later bill was read.
web-monthly-cost = Cost a month
web-share-of-cost = { $share } of the cost
web-conditional = After work on programs
web-conditional-about = only once programs are repaired or become functions; in no sum above
web-unjudged = Not judged
web-unjudged-about = verdicts that lack data: see data coverage
web-filter = Filter
web-facets = Narrow down
web-facet-any = any
web-facet-any-of = Any { $name }
web-facet-more = { $count } more
web-not-measured = not measured
web-measured-use-about = { $count } days from { $from } (UTC), by the day
web-confidence-about = Confidence: high where the evidence lacks nothing that the check asks for, medium where it lacks one thing, low where it lacks more or the price is estimated. Measured use is the highest of each day, of counts their sum.
web-by = Your name
web-plan-chosen = Plan the chosen ones
web-plan-chosen-about = A plan changes nothing. It is approved first, then carried out from the command line.
web-plan-this = Add to a plan
web-hide = Hide the { $count } that were put away
web-show-hidden = Show { $count } that were put away
web-table-count = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
web-table-count-of = { $shown } of { $all } rows
web-table-clear = clear filters
web-table-apply = Apply
web-table-columns = Columns
web-table-choose = Choose
web-table-choose-row = Choose { $name }
web-table-filter = Filter: { $column }
web-table-nothing = No row meets the conditions.
web-table-pages = Pages
web-table-before = Back
web-table-after = Next
web-table-place = { $from }–{ $until } of { $all }
web-waste-sum = Saved by removing what nobody uses
web-waste-about = Resources that nobody uses or that are attached to nothing. A snapshot is kept before anything is deleted.
web-waste-none = Nothing was found that nobody uses.
web-sources = Sources of data
web-sources-complete = Complete
web-sources-complete-about = read as far as needed
web-sources-partial = Partial
web-sources-partial-about = some resources or days only
web-sources-absent = Absent
web-sources-absent-about = not read
web-sources-missing = What is missing, and what it would unlock
web-sources-missing-about = how many checks could judge with it
web-unlocks = { $count ->
    [one] { $count } check
   *[other] { $count } checks
}
web-setting = Setting
web-setting-value = Value
web-setting-origin = From
web-settings-values = Settings that hold
web-settings-about = Read from files and the environment. Edit the file to change them.
web-audit = Audit log
web-audit-none = Nothing was changed yet.
web-why = Why
web-window = { $count ->
    [one] { $count } day observed
   *[other] { $count } days observed
}
web-figures = Figures that decided
web-metric-coverage = { $samples } samples · every { $period } · { $coverage } of the time
web-course = Use, now and after
web-course-about = The dashed line is the same samples, as they would be on the recommended size
web-course-measured = Measured use
web-course-cpu = CPU
web-course-memory = Memory
web-course-network = Network
web-course-free-memory = Free memory (lowest)
web-course-connections = Connections (highest)
web-course-in = in
web-course-out = out
web-course-now = measured
web-course-after = after the change
web-course-limit = limit
web-evidence = Why to believe it
web-options-about = the first row is what there is now; risk is how likely resources run short
web-commands-about = AWS CLI commands, to run them yourself
web-a-year = { $amount } a year
web-formula = Formula
web-saving-about = month of 730 hours · effective (amortised) · estimated
web-second-opinion = What AWS says
web-decision = Decide
web-decide-reason = Reason
web-decide-until = Until
web-snooze = Snooze
web-dismiss = Dismiss
web-reopen = Reopen
web-dismissed = Dismissed: { $reason }
web-snoozed = Snoozed until { $until }. { $reason }
web-plans-none = There is no plan yet
web-plans-none-why = Choose recommendations: a plan puts them into stages dev, staging and prod, with their gates.
web-plan-made = By { $by }, { $at }
web-plan-expires = may be started until { $at }
web-plan-saves = Saves a month, estimated
web-plan-changes = Changes
web-plan-changes-about = in all stages
web-plan-notes = To look at
web-plan-left-out = Left out
web-plan-hash = The hash that is typed to approve
web-change-class = Kind
web-change-downtime = Out of service
web-change-recovery = Recovery point
web-change-gates = Gates
web-change-undo = Undo
web-change-details = Details
web-approved-by = Approved by { $by }, { $at }
web-approve = Approve { $stage }
web-approve-hash = Hash of the plan (12 characters at least)
web-approve-alias = Account aliases (separated by commas)
web-approve-not = Not approved yet. It cannot be approved here while it has errors or this server only shows.
web-patch = Patch for its owner
web-runs-none = Nothing was carried out yet
web-runs-none-why = Approved plans are carried out from the command line; what happens is seen here.
web-run-closed = Changes closed
web-run-of = of { $count }
web-run-held = Waiting for a person
web-run-held-about = see the reason and the commands below
web-run-resume = Resume
web-run-pause = Pause
web-run-cancel = Cancel and take back
web-run-control-about = Whoever carries it out heeds this before the next call.
web-run-log = What happened
web-gates = Health gates
web-gates-about = { $from } – { $until } · each point is the worst of its step; those before the change has settled are drawn and not judged
web-gates-unread = What gates measured cannot be drawn:
web-gates-show = Show what its gates measured
web-gates-none = The points of its gates are not kept; what was judged is below.
web-gates-changed = the change began
web-gates-before = Before the change
web-gates-measured = Measured
web-gates-limit = Limit
web-gates-floor = Least
web-gates-weeks = Same hours of earlier weeks
web-gates-controls = Others that were not changed
web-gates-quiet = Zero all the time: { $signals }.
web-gates-judged = Judged
web-run-log-about = the latest first
web-cost-period = { $from } – { $until } (UTC) · { $basis }
web-cost-total = Total
web-cost-before = The stretch before
web-cost-missing = { $count ->
    [one] { $count } day of this stretch is
   *[other] { $count } days of this stretch are
} in no bill; what was spent then is not known and in no sum.
web-cost-unknown = { $count ->
    [one] { $count } item has
   *[other] { $count } items have
} no cost of this basis and are in no sum.
web-other-currencies = Costs in other currencies ({ $currencies }) are in no sum here.
web-group-by = Group by
web-basis = Basis
web-basis-effective = Effective (amortised)
web-basis-billed = Billed
web-basis-list = List
web-by-service = Service
web-by-account = Account
web-by-region = Region
web-by-usage-type = Usage type
web-by-resource = Resource
web-by-category = Charge category
web-savings-none = Nothing was analysed or planned yet
web-savings-needs = An analysis finds savings, a plan makes changes of them, and a later bill shows what they save. Each step stands here once it is there.
web-commitments-none = No commitment is known
web-commitments-needs = Savings Plans and reservations stand here once a bill with commitment columns (FOCUS 1.2 or CUR) names them, or a scan lists them.
web-modernise-none = No candidate was found in what was read.
web-modernise-sum = Saved by running otherwise
web-modernise-about = Hours off outside production, newer generations, Graviton processors, smaller Auto Scaling groups, servers that could be functions, and functions that containers would do for less. Candidates for Spot are not looked for yet.
web-anomalies-none = No bill by day was ingested yet
web-anomalies-needs = Days that stand out are looked for in a bill by day (FOCUS or CUR), with four weeks before the day.
web-budgets-none = No budget is configured
web-budgets-needs = Write what a month may cost into trimtab.toml, in all or of one account, team or service, and start the server again.
web-unit-cost-none = There are no users to divide cost by
web-unit-choose = Users of
web-unit-last = Cost of one user
web-unit-change = Beside the stretch before
web-unit-users = Users
web-unit-cost-needs = With daily active users read, the cost of one user stands here.
serve-until = Ctrl-C ends it.
serve-open = Other machines reach this address: a proxy in front of it must speak TLS.
web-kind = Kind
web-tags = Tags
web-tags-none = It has no tag.
web-tag-key = Tag key
web-tag-values = Values
web-allocation-owners = Whose cost it is
web-allocation-none = Nobody owns any of it yet
web-allocation-shared = Shared: { $name }
web-allocation-nobody-bears = No owner could bear it, so that nobody owns it.
web-tag-coverage = Tag coverage
web-tag-coverage-about = by number of resources
web-untagged = Without a tag
web-untagged-about = whose they are is not known
web-no-environment = Without an environment
web-no-environment-about = treated as production
web-resource = Resource
web-resource-cost = Cost of the last 30 days
web-resource-cost-about = effective (amortised)
web-resource-cost-none = the bill does not name it
web-resources-none = No resource was collected yet
web-resources-none-why = They appear once an account was scanned or an inventory was read.
web-verdicts = Verdicts
web-verdicts-none = There is no verdict about this resource.
web-passed = well
web-reports-none = There is nothing to report yet
web-reports-needs = Reports are made of the bill and the analysis.
web-report-weekly = Week
web-report-monthly = Month
web-report-quarterly = Quarter
web-report-choose = Which report
web-report-about-past = Made from the same data as these pages, as of the end of its period. The same from the command line:
web-report-about = Made from the same data as these pages, of the last whole period. The same from the command line:

## Charts

chart-actual = Actual
chart-applied = Applied
chart-band = 10–90% range
chart-below-zero = Not drawn, being below zero: { $count ->
    [one] { $count } amount
   *[other] { $count } amounts
}.
chart-budget = Budget
chart-confidence = Confidence { $value }/100
chart-event = Event or anomaly
chart-found = Found
chart-left-out = Not drawn, having no rate to { $currency }: { $count ->
    [one] { $count } amount
   *[other] { $count } amounts
}.
chart-less = Less
chart-likely = Expected (median)
chart-more = More
chart-no-data = no data
chart-observing = being observed
chart-others = Others ({ $count })
chart-peak = peak { $value }
chart-lowest = lowest { $value }
chart-planned = Planned
chart-provisional = provisional
chart-settled = settled
chart-spark = peak { $peak }, last { $last }
chart-stack-total = { $count ->
    [one] { $count } day
   *[other] { $count } days
}, { $total } in total
chart-step-exchange-rate = Exchange rate
chart-step-gone = Gone
chart-step-new = New
chart-step-optimisation = Optimization
chart-step-price = Price
chart-step-unexplained = Unexplained
chart-step-usage = Usage
chart-total = { $total } in total
chart-truncated = The axis of amounts begins at { $value }.
chart-verified = Verified
chart-week-before = Week before
chart-week-now = This week
column-amount = Amount
column-estimated = Estimated
column-forecast = Forecast (range)
column-group = Group
column-hour = Hour
column-item = Item
column-largest = Largest
column-least = Least
column-part = Part
column-place = Place
column-range = Saving (range)
column-realization = Realized share
column-realized = Realized
column-recommendations = Recommendations
column-saving = Saving
column-series = Series
column-step = Cause
web-as-table = As a table
web-daily-cost = Daily cost by service
web-daily-cost-about = last 60 days · effective (amortised)
web-cost-by-day = Cost by day
web-cost-areas = Where the money goes
web-cost-areas-about = service and account · follow an area
web-commands = Commands

## Reports
report-subtitle = { $first } – { $last } · made { $moment }
report-deadline = until { $moment }
report-more-decisions = { $count ->
    [one] { $count } more waits.
   *[other] { $count } more wait.
}
report-risk = risk { $risk }
report-owner = owner { $owner }
report-as-table = Show as a table
report-bars-legend = · marks the period before, * what may still change.
report-provisional = provisional
report-day-not-billed = the bill does not cover the day
report-not-verified = not verified
report-not-measured = not measured
report-chart-day = Day
report-chart-weekday = Day of the week, Monday is 1
report-chart-amount = Amount
report-chart-group = Period
report-chart-previous = before
report-chart-current = this
report-chart-step = Item
report-chart-estimated = Estimated
report-chart-realized = Realized
report-chart-expected = Expected so far
report-cut = (cut; the report has all of it)
report-cut-sections = { $count ->
    [one] { $count } section is left out for its length; the report has it.
   *[other] { $count } sections are left out for their length; the report has them.
}
report-cut-rows = { $count ->
    [one] { $count } row is left out for its length; the report has it.
   *[other] { $count } rows are left out for their length; the report has them.
}
report-written = The report is in { $file }.

## Workbooks
workbook-first = Summary
workbook-definitions = Definitions
workbook-basis-line = { $currency } · { $first } – { $last } UTC · { $basis }, unless a heading says otherwise
workbook-effective = EffectiveCost: amortised, after discounts
workbook-billed = BilledCost: the basis of the invoice
workbook-unknown = Unknown
workbook-unknown-why = Unknown: { $why }
workbook-figure = Key figure
workbook-value = Value
workbook-low = Low
workbook-high = High
workbook-low-of = { $title }, low
workbook-high-of = { $title }, high
workbook-note = Note
workbook-decision = Decision
workbook-estimated = Estimated amount
workbook-kind = Kind
workbook-kind-recommendation = recommendation
workbook-kind-plan = plan
workbook-kind-increase = increase
workbook-risk = Risk
workbook-owner = Owner
workbook-deadline = Until
workbook-state = Status
workbook-settled = settled
workbook-before = Before
workbook-now = This period
workbook-so-far = So far
workbook-bridge-base = Base
workbook-bridge-end = Total
workbook-bridge-rise = Increase
workbook-bridge-fall = Decrease
workbook-bridge-rise-below = Increase below zero
workbook-bridge-fall-below = Decrease below zero
workbook-axis-cut = The vertical axis does not begin at zero: the steps would be too small to see.
workbook-item = Item
workbook-meaning = Meaning
workbook-report = Report
workbook-first-day = First day (UTC)
workbook-last-day = Last day (UTC)
workbook-made = Made
workbook-basis = Basis of amounts
workbook-currency = Currency of amounts
workbook-time-zone = Time zone of moments
workbook-rates = Exchange rates, for display
workbook-rate-from = Unit
workbook-rate = Rate
workbook-rate-to = Currency
workbook-rate-day = Day
workbook-rate-source = Source
workbook-reading = How to read it
workbook-says-amounts = Amounts are numbers in the currency that their heading names. /mo is an estimate for a month of 730 hours.
workbook-says-unknown = Unknown means that the value is not known. It is not zero, and no sum contains it.
workbook-says-provisional = A day marked provisional may still change in the bill. Its column is hatched.
workbook-says-ranges = Low and High are the ends of the range of a value that is expected.
workbook-says-digits = A cell holds about 15 digits of a number. The JSON report has every digit.
workbook-says-bridge = Base, Total, Increase and Decrease are what a chart of steps is drawn from. They say nothing that the amounts do not.
workbook-cut = { $count ->
    [one] { $count } text was longer than the 32,767 characters of a cell and ends in ….
   *[other] { $count } texts were longer than the 32,767 characters of a cell and end in ….
}
workbook-cleaned = { $count ->
    [one] { $count } text had control or invisible characters, which are left out.
   *[other] { $count } texts had control or invisible characters, which are left out.
}
workbook-list = List
workbook-rows = Rows
workbook-conditions = Conditions
workbook-order = Order
workbook-none = none
workbook-says-own-currency = Amounts are in the currency of the bill: nothing is converted.
workbook-says-moments = Moments are in the time zone above.

# Channels that reports are sent through
notify-column-channel = Channel
notify-column-kind = Kind
notify-column-to = To
notify-column-report = Report
notify-column-next = Next
notify-column-last = Last
notify-column-at = When
notify-column-note = Answer
notify-column-result = Result
notify-column-tries = Tries
notify-report-weekly = weekly
notify-report-monthly = monthly
notify-report-quarterly = quarterly
notify-sending = sending
notify-sent = sent
notify-failed = failed
notify-refused = refused
notify-uncertain = uncertain
notify-busy = busy
notify-before = sent-before
notify-would = would-send
notify-no-channel = No channel is configured: docs/guide/notify.md shows how to write one.
notify-next = The { $report } report goes to { $channels } next at { $at }.
notify-line = { $report } report of { $period } to { $to } ({ $channel }): { $result }
notify-test-subject = trimtab: a test
notify-test-text = This is a test of trimtab: reports that go to this channel arrive here.

## Savings, commitments, anomalies, budgets and the bridge
web-savings-as-of = changes until { $moment }
web-savings-planned = In plans
web-savings-applied = Applied (estimated)
web-savings-verified = Verified
web-savings-not-verified = Not verified yet
web-savings-not-verified-why = needs 14 settled days of the bill after a change, beside what the same use would have cost
web-savings-taken-back = Taken back
web-savings-stages = Found is the analysis' own sum, overlaps removed. Planned is what plans that live save. Applied are estimates of changes that were made and stayed.
web-savings-list = Changes
web-savings-no-change = There is no change yet
web-savings-no-change-why = A plan makes changes of recommendations.
web-savings-gates = { $passed } well · { $failed } failed · { $undecided } undecided
web-change-waiting = waiting
web-change-under-way = under way
web-change-applied = applied
web-change-taken-back = taken back
web-change-needs-person = needs a person
web-change-failed = failed
web-commitments-of = { $month } (whole billing month, UTC) · Effective (amortised)
web-commitments-no-month = The bill covers no whole month of a commitment, so nothing is said of its use.
web-commitments-no-inventory = When commitments end is not on the bill. A scan that lists Savings Plans and reservations would say.
web-commitments-used = Utilization
web-commitments-paid = of { $amount } paid
web-commitments-unused = Paid for nothing
web-commitments-unused-about = in the month, all commitments
web-commitments-coverage = Compute coverage
web-commitments-coverage-about = EC2, Fargate and Lambda without Spot, by list cost
web-commitments-rate = Effective savings rate
web-commitments-rate-about = 1 − paid ÷ on-demand cost of what was covered
web-commitments-next = Ends next
web-commitments-days = in { $days } days
web-commitments-ends = { $subject } · { $day } (UTC)
web-commitments-no-end = no running commitment with a known end
web-commitments-months = By month
web-commitments-months-about = whole billing months
web-commitments-unbilled = not on a bill
web-commitments-part = { $month } (part)
web-commitments-list = Each commitment, month by month
web-commitments-list-about = effective (amortised) · the latest month first
web-commitments-method = On-demand cost is ListCost of the covered usage. Coverage looks at compute alone: the bill does not tell which other usage a commitment could have covered. What to buy is not said here: first comes what should run at all.
web-anomalies-short = There are too few days to compare
web-anomalies-too-few = A day is compared with the same weekday of at least { $weeks } weeks before it. The bill covers { $days } days without a gap; { $weeks } weeks and a day are needed.
web-anomalies-nothing = No day stands out in what was read.
web-anomalies-all-said = Somebody has acknowledged everything that stands out.
web-anomalies-said = Acknowledged
web-anomalies-said-about = not asked about again; one comes back when it grows by the least amount of a day
web-anomalies-said-count = { $count } acknowledged
web-anomaly-parts = What moved with it
web-anomaly-parts-about = compared with the same weekdays before; that a part moved the same way is all that is said of causes
web-anomaly-cost = See the cost of these days
web-anomaly-by-day = Difference by day
web-anomaly-decision = What is it?
web-anomaly-decision-about = The amount of now is kept with your word. The anomaly comes back when its days together cost { $amount } more than that.
web-anomaly-as = What it is
web-anomaly-ack = Acknowledge
web-anomaly-again = Acknowledge anew
web-anomaly-reopen = Reopen
anomaly-days = Days
anomaly-expected = expected
anomaly-real = real
anomaly-in-progress = being worked on
anomaly-open = open
anomaly-acknowledged = acknowledged
anomaly-returned = grown since
anomaly-said = { $kind }: { $reason } ({ $by }, { $at })
anomaly-grown = It has grown by { $growth } since.
anomaly-none = Nothing stands out.
anomaly-none-open = Everything that stands out was acknowledged: --all lists it.
anomaly-short = A day is compared with the same weekday of at least { $weeks } weeks before it, and the bill covers { $days } days without a gap.
anomaly-hidden = { $count } more were acknowledged: --all lists them.
anomaly-acked = { $id } is acknowledged as { $kind }.
anomaly-reopened = { $id } is open again.
anomaly-was-open = Nothing was said of { $id }.
column-bill-state = Bill
column-grown = Grown by
column-anomaly-kind = What it is
column-said-by = Who
column-said-at = When
web-anomalies-count = Days that stand out
web-anomalies-rose = More than usual
web-anomalies-rose-about = all rises together, against the usual cost of the same weekdays
web-anomalies-largest = The largest
web-anomalies-provisional = Provisional
web-anomalies-provisional-about = from { $day } on AWS may still change the bill
web-anomalies-by-day = Usage by day
web-anomalies-usage = All services
web-anomalies-no-parts = the bill does not tell
web-anomalies-method = A day stands out where usage of a service in an account lies at least { $amount }, { $percent } % and 3.5 robust deviations away from the median of its weekday over up to eight weeks before. Taxes, fees and purchases are not looked at, nor is less cost on provisional days. That a part moved the same way is all that is said of causes.
web-budgets-of = { $month } up to { $until } (UTC) · { $basis }
web-budgets-whole = The whole bill
web-budgets-budget = Budget of the month
web-budgets-not-set = Not set
web-budgets-to-date = Month to date
web-budgets-spent = { $percent } of the budget
web-budgets-forecast = Month end, expected
web-budgets-range = { $low } – { $high }, four times in five
web-budgets-chance = Chance of being over
web-budgets-chance-about = by the spread of days around their weekday's mean
web-budgets-running = the month under way, sum so far and P10 to P90
web-budgets-method = The forecast is what was charged so far, and for each day to come the mean of its weekday over the last four settled weeks; growth and events to come are not in it. A budget in another currency is compared by the rate of the configuration.
web-bridge = From one month to the next
web-bridge-about = { $before } → { $month } · whole bill · usage, price and exchange rate apart
web-bridge-month = Month
web-by-environment = Environment
web-by-team = Team
column-estimated-monthly = Estimated a month
column-verified-monthly = Verified a month
column-verification = Verification
column-commitment = Commitment
column-paid = Paid
column-unused = Paid for nothing
column-used-share = Used
column-on-demand = On-demand cost
column-below-on-demand = Effective savings rate
column-ends = Ends
column-days = Days
column-days-left = Days left
column-usual = Usual
column-driver-types = Usage types that moved
column-driver-resources = Resources that moved
column-budget-name = Budget of
column-budget = Budget
column-team = Team
column-to-date = Month to date
column-spent = Spent
column-overrun = Chance of being over
web-savings-changes = { $count ->
    [one] 1 change
   *[other] { $count } changes
}
web-savings-times = { $count ->
    [one] 1 change
   *[other] { $count } changes
}
web-savings-need-person = { $count ->
    [one] 1 more needs a person
   *[other] { $count } more need a person
}
web-anomalies-times = { $count ->
    [one] 1 case
   *[other] { $count } cases
}
web-anomalies-falls = { $count ->
    [one] and 1 case of less cost
   *[other] and { $count } cases of less cost
}
web-hours = By hour
web-hours-utc = { $day }, a UTC day as AWS bills it · { $basis }
web-hours-kst = { $day } in Korea: 15:00 UTC of the day before to 15:00 UTC · { $basis }
web-hours-day = Where the day begins
web-hours-none = The bill has no charges by the hour on this day. An export with hourly granularity would show them.
web-hours-total = { $total } by the hour
web-hours-longer = Charges of longer than an hour that begin on this day, and are in no hour: { $count }.
web-hours-unknown = Hours whose cost of this basis is not known, and which are in no sum: { $count }.
column-option = Configuration
column-choice = Choice
column-vcpu = vCPU
column-memory-gib = Memory (GiB)
column-price-hour = Price an hour
option-now = now
option-recommended = recommended
option-other = alternative
web-staged = Step by step
web-staged-imagined = in a plan that were made now; none was made yet
web-staged-planned = in the plan that has it
web-staged-stage = Stage and wave
web-staged-window = When it may start
web-staged-no-window = The configuration has no window, so that nothing starts
web-staged-soak = Watched afterwards
web-run-back = Make the plan that leads back
web-run-back-title = The way back
web-run-back-about = Makes a plan that takes back what this run changed. It is approved and carried out like any other.
web-cost-against = Compare with other days
web-cost-against-before = Compare with the days before
web-cost-compared = Compared with
web-budget-month = Budget of this month
web-budget-spent = { $share } spent
web-budget-chance = passed with a chance of { $chance }
web-mover-apart = usage { $usage }, price { $price }
web-mover-not-apart = usage and price not known: the bill has no quantities for all of it
web-mover-new = new
web-mover-gone = gone
web-undelivered = { $count ->
    [one] 1 report did not arrive
   *[other] { $count } reports did not arrive
}
web-report-as-of = { $from } – { $until } · as of { $at }
web-archive = Archive and sending
web-archive-periods = Past reports
web-archive-periods-about = every week, month and quarter that is over and that the bills reach into; a report is made anew as of the end of its period, of the bills there are now, and may differ from what was sent then
web-archive-none = There is no past period yet
web-archive-needs = Reports of the past are made of a bill by day.
web-archive-whole = whole
web-archive-part = part of the days
web-archive-failed = { $count ->
    [one] 1 report did not arrive, or may not have
   *[other] { $count } reports did not arrive, or may not have
}
web-archive-failed-about = try the channel, then send what is missing
web-archive-again = This server tries it again at { $at }.
web-archive-all = All of them are in the list below.
web-archive-sent = What was sent
web-archive-sent-about = to each receiver, what did not arrive first
web-archive-sent-none = Nothing was sent yet
web-archive-sent-needs = A report is sent by hand, or by a server that runs with --schedule.
web-archive-next = What is sent next
web-archive-next-none = No report leaves by itself
web-archive-next-needs = Name a channel in trimtab.toml and the reports that go to it, and run a server with --schedule. docs/guide/notify.md shows every kind of channel.
web-archive-by-this = This server sends them when they are due.
web-archive-not-by-this = This server does not send them: one that is started with `trimtab serve --schedule` does.
column-sent = Receivers
column-undelivered = Not arrived
column-as-of = As of
column-again = Tried again
column-what-to-do = What to do
web-old-bill = Old bill: until { $day }, { $count } days ago
web-old-analysis = Old analysis: { $count } days ago
web-scope = Looking at
web-scope-everything = everything
web-scope-accounts = All accounts
web-scope-teams = All teams
web-scope-about = Goes with you from page to page. A page that cannot be narrowed says so.
web-scope-clear = Show everything
web-scope-link = Link to this page
web-scope-narrowed = Only { $scope } is shown.
web-scope-not = This page cannot be narrowed to { $scope } and shows everything.
web-scope-nothing = There is nothing of what is looked at.
web-scope-cost = The bridge between months is of the whole bill and is left out; hours are there for an account only.
web-scope-plans = What has a change of it is listed; its figures are of the whole plan.
web-scope-anomalies = Anomalies can be narrowed by account only.
web-scope-allocation = Whose cost it is can be narrowed by account only, tags by everything.
web-views = Saved views
web-views-about = Addresses of pages under a name, for everybody who uses this data directory.
web-views-none = No view was saved yet
web-views-none-why = Open a page, narrow it as you like, and save it from the head of the page.
web-views-all = All views
web-view-name = Name of this view
web-view-save = Save this view
web-view-save-about = Everybody who uses this data directory has it.
web-view-address = Address
web-view-saved-at = Saved
web-view-new-name = New name
web-view-rename = Rename
web-view-delete = Delete
web-view-change-about = Tick views in the list. A name is given to one, several can be deleted at once.
web-find = Find
web-find-label = What is looked for
web-find-example = A page, view, resource, recommendation, plan or run
web-find-close = Close
web-find-nothing = Nothing has such a name.
web-find-count = { $count ->
    [one] { $count } found
   *[other] { $count } found
}
web-find-page = Page
web-find-view = View
web-find-recommendation = Recommendation
web-find-plan = Plan
web-find-run = Run
web-find-resource = Resource
web-settings-keys = Set by { $keys } in trimtab.toml
web-settings-none = Nothing is set.
web-settings-not-set = Not set
web-settings-deciding = Deciding and reading
web-settings-approvers = May approve
web-settings-anybody = Anybody who gives a name
web-settings-profile = Profile that accounts are read from
web-settings-organization = Role in accounts of the organisation
web-settings-serving = This server
web-settings-authentication = Lets in
web-settings-token = Whoever has the token of the data directory
web-settings-no-token = Everybody who reaches its address
web-settings-deciding-here = Decisions on its pages
web-settings-reads = None: it only shows
web-settings-decides = Plans, approvals, runs, decisions on recommendations and anomalies, and saved views
web-settings-hosts = Answers to
web-settings-own-names = Its own address only
web-settings-accounts = Accounts and roles
web-settings-accounts-none = No account is set, and none was read: files alone name them.
web-settings-own-credentials = Own credentials
web-settings-configured = Configuration
web-settings-seen = Data
web-settings-times = When changes may start
web-settings-times-none = There is no change window: nothing starts by itself.
web-settings-window = Change window
web-settings-freeze = Freeze
web-settings-calendar = Calendar of Systems Manager
web-settings-sizing = How sizes are chosen
web-settings-exceptions = What checks leave out
web-settings-limits = Limits of rollouts and health gates
web-settings-channels = Where reports go
web-settings-channels-none = There is no channel: reports leave by hand only.
web-settings-rates = Exchange rates
web-settings-rates-none = There is no rate: amounts are shown in the currency of the bill.
web-audit-all = All { $count } lines of the log
web-column-name = Name
web-column-alias = Alias
web-column-read-role = Role for reading
web-column-apply-role = Role for applying
web-column-scheduler-role = Role of schedules
web-column-regions = Regions
web-column-last-read = Last read
web-column-holes = Incomplete listings
web-column-method = Method
web-column-cpu-threshold = CPU percentile
web-column-cpu-headroom = CPU headroom
web-column-memory-headroom = Memory headroom
web-column-lookback = Looks back
web-column-horizon = Looks ahead
web-column-architecture = Other architecture
web-column-burstable = Burstable
web-column-previous = Older generation
web-column-estimated = Derived prices
web-column-what = About
web-column-place = Place
web-column-currency-from = From
web-column-currency-to = To
web-column-rate = Rate
web-column-rate-date = Day of the rate

relation-attached-to = attached to
relation-has-attached = has attached
relation-member-of = member of
relation-has-member = has as a member
relation-made-from = made from
relation-origin-of = was used to make
relation-copy-of = copy of
relation-copied-by = copied by
relation-sends-to = sends traffic to
relation-receives-from = receives traffic from
relation-located-in = located in
relation-contains = contains
relation-scales = scales
relation-scaled-by = scaled by
relation-watches = watches
relation-watched-by = watched by
relation-configured-by = configured by
relation-configures = configures
column-relation = Relation
web-relations = Relations
web-relations-about = as far as the inventory says: what was not listed is not here
web-relations-none = The inventory names nothing that it is attached to or that depends on it.
web-resource-changes = Changes by trimtab
web-resource-changes-about = changes of plans and runs that name this resource
web-resource-changes-none = No plan names this resource.
web-decisions = Decisions
web-decision-over = no longer holds
web-dismissed-until = Dismissed until { $until }: { $reason }
web-resource-days = Cost by day
web-resource-days-about = { $total } from { $from } to { $until }, by usage type · { $basis }
web-resource-days-none = There is no bill, or the last 60 days of the bills do not name this resource. That is not a cost of zero.
web-resource-days-missing = { $count ->
    [one] No bill covers 1 of these days: what it cost is not known.
   *[other] No bill covers { $count } of these days: what they cost is not known.
}
web-resource-days-unknown = { $count ->
    [one] The cost of 1 group of charges is not known and in no sum.
   *[other] The cost of { $count } groups of charges is not known and in no sum.
}
web-resource-other-currencies = Charges in other currencies ({ $currencies }) are in no sum here.
web-use-about = { $from } to { $until }
web-use-none = No metric of this resource was measured in these days.
web-use-missing = No samples of: { $metrics }. Not every type has all of them.
web-use-engine-cpu = CPU of the engine
web-use-operations = Operations (IOPS)
web-use-throughput = Throughput
web-use-free-storage = Free storage (lowest)
web-use-requests = Requests
web-use-read = read
web-use-write = write
web-fact-state = State
web-fact-type = Type
web-fact-engine = Engine
web-fact-version = Version
web-fact-runtime = Runtime
web-fact-platform = Platform
web-verdicts-passed = { $count ->
    [one] 1 check found nothing
   *[other] { $count } checks found nothing
}
web-fact-size = Size
web-fact-storage = Storage
web-fact-iops = IOPS
web-fact-throughput = Throughput
web-fact-capacity = Capacity
web-fact-architecture = Architecture
web-fact-zone = Zone
web-fact-several-zones = Several zones
web-fact-address = Address
web-fact-created = Created
web-fact-launched = Last started
web-fact-stopped = Stopped
web-fact-everything = Everything that the inventory says
web-fact-source = as the inventory has it
web-fact-entries = { $count ->
    [one] 1 entry
   *[other] { $count } entries
}
web-fact-yes = yes
web-fact-no = no

place-complete = complete
place-partial = partial
place-none = none
place-unknown = unknown
place-not-needed = not needed
column-place-inventory = Inventory
column-place-cloudwatch = CloudWatch
column-place-memory = Agent memory
column-place-bill = Bill
column-place-optimizer = Compute Optimizer
column-place-hub = Cost Optimization Hub
column-place-at = Last read
column-place-read = { $source }: read
column-place-of = { $source }: last read
column-permission = Missing action
column-regions = Regions
column-waiting-checks = Waiting checks
column-permission-basis = Known from
permission-refused = AWS refused it
permission-called = the listing was refused, which calls it
column-signal = Signal
api-purpose-scan = scan
api-purpose-cost-explorer = Cost Explorer
api-price = { $price } per { $per } ({ $region }; { $source })
column-api-began = Began
column-api-ended = Ended
column-api-purpose = What for
column-api-calls = Calls
column-api-paid = Charged by AWS
column-api-cost = Cost (list price)
column-api-price = Price
column-api-finished = State
column-api-operations = Operations
column-api-runs = Runs
column-api-metrics = Metrics asked for
column-api-requests = Requests to Cost Explorer
api-finished = finished
api-interrupted = interrupted
api-paid-metrics = { $count } metrics
api-paid-requests = { $count } requests
web-places = Accounts and regions
web-places-whole = known wholly, of { $count }
web-places-none = No account and no region was read yet
web-places-none-why = They appear once an account was scanned, or once files of an inventory or a bill were read.
web-places-about = how much of each source is known, and when it was read last; unknown means that nobody has asked, or that files do not say
web-permissions = Missing permissions
web-permissions-none = No listing of the last scan was refused.
web-permissions-about = what the last scan was refused, by action and account
web-permissions-policy = Policy that grants these actions
web-permissions-how = The whole policy of a role that only reads:
web-signals = What it would bring
web-signals-about = resources without a verdict, by the signal that would settle it; one resource may lack several
web-calls = What asking AWS cost
web-calls-none = AWS was not asked yet, or by an earlier version that kept no count.
web-calls-about = by UTC month, in the currency of the price list, at list price and without free allowances; what is not listed as charged has no price in the catalogue
web-calls-runs = What each run asked
web-calls-runs-about = calls with retries, and the price as it was when it was asked
web-sources-missing-count = { $count ->
    [one] 1 source that is not complete
   *[other] { $count } sources that are not complete
}
web-calls-runs-count = { $count ->
    [one] 1 run
   *[other] { $count } runs
}

# Servers that mostly wait.
column-server = Server
column-fit = As a function
column-duty = Works
column-longest-work = Longest work, min
column-runs-a-month = Runs a month
column-trigger = Started by
column-function = Function
column-server-cost = Server a month
column-function-cost = Function a month
column-break-even = Equal at × work
fit-fits = fits
fit-after-changes = fits after changes
fit-not = does not fit
trigger-request = a request
trigger-schedule = a clock
trigger-event = an event
trigger-queue = a message in a queue
serverless-none = No server mostly waits, or nothing measured it: `trimtab coverage` says what is missing.
serverless-obstacles = What stands against it
serverless-changes = What has to change before
serverless-costs = What it costs
serverless-now = Server now
serverless-work = Work
serverless-work-words = { $duty } % of the time over { $days } days; CPU { $working } % while it works, { $waiting } % while it waits
serverless-runs = Runs
serverless-runs-requests = { $runs } a month, counted by requests; the longest stretch of work has { $minutes } min
serverless-runs-stretches = { $runs } a month, one for each stretch of work; the longest has { $minutes } min
serverless-runs-messages = { $runs } a month, one for each message; the longest stretch of work has { $minutes } min
serverless-queue = Queue
serverless-queue-depth = { $names }; at most { $deepest } waiting
serverless-queue-depth-unknown = { $names }; how many messages wait there was not measured
serverless-queue-held-short = a message is held too shortly to be seen once a minute
serverless-queue-held = a message is held for { $seconds } s on average
serverless-memory = Memory
serverless-memory-words = { $memory } MB at most, the system included
serverless-option = { $low } to { $high }, a run of { $fast } to { $slow } s
serverless-option-one = { $amount }, a run of { $seconds } s
serverless-break-even = Both cost the same at { $times } times the work, { $runs } runs a month.
serverless-free-tier = The free tier of an account would cover { $amount } of it; it is in no amount here.
serverless-cold = { $share } % of the runs begin in a new environment, if one is gone after { $minutes } minutes. Nobody waits for them.
serverless-cold-waited-for = { $share } % of the requests wait for a new environment, if one is gone after { $minutes } minutes.
serverless-kept-ready = Keeping one environment ready costs { $amount }.
serverless-target-missed = Of 100 answers, 95 are to come within { $target } ms: a run takes longer than that by itself.
serverless-target-kept = Of 100 answers, 95 are to come within { $target } ms: a run takes less, and fewer than 5 of 100 wait for an environment.
serverless-target-kept-warm = Of 100 answers, 95 are to come within { $target } ms: a run takes less, and the start of an environment comes on top for more than 5 of 100. Measure it, or keep one ready.
serverless-target-unknown = Of 100 answers, 95 are to come within { $target } ms: whether they do depends on how long a run takes there, and fewer than 5 of 100 wait for an environment.
serverless-target-unknown-cold = Of 100 answers, 95 are to come within { $target } ms: whether they do depends on how long a run takes there, and on the start of an environment for more than 5 of 100. Measure both.
serverless-started = What starts the function
serverless-started-free = nothing more
started-http-api = HTTP API of API Gateway
started-function-url = URL of the function
started-load-balancer = Application Load Balancer
started-scheduler = schedule of EventBridge Scheduler
started-bucket = event of a bucket in S3
started-queue = queue in SQS
serverless-nat = A function in a VPC reaches the internet through a NAT gateway only, and there is none in this region: { $product } a month, in no amount here.
serverless-nat-there = A function in a VPC reaches the internet through a NAT gateway only: there is one in this region; another would cost { $product } a month.
serverless-ends-later = What costs on until the server is deleted
serverless-sensitivity = With more or less work
serverless-times = × { $factor }: function { $function }, server { $server }
serverless-seconds = { $processor } seconds of one vCPU a month are work; the server worked for { $working } s, and took { $taken } vCPUs. All of that time is counted, longer where the function has fewer.
serverless-pieces-messages = The work of each message is cut into { $pieces } runs that end in time: { $runs } runs a month are paid.
serverless-seconds-messages = { $processor } seconds of one vCPU a month are work; the server worked for { $working } s, and took { $taken } vCPUs. For each message the time is counted for which it is held, or its part of that time where it is longer; longer where the function has fewer vCPUs.
serverless-pieces = Each stretch of work is cut into { $pieces } runs that end in time: { $runs } runs a month are paid.
serverless-assumed = { $runs } a month of { $seconds } s
serverless-dearer = The function would cost { $amount } more.
serverless-cheaper = The function would cost { $amount } less.
serverless-equal-runs = Both cost the same at { $runs } runs a month.
column-function-memory = Memory, MB
column-function-architecture = Processor
column-calls-a-month = Calls a month
column-call-duration = Duration, ms
column-gb-seconds = GB-seconds a month
column-at-once = At once
column-at-once-busiest = At once, busiest
column-timeout = Timeout, s
column-timeout-times = Timeout × duration
column-call-errors = Errors
column-kept-ready = Kept ready
column-days-read = Days read
column-cost-source = Cost from
column-remarks = Remarks
column-trimmed = Left out
column-billed-duration = Paid, ms
column-gb-seconds-per-million = GB-seconds of a million
column-cost-per-million = Cost of a million
column-cost-times = Cost × now
column-duration-times = Duration × now
column-size-step = Step
column-size-mark = Size
cost-source-bill = bill
cost-source-metrics = metrics
remark-idle = idle
remark-idle-so-far = idle-so-far
remark-timeout-far-above = timeout-far-above
remark-timeout-near = timeout-near
remark-x86 = x86
remark-always-busy = always-busy
function-remarks = What is remarkable
function-remarks-more = … and { $count } more: `-o json` has all of them.
function-cost-unknown = Why costs are not known
functions-none = No Lambda function is in the latest analysis, or none matches: `trimtab coverage` says what was read.
step-cpu-bound = cpu-bound
step-mixed = mixed
step-waiting = waiting
step-slower = slower
size-chosen = chosen
size-present = now
tuning-cheapest = Cheapest
tuning-fastest = Fastest
tuning-balanced = Balanced, with a weight of { $balance } for cost
tuning-chosen = { $strategy }: { $size }. A call takes { $duration } ms, and a million calls cost { $amount }.
tuning-cheaper = A million calls of { $name } cost { $amount } less than at its present size.
tuning-dearer = A million calls of { $name } cost { $amount } more than at its present size.
tuning-cheaper-monthly = That is { $amount } less.
tuning-dearer-monthly = That is { $amount } more.
tuning-duration = A call takes { $times } times as long as now.
tuning-present-is-chosen = { $name } has this size already.
tuning-present-unmeasured = { $name } has { $memory } MB, which was not measured: what a change would save is not known.
tuning-present-unknown = The memory of { $name } is not known: what a change would save is not known either.
tuning-calls-given = Amounts of a month are for { $calls } calls, as given.
tuning-calls-measured = Amounts of a month are for { $calls } calls, as its metrics count them.
tuning-calls-unknown = How many calls a month has is not known: give `--calls` for amounts of a month.
tuning-cold-left-out = Left out because they began in a new environment: { $count } calls.
tuning-others-left-out = Left out because they ran on another processor: { $count } calls.
tuning-few-samples = Fewer than five calls were measured at { $sizes } MB: there the fastest and the slowest are not left out.
tuning-means = The file has one mean for each size: how many calls it is of is not known.
tuning-price = { $price } for a { $unit } in { $region } ({ $source })

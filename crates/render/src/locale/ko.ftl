# 한국어 문구. 금액, 날짜, 숫자는 서식이 적용된 채로 들어온다. 변수에는 조사를 붙이지 않는다.

## 금액, 단위, 시간
per-month = { $amount }/월
exchange-rate = 환율 1 { $from } = { $rate } { $to } ({ $date }, 출처: { $source }). 표시용 환산입니다.
unit-days = { $count }일
unit-hours = { $count }시간
unit-months = { $count }개월
unit-seconds = { $count }초
unit-requests = 요청 { $count }건
unit-weeks = { $count }주
unit-connections = 연결 { $count }개
unit-invocations = { $count }회
unit-pieces = { $count }개
unit-bytes = { $count }바이트
unit-operations-a-day = 하루 { $count }회
unit-megabytes-a-day = 하루 { $count } MB
unit-by-month = { $unit }-월
unit-by-hour = { $unit }-시간
unit-by-second = { $unit }-초
unit-hour = 시간
unit-request = 요청
unit-piece = 개
unit-alarm = 경보
unit-metric = 지표
unit-thousand-requests = 요청 1,000건
unit-thousand-metrics = 지표 1,000개
duration-days = { $value }일
duration-hours = { $value }시간
duration-minutes = { $value }분
duration-seconds = { $value }초
basis-effective = 실효(상각) 기준
basis-list = 정가 기준
not-known = 알 수 없음

## 조치의 종류
action-type-rightsize = 적정 크기
action-type-stop = 중지
action-type-upgrade = 업그레이드
action-type-delete = 삭제
action-type-scale-in = 축소
action-type-graviton = Graviton
action-type-retention = 보존 기간
action-type-reconfigure = 재구성
action-type-schedule = 운영 일정

## 판정
finding-idle = 유휴
finding-unattached = 연결 안 됨
finding-unused = 미사용
finding-overprovisioned = 과다 할당
finding-underprovisioned = 과소 할당
finding-not-optimized = 최적화 안 됨

## 위험과 작업량
risk-very-low = 매우 낮음
risk-low = 낮음
risk-medium = 보통
risk-high = 높음
risk-very-high = 매우 높음
risk-sentence-very-low = 사용자가 느낄 변화가 없습니다. 수요가 새 구성의 용량보다 훨씬 작거나 아무도 쓰지 않는 자원입니다.
risk-sentence-low = 사용자가 느낄 가능성이 낮습니다. 수요가 새 구성의 용량 안에 있습니다.
risk-sentence-medium = 피크에 사용자가 느낄 수 있습니다. 운영 환경 밖에서 먼저 시험하세요.
risk-sentence-high = 피크에 사용자가 느낄 가능성이 큽니다. 상태 검사를 걸고 되돌릴 준비를 한 뒤에만 바꾸세요.
risk-sentence-very-high = 새 구성은 피크에 부족할 가능성이 큽니다. 먼저 담당자와 수치를 확인하세요.
effort-very-low = 매우 적음
effort-low = 적음
effort-medium = 보통
effort-high = 많음
effort-very-high = 매우 많음

## 재시작과 되돌리기
restart-needed = 재시작
restart-not-needed = 재시작 없음
restart-sentence-needed = 필요합니다. 자원이 잠시 중단됩니다.
restart-sentence-not-needed = 필요 없습니다.
undo-exact = 가능합니다. 원래 상태 그대로 돌아갑니다.
undo-compensating = 가능하지만 잃는 것이 있습니다: { $loss }
undo-impossible = 불가능합니다: { $loss }

## 상태와 사물
commitment-exchange = 교환
commitment-move-usage = 사용량 이전
commitment-regional-scope = 리전 범위
commitment-unused = 미사용 { $share }
state-archived = 아카이브
state-deleted = 삭제
state-off = 꺼짐
state-stopped = 중지
state-released = 해제
thing-address = Elastic IP
thing-image = 이미지
thing-nat-gateway = NAT 게이트웨이
thing-snapshot = 스냅샷
thing-alarm = 경보
thing-file-system = 파일 시스템
thing-log-group = 로그 그룹
thing-secret = 보안 암호
thing-transit-gateway-attachment = 연결
thing-vpc-endpoint = VPC 엔드포인트
thing-vpn-connection = VPN 연결
monitoring-five-minutes = 5분 간격
monitoring-every-minute = 1분 간격 지표
retention-forever = 무기한

## 가격
price-basis-bill = 청구서
price-basis-list = 정가표
price-basis-estimated = 추정 가격
generation-current = 현재 세대
generation-previous = 이전 세대
facts-burstable = 버스트형입니다. 기준선을 넘는 CPU는 크레딧으로 씁니다.

## 데이터 원천
source-complete = 완전
source-partial = 일부
source-absent = 없음

## 개수
count-items = { $count }건
count-rows = { $count }행
count-samples = 표본 { $count }개
count-unjudged-resources = 판단을 마치지 못한 자원 { $count }개
and-more = 그 밖에 { $count }건

## 열
column-account = 계정
column-after = 이후
column-basis = 기준
column-before = 이전
column-billed = 청구 비용
column-change = 현재 → 제안
column-check = 점검
column-checks = 점검 수
column-contracted = 계약 비용
column-coverage = 측정 비율
column-date = 기준일
column-default = 기본값
column-difference = 차이
column-effective = 실효 비용
column-effort = 작업량
column-environment = 환경
column-figure = 수치
column-file = 파일
column-format = 형식
column-from = 시작
column-id = ID
column-list = 정가 비용
column-longest-gap = 최대 공백
column-metric = 지표
column-monthly-cost = 월 비용
column-monthly-saving = 월 절감 (범위)
column-percent = 증감률
column-period = 주기
column-price = 단가
column-product = 제품
column-projected = 예상 사용률
column-region = 리전
column-resource = 자원
column-resource-id = 자원 ID
column-resource-type = 자원 종류
column-resources = 자원 수
column-restart = 재시작
column-risk = 위험
column-rows = 행
column-samples = 표본 수
column-share = 비중
column-source = 출처
column-statistic = 통계
column-status = 상태
column-threshold = 기준값
column-title = 찾는 것
column-type = 종류
column-undo = 되돌리기
column-unit = 단위
column-until = 끝
column-value = 값

## 이름표
label-architecture = 아키텍처
label-basis = 가격 기준
label-before-discounts = 할인 전
label-change = 변경
label-check = 점검
label-cost = 비용
label-cost-after = 이후 비용
label-cost-now = 현재 비용
label-ebs = EBS 처리량
label-ebs-iops = EBS IOPS
label-effort = 작업량
label-finding = 판정
label-generation = 세대
label-memory = 메모리
label-needs = 읽는 데이터
label-network = 네트워크
label-reason = 이유
label-resource-type = 자원 종류
label-restart = 재시작
label-risk = 위험
label-savings = 예상 절감
label-type = 권하는 조치
label-undo = 되돌리기
label-vcpu = vCPU
label-verdicts = 판정

## 분석 요약
summary-as-of = { $moment } 기준 분석
verdict-savings = 월 { $saving } 절감이 가능합니다. 월 비용의 { $share }입니다.
verdict-savings-without-bill = 월 { $saving } 절감이 가능합니다. 청구 데이터가 없어 비용 대비 비중은 알 수 없습니다.
verdict-savings-committed = 줄일 수 있는 사용량에 약정이 적용되어 있습니다. 약정을 다른 곳에 쓰면 월 최대 { $saving } 절감이 가능합니다.
verdict-nothing = 바꿀 것이 없습니다. 점검 { $count }건에서 유휴·낭비가 나오지 않았습니다.
verdict-nothing-but-unknown = 바꿀 것은 찾지 못했지만 데이터가 없어 판단하지 못한 점검이 { $count }건 있습니다.
verdict-no-saving = 변경 { $count }건을 권합니다. 비용은 줄지 않습니다.
verdict-no-data = 판단할 자원이 없습니다. 인벤토리를 읽지 못했습니다.
summary-cost = 실효(상각) { $effective } · 청구 { $billed } · { $currency }, 730시간 한 달 환산
summary-cost-absent = 알 수 없습니다. 청구 데이터를 읽지 않았습니다.
summary-share = 비용의 { $share }
summary-estimated = 추정
summary-before-discounts = 정가 기준 { $amount }
summary-verdicts = 추천 { $recommended }건 · 정상 { $passed }건 · 판단 보류 { $unknown }건
summary-superseded = 다른 추천에 포함 { $number }건
summary-exempt = 예외 { $number }건
summary-top = 절감이 큰 순서로 { $count }건
summary-increases = 예정된 비용 증가: 약정 { $count }건 종료
summary-increase = { $date }: { $resource }({ $type }) 종료, { $amount } 증가
summary-increases-basis = 같은 사용량에 앞으로 더 내게 될 금액입니다. 절감액이 아니며 위 합계에 넣지 않았습니다.
summary-unknown = 판단하지 못한 점검 { $count }건
summary-unknown-reason = { $count }건: { $reason }
summary-unknown-reason-example = { $count }건, 예: { $reason }
summary-missing = 빠진 데이터
summary-unlocks = 채우면 점검 { $count }개 가능
summary-basis = 절감액은 730시간 한 달 기준의 추정이며, 실효(상각) 비용에서 겹침을 뺀 값입니다.
next-commands = 다음

## 목록
list-empty = 추천이 없습니다.
list-empty-next = `trimtab coverage` 명령으로 읽은 데이터와 빠진 데이터를 확인하세요.
list-next = 다음: trimtab rec show { $id }
saving-and-share = { $saving }, 비용의 { $share }
saving-without-share = { $saving }

## 추천 하나
show-money = 금액
show-formula-now = 현재, 정가 기준
show-formula-after = 이후, 정가 기준
formula-nothing = 없음(남는 요금이 없습니다)
show-evidence = 근거
show-evidence-days = 근거(최근 { $count }일)
show-unseen = 보지 못한 신호
show-options = 선택지
show-change = 변경 작업
show-apply = 적용
show-undo = 되돌리기
show-undo-absent = 되돌리는 명령이 없습니다.

## 금액이 나온 과정
explain-check = 점검 { $check } 결과입니다.
explain-metric = 지표를 읽었습니다: { $metric }({ $statistic }, { $period } 간격), { $samples }. 기간의 { $coverage }, 최대 공백 { $gap }입니다.
explain-figure = { $label }: { $value }.
explain-figure-threshold = { $label }: { $value } (기준값 { $threshold }).
explain-finding = 판정: { $finding }. { $reason }
explain-chosen = 변경: { $change }.
explain-chosen-of = 변경: { $change }. 선택지 { $count }개 가운데 첫째입니다.
explain-projected = 변경 후 사용률(새 구성 대비): { $projected }.
explain-list-now = 현재 정가 비용: { $formula }.
explain-list-after = 이후 정가 비용: { $formula }. 할인 전 차이는 { $before }입니다.
explain-basis-bill = 청구서에 따른 실제 비용은 { $now }입니다. 같은 할인을 두 정가의 비율대로 적용하면 이후 비용은 { $after }입니다.
explain-basis-list = 청구서에 이 자원이 없어 정가를 썼습니다. 현재 { $now }, 이후 { $after }입니다.
explain-basis-estimated = 비슷한 제품에서 추정한 가격이 들어 있습니다. 현재 { $now }, 이후 { $after }이며 모두 추정입니다.
explain-basis-remaining = { $earlier } 추천을 먼저 적용하면 비용은 { $now }입니다. 같은 가격으로 꺼 두는 시간을 빼면 { $after }입니다.
explain-saving-exact = 절감액은 { $likely }입니다.
explain-saving-covered = 절감액은 { $likely }이며 범위는 { $low }–{ $high }입니다. 약정이 적용된 부분은 그 약정을 다른 곳에 쓰기 전까지 절감이 없습니다.
explain-saving-unseen = 절감액은 { $likely }이며 범위는 { $low }–{ $high }입니다. 청구서가 없으면 이미 적용 중인 약정 할인을 볼 수 없습니다.
explain-saving-schedule = 절감액은 { $likely }이며 범위는 { $low }–{ $high }입니다. 최솟값은 약정 할인이 가격을 낮추거나 시간을 덮는 경우를, 최댓값은 앞으로 30일 안의 공휴일까지 반영한 값입니다.
explain-notes = 참고

## 데이터 범위
coverage-empty = 읽은 데이터가 없습니다.
coverage-complete = 모든 데이터가 갖춰져 있습니다.
coverage-missing = 빠진 데이터
coverage-unlocks = 채우면 열리는 점검: { $checks }

## 점검
check-thresholds = 기준값

## 비용
cost-total = { $period }: 청구 { $billed }, 실효(상각) { $effective }, { $currency }

## 파일 읽기
ingest-next = 다음: trimtab analyze
ingest-nothing = 읽은 파일이 없습니다.
ingest-read = 파일 { $count }개를 읽었습니다({ $rows }).
ingest-totals = 청구 합계(전체 자릿수)
ingest-failed = 문제 { $count }건
ingest-hint = 조치: { $hint }

## 실패
failure-error = 오류:
failure-cause = 원인:
failure-hint = 조치:

## 명령
column-key = 키
column-origin = 출처
config-no-file = 사용 중인 설정 파일이 없습니다. { $path } 파일이 있으면 읽습니다.
config-no-home = 사용 중인 설정 파일이 없고, 이 시스템에는 설정 디렉터리도 없습니다.
config-valid = { $path } 파일에 문제가 없습니다.
version-line = trimtab { $version }, 가격 기준일 { $date }
basis-estimated = 추정 가격
column-newest = 최신
column-oldest = 가장 오래된 날
column-table = 표
column-undated = 날짜 없음
list-hidden = 닫거나 미룬 추천 { $count }건은 표시하지 않았습니다.
rec-dismissed = 추천을 닫았습니다: { $id } ({ $resource })
rec-snoozed = 추천을 미뤘습니다: { $id } ({ $resource })
rec-reopened = 추천을 다시 열었습니다: { $id } ({ $resource })
rec-is-dismissed = 참고: 닫은 추천이라 목록에 없습니다. 이유: { $reason }
rec-is-dismissed-until = 참고: { $until }까지 닫은 추천이라 목록에 없습니다. 이유: { $reason }
rec-is-snoozed = 참고: { $until }까지 미룬 추천이라 목록에 없습니다
rec-was-open = 이미 열려 있는 추천입니다: { $id } ({ $resource })
progress-prices = 정가표를 읽는 중

## 변경 후 사용률
use-cpu = CPU
use-memory = 메모리
use-network = 네트워크
use-ebs-throughput = EBS 처리량
use-ebs-iops = EBS IOPS
use-storage-throughput = 스토리지 처리량
use-storage-iops = 스토리지 IOPS
use-connections = 연결 수
use-maximum = { $use } 최대
use-mean = { $use } 평균
label-projected = 예상 사용률

# Commands
progress-ingest = 파일을 읽는 중
progress-analyze = 분석하는 중
progress-demo = 데모 회사를 만드는 중
progress-bills = 청구 데이터를 읽는 중
progress-inventory = 인벤토리를 읽는 중
progress-metrics = 지표를 읽는 중
progress-charges = 비용을 합하는 중
progress-checks = 점검하는 중
progress-file = { $stage } · { $number }/{ $of } · { $file }
progress-left = { $time } 남음
ingest-resources = 자원
ingest-metrics = 지표 파일
ingest-user-days = 사용자 일수
metrics-skipped = 참고: 통계 { $statistic }의 계열 { $count }개는 읽지 않았습니다. Maximum, Average, Sum 중 하나를 주세요
notice-file = 참고: { $file }: { $text }
currency-without-rate = 참고: 설정에 { $currency } 환율([[exchange_rate]])이 없어 청구 통화 그대로 표시합니다
cost-unnamed = (없음)
cost-whole-period = 전체 기간
cost-diff-basis = 실효 비용(상각) 기준, { $before } 대비 { $after }, 날짜는 UTC.
cost-by-currency = 통화
cost-by-service = 서비스
cost-by-account = 계정
cost-by-region = 리전
cost-by-resource = 자원
cost-by-day = 날짜(UTC)
cost-by-month = 청구 기간
cost-by-category = 분류
cost-by-usage-type = 사용 유형
column-instances = EC2
column-databases = RDS
column-meters = 과금 항목
column-left-out = 제외
demo-ribbon = 데모 데이터: 실제로 없는 회사, 시드 { $seed }. 환율도 이야기의 일부입니다.
demo-kept = 이야기는 { $dir }에 있습니다. 직접 분석하려면: trimtab analyze --from { $dir }
demo-no-server = 이 버전에는 아직 대시보드가 없어 분석 결과를 여기에 출력합니다.
summary-have = 자원 { $count }개 중 { $have }개에 있음
cost-effective-incomplete = 참고: 실효 비용이 없는 청구 항목이 있어, 합계는 값이 있는 항목만의 것입니다

## Scan
progress-scan = AWS에 조회하는 중
progress-scan-step = 목록 { $done }/{ $of }: { $account } { $region } { $kind }
progress-scan-metrics = 지표 계열 { $done }/{ $of }: { $account } { $region }
scan-read = 호출 { $calls }회로 자원 { $resources }개를 읽었습니다. 아무것도 변경하지 않으며 요금도 들지 않는 호출입니다.
scan-read-metrics = 호출 { $calls }회로 자원 { $resources }개를 읽었습니다. 아무것도 변경하지 않는 호출입니다. 목록 조회는 무료이며, 지표는 CloudWatch가 요금을 받습니다.
scan-metrics = 지표 { $metrics }개를 요청해 표본 { $samples }개를 읽었습니다. 예상 요금: { $cost }({ $region } 리전 정가 기준, 지표 1,000개당 { $price }).
scan-metrics-unpriced = 지표 { $metrics }개를 요청해 표본 { $samples }개를 읽었습니다. 가격 카탈로그에 지표 단가가 없습니다.
scan-interrupted = 스캔이 중단되었습니다. 읽은 내용은 저장되어 있으며, `trimtab scan`을 다시 실행하면 이어서 진행합니다.
scan-holes = 읽지 못한 것
scan-missing = 빠진 자원: { $kinds }
scan-missing-metrics = 빠진 것: 지표
estimate-listings = 목록 조회 호출: 최소 { $calls }회, 계정과 리전의 조합 { $places }곳, 무료입니다.
estimate-metrics = 지난 스캔에서 찾은 자원의 지표: { $metrics }개. 예상 요금: { $cost }({ $region } 리전 정가 기준, 지표 1,000개당 { $price }).
estimate-metrics-unpriced = 지난 스캔에서 찾은 자원의 지표: { $metrics }개. 가격 카탈로그에 지표 단가가 없습니다.
estimate-metrics-unknown = 알 수 없음
estimate-unknown = 이 가운데 { $places }곳은 아직 스캔하지 않아 지표 수를 알 수 없습니다. `--budget`으로 지출을 제한할 수 있습니다.
estimate-under-a-minute = 호출 속도 제한으로 늘어나는 시간은 1분 미만이며, AWS의 응답 시간은 별도입니다.
estimate-minutes = 호출 속도 제한에 따라 최소 { $minutes }분이 걸리며, AWS의 응답 시간은 별도입니다.
column-listing-calls = 목록 조회
column-metrics = 지표
scan-lower-bounds = 이 내용을 읽기 전까지 합계는 하한값입니다.
column-complete = 완료
column-holes = 누락
column-outcome = 결과
outcome-complete = 완료
outcome-partial = 일부
outcome-denied = 권한 없음
outcome-throttled = 호출 제한
outcome-opted-out = 사용 안 함
outcome-failed = 실패
column-reason = 이유
scan-metric-holes = 읽지 못한 지표

## AWS의 청구서와 AWS의 의견
progress-finding = 청구서를 찾는 중
progress-download = 청구서를 내려받는 중
ingest-export = 내보내기: { $export }
ingest-unchanged = 새로운 내용이 없는 청구 기간: { $periods }
ingest-requests = Cost Explorer에 { $count }번 요청했습니다. 요금: { $cost }
ingest-requests-unpriced = Cost Explorer에 { $count }번 요청했습니다. 가격 카탈로그에 단가가 없습니다.
ingest-announced = Cost Explorer에 최소 { $count }번 요청합니다. 요금: { $cost }(요청당 { $price }). 응답이 길면 페이지로 나뉘고 페이지마다 요청 한 번입니다.
ingest-announced-unpriced = Cost Explorer에 최소 { $count }번 요청하며 요청마다 요금이 듭니다. 가격 카탈로그에 단가가 없습니다.
cost-from-cost-explorer = Cost Explorer의 값이라 서비스와 계정별 금액만 있는 청구 기간: { $months }
scan-opinions = AWS 서비스의 의견 { $count }건을 읽었습니다. `trimtab analyze`가 자체 결과와 비교합니다.
scan-since = CloudWatch는 455일까지 보관합니다. 지표를 읽기 시작하는 시각: { $from }
stance-agree = 일치
stance-differ = 다름
stance-absent = 없음
show-second-opinion = AWS의 의견
opinion-saving = 절감액 { $amount }
opinion-saving-after-discounts = 할인 후 { $amount }
opinion-lookback = { $count }일 기준
summary-only-aws = AWS는 권하지만 trimtab은 권하지 않는 변경이 { $count }건 있습니다. 이유는 `trimtab rec aws` 명령으로 볼 수 있습니다.
column-second-opinion = AWS
column-finding = 판정
column-recommended = 제안
column-code = 코드
scan-prometheus = Prometheus({ $server }): 타깃 { $targets }개를 찾아 서버와 MySQL 데이터베이스 { $need }개 중 { $have }개의 지표를 읽었습니다. 표본은 { $samples }개이며 AWS 요금은 들지 않습니다. 스캔한 자원과 연결되지 않은 타깃은 { $strangers }개입니다.
scan-prometheus-holes = Prometheus에서 읽지 못한 것

## Exemptions
column-exempt-by = 예외 근거
coverage-exemptions = 설정의 예외 규칙
exemption-applied = 적용됨
exemption-unmatched = 해당 없음
exemption-expired = 만료
exempt-none = 예외로 둔 것이 없습니다. trimtab:ignore 태그나 설정의 [[exempt]]로 제외된 자원이 없습니다.
exempt-until-reopen = 닫거나 숨긴 추천은 `trimtab rec list --all`로 볼 수 있습니다.
config-exempt-expired = 참고: { $path }, { $line }번째 줄: 이 예외 규칙은 { $until }에 만료되었습니다: { $rule }

## Schedules
schedule-always = 상시 가동
schedule-none = 제안할 일정이 없습니다.
schedule-off = { $off }, 전체의 { $share }
schedule-used = 사용
schedule-kept = 켜짐, 사용 없음
schedule-off-sign = 꺼짐
schedule-figure = { $label } { $value }
schedule-figure-limit = { $label } { $value } (기준 { $limit })
schedule-left-alone = 제안하지 않은 것과 이유
schedule-reason = { $count }건 (예: { $example }): { $reason }
schedule-holidays = 다가오는 공휴일
schedule-no-holidays = 알고 있는 공휴일이 없습니다. 한국의 공휴일을 쓰려면 timezone = "Asia/Seoul" 또는 calendar.country = "KR"로 설정하고, 그 밖의 날은 calendar.holidays에 적으세요.
column-runs = 켜 두는 시간
column-off-hours = 주당 꺼짐(시간)
column-time-zone = 시간대
column-stop = 중지
column-start = 시작
label-runs = 켜짐
label-off = 꺼짐
label-seen = 근거

area-accounts = 계정과 리전
area-credentials = 자격 증명
area-environment = 실행 환경
area-permissions = 권한
column-action = 작업
column-area = 구분
column-message = 내용
doctor-attach = 연결할 대상: { $who }
doctor-calls = 호출 { $calls }회. 모두 읽기만 하며 요금이 들지 않습니다.
doctor-calls-metrics = 호출 { $calls }회. 모두 읽기만 합니다. 그 가운데 CloudWatch { $metrics }회와 S3 { $s3 }회는 1,000건당 단가로 요금이 청구되고, 나머지는 요금이 들지 않습니다.
doctor-calls-s3 = 호출 { $calls }회. 모두 읽기만 합니다. 그 가운데 S3 { $s3 }회는 요청 1,000건당 단가로 요금이 청구되고, 나머지는 요금이 들지 않습니다.
doctor-failed = 확인하지 못한 것이 있습니다.
doctor-grant = 필요한 권한을 주는 정책
doctor-incomplete = 계정을 읽기 전에 갖추어야 할 것이 있습니다.
doctor-lacks = 없는 권한: { $count }개
doctor-missing = 없는 권한과 그 영향
doctor-missing-opinion = 빠진 것: { $source }의 의견
doctor-more-regions = 외 { $count }개 리전
doctor-unknown = "알 수 없음"으로 남는 점검: { $checks }
doctor-whole = 확인한 것은 모두 정상입니다.
init-account = 계정 { $account }
init-ask-organization = 조직의 모든 계정을 스캔할까요
init-ask-profile = 어떤 자격 증명으로 시작할까요
init-ask-regions = 사용 중인 모든 리전을 스캔할까요(권장)
init-ask-role = 아무것도 변경할 수 없는 trimtab-read 역할로 읽을까요
init-ask-write = 다음 파일을 쓸까요: { $files }
init-caller = 자격 증명의 주인: { $arn }
init-candidates = 이 머신의 AWS 자격 증명
init-environment = 환경 변수
init-file = { $file }
init-managed-by = 관리 계정이 { $account }인 조직에 속한 계정입니다. 모든 계정을 스캔하려면 그 계정의 자격 증명으로 `trimtab init`을 실행하세요.
init-no-candidates = 찾지 못했습니다.
init-nothing = 해당 자원 없음
init-organization = 계정 { $accounts }개가 있는 조직의 관리 계정입니다.
init-regions = 인스턴스, 볼륨, 데이터베이스, 로드 밸런서가 보이지 않는 리전: { $empty }개. 다른 자원이 있을 수 있으므로, 따로 고르지 않으면 사용 중인 모든 리전을 스캔합니다.
init-unknown = 알 수 없음
init-written = 파일을 썼습니다: { $file }
prompt-choice = { $question } [1-{ $of }, Enter: { $default }]
prompt-number = 1부터 { $of } 사이의 번호를 입력하세요.
prompt-yes-no = { $question } [Y/n]
prompt-yes-or-no = y 또는 n을 입력하세요.
progress-doctor = 스캔에 필요한 것을 확인하는 중
progress-doctor-step = 확인 { $done }/{ $of }
progress-init = 계정을 살펴보는 중
progress-init-step = 리전 { $done }/{ $of }
status-failed = 실패
status-missing = 없음
status-not-asked = 확인 안 함
status-note = 참고
status-ok = 정상

# 데이터베이스 서버.
progress-database = 데이터베이스 조회 중
column-load-share = 부하
column-subject = 쿼리 또는 인덱스
column-calls = 실행 수
column-examined = 행당 읽기
column-confidence = 신뢰도
column-suggestion = 검토할 구문
column-advice = 조치
column-class-if = 부하 제거 시 클래스
column-digest = 다이제스트
finding-missing-index = 인덱스 없음
finding-query-per-row = 행마다 쿼리 실행(N+1)
finding-disk-temporary-table = 디스크 임시 테이블
finding-sort-on-disk = 디스크 정렬
finding-full-scan = 대량 스캔
finding-unused-index = 쓰지 않는 인덱스
finding-duplicate-index = 중복 인덱스
finding-idle-connections = 유휴 연결
inspection-server = 서버
inspection-counted = 집계 기간
inspection-days = { $count }일
inspection-hours = { $count }시간
inspection-minutes = { $count }분
inspection-statements = 쿼리
inspection-statements-figure = { $shown }회, 모두 { $seconds }초
inspection-connections = 연결
inspection-connected = 현재 { $now }개(유휴 { $idle }개)
inspection-peak = 최대 { $figure }개
inspection-limit = 한도 { $figure }개
inspection-aborted = 끊김 { $figure }회
inspection-buffer = 버퍼
inspection-hits = 읽기의 { $share }가 버퍼에서 처리됨
inspection-data = 데이터 { $size }
inspection-account = 계정
inspection-read-only = 읽기만 가능
inspection-writes = 쓰기 가능: { $privileges }
inspection-can-write = 쓰기 권한이 있는 계정입니다({ $privileges }). 읽기 전용 세션으로 조회했으며 아무것도 쓰지 않았습니다. 읽기 전용 계정을 쓰는 것이 좋습니다: docs/guide/databases.md
inspection-instance = 인스턴스
inspection-instance-figure = { $resource }({ $class }): 최근 { $days }일 CPU는 크기 산정 백분위에서 { $cpu }, 최대 { $max }입니다.
inspection-already = 지금도 { $class } 클래스로 충분합니다.
inspection-without = 이 부하가 없어지면 CPU는 약 { $cpu }입니다.
inspection-without-all = 아래 부하가 모두 없어지면 CPU는 약 { $cpu }입니다.
inspection-class = 그러면 { $class } 클래스로 충분합니다.
inspection-class-saves = 그러면 { $class } 클래스로 충분하며, 정가 기준 월 { $saving }이 줄어듭니다.
inspection-class-same = 그래도 더 작은 클래스로 줄일 수는 없습니다.
inspection-found = 살펴볼 것 { $count }가지
inspection-nothing = 살펴볼 것이 없습니다.
inspection-share = 부하의 { $share }
inspection-calls = { $shown }회 실행
inspection-examined = 결과 1행당 { $rows }행 읽음
inspection-confidence-low = 신뢰도 낮음
inspection-confidence-medium = 신뢰도 보통
inspection-confidence-high = 신뢰도 높음
inspection-unseen = 확인하지 못한 것: { $text }
inspection-unknown = 답하지 못한 것
inspection-basis = 부하는 모든 쿼리의 실행 시간(대기 포함)에서 차지하는 비중입니다. CPU 시간이 아니므로 클래스에 관한 내용은 조건부 추정입니다.
inspection-privacy = 쿼리는 값을 뺀 형태로만 보여 줍니다. 구문은 검토용이며, 실행하거나 변경한 것은 없습니다.

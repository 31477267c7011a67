#!/usr/bin/env bats
# rw-list: the reports that are due, from MongoDB and from a file.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# fill PYTHON: runs it with db, ObjectId and D (Decimal128).
fill() {
	"$PYTHON" -c "
import os, pymongo
from bson import ObjectId, Decimal128 as D, Int64
db = pymongo.MongoClient(os.environ['MONGO_URI'])[os.environ['MONGO_DB_NAME']]
for name in {'followers', 'daily_pnl'} - set(db.list_collection_names()):
    db.create_collection(name)
def follower(id, **more):
    db.followers.insert_one({'_id': id, 'email': 'a@example.com',
        'iban': 'DE1', 'commission_pct': 20, 'enabled': True, **more})
def day(id, date, pnl):
    db.daily_pnl.insert_one({'follower_id': id, 'date': date,
        'total_pnl': pnl})
def add(first, end):
    for i in range(first, end, 1000):
        some = ['f-%06d' % k for k in range(i, i + 1000)]
        db.followers.insert_many([{'_id': f, 'email': 'a@b',
            'commission_pct': 20, 'enabled': True} for f in some])
        db.daily_pnl.insert_many([{'follower_id': f, 'total_pnl': d * 0.25,
            'date': '2025-06-%02d' % d} for f in some for d in range(1, 23)])
$1"
}

@test "one line for each enabled follower, with the days of the month" {
	new_database
	fill "
follower('b', name='Bea', currency='CHF', commission_pct=12.5)
follower('a')
follower('off', enabled=False)
day('b', '2025-06-30', 2); day('b', '2025-06-01', 1.5)
day('b', '2025-05-31', 9); day('b', '2025-07-01', 9)
day('gone', '2025-06-01', 9); day('off', '2025-06-01', 9)"
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	assert_stderr 'rw-list: warning: daily_pnl has days of gone, who is not among the followers
rw-list: warning: follower off is left out: enabled is false; there are days of that month'
	assert_output '{"follower_id":"a","report_period":"2025-06","email":"a@example.com","iban":"DE1","commission_pct":"20","daily_pnl":{}}
{"follower_id":"b","report_period":"2025-06","email":"a@example.com","name":"Bea","iban":"DE1","currency":"CHF","commission_pct":"12.5","daily_pnl":{"2025-06-01":"1.50","2025-06-30":"2.00"}}'
}

@test "the default month is the last month in the market's time zone" {
	new_database
	fill "follower('a')"
	run rw-list
	assert_json "$output" .report_period \
		"$(TZ=America/New_York date -d "$(TZ=America/New_York date +%Y-%m-15) -1 month" +%Y-%m)"
}

@test "amounts of every type are exact" {
	new_database
	fill "
follower('a')
for n, v in enumerate([0.1, -0.07, 1234.5678, 0.1 + 0.2, 123456789012.3456,
        7, Int64(-12345678901234), D('0.0001'), D('1E+3'), '12.34', -0.0,
        100.0, 1e5]):
    day('a', '2025-06-%02d' % (n + 1), v)"
	run rw-list --period 2025-06
	assert_json "$output" '[.daily_pnl[]] | join(" ")' \
		'0.10 -0.07 1234.5678 0.30 123456789012.3456 7.00 -12345678901234.00 0.0001 1000.00 12.34 0.00 100.00 100000.00'
}

@test "ObjectIds as IDs, with days under either form of the ID" {
	new_database
	fill "
o, p = ObjectId('665f00000000000000000001'), ObjectId('665f00000000000000000002')
follower(o); follower(p); follower('zed')
day(o, '2025-06-02', 1); day(str(o), '2025-06-03', 2)
day(str(p), '2025-06-03', 3); day('zed', '2025-06-03', 4)"
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	assert_equal "$(json '[.follower_id, (.daily_pnl | add)]' <<<"$output" | sort)" \
		'["665f00000000000000000001","1.002.00"]
["665f00000000000000000002","3.00"]
["zed","4.00"]'
	run rw-list --period 2025-06 --follower 665f00000000000000000002
	assert_json "$output" .follower_id 665f00000000000000000002
}

@test "a malformed document is named and withheld; the others pass" {
	new_database
	fill "
follower('a'); follower('b'); follower('c', commission_pct='many')
follower('../etc'); follower(7); follower('d', email=5)
day('a', '2025-06-02', 'x'); day('a', '2025-06-03', 1)
day('b', '2025-06-31', 1); day('b', '2025-06-03', float('nan'))
day(7, '2025-06-03', 1)
db.daily_pnl.insert_one({'follower_id': 'a', 'date': '2025-06-05'})"
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'a b c d '
	assert_equal "$(json 'select(.error) | .error.kind' <<<"$output" | uniq -c |
		xargs)" '4 data'
	# A sum without one of its days would be wrong.
	assert_json "$(head -n 1 <<<"$output")" '[.daily_pnl,.error.tool,.error.kind]' \
		'[{"2025-06-03":"1.00"},"rw-list","data"]'
	assert_stderr_has 'daily_pnl of a, 2025-06-02: total_pnl'
	assert_stderr_has 'daily_pnl of a, 2025-06-05: it has no total_pnl'
	assert_stderr_has 'daily_pnl of b, 2025-06-31: date is "2025-06-31" (a string): expected a date'
	assert_stderr_has 'follower c: commission_pct'
	assert_stderr_has 'follower ../etc: _id cannot be a follower_id'
	assert_stderr_has 'follower d: email is not a string'
}

@test "a day with a date of a different type is not left out silently" {
	new_database
	fill "
from datetime import datetime
for f in 'abcde': follower(f); day(f, '2025-06-02', 1)
day('a', '20250603', 2); day('a', '20250503', 9); day('a', '20250703', 9)
day('b', datetime(2025, 6, 30, 23), 2)
day('c', 20250603, 2)
day('d', datetime(2025, 7, 1), 9); day('d', datetime(2025, 5, 31, 23), 9)
day('d', 20250703, 9); day('d', 20250531, 9)
day('e', '20250602', 1)"
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_equal "$(json '[.follower_id, .error.kind, .daily_pnl]' <<<"$output")" \
		'["a",null,{"2025-06-02":"1.00","2025-06-03":"2.00"}]
["b","data",{"2025-06-02":"1.00"}]
["c","data",{"2025-06-02":"1.00"}]
["d","data",{"2025-06-02":"1.00"}]
["e",null,{"2025-06-02":"1.00"}]'
	assert_stderr_has 'daily_pnl of b, no date: date is 2025-06-30T23:00:00Z (a date and time): expected a date as 2025-06-30'
	# The month of these days depends on the time zone.
	assert_stderr_has 'daily_pnl of d, no date: date is 2025-07-01T00:00:00Z'
	assert_stderr_has 'daily_pnl of d, no date: date is 2025-05-31T23:00:00Z'
	assert_stderr_lacks 20250703
}

@test "followers that are not in byte order end the list" {
	new_database
	[ "$RW_TEST_MONGO_KIND" = java ] || skip "needs a server that sorts otherwise"
	# In UTF-16 order the second one comes first; a collation changes the
	# order of more IDs.
	fill "
follower('\ufffd'); follower('\U0001f600'); follower('z')
day('z', '2025-06-02', 1)"
	run --separate-stderr rw-list --period 2025-06
	assert_status 78
	assert_stderr_has 'followers: not sorted by the bytes of _id'
	fill "
db.followers.drop(); follower('z')
day('\ufffd', '2025-06-02', 1); day('\U0001f600', '2025-06-02', 1)"
	run --separate-stderr rw-list --period 2025-06
	assert_status 78
	assert_stderr_has 'daily_pnl: not sorted by the bytes of follower_id'
}

@test "two different figures of one day are an error of their report" {
	new_database
	fill "
o = ObjectId('665f00000000000000000001')
follower('a'); day('a', '2025-06-02', 1); day('a', '2025-06-02', 1.01)
follower('b'); day('b', '2025-06-02', 1.5); day('b', '2025-06-02', 1.5)
follower(o); day(o, '2025-06-02', 1); day(str(o), '2025-06-03', 1)
day(str(o), '2025-06-02', 2)"
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_stderr_has 'daily_pnl of a, 2025-06-02: duplicate day with a different figure'
	assert_stderr_has 'daily_pnl of 665f00000000000000000001, 2025-06-02: duplicate day with a different figure'
	assert_equal "$(json '[.follower_id, .error.kind, .daily_pnl]' <<<"$output")" \
		'["665f00000000000000000001","data",{"2025-06-02":"2.00","2025-06-03":"1.00"}]
["a","data",{"2025-06-02":"1.00"}]
["b",null,{"2025-06-02":"1.50"}]'
}

@test "--select from a file of several months chooses the named months" {
	printf '{"follower_id":"f-%d","report_period":"2025-%s"}\n' \
		1 05 1 06 2 05 2 06 3 05 3 06 >in
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-05"}' \
		'{"follower_id":"f-2"}' \
		'{"follower_id":"f-4","report_period":"2025-05"}' >select
	run --separate-stderr rw-list --input in --select select
	assert_status 1
	assert_output "$(sed -n '1p;3,4p' in)"
	assert_stderr_has 'follower f-4 was asked for and is not in the input'
	run --separate-stderr rw-list --input in --follower f-3
	assert_status 0
	assert_output "$(sed -n '5,6p' in)"
	printf '{"follower_id":"f-3","report_period":"2025-07"}\n' >select
	run --separate-stderr rw-list --input in --select select
	assert_status 1
	assert_output ''
	printf '{"follower_id":"f-3","report_period":"June"}\n' >select
	run --separate-stderr rw-list --input in --select select
	assert_status 65
	assert_stderr_has 'select, line 1: "June" is not a valid month'
}

@test "--follower and --select choose, and name missing followers" {
	new_database
	fill "
for i in range(5): follower('f-%d' % i)
follower('off', enabled=False)"
	run rw-list --period 2025-06 --follower f-3 --follower f-1
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'f-1 f-3 '
	run --separate-stderr rw-list --period 2025-06 --follower off
	assert_status 1
	assert_stderr_has 'follower off was asked for and is left out: enabled is false'
	printf '%s\n' f-2 '{"follower_id":"f-4","report_period":"2025-06"}' \
		'{"follower_id":"f-1","report_period":"2025-05"}' >select
	run --separate-stderr rw-list --period 2025-06 --select select
	assert_status 0
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'f-2 f-4 '
	assert_stderr_has '1 selected lines are for a different month'
	run rw-list --period 2025-06 --select - </dev/null
	assert_status 0
	assert_output ''
}

@test "shards are even, stable, and add up" {
	local i
	for ((i = 0; i < 4000; i++)); do
		echo "{\"follower_id\":\"follower-$i\",\"report_period\":\"2025-06\"}"
	done >in
	for i in 1 2 3 4; do
		rw-list --input in --shard "$i/4" >"out.$i"
		[ "$(wc -l <"out.$i")" -gt 900 ]
		[ "$(wc -l <"out.$i")" -lt 1100 ]
	done
	assert_equal "$(sort out.* | md5sum)" "$(sort in | md5sum)"
	# These values never change: all releases must use the same shards.
	assert_equal "$(head -n 3 out.1 | json .follower_id | tr '\n' ' ')" \
		'follower-7 follower-9 follower-18 '
	for i in 0/4 5/4 x 1 1/0 /2; do
		run rw-list --input in --shard "$i"
		assert_status 64
	done
}

@test "--input: lines of a different month are reported only for selected followers" {
	printf '{"follower_id":"%s","report_period":"%s"}\n' a 2025-05 b 2025-05 \
		a 2025-06 b 2025-06 >in
	run --separate-stderr rw-list --input in --period 2025-06 --follower b
	assert_status 1
	assert_stderr 'rw-list: error: b 2025-05: report_period is "2025-05", and --period asks for 2025-06'
	assert_equal "$(json '[.follower_id,.report_period,has("error")]' <<<"$output" | tr -d '\n')" \
		'["b","2025-05",true]["b","2025-06",false]'
	run --separate-stderr rw-list --input in --period 2025-07 --follower c
	assert_output ''
	assert_stderr 'rw-list: error: follower c was asked for and is not in the input'
}

@test "--input chooses lines of a file, byte for byte" {
	printf '%s\n' '{"x":0.10,"follower_id":"a","report_period":"2025-06"}' \
		'{"follower_id":"b","report_period":"2025-06"}' 'no record' >in
	run --separate-stderr rw-list --input in --follower a
	assert_status 65
	assert_output "$(head -n 1 in)"
	run rw-list --input - --follower b <in
	assert_output_has '"b"'
	run --separate-stderr rw-list --input in --follower c
	assert_stderr_has 'follower c was asked for and is not in the input'
	run rw-list --input nowhere
	assert_status 74
}

@test "--input removes the members that tools have set" {
	local all
	# Every member that an outside line can have.
	all=$(sed -n '/, LEDGER,/d;s/^	X([A-Z0-9_]*, \("[a-z0-9_]*"\),.*/\1/p' \
		"$ROOT/lib/record/member_table.h" |
		grep -vxE '"(follower_id|report_period|error)"' |
		sed 's/$/:1/' | paste -sd, -)
	printf '%s\n' "{\"x\":0.10,\"follower_id\":\"a\",\"report_period\":\"2025-06\",$all,\"Y\" : 1e2}" \
		"{\"follower_id\":\"../../etc\",\"report_period\":\"2025-06\",\"pdf_path\":\"/etc/passwd\"}" \
		>in
	run --separate-stderr rw-list --input in
	assert_status 1
	assert_equal "${lines[0]}" '{"x":0.10,"follower_id":"a","report_period":"2025-06","currency":1,"commission_pct":1,"issue_date":1,"opening_balance":1,"daily_pnl":1,"email":1,"name":1,"iban":1,"high_water_mark":1,"locale":1,"cc":1,"expected_total_pnl":1,"expected_commission":1,"expected_commission_pct":1,"commission_paid_on":1,"commission_reference":1,"Y":1e2}'
	assert_json "${lines[1]}" '[.error.tool,has("pdf_path")]' '["rw-list",false]'
	# Its output is valid input, and passes.
	head -n 1 <<<"$output" >in
	run --separate-stderr rw-list --input in
	assert_status 0
	assert_output "$(cat in)"
}

@test "--input: the errors of rw-gen and later tools are removed, all others stay" {
	local tool
	for tool in rw-gen rw-sign rw-put rw-presign rw-verify rw-mail; do
		echo "{\"follower_id\":\"a\",\"report_period\":\"2025-06\",\"error\":{\"tool\":\"$tool\",\"kind\":\"data\",\"message\":\"m\",\"retryable\":false}}" >in
		run --separate-stderr rw-list --input in
		assert_status 0
		assert_output '{"follower_id":"a","report_period":"2025-06"}'
	done
	for tool in rw-list rw-record rw-report 'rw-put ' '' $'rw-put\\n'; do
		echo "{\"follower_id\":\"a\",\"report_period\":\"2025-06\",\"error\":{\"tool\":\"$tool\",\"kind\":\"data\",\"message\":\"why\",\"retryable\":false}}" >in
		run --separate-stderr rw-list --input in
		assert_status 1
		assert_output "$(cat in)"
		assert_stderr_has 'rw-list: error: a 2025-06: its report is not made: the line has an error of "'
		assert_stderr_has '(why)'
		run --separate-stderr rw-list --input in --follower b
		assert_stderr_lacks 'is not made'
	done
	for tool in 1 '"rw-put"' '{}' '[]' false '{"tool":1}'; do
		echo "{\"follower_id\":\"a\",\"report_period\":\"2025-06\",\"error\":$tool}" >in
		run --separate-stderr rw-list --input in
		assert_status 1
		assert_output "$(cat in)"
	done
}

@test "--input: no time zone is needed for the months that the lines name" {
	echo '{"follower_id":"a","report_period":"2025-06"}' >in
	MARKET_CLOSE_TIMEZONE=Amercia/New_York run rw-list --input in
	assert_status 0
	assert_output "$(cat in)"
}

@test "MongoDB is not configured, or unreachable" {
	run rw-list --period 2025-06
	assert_status 78
	assert_output_has 'MONGO_URI is not set'
	MONGO_URI='mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300' \
		MONGO_DB_NAME=x run rw-list --period 2025-06
	assert_status 69
}

@test "the server dies in the middle: a partial list does not look complete" {
	RW_TEST_MONGO_MEMORY=1 own_mongo
	fill "
db.followers.insert_many({'_id': 'f-%05d' % i, 'email': 'a', 'enabled': True,
    'name': 'x' * 1000} for i in range(20000))"
	mkfifo pipe
	rw-list --period 2025-06 >pipe 2>err 3>&- &
	local pid=$! status=0
	exec 7<pipe
	head -c 1000 <&7 >/dev/null
	server mongo kill
	cat <&7 >/dev/null
	wait "$pid" || status=$?
	assert_equal "$status" 69
}

# 10,000 by default, 100,000 with RW_TEST_FOLLOWERS=100000 (this requires a
# server that can sort two million documents).
@test "many followers with 22 days each: memory does not grow" {
	need_plain_build
	need_command /usr/bin/time
	new_database
	fill "
add(0, 1000)"
	/usr/bin/time -f %M -o small rw-list --period 2025-06 >/dev/null
	fill "add(1000, ${RW_TEST_FOLLOWERS:-10000})"
	/usr/bin/time -f %M -o large rw-list --period 2025-06 >out
	assert_lines "${RW_TEST_FOLLOWERS:-10000}" out
	assert_equal "$(tail -n 1 out | json '.daily_pnl | length')" 22
	echo "KB: $(cat small) and $(cat large)"
	[ "$(cat large)" -le "$(($(cat small) + 4096))" ]
}

@test "--print-period: the month that would be listed, without a database" {
	run --separate-stderr rw-list --period 2025-02 --print-period
	assert_status 0
	assert_output 2025-02
	LD_PRELOAD=$BUILD/clock.so \
		RW_TEST_CLOCK=$(($(date -ud 2026-01-01T05:00:00 +%s) - $(date +%s))) \
		ASAN_OPTIONS=verify_asan_link_order=0 run rw-list --print-period
	assert_output 2025-12
	MARKET_CLOSE_TIMEZONE=Amercia/New_York run rw-list --print-period
	assert_status 78
	assert_output_has Amercia/New_York
}

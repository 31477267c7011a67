#!/usr/bin/env bats
# Months whose data as a whole cannot be right: nobody is mailed.
#
# bats file_tags=plain,long

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com RW_ADMIN_COPY=none
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail
	unset RW_LOG_FILE
}

# line ID MONTH [DAY]...: prints a report that is due.
line() {
	local id=$1 month=$2 days=''
	shift 2
	for day in "$@"; do
		days+="${days:+,}\"$month-$day\":\"1.50\""
	done
	printf '{"follower_id":"%s","report_period":"%s","email":"%s@example.com","commission_pct":20,"daily_pnl":{%s}}\n' \
		"$id" "$month" "$id" "$days"
}

# due N EMPTY [MONTH]: makes N reports, of which EMPTY have no day.
due() {
	local i
	for ((i = 1; i <= $1; i++)); do
		if [ "$i" -le "$2" ]; then
			line "f-$i" "${3-2025-06}"
		else
			line "f-$i" "${3-2025-06}" 02 03
		fi
	done >due
}

report() {
	run --separate-stderr rw-report --input due "$@"
}

mailed() {
	find mail/new -type f 2>/dev/null | wc -l
}

# stops WHY OPTION...: expects status 1, and that nobody is mailed.
stops() {
	local why=$1
	shift
	report "$@"
	assert_status 1
	assert_stderr_has "error: ${told-2025-06}: $why"
	assert_stderr_has '; nobody was mailed'
	assert_equal "$(grep -cF "$why" <<<"$stderr")" 1 'told once'
	assert_equal "$(mailed)" 0
}

# sends N OPTION...
sends() {
	local n=$1
	shift
	report "$@"
	assert_status 0
	assert_equal "$(mailed)" "$n"
}

@test "no follower has a day: status 1, and --allow-empty permits this" {
	rw-record --init
	due 12 12
	stops 'none of 12 followers has a day in 2025-06; if this is correct, use --allow-empty'
	stops 'none of 12 followers' --allow-unfinished
	RW_MAX_EMPTY=100 stops 'none of 12 followers'
	sends 12 --allow-empty
}

@test "RW_MAX_EMPTY: more than this percentage of followers without a day" {
	rw-record --init
	due 12 7
	stops '7 of 12 followers have no day in 2025-06, more than 50 percent (RW_MAX_EMPTY); if this is correct, use --allow-empty'
	RW_MAX_EMPTY=58 stops '7 of 12'
	RW_MAX_EMPTY=0 stops '7 of 12'
	RW_MAX_EMPTY=59 sends 12
	RW_MAX_EMPTY=101 report
	assert_status 78
	assert_stderr_has 'RW_MAX_EMPTY'
	assert_equal "$(mailed)" 12
}

@test "the gates on empty days apply from 10 reports on, and not to a selection" {
	rw-record --init
	due 9 9
	sends 9
	due 20 20
	sends 10 --follower f-10
	printf 'f-11\nf-12\n' >some
	sends 12 --select some
	stops_at=12
	report
	assert_status 1
	assert_equal "$(mailed)" "$stops_at"
}

@test "the whole month is counted, with any shard" {
	rw-record --init
	# Each shard has fewer than 10.
	due 12 12
	stops 'none of 12 followers' --shard 1/4
	# A single shard may also be empty.
	due 40 0
	rw-list --input due --shard 1/5 | json .follower_id | sort >shard
	[ "$(wc -l <shard)" -lt 19 ] || fail 'the shard is too large'
	while read -r id; do
		grep -v "\"$id\"" due >rest
		line "$id" 2025-06 >>rest
		mv rest due
	done <shard
	sends "$(wc -l <shard)" --shard 1/5
}

@test "a month that is not over, or is in the future, also with --input" {
	rw-record --init
	local now next
	now=$(TZ=America/New_York date +%Y-%m)
	next=$(TZ=America/New_York date -d "$now-15 +1 month" +%Y-%m)
	line f-1 "$now" 01 >due
	local told=$now
	stops "$now is not over in America/New_York (MARKET_CLOSE_TIMEZONE); to send it now, use --allow-unfinished"
	stops "$now is not over" --allow-empty
	stops "$now is not over" --follower f-1
	line f-1 "$next" 01 >due
	told=$next
	stops "$next is in the future; to send it now, use --allow-unfinished"
	# One line is enough.
	due 5 0
	line f-6 2099-01 02 >>due
	report
	assert_status 1
	assert_stderr_has 'error: 2099-01 is in the future'
	assert_equal "$(mailed)" 0
	line f-6 "$now" 01 >due
	sends 1 --allow-unfinished
	MARKET_CLOSE_TIMEZONE=Mars/Olympus report
	assert_status 78
	assert_stderr_has 'Mars/Olympus'
}

@test "a report that is repeated in the input is counted once by each gate" {
	due 3 0
	cat due due due >twice
	mv twice due
	stops '3 reports are due, at least 4 were expected (--expect-min)' \
		--expect-min 4
	# 9 reports, and 5 of them twice, are fewer than 10.
	due 9 9
	head -n 5 due >repeated
	cat repeated >>due
	report --dry-run
	assert_stderr_lacks 'has a day'
	# 6 of 11 have no day, with any duplicate.
	due 11 6
	tail -n 5 due >repeated
	cat repeated repeated >>due
	stops '6 of 11 followers have no day in 2025-06, more than 50 percent (RW_MAX_EMPTY); if this is correct, use --allow-empty'
}

@test "--expect-min and --expect-days" {
	rw-record --init
	due 3 0
	stops '3 reports are due, at least 4 were expected (--expect-min)' \
		--expect-min 4
	stops '2025-06 has P&L on 2 days, at least 3 were expected (--expect-days)' \
		--expect-days 3
	stops '3 reports are due, at least 4 were expected (--expect-min); 2025-06 has P&L on 2 days, at least 3 were expected (--expect-days)' \
		--expect-days 3 --expect-min 4
	report --expect-days 32
	assert_status 64
	# An unreadable line counts as a report that is due.
	echo '{' >>due
	report --expect-min 4 --expect-days 2
	assert_status 65
	assert_equal "$(mailed)" 3
}

@test "in a rehearsal and a dry run each gate is a warning" {
	rw-record --init
	due 12 12 2099-01
	for how in --dry-run '--to me@example.com'; do
		# shellcheck disable=SC2086
		report $how --expect-min 13
		assert_status 0
		assert_stderr_has 'rw-list: warning: 12 reports are due, at least 13'
		assert_stderr_has 'rw-list: warning: 2099-01 is in the future'
		assert_stderr_has 'rw-list: warning: none of 12 followers'
	done
	DRY_RUN_MODE=yes report
	assert_status 0
	assert_stderr_has 'rw-list: warning: 2099-01 is in the future'
}

@test "--check reports the gates that would stop the month" {
	rw-record --init
	due 12 12
	run --separate-stderr rw-list --input due --check --gates /dev/null
	assert_status 1
	assert_output 'due has 12 reports
2025-06 has P&L on 0 days; 12 of 12 followers have none'
	assert_stderr_has 'rw-list: error: none of 12 followers'
	due 12 1
	run --separate-stderr rw-list --input due --check --gates /dev/null
	assert_status 0
	assert_output 'due has 12 reports
2025-06 has P&L on 2 days, the newest one is 2025-06-03; 1 of 12 followers have none'
	run --separate-stderr rw-list --input due --check --gates /dev/null --quiet
	assert_status 0
	assert_output ''
}

@test "the databases: PostgreSQL and MongoDB" {
	new_platform
	rw-record --init
	followers "
for i in range(12): first('f-%02d' % i)
first('out', enabled=False)
db.create_collection('daily_pnl')"
	day out 2025-06-02 1
	day stranger 2025-06-02 1
	run --separate-stderr rw-report --period 2025-06
	assert_status 1
	assert_stderr_has 'none of 12 followers has a day in 2025-06'
	run --separate-stderr rw-report --period 2025-06 --shard 1/6
	assert_status 1
	assert_stderr_has 'none of 12 followers has a day in 2025-06'
	RW_PNL_SOURCE=mongodb run --separate-stderr rw-report --period 2025-06
	assert_status 1
	assert_stderr_has 'none of 12 followers has a day in 2025-06'
	day f-01 2025-06-02 1
	run --separate-stderr rw-report --period 2025-06
	assert_status 1
	assert_stderr_has '11 of 12 followers have no day in 2025-06'
	run --separate-stderr rw-report --period 2099-06
	assert_status 1
	assert_stderr_has '2099-06 is in the future'
	assert_equal "$(mailed)" 0
	run rw-list --check --period 2025-06
	assert_status 0
	assert_output_has '12 get a report, 1 are left out'
	assert_output_has '2025-06 has P&L on 1 days, the newest one is 2025-06-02; 11 of 12 followers have none'
	run --separate-stderr rw-report --period 2025-06 --allow-empty
	assert_status 0
	assert_equal "$(mailed)" 12
}

@test "a collection that does not exist is 78" {
	new_platform
	rw-record --init
	day f-1 2025-06-02 1
	run --separate-stderr rw-report --period 2025-06
	assert_status 78
	assert_stderr_has 'the collection followers does not exist'
	assert_stderr_has 'MONGO_DB_NAME'
	followers "first('f-1'); db.daily_pn1.insert_one({'follower_id': 'f-1', 'date': '2025-06-02', 'total_pnl': 1})"
	RW_PNL_SOURCE=mongodb run --separate-stderr rw-report --period 2025-06
	assert_status 78
	assert_stderr_has 'the collection daily_pnl does not exist'
	run --separate-stderr rw-list --period 2025-06 --check
	assert_status 0
	RW_PNL_SOURCE=mongodb run --separate-stderr rw-list --period 2025-06 --check
	assert_status 78
	sql "DROP TABLE pnl_daily CASCADE"
	run --separate-stderr rw-report --period 2025-06
	assert_status 78
	assert_stderr_has pnl_daily
	assert_equal "$(mailed)" 0
	# An empty collection differs from a missing one.
	followers "db.create_collection('daily_pnl')"
	RW_PNL_SOURCE=mongodb run --separate-stderr rw-report --period 2025-06
	assert_status 0
	assert_equal "$(mailed)" 1
}

# ---- RW_MAX_CHANGE ------------------------------------------------------------

month() { # ID MONTH P&L [CURRENCY]
	printf '{"follower_id":"%s","report_period":"%s","email":"%s@example.com","commission_pct":20,"currency":"%s","daily_pnl":{"%s-02":"%s"}}\n' \
		"$1" "$2" "$1" "${4:-EUR}" "$2" "$3" >>due
}

# entries: prints follower, month, state and error of each entry.
entries() {
	rw-status --all --json | json '[.follower_id, .report_period, .state,
		(.last_error // "" | .[:30])]' | sort
}

largest_month() {
	month f-1 2025-04 100
	month f-2 2025-04 -100
	month f-3 2025-04 100 USD
	month f-1 2025-05 -50
	rw-report --input due
	: >due
	month f-1 2025-06 1000.01
	month f-2 2025-06 1000
	month f-3 2025-06 5000
	month f-4 2025-06 9999
	# Off by default.
	run --separate-stderr rw-record --lookup <due
	assert_output_lacks largest_pnl
	export RW_MAX_CHANGE=10
	run --separate-stderr rw-record --lookup <due
	assert_equal "$(json '[.follower_id, .largest_pnl]' <<<"$output" | xargs)" \
		'[f-1,100.00] [f-2,100.00] [f-3,null] [f-4,null]'
	report
	assert_status 1
	assert_stderr_has 'the P&L is 1000.01 EUR, more than 10 times that of the largest month in the ledger, 100.00 (RW_MAX_CHANGE)'
	assert_equal "$(entries | grep 2025-06)" \
		'["f-1","2025-06","failed","rw-gen: the P&L is 1000.01 EUR"]
["f-2","2025-06","sent",""]
["f-3","2025-06","sent",""]
["f-4","2025-06","sent",""]'
	assert_equal "$(cat "$RW_STATE_DIR"/runs/*/done | json 'select(.error) | .error.kind')" data
	# A loss is as large as a gain, and the month itself does not count.
	: >due
	month f-2 2025-07 -10000.01
	report
	assert_status 1
	assert_stderr_has 'the P&L is -10000.01 EUR'
	: >due
	month f-1 2025-06 1000.01
	report --follower f-1 --accept
	assert_status 0
	assert_stderr_has 'accepted: the P&L is 1000.01 EUR'
	assert_equal "$(entries | grep 'f-1.*2025-06')" '["f-1","2025-06","sent",""]'
	# From now on this is the largest month.
	: >due
	month f-1 2025-07 9000
	report
	assert_status 0
	RW_MAX_CHANGE=0 report
	assert_status 78
	assert_stderr_has 'RW_MAX_CHANGE is "0": expected a decimal above 0'
}

@test "RW_MAX_CHANGE: more than this factor times the largest month, in SQLite" {
	rw-record --init
	largest_month
}

@test "RW_MAX_CHANGE: the same in MongoDB" {
	new_database
	rw-record --init
	largest_month
}

@test "RW_MAX_CHANGE: months of 0.00 do not count" {
	rw-record --init
	month f-1 2025-05 0
	rw-report --input due
	: >due
	month f-1 2025-06 500
	RW_MAX_CHANGE=2.5 report
	assert_status 0
}

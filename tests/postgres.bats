#!/usr/bin/env bats
# rw-list on the platform's own data: followers in MongoDB, daily P&L in
# PostgreSQL.

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

o=665f00000000000000000001

@test "both forms of a follower, with the days from PostgreSQL" {
	new_platform
	followers "
first('f-1'); first('f-2', state='MANUAL_INTERVENTION', commission_pct=12.5)
first('f-3', enabled=False, state='DISABLED')
second('$o', locale='de', cc=['x@example.com', 'y@example.com'])
second('665f00000000000000000002', status='pending')
second('665f00000000000000000003', cc='z@example.com')"
	platform_day 2025-06-02 99999
	day f-1 2025-06-02 125.5; day f-1 2025-06-30 -0.0001
	day f-1 2025-05-30 9; day f-1 2025-07-01 9
	day f-2 2025-06-03 99999999.9999
	day "$o" 2025-06-02 7
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	assert_stderr ''
	assert_output '{"follower_id":"665f00000000000000000001","report_period":"2025-06","email":"0001@example.com","name":"Name of 665f00000000000000000001","locale":"de","cc":["x@example.com","y@example.com"],"daily_pnl":{"2025-06-02":"7.00"}}
{"follower_id":"665f00000000000000000003","report_period":"2025-06","email":"0003@example.com","name":"Name of 665f00000000000000000003","cc":["z@example.com"],"daily_pnl":{}}
{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","iban":"DE89370400440532013000","commission_pct":"20","daily_pnl":{"2025-06-02":"125.50","2025-06-30":"-0.0001"}}
{"follower_id":"f-2","report_period":"2025-06","email":"f-2@example.com","iban":"DE89370400440532013000","commission_pct":"12.5","daily_pnl":{"2025-06-03":"99999999.9999"}}'
	run --separate-stderr rw-list --period 2025-06 --verbose
	assert_stderr_has 'follower f-3 is left out: enabled is false, state is DISABLED'
	assert_stderr_has 'follower 665f00000000000000000002 is left out: status is pending'
	assert_stderr_has '2 followers are left out'
}

@test "left-out followers with days, and days without a follower, are named in warnings" {
	new_platform
	followers "
first('f-1'); first('f-2', enabled=False); second('$o', status='inactive')
db.followers.insert_one({'_id': 'f-3', 'email': 'a@example.com'})
first('f-4', enabled='yes')"
	for f in f-0 f-1 f-2 "$o" stranger test-1 test-1; do
		day "$f" 2025-06-02 1
		day "$f" 2025-06-03 1
	done
	export RW_IGNORE_FOLLOWERS='test-1, test-2'
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_equal "$(jq -r 'select(.error == null).follower_id' <<<"$output")" f-1
	assert_equal "$(jq -r 'select(.error != null).follower_id' <<<"$output")" f-4
	assert_stderr "rw-list: warning: follower $o is left out: status is inactive; there are days of that month
rw-list: warning: pnl_daily has days of f-0, who is not among the followers
rw-list: warning: follower f-2 is left out: enabled is false, state is ACTIVE; there are days of that month
rw-list: error: follower f-4: enabled is neither true nor false but \"yes\" (a string)
rw-list: warning: pnl_daily has days of stranger, who is not among the followers"
	run --separate-stderr rw-list --period 2025-06 --follower f-2
	assert_status 1
	assert_stderr_has 'follower f-2 was asked for and is left out: enabled is false'
	run --separate-stderr rw-list --period 2025-06 --follower stranger
	assert_status 1
	assert_stderr_has 'follower stranger was asked for and is not among the followers'
	# Each follower is in exactly one shard.
	for i in 1 2 3; do
		{ rw-list --period 2025-06 --shard "$i/3" --verbose >/dev/null; } 2>&1 ||
			:
	done >words
	assert_equal "$(grep -c 'not among the followers' words)" 2
	assert_equal "$(grep -c 'is left out: ' words)" 3
}

@test "many faults of one kind: ten are named, and all are counted" {
	new_platform
	followers "first('f-1')"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT 'x-' || i, '2025-06-02', 1, true FROM generate_series(1, 30) i"
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	assert_equal "$(grep -c 'is not among the followers' <<<"$stderr")" 10
	assert_stderr_has 'warning: pnl_daily has days of 30 ids that are not among the followers'
}

@test "a duplicate day counts once if the totals are equal, and is an error otherwise" {
	new_platform
	followers "first('f-1'); first('f-2'); first('f-3')"
	day f-1 2025-06-02 1.5; day f-1 2025-06-02 1.5000; day f-1 2025-06-03 1
	day f-2 2025-06-02 1.5; day f-2 2025-06-02 1.5001; day f-2 2025-06-03 2
	# One finalised row is enough.
	day f-3 2025-06-02 3 false; day f-3 2025-06-02 3 true
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_stderr 'rw-list: error: pnl_daily of f-2, 2025-06-02: duplicate day with a different figure: 1.5001 instead of 1.50'
	assert_equal "$(json '[.follower_id, .daily_pnl, .error.tool, .error.kind]' <<<"$output")" \
		'["f-1",{"2025-06-02":"1.50","2025-06-03":"1.00"},null,null]
["f-2",{"2025-06-02":"1.50","2025-06-03":"2.00"},"rw-list","data"]
["f-3",{"2025-06-02":"3.00"},null,null]'
	run --separate-stderr rw-list --period 2025-06 --follower f-2 --accept
	assert_status 1
	assert_json "$output" .error.kind data
}

@test "a day that is not finalised: an error, unless it is accepted" {
	new_platform
	followers "first('f-1'); first('f-2')"
	day f-1 2025-06-02 1; day f-1 2025-06-03 2 false
	day f-2 2025-06-02 1
	sql "ALTER TABLE pnl_daily ALTER is_finalized DROP NOT NULL;
		UPDATE pnl_daily SET is_finalized = NULL WHERE follower_id = 'f-2'"
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_stderr 'rw-list: error: pnl_daily of f-1, 2025-06-03: the platform has not finalised that day
rw-list: error: pnl_daily of f-2, 2025-06-02: the platform has not finalised that day'
	assert_equal "$(json '[.follower_id, .error.kind, (.daily_pnl | length)]' <<<"$output")" \
		'["f-1","data",2]
["f-2","data",1]'
	run --separate-stderr rw-list --period 2025-06 --follower f-1 --accept
	assert_status 0
	assert_json "$output" '[.daily_pnl, has("error")]' \
		'[{"2025-06-02":"1.00","2025-06-03":"2.00"},false]'
	run rw-list --period 2025-06 --accept
	assert_status 64
	assert_output_has '--accept requires --follower'
}

@test "the current month has days that are not finalised" {
	new_platform
	followers "first('f-1')"
	local month
	month=$(TZ=America/New_York date +%Y-%m)
	day f-1 "$month-01" 1 false
	run --separate-stderr rw-list --period "$month"
	assert_status 0
	assert_stderr 'rw-list: warning: 1 days are not finalised, and their figures may change: the month is not over'
	assert_json "$output" '.daily_pnl | add' 1.00
}

@test "numbers that are not amounts are an error of their report" {
	new_platform
	followers "
for i in range(1, 7): first('f-%d' % i)"
	sql "ALTER TABLE pnl_daily ALTER total_pnl TYPE numeric,
		ALTER total_pnl DROP NOT NULL"
	day f-1 2025-06-02 "'NaN'"; day f-2 2025-06-02 "'-Infinity'"
	day f-3 2025-06-02 0.00005; day f-4 2025-06-02 NULL
	day f-5 2025-06-02 1.250000000; day f-6 2025-06-02 123456789012345
	run --separate-stderr rw-list --period 2025-06
	assert_status 1
	assert_equal "$(json '[.follower_id, .error.kind, .daily_pnl]' <<<"$output")" \
		'["f-1","data",{}]
["f-2","data",{}]
["f-3","data",{}]
["f-4","data",{}]
["f-5",null,{"2025-06-02":"1.25"}]
["f-6","data",{}]'
	assert_stderr_has 'pnl_daily of f-1, 2025-06-02: total_pnl: "NaN"'
	assert_stderr_has 'pnl_daily of f-4, 2025-06-02: it has no total_pnl'
}

@test "--follower and --select read only their rows" {
	new_platform
	followers "
for i in range(5): first('f-%d' % i)
second('$o')"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT 'f-' || i, '2025-06-02', i, true FROM generate_series(0, 4) i;
		ALTER DATABASE $POSTGRES_DB SET log_statement = 'all'"
	day "$o" 2025-06-05 5
	run --separate-stderr rw-list --period 2025-06 --follower f-3 --follower "$o"
	assert_status 0
	assert_stderr ''
	assert_equal "$(json '[.follower_id, .daily_pnl]' <<<"$output")" \
		"[\"$o\",{\"2025-06-05\":\"5.00\"}]
[\"f-3\",{\"2025-06-02\":\"3.00\"}]"
	assert_file_has "${SERVER_DIR[postgres]}/postgres.log" \
		"\$3 = '{f-3,$o}'"
	seq -f 'f-%g' 0 2000 >select
	run --separate-stderr rw-list --period 2025-06 --select select
	assert_status 1
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" \
		'f-0 f-1 f-2 f-3 f-4 '
}

@test "MongoDB's daily_pnl of the whole platform belongs to no follower" {
	new_database
	followers "first('f-1'); first('f-2')"
	platform_day 2025-06-02 1000
	local i
	for i in '' '--follower f-1' '--shard 1/2' --check '--period 2024-01'; do
		# shellcheck disable=SC2086
		run --separate-stderr rw-list --period 2025-06 $i
		assert_status 78
		assert_output ''
		assert_stderr_has 'daily_pnl has figures without a follower_id'
		assert_stderr_has 'set PNL_DATABASE_URL'
	done
	# One such number among valid ones has the same result.
	followers "
db.daily_pnl.drop()
db.daily_pnl.insert_one({'date': '2025-06-02', 'follower_id': 'f-1',
    'total_pnl': 1})
db.daily_pnl.insert_one({'date': '2025-06-03', 'follower_id': None,
    'total_pnl': 1})"
	run --separate-stderr rw-list --period 2025-06
	assert_status 78
	run --separate-stderr rw-list --period 2025-05
	assert_status 0
}

@test "the settings that choose the source" {
	new_platform
	followers "
first('f-1')
db.daily_pnl.insert_one({'date': '2025-06-02', 'follower_id': 'f-1',
    'total_pnl': 5})"
	day f-1 2025-06-02 7
	local url=$POSTGRES_USER:$POSTGRES_PASSWORD@$POSTGRES_HOST:$POSTGRES_PORT/$POSTGRES_DB
	local host=$POSTGRES_HOST db=$POSTGRES_DB
	pnl() {
		json '.daily_pnl | add' <<<"$output"
	}
	run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 7.00
	RW_PNL_SOURCE=mongodb run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 5.00
	unset POSTGRES_HOST # localhost
	run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 7.00
	unset POSTGRES_DB
	run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 5.00
	RW_PNL_SOURCE=postgresql run --separate-stderr rw-list --period 2025-06
	assert_status 78
	RW_PNL_SOURCE=oracle run --separate-stderr rw-list --period 2025-06
	assert_status 78
	for name in PNL_DATABASE_URL DATABASE_URL POSTGRES_URI; do
		export $name="postgresql+asyncpg://$url?ssl=disable&command_timeout=60"
		run --separate-stderr rw-list --period 2025-06
		assert_status 0
		assert_equal "$(pnl)" 7.00
		printf '%s\n' "${!name}" >url
		unset $name
		declare -x "${name}_FILE=url"
		run --separate-stderr rw-list --period 2025-06
		assert_equal "$(pnl)" 7.00
		unset "${name}_FILE"
	done
	DATABASE_URL="mysql://$url" run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 5.00
	assert_stderr 'rw-list: warning: DATABASE_URL is not used: it does not begin with postgresql://'
	PNL_DATABASE_URL="mysql://$url" run --separate-stderr rw-list --period 2025-06
	assert_status 78
	# The first setting applies.
	PNL_DATABASE_URL="postgres://$url" DATABASE_URL=postgresql://127.0.0.1:1/x \
		POSTGRES_DB=x run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 7.00
	export POSTGRES_DB=$db POSTGRES_HOST=$host
	printf '%s\n' "$POSTGRES_PASSWORD" >password
	unset POSTGRES_PASSWORD
	POSTGRES_PASSWORD_FILE=password run --separate-stderr rw-list --period 2025-06
	assert_equal "$(pnl)" 7.00
	PNL_DATABASE_URL="postgresql://$url?command_timeout=60" run rw-list --period 2025-06
	assert_status 78
	assert_output_has 'libpq has no parameter "command_timeout"'
}

@test "password files, service files and Unix sockets work as in libpq" {
	new_platform
	followers "first('f-1')"
	day f-1 2025-06-02 7
	local port=$POSTGRES_PORT password=$POSTGRES_PASSWORD db=$POSTGRES_DB
	unset POSTGRES_PASSWORD
	run --separate-stderr rw-list --period 2025-06
	assert_status 78
	assert_stderr_has 'no password supplied'
	printf '127.0.0.1:*:*:worker:%s\n' "$password" >pgpass
	chmod 600 pgpass
	PGPASSFILE=pgpass run --separate-stderr rw-list --period 2025-06
	assert_status 0
	PGPASSWORD=$password run --separate-stderr rw-list --period 2025-06
	assert_status 0
	unset POSTGRES_HOST POSTGRES_PORT POSTGRES_DB POSTGRES_USER
	printf '[pnl]\nhost=127.0.0.1\nport=%s\ndbname=%s\nuser=worker\npassword=%s\n' \
		"$port" "$db" "$password" >services
	export PGSERVICEFILE=services
	PGSERVICE=pnl PNL_DATABASE_URL=postgresql:// run rw-list --period 2025-06
	assert_status 0
	PNL_DATABASE_URL='postgresql:///?service=pnl' run rw-list --period 2025-06
	assert_status 0
	PNL_DATABASE_URL='postgresql:///?service=none' run rw-list --period 2025-06
	assert_status 78
	PNL_DATABASE_URL="postgresql://worker:$password@/$db?host=$RW_TEST_SUPERUSER_SOCKET&port=$port" \
		run --separate-stderr rw-list --period 2025-06
	assert_status 0
	POSTGRES_HOST=$RW_TEST_SUPERUSER_SOCKET POSTGRES_PORT=$port \
		POSTGRES_DB=$db POSTGRES_USER=postgres \
		run --separate-stderr rw-list --period 2025-06 --check
	assert_status 0
	assert_output_has "the P&L is in PostgreSQL $db at $RW_TEST_SUPERUSER_SOCKET, pnl_daily: 1 days of 2025-06, the newest finalised one is 2025-06-02"
}

#!/usr/bin/env bats
# rw-list --pnl and --followers: without a database, or with one of the two.

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "lines of followers and of days, in any order" {
	cat >followers <<-'END'
		{"follower_id":"b","email":"b@example.com","commission_pct":12.50,"cc":["x@example.com"],"locale":"pl","x":1}
		{"_id":"a","email":"a@example.com","name":"An\u00e9","enabled":true,"iban":null}
		{"_id":{"$oid":"665f00000000000000000001"},"email":"o@example.com","status":"active"}
		{"follower_id":"off","email":"off@example.com","enabled":false}
	END
	cat >pnl <<-'END'
		{"follower_id":"b","date":"2025-06-03","pnl":"1.5"}
		{"follower_id":"a","date":"2025-06-30","pnl":-0.0001}
		{"follower_id":"b","date":"20250602","pnl":2}
		{"follower_id":"b","date":"2025-05-31","pnl":"9"}
		{"follower_id":"b","date":"2025-07-01","pnl":"9"}
		{"follower_id":"665f00000000000000000001","date":"2025-06-02","pnl":"3"}
	END
	run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers followers
	assert_status 0
	assert_stderr ''
	assert_output '{"follower_id":"665f00000000000000000001","report_period":"2025-06","email":"o@example.com","daily_pnl":{"2025-06-02":"3.00"}}
{"follower_id":"a","report_period":"2025-06","email":"a@example.com","name":"Ané","daily_pnl":{"2025-06-30":"-0.0001"}}
{"follower_id":"b","report_period":"2025-06","email":"b@example.com","commission_pct":"12.50","locale":"pl","cc":["x@example.com"],"daily_pnl":{"2025-06-02":"2.00","2025-06-03":"1.50"}}'
	run --separate-stderr rw-list --period 2025-06 --pnl - --followers followers \
		--follower b <pnl
	assert_equal "$(json .follower_id <<<"$output")" b
	run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers - \
		--follower off <followers
	assert_status 1
	assert_stderr_has 'follower off was asked for and is left out: enabled is false'
	run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers followers --check
	assert_status 0
	assert_output 'the followers are in followers: 3 get a report, 1 are left out
the P&L is in pnl: 4 days of 2025-06, the newest finalised one is 2025-06-30
2025-06 has P&L on 3 days, the newest one is 2025-06-30; 0 of 3 followers have none'
}

@test "CSV with a header" {
	printf 'follower_id;email;name;cc;enabled\r\n"a";a@example.com;"Smith; ""J.""\nand son";x@example.com y@example.com;t\r\nb;b@example.com;;;f\r\n' \
		>followers
	printf 'x,follower_id,trading_date,total_pnl,is_finalized\n,a,2025-06-02,1.5,t\n"1,2",a,2025-06-03,2,f\n' >pnl
	run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers followers
	assert_status 1
	assert_json "$output" '[.name, .cc, .daily_pnl, .error.kind]' \
		'["Smith; \"J.\"\nand son",["x@example.com","y@example.com"],{"2025-06-02":"1.50","2025-06-03":"2.00"},"data"]'
	assert_stderr_has 'pnl of a, 2025-06-03: the platform has not finalised that day'
}

@test "invalid days are an error of their report" {
	printf '{"follower_id":"%s"}\n' a b c d e f >followers
	cat >pnl <<-'END'
		follower_id,date,pnl
		a,2025-06-31,1
		b,2025-06-02,one
		c,2025-06-02,
		d,,1
		e,2025-06-02,1
		e,2025-06-02,2
		f,2025-06-02,1
		f,2025-06-02,1.00
	END
	run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers followers
	assert_status 1
	assert_equal "$(json '[.follower_id, .error.kind]' <<<"$output" | tr '\n' ' ')" \
		'["a","data"] ["b","data"] ["c","data"] ["d","data"] ["e","data"] ["f",null] '
	assert_stderr_has 'pnl of e, 2025-06-02: duplicate day with a different figure: 2.00 instead of 1.00'
}

@test "empty files have no follower and no days" {
	: >none
	printf '{"follower_id":"a"}\n' >followers
	run --separate-stderr rw-list --period 2025-06 --pnl none --followers followers
	assert_status 0
	assert_json "$output" .daily_pnl '{}'
	run --separate-stderr rw-list --period 2025-06 --pnl none --followers none
	assert_status 0
	assert_output ''
}

@test "two followers with one ID: an error, and no report" {
	printf '{"follower_id":"%s"}\n' b a b c b >followers
	echo '{"follower_id":"b","date":"2025-06-02","pnl":1}' >pnl
	run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers followers
	assert_status 1
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'a b c '
	assert_equal "$(json 'select(.error) | .follower_id' <<<"$output")" b
	assert_stderr 'rw-list: error: follower b: duplicate id'
}

@test "an unreadable file gives no list" {
	printf '{"follower_id":"a"}\n' >followers
	try() {
		run --separate-stderr rw-list --period 2025-06 --pnl pnl --followers followers
		assert_status "$1"
		assert_output ''
		assert_stderr_has "$2"
	}
	printf '{"follower_id":"a","date":"2025-06-02","pnl":1}\n{"date":' >pnl
	try 65 'pnl, line 2: '
	printf '{"date":"2025-06-02","pnl":1}\n' >pnl
	try 65 'pnl, line 1: it has no follower_id'
	printf 'id,date,pnl\na,2025-06-02,1\n' >pnl
	try 65 'pnl, line 2: it has no follower_id; expected the columns'
	printf 'follower_id,date,pnl\na,2025-06-02\n' >pnl
	try 65 'pnl, line 2: its number of fields differs'
	printf 'follower_id,date,pnl\n"a,2025-06-02,1\n' >pnl
	try 65 'pnl, line 2: a quote is not closed'
	printf 'follower_id,date,pnl\na,\xff,1\n' >pnl
	try 65 'pnl, line 2: it is not UTF-8'
	printf '{"follower_id":["a"],"date":"2025-06-02","pnl":1}\n' >pnl
	try 65 'pnl, line 1'
	rm pnl
	try 74 'cannot open pnl'
	: >pnl
	printf '{"email":"a"}\n' >followers
	try 65 'followers, line 1: it has no follower_id'
	printf '{"follower_id":"a","cc":{"x":1}}\n' >followers
	try 65 'cc: followers, line 1: an object'
	printf '{"follower_id":"a"}\n{"follower_id"' >followers
	try 65 'followers, line 2: '
	printf 'follower_id\n"a' >followers
	try 65 'followers, line 2: a quote is not closed'
	printf 'follower_id,"a' >followers
	try 65 'followers, line 1: a quote is not closed'
	for i in '--pnl - --followers -' '--pnl - --select -' '--input x --pnl pnl' \
		'--input x --followers f'; do
		# shellcheck disable=SC2086
		run rw-list --period 2025-06 $i
		assert_status 64
	done
}

@test "the days of psql's COPY with the followers of MongoDB" {
	new_platform
	followers "first('f-1'); first('f-2')"
	day f-1 2025-06-02 1.25; day f-2 2025-06-03 -7
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	local expected=$output
	sql "SET datestyle = 'ISO'; COPY pnl_daily TO STDOUT CSV HEADER" >pnl
	unset POSTGRES_HOST POSTGRES_DB
	run --separate-stderr rw-list --period 2025-06 --pnl - <pnl
	assert_status 0
	assert_output "$expected"
	unset MONGO_URI
	printf '{"follower_id":"f-%d"}\n' 1 2 >followers
	POSTGRES_DB=$RW_TEST_PG_DB run --separate-stderr rw-list \
		--period 2025-06 --followers followers
	assert_status 0
	assert_equal "$(json .daily_pnl <<<"$output")" \
		"$(json .daily_pnl <<<"$expected")"
}

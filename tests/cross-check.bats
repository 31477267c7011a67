#!/usr/bin/env bats
# Compares the platform's commission_monthly with the statements.
#
# bats file_tags=plain,long

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com RW_ADMIN_COPY=none
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail
}

# commission FOLLOWER TOTAL PCT AMOUNT [COLUMN=VALUE]...: adds a row for June.
commission() {
	local columns='' values='' more
	for more in "${@:5}"; do
		columns+=", ${more%%=*}" values+=", ${more#*=}"
	done
	sql "INSERT INTO commission_monthly (follower_id, year, month, monthly_pnl,
		commission_pct, commission_amount$columns)
		VALUES ('$1', 2025, 6, $2, $3, $4$values)"
}

# mailed FOLLOWER: prints the number of mails.
mailed() {
	grep -ls "^To:.*$1@example.com" mail/new/* | wc -l
}

list() {
	run --separate-stderr rw-list --period 2025-06 "$@"
}

report() {
	run --separate-stderr rw-report --period 2025-06 "$@"
}

@test "the members of a line come from its row" {
	new_platform
	followers "first('f-1', iban='DE89 3704 0044 0532 0130 00'); first('f-2', currency='USD'); first('f-3'); first('f-4'); first('f-5')"
	day f-1 2025-06-02 100
	commission f-1 100 0.2 20 "follower_iban='de89370400440532013000'" \
		"follower_email='f-1@EXAMPLE.com '" is_paid=true \
		"payment_date='2025-07-03'" "payment_reference='SEPA 1'"
	commission f-2 0 0.125 0 "commission_currency='USD'" "payment_date='2025-07-03'"
	commission stranger 5 0.2 1
	sql "ALTER TABLE commission_monthly ALTER monthly_pnl DROP NOT NULL,
			ALTER commission_amount DROP NOT NULL, ALTER commission_pct DROP NOT NULL;
		INSERT INTO commission_monthly (follower_id, year, month) VALUES ('f-3', 2025, 6);
		INSERT INTO commission_monthly (follower_id, year, month, monthly_pnl)
			VALUES ('f-4', 2025, 5, 1), ('f-4', 2024, 6, 1)"
	list --counts counts
	assert_status 0
	json 'del(.daily_pnl, .report_period, .email, .iban, .commission_pct)' <<<"$output" >got
	cat >expected <<-'END'
		{"follower_id":"f-1","expected_total_pnl":"100.00","expected_commission":"20.00","expected_commission_pct":"20","commission_paid_on":"2025-07-03","commission_reference":"SEPA 1","currency":"EUR"}
		{"follower_id":"f-2","currency":"USD","expected_total_pnl":"0.00","expected_commission":"0.00","expected_commission_pct":"12.5"}
		{"follower_id":"f-3","currency":"EUR"}
		{"follower_id":"f-4"}
		{"follower_id":"f-5"}
	END
	diff got expected
	assert_json "$(cat counts)" '[.commissions, .differing]' '[4,0]'
	list --follower f-2
	assert_equal "$(json .expected_commission_pct <<<"$output")" 12.5
	list --check
	assert_output_has 'commission_monthly has 4 rows of 2025-06'
	RW_COMMISSION_CHECK=off list
	assert_status 0
	assert_output_lacks expected_
	RW_COMMISSION_CHECK=perhaps list
	assert_status 78
}

@test "currency, IBAN, address and a second row are differences of that report" {
	new_platform
	followers "first('f-1'); first('f-2', currency='USD'); first('f-3'); first('f-4'); first('f-5'); first('f-6')"
	commission f-1 0 0.2 0 "follower_iban='FR1420041010050500013M02606'"
	commission f-2 0 0.2 0
	commission f-3 0 0.2 0 "follower_email='F-3@example.com'"
	commission f-4 0 0.2 0
	commission f-4 1 0.2 0.2
	commission f-5 0 0.2 0
	commission f-5 0 0.2 0
	sql "ALTER TABLE commission_monthly ALTER monthly_pnl TYPE numeric"
	commission f-6 "'NaN'" 0.2 0
	list
	assert_status 1
	json 'select(.error) | [.follower_id, .error.tool, .error.kind, (.error.message | sub("NaN. is .*"; "NaN"))]' <<<"$output" >got
	cat >expected <<-'END'
		["f-1","rw-list","data","commission_monthly of f-1: iban is DE89...3000, and follower_iban is FR14...2606"]
		["f-2","rw-list","data","commission_monthly of f-2: currency is USD, and commission_currency is EUR"]
		["f-3","rw-list","data","commission_monthly of f-3: email is f-3@example.com, and follower_email is F-3@example.com"]
		["f-4","rw-list","data","commission_monthly of f-4: there are different rows of that month (monthly_pnl 0.00 and 1.00)"]
		["f-6","rw-list","data","commission_monthly of f-6: monthly_pnl: \"NaN"]
	END
	diff got expected
	assert_stderr_has 'rw-list: error: commission_monthly of f-2: currency is USD'
	list --follower f-1 --follower f-4 --accept
	assert_status 0
	assert_output_lacks error
	assert_stderr_has 'rw-list: warning: commission_monthly of f-1, accepted: iban is DE89...3000'
	printf 'f-2\n' | list --select - --accept
	assert_status 0
	list --accept
	assert_status 64
}

@test "a row whose follower_id has blanks around it is named" {
	new_platform
	followers "first('f-1'), first('f-2'), first('f-3'), first('f-4')"
	commission f-1 0 0.2 0
	commission ' f-2' 1 0.2 0.2
	commission $'f-3\u2003' 1 0.2 0.2
	commission f-4 0 0.2 0
	commission $'f-4\t' 0 0.2 0
	list
	assert_status 1
	json 'select(.error) | [.follower_id, .error.tool, .error.kind, .error.message]' \
		<<<"$output" >got
	cat >expected <<-'END'
		["f-2","rw-list","data","commission_monthly of f-2: follower_id is \" f-2\": expected it without blanks around it"]
		["f-3","rw-list","data","commission_monthly of f-3: follower_id is \"f-3\u2003\": expected it without blanks around it"]
		["f-4","rw-list","data","commission_monthly of f-4: follower_id is \"f-4\t\": expected it without blanks around it"]
	END
	sed -i 's/\\u2003/\xe2\x80\x83/' expected
	diff got expected
	list --follower f-3
	assert_status 1
	assert_output_has 'commission_monthly of f-3: follower_id is'
}

@test "a table that is missing or not readable: 78" {
	new_platform
	followers "first('f-1')"
	sql 'REVOKE SELECT ON commission_monthly FROM worker'
	list
	assert_status 78
	assert_output ''
	assert_stderr_has 'cannot read commission_monthly: permission denied for table commission_monthly (rw-list --print-grants prints the rights that it needs); RW_COMMISSION_CHECK=off skips that table'
	run rw-list --print-grants
	grep commission_monthly <<<"$output" | sed 's/report_worker/worker/' >grant
	sql "$(cat grant)"
	list
	assert_status 0
	sql 'DROP TABLE commission_monthly'
	list
	assert_status 78
	assert_stderr_has 'relation "commission_monthly" does not exist'
	RW_COMMISSION_CHECK=off list
	assert_status 0
}

@test "a difference withholds one statement until the platform or an operator decides" {
	new_platform
	followers "first('f-1'); first('f-2'); first('f-3'); first('f-4')"
	for f in f-1 f-2 f-3 f-4; do
		day $f 2025-06-02 100
	done
	commission f-1 100 0.2 20
	commission f-2 90.5 0.2 18.1
	commission f-3 100 0.25 25
	commission f-4 100 0.2 20 "follower_email='old@example.com'"
	rw-record --init
	report --json
	assert_status 1
	assert_json "$output" '[.due, .sent, .failed]' '[4,1,3]'
	assert_stderr_has 'expected_total_pnl is 90.50 EUR, and the days add up to 100.00'
	assert_stderr_has 'expected_commission is 25.00 EUR, and the commission comes to 20.00 (expected_commission_pct is 25, and commission_pct 20)'
	assert_stderr_has 'email is f-4@example.com, and follower_email is old@example.com'
	assert_equal "$(rw-status --period 2025-06 --json 2>/dev/null |
		json '[.follower_id, .state, (.last_error // "" | .[:30])]' | sort | tr -d '\n')" \
		'["f-1","sent",""]["f-2","failed","rw-gen: expected_total_pnl is "]["f-3","failed","rw-gen: expected_commission is"]["f-4","failed","rw-list: commission_monthly of"]'
	assert_equal "$(cat "$RW_STATE_DIR"/runs/*/done |
		json 'select(.error) | [.follower_id, .error.tool, .error.kind]' | sort | tr -d '\n')" \
		'["f-2","rw-gen","data"]["f-3","rw-gen","data"]["f-4","rw-list","data"]'
	# Neither a second run nor --again sends the statement.
	report
	assert_status 1
	report --follower f-2 --again
	assert_status 1
	assert_equal "$(mailed f-1)$(mailed f-2)$(mailed f-3)$(mailed f-4)" 1000
	# The platform corrects its row.
	sql "UPDATE commission_monthly SET monthly_pnl = 100, commission_amount = 20
		WHERE follower_id = 'f-2'"
	report
	assert_status 1
	assert_equal "$(mailed f-1)$(mailed f-2)$(mailed f-3)$(mailed f-4)" 1100
	# The operator has checked the other statements.
	report --accept
	assert_status 64
	assert_stderr_has '--accept requires --follower or --select'
	report --follower f-3 --accept
	assert_status 0
	rw-status --period 2025-06 --failed --json >failed
	report --select failed --accept
	assert_status 0
	assert_equal "$(mailed f-1)$(mailed f-2)$(mailed f-3)$(mailed f-4)" 1111
	# A sent statement follows the usual rules: no second mail by itself.
	sql "UPDATE commission_monthly SET monthly_pnl = 1 WHERE follower_id = 'f-1'"
	report --follower f-1
	assert_status 0
	report --follower f-1 --again
	assert_status 1
	report --follower f-1 --revise
	assert_status 1
	assert_equal "$(mailed f-1)" 1
	report --follower f-1 --revise --accept
	assert_status 0
	assert_equal "$(mailed f-1)" 2
	# The next month is not affected.
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT 'f-' || i, '2025-07-01', 10, true FROM generate_series(1, 4) i;
		INSERT INTO commission_monthly (follower_id, year, month, monthly_pnl,
			commission_pct, commission_amount) VALUES ('f-3', 2025, 7, 10, 0.2, 2)"
	run --separate-stderr rw-report --period 2025-07
	assert_status 0
	assert_equal "$(mailed f-3)" 2
}

@test "records of a file are compared with their own expected figures" {
	new_platform
	rw-record --init
	echo '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","commission_pct":20,"expected_total_pnl":"3","daily_pnl":{"2025-06-02":"1"}}' >due
	report --input due
	assert_status 1
	assert_stderr_has 'expected_total_pnl is 3.00 EUR, and the days add up to 1.00'
	RW_COMMISSION_CHECK=off report --input due --dry-run
	assert_status 0
	report --input due --follower f-1 --accept
	assert_status 0
	assert_equal "$(mailed f-1)" 1
}

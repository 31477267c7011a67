#!/usr/bin/env bats
# The platform's month, end to end: followers in MongoDB, P&L in PostgreSQL, a
# store, a mail server, the ledger in MongoDB as the Python system left it.
#
# bats file_tags=plain,long

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com RW_ADMIN_COPY=none
	export DEFAULT_COMMISSION_PERCENTAGE=20
}

# fill_month: f-1 and f-2 in the first form, ObjectIds in the second, with 21
# days each; disabled followers; f-4 with a day that is not finalised; f-5 with
# two totals for one day.
fill_month() {
	followers "
first('f-1'); first('f-2', state='MANUAL_INTERVENTION', commission_pct=12.5)
first('f-3', enabled=False, state='DISABLED'); first('f-4'); first('f-5')
second('665f00000000000000000001'); second('665f00000000000000000003')
second('665f00000000000000000002', status='pending')"
	platform_day 2025-06-02 123456
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl,
			opening_balance, closing_balance, is_finalized)
		SELECT f, d, round((sin(extract(doy FROM d) * length(f)) * 997.1234)::numeric, 4),
			50000, 50100, true
		FROM unnest(ARRAY['f-1', 'f-2', 'f-4', 'f-5', 'stranger',
			'665f00000000000000000001', '665f00000000000000000003']) f,
			generate_series('2025-06-02'::date, '2025-06-30', '1 day') d
		WHERE extract(isodow FROM d) < 6;
		INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT follower_id, trading_date, total_pnl, true FROM pnl_daily
		WHERE trading_date = '2025-06-16' AND follower_id = 'f-1';
		INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		VALUES ('f-5', '2025-06-16', 1, true);
		UPDATE pnl_daily SET is_finalized = false
		WHERE follower_id = 'f-4' AND trading_date = '2025-06-30'"
}

# mailed: prints the recipients of the mails.
mailed() {
	"$PYTHON" "$ROOT/tests/read_mail.py" mail/new | jq -r .to | sort | tr '\n' ' '
}

# sums: prints FOLLOWER PNL COMMISSION of the lines of a run.
sums() {
	# jq 1.7 would print "1.50" as it is.
	json 'select(.total_pnl) | [.follower_id, (.total_pnl | tonumber + 0),
		(.commission_amount | tonumber + 0)] | join(" ")' "$1"
}

@test "the month of the platform: the figures equal SQL's, and unsent followers are named" {
	new_platform
	need_server "${RW_TEST_STORE:-radosgw}"
	new_bucket >/dev/null
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail
	fill_month
	rw-record --init
	# The Python system sent one already.
	followers "
db.report_sent.insert_one({'follower_id': '665f00000000000000000001',
    'report_period': '2025-06', 'email_sent': True,
    'sent_timestamp': datetime(2025, 7, 1), 'pdf_url': 'p', 'excel_url': 'e',
    'minio_upload': True})"
	run --separate-stderr rw-report --period 2025-06 --json
	assert_status 1
	assert_json "$output" '[.due, .without_follower, .sent, .failed, .already_sent]' \
		'[6,1,3,2,1]'
	assert_stderr_has 'pnl_daily has days of stranger, who is not among the followers'
	assert_stderr_has 'pnl_daily of f-4, 2025-06-30: the platform has not finalised that day'
	assert_stderr_has 'pnl_daily of f-5, 2025-06-16: duplicate day with a different figure'
	assert_equal "$(mailed)" '0003@example.com f-1@example.com f-2@example.com '
	# Further runs send no second mail.
	run --separate-stderr rw-report --period 2025-06
	assert_status 1
	assert_equal "$(mailed)" '0003@example.com f-1@example.com f-2@example.com '
	assert_equal "$(rw-status --period 2025-06 --json 2>/dev/null |
		json '[.follower_id, .state]' | sort | tr -d '\n')" \
		'["665f00000000000000000001","sent"]["665f00000000000000000003","sent"]["f-1","sent"]["f-2","sent"]["f-4","failed"]["f-5","failed"]'
	# The operator has checked one of the two.
	run --separate-stderr rw-report --period 2025-06 --follower f-4 --accept
	assert_status 0
	assert_equal "$(mailed)" '0003@example.com f-1@example.com f-2@example.com f-4@example.com '
	run --separate-stderr rw-report --period 2025-06 --follower f-5 --accept
	assert_status 1
	# The data of the other report is corrected.
	sql "DELETE FROM pnl_daily WHERE follower_id = 'f-5' AND total_pnl = 1"
	run --separate-stderr rw-report --period 2025-06 --keep --verbose
	assert_status 1 # f-4 is still not finalised for the platform
	assert_equal "$(mailed)" '0003@example.com f-1@example.com f-2@example.com f-4@example.com f-5@example.com '
	cat "$RW_STATE_DIR"/runs/*/done >done
	sums done | sort -u >got
	sql "SELECT follower_id || ' ' || trim_scale(sum(total_pnl)) || ' ' ||
			trim_scale(greatest(0, round(sum(total_pnl) * CASE follower_id
			WHEN 'f-2' THEN 0.125 ELSE 0.2 END, 2)))
		FROM (SELECT DISTINCT follower_id, trading_date, total_pnl FROM pnl_daily
			WHERE trading_date BETWEEN '2025-06-01' AND '2025-06-30') d
		WHERE follower_id IN ('f-1', 'f-2', 'f-4', 'f-5', '665f00000000000000000003')
		GROUP BY follower_id ORDER BY 1" >expected
	assert_lines 5 expected
	cmp got expected
}

@test "the same with MinIO and Postfix" {
	new_platform
	need_server minio
	new_bucket >/dev/null
	need_server postfix
	local id
	id=$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	followers "
first('$id-1'); first('$id-2')"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT '$id-' || f, '2025-06-01'::date + d, f * 10.25 - d, true
		FROM generate_series(1, 2) f, generate_series(1, 20) d"
	rw-record --init
	run --separate-stderr rw-report --check
	assert_status 0
	assert_output_has "PostgreSQL $POSTGRES_DB at 127.0.0.1"
	run --separate-stderr rw-report --period 2025-06
	assert_status 0
	delivered() {
		[ "$(grep -lr "^Delivered-To: $id-[12]@example.com" "$POSTFIX_MAILDIR" | wc -l)" = 2 ]
	}
	wait_for 30 delivered
	assert_equal "$(cat "$RW_STATE_DIR"/runs/*/done | json '[.total_pnl, .delivery]' | sort | tr -d '\n')" \
		'["-5.00","links"]["200.00","links"]'
}

@test "rw-status --failed --json | rw-report --select - sends each report in its own month" {
	new_platform
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail
	rw-record --init
	followers "first('f-1', email=''); first('f-2'); first('f-3')"
	local month id
	for month in 2025-04 2025-05 2025-06; do
		for id in f-1 f-2 f-3; do
			day "$id" "$month-03" 100
		done
		rw-report --period "$month" --quiet 2>/dev/null || true
	done
	assert_equal "$(rw-status --failed --json | json .report_period | tr '\n' ' ')" \
		'2025-04 2025-05 2025-06 '
	followers "db.followers.update_one({'_id': 'f-1'}, {'\$set': {'email': 'f-1@example.com'}})"
	rm -r mail/new
	rw-status --failed --json |
		jq -c 'select(.report_period != "2025-05")' >chosen
	run --separate-stderr rw-report --select - --json <chosen
	assert_status 0
	assert_json "$output" '[.period,.due,.sent]' '[null,2,2]'
	assert_json "$output" '[.behind[] | .period]' '["2025-05"]'
	assert_equal "$(rw-status --follower f-1 --json | jq -r .state | tr '\n' ' ')" \
		'sent failed sent '
	run --separate-stderr rw-report --select - --json \
		< <(rw-status --failed --json)
	assert_status 0
	assert_json "$output" '[.period,.due,.sent]' '["2025-05",1,1]'
	assert_equal "$(mailed)" 'f-1@example.com f-1@example.com f-1@example.com '
	# A plain id is of the last complete month.
	run --separate-stderr rw-list --select - <<<f-2
	assert_json "$output" .follower_id f-2
}

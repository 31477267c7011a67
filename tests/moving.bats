#!/usr/bin/env bats
# Executes the commands of docs/moving-from-the-python-system.md, in their
# order, on servers that have the same data as the platform and its Python
# system.
#
# bats file_tags=plain,long

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Writes each block of commands to a separate file, and replaces the paths and
# IDs of the document by those of this test.
take_blocks() {
	awk '/^```sh$/ { n++; inside = 1; next } /^```$/ { inside = 0 }
		inside { print >("block." n) }' \
		"$ROOT/docs/moving-from-the-python-system.md"
	sed -i "s|/opt/spreadpilot/.env|$PWD/old.env|; s|/var/lib/report-worker|$PWD/state|
		s|--follower f-|--follower $id-|" block.*
	blocks=0
}

# next_block EXPECTED: runs the next block, which must begin with these words.
# Its commands get their settings only from the settings file.
next_block() {
	blocks=$((blocks + 1))
	assert_file_has "block.$blocks" "$1"
	run --separate-stderr env -i PATH="$PATH" HOME="$PWD" \
		RW_ENV_FILE=/dev/null sh "block.$blocks"
}

# The old system's .env.
write_env() {
	cat >old.env <<-END
		# SpreadPilot
		PNL_DATABASE_URL="postgresql+asyncpg://$POSTGRES_USER:$POSTGRES_PASSWORD@$POSTGRES_HOST:$POSTGRES_PORT/$POSTGRES_DB?ssl=prefer"
		MONGO_URI=$MONGO_URI
		MONGO_DB_NAME=$MONGO_DB_NAME
		MINIO_ENDPOINT_URL=$MINIO_ENDPOINT_URL
		MINIO_ACCESS_KEY=$MINIO_ACCESS_KEY
		MINIO_SECRET_KEY=$MINIO_SECRET_KEY
		MINIO_BUCKET_NAME=$MINIO_BUCKET_NAME
		MINIO_REGION=us-east-1
		MINIO_SECURE=false
		SMTP_HOST=$SMTP_HOST
		SMTP_PORT=$SMTP_PORT
		SMTP_TLS=false
		REPORT_SENDER_EMAIL=reports@example.com
		ADMIN_EMAIL=$id-admin@example.com
		DEFAULT_COMMISSION_PERCENTAGE=20
		IB_GATEWAY_HOST=ib.example.com
	END
}

# Two months of 21 days each, for three followers of the first form and one of
# the second, and the platform's commissions, which are wrong for f-3.
fill() {
	followers "
for n in (1, 2, 3): first('$id-%d' % n, commission_pct=10.0 * n)
first('$id-4', enabled=False, state='DISABLED')
second('${id}000000000000', email='$id-5@example.com')
for n in (1, 2): db.report_sent.insert_one({'follower_id': '$id-%d' % n,
    'report_period': '2025-06', 'email_sent': True,
    'sent_timestamp': datetime(2025, 7, 1), 'pdf_url': 'p', 'excel_url': 'e',
    'minio_upload': True})"
	platform_day 2025-06-02 123456
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT f, d, round((cos(extract(doy FROM d) * length(f)) * 997.1234 + 50)::numeric, 4), true
		FROM unnest(ARRAY['$id-1', '$id-2', '$id-3', '${id}000000000000']) f,
			generate_series('2025-06-02'::date, '2025-07-31', '1 day') d
		WHERE extract(isodow FROM d) < 6;
		INSERT INTO commission_monthly (follower_id, year, month, monthly_pnl,
			commission_pct, commission_amount, follower_iban, follower_email)
		SELECT follower_id, 2025, extract(month FROM trading_date), sum(total_pnl), pct,
			greatest(0, sum(total_pnl) * pct), 'DE89370400440532013000',
			right(follower_id, 0) || CASE WHEN follower_id LIKE '%-_' THEN follower_id
				ELSE '$id-5' END || '@example.com'
		FROM pnl_daily, LATERAL (SELECT CASE right(follower_id, 2)
			WHEN '-1' THEN 0.1 WHEN '-3' THEN 0.3 ELSE 0.2 END) p (pct)
		GROUP BY follower_id, 3, pct;
		UPDATE commission_monthly SET monthly_pnl = monthly_pnl + 1
		WHERE follower_id = '$id-3'"
}

# mailed FOLLOWER MONTH: prints the number of delivered mails of this month.
mailed() {
	{ grep -ls "^Delivered-To: $id-$1@example.com" -r "$POSTFIX_MAILDIR" || true; } |
		xargs -r grep -l "^Message-ID: .*$2" | wc -l
}

all_mailed() {
	[ "$(mailed 1 "$1")$(mailed 2 "$1")$(mailed 3 "$1")$(mailed 5 "$1")" = "$2" ]
}

# sums MONTH: prints the sums of every follower, computed by SQL.
sums() {
	sql "SELECT follower_id || ' ' || round(sum(total_pnl), 2) || ' ' ||
			round(greatest(0, sum(total_pnl) * CASE right(follower_id, 2)
			WHEN '-1' THEN 0.1 WHEN '-3' THEN 0.3 ELSE 0.2 END), 2)
		FROM pnl_daily WHERE to_char(trading_date, 'YYYY-MM') = '$1'
		GROUP BY follower_id ORDER BY follower_id COLLATE \"C\""
}

# figures FILE: prints the sums of lines in the same format.
figures() {
	jq -r 'select(.total_pnl) | [.follower_id, .total_pnl, .commission_amount] | @tsv' "$1" |
		LC_ALL=C sort -u | while read -r one total amount; do
		printf '%s %.2f %s\n' "$one" "$total" "$amount"
	done
}

@test "the document's commands move the platform to rw-report" {
	new_platform
	need_server "${RW_TEST_MOVE_STORE:-minio}"
	new_bucket >/dev/null
	need_server postfix
	id=$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	fill
	write_env
	take_blocks

	next_block 'cp '
	assert_status 0
	next_block --print-grants
	assert_status 0
	grep -q 'ON public.commission_monthly' grants.sql
	next_block --init
	assert_status 0
	assert_output_has '84 days of 2025-06, the newest finalised one is 2025-06-30'
	assert_output_has 'commission_monthly has 4 rows of 2025-06'
	assert_output_has '4 get a report, 1 are left out'

	next_block rw-gen
	assert_status 1
	assert_stderr_has "rw-gen: error: $id-3 2025-06: expected_total_pnl is "
	sums 2025-06 | grep -v "^$id-3 " >expected
	figures figures.jsonl >got
	diff got expected
	next_block 'select(.error)'
	assert_status 0
	assert_equal "${#lines[@]}" 1
	assert_output_has "$id-3: expected_total_pnl is "
	next_block @tsv
	assert_equal "${#lines[@]}" 4

	# The month that the Python system has partly sent.
	next_block --dry-run
	assert_status 1
	assert_stderr_has '2 sent before'
	all_mailed 2025-06 0000
	next_block '2025-06'
	assert_status 1
	wait_for 30 all_mailed 2025-06 0001
	next_block rw-status
	assert_status 0
	assert_output_has "$id-3"

	# The first month of rw-report.
	next_block "--follower $id-1"
	assert_status 1
	wait_for 30 all_mailed 2025-07 1101
	next_block --accept
	assert_status 0
	wait_for 30 all_mailed 2025-07 1111
	cat state/runs/*/done >done
	assert_equal "$(json 'select(.sent_timestamp and .report_period == "2025-07") | .delivery' done |
		sort | uniq -c | tr -d ' ')" 4links
	jq -c 'select(.report_period == "2025-07")' done >july
	figures july >got
	sums 2025-07 >expected
	diff got expected
	# All blocks were executed.
	refute test -e "block.$((blocks + 1))"
}

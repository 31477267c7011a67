# rw-report (report_helpers.bash): the reports that are due, the settings, the
# examples, and the style of the script. Other rules are in report-*.bats.

load report_helpers

# ---- reports that are due --------------------------------------------------

@test "without --input rw-list is called with the selection" {
	stub list 'printf "{\"follower_id\":\"f-1\"}\n"'
	run --separate-stderr dash "$bin/rw-report" --period 2025-03 \
		--follower f-1 --follower=f-2 --shard 2/3 --select - \
		<<<'{"follower_id":"f-9"}'
	assert_status 0
	run grep ^list "$calls"
	assert_output "list --period 2025-03 --shard 2/3 --follower f-1 --follower f-2 --gates $(last_run)/list.gates --select $(last_run)/select --counts $(last_run)/list.counts"
	assert_file_has "$(last_run)/select" f-9
	assert_lines 1 "$(last_run)/done"
}

@test "--accept is passed to rw-list, only with --follower" {
	stub list 'printf "{\"follower_id\":\"f-1\"}\n"'
	run --separate-stderr dash "$bin/rw-report" --period 2025-03 --accept
	assert_status 64
	assert_stderr_has '--accept requires --follower'
	run --separate-stderr dash "$bin/rw-report" --period 2025-03 --accept \
		--follower f-1
	assert_status 0
	run grep ^list "$calls"
	assert_output_has '--follower f-1 --accept'
}

@test "P&L without a follower is counted in the summary and the metrics" {
	stub list 'while [ "$1" != --counts ]; do shift; done
		echo "{\"due\":1,\"without_follower\":3,\"days\":9}" >"$2"
		printf "{\"follower_id\":\"f-1\"}\n"'
	RW_METRICS_FILE=$BATS_TEST_TMPDIR/prom run --separate-stderr \
		dash "$bin/rw-report" --period 2025-03 --json
	assert_status 0
	assert_json "$output" .without_follower 3
	assert_file_has "$BATS_TEST_TMPDIR/prom" 'report_worker_without_follower 3'
}

@test "rw-list with an unreachable database: 69, nobody is mailed" {
	stub list 'echo "rw-list: error: cannot reach db" >&2; exit 69'
	run --separate-stderr dash "$bin/rw-report" --period 2025-03
	assert_status 69
	assert_stderr_has 'rw-list ended with status 69; nobody was mailed'
	assert_stderr_has 'rw-list: error: cannot reach db'
	refute called lookup
}

# month_at UTC-TIME [ZONE]: prints the month that rw-list gets.
month_at() {
	: >"$calls"
	stub list 'echo "{}"'
	ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$BUILD/clock.so \
		RW_TEST_CLOCK=@$(date -ud "$1" +%s) \
		MARKET_CLOSE_TIMEZONE=${2-} dash "$bin/rw-report" ||
		fail "rw-report failed at $1"
	sed -n 's/^list --period \([0-9-]*\).*/\1/p' "$calls"
}

@test "the default month is the last complete month in New York" {
	local at expected
	# The turn of a month and of a year, in summer and in winter time; the
	# days on which the clocks change; a month with a leading zero.
	while read -r at expected; do
		assert_equal "$(month_at "$at")" "$expected" "at $at"
	done <<-'TIMES'
		2025-07-01T03:59:59 2025-05
		2025-07-01T04:00:00 2025-06
		2026-01-01T04:59:59 2025-11
		2026-01-01T05:00:00 2025-12
		2025-03-01T04:59:59 2025-01
		2025-03-01T05:00:00 2025-02
		2025-03-09T07:00:00 2025-02
		2025-11-02T06:30:00 2025-10
		2025-11-01T03:59:59 2025-09
		2025-11-01T04:00:00 2025-10
		2025-09-15T12:00:00 2025-08
		2025-10-15T12:00:00 2025-09
	TIMES
	assert_equal "$(month_at '2025-06-30 21:00:00' Europe/Berlin)" 2025-05
	assert_equal "$(month_at '2025-06-30 22:00:00' Europe/Berlin)" 2025-06
}

@test "an unknown time zone is a configuration error, not UTC" {
	for zone in Amercia/New_York ../zoneinfo/UTC /etc/localtime ''; do
		MARKET_CLOSE_TIMEZONE=$zone run --separate-stderr \
			dash "$bin/rw-report" --check
		[ -n "$zone" ] || { assert_status 0; continue; }
		assert_status 78
		assert_stderr_has "time zone \"$zone\""
		assert_stderr_has 'rw-list ended with status 78'
	done
}

# ---- settings --------------------------------------------------------------

@test "--env: quotes, comments, export, and nothing is executed" {
	cat >"$BATS_TEST_TMPDIR/.env" <<-'ENV'
		# settings
		MINIO_BUCKET_NAME=plain value  # comment
		export MINIO_ACCESS_KEY='single # "x" $HOME'  # comment
		MINIO_SECRET_KEY="d \"q\" \\ \$HOME `touch pwned` $(touch pwned)"
		  SMTP_USER = around
		SMTP_PASSWORD=it's#so
		SMTP_HOST=
		ADMIN_EMAIL=file
		https_proxy=http://127.0.0.1:9
	ENV
	printf 'MONGO_DB_NAME="a\\nb"\r\nRW_BRAND=last' >>"$BATS_TEST_TMPDIR/.env"
	stub gen 'env >"$calls.env"; exec cat'
	cd "$BATS_TEST_TMPDIR"
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		ADMIN_EMAIL=environment report --env .env
		assert_status 0
		assert_equal "$(grep -E '^(MINIO|SMTP|ADMIN|MONGO|https|RW_BRAND|b)' \
			"$calls.env" | sort)" 'ADMIN_EMAIL=environment
MINIO_ACCESS_KEY=single # "x" $HOME
MINIO_BUCKET_NAME=plain value
MINIO_SECRET_KEY=d "q" \ \$HOME `touch pwned` $(touch pwned)
MONGO_DB_NAME=a
RW_BRAND=last
SMTP_HOST=
SMTP_PASSWORD=it'\''s#so
SMTP_USER=around
b
https_proxy=http://127.0.0.1:9'
		[ ! -e pwned ]
	done
}

@test "--env: a malformed line is named, without its value" {
	local line
	for line in 'FOO BAR=1' "X='a" 'X="a' "X='a'b" 'X="a\"' =x; do
		printf 'A=1\nMINIO_SECRET_KEY=hunter2\n%s\n' "$line" \
			>"$BATS_TEST_TMPDIR/.env"
		report --env "$BATS_TEST_TMPDIR/.env"
		assert_status 78
		assert_stderr_has "$BATS_TEST_TMPDIR/.env, line 3: "
		assert_stderr_lacks hunter2
	done
	report --env /nonexistent
	assert_status 78
}

@test "--check asks every tool, and ends with the worst status" {
	stub record '' # made below: --check reads nothing
	printf '#!/bin/sh\necho "record $*" >>"$calls"\necho "ledger: fine"\n' \
		>"$bin/rw-record"
	stub put 'echo "rw-put: error: no bucket" >&2; exit 69'
	stub presign 'exit 78'
	run --separate-stderr dash "$bin/rw-report" --check
	assert_status 78
	assert_output "ok    state: $RW_STATE_DIR
ledger: fine"
	assert_stderr_has 'rw-put: error: no bucket'
	for tool in list record gen put presign verify mail; do
		grep -qxE "$tool --check( --period [0-9-]+ --gates /dev/null)?" "$calls" || fail "$tool was not asked"
	done
	assert_equal "$(ls "$RW_STATE_DIR" 2>/dev/null)" ''
}

@test "--dry-run reaches every tool and touches no metrics" {
	stub mail 'echo "rw-mail: f-1 2025-06: would send links to f@x, 9 bytes" >&2; echo "dry $DRY_RUN_MODE" >>"$calls"
		'"$(outcome '"tool":"rw-mail","would_send":1')"'
		exec sed "s/}/,\"state\":\"rehearsed\"}/"'
	RW_METRICS_FILE=$BATS_TEST_TMPDIR/metrics report --dry-run
	assert_status 0
	called dry
	assert_stderr_has 'rw-mail: f-1 2025-06: would send'
	assert_output_has '5 due, 0 sent before, 1 would be mailed, '
	[ ! -e "$BATS_TEST_TMPDIR/metrics" ]
	run grep '^status' "$calls"
	assert_lines 1 <(echo "$output")
	assert_output_has 'status --shell --behind '
	refute called note-run
}

@test "--dry-run does not change files in the directory of the reports" {
	stub gen 'while [ "$1" != --out ]; do shift; done
	echo "out $2" >>"$calls"; exec cat'
	stub mail 'exec sed "s/}/,\"state\":\"rehearsed\"}/"'
	report --dry-run --out "$BATS_TEST_TMPDIR/o o"
	assert_status 0
	assert_file_has "$calls" "out $RW_STATE_DIR/runs/"
	report --dry-run --keep
	refute grep -q "out $RW_STATE_DIR/reports" "$calls"
}

@test "DRY_RUN_MODE has the same meaning as for the tools" {
	local word
	stub mail 'echo "dry $DRY_RUN_MODE" >>"$calls"; exec cat'
	for word in OFF No nO False 0; do
		: >"$calls"
		DRY_RUN_MODE=$word report
		assert_status 0
		assert_file_has "$calls" "dry $word"
		called status || fail "$word: taken for a dry run"
	done
	for word in ON Yes TRUE 1; do
		: >"$calls"
		DRY_RUN_MODE=$word report
		assert_file_has "$calls" 'dry true'
	done
	: >"$calls"
	DRY_RUN_MODE=perhaps report
	assert_status 78
	assert_stderr_has 'DRY_RUN_MODE'
	refute called mail
}

# ---- the examples ----------------------------------------------------------

@test "examples: the settings are read, the units and the rotation are valid" {
	# Files in directories that this host may not have.
	export RW_LOG_FILE=$BATS_TEST_TMPDIR/log
	export RW_METRICS_FILE=$BATS_TEST_TMPDIR/prom
	RW_STATE_DIR=$BATS_TEST_TMPDIR/s report --check \
		--env "$ROOT/examples/report-worker.env"
	assert_status 0
	if command -v systemd-analyze >/dev/null; then
		for unit in "$ROOT"/examples/*.service "$ROOT"/examples/*.timer; do
			sed 's|^ExecStart=/usr/local/bin/.*|ExecStart=/bin/true|' \
				"$unit" >"$BATS_TEST_TMPDIR/${unit##*/}"
		done
		run systemd-analyze verify --man=no \
			"$BATS_TEST_TMPDIR"/report-worker*.{service,timer}
		assert_output ''
		assert_status 0
	fi
	# Only the timers start at boot.
	run grep -l '^\[Install\]' "$ROOT"/examples/*.service
	assert_output ''
	if command -v logrotate >/dev/null; then
		sed 's/report-worker adm/root root/' \
			"$ROOT/examples/report-worker.logrotate" \
			>"$BATS_TEST_TMPDIR/logrotate"
		run logrotate -d -s "$BATS_TEST_TMPDIR/rotated" \
			"$BATS_TEST_TMPDIR/logrotate"
		assert_output_lacks 'error:'
	fi
	# rw-report accepts each command of the crontab.
	grep -o 'rw-report .*' "$ROOT/examples/crontab" |
		while read -r _ words; do
			# shellcheck disable=SC2086
			set -- ${words/\/etc\/report-worker/$ROOT\/examples}
			stub list 'echo "{}"'
			dash "$bin/rw-report" "$@" || fail "$words"
		done
}

# ---- style -----------------------------------------------------------------

@test "shellcheck finds nothing" {
	need_command shellcheck
	run shellcheck -s sh "$ROOT/scripts/rw-report" "$ROOT/scripts/demo" \
		"$ROOT/examples/pipeline.sh"
	assert_status 0
}

@test "--help explains exactly the options that the page describes" {
	local told described
	run dash "$bin/rw-report" -h
	assert_status 0
	told=$output
	run dash "$bin/rw-report" --help
	assert_status 0
	assert_equal "$output" "$told"
	told=$(sed -nE 's/^  (--[a-z-]+)( [^ ]+)? +[^ ].*/\1/p' <<<"$output" | sort -u)
	described=$(sed -n 's/^\.It Fl -\([a-z-]*\).*/--\1/p' \
		"$ROOT/man/rw-report.1" | sort -u)
	assert_equal "$told" "$described"
	assert_equal "$(awk 'length > 80' <<<"$output")" ''
}

@test "--version names the script and each tool" {
	local version tool
	version=$("$BUILD/rw-run" --version)
	run env RW_BUILD="$BUILD" dash "$ROOT/scripts/rw-report" --version
	assert_status 0
	assert_equal "${lines[0]}" "rw-report ${version#* }"
	for tool in list record gen put presign verify mail status splice relay \
		outcome env run bucket secrets; do
		assert_output_has "rw-$tool ${version#* }"
	done
}

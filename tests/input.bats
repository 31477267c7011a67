#!/usr/bin/env bats
# The message about wrong input has the remedy.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail
	unset RW_LOG_FILE
	line 1 >due
}

line() { # N
	printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"1"}}\n' \
		"$1" "$1"
}

tool() {
	run --separate-stderr "$@"
}

# said N: expects this number of lines on stderr.
said() {
	assert_equal "$(wc -l <<<"$stderr")" "$1" 'lines on stderr'
}

readonly several='this JSON object is on several lines: expected one object on each line; jq -c . FILE writes them so'
readonly array="this is a JSON array: expected one object on each line; jq -c '.[]' FILE writes them so"
readonly csv='this looks like CSV: expected one JSON object on each line; rw-list reads CSV with --followers and --pnl'

@test "pretty-printed JSON: one message asks for one object on each line" {
	jq . due >pretty
	jq --tab . due >tabbed
	jq -s . due due >both
	local file words
	for file in pretty tabbed; do
		for words in rw-gen rw-put rw-presign rw-mail 'rw-list --input -'; do
			# shellcheck disable=SC2086
			tool $words <$file
			assert_status 65
			assert_stderr_has "line 1: $several"
			# Ten lines at most are named one by one.
			[ "$(wc -l <<<"$stderr")" -le 11 ] ||
				fail 'it is said too often'
		done
	done
	tool rw-gen <both
	assert_status 65
	assert_stderr_has "line 1: $array"
	assert_stderr_has "line 2: $several"
	# The remedy appears once.
	run rw-gen --out out < <(jq -c . pretty)
	assert_status 0
}

@test "an array on one line" {
	jq -c -s . due due >array
	tool rw-gen <array
	assert_status 65
	assert_stderr "rw-gen: error: line 1: $array"
	run rw-gen --out out < <(jq -c '.[]' array)
	assert_status 0
}

@test "CSV" {
	printf 'follower_id;email\nf-1;a@example.com\n' >semicolons
	printf 'follower_id,email\nf-1,a@example.com\n' >commas
	printf 'follower_id\temail\nf-1\ta@example.com\n' >tabbed
	local file
	for file in semicolons commas tabbed; do
		tool rw-gen <$file
		assert_status 65
		assert_stderr_has "line 1: $csv"
	done
}

@test "truncated lines and other invalid input keep their own messages" {
	tool rw-gen <<<'{"follower_id":"f-1","email":"a'
	assert_status 65
	assert_stderr_has 'line 1: byte '
	assert_stderr_lacks 'several lines'
	tool rw-gen <<<'nonsense'
	assert_status 65
	assert_stderr_has 'line 1: byte 1: expected an object'
}

@test "a file name as argument" {
	local name
	for name in gen put presign verify mail; do
		tool "rw-$name" due </dev/null
		assert_status 64
		assert_stderr "rw-$name: error: unexpected argument \"due\": rw-$name reads standard input; to read a file, use < due"
	done
	tool rw-record --lookup due </dev/null
	assert_status 64
	assert_stderr_has 'to read a file, use < due'
	tool rw-list due
	assert_status 64
	assert_stderr_has 'to read a file, use --input due'
	tool rw-bucket due
	assert_status 64
	assert_stderr_has 'unexpected argument "due"; see --help'
	RW_BUILD=$BUILD run --separate-stderr sh "$ROOT/scripts/rw-report" due
	assert_status 64
	assert_stderr_has 'to read a file, use --input due'
}

@test "tools in the wrong order: the message names the tool to run first" {
	rw-record --init
	tool rw-mail <due
	assert_status 1
	assert_stderr 'rw-mail: error: f-1 2025-06: pdf_path is missing: run rw-gen first'
	export MINIO_ENDPOINT_URL=http://127.0.0.1:1 MINIO_ACCESS_KEY=key \
		MINIO_SECRET_KEY=secret MINIO_BUCKET_NAME=reports MINIO_SECURE=false
	tool rw-put <due
	assert_status 1
	assert_stderr_has 'pdf_path is missing: run rw-gen first'
	rw-gen --out out <due >gen
	tool rw-presign <gen
	assert_status 0
	assert_output "$(<gen)"
	assert_stderr 'rw-presign: warning: f-1 2025-06: it has no keys to make links of: run rw-put first'
	tool rw-verify <gen
	assert_stderr 'rw-verify: warning: f-1 2025-06: it has no links to try: run rw-put and rw-presign first'
	json '.minio_upload = true' gen >stored
	tool rw-verify <stored
	assert_stderr_has 'run rw-presign first'
	# A refusal of the store has a reason, and needs no advice.
	RW_S3_ATTEMPTS=1 rw-put <gen >refused 2>/dev/null || true
	tool rw-presign <refused
	assert_stderr ''
	tool rw-verify <refused
	assert_stderr ''
	local line
	line=$(printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06","email":"a@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":1}}' |
		rw-gen --out made | jq -c '.minio_upload = true')
	export REPORT_SENDER_EMAIL=r@example.com RW_MAIL_TRANSPORT=maildir:$PWD/box
	run --separate-stderr rw-mail < <(jq -c '., .follower_id = "f-2"' <<<"$line")
	assert_status 0
	assert_stderr 'rw-mail: warning: f-1 2025-06: its files are stored, but it has no links, so they are attached: run rw-presign first'
}

@test "the same message about thousands of lines appears once" {
	local i
	for ((i = 1; i <= 3000; i++)); do
		echo "f-$i,a@example.com"
	done >csv
	{ cat due; cat csv; } >mixed
	tool rw-gen --out out --rejects rejects <mixed
	assert_status 65
	said 2
	assert_stderr_has "rw-gen: error: line 2: $csv"
	assert_stderr_has 'rw-gen: error: line 2: the same fault is in 2999 more lines; the first is line 2'
	cmp csv rejects
	for ((i = 1; i <= 2000; i++)); do
		line "$i"
	done >many
	tool rw-mail <many
	assert_status 1
	said 2
	assert_stderr_has 'f-1 2025-06: pdf_path is missing: run rw-gen first'
	assert_stderr_has 'f-1 2025-06: the same fault is in 1999 more lines; the first is line 1'
	# The log has each message, and a few messages are all shown.
	RW_LOG_FILE=$PWD/log tool rw-mail <many
	assert_equal "$(grep -c 'pdf_path is missing' log)" 2000
	head -n 5 many >few
	tool rw-mail <few
	said 5
	assert_stderr_has 'f-5 2025-06: pdf_path is missing'
}

@test "a terminal as standard input" {
	run on_terminal timeout 3 rw-gen --out out
	assert_output_has 'standard input is a terminal: expected one JSON object on each line; to read a file, use < FILE'
	tool rw-gen --out out <due
	assert_stderr ''
}

@test "a partly configured store: all missing settings are named at once" {
	export MINIO_ENDPOINT_URL=https://minio.example.com
	tool rw-presign --check
	assert_status 78
	assert_stderr 'rw-presign: error: the object store is only partly configured: MINIO_ACCESS_KEY, MINIO_SECRET_KEY and MINIO_BUCKET_NAME are not set'
	MINIO_ACCESS_KEY=key tool rw-presign --check
	assert_stderr_has ': MINIO_SECRET_KEY and MINIO_BUCKET_NAME are not set'
	MINIO_ACCESS_KEY=key MINIO_BUCKET_NAME=reports tool rw-presign --check
	assert_stderr_has ': MINIO_SECRET_KEY is not set'
	unset MINIO_ENDPOINT_URL
	MINIO_BUCKET_NAME=reports tool rw-presign --check
	assert_stderr_has ': MINIO_ENDPOINT_URL, MINIO_ACCESS_KEY and MINIO_SECRET_KEY are not set'
	printf 'secret\n' >secret
	chmod 600 secret
	MINIO_SECRET_KEY_FILE=$PWD/secret tool rw-presign --check
	assert_stderr_has ': MINIO_ENDPOINT_URL, MINIO_ACCESS_KEY and MINIO_BUCKET_NAME are not set'
	AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret \
		MINIO_BUCKET_NAME=reports tool rw-presign --check
	assert_stderr_has ': MINIO_ENDPOINT_URL is not set (for Amazon S3'
}

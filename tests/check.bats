#!/usr/bin/env bats
# rw-report --check finds what would break the run: a setting is read by one
# function, and --check calls all of them.
#
# bats file_tags=plain,long

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail
	unset RW_LOG_FILE
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50"}}' >due
	rw-record --init
}

check() {
	run --separate-stderr rw-report --check --input due "$@"
}

# A wrong value for each setting. "run": not a setting that users set. "-": the
# setting has no wrong value, or other tests try it. Escapes are as in printf
# %b.
settings() {
	cat <<-'END'
		ADMIN_EMAIL	not an address
		APP_ENV	-
		DEFAULT_COMMISSION_PERCENTAGE	101
		DRY_RUN_MODE	perhaps
		MARKET_CLOSE_TIMEZONE	Mars/Olympus
		MINIO_BUCKET_NAME	store
		MINIO_SECURE	store
		MONGO_URI	nonsense
		NO_PROXY	-
		PGSERVICE	-
		POSTGRES_DB	-
		POSTGRES_HOST	-
		POSTGRES_PASSWORD	-
		REPORT_SENDER_EMAIL	not an address
		RW_ADMIN_COPY	sometimes
		RW_BRAND	-
		RW_CA_FILE	/nonexistent
		RW_CLOUDFRONT_KEY	store
		RW_CLOUDFRONT_KEY_FILE	store
		RW_CLOUDFRONT_KEY_ID	-
		RW_CLOUDFRONT_URL	-
		RW_COLLECTION	transfer
		RW_COMMISSION_CHECK	maybe
		RW_ENV_FILE	/nonexistent
		RW_ENVELOPE_FROM	not an address
		RW_FONT_DIR	/nonexistent
		RW_GRACE	soon
		RW_HEARTBEAT_URL	nonsense
		RW_IGNORE_FOLLOWERS	-
		RW_ISSUER_ADDRESS	1 Main St||London
		RW_ISSUER_EMAIL	office at example.com
		RW_ISSUER_FOOTER	Example\033[31m
		RW_ISSUER_NAME	Example\033[31m
		RW_ISSUER_NUMBER	Example\033[31m
		RW_ISSUER_URL	javascript:alert(1)
		RW_KEEP_DAYS	many
		RW_LEASE	soon
		RW_LEDGER	/nonexistent/ledger
		RW_LINK_BASE_URL	store
		RW_LOG	nowhere
		RW_LOOK_BACK	many
		RW_LOGO	/etc/passwd
		RW_LOGO_URL	http://example.com/logo.png
		RW_LOG_FILE	/nonexistent/log
		RW_LOG_FORMAT	xml
		RW_MAIL_TRANSPORT	pigeon:
		RW_MAX_ATTACH	much
		RW_MAX_CHANGE	0
		RW_MAX_EMPTY	101
		RW_MAX_LINE	long
		RW_METRICS_FILE	/nonexistent/metrics
		RW_OUTCOME_FILE	run
		RW_PAPER	papyrus
		RW_PAYEE_BIC	COBADEFF
		RW_PAYEE_IBAN	DE89370400440532013001
		RW_PAYEE_NAME	Example Capital Ltd
		RW_PAYMENT_DAYS	soon
		RW_PNL_SOURCE	-
		RW_PNL_TIMEOUT	-
		RW_PROGRESS_FD	run
		RW_PROGRESS_TOTAL	run
		RW_RATE_DOMAINS	gmail.com=fast
		RW_REPLY_TO	not an address
		RW_RUN_ID	run
		RW_S3_ATTEMPTS	many
		RW_S3_LEAST_RATE	slow
		RW_S3_MULTIPART_FROM	store
		RW_S3_PART_SIZE	store
		RW_S3_SIGN_PREFIX	store
		RW_S3_STALE_AFTER	store
		RW_S3_STYLE	store
		RW_SMTP_DOT_TIMEOUT	smtp
		RW_SMTP_HELLO	smtp
		RW_SMTP_TIMEOUT	smtp
		RW_STAGE_TIMEOUT	soon
		RW_STALL_TIMEOUT	soon
		RW_TEMPLATE_DIR	/nonexistent
		RW_URL_EXPIRES	store
		RW_VERIFY	some
		RW_VERP_KEY	too short
		SMTP_HOST	-
		SMTP_PASSWORD	-
		SMTP_PORT	smtp
		SMTP_TLS	smtp
		SMTP_TOKEN	smtp
		SMTP_TOKEN_COMMAND	-
		SMTP_TOKEN_FILE	-
		SMTP_URI	smtp
		SMTP_USER	-
		SOURCE_DATE_EPOCH	-
	END
}

@test "each setting that the tools read is in the table above" {
	local name
	grep -rhoE 'rw_config_[a-z0-9]+\("[A-Z_0-9]+"' "$ROOT/lib" "$ROOT/tools" \
		--include=*.c | sed 's/.*"\(.*\)"/\1/' | sort -u >names
	[ -s names ] || fail 'no setting was found'
	while read -r name; do
		settings | grep -q "^$name	" ||
			fail "$name is not in the table: can --check find a wrong value of it?"
	done <names
}

@test "a wrong value of each setting" {
	check
	assert_status 0
	local name value
	while IFS=$'\t' read -r name value; do
		case $value in
		- | run | store | smtp) continue ;;
		esac
		value=$(printf %b "$value")
		run --separate-stderr env "$name=$value" rw-report --check --input due
		[ "$status" -ne 0 ] || fail "$name=$value is not found"
		[[ $output$stderr == *"$name"* || $output$stderr == *"$value"* ]] ||
			fail "$name=$value is not named"
	done < <(settings)
}

@test "a wrong value of each setting of the store and of SMTP" {
	own_server http-script
	check
	assert_status 0
	local name value
	while IFS=$'\t' read -r name value; do
		case $value in
		store | smtp) ;;
		*) continue ;;
		esac
		[ "$name" != SMTP_URI ] || continue
		run --separate-stderr env -u RW_MAIL_TRANSPORT \
			SMTP_HOST=127.0.0.1 SMTP_PORT=1 "$name=no thing" \
			rw-report --check --input due
		[ "${name#RW_CLOUDFRONT_}" = "$name" ] || name=RW_CLOUDFRONT
		[[ $output$stderr == *"$name"* ]] || fail "$name is not named"
	done < <(settings)
}

@test "options of each tool, and paths that must be writable" {
	local tool
	for tool in GEN PUT PRESIGN MAIL; do
		run --separate-stderr env "RW_${tool}_OPTIONS=--nonsense" \
			rw-report --check --input due
		assert_status 64
		assert_stderr_has "RW_${tool}_OPTIONS: unknown option --nonsense"
	done
	RW_GEN_OPTIONS='--fee-model none' check
	assert_status 64
	RW_PRESIGN_OPTIONS='--expires never' check
	assert_status 64
	check --out /etc/passwd/reports
	assert_status 74
	assert_output_has 'FAIL  directory: cannot write to /etc/passwd/reports'
	mkdir metrics
	RW_METRICS_FILE=$PWD/metrics check
	assert_status 78
	assert_output_has 'metrics is not a regular file'
	RW_METRICS_FILE=/dev/null check
	assert_status 78
}

@test "the month, lines of the input, and standard input" {
	sed 's/2025-06/2099-06/g' due >later
	run --separate-stderr rw-report --check --input later
	assert_status 1
	assert_stderr_has 'rw-list: error: 2099-06 is in the future'
	run --separate-stderr rw-report --check --input later --allow-unfinished
	assert_status 0
	run --separate-stderr rw-report --check --input later --dry-run
	assert_status 0
	check --expect-min 2
	assert_status 1
	assert_stderr_has 'at least 2 were expected'
	run --separate-stderr rw-report --check --input /nonexistent
	assert_status 74
	run --separate-stderr rw-report --check --input - <due
	assert_status 0
	assert_output_has 'standard input has 1 reports'
	run --separate-stderr rw-report --check --input - <<<'nonsense'
	assert_status 65
}

@test "the watchdog's host is connected to, and nothing is requested" {
	own_server http-script
	local url=$MINIO_ENDPOINT_URL/heartbeat
	unset "${!MINIO_@}"
	RW_HEARTBEAT_URL=$url check
	assert_status 0
	assert_output_has 'ok    heartbeat: '
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "connect"')" 1
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "request"')" 0
	RW_HEARTBEAT_URL=http://127.0.0.1:1/heartbeat check
	assert_status 69
	assert_output_has 'RW_HEARTBEAT_URL: 127.0.0.1 is unreachable'
}

@test "a missing tool, and a missing ledger" {
	mkdir tools
	cp "$BUILD"/rw-* tools/ 2>/dev/null || true
	rm tools/rw-splice
	RW_BUILD=$PWD/tools check
	assert_status 78
	assert_stderr_has 'rw-splice is missing or cannot be run'
	RW_LEDGER=$PWD/other check
	assert_status 78
	assert_stderr_has other
}

@test "--quiet prints nothing but the faults" {
	own_server http-script
	check --quiet
	assert_status 0
	assert_output ''
	assert_stderr ''
	RW_METRICS_FILE=/nonexistent/metrics check --quiet
	assert_status 78
	assert_output_has 'FAIL  metrics: '
	assert_output_lacks 'ok  '
}

# rw-report with the real tools, a store that is slow in every possible way, and
# signals while servers are slow: all followers are mailed in bounded time, and
# nobody twice.
#
# bats file_tags=plain,long

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	rw-record --init
}

# followers N: makes a month of two days for f-1 to f-N.
followers() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06",%s,%s}\n' \
			"$i" "\"email\":\"f-$i@example.com\",\"commission_pct\":20" \
			'"daily_pnl":{"2025-06-02":"125.50","2025-06-03":"-40.25"}'
	done >"$due_file"
}

# report [SECONDS]: runs all followers within this time.
report() {
	local began=$SECONDS
	run --separate-stderr rw-report --input "$due_file" --json
	took=$((SECONDS - began))
	[ "$took" -le "${1:-30}" ] || fail "it took $took s"
}

# all_attached N: expects N mails with files, one for each follower.
all_attached() {
	"$PYTHON" "$ROOT/tests/read_mail.py" "$BATS_TEST_TMPDIR/mail/new" \
		>"$BATS_TEST_TMPDIR/mails"
	assert_equal "$(jq -r 'select(.links == []) | .to' "$BATS_TEST_TMPDIR/mails" | sort)" \
		"$(seq -f 'f-%g@example.com' "$1" | sort)"
}

@test "a store that drips in any phase: the fallback, in bounded time" {
	local rule
	export RW_S3_TIMEOUT=2
	followers 10
	for rule in '"at":"connect","hang":true' '"at":"head","drip":"read"' \
		'"drip":"head"' '"drip":"headers"' '"drip":"interim"' \
		'"drip":"answer","match":"PUT"' '"drip":"trailers"'; do
		rm -rf "$BATS_TEST_TMPDIR/mail" "$RW_STATE_DIR"
		rw-record --init
		[ -z "${SERVER_DIR[http-script]:-}" ] || server http-script stop
		own_server http-script "{\"rules\":[{$rule}]}"
		report
		assert_status 0
		assert_stderr_has 'Using email attachments (MinIO not available)'
		all_attached 10
	done
}

@test "default settings and 30 followers: all are mailed within 150 s" {
	followers 30
	own_server http-script '{"rules":[{"drip":"headers","from":5},{"delay":5}]}'
	report 150
	assert_status 0
	assert_json "$output" .sent 30
	assert_stderr_has 'Using email attachments (MinIO not available)'
	echo "# counted: 30 followers, a store that drips, default settings: $took s" >&3
}

@test "default settings: each answer arrives just in time" {
	followers 30
	own_server http-script '{"rules":[{"delay":17}]}'
	report 150
	assert_status 0
	assert_json "$output" .sent 30
	echo "# counted: 30 followers, answers after 17 s, default settings: $took s" >&3
}

# ---- signals -----------------------------------------------------------------

# begin: begins a run in the background; later only the script gets a signal.
begin() {
	setsid rw-report --input "$due_file" >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/words" 3>&- &
	held=$!
}

# ends SECONDS: sends TERM to the script alone, and expects the end within this
# time, without remaining processes.
ends() {
	local began=$SECONDS
	kill -TERM "$held"
	status=0
	wait "$held" || status=$?
	assert_status 143
	[ $((SECONDS - began)) -le "$1" ] || fail "it took $((SECONDS - began)) s"
	refute pgrep -a -r R,S,D -s "$held"
}

states() {
	rw-status --period 2025-06 --json | jq -r .state | sort | uniq -c | xargs
}

@test "TERM to the script while the store hangs: nobody is mailed, the next run mails all" {
	export RW_GRACE=2
	followers 5
	own_server http-script '{"rules":[{"drip":"headers"}]}'
	begin
	wait_for 20 grep -q '"drip"' "$HTTP_SCRIPT_LOG"
	ends 6
	[ ! -e "$BATS_TEST_TMPDIR/mail/new" ] || [ -z "$(ls "$BATS_TEST_TMPDIR/mail/new")" ]
	server http-script stop
	own_server http-script '{}'
	report
	assert_status 0
	assert_equal "$(states)" '5 sent'
}

# smtp SCRIPT: configures this mail server, and no store.
smtp() {
	unset RW_MAIL_TRANSPORT
	own_server smtp-script "$1"
}

# recipients: prints the number of accepted mails and of their recipients.
recipients() {
	jq -r 'select(.event == "message" and .confirmed) | .to[]' \
		"$SMTP_SCRIPT_LOG" | sort >"$BATS_TEST_TMPDIR/to"
	echo "$(wc -l <"$BATS_TEST_TMPDIR/to") $(sort -u "$BATS_TEST_TMPDIR/to" | wc -l)"
}

@test "TERM to the script during the mail: accepted mails are recorded, the rest is sent later" {
	followers 20
	smtp '{"rules":[{"at":"dot","delay":0.5}]}'
	begin
	wait_for 20 eval '[ "$(recipients)" != "0 0" ]'
	ends 6
	local sent
	sent=$(recipients)
	[ "${sent% *}" -lt 20 ] || fail 'all were sent before the signal'
	assert_equal "$(rw-status --period 2025-06 --json |
		jq -s '[.[] | select(.state == "sent")] | length')" "${sent% *}"
	assert_equal "$(rw-status --period 2025-06 --json |
		jq -s '[.[] | select(.state == "claimed" or .state == "in_doubt")] | length')" 0
	report
	assert_status 0
	assert_equal "$(recipients)" '20 20'
	assert_equal "$(states)" '20 sent'
}

@test "TERM to the script while the mail server is silent: the true outcome is recorded" {
	export RW_GRACE=2
	followers 20
	smtp '{"rules":[{"at":"dot","nth":[4,5],"hang":true},{"at":"rcpt","nth":[8],"hang":true}]}'
	begin
	wait_for 20 eval '[ "$(grep -c "\"hang\"" "$SMTP_SCRIPT_LOG")" = 3 ]'
	# All other mails use the fourth connection.
	ends 8
	assert_equal "$(rw-status --period 2025-06 --json |
		jq -s '[.[] | select(.state == "in_doubt")] | length')" 2
	assert_equal "$(rw-status --period 2025-06 --json |
		jq -s '[.[] | select(.state == "claimed")] | length')" 0
	local sent
	sent=$(recipients)
	assert_equal "$(rw-status --period 2025-06 --json |
		jq -s '[.[] | select(.state == "sent")] | length')" "${sent% *}"
	report
	assert_status 0
	assert_equal "$(recipients)" '20 20'
}

@test "TERM to all processes at once, as a supervisor sends it: the same" {
	followers 20
	smtp '{"rules":[{"at":"dot","delay":0.5}]}'
	begin
	wait_for 20 eval '[ "$(recipients)" != "0 0" ]'
	kill -TERM -- "-$held" || true
	status=0
	wait "$held" || status=$?
	assert_status 143
	local sent
	sent=$(recipients)
	assert_equal "$(rw-status --period 2025-06 --json |
		jq -s '[.[] | select(.state == "sent")] | length')" "${sent% *}"
	# Claims that rw-record had not passed on belong to its run.
	report
	assert_status 0
	assert_equal "$(recipients)" '20 20'
}

# term TOOL...: sends TERM while the tool waits for its input or for a server.
term() {
	"$@" <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" 3>&- 4>&- &
	local pid=$! began
	sleep 0.7
	kill -TERM "$pid" || fail "$*: $(cat "$BATS_TEST_TMPDIR/err")"
	began=$(date +%s%3N)
	status=0
	wait "$pid" || status=$?
	[ "$status" = 143 ] || fail "$*: $status"
	[ $(($(date +%s%3N) - began)) -le "${limit:-2000}" ] ||
		fail "$*: it took $(($(date +%s%3N) - began)) ms"
}

@test "TERM to each tool by itself" {
	mkfifo "$BATS_TEST_TMPDIR/in"
	exec 4<>"$BATS_TEST_TMPDIR/in"
	own_server http-script '{"rules":[{"drip":"headers"}]}'
	term rw-list --input -
	term rw-record --lookup
	term rw-record --claim
	term rw-gen --out "$BATS_TEST_TMPDIR/files"
	term rw-put
	term rw-presign
	term rw-verify
	term rw-mail
	# With a server that does not answer.
	term rw-put --check
	term rw-bucket
	own_mongo
	server mongo pause
	term rw-status
	term rw-list
	server mongo resume
	exec 4>&-
}

@test "rw-record --result alone, whose input never ends: TERM ends it, later" {
	export RW_GRACE=0
	mkfifo "$BATS_TEST_TMPDIR/in"
	exec 4<>"$BATS_TEST_TMPDIR/in"
	rw-record --result <"$BATS_TEST_TMPDIR/in" 2>"$BATS_TEST_TMPDIR/err" \
		3>&- 4>&- &
	local pid=$! began
	sleep 1
	kill -TERM "$pid"
	began=$SECONDS
	status=0
	wait "$pid" || status=$?
	exec 4>&-
	assert_status 143
	[ $((SECONDS - began)) -le 8 ] || fail "$((SECONDS - began)) s"
	assert_file_has "$BATS_TEST_TMPDIR/err" 'what was not recorded is in the journal of rw-mail'
}

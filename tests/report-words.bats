# rw-report (report_helpers.bash): its messages, and their destinations.

load report_helpers

# ---- messages --------------------------------------------------------------

@test "a successful run prints nothing, in every shell" {
	# Its parent is timeout(1), and the parent of timeout(1) is the shell.
	stub gen 'parent=$(ps -o ppid= -p "$PPID")
		cat "/proc/${parent##* }/comm" >"$calls.shell"; exec cat'
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		report
		assert_status 0
		assert_output ''
		assert_stderr ''
		assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"
		assert_equal "$(cat "$calls.shell")" "${sh% sh}"
		rm -r "$RW_STATE_DIR"
	done
}

@test "the stages are called in order, with the month and the files" {
	report --period 2025-06 --again --in-doubt hold --out '/a b'
	assert_status 0
	run cut -d ' ' -f 1-2 "$calls"
	for stage in claim mail result; do
		grep -q "^$stage" "$calls" || fail "no $stage"
	done
	run sh -c "sed 's/began=[0-9]* //; s/ended=[0-9]* //' '$calls' |
		grep -v -e ^claim -e ^mail -e ^result"
	assert_output "list --period 2025-06 --gates $(last_run)/list.gates --input - --rejects $(last_run)/rejects
lookup --lookup --again --in-doubt hold --period 2025-06 --rejects $(last_run)/rejects.lookup
note-run --note-run period=2025-06 shard= whole=yes 
gen --out /a b --period 2025-06
presign --check
put 
presign 
verify --run
audit --audit --again --in-doubt hold --period 2025-06
status --shell --behind $(last_run)/due --period 2025-06 --quiet
note-run --note-run period=2025-06 shard= whole=yes status=0 finished=yes
status --run $(basename "$(last_run)") --quiet --shell"
	assert_file_has "$calls" 'claim --claim --again --in-doubt hold'
}

@test "further options reach their tools, and are not expanded as file names" {
	export RW_GEN_OPTIONS='--fee-model hwm' RW_PUT_OPTIONS=--gzip \
		RW_PRESIGN_OPTIONS='--expires 7d' RW_MAIL_OPTIONS='--rate */s'
	cd /
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		: >"$calls"
		report
		assert_status 0
		assert_file_has "$calls" ' --fee-model hwm'
		grep -qx 'put --gzip' "$calls"
		grep -qx 'presign --check --expires 7d' "$calls"
		grep -qx 'presign --expires 7d' "$calls"
		grep -qx 'mail --rate \*/s' "$calls"
	done
}

@test "--json prints one object" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		report --json
		assert_status 0
		assert_lines 1 <(echo "$output")
		summary_is '[.period,.status,.error,.store_error,.due,.already_sent,.uploads_failed,.sent,.in_doubt]' \
			'[null,0,"","",5,0,0,5,0]'
		run dash -c "$(printf '%s\n' 'tr , "\n" | grep -o "\"[a-z_]*\":" | sort | uniq -d')" <<<"$output"
		assert_output ''
	done
}

@test "the month is printed when all lines have the same month" {
	sed -i 's/}/,"report_period": "2025-06"}/' "$due_file"
	report --json
	summary_is .period 2025-06
	echo '{"follower_id":"f-6","report_period":"2025-05"}' >>"$due_file"
	report --json
	summary_is .period null
}

@test "a warning of a tool is passed on, and --quiet suppresses it" {
	stub put 'echo "rw-put: warning: objects will not expire" >&2; exec cat'
	report
	assert_status 0
	assert_stderr 'rw-put: warning: objects will not expire'
	report --quiet
	assert_stderr ''
}

@test "--verbose shows the messages of every tool and the counts" {
	stub gen 'echo "rw-gen: 5 lines read" >&2; exec cat'
	report --verbose
	assert_status 0
	assert_stderr_has 'rw-gen: 5 lines read'
	# With any duration.
	assert_equal "${output%, * s}" 'a table
5 due, 5 sent, 3 links, 2 attachments, 0 failed, 0 in doubt'
}

@test "at most ten messages of a tool are shown, and the place of the rest" {
	stub gen 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "rw-gen: error: f-$i" >&2; done; cat; exit 1'
	report
	assert_status 1
	assert_stderr_has 'rw-gen: error: f-10'
	assert_stderr_lacks 'rw-gen: error: f-11'
	assert_stderr_has "rw-report: 2 more in $(last_run)/gen.err"
}

@test "a message about many reports is shown once, with their number" {
	stub gen "$(outcome '"tool":"rw-gen","causes":[
		{"level":"error","subject":"f-1 2025-06","message":"name has a control character","count":4},
		{"level":"error","subject":"f-5 2025-06","message":"iban is wrong","count":1},
		{"level":"error","subject":"f-6 2025-06","message":"cannot write /r/f-6/a.pdf: No space","count":2}]' |
		tr -d '\n\t')
		cat; exit 1"
	stub mail "$(outcome '"tool":"rw-mail","causes":[{"level":"warning","message":"no copy","count":3}]')
		exec cat"
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		report
		assert_status 1
		assert_stderr_has 'rw-gen: error: f-1 2025-06: name has a control character
rw-report: last message repeated 3 times
rw-gen: error: f-5 2025-06: iban is wrong
rw-gen: error: f-6 2025-06: cannot write /r/f-6/a.pdf: No space
rw-report: last message repeated once
rw-mail: warning: no copy
rw-report: last message repeated 2 times
rw-report: the output and messages of each stage are in '
	done
}

@test "a terminal sees the tools' progress lines, the table and the counts" {
	need_terminal
	# Only rw-mail of the last three tools, which run at the same time.
	for tool in gen mail result; do
		stub "$tool" '[ -z "${RW_PROGRESS_FD-}" ] ||
			printf "%s of %s" "${0##*/}" "$RW_PROGRESS_TOTAL" \
			>&"$RW_PROGRESS_FD"; exec cat'
	done
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		# shellcheck disable=SC2086
		run on_terminal $sh "$bin/rw-report" --input "$due_file"
		assert_status 0
		assert_output_has $'rw-gen of 5\r\e[K'
		assert_output_has $'mail-body of 5\r\e[K'
		assert_output_lacks 'result of'
		assert_output_has $'\r\e[K'
		assert_output_has 'a table'
		assert_output_has '5 due, 5 sent, 3 links, 2 attachments'
	done
	run on_terminal dash "$bin/rw-report" --input "$due_file" --quiet
	assert_output_lacks 'rw-gen of 5'
	assert_output_lacks 'a table'
}

# ---- log, metrics, watchdog ------------------------------------------------

@test "the log gets a line in the format of the tools, as text and as JSON" {
	RW_LOG_FILE=$BATS_TEST_TMPDIR/log report
	grep -Eq '^[0-9T:-]+Z rw-report\[[0-9]+\]: run .*: 5 due' \
		"$BATS_TEST_TMPDIR/log"
	stub put 'exit 69'
	export RW_LOG_FILE=$BATS_TEST_TMPDIR/log.json RW_LOG_FORMAT=json
	report
	assert_equal "$(log_count "$RW_LOG_FILE" \
		'.program == "rw-report" and .level == "warning" and
		 (.message | contains("Using email attachments (MinIO not available)"))')" 1
}

@test "metrics: written by rename; an unknown value is kept" {
	export RW_METRICS_FILE="$BATS_TEST_TMPDIR/m m.prom"
	report
	assert_file_has "$RW_METRICS_FILE" \
		'report_worker_run_reports{outcome="sent"} 5'
	assert_file_has "$RW_METRICS_FILE" 'report_worker_uploads_failed 0'
	assert_file_has "$RW_METRICS_FILE" 'report_worker_last_run_status 0'
	assert_equal "$(stat -c %a "$RW_METRICS_FILE")" 644
	sed -i 's/\(last_success.*seconds\) .*/\1 1234/' "$RW_METRICS_FILE"
	stub gen 'exit 70'
	report
	assert_status 70
	assert_file_has "$RW_METRICS_FILE" 'report_worker_last_run_status 70'
	assert_file_has "$RW_METRICS_FILE" \
		'report_worker_last_success_timestamp_seconds 1234'
	assert_file_has "$RW_METRICS_FILE" \
		'report_worker_run_reports{outcome="sent"} 5'
	assert_equal "$(ls "$BATS_TEST_TMPDIR"/m*)" "$RW_METRICS_FILE"
}

@test "metrics that cannot be written do not change the outcome" {
	RW_METRICS_FILE=/nonexistent/m report
	assert_status 0
	assert_stderr 'rw-report: warning: cannot write RW_METRICS_FILE /nonexistent/m'
}

@test "metrics on a full disk: the old metrics stay complete" {
	[ "$(id -u)" = 0 ] || skip 'only root may mount'
	local small=$BATS_TEST_TMPDIR/small
	mkdir "$small"
	mount -t tmpfs -o size=8k tmpfs "$small" || skip 'no tmpfs here'
	RW_METRICS_FILE=$small/m report
	cp "$small/m" "$BATS_TEST_TMPDIR/before"
	head -c 8k /dev/zero >"$small/ballast" 2>/dev/null || :
	RW_METRICS_FILE=$small/m report
	cp "$small/m" "$BATS_TEST_TMPDIR/after"
	local left
	left=$(ls "$small")
	umount "$small"
	assert_status 0
	assert_stderr_has "cannot write RW_METRICS_FILE $small/m"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	assert_equal "$left" $'ballast\nm'
}

@test "the watchdog is notified of start and success, start and failure" {
	own_server http-script '{"rules": [{"status": 200}]}'
	export RW_HEARTBEAT_URL=$MINIO_ENDPOINT_URL/ping/secret
	report
	assert_status 0
	assert_stderr ''
	stub gen 'exit 70'
	report
	assert_status 70
	run jq -r 'select(.event == "request").target' "$HTTP_SCRIPT_LOG"
	assert_output '/ping/secret/start
/ping/secret
/ping/secret/start
/ping/secret/fail'
}

@test "curl gets none of our secrets, and no descriptor of the run" {
	local tool
	local tool=curl
	cat >"$BATS_TEST_TMPDIR/sh/$tool" <<-SH
		#!$PYTHON
		import os, sys
		def is_open(fd):
		    try:
		        return bool(os.fstat(fd))
		    except OSError:
		        return False
		# Descriptors from 10 on belong to the runner of the tests.
		fds = [fd for fd in range(10) if is_open(fd)]
		with open("$BATS_TEST_TMPDIR/$tool", "w") as seen:
		    print(*fds, file=seen)
		    print(*sorted(os.environ), file=seen)
		if "-K" in sys.argv:
		    sys.stdin.read()
	SH
	chmod +x "$BATS_TEST_TMPDIR/sh/$tool"
	export RW_HEARTBEAT_URL=https://watchdog.example/secret \
		MINIO_SECRET_KEY=s3cret MONGO_URI=mongodb://u:p@h/ SMTP_PASS=p
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		rm -f "$BATS_TEST_TMPDIR"/curl
		https_proxy=http://proxy.example HOME=/ report --verbose
		assert_status 0
		run cat "$BATS_TEST_TMPDIR/$tool"
		assert_equal "${lines[0]}" '0 1 2' "$sh, $tool"
		[[ " ${lines[1]} " == *' PATH '* ]]
		[[ " ${lines[1]} " == *' https_proxy '* ]]
		assert_equal "$(tr ' ' '\n' <<<"${lines[1]}" |
			grep -vxE 'PATH|HOME|LANG|LC_ALL|LC_CTYPE|TZ|TMPDIR|CURL_CA_BUNDLE|SSL_CERT_(FILE|DIR)|https?_proxy|(all|no)_proxy|(HTTPS|ALL|NO)_PROXY|PWD|OLDPWD|SHLVL|_')" ''
	done
}

@test "an unreachable watchdog does not change the outcome" {
	RW_HEARTBEAT_URL=http://127.0.0.1:9/x report
	assert_status 0
	assert_stderr_has 'warning: RW_HEARTBEAT_URL is unreachable'
	assert_stderr_lacks 127.0.0.1
}

@test "a ledger that cannot be read at the end: a warning" {
	stub status 'echo "rw-status: error: gone" >&2; exit 69'
	report --json
	assert_status 0
	assert_stderr 'rw-report: warning: the ledger cannot be asked for the counts: rw-status: error: gone'
	summary_is '[.status, has("sent")]' '[0,false]'
}

# rw-report (report_helpers.bash) with a failing tool: when the run continues
# without it, and how the run ends.

load report_helpers

# ---- the fallback ----------------------------------------------------------

@test "rw-put killed: its complete lines, then the rest of its input, in every shell" {
	stub put 'head -n 2 | sed s/}/,\"put\":1}/; printf "{\"follower_id\":"; kill -9 $$'
	stub_presign 'exec sed s/}/,\"p\":1}/'
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		report --json
		assert_status 0
		assert_stderr 'rw-report: warning: rw-put was killed by signal 9. Using email attachments (MinIO not available) for 2 of 5 reports'
		summary_is '[.store_error,.uploads_failed]' \
			'["rw-put was killed by signal 9",2]'
		run cat "$(last_run)/done"
		assert_output '{"follower_id":"f-1","put":1,"p":1}
{"follower_id":"f-2","put":1,"p":1}
{"follower_id":"f-3","p":1}
{"follower_id":"f-4","p":1}
{"follower_id":"f-5","p":1}'
	done
}

@test "rw-presign killed: its complete lines, then the rest of its input" {
	stub put 'exec sed s/}/,\"put\":1}/'
	stub_presign 'head -n 4 | sed s/}/,\"p\":1}/; printf "{\"fo"; kill -9 $$'
	report
	assert_status 0
	assert_stderr_has 'warning: rw-presign was killed by signal 9.'
	run cat "$(last_run)/done"
	assert_output '{"follower_id":"f-1","put":1,"p":1}
{"follower_id":"f-2","put":1,"p":1}
{"follower_id":"f-3","put":1,"p":1}
{"follower_id":"f-4","put":1,"p":1}
{"follower_id":"f-5","put":1}'
}

@test "rw-put missing, not executable, misconfigured, silent: all followers are mailed" {
	rm "$bin/rw-put"
	report
	assert_status 0
	assert_stderr_has 'rw-put is missing or cannot be run. Using email'
	assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"

	: >"$bin/rw-put"
	report
	assert_status 0
	assert_stderr_has 'rw-put is missing or cannot be run. Using email'

	stub put "$(outcome '"tool":"rw-put","causes":[{"level":"warning","message":"no"},{"level":"error","message":"MINIO_ACCESS_KEY is not set","count":1}]'); exit 78"
	report
	assert_status 0
	assert_stderr 'rw-report: warning: rw-put ended with status 78: MINIO_ACCESS_KEY is not set. Using email attachments (MinIO not available) for 2 of 5 reports'
	assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"
}

@test "a store that is unreachable is not blamed on the first follower" {
	stub put "$(outcome '"tool":"rw-put","causes":[{"level":"error","subject":"f-1 2025-06","message":"s3 cannot be reached","count":5}]'); cat; exit 69"
	report
	assert_status 0
	assert_stderr 'rw-report: warning: rw-put ended with status 69: s3 cannot be reached. Using email attachments (MinIO not available) for 2 of 5 reports'
}

@test "no scheme supports the links: nothing is uploaded, all followers are mailed" {
	stub presign "$(outcome '"tool":"rw-presign","causes":[{"level":"error","message":"30 days on amazonaws.com","count":1}]'); exit 78"
	report
	assert_status 0
	assert_stderr 'rw-report: warning: rw-presign --check ended with status 78: 30 days on amazonaws.com. Using email attachments (MinIO not available) for 2 of 5 reports'
	refute called put
	assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"
}

@test "a failure of the store counts when a follower was not mailed" {
	stub put 'cat; exit 69'
	stub mail 'cat; exit 1'
	report
	assert_status 69
	assert_stderr_has 'error: rw-put ended with status 69, rw-mail ended with status 1'
}

@test "rw-gen that silently loses lines is a bug" {
	stub gen 'sed 2d'
	report
	assert_status 70
	assert_stderr_has 'rw-gen lost, repeated or reordered reports: '
	assert_stderr_has '; nobody was mailed'
	refute called mail
}

# ---- statuses --------------------------------------------------------------

@test "a stage before the mail that is killed ends the run" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		for stage in lookup gen; do
			: >"$calls"
			stub "$stage" 'head -n 1; kill -9 $$'
			report
			assert_status 74
			assert_stderr_has 'killed by signal 9; nobody was mailed'
			refute called claim
			refute called mail
			stub "$stage" 'exec cat'
		done
	done
}

@test "rw-list that is killed ends the run, with any output" {
	stub list 'cat "$due"; kill -9 $$'
	export due=$due_file
	run --separate-stderr dash "$bin/rw-report" --period 2025-06
	assert_status 74
	assert_stderr_has 'rw-list was killed by signal 9; nobody was mailed'
	refute called lookup
}

@test "a stage of the mail that is killed ends the run with the reason" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		for stage in claim mail result; do
			stub "$stage" 'head -n 1; kill -9 $$'
			report
			assert_status 74
			assert_stderr_has "was killed by signal 9"
			case $stage in
			mail) assert_stderr_has 'error: rw-mail was killed' ;;
			*) assert_stderr_has "rw-record --$stage was killed" ;;
			esac
			stub "$stage" 'exec cat'
		done
	done
}

@test "a tool that lost its reader is named after the reader" {
	stub claim "cat; $(outcome '"tool":"rw-record","reader_gone":true,"causes":[]')
		echo 'rw-record: error: cannot write standard output: Broken pipe' >&2; exit 74"
	stub mail 'cat; echo "rw-mail: error: no way to send mail" >&2; exit 78'
	report
	assert_status 78
	assert_stderr_has 'error: rw-mail ended with status 78, rw-record --claim ended with status 74'
	assert_stderr_has 'rw-mail: error: no way to send mail'
	assert_stderr_lacks 'Broken pipe'
}

@test "when no messages can be stored, the report says so" {
	[ "$(id -u)" = 0 ] || skip 'only root may mount'
	mkdir "$RW_STATE_DIR"
	mount -t tmpfs -o size=64k tmpfs "$RW_STATE_DIR" || skip 'no tmpfs here'
	stub mail 'cat; cat /dev/zero >"$RW_RUN_DIR/ballast" 2>/dev/null
		echo "rw-mail: error: no room" >&2; exit 74'
	stub status 'echo "rw-status: error: the disk is full" >&2; exit 74'
	report
	local run
	run=$(last_run)
	umount "$RW_STATE_DIR"
	assert_status 74
	assert_stderr_has "rw-report: nothing can be written in $run: is the disk full?"
	assert_stderr_has 'for the counts: rw-status: error: the disk is full'
}

@test "a crash is a bug, a kill is not, a missing tool is a configuration error" {
	stub mail 'cat; kill -SEGV $$'
	report
	assert_status 70
	stub mail 'cat; kill -TERM $$'
	report
	assert_status 74
	rm "$bin/rw-mail"
	report
	assert_status 78
	assert_stderr_has 'rw-mail is missing or cannot be run'
}

@test "a missing tool that starts the script: 78, and no run" {
	rm "$bin/rw-run"
	report
	assert_status 78
	assert_stderr 'rw-report: error: rw-run is missing or cannot be run'
	refute called lookup
}

@test "the run has the first of several statuses in the common order" {
	local order=(70 78 64 74 69 75 65 1) at
	for ((at = 0; at + 1 < ${#order[@]}; at++)); do
		stub claim "cat; exit ${order[at + 1]}"
		stub result "cat; exit ${order[at]}"
		report
		assert_status "${order[at]}"
		stub claim "cat; exit ${order[at]}"
		stub result "cat; exit ${order[at + 1]}"
		report
		assert_status "${order[at]}"
	done
}

@test "unreadable lines and failed records do not stop the others" {
	stub lookup 'sed -n 2,5p; exit 65'
	stub gen 'cat; exit 1'
	report --json
	assert_status 65
	assert_lines 4 "$(last_run)/done"
}

@test "a full report directory fails its records, not the run" {
	stub gen 'sed s/}/,\"error\":{}}/; exit 74'
	report
	assert_status 74
	called mail
	assert_lines 5 "$(last_run)/done"
}

@test "no report due is status 1 and a message" {
	: >"$due_file"
	report
	assert_status 1
	assert_stderr_has 'rw-report: error: no reports are due'
	printf '\n  \r\n' >"$due_file"
	report
	assert_status 1
	refute called lookup
}

@test "an empty selection is reported" {
	run --separate-stderr dash "$bin/rw-report" --select - <<<''
	assert_status 1
	assert_stderr_has ': no reports are due: --select names no follower'
	refute called list
}

@test "a failed gate stops the run before anything is made" {
	stub list 'while [ "$1" != --gates ]; do shift; done
		printf "one\ntwo\n" >"$2"
		cat'
	report --expect-min 6
	assert_status 1
	assert_stderr_has ': one; two; nobody was mailed'
	refute called lookup
	assert_file_has "$calls" ' --expect-min 6 '
	stub list 'while [ "$1" != --gates ]; do shift; done
		: >"$2"
		cat'
	report --expect-min 6
	assert_status 0
}

@test "all sent before: no mail to send, status 0, and --json says so" {
	stub lookup 'cat >/dev/null'
	stub status 'case $* in
	*--json) echo "{\"run_id\":\"$RW_RUN_ID\",\"already_sent\":5}" ;;
	*) echo "counts=\"5 sent before\" attachments=0" ;;
	esac'
	report --json
	assert_status 0
	assert_stderr ''
	summary_is '[.due,.already_sent,.status]' '[5,5,0]'
	refute called mail
	report --verbose
	assert_output_has '5 due, 5 sent before: no mail to send'
}

@test "a usage error is 64 and does nothing" {
	local words
	for words in --nonsense --period '--follower ../../etc' '--follower .x' \
		'--follower=' '--shard 1' '--expect-min many' '--lock-wait -1' \
		'--again --revise' '--input - --select -' 'x'; do
		# shellcheck disable=SC2086
		run --separate-stderr dash "$bin/rw-report" $words
		assert_status 64
		assert_stderr_has 'rw-report: error: '
	done
	assert_equal "$(ls "$RW_STATE_DIR" 2>/dev/null)" ''
}

@test "a missing input is 74" {
	due_file=/nonexistent
	report
	assert_status 74
	assert_stderr_has 'cannot read /nonexistent'
}

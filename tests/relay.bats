#!/usr/bin/env bats
# rw-relay: the lines from --claim to rw-mail to --result, and the end of a
# command that hangs. sum.bats tests rw-report with the real tools.
#
# bats file_tags=plain

load report_helpers

# hangs STAGE [BODY]: makes a stage that never ends.
hangs() {
	stub "$1" "${2-exec sleep 300}"
	export RW_STALL_TIMEOUT=2 RW_GRACE=0
	report
	assert_status 74
}

@test "a --claim that hangs is ended and reported, even if it ignores TERM" {
	hangs claim
	assert_stderr_has 'error: rw-record --claim did not end in time and was stopped'
	assert_lines 0 "$(last_run)/done"
	hangs claim 'head -n 2; trap "" TERM; exec sleep 300'
	assert_stderr_has 'error: rw-record --claim did not end in time and was stopped'
	# Two lines are not a complete batch.
	assert_equal "$(jq -r .error.message "$(last_run)/done" | sort -u)" \
		'rw-record --claim ended before it had claimed the whole batch: not mailed'
}

@test "an rw-mail that hangs is ended and reported; its sent mails are recorded" {
	hangs mail
	assert_stderr_has 'error: rw-mail did not end in time and was stopped'
	hangs mail 'head -n 2; trap "" TERM; exec sleep 300'
	assert_stderr_has 'error: rw-mail did not end in time and was stopped'
	assert_lines 2 "$(last_run)/done"
}

@test "a --result that hangs is ended and reported" {
	hangs result
	assert_stderr_has 'error: rw-record --result did not end in time and was stopped'
	hangs result 'head -n 2; trap "" TERM; exec sleep 300'
	assert_stderr_has 'error: rw-record --result did not end in time and was stopped'
	assert_lines 2 "$(last_run)/done"
}

@test "a mail that makes slow progress is not ended" {
	stub mail 'while read -r line; do sleep 1.2; echo "$line"; done'
	RW_STALL_TIMEOUT=3 report
	assert_status 0
}

@test "after a signal --claim and --result that do not end are killed" {
	local stage
	export RW_GRACE=0
	for stage in claim result; do
		: >"$calls"
		stub "$stage" 'trap "" TERM; exec sleep 300'
		setsid "$bin/rw-report" --input "$due_file" 2>"$BATS_TEST_TMPDIR/words" 3>&- &
		local pid=$! began status=0
		wait_for 20 called "$stage"
		sleep 0.5
		began=$SECONDS
		kill -TERM $pid
		wait $pid || status=$?
		assert_status 143
		[ $((SECONDS - began)) -le 25 ] || fail "$((SECONDS - began)) s"
		refute pgrep -a -r R,S,D -s "$pid"
		stub "$stage" 'exec cat'
	done
}

@test "the setting is a time" {
	RW_STALL_TIMEOUT=soon report
	assert_status 78
	assert_stderr_has 'RW_STALL_TIMEOUT'
}

# ---- rw-relay by itself ----------------------------------------------------------

# relay STATUS CLAIM MAIL RESULT: runs shell commands with correct outcomes.
relay() {
	cd "$BATS_TEST_TMPDIR"
	rm -f ./*.err ./*.outcome done
	grep -q report_period "$due_file" ||
		sed -i 's/"}/","report_period":"2025-06"}/' "$due_file"
	run --separate-stderr rw-relay --batch 2 -- "$due_file" \
		"$PYTHON" "$ROOT/tests/honest.py" sh -c "$2" '|' \
		"$PYTHON" "$ROOT/tests/honest.py" sh -c "$3" '|' \
		"$PYTHON" "$ROOT/tests/honest.py" sh -c "$4"
	assert_status "$1"
}

@test "lines pass, statuses are printed, and only complete batches are passed on" {
	cd "$BATS_TEST_TMPDIR"
	relay 0 'exec cat' 'exec cat' 'exec cat'
	assert_output 'claim=0
mail=0
result=0'
	cmp "$due_file" done
	relay 0 'exec cat' 'cat; exit 1' 'tee seen; kill -SEGV $$'
	assert_output 'claim=0
mail=1
result=139'
	cmp "$due_file" seen
	relay 70 'sed 4d' 'tee seen' 'exec cat'
	assert_output_has claim=0
	assert_stderr_has 'rw-record --claim lost, repeated or reordered reports: line 4: f-5 2025-06 is out of order'
	# The third line is in the batch with the fault.
	assert_equal "$(jq -r 'select(.error == null) | .follower_id' seen | xargs)" 'f-1 f-2'
}

@test "the line of a left-out report is not passed on" {
	cd "$BATS_TEST_TMPDIR"
	relay 0 'jq -c "if .follower_id == \"f-2\" then .state = \"already_sent\" else .claim = \"x\" end"' \
		'exec cat' 'exec cat'
	assert_equal "$(jq -r .follower_id done | xargs)" 'f-1 f-3 f-4 f-5'
}

@test "rw-mail may write in any order, and set only its own members" {
	cd "$BATS_TEST_TMPDIR"
	relay 0 'exec cat' 'tac | jq -c ".state = \"sent\" | .email_sent = true"' \
		'jq -c ".state = \"recorded\""'
	assert_lines 5 done
	relay 70 'exec cat' 'sed "2s/}/,\"email\":\"x\"}/"' 'exec cat'
	assert_stderr_has 'rw-mail lost, repeated or reordered reports: line 2: f-2'
	assert_stderr_has 'is not in the input, differs from the input, or is a duplicate'
	relay 70 'exec cat' 'exec cat' 'exec tac'
	assert_stderr_has 'rw-record --result lost, repeated or reordered reports: line 1: f-5'
	relay 70 'exec cat' 'sed 2d' 'exec cat'
	assert_stderr_has 'rw-mail lost, repeated or reordered reports: 1 of 5 are missing: f-2'
	relay 70 'exec cat' 'exec cat' 'head -n 3'
	assert_stderr_has 'rw-record --result lost, repeated or reordered reports: '
	assert_stderr_has ' are missing: f-4 2025-06'
}

# behind, before N STAGE: a correct command. For this stage, its lines are
# changed after or before it, in a member that is not compared.
behind() {
	echo "\"$PYTHON\" \"$ROOT/tests/honest.py\" cat | $(blank "$@")"
}

before() {
	echo "$(blank "$@") | \"$PYTHON\" \"$ROOT/tests/honest.py\" sed 's/ $//'"
}

blank() {
	if [ "$1" = "$2" ]; then
		echo "sed 's/$/ /'"
	else
		echo cat
	fi
}

@test "a command whose outcome is false or missing" {
	cd "$BATS_TEST_TMPDIR"
	local stage
	for stage in claim mail result; do
		rm -f ./*.outcome
		run --separate-stderr rw-relay -- "$due_file" sh -c \
			"[ $stage = claim ] && exec cat; exec \"$PYTHON\" \"$ROOT/tests/honest.py\" cat" '|' sh -c \
			"[ $stage = mail ] && exec cat; exec \"$PYTHON\" \"$ROOT/tests/honest.py\" cat" '|' sh -c \
			"[ $stage = result ] && exec cat; exec \"$PYTHON\" \"$ROOT/tests/honest.py\" cat"
		assert_status 70
		assert_stderr_has 'it wrote no outcome'
	done
	for stage in 1 2 3; do
		rm -f ./*.outcome
		run --separate-stderr rw-relay -- "$due_file" \
			sh -c "$(behind 1 $stage)" '|' sh -c "$(behind 2 $stage)" \
			'|' sh -c "$(behind 3 $stage)"
		assert_status 70
		assert_stderr_has 'its outcome does not match its output'
		rm -f ./*.outcome
		run --separate-stderr rw-relay -- "$due_file" \
			sh -c "$(before 1 $stage)" '|' sh -c "$(before 2 $stage)" \
			'|' sh -c "$(before 3 $stage)"
		assert_status 70
		assert_stderr_has 'its outcome does not match its input'
	done
}

@test "a file that cannot be written is 74; a usage error is 64; a missing command is 127" {
	cd "$BATS_TEST_TMPDIR"
	mkdir done
	run rw-relay -- "$due_file" cat '|' cat '|' cat
	assert_status 74
	rmdir done
	run rw-relay -- missing cat '|' cat '|' cat
	assert_status 74
	for words in "$due_file" "$due_file cat" "$due_file cat | cat" \
		"$due_file cat | cat | cat | cat" "$due_file | cat | cat"; do
		set -f
		# shellcheck disable=SC2086
		run rw-relay -- $words
		set +f
		assert_status 64
	done
	run --separate-stderr rw-relay -- "$due_file" ./none '|' cat '|' cat
	assert_output_has 'claim=127'
}

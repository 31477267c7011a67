# rw-report (report_helpers.bash): a signal to the script alone, as from
# kill(1), and a stage that never ends. The tools are replaced by scripts;
# report-time.bats uses the real tools and slow servers.
#
# bats file_tags=plain

load report_helpers

# A tool that ends at once after TERM, and leaves no process behind.
waits='trap "kill \$!; exit 143" TERM; sleep 30 >/dev/null & wait'

# begin STAGE [ARG...]: begins a run, and waits until STAGE ("": any) has begun.
# As with cron, hangups and interrupts are not ignored.
begin() {
	# shellcheck disable=SC2086
	setsid "$PYTHON" -c 'import os, signal, sys
for number in signal.SIGHUP, signal.SIGINT:
    signal.signal(number, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' ${sh} "$bin/rw-report" \
		--input "$due_file" "${@:2}" 2>"$BATS_TEST_TMPDIR/words" \
		3>&- &
	held=$!
	[ -z "$1" ] || wait_for 10 called "$1"
}

# ends STATUS [SECONDS]: expects the end of the run within this time, and that
# it leaves no process behind.
ends() {
	local began=$SECONDS
	status=0
	wait "$held" || status=$?
	[ "$status" = "$1" ] || cat "$BATS_TEST_TMPDIR/words"
	assert_status "$1"
	[ $((SECONDS - began)) -le "${2:-3}" ] ||
		fail "it took $((SECONDS - began)) s"
	refute pgrep -a -r R,S,D -s "$held"
}

# afresh: restores all tools.
afresh() {
	local tool
	rm -rf "$RW_STATE_DIR" "$bin"/record-*
	: >"$calls"
	for tool in list put gen presign mail; do
		stub "$tool" 'exec cat'
	done
}

@test "a signal to the script alone ends the current stage, and no other begins" {
	local stage signal
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		for stage in list lookup gen put presign; do
			signal=TERM
			[ "$stage" != gen ] || signal=INT
			[ "$stage" != put ] || signal=HUP
			afresh
			stub "$stage" "$waits"
			begin "$stage" --follower f-1
			kill -$signal "$held"
			ends $((128 + $(kill -l $signal)))
			assert_file_has "$BATS_TEST_TMPDIR/words" 'stopped by a'
			refute called claim
		done
	done
}

@test "a signal to the script alone during the mail: rw-mail ends, and it is recorded" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		afresh
		stub claim "cat; echo 'claimed now' >>\"\$calls\"; $waits"
		stub mail 'trap "kill \$!; head -n 2; exit 143" TERM
			sleep 30 >/dev/null &
			echo "ready now" >>"$calls"; wait'
		stub result 'cat >"$calls.recorded"'
		begin result
		wait_for 10 called ready
		wait_for 10 called claimed
		kill -TERM "$held"
		ends 143
		assert_lines 2 "$calls.recorded"
		assert_file_has "$BATS_TEST_TMPDIR/words" \
			'stopped by a request to terminate'
	done
}

@test "a signal while the input is awaited" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		afresh
		rm -f "$due_file"
		mkfifo "$due_file"
		exec 4<>"$due_file"
		begin ''
		wait_for 10 eval '[ -e "$(last_run)/input" ]'
		kill -TERM "$held"
		ends 143
		exec 4>&-
	done
}

@test "a tool that ignores the signal is killed after the grace period" {
	export RW_GRACE=0
	for stage in put mail; do
		afresh
		stub "$stage" 'trap "" TERM; exec sleep 60 >/dev/null'
		begin "$stage"
		kill -TERM "$held"
		sleep 1
		kill -TERM "$held"	# a second one changes nothing
		ends 143 14
	done
}

@test "a stage that hangs is ended; a stage of the store with the fallback" {
	export RW_STAGE_TIMEOUT=2
	stub put 'head -n 1; exec sleep 60 >/dev/null'
	report
	assert_status 0
	assert_stderr_has 'warning: rw-put did not end in time and was stopped.'
	assert_lines 5 "$(last_run)/done"
	afresh
	stub gen 'exec sleep 60 >/dev/null'
	report
	assert_status 74
	assert_stderr_has 'rw-gen did not end in time and was stopped; nobody was mailed'
}

@test "the time limit of a stage grows with its lines, and with the files to upload" {
	export RW_STAGE_TIMEOUT=1m
	stub timeout 'echo "$4 ${5##*/}" >>"$calls.limits"; shift 4; exec "$@"'
	ln -s rw-timeout "$bin/timeout"
	seq -f '{"follower_id":"f-%g"}' 6000 >"$due_file"
	stub gen 'mkdir -p "$2" && truncate -s 1M "$2/x" && fallocate -l 1M "$2/y"; exec cat'
	PATH=$bin:$PATH report
	assert_status 0
	assert_file_has "$calls.limits" '6060 rw-record'
	assert_file_has "$calls.limits" '60 rw-presign'
	[ "$(sed -n 's/ rw-put//p' "$calls.limits")" -ge $((6060 + 64)) ]
}

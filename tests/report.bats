# rw-report's own rules, with stand-ins for the tools: each stands beside a copy
# of the script and does what one test wants of it, to the byte and the status.
# The pipeline with the real tools is tested in pipeline.bats.

load helpers

SHELLS=(dash bash 'busybox sh')

setup() {
	need_command flock busybox dash
	bin="$BATS_TEST_TMPDIR/bin with blanks"
	mkdir "$bin"
	cp "$ROOT/scripts/rw-report" "$BUILD"/rw-{env,run} "$bin/"
	mkdir "$BATS_TEST_TMPDIR/sh"
	PATH=$BATS_TEST_TMPDIR/sh:$PATH
	use_shell dash
	export RW_STATE_DIR="$BATS_TEST_TMPDIR/state with blanks"
	unset RW_BUILD
	calls=$BATS_TEST_TMPDIR/calls
	export calls
	: >"$calls"
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	printf '{"follower_id":"f-%d"}\n' 1 2 3 4 5 >"$due_file"
	for tool in list record gen put presign mail; do
		stub "$tool" 'exec cat'
	done
	stub status 'case $* in
	*--json) echo "{\"run_id\":\"$RW_RUN_ID\",\"sent\":5,\"links\":3,\"attachments\":2,\"failed\":0,\"in_doubt\":0,\"already_sent\":0,\"resent\":0}" ;;
	*--line) echo "5 sent, 3 links, 2 attachments, 0 failed, 0 in doubt" ;;
	*--prom) echo "report_worker_run_reports{outcome=\"sent\"} 5" ;;
	*) echo "a table" ;;
	esac'
}

# stub TOOL BODY: every call is noted; rw-record's three uses are three tools.
stub() {
	local file="$bin/rw-$1"
	case $1 in
	lookup | claim | result) file=$bin/record-$1 ;;
	esac
	if [ "$1" = record ]; then
		cat >"$file" <<-'SH'
			#!/bin/sh
			use=${1#--}
			echo "$use $*" >>"$calls"
			while [ $# -gt 0 ]; do
				[ "$1" != --rejects ] || : >"$2"
				shift
			done
			[ ! -x "${0%/*}/record-$use" ] || exec "${0%/*}/record-$use"
			exec cat
		SH
	else
		printf '#!/bin/sh\necho "%s $*" >>"$calls"\n%s\n' "$1" "$2" \
			>"$file"
	fi
	# The month is the real one's business.
	[ "$1" != list ] || sed -i "2i\
[ \"\$1\" != --print-period ] || exec $BUILD/rw-list --print-period" "$file"
	chmod +x "$file"
}

# presign is asked twice, and only the second time for links.
stub_presign() {
	stub presign "[ \"\$1\" != --check ] || exit 0; $1"
}

# use_shell COMMAND: what the script starts itself under again, and so all that
# it does in a run.
use_shell() {
	printf '#!/bin/sh\nexec %s "$@"\n' "$1" >"$BATS_TEST_TMPDIR/sh/sh"
	chmod +x "$BATS_TEST_TMPDIR/sh/sh"
}

# report ARG...: under the shell in $sh.
report() {
	# shellcheck disable=SC2086 # "busybox sh" is two words
	run --separate-stderr ${sh:-dash} "$bin/rw-report" --input "$due_file" "$@"
}

last_run() {
	local runs=("$RW_STATE_DIR"/runs/*/)
	printf '%s' "${runs[-1]%/}"
}

called() {
	grep -q "^$1 " "$calls"
}

summary_is() {
	assert_json "$output" "$1" "$2"
}

# ---- silence and words ----------------------------------------------------

@test "a run that went well says nothing, in every shell" {
	stub gen 'cat "/proc/$PPID/comm" >"$calls.shell"; exec cat'
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
	run grep -v -e ^claim -e ^mail -e ^result "$calls"
	assert_output "lookup --lookup --again --in-doubt hold --period 2025-06 --rejects $(last_run)/rejects
gen --out /a b --period 2025-06
presign --check
put 
presign 
status --run $(basename "$(last_run)") --line"
	assert_file_has "$calls" 'claim --claim --again --in-doubt hold'
}

@test "further options reach their tools, and mean no files" {
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

@test "the month is told when all lines are of one" {
	sed -i 's/}/,"report_period": "2025-06"}/' "$due_file"
	report --json
	summary_is .period 2025-06
	echo '{"follower_id":"f-6","report_period":"2025-05"}' >>"$due_file"
	report --json
	summary_is .period null
}

@test "a warning of a tool is passed on, and --quiet keeps it back" {
	stub put 'echo "rw-put: warning: objects will not expire" >&2; exec cat'
	report
	assert_status 0
	assert_stderr 'rw-put: warning: objects will not expire'
	report --quiet
	assert_stderr ''
}

@test "--verbose shows what every tool says and the counts" {
	stub gen 'echo "rw-gen: 5 lines read" >&2; exec cat'
	report --verbose
	assert_status 0
	assert_stderr_has 'rw-gen: 5 lines read'
	# However long it took.
	assert_equal "${output%, * s}" 'a table
5 due, 5 sent, 3 links, 2 attachments, 0 failed, 0 in doubt'
}

@test "at most ten lines of a tool's words are shown, and where the rest is" {
	stub gen 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "rw-gen: error: f-$i" >&2; done; cat; exit 1'
	report
	assert_status 1
	assert_stderr_has 'rw-gen: error: f-10'
	assert_stderr_lacks 'rw-gen: error: f-11'
	assert_stderr_has "rw-report: 2 more in $(last_run)/gen.err"
}

@test "a terminal sees the tools' progress lines, the table and the counts" {
	# rw-mail alone of the last three, which run at the same time.
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
		assert_output_has $'rw-mail of 5\r\e[K'
		assert_output_lacks 'result of'
		assert_output_has $'\r\e[K'
		assert_output_has 'a table'
		assert_output_has '5 due, 5 sent, 3 links, 2 attachments'
	done
	run on_terminal dash "$bin/rw-report" --input "$due_file" --quiet
	assert_output_lacks 'rw-gen of 5'
	assert_output_lacks 'a table'
}

# ---- the fallback ---------------------------------------------------------

@test "rw-put killed: its whole lines, then what it was given, in every shell" {
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

@test "rw-presign killed: its whole lines, then what it was given" {
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

@test "rw-put missing, not executable, misconfigured, silent: all are mailed" {
	rm "$bin/rw-put"
	report
	assert_status 0
	assert_stderr_has 'rw-put is missing or cannot be run. Using email'
	assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"

	: >"$bin/rw-put"
	report
	assert_status 0
	assert_stderr_has 'rw-put is missing or cannot be run. Using email'

	stub put 'echo "rw-put: error: MINIO_ACCESS_KEY is not set" >&2; exit 78'
	report
	assert_status 0
	assert_stderr 'rw-report: warning: rw-put ended with status 78: MINIO_ACCESS_KEY is not set. Using email attachments (MinIO not available) for 2 of 5 reports'
	assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"
}

@test "no scheme that can hold the links: nothing is uploaded, all are mailed" {
	stub presign 'echo "rw-presign: error: 30 days on amazonaws.com" >&2; exit 78'
	report
	assert_status 0
	assert_stderr 'rw-report: warning: rw-presign --check ended with status 78: 30 days on amazonaws.com. Using email attachments (MinIO not available) for 2 of 5 reports'
	refute called put
	assert_equal "$(cat "$due_file")" "$(cat "$(last_run)/done")"
}

@test "trouble with the store counts when somebody was not mailed" {
	stub put 'cat; exit 69'
	stub mail 'cat; exit 1'
	report
	assert_status 69
	assert_stderr_has 'error: rw-put ended with status 69, rw-mail ended with status 1'
}

@test "rw-gen that loses lines and says nothing of it is a bug" {
	stub gen 'sed 2d'
	report
	assert_status 70
	assert_stderr_has 'rw-gen wrote 4 lines for 5; nobody was mailed'
	refute called mail
}

@test "a tool that loses lines stops the run before the mail" {
	stub_presign 'sed -n p; echo "{}"'
	report
	assert_status 70
	assert_stderr_has '5 reports were made and 6 are ready; nobody was mailed'
	refute called mail
}

# ---- statuses -------------------------------------------------------------

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

@test "rw-list that is killed ends the run, whatever it has written" {
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

@test "a crash is a bug, a kill is not, a missing tool is configuration" {
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

@test "what the script starts itself under must be there: 78, and no run" {
	rm "$bin/rw-env"
	report --env "$BATS_TEST_TMPDIR/.env"
	assert_status 78
	assert_stderr 'rw-report: error: rw-env is missing or cannot be run'
	rm "$bin/rw-run"
	report
	assert_status 78
	assert_stderr 'rw-report: error: rw-run is missing or cannot be run'
	refute called lookup
}

@test "of several statuses the first in the common order is the run's" {
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

@test "a report directory that is full fails its records, not the run" {
	stub gen 'sed s/}/,\"error\":{}}/; exit 74'
	report
	assert_status 74
	called mail
	assert_lines 5 "$(last_run)/done"
}

@test "nobody due is status 1 and a sentence" {
	: >"$due_file"
	report
	assert_status 1
	assert_stderr_has 'rw-report: error: nobody is due'
	printf '\n  \r\n' >"$due_file"
	report
	assert_status 1
	refute called lookup
}

@test "fewer than --expect-min stop before anything is made" {
	report --expect-min 6
	assert_status 1
	assert_stderr_has '5 reports are due, at least 6 were expected; nobody was mailed'
	refute called lookup
	report --expect-min 5
	assert_status 0
}

@test "all sent before: nobody is mailed, status 0, and --json says so" {
	stub lookup 'cat >/dev/null'
	stub status 'case $* in
	*--json) echo "{\"run_id\":\"$RW_RUN_ID\",\"already_sent\":5}" ;;
	*) echo "5 sent before" ;;
	esac'
	report --json
	assert_status 0
	assert_stderr ''
	summary_is '[.due,.already_sent,.status]' '[5,5,0]'
	refute called mail
	report --verbose
	assert_output_has '5 due, 5 sent before: nobody is mailed'
}

@test "wrong words are 64 and do nothing" {
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

@test "an input that is not there is 74" {
	due_file=/nonexistent
	report
	assert_status 74
	assert_stderr_has 'cannot read /nonexistent'
}

# ---- who is due -----------------------------------------------------------

@test "without --input rw-list is asked, with the selection" {
	stub list 'printf "{\"follower_id\":\"f-1\"}\n"'
	run --separate-stderr dash "$bin/rw-report" --period 2025-03 \
		--follower f-1 --follower=f-2 --shard 2/3 --select - \
		<<<'{"follower_id":"f-9"}'
	assert_status 0
	run grep ^list "$calls"
	assert_output "list --period 2025-03 --shard 2/3 --follower f-1 --follower f-2 --select $(last_run)/select"
	assert_file_has "$(last_run)/select" f-9
	assert_lines 1 "$(last_run)/done"
}

@test "rw-list that cannot reach its database: 69, nobody is mailed" {
	stub list 'echo "rw-list: error: cannot reach db" >&2; exit 69'
	run --separate-stderr dash "$bin/rw-report" --period 2025-03
	assert_status 69
	assert_stderr_has 'rw-list ended with status 69; nobody was mailed'
	assert_stderr_has 'rw-list: error: cannot reach db'
	refute called lookup
}

# month_at UTC-TIME [ZONE]: the month that rw-list is asked for.
month_at() {
	: >"$calls"
	stub list 'echo "{}"'
	ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$BUILD/clock.so \
		RW_TEST_CLOCK=@$(date -ud "$1" +%s) \
		MARKET_CLOSE_TIMEZONE=${2-} dash "$bin/rw-report" ||
		fail "rw-report failed at $1"
	sed -n 's/^list --period //p' "$calls"
}

@test "the default month is the last whole one in New York" {
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

@test "an unknown time zone is configuration, not UTC" {
	for zone in Amercia/New_York ../zoneinfo/UTC /etc/localtime ''; do
		MARKET_CLOSE_TIMEZONE=$zone run --separate-stderr \
			dash "$bin/rw-report" --check
		[ -n "$zone" ] || { assert_status 0; continue; }
		assert_status 78
		assert_stderr_has "time zone \"$zone\""
		assert_stderr_has 'rw-list ended with status 78'
	done
}

# ---- locks ----------------------------------------------------------------

# A run that stays in rw-gen until "go" exists; its process is $held.
hold_run() {
	stub gen 'while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
	dash "$bin/rw-report" --input "$due_file" 3>&- &
	held=$!
	wait_for 10 called gen
}

@test "a second run on the host: 75, and who holds the lock" {
	hold_run
	report
	assert_status 75
	assert_stderr_has "rw-run: error: run $(basename "$(last_run)") (process $held) is under way here"
	touch "$calls.go"
	wait "$held"
}

@test "--lock-wait waits for the other run" {
	hold_run
	report --lock-wait 1
	assert_status 75
	(sleep 1; touch "$calls.go") 3>&- &
	report --lock-wait 30
	assert_status 0
	wait "$held"
	local runs=("$RW_STATE_DIR"/runs/*.lock)
	assert_equal "${#runs[@]}" 2
}

@test "runs of different shards go side by side, others wait their turn" {
	stub list 'exec cat "'"$due_file"'"'
	stub gen 'while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
	dash "$bin/rw-report" --shard 1/2 3>&- &
	held=$!
	wait_for 10 called gen
	run dash "$bin/rw-report" --shard 1/2
	assert_status 75
	run dash "$bin/rw-report" --period 2025-06
	assert_status 75
	stub gen 'exec cat'
	run dash "$bin/rw-report" --shard 2/2
	assert_status 0
	touch "$calls.go"
	wait "$held"
}

@test "the script killed: its run lives while a stage does, the host is free" {
	hold_run
	local lock
	lock=$(last_run).lock
	kill -9 "$held"
	wait "$held" || true
	run flock -n "$lock" true
	assert_status 1
	stub gen 'exec cat'
	report
	assert_status 0
	touch "$calls.go"
	wait_for 10 flock -n "$lock" true
}

@test "asked to terminate: the stage in hand ends, no other begins, 143" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		: >"$calls"
		rm -f "$calls.go"
		stub gen 'trap "" TERM; while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
		# shellcheck disable=SC2086
		setsid ${sh} "$bin/rw-report" --input "$due_file" \
			2>"$BATS_TEST_TMPDIR/words" 3>&- &
		held=$!
		wait_for 10 called gen
		kill -TERM -- "-$held"
		touch "$calls.go"
		status=0
		wait "$held" || status=$?
		assert_status 143
		assert_file_has "$BATS_TEST_TMPDIR/words" \
			'stopped by a request to terminate'
		refute called put
		refute called mail
	done
}

@test "asked to terminate during the mail: the run waits for rw-mail's end" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		: >"$calls"
		rm -f "$calls.go"
		stub mail 'trap "" TERM; while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
		# shellcheck disable=SC2086
		setsid ${sh} "$bin/rw-report" --input "$due_file" \
			2>"$BATS_TEST_TMPDIR/words" 3>&- &
		held=$!
		wait_for 10 called mail
		kill -TERM -- "-$held"
		sleep 0.3
		[ -d "$(last_run)/reports" ] || [ -d "$(last_run)" ]
		kill -0 "$held" || fail 'the script did not wait'
		touch "$calls.go"
		status=0
		wait "$held" || status=$?
		assert_status 143
	done
}

@test "asked to terminate during the mail: what was sent is recorded" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		: >"$calls"
		rm -f "$calls.go"
		stub mail 'trap "" TERM; while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
		stub result 'cat >"$calls.recorded"'
		# shellcheck disable=SC2086
		setsid ${sh} "$bin/rw-report" --input "$due_file" \
			2>"$BATS_TEST_TMPDIR/words" 3>&- &
		held=$!
		wait_for 10 called mail
		wait_for 10 called result
		kill -TERM -- "-$held"
		sleep 0.3
		touch "$calls.go"
		status=0
		wait "$held" || status=$?
		assert_status 143
		assert_lines 5 "$calls.recorded"
	done
}

# ---- the state directory --------------------------------------------------

@test "everything in the state directory is its owner's alone" {
	umask 000
	report --keep
	assert_status 0
	run find "$RW_STATE_DIR" -perm /077
	assert_output ''
}

@test "reports go with the run, stay with --keep and --out" {
	stub gen 'shift; mkdir -p "$1" && : >"$1/report.pdf"; exec cat'
	report
	assert_equal "$(find "$RW_STATE_DIR" -name report.pdf)" ''
	report --keep
	assert_equal "$(find "$RW_STATE_DIR" -name report.pdf)" \
		"$RW_STATE_DIR/reports/report.pdf"
	report --out "$BATS_TEST_TMPDIR/o o"
	[ -e "$BATS_TEST_TMPDIR/o o/report.pdf" ]
}

@test "files that go with the run need not be on the disk, others must" {
	report
	assert_file_has "$calls" '--no-sync'
	report --dry-run --keep
	assert_equal "$(grep -c -e --no-sync "$calls")" 2
	: >"$calls"
	report --keep
	report --out "$BATS_TEST_TMPDIR/out"
	assert_equal "$(grep -c '^gen ' "$calls")" 2
	refute grep -e --no-sync "$calls"
}

@test "what old runs left is removed, what lives is not touched" {
	local where=$RW_STATE_DIR/runs
	mkdir -p "$where"/{old,killed,alive}/reports
	touch "$where"/{killed,alive}.lock
	touch -d '40 days ago' "$where"/{old,alive}.lock
	exec 8>>"$where/alive.lock"
	touch -d '40 days ago' "$where/alive.lock"
	flock 8
	report
	exec 8>&-
	assert_status 0
	[ ! -e "$where/old" ]
	[ ! -e "$where/old.lock" ]
	[ -e "$where/killed" ]
	[ ! -e "$where/killed/reports" ]
	[ -e "$where/alive/reports" ]
}

@test "looking for what runs left does not make a dead one look alive" {
	local where=$RW_STATE_DIR/runs
	mkdir -p "$where"
	touch "$where/dead.lock"
	# As rw-record --claim of another shard looks at it.
	flock -s "$where/dead.lock" sleep 5 3>&- &
	mkdir -p "$where/dead/reports"
	sleep 0.2
	report
	assert_status 0
	[ ! -e "$where/dead/reports" ]
}

@test "no place for state is 78" {
	unset RW_STATE_DIR XDG_STATE_HOME
	HOME='' report
	assert_status 78
	assert_stderr_has 'no place for state'
}

@test "a full disk in the state directory: 74, nobody is mailed, a reason" {
	[ "$(id -u)" = 0 ] || skip 'only root may mount'
	local small=$BATS_TEST_TMPDIR/small
	mkdir "$small"
	mount -t tmpfs -o size=64k tmpfs "$small" || skip 'no tmpfs here'
	seq -f '{"follower_id":"f-%g","x":"0123456789012345678901234567890"}' \
		400 >"$due_file"
	stub gen 'cat || exit 74'
	RW_STATE_DIR=$small report
	local got=$status
	umount "$small"
	assert_equal "$got" 74
	assert_stderr_has 'rw-report: error: '
	refute called mail
}

# ---- settings -------------------------------------------------------------

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
	printf 'MONGO_DB_NAME="a\\nb"\r\nX=last' >>"$BATS_TEST_TMPDIR/.env"
	stub gen 'env >"$calls.env"; exec cat'
	cd "$BATS_TEST_TMPDIR"
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		ADMIN_EMAIL=environment report --env .env
		assert_status 0
		assert_equal "$(grep -E '^(MINIO|SMTP|ADMIN|MONGO|https|X|b)' \
			"$calls.env" | sort)" 'ADMIN_EMAIL=environment
MINIO_ACCESS_KEY=single # "x" $HOME
MINIO_BUCKET_NAME=plain value
MINIO_SECRET_KEY=d "q" \ $HOME `touch pwned` $(touch pwned)
MONGO_DB_NAME=a
SMTP_HOST=
SMTP_PASSWORD=it'\''s#so
SMTP_USER=around
X=last
b
https_proxy=http://127.0.0.1:9'
		[ ! -e pwned ]
	done
}

@test "--env: a line that cannot be understood is named, without a value" {
	local line
	for line in FOO 'FOO BAR=1' "X='a" 'X="a' "X='a'b" 'X="a\"' PATH=/x \
		IFS=x LD_PRELOAD=x bin=/tmp =x '$(id)=1'; do
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
	assert_output 'ledger: fine'
	assert_stderr_has 'rw-put: error: no bucket'
	for tool in list record put presign mail; do
		grep -qx "$tool --check" "$calls" || fail "$tool was not asked"
	done
	refute called gen
	assert_equal "$(ls "$RW_STATE_DIR" 2>/dev/null)" ''
}

@test "--dry-run reaches every tool and touches no metrics" {
	stub mail 'echo "rw-mail: would send" >&2; echo "dry $DRY_RUN_MODE" >>"$calls"; exec cat'
	RW_METRICS_FILE=$BATS_TEST_TMPDIR/metrics report --dry-run
	assert_status 0
	called dry
	assert_stderr_has 'rw-mail: would send'
	[ ! -e "$BATS_TEST_TMPDIR/metrics" ]
	refute called status
}

@test "--dry-run leaves the files in the directory of the reports alone" {
	stub gen 'while [ "$1" != --out ]; do shift; done
	echo "out $2" >>"$calls"; exec cat'
	report --dry-run --out "$BATS_TEST_TMPDIR/o o"
	assert_status 0
	assert_file_has "$calls" "out $RW_STATE_DIR/runs/"
	report --dry-run --keep
	refute grep -q "out $RW_STATE_DIR/reports" "$calls"
}

@test "DRY_RUN_MODE is understood as the tools understand it" {
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

# ---- log, metrics, watchdog -----------------------------------------------

@test "the log gets a line in the tools' form, as text and as JSON" {
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

@test "metrics: written by rename; what is not known keeps its value" {
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

@test "metrics on a full disk: the old ones stay whole" {
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

@test "the watchdog hears start and success, start and failure" {
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

@test "a watchdog that is away does not change the outcome" {
	RW_HEARTBEAT_URL=http://127.0.0.1:9/x report
	assert_status 0
	assert_stderr_has 'warning: RW_HEARTBEAT_URL cannot be reached'
	assert_stderr_lacks 127.0.0.1
}

@test "a ledger that cannot be asked at the end: a warning" {
	stub status 'echo "rw-status: error: gone" >&2; exit 69'
	report --json
	assert_status 0
	assert_stderr 'rw-report: warning: the ledger cannot be asked what came of it: rw-status: error: gone'
	summary_is '[.status, has("sent")]' '[0,false]'
}

# ---- the examples -----------------------------------------------------------

@test "examples: the settings are read, the units and the rotation are right" {
	# The one file of theirs that this machine may not have a place for.
	export RW_LOG_FILE=$BATS_TEST_TMPDIR/log
	RW_STATE_DIR=$BATS_TEST_TMPDIR/s report --check \
		--env "$ROOT/examples/report-worker.env"
	assert_status 0
	if command -v systemd-analyze >/dev/null; then
		sed "s|/usr/local/bin/|$bin/|; s|^ExecStart=\(.*\)/rw-report|ExecStart=/bin/true|" \
			"$ROOT/examples/report-worker.service" \
			>"$BATS_TEST_TMPDIR/report-worker.service"
		cp "$ROOT/examples/report-worker.timer" "$BATS_TEST_TMPDIR"
		run systemd-analyze verify --man=no \
			"$BATS_TEST_TMPDIR"/report-worker.{service,timer}
		assert_output ''
		assert_status 0
	fi
	if command -v logrotate >/dev/null; then
		sed 's/report-worker adm/root root/' \
			"$ROOT/examples/report-worker.logrotate" \
			>"$BATS_TEST_TMPDIR/logrotate"
		run logrotate -d -s "$BATS_TEST_TMPDIR/rotated" \
			"$BATS_TEST_TMPDIR/logrotate"
		assert_output_lacks 'error:'
	fi
	# Each command of the crontab is one that rw-report takes.
	grep -o 'rw-report .*' "$ROOT/examples/crontab" |
		while read -r _ words; do
			# shellcheck disable=SC2086
			set -- ${words/\/etc/$ROOT\/examples}
			stub list 'echo "{}"'
			dash "$bin/rw-report" "$@" || fail "$words"
		done
}

# ---- how it is written ----------------------------------------------------

@test "shellcheck finds nothing" {
	need_command shellcheck
	run shellcheck -s sh "$ROOT/scripts/rw-report" "$ROOT/scripts/demo" \
		"$ROOT/examples/pipeline.sh"
	assert_status 0
}

@test "--help names every option that the page describes, and no other" {
	run dash "$bin/rw-report" --help
	assert_status 0
	local told described
	told=$(grep -oE -e '--[a-z-]+' <<<"$output" | sort -u)
	described=$(sed -n 's/^\.It Fl -\([a-z-]*\).*/--\1/p' \
		"$ROOT/man/rw-report.1" | sort -u)
	assert_equal "$told" "$(printf '%s\n%s\n' "$described" \
		'--help
--version' | sort -u)"
}

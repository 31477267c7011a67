#!/usr/bin/env bats
# rw-report with the real tools: each report that is due is sent or named;
# reports that other runs have claimed are waited for; a rehearsal changes
# nothing.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db
	rw-record --init
	local n
	for n in 1 2 3; do
		due "f-$n"
	done >due
}

due() {
	printf '{"follower_id":"%s","report_period":"2025-06","email":"%s@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"100"}}\n' \
		"$1" "$1"
}

# break_tool TOOL CONDITION BODY: when the arguments match, BODY replaces the
# tool; in BODY, "$real" "$@" runs the real tool.
break_tool() {
	local bin=$BATS_TEST_TMPDIR/bin
	mkdir -p "$bin"
	ln -sf "$BUILD"/rw-* "$bin/"
	rm -f "$bin/$1"
	cat >"$bin/$1" <<-SH
		#!/bin/sh
		real=$BUILD/$1
		case " \$* " in
		$2) ;;
		*) exec "\$real" "\$@" ;;
		esac
		$3
	SH
	chmod +x "$bin/$1"
	export RW_BUILD=$bin
}

report() {
	run --separate-stderr rw-report --wait-claims 40s --input due "$@"
}

mailed() {
	grep -rhoE '^To: .*' mail/new 2>/dev/null | sed 's/To: //; s/@.*//' |
		sort | tr '\n' ' '
}

# elsewhere ID...: a second host claims them; its lines are in "theirs".
elsewhere() {
	local id
	for id; do
		due "$id"
	done | RW_HOST=other RW_STATE_DIR=$BATS_TEST_TMPDIR/other \
		rw-record --claim --run-id theirs >theirs
}

# ends MEMBERS: the second host ends its claims with this outcome.
ends() {
	sed "s/\"state\":\"claimed\"/$1/" theirs | RW_HOST=other \
		RW_STATE_DIR=$BATS_TEST_TMPDIR/other \
		rw-record --result --run-id theirs >/dev/null
}

# ---- in the pipe of the mail: relay.bats has more ------------------------------

@test "a line that --claim loses, repeats or reorders: nobody is mailed, 70" {
	local fault
	for fault in 'sed 2d | "$real" "$@"' '"$real" "$@" | sed 2d' \
		'"$real" "$@" | sed 1d' '"$real" "$@" | sed \$d' \
		'"$real" "$@" | sed p' '"$real" "$@" | sed "\$p"' \
		'"$real" "$@" | sort -r' 'sort -r | "$real" "$@"' \
		'"$real" "$@" >/dev/null' '"$real" "$@" | head -c -9' \
		'"$real" "$@" | sed "2s/f-2/f-9/g"' \
		'"$real" "$@" | sed "2s/f-2@/f-1@/"' \
		'"$real" "$@" | sed "2s/\"sequence\":[0-9]*/\"sequence\":7/"' \
		'"$real" "$@" | sed 2d; exit 1' 'exec cat' 'exec cat >/dev/null'; do
		break_tool rw-record '*" --claim "*' "$fault"
		report
		[ "$status" = 70 ] || fail "$fault"
		assert_stderr_has 'error: 2025-06: rw-record --claim lost, repeated or reordered reports: '
		assert_stderr_has '; nobody was mailed'
		assert_equal "$(mailed)" ''
	done
	unset RW_BUILD
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-1 f-2 f-3 '
}

@test "an incomplete batch of --claim is not mailed, earlier batches are" {
	local n
	for n in $(seq 4 120); do
		due "f-$n"
	done >>due
	break_tool rw-record '*" --claim "*' '"$real" "$@" | sed 77d'
	report
	assert_status 70
	assert_stderr_has 'rw-record --claim lost, repeated or reordered reports: line 77: f-78 2025-06 is out of order'
	assert_equal "$(mailed | wc -w)" 50
	unset RW_BUILD
	report
	assert_status 0
	assert_equal "$(mailed | wc -w)" 120
}

@test "a --claim that is interrupted: unsent reports are named, and mailed later" {
	break_tool rw-record '*" --claim "*' '"$real" "$@" | head -n 2; exit 69'
	report
	assert_status 69
	assert_stderr_has 'rw-record --claim ended with status 69'
	assert_stderr_has '2 of 3 failed: f-1 2025-06, f-2 2025-06'
	assert_stderr_has '1 of 3 were claimed and have no outcome: f-3 2025-06'
	unset RW_BUILD
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-1 f-2 f-3 '
}

@test "reports that rw-mail or --result drops, repeats or reorders are named, 70" {
	local fault
	for fault in 'sed 1d | "$real" "$@"' '"$real" "$@" | sed 1d' \
		'"$real" "$@" | sed p' 'sed p | "$real" "$@"' \
		'"$real" "$@" | tac' 'tac | "$real" "$@"' \
		'"$real" "$@" | sed 1d; exit 1' 'cat >/dev/null' 'exec cat'; do
		for tool in rw-mail rw-record; do
			[ "$tool" = rw-mail ] || ln -sf "$BUILD/rw-mail" bin/rw-mail
			rm -rf mail ledger.db* state
			rw-record --init
			case $tool in
			rw-mail) break_tool rw-mail '*' "[ \"\$1\" != --only-work ] || exec \"\$real\" \"\$@\"; $fault" ;;
			*) break_tool rw-record '*" --result "*' "$fault" ;;
			esac
			report
			[ "$status" = 70 ] || fail "$tool: $fault"
			case $tool in
			rw-mail) assert_stderr_has 'rw-mail lost, repeated or reordered reports: ' ;;
			*) assert_stderr_has 'rw-record --result lost, repeated or reordered reports: ' ;;
			esac
			[ "$(mailed)" = "$(mailed | tr ' ' '\n' | sort -u | xargs printf '%s ')" ] ||
				[ "$(mailed)" = '' ] || fail "$tool, $fault: mailed twice"
			unset RW_BUILD
			report
			assert_status 0
			assert_equal "$(mailed)" 'f-1 f-2 f-3 ' "$tool, $fault"
		done
	done
}

@test "an rw-mail that falsely reports a mail as sent is not trusted: in doubt, 70" {
	break_tool rw-mail '*' '[ "$1" != --only-work ] || exec "$real" "$@"
		sed "s/\"state\":\"claimed\"/\"state\":\"sent\",\"email_sent\":true/"'
	report
	assert_status 70
	assert_stderr_has 'rw-record: error: f-1 2025-06: rw-mail says that it was sent, and its journal does not say so: in doubt'
	assert_stderr_has '3 of 3 are in doubt: f-1 2025-06, f-2 2025-06, f-3 2025-06'
	assert_equal "$(rw-status --all --json | jq -r .state | sort -u)" in_doubt
	unset RW_BUILD
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-1 f-2 f-3 '
}

@test "an rw-mail that reports a sent mail as failed is not trusted: 70, no second mail" {
	break_tool rw-mail '*' '[ "$1" != --only-work ] || exec "$real" "$@"
		"$real" "$@" | sed "2s/\"email_sent\":true/\"email_sent\":false/"'
	report
	assert_status 70
	assert_stderr_has 'f-2 2025-06: rw-mail says that it was not sent, and its journal does not say so: in doubt'
	unset RW_BUILD
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-1 f-2 f-3 '
}

@test "--again: a report that was sent before and not again is named" {
	rw-report --input due
	rm mail/new/*
	break_tool rw-record '*" --claim "*' 'head -n 1 | "$real" "$@"; exit 69'
	report --again
	assert_status 69
	assert_stderr_has '3 of 3 were sent before, and not once more by this run: f-1 2025-06, f-2 2025-06, f-3 2025-06'
	assert_equal "$(mailed)" ''
}

@test "a lookup that drops unsent reports: 70, and nobody is mailed" {
	break_tool rw-record '*" --lookup "*' 'sed 2d | "$real" "$@"'
	report
	assert_status 70
	break_tool rw-record '*" --lookup "*' '"$real" "$@" | sed 2d'
	report
	assert_status 70
	assert_stderr_has 'rw-record --lookup lost, repeated or reordered reports'
	assert_equal "$(mailed)" ''
}

@test "lines of two kinds that fail: the sum is exact" {
	{
		echo 'not a line'
		due f-1
		echo '{"follower_id":"f-5","report_period":"2025-06","email":"f-5@example.com"}'
		echo '{"follower_id":"f-6"}'
	} >>due
	report --json
	assert_status 65
	assert_json "$output" \
		'[.due,.sent,.failed,.duplicate,.malformed]' '[7,3,1,1,1]'
	assert_lines 1 "$RW_STATE_DIR"/runs/*/rejects
	assert_stderr_has '1 of 5 failed: f-5 2025-06'
}

# ---- other runs ----------------------------------------------------------------

# Waits until a run that began after the last change of "theirs" has found
# reports of the other run.
until_found() {
	until find "$RW_STATE_DIR/runs" -name elsewhere -size +0 -newer theirs \
		2>/dev/null | grep -q .; do
		sleep 0.1
	done
}

@test "a report that a different run has sent meanwhile counts as sent before" {
	elsewhere f-2
	(until_found; sleep 3; ends '"email_sent":true') 3>&- &
	local before=$SECONDS
	report --json
	assert_status 0
	assert_stderr_lacks error
	assert_json "$output" '[.sent,.already_sent,.claimed_elsewhere]' '[2,1,0]'
	[ $((SECONDS - before)) -ge 2 ] || fail 'it did not wait'
	assert_equal "$(mailed)" 'f-1 f-3 '
}

@test "a report that failed or is in doubt in a different run counts the same here" {
	elsewhere f-2
	(until_found; ends '"email_sent":false') 3>&- &
	report
	assert_status 1
	assert_stderr_has '1 of 3 failed: f-2 2025-06'
	due f-4 >>due
	elsewhere f-4
	(until_found; ends '"state":"in_doubt"') 3>&- &
	report
	assert_status 1
	assert_stderr_has '1 of 4 are in doubt: f-4 2025-06'
	assert_equal "$(mailed)" 'f-1 f-2 f-3 '
}

@test "this run mails reports that a different run released, or whose lease has ended" {
	elsewhere f-2
	(until_found; ends '"state":"rehearsed"') 3>&- &
	report --json
	assert_status 0
	assert_json "$output" '[.sent,.claimed_elsewhere]' '[3,0]'
	assert_equal "$(mailed)" 'f-1 f-2 f-3 '
	due f-4 >>due
	RW_LEASE=3s elsewhere f-4
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-1 f-2 f-3 f-4 '
}

@test "reports that a different run keeps: 75, with its name and lease; 0 does not wait" {
	elsewhere f-1 f-3
	local before=$SECONDS
	report --wait-claims 0 --json
	assert_status 75
	[ $((SECONDS - before)) -lt 20 ] || fail 'it waited'
	assert_stderr_has 'error: 2025-06: other runs have not ended yet'
	[[ $stderr =~ '2 of 3 are claimed by run theirs on other; its lease ends at 20'[0-9-]*T ]] ||
		fail "no run, host and lease: $stderr"
	assert_json "$output" '[.sent,.claimed_elsewhere,.status]' '[1,2,75]'
	before=$SECONDS
	report --wait-claims 2s
	assert_status 75
	[ $((SECONDS - before)) -ge 2 ] || fail 'it did not wait'
	ends '"email_sent":true'
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-2 '
}

@test "a signal ends the wait at once" {
	elsewhere f-2
	rw-report --input due >said 2>&1 3>&- &
	local pid=$!
	wait_for 20 test -s mail/new
	wait_for 30 sh -c '[ -n "$(pgrep -P '$pid' -x sleep)" ]'
	local before=$SECONDS
	kill -TERM $pid
	local status=0
	wait $pid || status=$?
	assert_equal "$status" 143
	[ $((SECONDS - before)) -lt 10 ] || fail 'it did not end'
}

@test "two hosts that share a month and a SQLite ledger both end with 0" {
	local n pids=()
	for n in $(seq 60); do
		due "f-$n"
	done >due
	for n in 1 2; do
		RW_HOST=host-$n RW_STATE_DIR=$BATS_TEST_TMPDIR/state-$n \
			RW_MAIL_OPTIONS='--rate 20/s' rw-report --input due \
			--json >"out-$n" 2>"err-$n" 3>&- &
		pids+=($!)
	done
	for n in 1 2; do
		wait "${pids[n - 1]}" || fail "host $n: $? $(cat "err-$n")"
	done
	assert_equal "$(jq -s '[(map(.sent) | add)] + map(.sent + .already_sent) | tostring' out-1 out-2)" \
		'"[60,60,60]"'
	assert_equal "$(mailed | wc -w)" 60
}

# ---- rehearsals ------------------------------------------------------------------

@test "--to: due and sent reports go to the address, and the ledger does not change" {
	head -n 1 due | rw-report --input -
	rm mail/new/*
	rw-status --all --json --show-urls >before
	RW_METRICS_FILE=$BATS_TEST_TMPDIR/metrics report --to me@example.com
	assert_status 0
	assert_stderr ''
	assert_equal "$(grep -rh '^To: ' mail/new | sort -u)" 'To: me@example.com'
	assert_equal "$(find mail/new -type f | wc -l)" 3
	rw-status --all --json --show-urls | cmp before -
	[ ! -e metrics ]
	assert_equal "$(find "$RW_STATE_DIR" -path '*/runs/*' -name '*.pdf')" ''
	rm mail/new/*
	report
	assert_status 0
	assert_equal "$(mailed)" 'f-2 f-3 '
}

@test "--to: unsent followers are named; a refusal has the usual status" {
	echo '{"follower_id":"f-5","report_period":"2025-06","email":"f-5@example.com"}' >>due
	report --to me@example.com
	assert_status 1
	assert_stderr_has '1 of 4 would not be sent: f-5 2025-06'
	SMTP_TLS=false RW_MAIL_TRANSPORT=smtp://127.0.0.1:1 \
		report --to me@example.com
	assert_status 69
	assert_equal "$(rw-status --all --json)" ''
}

@test "--to: reports that rw-mail drops, repeats, reorders or changes are 70, with any status" {
	local fault end
	for fault in 'sed 1d | "$real" "$@"' '"$real" "$@" | sed 1d' \
		'"$real" "$@" | sed \$d' '"$real" "$@" | sed p' \
		'sed p | "$real" "$@"' 'sed p | "$real" "$@" | uniq' \
		'"$real" "$@" | tac' 'tac | "$real" "$@"' \
		'"$real" "$@" | head -c -9' '"$real" "$@" >/dev/null' \
		'cat >/dev/null' 'exec cat' '"$real" "$@" | sed "2s/f-2/f-9/g"' \
		'"$real" "$@" | sed "2s/f-2@/f-1@/"' \
		'"$real" "$@" | sed "2s/\"total_pnl\":[^,]*/\"total_pnl\":1/"' \
		'"$real" "$@" | sed "2s/.*/garbage/"'; do
		for end in 0 1; do
			break_tool rw-mail '*" --to "*' "$fault; exit $end"
			report --to me@example.com
			[ "$status" = 70 ] || fail "$fault, $end: $status"
			assert_stderr_has 'rw-mail lost, repeated or reordered reports: '
		done
	done
	unset RW_BUILD
	report --to me@example.com
	assert_status 0
	assert_equal "$(rw-status --all --json)" ''
}

@test "--to: an rw-mail that was interrupted is named with its status, not 70" {
	local end want
	for end in 69 75 137; do
		break_tool rw-mail '*" --to "*' "head -n 2 | \"\$real\" \"\$@\"; exit $end"
		report --to me@example.com
		case $end in 137) want=74 ;; *) want=$end ;; esac
		assert_status $want
		assert_stderr_has '1 of 3 would not be sent: f-3 2025-06'
		break_tool rw-mail '*" --to "*' "\"\$real\" \"\$@\" | sed p; exit $end"
		report --to me@example.com
		assert_status 70
	done
}

@test "--to: a report in doubt stays in doubt" {
	RW_FAULT=rw-mail:accepted run rw-report --input due
	run rw-report --input due --in-doubt hold
	rw-status --all --json >before
	grep -q in_doubt before
	report --to me@example.com
	assert_status 0
	rw-status --all --json | cmp before -
}

@test "--to excludes options that would claim or do nothing" {
	local words
	for words in '--to me@example.com --dry-run' '--to x' '--to=' \
		'--to me@example.com --take-over' '--wait-claims soon'; do
		# shellcheck disable=SC2086
		report $words
		assert_status 64
	done
	DRY_RUN_MODE=true report --to me@example.com
	assert_status 64
}

@test "--dry-run is 0 when all would be sent, otherwise 1 with names" {
	report --dry-run --quiet
	assert_status 0
	elsewhere f-2
	echo '{"follower_id":"f-5","report_period":"2025-06","email":"f-5@example.com"}' >>due
	report --dry-run
	assert_status 1
	assert_stderr_has '2 of 4 would not be sent: f-2 2025-06, f-5 2025-06'
	rm due
	due f-1 >due
	report
	report --dry-run
	assert_status 0
}

# ---- further options ----------------------------------------------------------------

@test "options that change the task of a tool are 64 before anything is made" {
	local name words
	for name in GEN PUT PRESIGN MAIL; do
		for words in --help -h -hq --version --check --print --dry-run '--to x@y' \
			--to=x@y '--period 2025-06' --period=2025-06 '--rejects f' \
			--rejects=f --hel --vers --per=2025-06 --rej=f --nonsense --accept \
			-z x --; do
			export "RW_${name}_OPTIONS=$words"
			report
			assert_status 64
			assert_stderr_has "rw-report: error: RW_${name}_OPTIONS: "
		done
		unset "RW_${name}_OPTIONS"
	done
	[ ! -e "$RW_STATE_DIR/runs" ]
	RW_MAIL_OPTIONS='--rate 50/s -j 2' report
	assert_status 0
}

# ---- the end of a run, when standard output fails
# --------------------------------------

# Also with a pipe without a reader.
@test "--json to a full, closed or broken standard output: only the status is 74" {
	local way status
	for way in full closed broken; do
		rm -rf metrics "$RW_STATE_DIR/runs"
		status=0
		case $way in
		full) RW_METRICS_FILE=$PWD/metrics rw-report --input due --json \
			>/dev/full 2>said || status=$? ;;
		closed) RW_METRICS_FILE=$PWD/metrics rw-report --input due --json \
			>&- 2>said || status=$? ;;
		broken) { RW_METRICS_FILE=$PWD/metrics rw-report --input due --json \
			2>said; echo $? >status; } | : || true
			status=$(<status) ;;
		esac
		assert_equal "$status" 74
		assert_file_has said 'cannot write standard output'
		assert_file_has metrics 'report_worker_last_run_status 0'
		assert_equal "$(find "$RW_STATE_DIR/runs" -name '*.pdf')" ''
	done
}

@test "a failure is in the metrics when standard error has no reader" {
	local status=0
	echo 'not a line' >>due
	{ RW_METRICS_FILE=$PWD/metrics rw-report --input due --json 2>&1 >out
		echo $? >status; } | : || true
	assert_equal "$(<status)" 65
	assert_file_has metrics 'report_worker_last_run_status 65'
	assert_json "$(<out)" .status 65
}

#!/usr/bin/env bats
# rw-splice: compares the reports of two files.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit 1
	lines 1 2 3 4 5 >given
}

lines() {
	printf '{"follower_id":"f-%s","report_period":"2025-06"}\n' "$@"
}

# splice STATUS ARG...
splice() {
	local want=$1
	shift
	run --separate-stderr rw-splice "$@"
	assert_status "$want"
}

@test "the same reports: the output is passed on" {
	sed 's/}/,"x":1}/' given >wrote
	splice 0 given wrote
	assert_output "$(<wrote)"
	assert_stderr ''
}

@test "escapes, blanks and the order of members do not make a different report" {
	printf '\xef\xbb\xbf{"report_period":"2025-06", "follower_id":"\\u0066-1"}\r\n\n' >wrote
	lines 1 >given
	splice 0 given wrote
}

@test "a beginning: its complete lines, then the rest of the input" {
	{ lines 1 2 | sed 's/}/,"x":1}/'; printf '{"follower_id":"f-3","rep'; } >wrote
	splice 1 given wrote
	assert_output "$(lines 1 2 | sed 's/}/,"x":1}/'; lines 3 4 5)"
	: >wrote
	splice 1 given wrote
	assert_output "$(<given)"
	# It is complete except for its end.
	printf %s "$(<given)" >wrote
	splice 1 given wrote
	assert_output "$(<given)"
}

@test "dropped, repeated, reordered, invented, unreadable: 70, and the line is named" {
	lines 1 3 4 5 >wrote
	splice 70 given wrote
	assert_stderr 'rw-splice: error: wrote, line 2: f-3 2025-06 is out of order'
	lines 1 1 2 3 4 >wrote
	splice 70 given wrote
	lines 2 1 3 4 5 >wrote
	splice 70 given wrote
	lines 1 2 3 4 5 6 >wrote
	splice 70 given wrote
	assert_stderr 'rw-splice: error: wrote, line 6: f-6 2025-06 is not in the input'
	sed 2s/6/7/ given >wrote
	splice 70 given wrote
	{ lines 1; echo '{"follower_id":"f-2",'; lines 3 4 5; } >wrote
	splice 70 given wrote
	assert_stderr 'rw-splice: error: wrote, line 2 cannot be read'
	RW_MAX_LINE=64 splice 0 given given
	sed '2s/}/,"x":"0123456789012345678901234567890"}/' given >wrote
	RW_MAX_LINE=64 splice 70 given wrote
}

@test "a name that is not a string is compared unchanged" {
	echo '{"follower_id":7,"report_period":null}' >given
	splice 0 given given
	echo '{"follower_id":"7","report_period":null}' >wrote
	splice 70 given wrote
	echo '{"report_period":null}' >wrote
	splice 70 given wrote
}

@test "--period is the month of lines without a month" {
	echo '{"follower_id":"f-1"}' >given
	lines 1 >wrote
	splice 70 given wrote
	splice 0 --period 2025-06 given wrote
	splice 70 --period 2025-07 given wrote
}

@test "--subset: some of the reports in order, and the tool's own counts" {
	lines 2 5 >wrote
	splice 0 --subset given wrote
	assert_output ''
	echo '{"read":5,"passed":1,"failed":1,"dropped":3,"unreadable":0}' >outcome
	splice 0 --subset --outcome outcome given wrote
	echo 'not a line' >>given
	splice 70 --subset --outcome outcome given wrote
	assert_stderr 'rw-splice: error: the tool counted 5 lines read and 2 written; given has 6 and wrote has 2'
	echo '{"read":6,"passed":1,"failed":1,"dropped":3,"unreadable":1}' >outcome
	splice 0 --subset --outcome outcome given wrote
	echo '{"read":6,"passed":2}' >outcome
	splice 70 --subset --outcome outcome given wrote
	assert_stderr 'rw-splice: error: outcome: a count is missing'
	splice 70 --subset --outcome missing given wrote
	local wrong
	for wrong in '5 2' '2 2' '2 6' '6'; do
		# shellcheck disable=SC2086
		lines $wrong >wrote
		splice 70 --subset given wrote
	done
}

@test "--subset --outcome: the counts must add up, so that no count can be lowered alone" {
	lines 2 5 >wrote
	local counts
	for counts in '"dropped":2,"unreadable":0' '"dropped":4,"unreadable":0' \
		'"dropped":3,"unreadable":1'; do
		echo "{\"read\":5,\"passed\":2,\"failed\":0,$counts}" >outcome
		splice 70 --subset --outcome outcome given wrote
		assert_stderr_has 'rw-splice: error: the tool counted 5 lines read and '
	done
	echo '{"read":5,"passed":2,"failed":0}' >outcome
	splice 70 --subset --outcome outcome given wrote
	assert_stderr 'rw-splice: error: outcome: a count is missing'
}

@test "--subset --all: only unreadable lines may be left out" {
	{ lines 1; echo 'not a line'; lines 2; } >given
	lines 1 2 >wrote
	splice 0 --subset --all given wrote
	lines 2 >wrote
	splice 70 --subset --all given wrote
	assert_stderr 'rw-splice: error: given, line 1: f-1 2025-06 is not in wrote'
	lines 1 >wrote
	splice 70 --subset --all given wrote
	assert_stderr 'rw-splice: error: given, line 3: f-2 2025-06 is not in wrote'
	splice 64 --all given wrote
}

@test "--rehearsed: reports that would not be sent are named" {
	{
		lines 5 1 2 | sed 's/}/,"state":"rehearsed"}/'
		lines 3 | sed 's/}/,"state":"rehearsed","error":{"tool":"rw-mail","kind":"refused","message":"no"}}/'
	} >wrote
	splice 1 --rehearsed given wrote
	assert_stderr 'rw-splice: error: 2 of 5 would not be sent: f-3 2025-06, f-4 2025-06'
	sed 's/}/,"state":"rehearsed"}/' given >wrote
	splice 0 --rehearsed given wrote
}

@test "--mailed: only an outcome may be added, and the checksums of the tool must match" {
	local members=',"state":"rehearsed","email_sent":false,"delivery":"links","error":{"tool":"rw-mail","kind":"refused","message":"no"}'
	sed "s/}/$members}/" given >wrote
	splice 0 --mailed --whole given wrote
	sed '3s/}$/,"total_pnl":"1"}/' wrote >changed
	splice 70 --mailed --whole given changed
	assert_stderr 'rw-splice: error: changed, line 3: f-3 2025-06 is not in the input, differs from the input, or is a duplicate'
	tac wrote >turned
	splice 0 --mailed --whole given turned
	sed 3p wrote >changed
	splice 70 --mailed given changed
	lines 1 2 >short
	splice 1 --mailed given short
	splice 70 --mailed --whole given short
	assert_stderr 'rw-splice: error: 3 of 5 are missing: f-3 2025-06, f-4 2025-06, f-5 2025-06'
	RW_OUTCOME_FILE=outcome rw-splice given given >wrote
	splice 70 --mailed --whole --outcome outcome given wrote
	assert_stderr 'rw-splice: error: its outcome does not match its input'
	rm outcome
	RW_OUTCOME_FILE=outcome "$PYTHON" "$ROOT/tests/honest.py" cat <given >wrote
	splice 0 --mailed --whole --outcome outcome given wrote
	sed p given >twice
	RW_OUTCOME_FILE=outcome "$PYTHON" "$ROOT/tests/honest.py" uniq <twice >/dev/null
	splice 70 --mailed --whole --outcome outcome given wrote
	splice 70 --mailed --whole --outcome missing given wrote
	assert_stderr 'rw-splice: error: it wrote no outcome'
	splice 64 --mailed --subset given wrote
	splice 64 --mailed --rehearsed given wrote
}

@test "the outcome of a tool: its counts" {
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06"}' x \
		'{"follower_id":"drop","report_period":"2025-06"}' '{}' >in
	RW_OUTCOME_FILE=outcome run filter_probe <in
	assert_json "$(<outcome)" 'del(.tool, .causes, .read_sum, .written_sum)' \
		'{"status":65,"read":4,"passed":1,"failed":1,"dropped":1,"unreadable":1,"given_up":0,"would_send":0,"reader_gone":false,"more":0}'
	assert_json "$(<outcome)" '[.causes[] | .level, .kind, .subject, .count]' \
		'["error","unreadable","line 2",1,"error","data","line 4",1]'
	RW_OUTCOME_FILE=missing/outcome run filter_probe </dev/null
	assert_status 74
}

@test "usage errors, missing files, a full disk" {
	splice 64
	splice 64 given
	splice 64 --subset --rehearsed given given
	splice 64 --outcome given given given
	splice 74 given missing
	splice 74 . given
	rw-splice given given >/dev/full 2>said && fail 'a full disk was not noticed'
	grep -q 'cannot write standard output' said
}

@test "memory does not grow with the number of lines" {
	lines $(seq 200000) >given
	cp given wrote
	run bash -c 'ulimit -v 40000 && rw-splice given wrote | tail -n 1'
	assert_output "$(lines 200000)"
}

@test "input members must not change: a changed address is a fault" {
	sed 's/}/,"email":"a@example.com","daily_pnl":{"2025-06-02":"1.0"},"x":1}/' given >g
	splice 0 g g
	sed 's/"x":1/"x":2,"high_water_mark":"7","pdf_path":"p"/' g >wrote
	splice 0 g wrote
	splice 0 --subset g wrote
	sed '3s/a@/b@/' g >wrote
	splice 70 g wrote
	assert_stderr 'rw-splice: error: wrote, line 3: f-3 2025-06 does not have the email of the input'
	splice 70 --subset g wrote
	sed '2s/,"email":"[^"]*"//' g >wrote
	splice 70 g wrote
	sed '2s/}$/,"iban":"x"}/' g >wrote
	splice 70 g wrote
	assert_stderr_has 'does not have the iban of the input'
	sed '5s/1\.0"/1.00"/' g >wrote
	splice 70 g wrote
	assert_stderr_has 'line 5: f-5 2025-06 does not have the daily_pnl'
}

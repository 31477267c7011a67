# The line loop and the contract of records in rw-lines(5), tested with a
# minimal filter.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

line() {
	printf '{"follower_id":"%s","report_period":"2025-06"%s}\n' "$1" \
		"${2:-}"
}

probe() {
	run --separate-stderr filter_probe "$@"
}

@test "empty input gives empty output and status 0" {
	probe </dev/null
	assert_status 0
	assert_output ""
	assert_stderr ""
}

@test "unknown members pass byte for byte, in order" {
	line a ',"x":0.10,"y":[1e5, {"z" : 12345678901234567890123}],"w":"\u00e4\/"' >in
	probe <in
	assert_status 0
	assert_output '{"follower_id":"a","report_period":"2025-06","x":0.10,"y":[1e5, {"z" : 12345678901234567890123}],"w":"\u00e4\/","probed":true}'
}

@test "a number of 400 digits is unchanged" {
	digits=$(printf '7%.0s' $(seq 400))
	line a ",\"n\":-$digits.$digits" >in
	probe <in
	assert_status 0
	assert_output_has "\"n\":-$digits.$digits,"
}

@test "blank lines, CRLF, a BOM and a missing final newline are accepted" {
	printf '\xef\xbb\xbf%s\r\n\n   \r\n%s' "$(line a)" "$(line b)" >in
	probe <in
	assert_status 0
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" "a b "
	assert_stderr ""
}

@test "unreadable lines are named and rejected unchanged; the other lines pass" {
	{
		line a
		printf '{"follower_id":"b"\n'
		printf '[1]\n'
		printf '{"follower_id":"c","follower_id":"d"}\n'
		printf '{"x":"\xff"}\n'
		printf '{"x":\0}\n'
		line e
	} >in
	probe --rejects bad <in
	assert_status 65
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" "a e "
	assert_stderr "filter_probe: error: line 2: byte 19: the text ends too early
filter_probe: error: line 3: this is a JSON array: expected one object on each line; jq -c '.[]' FILE writes them so
filter_probe: error: line 4: duplicate member \"follower_id\"
filter_probe: error: line 5: byte 7: 0xff is not UTF-8
filter_probe: error: line 6: byte 6: a NUL"
	sed -n 2,6p in | cmp - bad
}

@test "a line of 10 MB is rejected unchanged and costs no memory" {
	need_plain_build
	{
		line a
		printf '{"follower_id":"b","x":"'
		head -c 10000000 /dev/zero | tr '\0' x
		printf '"}\n'
		line c
	} >in
	run --separate-stderr /usr/bin/time -f %M -o rss filter_probe \
		--rejects bad <in
	assert_status 65
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" "a c "
	assert_stderr "filter_probe: error: line 2: longer than 4194304 bytes (RW_MAX_LINE)"
	sed -n 2p in | cmp - bad
	# Twice the longest line that is read, and the process itself.
	[ "$(tail -n 1 rss)" -lt 20000 ] || fail "peak memory: $(cat rss) kB"
}

@test "RW_MAX_LINE raises the limit" {
	line a ",\"x\":\"$(head -c 5000000 /dev/zero | tr '\0' x)\"" >in
	RW_MAX_LINE=6000000 filter_probe <in >out
	[ "$(wc -c <out)" -eq "$(($(wc -c <in) + 14))" ]
}

@test "a line of 3,000 levels is unreadable, a line of 900 passes" {
	deep() {
		line a ",\"x\":$(printf '[%.0s' $(seq "$1"))$(printf ']%.0s' $(seq "$1"))"
	}
	deep 3000 >in
	probe <in
	assert_status 65
	assert_stderr_has "nested too deep"
	deep 900 >in
	probe <in
	assert_status 0
}

@test "a readable but malformed record is passed on with an error" {
	{
		line ../../etc
		printf '{"follower_id":"a","report_period":"2025-13"}\n'
		printf '{"follower_id":"b"}\n'
		printf '{"report_period":"2025-06"}\n'
		line good
	} >in
	probe <in
	assert_status 1
	assert_equal "$(json '[.error.tool, .error.kind, .error.retryable, .probed]' <<<"$output")" \
		'["filter_probe","data",false,null]
["filter_probe","data",false,null]
["filter_probe","data",false,null]
["filter_probe","data",false,null]
[null,null,null,true]'
	assert_stderr_has 'line 1: follower_id is "../../etc"'
	assert_stderr_has '"2025-13" is not a valid month'
	assert_stderr_has 'line 3 (b): report_period is missing'
	assert_stderr_has 'line 4: follower_id is missing'
}

@test "--period fills in a missing period and refuses a different one" {
	printf '{"follower_id":"a"}\n{"follower_id":"b","report_period":"2025-05"}\n' >in
	probe --period 2025-06 <in
	assert_status 1
	assert_json "$(sed -n 1p <<<"$output")" .report_period 2025-06
	assert_json "$(sed -n 2p <<<"$output")" .error.message \
		'report_period is "2025-05", and --period asks for 2025-06'
	probe --period 2025-6 <in
	assert_status 64
}

@test "the error of a different tool passes unchanged; the tool's own error is cleared" {
	{
		line a ',"error":{"tool":"rw-put","kind":"io","message":"m","retryable":true}'
		line b ',"error":{"tool":"filter_probe","kind":"io","message":"m","retryable":true}'
	} >in
	probe <in
	assert_status 0
	assert_equal "$(sed -n 1p <<<"$output")" "$(sed -n 1p in)"
	assert_json "$(sed -n 2p <<<"$output")" '[.error, .probed]' '[null,true]'
}

@test "the order of the input is kept with many lines in flight" {
	for i in $(seq 1000); do line "f$i"; done >in
	filter_probe -j 37 <in >out
	json .follower_id <out | cmp - <(seq 1000 | sed s/^/f/)
}

@test "--as-done passes every line once" {
	for i in $(seq 1000); do line "f$i"; done >in
	filter_probe -j 37 --as-done <in >out
	json .follower_id <out | sort | cmp - <(seq 1000 | sed s/^/f/ | sort)
}

@test "failed and dropped jobs, in order" {
	{ line a; line fail; line drop; line b; } >in
	for j in 1 3; do
		probe -j $j <in
		assert_status 1
		assert_equal "$(json '[.follower_id, .error.kind]' <<<"$output" | tr '\n' ' ')" \
			'["a",null] ["fail","refused"] ["b",null] '
	done
}

@test "an error that ends the run sets the status; jobs that were begun are passed" {
	{ line a; line stop; line b; } >in
	for j in 1 3; do
		probe -j $j <in
		assert_status 69
		assert_json "$output" .follower_id a
		assert_stderr "filter_probe: error: asked to stop"
	done
}

@test "a single line is passed on while the input stays open" {
	mkfifo pipe
	filter_probe <pipe >out &
	local probe=$!
	exec 5>pipe
	line a >&5
	wait_for 5 test -s out
	assert_lines 1 out
	exec 5>&-
	wait "$probe"
}

@test "a full disk is status 74 and reported" {
	for i in $(seq 100); do line "f$i"; done >in
	for j in 1 9; do
		run --separate-stderr sh -c "filter_probe -j $j <in >/dev/full"
		assert_status 74
		assert_stderr "filter_probe: error: cannot write standard output: No space left on device"
	done
}

@test "a closed standard output is status 74 and reported" {
	line a >in
	run --separate-stderr sh -c 'filter_probe <in >&-'
	assert_status 74
	assert_stderr_has "cannot write standard output: Bad file descriptor"
	RW_LOG_FILE=log run sh -c 'filter_probe <in >&-'
	assert_status 74
	assert_file_lacks log follower_id
}

@test "a reader that exits is status 74, not death by SIGPIPE" {
	for i in $(seq 5000); do line "f$i"; done >in
	sh -c '{ filter_probe <in 2>err; echo $? >status; } | head -n 1 >/dev/null'
	assert_equal "$(cat status)" 74
	assert_file_has err "cannot write standard output: Broken pipe"
}

@test "a tool that drains reads to the end when its output is closed" {
	for i in $(seq 500); do line "f$i"; done >in
	run --separate-stderr sh -c 'filter_probe --drains --verbose <in >/dev/full'
	assert_status 74
	assert_stderr_has "500 lines read"
}

@test "a full disk under --rejects is status 74" {
	printf 'x\n' >in
	probe --rejects /dev/full <in
	assert_status 74
	assert_stderr_has "cannot write /dev/full"
}

@test "the command line: help, version, errors" {
	probe --help
	assert_status 0
	assert_output_has "Usage: filter_probe [OPTION]..."
	assert_output_has "--rejects FILE"
	probe --version
	assert_status 0
	probe --nonsense
	assert_status 64
	assert_stderr "filter_probe: error: unknown option --nonsense; see --help"
	probe --rejects
	assert_status 64
	assert_stderr "filter_probe: error: --rejects requires a value; see --help"
	probe -j 0
	assert_status 64
	probe operand
	assert_status 64
	run --separate-stderr sh -c 'filter_probe --help >/dev/full'
	assert_status 74
}

@test "logs: RW_LOG_FILE in text and JSON, and errors" {
	line fail >in
	RW_LOG_FILE=log probe <in
	assert_file_has log "error: fail 2025-06: asked to fail"
	RW_LOG_FILE=log.json RW_LOG_FORMAT=json probe <in
	assert_json "$(head -n 1 log.json)" '[.level, .program, .message]' \
		'["error","filter_probe","fail 2025-06: asked to fail"]'
	RW_LOG_FILE=/nonexistent/log probe <in
	assert_status 74
	RW_LOG_FORMAT=xml probe <in
	assert_status 78
}

@test "control characters in a record do not reach the terminal" {
	printf '{"follower_id":"\\u001b[31m\\r\\nforged"}\n' >in
	probe --period 2025-06 <in
	assert_status 1
	assert_stderr_has '\x1b[31m\r\nforged'
	assert_equal "$(wc -l <<<"$stderr")" 1
}

@test "a progress line on a terminal, also on a different descriptor" {
	need_terminal
	# Two lines, a pause in which the progress line is drawn, two more
	# lines.
	slowly() {
		line a
		line fail
		sleep 0.5
		line c
		sleep 0.5
		line d
	}
	export -f slowly line
	run on_terminal bash -c 'slowly | filter_probe >out'
	assert_output_has $'\r\e[Kfilter_probe: 3 done, 1 failed, '
	RW_PROGRESS_TOTAL=8 run on_terminal bash -c 'slowly | filter_probe >out'
	[[ $output =~ filter_probe:\ 3\ of\ 8,\ 1\ failed,\ [1-9]/s,\ [1-9]\ s\ left ]] ||
		fail 'no progress'
	RW_PROGRESS_FD=5 run on_terminal bash -c \
		'slowly | filter_probe 5>&2 2>err >out'
	assert_output_has $'\r\e[Kfilter_probe: 3 done, 1 failed, '
	assert_output_lacks 'error'
	assert_file_lacks err 'done'
	run on_terminal bash -c 'slowly | filter_probe --quiet >out 2>&1'
	assert_output ''
	RW_PROGRESS_FD=x run filter_probe </dev/null
	assert_status 78
}

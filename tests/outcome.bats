#!/usr/bin/env bats
# rw-outcome, and the outcomes that the tools write.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# lines ID...
lines() {
	local id
	for id; do
		printf '{"follower_id":"%s","report_period":"2025-06"}\n' "$id"
	done
}

shell() {
	(
		eval "$(rw-outcome --shell "$1")"
		# shellcheck disable=SC2154
		printf '%s|%s|%s' "$reader_gone" "$would_send" "$cause"
	)
}

@test "a cause that many reports share has a count" {
	lines fail fail ok fail >in
	RW_OUTCOME_FILE=x.outcome run filter_probe <in
	assert_json "$(<x.outcome)" '.causes[0] | [.kind,.subject,.message,.count]' \
		'["refused","fail 2025-06","asked to fail",3]'
	run rw-outcome . x
	assert_output 'filter_probe: error: fail 2025-06: asked to fail
rw-report: last message repeated 2 times'
	assert_equal "$(shell x.outcome)" '|0|asked to fail'
}

@test "an error before the first line has an outcome" {
	RW_OUTCOME_FILE=x.outcome RW_MAX_LINE=none run filter_probe </dev/null
	assert_status 78
	assert_json "$(<x.outcome)" '[.status, .causes[0].kind]' '[78,"config"]'
}

@test "a closed reader is not a cause; a full disk is one" {
	lines ok >in
	mkfifo pipe
	(
		exec 6<>pipe 7>pipe 6<&-
		RW_OUTCOME_FILE=x.outcome filter_probe <in >&7 2>said || true
	)
	assert_json "$(<x.outcome)" '[.status, .reader_gone, .causes]' \
		'[74,true,[]]'
	assert_equal "$(shell x.outcome)" 'yes|0|'
	rm x.outcome
	RW_OUTCOME_FILE=x.outcome filter_probe <in >/dev/full 2>said || true
	assert_json "$(<x.outcome)" '[.reader_gone, .causes[0].kind]' \
		'[false,"io"]'
}

@test "shell variables: quotes, control characters, several outcomes, none" {
	printf '%s\n' '{"tool":"rw-a","would_send":2,"causes":[{"level":"warning","message":"w"}]}' \
		'{"tool":"rw-a","would_send":3,"causes":[{"level":"error","message":"it'"'"'s $(touch pwned) `x` \\\u000ano"}]}' \
		'{"tool":' >x.outcome
	assert_equal "$(shell x.outcome)" '|5|it'"'"'s $(touch pwned) `x` \\nno'
	[ ! -e pwned ]
	assert_equal "$(shell missing)" '|0|'
	assert_equal "$(shell .)" '|0|'
}

@test "messages: lines of other programs, and of a killed tool" {
	echo '{"tool":"rw-a","causes":[{"level":"error","message":"m","count":1}]}' \
		>a.outcome
	printf '%s\n' 'rw-a: error: m' 'ld.so: no' >a.err
	printf 'rw-b: error: %s\n' 1 2 3 4 5 6 7 8 9 10 11 12 >b.err
	run rw-outcome . a b c
	assert_output "rw-a: error: m
ld.so: no
$(head -n 10 b.err)
rw-report: 2 more in ./b.err"
	run rw-outcome
	assert_status 64
	run rw-outcome --shell a.outcome x
	assert_status 64
}

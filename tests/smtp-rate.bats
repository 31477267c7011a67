#!/usr/bin/env bats
# RW_RATE_DOMAINS, and servers that limit one domain.

load helpers
load smtp_helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com
	cd "$BATS_TEST_TMPDIR" || return 1
}

# mixed N: N followers at slow.example, then N at other.example.
mixed() {
	local i domain
	for domain in slow other; do
		for ((i = 1; i <= $1; i++)); do
			printf '{"follower_id":"%s-%d","report_period":"2025-06","email":"%s-%d@%s.example","pdf_url":"https://s.example/p","excel_url":"https://s.example/x"}\n' \
				$domain "$i" $domain "$i" $domain
		done
	done
}

# Lines of out, in the order in which they were done: "slow" or "other".
order() {
	jq -r '.follower_id | sub("-.*"; "")' out
}

# seconds_of DOMAIN: from the first accepted message to it to the last.
seconds_of() {
	jq -s --arg d "@$1.example" '[.[] | select(.event == "message" and (.to | tostring | contains($d))).time] | max - min' "$SMTP_SCRIPT_LOG"
}

@test "RW_RATE_DOMAINS paces one domain, and others go on" {
	serve '{}'
	mixed 6 >line
	RW_RATE_DOMAINS=slow.example=4/s rw-mail <line >out
	assert_equal "$(json .email_sent out | sort -u)" true
	# Each of the other six was sent before the last of the slow ones.
	assert_equal "$(order | tail -n 1)" slow
	assert_equal "$(order | tail -n 5 | sort -u)" slow
	assert_equal "$(seconds_of slow | jq '. > 1.1')" true
}

@test "a server that limits one domain by 450: all are sent, and others do not wait" {
	serve '{"pipelining":true,"rules":[{"at":"rcpt","match":"@slow","beyond":[2,2],"reply":"450 4.7.28 too many mails to slow.example"}]}'
	mixed 5 >line
	run --separate-stderr rw-mail --verbose < <(cat line)
	assert_status 0
	printf '%s\n' "$output" >out
	assert_equal "$(json .email_sent out | sort -u)" true
	assert_equal "$(wc -l <out)" 10
	assert_equal "$(order | tail -n 1)" slow
	assert_equal "$(order | head -n 7 | grep -c other)" 5
	assert_equal "$(grep -c 'mails to slow.example are sent more slowly: the server answered to RCPT: 450 4.7.28' <<<"$stderr")" 1
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 10
}

@test "a server that limits one domain by 421, after the text" {
	serve '{"rules":[{"at":"dot","match":"@slow","beyond":[2,2],"reply":"421 4.7.28 too many mails to slow.example"}]}'
	mixed 4 >line
	run --separate-stderr rw-mail < <(cat line)
	assert_status 0
	assert_stderr ''
	printf '%s\n' "$output" >out
	assert_equal "$(json .email_sent out | sort -u)" true
	assert_equal "$(order | tail -n 1)" slow
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 8
}

@test "a domain that accepts nothing is given up, and the others are sent" {
	serve '{"rules":[{"at":"rcpt","match":"@slow","reply":"450 4.7.1 come back tomorrow"}]}'
	mixed 12 >line
	run --separate-stderr rw-mail -j 2 < <(cat line)
	assert_status 1
	printf '%s\n' "$output" >out
	assert_equal "$(jq -c 'select(.email_sent) | .follower_id' out | grep -c other)" 12
	assert_equal "$(jq -c 'select(.email_sent | not) | [.error.kind, .error.retryable]' out | sort -u)" '["refused",true]'
	assert_equal "$(order | head -n 12 | sort -u)" other
	assert_stderr_has 'no more mails are sent to slow.example in this run: the server answered to RCPT: 450 4.7.1 come back tomorrow'
	assert_stderr_has ': the server answered to RCPT: 450 4.7.1 come back tomorrow'
}

@test "claimed reports are tried again under one claim, and once in the journal" {
	export RW_LEDGER=$PWD/ledger.db
	rw-record --init
	serve '{"rules":[{"at":"rcpt","match":"@slow","nth":[1,2],"reply":"450 4.2.1 later"}]}'
	mixed 1 | rw-record --claim | rw-mail | rw-record --result >out
	assert_equal "$(json .state out | sort -u)" sent
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 2
	assert_equal "$(rw-status --json | json .state | sort -u)" sent
}

@test "what waits is refused at a signal, and is no mail in doubt" {
	serve '{"rules":[{"at":"rcpt","match":"@slow","reply":"450 4.2.1 later"}]}'
	mixed 3 >line
	rw-mail <line >out 2>err &
	local pid=$!
	wait_for 30 others_are_out
	kill -TERM $pid
	wait $pid || true
	assert_equal "$(jq -c 'select(.email_sent | not).error.kind' out | sort -u)" '"refused"'
	assert_equal "$(wc -l <out)" 6
}

others_are_out() {
	[ "$(grep -c '"email_sent":true' out)" -eq 3 ]
}

@test "a wrong RW_RATE_DOMAINS is 78" {
	serve '{}'
	RW_RATE_DOMAINS=gmail.com=fast run --separate-stderr rw-mail </dev/null
	assert_status 78
	assert_stderr 'rw-mail: error: RW_RATE_DOMAINS has "gmail.com=fast": expected DOMAIN=N/s, with /s, /m or /h'
	RW_RATE_DOMAINS='a.example=1/s A.example=2/s' run --separate-stderr rw-mail --check
	assert_status 78
	assert_stderr_has 'RW_RATE_DOMAINS has A.example twice'
}

@test "letters that wait with many bytes are written again, with the same bytes" {
	export RW_MAIL_TRANSPORT=maildir:$PWD/box
	head -c 9000000 /dev/urandom >a.pdf
	head -c 1000 /dev/urandom >a.xlsx
	for i in {1..8}; do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","mail_date":"2025-07-01T00:10:00Z","pdf_path":"a.pdf","excel_path":"a.xlsx"}\n' "$i" "$i"
	done >line
	rw-mail <line >out
	assert_equal "$(json .email_sent out | sort -u)" true
	for file in box/new/*; do
		grep -v '^Return-Path:' "$file" | sha256sum
	done | sort >got
	while read -r one; do
		rw-mail --print <<<"$one" | tr -d '\r' | sha256sum
	done <line | sort >expected
	assert_equal "$(cat got)" "$(cat expected)"
}

# rw-mail with mail servers that are slow in different ways, and stopped
# during such waits. (setup limits each answer, also to the dot, to 1 s.)
#
# bats file_tags=plain

load helpers
load smtp_helpers

# drips SCRIPT [OUTCOMES]: expects that f-1 to f-3 end within bounded time, with
# these outcomes.
drips() {
	local began=$SECONDS
	fault "{\"rules\":[$1]}" "${3:-69}" "${2:-later later later}"
	[ $((SECONDS - began)) -le 12 ] || fail "$1: $((SECONDS - began)) s"
}

@test "an answer that drips, at each command: not sent, within bounded time" {
	local at drip
	for drip in lines bytes; do
		for at in connect ehlo; do
			drips "{\"at\":\"$at\",\"drip\":\"$drip\"}"
		done
		for at in mail rcpt data; do
			drips "{\"at\":\"$at\",\"drip\":\"$drip\"}"
		done
	done
}

@test "an answer to the final dot that drips: in doubt" {
	drips '{"at":"dot","drip":"lines"}' 'doubt doubt doubt' 1
	drips '{"at":"dot","store":true,"drip":"bytes"}' 'doubt doubt doubt' 1
}

@test "an answer to QUIT that drips is not waited for" {
	local began=$SECONDS
	fault '{"rules":[{"at":"quit","drip":"lines"}]}' 0 'sent sent sent'
	[ $((SECONDS - began)) -le 6 ]
}

@test "commands share one deadline, even if each is answered just in time" {
	fault '{"rules":[{"at":["mail","rcpt","data"],"delay":0.7}]}' 69 \
		'later later later'
	assert_file_has err 'the server did not answer in time'
}

@test "a server that reads the text a byte at a time" {
	head -c 6000000 /dev/zero | tr '\0' x >big
	followers 2 '"pdf_path":"big","excel_path":"big"' >line
	serve '{"rules":[{"at":"body","drip":"read"}]}'
	export RW_SMTP_TIMEOUT=2
	local began=$SECONDS code=0
	rw-mail -j 2 <line >out 2>err || code=$?
	assert_equal "$code" 69
	assert_equal "$(outcomes)" 'later later'
	[ $((SECONDS - began)) -le 12 ]
}

@test "a server that hangs at each message counts as down before all have waited" {
	followers 60 >line
	serve '{"rules":[{"at":"rcpt","hang":true}]}'
	local began=$SECONDS code=0
	rw-mail -j 2 <line >out 2>err || code=$?
	assert_equal "$code" 69
	# A budget of 6 s, of two messages at a time.
	[ $((SECONDS - began)) -le 10 ] || fail "$((SECONDS - began)) s"
	assert_lines 60 out
	assert_file_has err 'is too slow: the time for all messages has run out'
	[ "$(log_count "$SMTP_SCRIPT_LOG" '.stage == "mail"')" -le 9 ]
}

@test "a slow server that accepts messages is waited for" {
	followers 20 >line
	serve '{"rules":[{"at":"dot","delay":0.8},{"at":"rcpt","match":"f-7@","hang":true}]}'
	local code=0
	RW_SMTP_DOT_TIMEOUT=2 rw-mail -j 2 <line >out 2>err || code=$?
	assert_equal "$code" 69
	assert_equal "$(outcomes | tr ' ' '\n' | sort | uniq -c | tr -s ' ')" " 1 later
 19 sent"
}

# ---- stopped -----------------------------------------------------------------

# counted: prints the number of each outcome.
counted() {
	outcomes | tr ' ' '\n' | sort | uniq -c | tr -s ' ' | tr -d '\n'
}

# stopped STAGE GRACE SIGNAL...: stops rw-mail at a server that hangs at STAGE.
stopped() {
	local at=$1 signal code=0
	export RW_SMTP_TIMEOUT=60 RW_SMTP_DOT_TIMEOUT=60 RW_GRACE=$2
	shift 2
	followers 20 >line
	rm -rf "$RW_STATE_DIR"
	serve "{\"rules\":[{\"at\":\"$at\",\"match\":\"f-[12]@\",\"hang\":true}]}"
	rw-mail -j 2 <line >out 2>err 3>&- &
	local pid=$!
	wait_for 5 eval '[ "$(grep -c "\"hang\"" "$SMTP_SCRIPT_LOG")" = 2 ]'
	began=$(date +%s%3N)
	for signal; do
		kill "-$signal" $pid
		[ $# = 1 ] || sleep 1.2
	done
	wait $pid || code=$?
	took=$(($(date +%s%3N) - began))
	assert_equal "$code" $((128 + $(kill -l "$1")))
	assert_lines 20 out
	assert_journal_says_the_same
}

@test "stopped while the server is silent: true outcomes after the grace period" {
	stopped rcpt 2 TERM
	[ "$took" -ge 1500 ]
	[ "$took" -le 4000 ]
	assert_equal "$(counted)" ' 20 later'
	stopped dot 2 HUP
	[ "$took" -le 4000 ]
	assert_equal "$(counted)" ' 2 doubt 18 later'
	assert_file_has err 'the whole message was sent, and no answer arrived: rw-mail was stopped'
}

@test "a second signal ends the grace period, unless it follows within a second" {
	stopped dot 30 TERM HUP
	[ "$took" -le 4000 ]
	assert_equal "$(counted)" ' 2 doubt 18 later'
	assert_file_has err 'work in progress was given up when the grace period expired'

	export RW_SMTP_DOT_TIMEOUT=10
	serve '{"rules":[{"at":"dot","delay":2}]}'
	rm -rf "$RW_STATE_DIR"
	rw-mail -j 2 <line >out 2>err 3>&- &
	local pid=$! code=0
	wait_for 5 eval '[ "$(grep -c "\"stage\": \"data\"" "$SMTP_SCRIPT_LOG")" -ge 2 ]'
	kill -TERM $pid
	sleep 0.2	# of several at once the kernel delivers any first
	kill -HUP $pid
	kill -TERM $pid
	wait $pid || code=$?
	assert_equal "$code" 143
	assert_equal "$(outcomes | tr ' ' '\n' | grep -c sent)" 2
}

@test "stopped while the system's sendmail hangs: killed, and in doubt" {
	cat >slow <<-'SH'
		#!/bin/sh
		echo >begun
		exec sleep 60
	SH
	chmod +x slow
	export RW_GRACE=1 RW_SMTP_DOT_TIMEOUT=60
	local code=0
	rw-mail --transport "sendmail:$PWD/slow" <line >out 2>err 3>&- &
	local pid=$!
	wait_for 5 test -e begun
	kill -TERM $pid
	began=$SECONDS
	wait $pid || code=$?
	assert_equal "$code" 143
	[ $((SECONDS - began)) -le 4 ]
	assert_equal "$(outcomes | tr ' ' '\n' | sort | uniq -c | tr -s ' ')" " 1 doubt
 2 later"
	assert_file_has err 'slow had not ended when rw-mail was stopped'
}

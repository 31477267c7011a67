#!/usr/bin/env bats
# rw-mail and mail servers that would refuse every mail: --check detects them,
# and a run names a setting as the cause.

load helpers
load smtp_helpers

# refuses RULES [MEMBERS]: starts a new server.
refuses() {
	serve '{"rules":['"$1"']'"${2:+,$2}"'}'
}

# asked STAGE: prints the number of commands of this kind.
asked() {
	log_count "$SMTP_SCRIPT_LOG" ".stage == \"$1\""
}

check() {
	run --separate-stderr rw-mail --check </dev/null
}

# ---- --check ----------------------------------------------------------------

@test "--check: a server that refuses MAIL is 78, and the setting to check is named" {
	local answer
	for answer in '530 5.7.0 Authentication required' '530 log in' \
		'535 5.7.8 log in' '538 5.7.11 use TLS'; do
		refuses '{"at":"mail","reply":"'"$answer"'"}'
		check
		assert_status 78
		assert_output ''
		assert_stderr "rw-mail: error: the mail server $SMTP_HOST:$SMTP_PORT refuses all mail: the server answered to MAIL: $answer (SMTP_USER is not set)"
	done
	for answer in '550 5.7.1 no login' '550 log in first' \
		'553 5.7.1 not owned by you' '501 5.1.7 bad address'; do
		refuses '{"at":"mail","reply":"'"$answer"'"}'
		check
		assert_status 78
		assert_stderr "rw-mail: error: the mail server $SMTP_HOST:$SMTP_PORT refuses all mail: the server answered to MAIL: $answer (REPORT_SENDER_EMAIL is reports@example.com)"
	done
	refuses '{"at":"mail","reply":"451 4.3.0 later"}'
	check
	assert_status 69
	assert_stderr_has 'refuses mail from reports@example.com: the server answered to MAIL: 451 4.3.0 later'
	# With a login.
	refuses '{"at":"mail","reply":"530 5.7.0 log in"}' \
		'"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"right"'
	SMTP_USER=worker SMTP_PASSWORD=right check
	assert_status 78
	assert_stderr_has '(check SMTP_USER and SMTP_PASSWORD)'
	# Without TLS, although the server offers it.
	refuses '{"at":"mail","reply":"530 5.7.0 Must issue a STARTTLS command first"}' \
		'"starttls":true'
	SMTP_TLS=false check
	assert_status 78
	assert_stderr_has '(SMTP_TLS is false, and the server offers STARTTLS)'
}

@test "--check: MAIL and RSET, and RCPT for the administrator; no text" {
	local pipelining copy
	for pipelining in true false; do
		serve '{"pipelining":'$pipelining',"size":5000000}'
		check
		assert_status 0
		assert_output_has 'sender: accepted, reports@example.com'
		assert_output_has 'largest message: 5000000 bytes (with files of RW_MAX_ATTACH it has about 28'
		assert_stderr ''
		assert_equal "$(asked mail) $(asked rcpt) $(asked data) $(asked rset) $(asked quit)" \
			'1 0 0 1 1'
		for copy in cc summary; do
			serve '{"pipelining":'$pipelining'}'
			ADMIN_EMAIL=admin@example.net RW_ADMIN_COPY=$copy check
			assert_status 0
			assert_output_has 'recipient: accepted, admin@example.net'
			assert_equal "$(asked mail) $(asked rcpt) $(asked data) $(asked rset)" \
				'2 1 0 2'
		done
	done
	serve '{}'
	ADMIN_EMAIL=admin@example.net RW_ADMIN_COPY=none check
	assert_status 0
	assert_equal "$(asked rcpt)" 0
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 0
}

@test "--check: a server that does not relay to the administrator is 78" {
	refuses '{"at":"rcpt","reply":"554 5.7.1 <x>: Relay access denied"}'
	ADMIN_EMAIL=admin@example.net check
	assert_status 78
	assert_stderr "rw-mail: error: the mail server $SMTP_HOST:$SMTP_PORT refuses mail to admin@example.net: the server answered to RCPT: 554 5.7.1 <x>: Relay access denied"
	refuses '{"at":"rcpt","reply":"530 5.7.1 log in"}'
	ADMIN_EMAIL=admin@example.net check
	assert_status 78
	refuses '{"at":"rcpt","reply":"450 4.7.1 greylisted"}'
	ADMIN_EMAIL=admin@example.net check
	assert_status 0
	assert_stderr_has 'warning: the mail server refuses mail to admin@example.net for now'
	# The same for a server that closes the connection.
	refuses '{"at":"mail","drop":true}'
	check
	assert_status 69
	assert_stderr_has 'the connection was lost at MAIL'
	refuses '{"at":"rset","drop":true}'
	check
	assert_status 0
}

@test "--check: unused AUTH and a small size limit are warnings" {
	serve '{"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"right"}'
	unset SMTP_USER SMTP_PASSWORD
	check
	assert_status 0
	assert_stderr "rw-mail: warning: the mail server $SMTP_HOST:$SMTP_PORT offers AUTH, and SMTP_USER is not set: it may refuse mail without a login"
	SMTP_USER=worker SMTP_PASSWORD=right check
	assert_status 0
	assert_stderr ''
	serve '{"size":100000}'
	check
	assert_status 0
	assert_stderr "rw-mail: warning: the mail server $SMTP_HOST:$SMTP_PORT accepts at most 100000 bytes: it may refuse messages with files"
	serve '{"size":0}'
	check
	assert_status 0
	assert_stderr ''
}

@test "AUTH: every permanent refusal is a configuration error" {
	local code
	for code in '530 5.7.0' '534 5.7.9' '535 5.7.8' '538 5.7.11' '550 5.7.1'; do
		refuses '{"at":"auth","reply":"'"$code"' no"}' \
			'"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"right"'
		SMTP_USER=worker SMTP_PASSWORD=right check
		assert_status 78
		assert_stderr_has "at AUTH"
		assert_stderr_has "$code"
	done
	refuses '{"at":"auth","reply":"454 4.7.0 not now"}' \
		'"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"right"'
	SMTP_USER=worker SMTP_PASSWORD=right check
	assert_status 69
	refuses '{"at":"ehlo","reply":"530 5.7.0 no"}'
	check
	assert_status 78
}

# ---- a run ------------------------------------------------------------------

@test "a missing login: 78, every report is left for later, one message" {
	local stage pipelining
	followers 40 >line
	for pipelining in false true; do
		for stage in mail rcpt data dot; do
			serve '{"pipelining":'$pipelining',"rules":[{"at":"'$stage'","reply":"530 5.7.0 Authentication required"}]}'
			run --separate-stderr rw-mail -j 1 <line
			assert_status 78
			echo "$output" >out
			assert_lines 40 out
			assert_equal "$(json '[.error.kind,.error.retryable,.email_sent]' out | sort -u)" \
				'["config",true,false]'
			assert_equal "$(asked mail)" 1
			assert_file_has out "refuses all mail: the server answered to"
			assert_stderr_has '(SMTP_USER is not set)'
		done
	done
}

@test "a login that is required in the middle: sent reports stay sent" {
	fault '{"rules":[{"at":"mail","nth":2,"reply":"530 5.7.0 log in again"}]}' 78 \
		"sent later later"
}

@test "a refused sender: 78 at the first message; later an error of the report" {
	followers 40 >line
	refuses '{"at":"mail","reply":"553 5.7.1 not your address"}'
	run --separate-stderr rw-mail -j 1 <line
	assert_status 78
	assert_equal "$(asked mail)" 1
	assert_stderr_has '(REPORT_SENDER_EMAIL is reports@example.com)'
	# Postfix refuses at RCPT.
	refuses '{"at":"rcpt","reply":"550 5.1.8 <x>: Sender address rejected"}'
	run --separate-stderr rw-mail -j 1 <line
	assert_status 78
	assert_equal "$(asked mail)" 1
	# A limit is reached: further mails are tried for a while, and are not
	# permanently refused.
	local i rules=''
	for i in {4..43}; do
		rules="$rules,{\"at\":\"mail\",\"nth\":$i,\"reply\":\"550 5.7.1 too many\"}"
	done
	refuses "${rules#,}"
	run --separate-stderr rw-mail -j 1 <line
	assert_status 78
	assert_equal "$(asked mail)" 23
	assert_equal "$(json '[.email_sent,.error.retryable]' <<<"$output" | sort | uniq -c | tr -s ' ')" \
		' 37 [false,true]
 3 [true,null]'
}

@test "a server that never relays: 78 at the end, and after 20 refusals in a row" {
	refuses '{"at":"rcpt","reply":"554 5.7.1 <x>: Relay access denied"}'
	run --separate-stderr rw-mail -j 1 <line
	assert_status 78
	assert_stderr_has "rw-mail: error: the mail server $SMTP_HOST:$SMTP_PORT refused all mail, 3 messages: the server answered to RCPT: 554 5.7.1 <x>: Relay access denied (check whether this host is allowed to send)"
	head -n 1 line >one
	forget_claims
	run --separate-stderr rw-mail <one
	assert_status 78
	followers 50 >line
	forget_claims
	run --separate-stderr rw-mail -j 1 <line
	assert_status 78
	assert_stderr_has 'refuses all mail'
	assert_equal "$(json '[.error.kind,.error.retryable]' <<<"$output" | sort | uniq -c | tr -s ' ')" \
		' 31 ["config",true]
 19 ["refused",false]'
	# Exchange refuses after the text.
	followers 3 >line
	refuses '{"at":"dot","reply":"550 5.7.60 cannot send as this sender"}' \
		'"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"right"'
	run --separate-stderr rw-mail -j 1 <line
	assert_status 78
	assert_stderr_has '(check whether SMTP_USER and REPORT_SENDER_EMAIL are allowed to send)'
}

@test "refusals of some recipients are errors of these reports, with any code" {
	fault '{"rules":[{"at":"rcpt","match":"f-2@","reply":"554 5.7.1 Relay access denied"}]}' \
		1 "sent never sent"
	fault '{"rules":[{"at":"rcpt","match":"f-1@","reply":"554 5.7.1 Relay access denied"}]}' \
		1 "never sent sent"
	# A single refusal may be about its recipient, unless it is about
	# relaying.
	head -n 1 line >one
	refuses '{"at":"rcpt","reply":"550 5.7.1 we take no mail from you"}'
	run --separate-stderr rw-mail <one
	assert_status 1
	# No recipient exists.
	refuses '{"at":"rcpt","reply":"550 5.1.1 no such user"}'
	run --separate-stderr rw-mail -j 1 <line
	assert_status 1
	# Both kinds of refusals.
	refuses '{"at":"rcpt","match":"f-2@","reply":"550 5.1.1 no such user"},{"at":"rcpt","reply":"554 5.7.1 Relay access denied"}'
	run --separate-stderr rw-mail -j 1 <line
	assert_status 1
}

@test "several connections: every report is left for later" {
	followers 60 >line
	refuses '{"at":"mail","reply":"530 5.7.0 log in"}'
	run --separate-stderr rw-mail -j 8 <line
	assert_status 78
	assert_equal "$(json '[.error.kind,.error.retryable]' <<<"$output" | sort | uniq -c | tr -s ' ')" \
		' 60 ["config",true]'
	[ "$(asked mail)" -le 8 ] || fail "it was asked $(asked mail) times"
}

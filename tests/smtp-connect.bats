#!/usr/bin/env bats
# rw-mail and mail servers that misbehave: connecting, TLS, AUTH.

load helpers
load smtp_helpers

# ---- before the first message -----------------------------------------------

@test "connecting: after a temporary fault all mail is sent" {
	local stage action
	for stage in connect ehlo; do
		for action in '"reply":"421 busy"' '"drop":true' '"reset":true'; do
			fault '{"rules":[{"at":"'$stage'","nth":1,'"$action"'}]}' \
				0 "sent sent sent"
		done
	done
}

@test "connecting: a permanent fault is logged once, and all mail is retryable" {
	local stage action
	for stage in connect ehlo; do
		for action in '"reply":"421 busy"' '"reply":"554 go away"' \
			'"drop":true' '"hang":true'; do
			fault '{"rules":[{"at":"'$stage'",'"$action"'}]}' 69 \
				"later later later"
			[ "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" -le 3 ] ||
				fail "more than three attempts"
			[ ! -d "$RW_STATE_DIR/journal" ] || fail "something was begun"
		done
	done
}

@test "connection refused: 69, three attempts for all records together" {
	followers 500 >line
	began=$SECONDS
	run bash -c 'SMTP_HOST=127.0.0.1 SMTP_PORT=1 SMTP_TLS=false rw-mail <line 2>err >out'
	assert_status 69
	[ $((SECONDS - began)) -lt 10 ] || fail "that took too long"
	assert_equal "$(jq -c '[.error.kind, .error.retryable, .email_sent]' out | sort | uniq -c | tr -s ' ')" \
		' 500 ["unreachable",true,false]'
	assert_file_has err "127.0.0.1:1 cannot be used, at connect"
}

@test "TLS: refused, dropped, hung, not offered" {
	local rule
	for rule in '{"at":"starttls","reply":"454 4.7.0 not now"}' \
		'{"at":"starttls","reply":"554 5.7.0 never"}' \
		'{"at":"starttls","drop":true}' '{"at":"starttls","hang":true}' \
		'{"at":"tls","drop":true}' '{"at":"tls","hang":true}'; do
		fault '{"starttls":true,"rules":['"$rule"']}' 69 \
			"later later later"
	done
	fault '{"starttls":true,"rules":[{"at":"tls","drop":true,"nth":1}]}' 0 \
		"sent sent sent"
	serve '{}'
	SMTP_TLS=true run --separate-stderr rw-mail <line
	assert_status 69
	assert_stderr_has "it offers no STARTTLS, and SMTP_TLS is not false"
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.stage == "mail"')" 0
}

@test "TLS: an untrusted certificate ends the run at once" {
	local cert
	for cert in other-host expired unknown-ca; do
		fault '{"starttls":true,"cert":"'$cert'"}' 69 "later later later"
		assert_file_has err "at STARTTLS"
		assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" 1
		fault '{"implicit_tls":true,"cert":"'$cert'"}' 69 \
			"later later later" --transport "smtps://127.0.0.1:$(cat "${SERVER_DIR[smtp-script]}/smtp-script.port")"
	done
}

@test "AUTH: PLAIN and LOGIN, over STARTTLS and over TLS" {
	local tls mechanism
	for mechanism in PLAIN LOGIN; do
		for tls in starttls implicit_tls; do
			serve '{"'$tls'":true,"auth":["'$mechanism'"],"user":"worker","password":"s%3 \"crêt","need_auth":true}'
			if [ $tls = implicit_tls ]; then
				SMTP_URI="smtps://$SMTP_HOST:$SMTP_PORT" rw-mail <line >out
			else
				rw-mail <line >out
			fi
			assert_equal "$(outcomes)" "sent sent sent"
			assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message" and .tls and .user == "worker"')" 3
		done
	done
}

@test "AUTH in a URI, percent-encoded; a password in a file" {
	serve '{"auth":["PLAIN"],"auth_needs_tls":false,"user":"w@x","password":"a/b:c%","need_auth":true}'
	printf 'a/b:c%%\n' >password
	local host=$SMTP_HOST:$SMTP_PORT
	unset SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASSWORD
	SMTP_URI="smtp://w%40x:a%2Fb%3Ac%25@$host" rw-mail <line >out
	assert_equal "$(outcomes)" "sent sent sent"
	forget_claims
	SMTP_USER=w@x SMTP_PASSWORD_FILE=password rw-mail \
		--transport "smtp://$host" <line >out
	assert_equal "$(outcomes)" "sent sent sent"
}

@test "AUTH: a refusal is a configuration error, other faults are temporary" {
	local auth='"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"right"'
	fault "{$auth,"'"rules":[{"at":"auth","reply":"454 4.7.0 not now"}]}' 69 \
		"later later later"
	fault "{$auth,"'"rules":[{"at":"auth","drop":true}]}' 69 \
		"later later later"
	fault "{$auth,"'"rules":[{"at":"auth","hang":true}]}' 69 \
		"later later later"
	fault "{$auth,"'"rules":[{"at":"auth","reply":"454 4.7.0 not now","nth":1}]}' \
		0 "sent sent sent"
	fault "{$auth,"'"rules":[{"at":"auth","reply":"535 5.7.8 wrong"}]}' 78 \
		"later later later"
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" 1
	assert_file_has err "535 5.7.8"
	assert_file_lacks err wrong
	assert_file_lacks err right
	serve '{}'
	SMTP_USER=worker SMTP_PASSWORD=right run --separate-stderr rw-mail <line
	assert_status 78
	assert_stderr_has "offers no AUTH, and SMTP_USER is set"
}

@test "AUTH: an unsupported mechanism is 78, and the offered mechanisms are named" {
	local offered tls
	for offered in X-UNKNOWN GSSAPI EXTERNAL 'XOAUTH2 OAUTHBEARER' \
		'GSSAPI X-NTLM EXTERNAL'; do
		for tls in true false; do
			serve '{"auth":["'"${offered// /\",\"}"'"],"auth_needs_tls":false,"starttls":true}'
			SMTP_USER=worker@x.example SMTP_PASSWORD=right \
				SMTP_TLS=$tls run --separate-stderr rw-mail <line
			assert_status 78
			assert_stderr_has "the mail server $SMTP_HOST:$SMTP_PORT offers no AUTH mechanism that is supported here: it offers $offered"
			assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" 1
		done
	done
	serve '{"auth":[""],"auth_needs_tls":false}'
	SMTP_USER=worker SMTP_PASSWORD=right run --separate-stderr rw-mail <line
	assert_status 78
	assert_stderr_has 'it offers none'
	# Other mechanisms are ignored, even if libcurl prefers them.
	for offered in 'GSSAPI PLAIN' 'EXTERNAL LOGIN' 'ANONYMOUS X-Y GSSAPI LOGIN PLAIN'; do
		serve '{"auth":["'"${offered// /\",\"}"'"],"auth_needs_tls":false,"user":"worker@x.example","password":"right","need_auth":true}'
		SMTP_USER=worker@x.example SMTP_PASSWORD=right rw-mail <line >out
		assert_equal "$(outcomes)" "sent sent sent"
	done
}

# in_case CASE SCRIPT: starts a server that answers EHLO in upper or lower case
# and requires a login.
in_case() {
	serve '{"ehlo_case":"'"$1"'","auth":["PLAIN"],"user":"worker","password":"right","need_auth":true,"size":7654321,"smtputf8":true,'"$2"'}'
}

# Expects that all mail is sent, and that --check reports the server's features.
works_in_any_case() {
	run --separate-stderr rw-mail --check </dev/null
	assert_status 0
	assert_output_has 'authentication: accepted, as worker'
	assert_output_has 'largest message: 7654321 bytes'
	assert_output_has 'addresses outside ASCII: yes'
	rw-mail <line >out
	assert_equal "$(outcomes)" "sent sent sent"
}

@test "the keywords of EHLO and the mechanisms of AUTH, in any case" {
	local case
	for case in lower title swapcase upper; do
		in_case $case '"starttls":true'
		works_in_any_case
		in_case $case '"implicit_tls":true'
		SMTP_URI="smtps://$SMTP_HOST:$SMTP_PORT" works_in_any_case
		in_case $case '"auth_needs_tls":false'
		works_in_any_case
	done
	# Other answers are shown unchanged.
	serve '{"ehlo_case":"lower","rules":[{"at":"mail","reply":"550 no mail for you"}]}'
	run --separate-stderr rw-mail --check
	assert_stderr_has '550 no mail for you'
	serve '{"rules":[{"at":"ehlo","reply":"554 go away"}]}'
	run --separate-stderr rw-mail --check
	assert_stderr_has '554 go away'
}

# ---- --check ----------------------------------------------------------------

@test "--check connects up to AUTH, sends nothing, and reports what it found" {
	serve '{"starttls":true,"auth":["PLAIN"],"user":"worker","password":"p","size":1000000}'
	run --separate-stderr rw-mail --check </dev/null
	assert_status 0
	assert_output_has "resolved: 127.0.0.1 is 127.0.0.1"
	assert_output_has "connected: port $SMTP_PORT"
	assert_output_has "TLS: verified, TLSv1"
	assert_output_has "authentication: accepted, as worker"
	assert_output_has "largest message: 1000000 bytes"
	assert_output_has "addresses outside ASCII: no"
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.stage == "data"')" 0
	SMTP_PASSWORD=wrong run --separate-stderr rw-mail --check </dev/null
	assert_status 78
	assert_stderr_has "at AUTH"
	SMTP_HOST=nowhere.invalid run --separate-stderr rw-mail --check </dev/null
	assert_status 69
	assert_stderr_has "nowhere.invalid"
}

@test "the password in an invalid proxy URL is not shown" {
	serve '{}'
	all_proxy=http://u:SECRET/WORD@127.0.0.1:1 RW_LOG_FILE=log \
		run rw-mail <line
	assert_status 78
	assert_output_has 'all_proxy: expected USER or USER:PASSWORD before'
	assert_output_lacks SECRET
	assert_file_lacks log SECRET
}

# shown_by COMMAND...: expects that neither its output nor its log has the
# password in any form.
shown_by() {
	local secret
	RW_LOG_FILE=log run "$@"
	for secret in hunter2hunter2 hunter2h aHVudGVyMmh1bnRlcj "$plain" \
		"${plain:0:16}"; do
		assert_output_lacks "$secret"
		assert_file_lacks log "$secret"
	done
}

@test "a password that the server repeats in any answer is not shown" {
	local stage echo plain
	plain=$(printf '\0worker\0hunter2hunter2' | base64)
	for echo in hunter2hunter2 "AUTH PLAIN $plain" \
		"$(printf hunter2hunter2 | base64)" 'cut: hunter2hunt' \
		"user=worker,pw='hunter2hunter2'"; do
		serve '{"auth":["PLAIN","LOGIN"],"auth_needs_tls":false,"user":"worker","password":"hunter2hunter2","rules":[{"at":"auth","reply":"535 5.7.8 '"$echo"' more"}]}'
		SMTP_USER=worker SMTP_PASSWORD=hunter2hunter2 shown_by rw-mail <line
		assert_status 78
		assert_output_has 'at AUTH: '
		assert_output_has ': 535 5.7.8'
		assert_output_lacks more
		for stage in mail rcpt data dot; do
			serve '{"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"hunter2hunter2","rules":[{"at":"'$stage'","reply":"550-5.1.1 '"$echo"'\r\n550 5.1.1 so '"$echo"' it is"}]}'
			SMTP_USER=worker SMTP_PASSWORD=hunter2hunter2 shown_by rw-mail <line
			if [ $stage = mail ]; then
				assert_status 78
			else
				assert_status 1
			fi
			assert_output_has '***'
			assert_output_has 'it is'
		done
	done
}

@test "a password without TLS never goes through a proxy" {
	own_server http-proxy
	serve '{"auth":["PLAIN"],"auth_needs_tls":false,"user":"worker","password":"hunter2"}'
	export SMTP_USER=worker SMTP_PASSWORD=hunter2
	ALL_PROXY=$HTTP_PROXY_URL run rw-mail <line
	assert_status 78
	assert_output_has 'SMTP_PASSWORD in the clear through the proxy that ALL_PROXY names'
	ALL_PROXY=$HTTP_PROXY_URL NO_PROXY=127.0.0.1 rw-mail <line >out
	assert_equal "$(outcomes)" "sent sent sent"
	[ ! -s "$HTTP_PROXY_LOG" ] || fail "$(cat "$HTTP_PROXY_LOG")"
}

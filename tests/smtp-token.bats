#!/usr/bin/env bats
# rw-mail with a token instead of a password: XOAUTH2 and OAUTHBEARER.

load helpers
load smtp_helpers

token='ya29.a0AfB_secret-token_0123456789/+=='
other='ya29.another-secret_9876543210'
third='ya29.a-third-secret_5555555555'

# accepts MECHANISMS TOKEN...: starts a new server for worker@example.com.
accepts() {
	serve "$(jq -n -c --arg mechanisms "$1" '{auth: $mechanisms | split(" "),
		auth_needs_tls: false, user: "worker@example.com",
		need_auth: true, tokens: $ARGS.positional}' --args "${@:2}")"
	unset SMTP_PASSWORD
	export SMTP_USER=worker@example.com
}

# logins: prints the number of attempts. libcurl aborts a refused XOAUTH2.
logins() {
	log_count "$SMTP_SCRIPT_LOG" '.event == "connect"'
}

shows_no_token() {
	local secret
	for secret in AfB_secret another-secret a-third-secret \
		"$(printf 'auth=Bearer %s' "$token" | base64 -w 0 | cut -c 1-24)"; do
		assert_output_lacks "$secret"
		assert_stderr_lacks "$secret"
		[ ! -e log ] || assert_file_lacks log "$secret"
	done
}

# mail STATUS [OPTION...]: runs rw-mail, or its check.
mail() {
	forget_claims
	RW_LOG_FILE=log run --separate-stderr rw-mail "${@:2}" <line
	assert_status "$1"
	shows_no_token
}

all_sent() {
	assert_equal "$(jq -s -c 'map(.email_sent) | unique' <<<"$output")" '[true]'
}

@test "a token in SMTP_TOKEN or in a file, with either mechanism" {
	local mechanisms
	for mechanisms in XOAUTH2 OAUTHBEARER 'PLAIN LOGIN XOAUTH2' \
		'GSSAPI NTLM CRAM-MD5 PLAIN OAUTHBEARER XOAUTH2'; do
		accepts "$mechanisms" "$token"
		SMTP_TOKEN=$token mail 0
		all_sent
		echo "$token" >file
		SMTP_TOKEN_FILE="$PWD/file" mail 0
		all_sent
		SMTP_TOKEN_FILE="$PWD/file" mail 0 --check
		assert_output_has 'authentication: accepted, as worker@example.com, with a token'
	done
	SMTP_TOKEN=$token SMTP_URI="smtp://worker%40example.com@$SMTP_HOST:$SMTP_PORT" \
		SMTP_USER='' mail 0
	all_sent
}

@test "a command gives the token: run once, and without our secrets" {
	accepts XOAUTH2 "$token"
	export SMTP_TOKEN_COMMAND="echo ran >>ran; env >seen; ls -l /proc/self/fd >fds; echo '$token'; echo more"
	MINIO_SECRET_KEY=hunter2hunter2 mail 0 -j 4
	all_sent
	assert_lines 1 ran
	assert_file_lacks seen hunter2
	assert_file_lacks seen TOKEN
	assert_file_has seen PATH=
	assert_file_lacks fds state
	# Only when there is mail to send.
	: >nothing
	rm ran
	rw-mail <nothing
	rw-mail --dry-run <line >/dev/null
	rw-mail --print <line >/dev/null
	[ ! -e ran ] || fail 'it was run for nothing'
	# From a settings file.
	printf "SMTP_TOKEN_COMMAND='%s'\n" "${SMTP_TOKEN_COMMAND//\'/}" >settings
	chmod 600 settings
	unset SMTP_TOKEN_COMMAND
	forget_claims
	rw-env settings -- rw-mail <line >out
	assert_equal "$(outcomes)" "sent sent sent"
	# From a file that other users can write to.
	chmod 666 settings
	run rw-env settings -- rw-mail <line
	assert_status 78
}

@test "a refused token: the command runs again, once" {
	accepts 'XOAUTH2 OAUTHBEARER' "$token"
	export SMTP_TOKEN_COMMAND="echo ran >>ran; if [ -e once ]; then echo '$token'; else : >once; echo '$other'; fi"
	mail 0 -j 1
	all_sent
	assert_lines 2 ran
	assert_equal "$(logins)" 2
	# A second token that is refused as well.
	rm -f ran once
	accepts XOAUTH2 "$third"
	mail 78
	assert_lines 2 ran
	assert_equal "$(logins)" 2
	assert_stderr_has 'at AUTH'
	assert_equal "$(jq -s -c 'map([.error.kind,.error.retryable]) | unique' <<<"$output")" \
		'[["config",true]]'
	# The same token would be refused again.
	rm -f ran
	SMTP_TOKEN_COMMAND="echo ran >>ran; echo '$other'" mail 78
	assert_lines 2 ran
	SMTP_TOKEN_COMMAND='' SMTP_TOKEN=$other mail 78
}

@test "a token that expires in the middle of a run is renewed" {
	echo "$token" >valid
	accepts XOAUTH2
	serve '{"auth":["XOAUTH2"],"auth_needs_tls":false,"user":"worker@example.com","need_auth":true,"tokens":"'"$PWD"'/valid","messages_a_connection":2}'
	unset SMTP_PASSWORD
	cp valid file
	followers 8 >line
	# After the first login a different token is valid.
	export SMTP_TOKEN_COMMAND="cat file; echo '$other' >file; echo ran >>ran"
	mkfifo pipe
	rw-mail -j 1 <pipe >out 2>err 3>&- &
	local pid=$!
	exec 7>pipe
	head -n 2 line >&7
	wait_for 10 eval '[ "$(wc -l <out)" = 2 ]'
	echo "$other" >valid
	tail -n 6 line >&7
	exec 7>&-
	wait "$pid"
	assert_lines 8 out
	assert_equal "$(jq -s -c 'map(.email_sent) | unique' out)" '[true]'
	assert_lines 2 ran
}

@test "a server without a mechanism for tokens, or with a temporary refusal" {
	accepts 'PLAIN LOGIN' "$token"
	SMTP_TOKEN=$token mail 78
	assert_stderr_has 'offers no AUTH mechanism that is supported here with SMTP_TOKEN: it offers PLAIN LOGIN'
	serve '{"auth":["XOAUTH2"],"auth_needs_tls":false,"rules":[{"at":"auth","reply":"454 4.7.0 not now"}]}'
	export SMTP_USER=worker@example.com
	SMTP_TOKEN_COMMAND="echo ran >>ran; echo '$token'" mail 69
	assert_lines 1 ran
}

@test "a command that fails, prints nothing or no token, or does not end" {
	accepts XOAUTH2 "$token"
	local command
	while IFS='|' read -r status command words; do
		SMTP_TOKEN_COMMAND=$command mail "$status"
		assert_stderr_has "$words"
		assert_equal "$(logins)" 0
	done <<-'END'
		69|echo ran >>ran; exit 3|SMTP_TOKEN_COMMAND ended with status 3
		78|./no-such|SMTP_TOKEN_COMMAND ended with status 127
		69|kill -9 $$|SMTP_TOKEN_COMMAND was killed by signal 9
		78|true|SMTP_TOKEN_COMMAND printed nothing
		78|echo 'a b'|SMTP_TOKEN is not a token
		69|yes|SMTP_TOKEN_COMMAND did not end in 30 seconds, or printed more than 16384 bytes
	END
	assert_lines 1 ran
}

@test "settings that contradict each other are 78" {
	accepts XOAUTH2 "$token"
	SMTP_TOKEN=$token SMTP_TOKEN_COMMAND=true mail 78
	assert_stderr_has 'both SMTP_TOKEN and SMTP_TOKEN_COMMAND are set'
	SMTP_TOKEN=$token SMTP_TOKEN_FILE=x mail 78
	SMTP_TOKEN=$token SMTP_PASSWORD=x mail 78
	assert_stderr_has 'both SMTP_TOKEN and SMTP_PASSWORD are set'
	SMTP_TOKEN=$token SMTP_USER='' mail 78
	assert_stderr_has 'SMTP_TOKEN is set, but SMTP_USER is not'
	SMTP_TOKEN=$token SMTP_HOST=mail.example.com mail 78
	assert_stderr_has 'would send SMTP_TOKEN to mail.example.com in the clear'
	SMTP_TOKEN="$token"$'\n'x mail 78
	assert_stderr_has 'SMTP_TOKEN is not a token'
}

#!/usr/bin/env bats
# rw-bounce and the notifications of a real Postfix.

load ledger_helpers
load bounce_helpers

setup() {
	export RW_TEST_BOUNCES=1
	need_server postfix.bounces
	cd "$BATS_TEST_TMPDIR" || return 1
	# Other tests use the same server, and its maildir.
	id=$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	export RW_LEDGER=$PWD/ledger.db
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_ENVELOPE_FROM=b$id@bounces.example
	export RW_VERP_KEY=0123456789abcdef
	rw-record --init
}

# mail_to FOLLOWER ADDRESS...: in pairs.
mail_to() {
	while [ $# -gt 0 ]; do
		printf '{"follower_id":"%s","report_period":"2025-06","email":"%s","pdf_url":"https://s.example/p","excel_url":"https://s.example/x"}\n' "$1" "$2"
		shift 2
	done >due
	rw-record --claim <due | rw-mail | rw-record --result >sent
	assert_equal "$(json .email_sent sent | sort -u)" true
}

# notified: the files of the maildir that are for this test's sender.
notified() {
	grep -il "^Delivered-To: b$id" "$POSTFIX_MAILDIR"/new/* 2>/dev/null
}

notified_are() {
	[ "$(notified | wc -l)" -ge "$1" ]
}

# bounce COUNTS: of what came.
bounce() {
	mkdir -p box/new box/cur
	# shellcheck disable=SC2046 # names without blanks
	cp $(notified) box/new
	run --separate-stderr rw-bounce --json --maildir box
	assert_status 0
	assert_equal "$(bounce_counts "$output")" "$1"
}

@test "an unknown user: noted by the address that carries a MAC" {
	mail_to f-1 "a-$id@gone.example" f-2 "b-$id@here.example"
	wait_for 30 notified_are 1
	bounce '{"messages":1,"noted":1}'
	assert_entry f-1 '[.state,.bounce_code]' '["sent","5.1.1"]'
	assert_entry f-2 '[.state,.bounce_code]' '["sent",null]'
	bounce '{"messages":1,"known":1}'
}

@test "the same by Message-ID and recipient, when the sender is one for all" {
	unset RW_VERP_KEY
	mail_to f-1 "a-$id@gone.example" f-2 "zoë-$id@gone.example"
	wait_for 30 notified_are 2
	bounce '{"messages":2,"noted":2}'
	assert_entry f-1 '[.state,.bounce_code]' '["sent","5.1.1"]'
	assert_entry f-2 '[.state,.bounce_code]' '["sent","5.1.1"]'
}

@test "a server that is not ready: reported as a delay, and not noted" {
	mail_to f-1 "a-$id@busy.example"
	wait_for 60 notified_are 1
	bounce '{"messages":1,"delayed":1}'
	assert_entry f-1 '[.state,.bounce_code]' '["sent",null]'
}

@test "a success that somebody asked for" {
	mail_to f-1 "a-$id@gone.example"
	wait_for 30 notified_are 1
	sender=$(grep -h '^Delivered-To' "$(notified)" | head -n 1)
	"$PYTHON" - "${sender#*: }" <<-'END'
		import os, smtplib, sys
		with smtplib.SMTP(os.environ['SMTP_HOST'], int(os.environ['SMTP_PORT'])) as s:
		    s.sendmail(sys.argv[1], ['c@here.example'], 'Subject: x\r\n\r\nx\r\n',
		        rcpt_options=['NOTIFY=SUCCESS'])
	END
	wait_for 30 notified_are 2
	bounce '{"messages":2,"noted":1,"delivered":1}'
	assert_entry f-1 '[.state,.bounce_code]' '["sent","5.1.1"]'
}

piped() {
	grep -l "b$id@\|a-$id@" "$POSTFIX_PIPED"/* 2>/dev/null
}

piped_are() {
	[ "$(piped | wc -l)" -eq "$1" ]
}

@test "what an alias pipes to a command" {
	export RW_ENVELOPE_FROM=bounces@pipe.example
	mail_to f-1 "a-$id@gone.example"
	wait_for 30 piped_are 1
	run --separate-stderr rw-bounce --json <"$(piped)"
	assert_status 0
	assert_equal "$(bounce_counts "$output")" '{"messages":1,"noted":1}'
	assert_entry f-1 '[.state,.bounce_code]' '["sent","5.1.1"]'
}

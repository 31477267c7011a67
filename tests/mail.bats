#!/usr/bin/env bats
# rw-mail: its output, its settings, and the transports without a network. The
# letters are in mail-letter.bats, mail servers in smtp.bats and postfix.bats.

load mail_helpers

# ---- output ----------------------------------------------------------------

@test "the log names each accepted letter, with its Message-ID" {
	record "$links" >line
	RW_LOG_FILE=$PWD/log mail
	assert_status 0
	assert_file_has log "f-1 2025-06: mailed links, Message-ID $(json .message_id <<<"$output")"
	mail --verbose
	assert_stderr_has 'rw-mail: f-1 2025-06: mailed links, Message-ID <2025-06.'
	RW_LOG_FILE=$PWD/staged mail --to staging@example.com
	assert_file_has staged 'f-1 2025-06: mailed links to staging@example.com, Message-ID <'
}

@test "an accepted letter: email_sent, sent_timestamp, message_id, delivery" {
	record "$links" >line
	mail
	assert_status 0
	assert_stderr ""
	assert_json "$output" '[.email_sent, .delivery]' '[true,"links"]'
	assert_json "$output" '.sent_timestamp | fromdate > 1700000000' true
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* >letter
	assert_letter '.["message-id"]' "$(json .message_id <<<"$output")"
}

@test "--to sends to one address, and nothing counts as sent" {
	record "$links" '"claim":"c1","lease_until":"2000-01-01T00:00:00Z"' >line
	ADMIN_EMAIL=admin@example.com mail --to staging@example.com
	assert_status 0
	assert_json "$output" '[.email_sent, .sent_timestamp, .delivery]' '[false,null,"links"]'
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* >letter
	assert_letter .to staging@example.com
	assert_letter '.["x-original-to"]' anna@example.com
	assert_letter .cc null
	[ ! -e "$RW_STATE_DIR/journal" ] || fail "it was journaled"
}

@test "--dry-run composes everything and sends nothing" {
	{
		record "$links"
		record '"pdf_path":"gone"'
	} >line
	for dry in --dry-run --quiet; do
		[ $dry = --dry-run ] || export DRY_RUN_MODE=true
		mail $dry --verbose
		assert_status 1
		assert_json "${lines[0]}" '[.email_sent, .delivery]' '[false,"links"]'
		assert_json "${lines[1]}" '[.email_sent, .error.kind]' '[false,"data"]'
		[ ! -e mail ] || fail "a maildir was made"
	done
	mail --dry-run --verbose
	assert_stderr_has "f-1 2025-06: would send links to anna@example.com"
	unset RW_MAIL_TRANSPORT
	mail --dry-run
	assert_status 78
}

@test "--check of a maildir reports whether it is usable, and creates nothing" {
	run --separate-stderr rw-mail --check
	assert_status 0
	assert_output "maildir $PWD/mail: can be created"
	[ ! -e mail ] || fail "a maildir was made"
	rw-mail --check --transport maildir:deep/below/mail
	[ ! -e deep ] || fail "directories were made"
	record "$links" >line
	rw-mail <line >/dev/null
	run --separate-stderr rw-mail --check
	assert_output "maildir $PWD/mail: is writable"
	: >file
	for dir in file file/mail; do
		run --separate-stderr rw-mail --check --transport "maildir:$dir"
		assert_status 74
		assert_stderr_has "cannot write to file"
		assert_output ""
	done
}

@test "no copies are delivered into a maildir" {
	record "$links" >line
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc mail
	assert_equal "$(mails)" 1
	record "$links" '"cc":["tax@example.com"]' >line
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=bcc mail
	assert_equal "$(mails)" 2
}

@test "ADMIN_EMAIL takes several addresses" {
	record "$links" >line
	export ADMIN_EMAIL='ops@example.com; it@example.com,ops@example.com'
	RW_ADMIN_COPY=cc mail --print
	assert_output_has 'Cc: ops@example.com, it@example.com'
	for copy in bcc summary none; do
		RW_ADMIN_COPY=$copy mail --print
		assert_output_lacks 'ops@example.com'
	done
	mail --print
	assert_output_lacks 'ops@example.com'
	mail
	assert_status 0
	# One mail to the follower, and the summary to both administrators.
	assert_equal "$(mails)" 3
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* |
		jq -c 'select(.subject | contains("1 sent"))' >letter
	assert_lines 2 letter
	assert_equal "$(jq -r .to letter | sort -u)" 'ops@example.com, it@example.com'
	ADMIN_EMAIL='ops@example.com nobody' mail
	assert_status 78
	assert_stderr_has 'ADMIN_EMAIL "nobody" is not a valid mail address'
	ADMIN_EMAIL=' , ' mail
	assert_status 78
	assert_stderr_has 'ADMIN_EMAIL has no address'
}

@test "the summary: one mail about the run, with all failures and without links" {
	{
		record "$links"
		record "$files"
		record '"pdf_path":"gone"'
		record "$links" '"error":{"tool":"rw-gen","kind":"data","message":"no iban, see https://x.example/a?b and (http://y)","retryable":false}' |
			jq -c '.follower_id = "f-2"'
	} >line
	ADMIN_EMAIL=admin@example.com mail
	assert_status 1
	assert_equal "$(mails)" 3
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* |
		jq -c 'select(.to == "admin@example.com")' >letter
	assert_lines 1 letter
	assert_letter .subject 'SpreadPilot Monthly Report - June 2025: 2 sent, 2 failed, 0 in doubt'
	assert_letter '.text | contains("f-1 2025-06: pdf_path: cannot open gone")' true
	assert_letter '.text | contains("f-2 2025-06: rw-gen: no iban, see [link] and ([link])")' true
	assert_letter '.text | contains("://")' false
	assert_letter .html null
	assert_letter .defects '[]'
	: >line
	ADMIN_EMAIL=admin@example.com mail
	assert_equal "$(mails)" 3 "a run without records is nothing to write home about"
}

# ---- settings --------------------------------------------------------------

@test "missing or wrong settings: 78, and the setting is named" {
	record "$links" >line
	local setting
	for setting in RW_ADMIN_COPY=often RW_ADMIN_COPY=summary \
		ADMIN_EMAIL=nobody REPORT_SENDER_EMAIL=nobody \
		REPORT_SENDER_EMAIL= ADMIN_EMAIL=zoë@example.com \
		RW_MAIL_TRANSPORT=gopher://x RW_MAIL_TRANSPORT=maildir: \
		RW_MAIL_TRANSPORT=sendmail:/nonexistent RW_MAX_ATTACH=lots \
		RW_SMTP_DOT_TIMEOUT=long RW_RUN_ID=a/b 'RW_BRAND=a	b'; do
		run --separate-stderr env "$setting" rw-mail <line
		[ "$status" = 78 ] || fail "$setting gave $status"
		[ -n "$stderr" ] || fail "$setting was not explained"
	done
	unset RW_MAIL_TRANSPORT
	mail
	assert_status 78
	assert_stderr_has "set SMTP_HOST, SMTP_URI or RW_MAIL_TRANSPORT"
	assert_equal "$(mails)" 0
}

@test "settings of mail servers: contradictions are 78, and secrets are not shown" {
	unset RW_MAIL_TRANSPORT
	record "$links" >line
	local settings
	for settings in "SMTP_URI=smtp://u:hunter2@" \
		"SMTP_URI=smtp://u:hunter2@h/path" "SMTP_URI=http://u:hunter2@h" \
		"SMTP_URI=smtps://u:hunter2@h SMTP_TLS=false" \
		"SMTP_URI=smtp://u:hunter2@mail.example SMTP_TLS=false" \
		"SMTP_HOST=h SMTP_PORT=70000" "SMTP_HOST=h SMTP_USER=u" \
		"SMTP_HOST=h SMTP_PASSWORD=hunter2" "SMTP_HOST=h@i" \
		"SMTP_HOST=h SMTP_PORT=465 SMTP_TLS=false" \
		"SMTP_HOST=h SMTP_TLS=maybe" "SMTP_HOST=h RW_SMTP_HELLO=a/b" \
		"SMTP_HOST=h SMTP_USER=u SMTP_PASSWORD=a SMTP_PASSWORD_FILE=b"; do
		# shellcheck disable=SC2086 # several settings
		run --separate-stderr env $settings rw-mail --dry-run <line
		[ "$status" = 78 ] || fail "$settings gave $status"
		assert_stderr_lacks hunter2
	done
	SMTP_HOST=h SMTP_TLS=false mail --dry-run
	assert_status 0
	mail --transport smtp://u:hunter2@h
	assert_status 64
	assert_stderr_lacks hunter2
}

@test "--rate requires a number and a unit" {
	record "$links" >line
	for rate in 5 0/s 5/d /s x/s 5/s/s; do
		mail --rate $rate
		[ "$status" = 64 ] || fail "--rate $rate gave $status"
	done
}

@test "--rate spaces the letters" {
	for _ in 1 2 3 4 5; do record "$links"; done >line
	began=$(date +%s%N)
	mail --rate 10/s
	assert_status 0
	took=$((($(date +%s%N) - began) / 1000000))
	[ $took -ge 400 ] || fail "five letters in $took ms"
	assert_equal "$(mails)" 5
}

@test "links of a dry run lead to no object: they are not mailed" {
	record "$links" '"dry_run":true' >line
	for options in '' '--to staging@example.com'; do
		# shellcheck disable=SC2086
		mail $options
		assert_status 1
		assert_stderr_has "it comes from rw-put --dry-run"
		assert_json "$output" '[.email_sent, .error.kind, .error.retryable]' \
			'[false,"data",false]'
		assert_equal "$(mails)" 0
	done
	mail --dry-run --verbose
	assert_status 0
	assert_stderr_has "would send links to anna@example.com"
	letter
	record "$links" '"dry_run":false' >line
	mail
	assert_status 0
}

# ---- maildir and sendmail --------------------------------------------------

@test "a full disk leaves no file in new, and the record has the error" {
	[ "$(id -u)" = 0 ] || skip "only root can mount a small disk"
	need_namespace --mount
	record '"pdf_path":"big","excel_path":"a.xlsx"' >line
	head -c 900000 /dev/zero >big
	mkdir disk
	run --separate-stderr unshare -m sh -c '
		mount -t tmpfs -o size=1m none disk &&
		rw-mail --transport maildir:disk/m <line
		status=$?
		find disk/m -type f | wc -l >left
		exit $status'
	assert_status 74
	assert_stderr_has "No space left on device"
	assert_json "$output" '[.email_sent, .error.kind]' '[false,"io"]'
	assert_equal "$(cat left)" 0
}

@test "sendmail gets sender, recipient and the message, with LF" {
	cat >sendmail <<-'END'
		#!/bin/sh
		printf '%s\n' "$@" >args
		cat >got
		exit "$(cat code 2>/dev/null || echo 0)"
	END
	chmod +x sendmail
	record "$links" >line
	mail --transport sendmail:./sendmail
	assert_status 0
	assert_json "$output" .email_sent true
	assert_equal "$(cat args)" $'-i\n-f\nreports@example.com\n--\nanna@example.com'
	letter
	assert_equal "$(sha256sum <got)" "$(tr -d '\r' <message | sha256sum)"
	local code kind retryable expected
	while read -r code kind retryable expected; do
		echo "$code" >code
		mail --transport sendmail:./sendmail
		assert_status "$expected"
		assert_json "$output" '[.email_sent, .error.kind, (.error.retryable|tostring)] | join(" ")' "false $kind $retryable"
	done <<-'END'
		69 refused true 1
		67 refused false 1
		65 refused false 1
		77 config true 78
		78 config true 78
	END
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc mail --transport sendmail:./sendmail
	assert_equal "$(tail -n 1 args)" anna@example.com "a refused letter was copied"
	rm code
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc mail --transport sendmail:./sendmail
	assert_equal "$(tail -n 1 args)" admin@example.com
}

@test "sendmail that is killed, may have queued it, or does not end is in doubt" {
	local how
	record "$links" >line
	for how in 'kill -9 $$' 'exit 75'; do
		printf '#!/bin/sh\n%s\n' "$how" >sendmail
		chmod +x sendmail
		mail --transport sendmail:./sendmail
		assert_status 1
		assert_json "$output" '[.email_sent, .state, .error.kind]' '[false,"in_doubt","in_doubt"]'
	done
	printf '#!/bin/sh\nexec sleep 60\n' >sendmail
	RW_SMTP_DOT_TIMEOUT=1 mail --transport sendmail:./sendmail
	assert_status 1
	assert_json "$output" .error.kind in_doubt
}

@test "sendmail gets none of our descriptors and secrets" {
	cat >sendmail <<-END
		#!$PYTHON
		import os, sys
		def is_open(fd):
		    try:
		        return bool(os.fstat(fd))
		    except OSError:
		        return False
		fds = [str(fd) for fd in range(256) if is_open(fd)]
		with open("seen", "w") as seen:
		    print(*fds, file=seen)
		    print(*sorted(os.environ), sep="\n", file=seen)
		sys.stdin.read()
	END
	chmod +x sendmail
	record "$links" >line
	exec 5>five 8>eight
	LANG=C.UTF-8 TZ=UTC MINIO_SECRET_KEY=s3cret MONGO_URI=mongodb://u:p@h/ \
		SMTP_PASS=p MAIL_PASSWORD=p AWS_SESSION_TOKEN=t \
		mail --transport sendmail:./sendmail
	exec 5>&- 8>&-
	assert_status 0
	assert_equal "$(sed -n 1p seen)" '0 1 2'
	assert_equal "$(sed 1d seen | grep -xE 'LANG|PATH|TZ' | tr '\n' ' ')" 'LANG PATH TZ '
	assert_equal "$(sed 1d seen | grep -vxE 'PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_ALL|LC_CTYPE|LC_MESSAGES|TZ|TMPDIR|MAIL_CONFIG|XDG_CONFIG_HOME')" ''
}

# ---- journal, lease, signals, output ---------------------------------------

@test "a claim that is in the input twice permits one mail" {
	{
		record "$links" '"claim":"c1"'
		record "$links" '"claim":"c2"' | sed 's/f-1/f-2/'
		record "$links" '"claim":"c1"'
	} >twice
	cat twice twice >line
	mail
	assert_status 1
	assert_equal "$(mails)" 2
	assert_equal "$(json 'select(.email_sent) | .claim' <<<"$output" | sort | tr '\n' ' ')" \
		'c1 c2 '
	assert_equal "$(json 'select(.email_sent | not) | [.state, .error.kind]' <<<"$output" | sort -u)" \
		'["in_doubt","in_doubt"]'
}

@test "two rw-mail with the same claims mail each report at most once" {
	local i pid
	for i in {1..100}; do
		record "$links" "\"claim\":\"c$i\"" | sed "s/f-1/f-$i/"
	done >line
	rw-mail <line >one 2>/dev/null &
	pid=$!
	rw-mail <line >two 2>/dev/null || assert_equal $? 1
	wait "$pid" || assert_equal $? 1
	jq -r 'select(.email_sent) | .follower_id' one two | sort >sent
	assert_equal "$(uniq -d sent)" ''
	assert_lines "$(mails)" sent
	assert_equal "$(jq -c 'select(.email_sent | not) | .error.kind' one two | sort -u)" \
		'"in_doubt"'
	# One or both processes began each mail.
	assert_lines 200 <(cat one two)
}

@test "the journal has begin and outcome of claimed records only" {
	{
		record "$(own _r2)" '"claim":"c1","revision":2,"sequence":1'
		record "$(own)"
	} >line
	RW_RUN_ID=run-7 mail
	# Within a run only claimed records are mailed.
	assert_status 70
	assert_stderr_has 'f-1 2025-06: the line has no claim of this run'
	set -- "$RW_STATE_DIR"/journal/*
	assert_equal $# 1
	[[ ${1##*/} =~ ^run-7\.[0-9]+\.[0-9]+\.j[0-9a-f]{8}\.jsonl$ ]] || fail "named $1"
	assert_lines 3 "$1"
	assert_json "$(sed -n 1p "$1")" '[.journal, .name, .lines] | tostring' \
		"[\"open\",\"${1##*/}\",\"0000000003\"]"
	assert_json "$(sed -n 2p "$1")" '[.journal, .follower_id, .report_period, .claim, .revision, .sequence] | tostring' \
		'["begin","f-1","2025-06","c1",2,1]'
	claimed=$(printf '%s\n' "${lines[@]}" | grep '"claim":"c1"')
	[[ $(sed -n 3p "$1") == '{"journal":"sent","n":3,"crc32c":"'????????"\",${claimed#\{}" ]]
}

@test "a lease of less than 15 minutes is refused" {
	lease() { date -u -d "now + $1 seconds" +%Y-%m-%dT%H:%M:%SZ; }
	record "$links" '"claim":"c1"' "\"lease_until\":\"$(lease 890)\"" >line
	mail
	assert_status 75
	assert_json "$output" '[.email_sent, .error.kind, .error.retryable]' '[false,"locked",true]'
	assert_equal "$(mails)" 0
	record "$links" '"claim":"c1"' "\"lease_until\":\"$(lease 910)\"" >line
	mail
	assert_status 0
}

@test "a journal that cannot be written: no claimed record is sent" {
	mkdir -p "$RW_STATE_DIR"
	: >"$RW_STATE_DIR/journal"
	{
		record "$links" '"claim":"c1"'
		record "$links"
	} >line
	mail
	assert_status 74
	assert_equal "$(mails)" 1
	assert_equal "$(printf '%s\n' "${lines[@]}" | json 'select(.claim) | [.email_sent, .error.kind, .error.retryable]')" \
		'[false,"io",true]'
}

@test "killed at each step: the journal has what was done" {
	record "$links" '"claim":"c1"' >line
	local point
	for point in journal-begin-synced:0: accepted:1: \
		journal-outcome-synced:1:sent lines-written:1:sent; do
		IFS=: read -r name sent outcome <<<"$point"
		rm -rf mail "$RW_STATE_DIR"
		RW_FAULT=rw-mail:$name mail
		assert_status 137
		assert_equal "$(mails)" "$sent" "sent at $name"
		assert_equal "$(json 'select(.journal | IN("begin", "open") | not) | .journal' "$RW_STATE_DIR"/journal/*)" \
			"$outcome" "outcome at $name"
		[ "$name" = lines-written ] || assert_output ""
	done
}

@test "no more mail begins when the reader of the output has exited" {
	for i in {1..200}; do record "$links" "\"n\":$i"; done >line
	run bash -c 'rw-mail <line 2>err | head -n 1; echo "${PIPESTATUS[0]}"'
	assert_equal "${lines[1]}" 74
	[ "$(mails)" -lt 100 ] || fail "$(mails) were sent after the output went"
}

@test "SIGTERM: waiting mail is not sent, and the exit status shows it" {
	mkfifo input
	rw-mail <input >out 2>err &
	exec 7>input
	record "$links" >&7
	wait_for 10 grep -q email_sent out
	kill -TERM $!
	local code=0
	wait $! || code=$?
	exec 7>&-
	assert_equal "$code" 143
	assert_lines 1 out
	assert_file_has err "stopped by a signal"
}

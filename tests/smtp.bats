#!/usr/bin/env bats
# rw-mail and mail servers that misbehave: the reported outcome of each message
# is true. postfix.bats tests a real server.
#
# bats file_tags=long

load helpers
load smtp_helpers

@test "an answer that is cut within a character damages neither line nor journal" {
	local answer
	answer="550 5.1.1 x$(printf 'é%.0s' {1..200})"
	fault '{"rules":[{"at":"rcpt","match":"f-2@","reply":"'"$answer"'"}]}' 1 \
		"sent never sent"
	iconv -f UTF-8 -t UTF-8 out "$RW_STATE_DIR"/journal/*.jsonl >/dev/null
	# It does not prevent a claim either.
	export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db
	rw-record --init
	rw-record --result <out >recorded || assert_equal $? 1
	assert_lines 3 recorded
	followers 1 | jq -c 'del(.claim)' | rw-record --claim >/dev/null
}

@test "the beginning of a very long answer is shown" {
	fault '{"rules":[{"at":"rcpt","match":"f-2@","reply":"550 5.7.1 spam '"$(printf 'x%.0s' {1..1500})"'"}]}' \
		1 "sent never sent"
	assert_file_has err "the server answered to RCPT: 550 5.7.1 spam xxx"
}

# ---- a message -------------------------------------------------------------

# The fault affects the second of three messages, and not the others. With and
# without PIPELINING.
second() {
	local pipelining
	for pipelining in false true; do
		fault '{"pipelining":'$pipelining',"rules":[{'"$1"'}]}' "$2" "$3"
	done
}

@test "MAIL: refused temporarily, refused permanently, or not answered" {
	second '"at":"mail","nth":2,"reply":"451 4.3.0 later"' 1 "sent later sent"
	second '"at":"mail","nth":2,"reply":"550 5.7.1 never"' 1 "sent later sent"
	second '"at":"mail","nth":2,"reply":"552 5.3.4 too big"' 1 "sent never sent"
	second '"at":"mail","nth":2,"reply":"421 4.3.2 bye"' 0 "sent sent sent"
	second '"at":"mail","nth":2,"drop":true' 0 "sent sent sent"
	second '"at":"mail","nth":2,"reset":true' 0 "sent sent sent"
	second '"at":"mail","nth":2,"hang":true' 0 "sent sent sent"
	# A fault of a new connection differs from a fault of a reused one.
	second '"at":"mail","nth":1,"drop":true' 69 "later sent sent"
	second '"at":"mail","nth":1,"reply":"421 4.3.2 bye"' 1 "later sent sent"
	second '"at":"mail","nth":1,"hang":true' 69 "later sent sent"
}

@test "RCPT: refused temporarily, refused permanently, or not answered" {
	second '"at":"rcpt","match":"f-2@","reply":"450 4.2.0 later"' 1 "sent later sent"
	second '"at":"rcpt","match":"f-2@","reply":"550 5.1.1 no such user"' 1 "sent never sent"
	assert_file_has err "f-2 2025-06: the server answered to RCPT: 550 5.1.1 no such user"
	second '"at":"rcpt","match":"f-2@","reply":"421 4.3.2 bye"' 1 "sent later sent"
	second '"at":"rcpt","match":"f-2@","drop":true' 69 "sent later sent"
	second '"at":"rcpt","match":"f-2@","hang":true' 69 "sent later sent"
}

@test "DATA: refused temporarily, refused permanently, or not answered" {
	second '"at":"data","nth":2,"reply":"451 4.3.0 later"' 1 "sent later sent"
	second '"at":"data","nth":2,"reply":"554 5.7.1 never"' 1 "sent never sent"
	second '"at":"data","nth":2,"reply":"421 4.3.2 bye"' 1 "sent later sent"
	second '"at":"data","nth":2,"drop":true' 69 "sent later sent"
	second '"at":"data","nth":2,"hang":true' 69 "sent later sent"
}

@test "a fault in the middle of the text: not accepted, not in doubt" {
	head -c 6000000 /dev/zero >big
	followers 3 '"pdf_path":"big","excel_path":"big"' >line
	export RW_SMTP_DOT_TIMEOUT=60
	fault '{"rules":[{"at":"body","match":"f-2@","after":100000,"drop":true}]}' \
		69 "sent later sent"
	fault '{"rules":[{"at":"body","match":"f-2@","after":100000,"reset":true}]}' \
		69 "sent later sent"
	fault '{"rules":[{"at":"body","match":"f-2@","after":100000,"delay":5}]}' \
		69 "sent later sent"
	assert_file_has err "the connection was lost at the text: the server did not answer in time"
}

@test "so slow that the lease would end before the answer: withheld, no duplicate" {
	local until
	# 907 s of lease; the answer may take 845 s, and the margin is 60 s.
	until=$(date -u -d 'now + 907 seconds' +%Y-%m-%dT%H:%M:%SZ)
	{
		followers 1 "\"lease_until\":\"$until\",$links"
		followers 3 | tail -n 2
	} >line
	export RW_SMTP_TIMEOUT=20 RW_SMTP_DOT_TIMEOUT=845
	fault '{"rules":[{"at":"data","nth":1,"delay":4}]}' 75 "later sent sent"
	assert_file_has err "f-1 2025-06: too little of the lease was left to end the message"
	assert_equal "$(grep -c 'f-1@' <(jq -r 'select(.event == "message") | .to[]' "$SMTP_SCRIPT_LOG"))" 0
	assert_json "$(grep f-1@ out)" '[.error.kind,.error.retryable,.email_sent]' \
		'["locked",true,false]'
}

@test "an answer in the middle of the text, and then a hang-up" {
	head -c 6000000 /dev/zero >big
	followers 1 '"pdf_path":"big","excel_path":"big"' >line
	"$PYTHON" - >port 3>&- <<-'END' &
		import socket
		server = socket.create_server(("127.0.0.1", 0))
		print(server.getsockname()[1], flush=True)
		peer = server.accept()[0]
		answers = iter([b"250 hello", b"250 ok", b"250 ok", b"354 go on"])
		peer.sendall(b"220 ready\r\n")
		while (answer := next(answers, None)):
		    assert peer.recv(1000)
		    peer.sendall(answer + b"\r\n")
		assert len(peer.recv(100000)) > 0
		peer.sendall(b"552 5.3.4 too big for us\r\n")
		peer.close()
	END
	local server=$!
	wait_for 5 test -s port
	SMTP_TLS=false run --separate-stderr rw-mail \
		--transport "smtp://127.0.0.1:$(cat port)" <line
	wait "$server"
	assert_status 1
	assert_stderr_has "the server answered to the text: 552 5.3.4 too big for us"
	assert_json "$output" '[.error.kind, .error.retryable]' '["refused",false]'
}

@test "the final dot: refused temporarily or permanently" {
	second '"at":"dot","match":"f-2@","reply":"452 4.3.1 disk full"' 1 "sent later sent"
	second '"at":"dot","match":"f-2@","reply":"421 4.3.2 bye"' 1 "sent later sent"
	second '"at":"dot","match":"f-2@","reply":"554 5.6.0 spam"' 1 "sent never sent"
	assert_file_has err "f-2 2025-06: the server answered to the final dot: 554 5.6.0 spam"
}

@test "the answer to the final dot is lost: in doubt, kept or not" {
	second '"at":"dot","match":"f-2@","drop":true' 1 "sent doubt sent"
	second '"at":"dot","match":"f-2@","drop":true,"store":true' 1 "sent doubt sent"
	second '"at":"dot","match":"f-2@","reset":true,"store":true' 1 "sent doubt sent"
	second '"at":"dot","match":"f-2@","hang":true' 1 "sent doubt sent"
	second '"at":"dot","match":"f-2@","hang":true,"store":true' 1 "sent doubt sent"
	second '"at":"dot","match":"f-2@","reply":"354 more","store":true' 1 "sent doubt sent"
	jq -e -s 'any(.follower_id == "f-2" and (.message_id | length > 0))' out
}

@test "RW_SMTP_DOT_TIMEOUT limits the wait for the answer to the final dot" {
	RW_SMTP_TIMEOUT=1 RW_SMTP_DOT_TIMEOUT=10 fault \
		'{"rules":[{"at":"dot","match":"f-2@","delay":3}]}' 0 "sent sent sent"
}

# ---- what the server offers ---------------------------------------------------

@test "a limit of SIZE: refused before the message is begun" {
	head -c 100000 /dev/zero >big
	followers 1 >line
	followers 2 '"pdf_path":"big","excel_path":"big"' | tail -n 1 >>line
	followers 3 | tail -n 1 >>line
	fault '{"size":50000}' 1 "sent never sent"
	assert_file_has err "but the mail server accepts at most 50000"
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.stage == "mail"')" 2
	assert_equal "$(jq -r 'select(.journal == "begin") | .claim' "$RW_STATE_DIR"/journal/* | sort | tr '\n' ' ')" "c1 c3 "
	jq -r 'select(.stage == "mail") | .line' "$SMTP_SCRIPT_LOG" >said
	assert_file_has said "MAIL FROM:<reports@example.com> SIZE="
}

@test "a local part outside ASCII needs SMTPUTF8; other addresses do not" {
	sed -i '2s/f-2@example.com/zoë@bücher.example/; 3s/@example.com/@bücher.example/' line
	fault '{}' 1 "sent never sent"
	assert_file_has err "does not offer SMTPUTF8"
	fault '{"smtputf8":true,"8bitmime":true}' 0 "sent sent sent"
	jq -r 'select(.stage == "mail" or .stage == "rcpt") | .line' "$SMTP_SCRIPT_LOG" >said
	assert_equal "$(cat said)" "MAIL FROM:<reports@example.com>
RCPT TO:<f-1@example.com>
MAIL FROM:<reports@example.com> SMTPUTF8
RCPT TO:<zoë@xn--bcher-kva.example>
MAIL FROM:<reports@example.com>
RCPT TO:<f-3@xn--bcher-kva.example>"
	"$PYTHON" "$ROOT/tests/mail_parse.py" "$SMTP_SCRIPT_MESSAGES"/2.eml >letter
	assert_json "$(cat letter)" .to zoë@xn--bcher-kva.example
}

@test "a server without EHLO, and a server that accepts one message per connection" {
	fault '{"helo_only":true}' 0 "sent sent sent"
	fault '{"messages_a_connection":1}' 0 "sent sent sent"
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" 3
}

@test "connections are reused, limited by -j, and end with QUIT" {
	followers 40 >line
	serve '{"rules":[{"at":"dot","delay":0.05}]}'
	rw-mail -j 4 <line >out
	assert_lines 40 out
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" 4
	wait_for 5 test "$(log_count "$SMTP_SCRIPT_LOG" '.event == "close" and .why == "quit"')" = 4
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 40
}

@test "a server that allows fewer connections is used with fewer" {
	followers 20 >line
	fault_free='{"rules":[{"at":"connect","from":3,"reply":"421 too many"},{"at":"dot","delay":0.05}]}'
	serve "$fault_free"
	rw-mail -j 8 <line >out 2>err
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 20
	assert_equal "$(cat err)" ""
}

@test "the sent bytes equal the output of --print, including dots" {
	mkdir templates
	printf '.\n..\n.x {name}\n\n.\n' >templates/links.txt
	followers 1 "$links,\"mail_date\":\"2025-07-01T00:00:00Z\"" >line
	serve '{}'
	RW_TEMPLATE_DIR=templates rw-mail <line >out
	RW_TEMPLATE_DIR=templates rw-mail --print <line >printed
	cmp printed "$SMTP_SCRIPT_MESSAGES/1.eml"
}

# ---- several at once ------------------------------------------------------------

@test "one hung message does not delay the outcome of others" {
	followers 20 >line
	serve '{"rules":[{"at":"dot","match":"f-1@","hang":true}]}'
	RW_SMTP_DOT_TIMEOUT=6 rw-mail -j 2 <line >out 2>err &
	wait_for 4 lines_are 19
	kill -0 $! || fail "it did not wait for the last"
	local code=0
	wait $! || code=$?
	assert_equal "$code" 1
	assert_equal "$(outcomes | tr ' ' '\n' | sort | uniq -c | tr -s ' ')" " 1 doubt
 19 sent"
}

lines_are() {
	[ "$(wc -l <out)" -eq "$1" ]
}

@test "SIGTERM: the current dialogue is finished, no other begins" {
	followers 20 >line
	serve '{"rules":[{"at":"dot","delay":1}]}'
	export RW_SMTP_DOT_TIMEOUT=10
	local name
	for name in TERM INT HUP; do
		rm -rf "$RW_STATE_DIR"
		: >"$SMTP_SCRIPT_LOG"
		# A job of a shell without job control ignores INT.
		"$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' rw-mail -j 2 <line >out 2>err &
		wait_for 5 grep -q '"stage": "data"' "$SMTP_SCRIPT_LOG"
		kill -$name $!
		local code=0
		wait $! || code=$?
		assert_equal "$code" $((128 + $(kill -l $name)))
		sent=$(jq -c 'select(.email_sent)' out | wc -l)
		[ "$sent" -ge 1 ] && [ "$sent" -le 2 ] || fail "$sent were sent"
		assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message" and .confirmed')" "$sent"
		assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.stage == "mail"')" "$sent"
		assert_journal_says_the_same
	done
}

@test "killed in a dialogue: the journal has its begin" {
	followers 20 >line
	serve '{"rules":[{"at":"dot","delay":5,"store":true}]}'
	rw-mail -j 2 <line >out 2>err &
	wait_for 5 grep -q '"stage": "data"' "$SMTP_SCRIPT_LOG"
	kill -KILL $!
	wait $! || :
	jq -r .journal "$RW_STATE_DIR"/journal/* | sort | uniq -c | tr -s ' ' >journaled
	grep -qE '^ [12] begin$' journaled || fail "$(cat journaled)"
	assert_lines 0 out
}

@test "all connections share the journal's syncs" {
	need_plain_build	# the leak checker cannot be traced
	need_command strace
	followers 200 >line
	serve '{"pipelining":true}'
	strace -f -qq -e trace=fdatasync -o trace rw-mail -j 8 --verbose <line >out 2>err
	assert_lines 200 out
	syncs=$(grep -c 'fdatasync(' trace)
	assert_file_has err "the journal was synced $syncs times"
	[ "$syncs" -lt 200 ] || fail "$syncs syncs for 200 messages"
}

@test "the outcome is on disk before the line is passed on" {
	need_plain_build	# the leak checker cannot be traced
	need_command strace
	followers 5 >line
	serve '{}'
	strace -f -qq -e trace=fdatasync,write,sendto -s 20000 -o trace rw-mail -j 1 <line >out
	# Each line is written after its outcome was written and synced.
	"$PYTHON" - <<-'END'
		import re
		journaled, synced, said = set(), set(), 0
		for line in open("trace"):
		    ids = set(re.findall(r'follower_id\\":\\"(f-\d+)', line))
		    if "write(" in line and 'journal\\":\\"' in line:
		        for state, who in re.findall(
		                r'journal\\":\\"(\w+)\\",\\"n\\":\d+,\\"crc32c\\":\\"\w+\\",\\"follower_id\\":\\"(f-\d+)', line):
		            journaled.add((state, who))
		    elif "fdatasync(" in line:
		        synced |= journaled
		    elif "write(1," in line:
		        for who in ids:
		            said += 1
		            assert ("sent", who) in synced, line
		    elif "sendto(" in line and (to := re.search(r"RCPT TO:<(f-\d+)@", line)):
		        assert ("begin", to.group(1)) in synced, line
		assert said == 5, said
	END
}

# ---- copies ----------------------------------------------------------------

@test "the administrator's copy: the same message, its own transaction" {
	serve '{}'
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc rw-mail -j 2 <line >out 2>err
	assert_equal "$(outcomes)" "sent sent sent"
	jq -r 'select(.event == "message") | .to | join(",")' "$SMTP_SCRIPT_LOG" |
		sort | uniq -c | tr -s ' ' >said
	assert_equal "$(cat said)" " 3 admin@example.com
 1 f-1@example.com
 1 f-2@example.com
 1 f-3@example.com"
	assert_equal "$(sha256sum "$SMTP_SCRIPT_MESSAGES"/* | cut -d ' ' -f 1 | sort | uniq -c | tr -s ' ' | cut -d ' ' -f 2 | tr '\n' ' ')" "2 2 2 "
}

@test "RW_ADMIN_COPY=bcc: a copy that no follower sees" {
	serve '{}'
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=bcc rw-mail -j 2 <line >out
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" \
		'.event == "message" and .to == ["admin@example.com"]')" 3
	assert_equal "$(cat "$SMTP_SCRIPT_MESSAGES"/* | grep -c admin@)" 0
}

@test "cc: each gets a copy, a fault is a note, and nothing is tried again" {
	local cc='["tax@example.com","TAX2@b\u00fccher.example","tax@example.com","f-1@example.com"]'
	serve '{"rules":[{"at":"rcpt","match":"tax@","reply":"450 4.2.1 full"}]}'
	jq -c "select(.follower_id == \"f-1\") | .cc = $cc" line >one
	export ADMIN_EMAIL=admin@example.com
	rw-mail -j 1 <one >out 2>err
	server smtp-script stop
	assert_equal "$(outcomes)" sent
	assert_equal "$(cat err)" 'rw-mail: warning: f-1 2025-06: the copy to tax@example.com was not sent, and is not tried again: the server answered to RCPT: 450 4.2.1 full'
	assert_equal "$(jq -r 'select(.event == "message") | .to[]' \
		"$SMTP_SCRIPT_LOG" | xargs)" \
		'f-1@example.com TAX2@xn--bcher-kva.example admin@example.com'
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "command" and (.line | test("RCPT.*tax@"))')" 1
	"$PYTHON" "$ROOT/tests/mail_parse.py" "$SMTP_SCRIPT_MESSAGES/1.eml" >letter
	assert_json "$(cat letter)" .cc 'tax@example.com, TAX2@xn--bcher-kva.example'
	"$PYTHON" "$ROOT/tests/mail_parse.py" "$SMTP_SCRIPT_MESSAGES/3.eml" >letter
	assert_json "$(cat letter)" '.text | contains("copies (cc) not sent") and
		contains("f-1 2025-06: the copy to tax@example.com was not sent")' true
	# The state is sent, and nothing of it is left for the next run.
	assert_json "$(cat out)" '[.email_sent, .error]' '[true,null]'
}

@test "cc: what is wrong with it is said, and the follower is mailed" {
	local cc words
	while IFS='|' read -r cc words; do
		jq -c "select(.follower_id == \"f-1\") | .cc = $cc" line >one
		serve '{}'
		forget_claims
		rw-mail <one >out 2>err
		server smtp-script stop
		assert_equal "$(outcomes)" sent
		assert_file_has err "$words"
		assert_equal "$(jq -r 'select(.event == "message") | .to[]' \
			"$SMTP_SCRIPT_LOG" | xargs)" \
			"$([[ $cc == *good* ]] && echo f-1@example.com good@example.com || echo f-1@example.com)"
	done <<-'END'
		["good@example.com","a\u200bb@example.com"]|warning: f-1 2025-06: cc "a<U+200B>b@example.com" is not a valid mail address: it has U+200B (ZERO WIDTH SPACE), which is invisible
		["a@b\r\nBcc: x@y.example","good@example.com"]|it has a control character
		["zo\u00eb@example.com","good@example.com"]|the part before the @ must be ASCII
		[7,"good@example.com"]|cc: expected a string
		["a@b","b@b","c@b","d@b","e@b","f@b"]|cc has 6 addresses: expected an array of at most 5 addresses; none of them gets a copy
		"a@example.com"|cc is a string: expected an array of at most 5 addresses
		{}|cc is an object: expected an array of at most 5 addresses
	END
	jq -c "select(.follower_id == \"f-1\") | .cc = null" line >one
	serve '{}'
	forget_claims
	run --separate-stderr rw-mail <one
	assert_stderr ''
}

@test "a refused copy neither blocks nor repeats a follower's mail" {
	export ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc
	fault '{"rules":[{"at":"rcpt","match":"admin@","reply":"550 5.1.1 nobody"}]}' \
		0 "sent sent sent"
	assert_equal "$(grep -c 'warning: the mail to admin@example.com failed' err)" 3
	fault '{"rules":[{"at":"rcpt","match":"admin@","drop":true}]}' 0 \
		"sent sent sent"
	# A follower's refused mail has no copy.
	fault '{"rules":[{"at":"rcpt","match":"f-2@","reply":"550 5.1.1 nobody"},{"at":"rcpt","match":"admin@","reply":"550 no"}]}' \
		1 "sent never sent"
	assert_equal "$(grep -c 'admin@example.com failed' err)" 2
}

@test "RW_ADMIN_COPY: none, and a summary at the end" {
	export ADMIN_EMAIL=admin@example.com
	serve '{}'
	RW_ADMIN_COPY=none rw-mail <line >out
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 3
	forget_claims
	rw-mail <line >out
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message"')" 7
	"$PYTHON" "$ROOT/tests/mail_parse.py" "$SMTP_SCRIPT_MESSAGES/7.eml" >letter
	assert_json "$(cat letter)" .subject 'SpreadPilot Monthly Report - June 2025: 3 sent, 0 failed, 0 in doubt'
	grep -q 'Cc:' "$SMTP_SCRIPT_MESSAGES"/[1-6].eml && fail "a Cc without a copy"
	true
}

@test "each address of ADMIN_EMAIL gets a copy of each letter" {
	serve '{}'
	ADMIN_EMAIL='ops@example.com, it@example.com' RW_ADMIN_COPY=cc rw-mail -j 1 <line >out
	server smtp-script stop
	assert_equal "$(jq -r 'select(.event == "message") | .to[]' \
		"$SMTP_SCRIPT_LOG" | sort | uniq -c | xargs)" \
		'1 f-1@example.com 1 f-2@example.com 1 f-3@example.com 3 it@example.com 3 ops@example.com'
}

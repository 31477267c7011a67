#!/usr/bin/env bats
# rw-mail and a real Postfix: the delivered message is the printed one.

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com
	cd "$BATS_TEST_TMPDIR" || return 1
	head -c 30000 /dev/urandom >a.pdf
	head -c 200000 /dev/urandom >a.xlsx
	id=$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	printf '{"follower_id":"%s","report_period":"2025-06","email":"zoe-%s@bücher.example","name":"Zoë Šimůnková","mail_date":"2025-07-01T00:10:00Z",%s}\n' \
		"$id" "$id" '"pdf_path":"a.pdf","excel_path":"a.xlsx"' >line
	printf '{"follower_id":"%s","report_period":"2025-05","email":"zoë-%s@example.com","name":"Zoë","mail_date":"2025-07-01T00:10:00Z",%s}\n' \
		"$id" "$id" '"pdf_url":"https://s.example/a?b=c&d=e","excel_url":"https://s.example/f"' >>line
	export RW_BRAND='Größe & Söhne'
}

# delivered: prints the files of our mails in the maildir.
delivered() {
	grep -l "^Delivered-To: .*$id@" "$POSTFIX_MAILDIR"/new/* "$POSTFIX_MAILDIR"/cur/* 2>/dev/null
}

delivered_are() {
	[ "$(delivered | wc -l)" -eq "$1" ]
}

# without_trace: removes the lines that a server has added at the top.
without_trace() {
	tr -d '\r' | sed '1,/^Date: /{/^Date: /!d;}'
}

# assert_sound FILE: expects no defect, attachments equal to the files, and
# correct names.
assert_sound() {
	without_trace <"$1" >sound
	"$PYTHON" "$ROOT/tests/mail_parse.py" sound >letter
	if [ "$(json '.attachments | length' letter)" = 0 ]; then
		assert_json "$(cat letter)" '.text | contains("https://s.example/a?b=c&d=e\n")' true
		assert_json "$(cat letter)" .types '["multipart/alternative","text/plain","text/html"]'
		return
	fi
	assert_json "$(cat letter)" .defects '[]'
	assert_json "$(cat letter)" .to "Zoë Šimůnková <zoe-$id@xn--bcher-kva.example>"
	assert_json "$(cat letter)" .from 'Größe & Söhne <reports@example.com>'
	assert_json "$(cat letter)" '.attachments | map(.name)' \
		'["Größe_&_Söhne_Report_2025-06.pdf","Größe_&_Söhne_Report_2025-06.xlsx"]'
	assert_json "$(cat letter)" '.attachments[0].sha256' "$(sha256sum <a.pdf | cut -d ' ' -f 1)"
	assert_json "$(cat letter)" '.attachments[1].sha256' "$(sha256sum <a.xlsx | cut -d ' ' -f 1)"
}

@test "Postfix delivers the same bytes as --print" {
	need_server postfix
	rw-mail <line >out
	assert_equal "$(json .email_sent out | sort -u)" true
	wait_for 30 delivered_are 2
	delivered | while read -r file; do
		assert_sound "$file" || return 1
		without_trace <"$file" | sha256sum
	done | sort >got
	while read -r one; do
		rw-mail --print <<<"$one" | tr -d '\r' | sha256sum
	done <line | sort >expected
	assert_equal "$(cat got)" "$(cat expected)"
}

@test "STARTTLS or TLS, SASL by Dovecot, a private CA: fetched over IMAP" {
	RW_TEST_SASL=1 need_server postfix.sasl
	head -n 1 line >first
	tail -n 1 line >second
	rw-mail <first >out
	SMTP_URI=smtps://127.0.0.1:$SMTPS_PORT rw-mail <second >>out
	assert_equal "$(json .email_sent out | sort -u)" true
	wait_for 30 delivered_are 2
	"$PYTHON" - "$id" <<-'END'
		import imaplib, os, ssl, sys
		box = imaplib.IMAP4(os.environ["IMAP_HOST"], int(os.environ["IMAP_PORT"]))
		box.starttls(ssl.create_default_context(cafile=os.environ["RW_CA_FILE"]))
		box.login(os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])
		box.select("INBOX", readonly=True)
		for number in box.search(None, "ALL")[1][0].split():
		    raw = box.fetch(number, "(BODY.PEEK[])")[1][0][1]
		    if sys.argv[1].encode() in raw.split(b"\r\n\r\n")[0]:
		        with open("fetched.%d" % int(number), "wb") as file:
		            file.write(raw)
	END
	set -- fetched.*
	assert_equal $# 2
	for file; do
		assert_sound "$file"
		grep -qE 'with (ESMTP|UTF8SMTP)SA ' "$file" ||
			fail "it came without TLS or AUTH: $(cat "$file")"
		without_trace <"$file" | sha256sum
	done | sort >got
	cat first second | while read -r one; do
		rw-mail --print <<<"$one" | tr -d '\r' | sha256sum
	done | sort >expected
	assert_equal "$(cat got)" "$(cat expected)"
	run --separate-stderr rw-mail --check </dev/null
	assert_status 0
	assert_output_has "authentication: accepted, as worker"
	assert_output_has "addresses outside ASCII: yes"
}

@test "Postfix: without the CA, with a wrong password, above the size limit" {
	RW_TEST_SASL=1 need_server postfix.sasl
	RW_CA_FILE='' run --separate-stderr rw-mail <line
	assert_status 69
	assert_stderr_has "at STARTTLS"
	assert_stderr_has certificate
	SMTP_PASSWORD=wrong run --separate-stderr rw-mail <line
	assert_status 78
	assert_stderr_has "at AUTH"
	assert_stderr_lacks wrong
	head -c 26000000 /dev/zero >a.pdf
	head -n 1 line >first
	RW_MAX_ATTACH=100000000 run --separate-stderr rw-mail <first
	assert_status 1
	assert_stderr_has "but the mail server accepts at most 26214400"
	assert_json "$output" .error.retryable false
}

@test "Postfix requires a login at RCPT: --check and a run report it" {
	RW_TEST_SASL=1 need_server postfix.sasl
	unset SMTP_USER SMTP_PASSWORD
	run --separate-stderr rw-mail --check </dev/null
	assert_status 0
	assert_stderr_has 'warning'
	assert_stderr_has 'offers AUTH, and SMTP_USER is not set'
	ADMIN_EMAIL=admin@example.net run --separate-stderr rw-mail --check </dev/null
	assert_status 78
	assert_stderr_has 'refuses mail to admin@example.net: the server answered to RCPT: 554 5.7.1'
	run --separate-stderr rw-mail <line
	assert_status 78
	assert_stderr_has 'refused all mail, 2 messages: the server answered to RCPT: 554 5.7.1'
	assert_stderr_has '(SMTP_USER is not set, and the server offers AUTH)'
	assert_equal "$(delivered)" ''
}

@test "smtp-sink accepts all messages, over few connections" {
	need_server smtp-sink
	for i in {1..300}; do
		sed "1!d; s/\"$id\"/\"$id-$i\"/" line
	done >many
	rw-mail -j 8 <many >out
	assert_lines 300 out
	assert_equal "$(json .email_sent out | sort -u)" true
	assert_equal "$(grep -l "zoe-$id" "$SMTP_SINK_DIR"/* | wc -l)" 300
}

#!/usr/bin/env bats
# The servers that all other tests use.
#
# bats file_tags=plain

load helpers

# leaves_nothing DIR: expects that no process has DIR on its command line. A
# zombie has no command line and does not count.
leaves_nothing() {
	local file
	for file in /proc/[0-9]*/cmdline; do
		if tr '\0' ' ' <"$file" 2>/dev/null | grep -qF -- "$1"; then
			fail "still running: $(tr '\0' ' ' <"$file")"
		fi
	done
}

stops_clean() {
	local dir=${SERVER_DIR[$1]}
	server "$1" stop
	leaves_nothing "$dir/"
}

fetch() {
	curl -sS -m 5 -o /dev/null -w '%{http_code}' "$@"
}

# holds DIR N: expects N files
holds() {
	[ "$(find "$1" -type f | wc -l)" -eq "$2" ]
}

send_mail() {
	"$PYTHON" - "$@" <<'PY'
import os, smtplib, sys
with smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]),
                  timeout=5) as smtp:
    smtp.sendmail("from@example.com", sys.argv[1:],
                  "Subject: test\r\n\r\n.a dot\r\n")
PY
}

# The kernel may still reset a connection that the killed server had in its
# queue before it refuses the next one.
is_refused() {
	run fetch "$1"
	[ "$status" -eq 7 ]
}

@test "a server script prints its usage" {
	run --separate-stderr "$ROOT/tests/servers/smtp-sink"
	assert_status 64
	assert_stderr_has "usage: smtp-sink COMMAND DIR"
	run --separate-stderr "$ROOT/tests/servers/smtp-sink" dance /tmp
	assert_status 64
	assert_stderr_has "no command dance"
}

@test "a server that cannot start names the reason and leaves nothing behind" {
	run "$ROOT/tests/servers/http-script" start "$BATS_TEST_TMPDIR/s" \
		'{"rulez": []}'
	assert_status 1
	assert_output_has "script has unknown members: ['rulez']"
	leaves_nothing "$BATS_TEST_TMPDIR/s"
}

@test "radosgw stores, survives kill -9, and refuses a restricted user" {
	own_server radosgw
	s3_curl -X PUT -H 'Content-Length: 0' \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/reports/empty"
	server radosgw kill
	wait_for 10 is_refused "$MINIO_ENDPOINT_URL"
	server radosgw start
	new_bucket
	s3_curl -o /dev/null "$MINIO_ENDPOINT_URL/reports/reports/empty"

	echo '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
		"Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/in/*"}]}' \
		>"$BATS_TEST_TMPDIR/policy"
	server radosgw user second "$BATS_TEST_TMPDIR/policy"
	# shellcheck source=/dev/null
	source "${SERVER_DIR[radosgw]}/user-second.env"
	s3_curl -X PUT -H 'Content-Length: 0' "$MINIO_ENDPOINT_URL/reports/in/a"
	run s3_curl -X PUT -H 'Content-Length: 0' \
		"$MINIO_ENDPOINT_URL/reports/out"
	assert_status 22
	assert_output_has AccessDenied
	stops_clean radosgw
}

@test "minio stores" {
	need_server minio
	new_bucket
	s3_curl -X PUT -H 'Content-Length: 0' \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/reports/empty"
	s3_curl -o /dev/null \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/reports/empty"
}

@test "mongo keeps acknowledged writes over kill -9" {
	own_mongo
	"$PYTHON" - <<-'PY'
		import os, pymongo
		db = pymongo.MongoClient(os.environ["MONGO_URI"])["test"]
		db.c.insert_many([{"_id": i} for i in range(500)])
		db.c.insert_one({"_id": "last"})
	PY
	server mongo kill
	server mongo start
	run "$PYTHON" -c 'import os, pymongo
print(pymongo.MongoClient(os.environ["MONGO_URI"])["test"].c.count_documents({}))'
	assert_output 501
	stops_clean mongo
}

@test "postgres survives kill -9, can be halted, and gives no superuser rights" {
	own_server postgres
	local sql="SELECT count(*) FROM pnl_daily"
	server postgres sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl)
		VALUES ('a', '2025-06-02', 1)"
	server postgres kill
	server postgres start
	assert_equal "$(server postgres sql "$sql")" 1
	server postgres pause
	if timeout 2 "$ROOT/tests/servers/postgres" sql "${SERVER_DIR[postgres]}" "$sql"; then
		fail 'it answers'
	fi
	server postgres resume
	assert_equal "$(server postgres sql "$sql")" 1
	assert_equal "$(server postgres sql 'SELECT rolsuper FROM pg_roles WHERE rolname = $$worker$$')" f
	server postgres tls expired
	assert_equal "$(server postgres sql 'SHOW ssl')" on
	stops_clean postgres
}

@test "smtp-sink keeps each message as a file" {
	own_server smtp-sink
	send_mail a@example.com
	send_mail b@example.com
	run ls "$SMTP_SINK_DIR"
	assert_equal "${#lines[@]}" 2
	stops_clean smtp-sink
}

@test "smtp-script refuses, drops and counts as it is told" {
	own_server smtp-script '{"rules": [
		{"at": "rcpt", "match": "bad@", "reply": "550 5.1.1 nobody"},
		{"at": "dot", "nth": 2, "store": true, "drop": true}]}'
	send_mail good@example.com bad@example.com
	run send_mail good@example.com
	assert_status 1
	assert_output_has SMTPServerDisconnected
	assert_equal "$(json .confirmed <(grep '"message"' "$SMTP_SCRIPT_LOG") |
		xargs)" "true false"
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "connect"')" 2
	assert_equal "$(cat "$SMTP_SCRIPT_MESSAGES/1.eml")" \
		"$(printf 'Subject: test\r\n\r\n.a dot\r\n')"
	stops_clean smtp-script
}

@test "smtp-script takes mail only after STARTTLS and AUTH" {
	own_server smtp-script '{"starttls": true, "auth": ["PLAIN", "LOGIN"],
		"user": "u", "password": "p", "need_auth": true}'
	run send_mail a@example.com
	assert_output_has "authentication required"
	"$PYTHON" - <<-'PY'
		import os, smtplib, ssl
		for mechanism in "auth_plain", "auth_login":
		    smtp = smtplib.SMTP("localhost", int(os.environ["SMTP_PORT"]))
		    smtp.starttls(context=ssl.create_default_context(
		        cafile=os.environ["RW_CA_FILE"]))
		    smtp.ehlo()
		    smtp.user, smtp.password = "u", "p"
		    smtp.auth(mechanism[5:], getattr(smtp, mechanism))
		    smtp.sendmail("f@example.com", ["t@example.com"], "hello")
		    smtp.quit()
	PY
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message" and
		.tls and .user == "u"')" 2
}

@test "http-script mixes faults with success" {
	own_server http-script '{"rules": [
		{"match": "^PUT .*/a", "nth": [1], "status": 503},
		{"match": "^GET .*/half", "half": true},
		{"match": "/reset", "reset": true}]}'
	echo hello >"$BATS_TEST_TMPDIR/file"
	local url=$MINIO_ENDPOINT_URL/reports
	assert_equal "$(fetch -T "$BATS_TEST_TMPDIR/file" "$url/a")" 503
	assert_equal "$(fetch -T "$BATS_TEST_TMPDIR/file" "$url/a")" 200
	assert_equal "$(curl -s "$url/a")" hello
	assert_equal "$(curl -s -r 0-0 "$url/a")" h
	assert_equal "$(fetch -T "$BATS_TEST_TMPDIR/file" "$url/half")" 200
	run -18 fetch "$url/half"
	run -56 fetch "$url/reset"
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "request"')" 7
	stops_clean http-script
}

@test "postfix delivers into a maildir" {
	own_server postfix
	send_mail one@example.com two@example.org
	wait_for 10 holds "$POSTFIX_MAILDIR/new" 2
	run grep -h '^Delivered-To:' "$POSTFIX_MAILDIR"/new/*
	assert_output_has two@example.org
	stops_clean postfix
}

@test "postfix with SASL accepts mail over TLS, and serves it over IMAP" {
	RW_TEST_SASL=1 own_server postfix
	run send_mail one@example.com
	assert_output_has "Access denied"
	"$PYTHON" - <<-'PY'
		import imaplib, os, smtplib, ssl, time
		env = os.environ
		login = env["SMTP_USER"], env["SMTP_PASSWORD"]
		tls = ssl.create_default_context(cafile=env["RW_CA_FILE"])
		smtp = smtplib.SMTP("127.0.0.1", int(env["SMTP_PORT"]))
		smtp.starttls(context=tls)
		smtps = smtplib.SMTP_SSL("127.0.0.1", int(env["SMTPS_PORT"]),
		                         context=tls)
		for way in smtp, smtps:
		    way.login(*login)
		    way.sendmail("a@example.com", ["b@example.com"], "Subject: x")
		imap = imaplib.IMAP4("127.0.0.1", int(env["IMAP_PORT"]))
		imap.starttls(tls)
		imap.login(*login)
		end = time.time() + 10
		while imap.select()[1] != [b"2"]:
		    assert time.time() < end, "the mail did not arrive"
		    time.sleep(0.1)
	PY
	stops_clean postfix
}

@test "tls-proxy shows the certificate that is asked for" {
	own_server http-script
	local target=${MINIO_ENDPOINT_URL#http://} cert
	own_server tls-proxy "$target"
	assert_equal "$(fetch --cacert "$RW_CA_FILE" "https://$TLS_PROXY/")" 200
	for cert in other-host expired unknown-ca; do
		RW_TEST_CERT=$cert own_server tls-proxy.$cert "$target"
		run -60 fetch --cacert "$RW_CA_FILE" "https://$TLS_PROXY/"
	done
	stops_clean tls-proxy
}

@test "http-proxy forwards and tunnels" {
	own_server http-script
	own_server tls-proxy "${MINIO_ENDPOINT_URL#http://}"
	own_server http-proxy
	echo hello >"$BATS_TEST_TMPDIR/file"
	curl -sS -x "$HTTP_PROXY_URL" -T "$BATS_TEST_TMPDIR/file" \
		"$MINIO_ENDPOINT_URL/reports/a"
	assert_equal "$(curl -sS -x "$HTTP_PROXY_URL" \
		"$MINIO_ENDPOINT_URL/reports/a")" hello
	assert_equal "$(curl -sS -x "$HTTP_PROXY_URL" --cacert "$RW_CA_FILE" \
		"https://$TLS_PROXY/reports/a")" hello
	assert_equal "$(fetch -x "$HTTP_PROXY_URL" http://127.0.0.1:1/)" 502
	assert_equal "$(log_count "$HTTP_PROXY_LOG" '.event == "request"')" 3
	assert_equal "$(log_count "$HTTP_PROXY_LOG" '.event == "tunnel"')" 1
	stops_clean http-proxy
}

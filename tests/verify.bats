#!/usr/bin/env bats
# rw-verify: checks whether links work.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	own_server http-script
}

# link N: prints a line with links to the objects N.
link() {
	printf '{"follower_id":"f-%s","report_period":"2025-06","pdf_url":"%s/reports/%s.pdf?X-Amz-Signature=secret","excel_url":"%s/reports/%s.xlsx?X-Amz-Signature=secret","url_expires_at":"2030-01-01T00:00:00Z","url_scheme":"sigv4"}\n' \
		"$1" "$MINIO_ENDPOINT_URL" "$1" "$MINIO_ENDPOINT_URL" "$1"
}

store() { # N...
	for n; do
		for kind in pdf xlsx; do
			curl -sS -o out -T "$ROOT/Makefile" \
				"$MINIO_ENDPOINT_URL/reports/$n.$kind"
		done
	done
}

verify() {
	run --separate-stderr rw-verify "$@"
}

gets() {
	# rw-put sends other requests.
	log_count "$HTTP_SCRIPT_LOG" '.event == "request" and .method == "GET" and
		(.headers.range // .headers.Range) == "bytes=0-0"'
}

@test "working links pass unchanged, after one byte of each" {
	store 1 2
	(link 1; link 2) >in
	verify <in
	assert_status 0
	assert_output "$(cat in)"
	assert_stderr ""
	assert_equal "$(gets)" 4
	assert_equal "$(jq -r 'select(.method == "GET") | .headers.range // .headers.Range' \
		"$HTTP_SCRIPT_LOG" | sort -u)" "bytes=0-0"
}

@test "a dead link is removed, and the others are kept" {
	store 1 3
	verify < <(link 1; link 2; link 3)
	assert_status 1
	assert_equal "$(json '.pdf_url != null' <<<"$output" | xargs)" \
		"true false true"
	dead=$(sed -n 2p <<<"$output")
	assert_json "$dead" '.excel_url, .url_expires_at, .url_scheme' \
		$'null\nnull\nnull'
	assert_json "$dead" '.error.tool, .error.kind' $'rw-verify\nrefused'
	assert_stderr_has "f-2 2025-06: pdf_url is dead: the store answers 404 NoSuchKey"
	assert_stderr_lacks secret
	assert_output_lacks "secret\",\"error"
}

@test "--first: one report is checked for all" {
	store 1
	verify --first < <(link 1; link 2; link 3)
	assert_status 0
	assert_equal "$(gets)" 2
	verify --first < <(link 2; link 1; link 1)
	assert_status 1
	assert_equal "$(json '.pdf_url != null' <<<"$output" | sort | uniq -c | xargs)" \
		"3 false"
}

@test "--first checks the first report that has links" {
	store 1
	verify --first < <(echo '{"follower_id":"f","report_period":"2025-06"}'; link 1; link 2)
	assert_status 0
	assert_equal "$(gets)" 2
}

@test "lines without links, and failed lines, pass unchanged" {
	for line in '{"follower_id":"f","report_period":"2025-06"}' \
		'{"follower_id":"f","report_period":"2025-06","pdf_url":"http://127.0.0.1:1/"}' \
		'{"follower_id":"f","report_period":"2025-06","pdf_url":"x","excel_url":"y","error":{"tool":"rw-put","kind":"refused","message":"no","retryable":false}}'; do
		verify <<<"$line"
		assert_status 0
		assert_output "$line"
	done
	assert_equal "$(gets)" 0
}

@test "a server that sends the whole file instead of a byte is stopped" {
	big=$(head -c 500000 /dev/zero | tr '\0' x)
	printf '{"rules":[{"status":200,"headers":{},"body":"%s"}]}' "$big" >script
	server http-script stop
	own_server http-script "$PWD/script"
	verify < <(link 1)
	assert_status 0
}

@test "unreachable links: 69, and the line is passed on without them" {
	server http-script stop
	verify < <(link 1; link 2)
	assert_status 69
	assert_equal "$(json .pdf_url <<<"$output" | xargs)" "null null"
	assert_stderr_lacks secret
}

@test "a link that is not a URL" {
	verify <<<'{"follower_id":"f","report_period":"2025-06","pdf_url":"file:///etc/passwd","excel_url":"y"}'
	[ "$status" -ne 0 ]
	assert_json "$output" .pdf_url null
	assert_output_lacks root:
}

@test "a redirect is not followed" {
	server http-script stop
	own_server http-script '{"rules":[{"status":302,"headers":{"Location":"http://127.0.0.1:1/"}}]}'
	verify < <(link 1)
	assert_status 1
	assert_stderr_has "302"
}

@test "--check reads the settings" {
	verify --check
	assert_status 0
	assert_output_has "ok    settings: "
	RW_CA_FILE=/none verify --check
	assert_status 78
	assert_stderr_has "RW_CA_FILE: cannot read /none"
	RW_S3_TIMEOUT=soon verify --check
	assert_status 78
}

link_service() { # TARGET: links of the scheme link, which is led to TARGET
	link 1 | sed 's/"sigv4"/"link"/; s|/reports/1|/l/1|g'
}

@test "one redirect of our own link service is followed" {
	local at=$MINIO_ENDPOINT_URL
	server http-script stop
	own_server http-script '{"rules":[
		{"match":"GET /l/1.pdf","status":302,"headers":{"Location":"'"$at"'/reports/1.pdf?fresh"}},
		{"match":"GET /l/1.xlsx","status":302,"headers":{"Location":"'"$at"'/reports/1.xlsx?fresh"}},
		{"match":"GET /l/2","status":302,"headers":{"Location":"'"$at"'/l/1.pdf"}},
		{"match":"GET /l/3","status":302,"headers":{"Location":"file:///etc/passwd"}}]}'
	[ "$MINIO_ENDPOINT_URL" = "$at" ] || sed -i "s|$at|$MINIO_ENDPOINT_URL|g" \
		"$HTTP_SCRIPT_DIR/script.json"
	store 1
	link_service >in
	verify <in
	assert_status 0
	assert_output "$(cat in)"
	assert_equal "$(gets)" 4
	# Two redirects are not followed, and no redirect of other schemes.
	verify < <(link_service | sed 's|/l/1|/l/2|g')
	assert_status 1
	assert_stderr_has 302
	verify < <(link_service | sed 's|/l/1|/l/3|g')
	assert_status 1
	assert_stderr_has 302
	verify < <(link_service | sed 's|"link"|"sigv4"|')
	assert_status 1
	assert_stderr_has 302
}

@test "--run: RW_VERIFY selects the links" {
	store 1 3
	(link 1; link 2; link 3) >in
	verify --run <in
	assert_status 0
	assert_equal "$(gets)" 2
	RW_VERIFY=all verify --run <in
	assert_status 1
	assert_stderr_has 'f-2 2025-06: pdf_url is dead'
	assert_equal "$(json '.pdf_url != null' <<<"$output" | xargs)" \
		'true false true'
	assert_equal "$(gets)" 8
	RW_VERIFY=off verify --run <in
	assert_status 0
	assert_output "$(cat in)"
	assert_equal "$(gets)" 8
	RW_VERIFY=some verify --run <in
	assert_status 78
	assert_stderr_has 'RW_VERIFY is "some": expected first, all or off'
	# By hand all links are tried.
	RW_VERIFY=off verify <in
	assert_status 1
}

@test "--check connects to the watchdog's host, and requests nothing" {
	RW_HEARTBEAT_URL=$MINIO_ENDPOINT_URL/secret-uuid verify --check
	assert_status 0
	assert_output_has 'ok    heartbeat: '
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "request"')" 0
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "connect"')" 1
	RW_HEARTBEAT_URL=http://127.0.0.1:1/secret-uuid verify --check
	assert_status 69
	assert_output_has 'FAIL  heartbeat: RW_HEARTBEAT_URL: 127.0.0.1 is unreachable'
	assert_output_lacks secret-uuid
	RW_HEARTBEAT_URL=http://nowhere.invalid/secret-uuid verify --check
	assert_status 69
	# The check includes TLS.
	RW_HEARTBEAT_URL=https://${MINIO_ENDPOINT_URL#http://}/secret-uuid verify --check
	assert_status 69
	RW_HEARTBEAT_URL=secret-uuid verify --check
	assert_status 78
	assert_output_has 'RW_HEARTBEAT_URL is not a URL'
	assert_output_lacks secret-uuid
}

# ---- in a run ---------------------------------------------------------------

due() { # N
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"1"}}\n' \
			"$i" "$i"
	done >due
}

report() {
	REPORT_SENDER_EMAIL=reports@example.com RW_ADMIN_COPY=none \
		RW_MAIL_TRANSPORT=maildir:mail run --separate-stderr \
		rw-report --input due "$@"
}

deliveries() {
	rw-status --json --period 2025-06 | json .delivery | sort | uniq -c |
		xargs
}

@test "a run tries the links of the first report before it mails any" {
	rw-record --init
	due 3
	report
	assert_status 0
	assert_stderr_lacks rw-verify
	assert_equal "$(deliveries)" '3 links'
	assert_equal "$(gets)" 2
	RW_VERIFY=all report --again
	assert_equal "$(gets)" 8
	RW_VERIFY=off report --again
	assert_status 0
	assert_equal "$(gets)" 8
}

@test "a host that is unreachable from here: attachments, and one warning" {
	rw-record --init
	due 3
	MINIO_PUBLIC_ENDPOINT_URL=http://127.0.0.1:1 report
	assert_status 0
	assert_equal "$(deliveries)" '3 attachments'
	assert_equal "$(wc -l <<<"$stderr")" 1
	assert_stderr_has 'warning: 2025-06: rw-verify ended with status 69: pdf_url is dead: '
	assert_stderr_has 'for 3 of 3 reports'
	# With split DNS the operator disables the check.
	RW_VERIFY=off MINIO_PUBLIC_ENDPOINT_URL=http://127.0.0.1:1 report --again
	assert_status 0
	assert_stderr_lacks rw-verify
	assert_equal "$(deliveries)" '3 links'
}

@test "a refusal by the store: attachments, and one warning" {
	rw-record --init
	due 3
	server http-script stop
	own_server http-script '{"rules":[{"match":"GET ","status":403,"body":"<Error><Code>SignatureDoesNotMatch</Code></Error>"}]}'
	report
	assert_status 0
	assert_equal "$(deliveries)" '3 attachments'
	assert_equal "$(wc -l <<<"$stderr")" 1
	assert_stderr_has 'SignatureDoesNotMatch'
}

@test "a store that never answers about a link: attachments within a minute" {
	rw-record --init
	due 3
	server http-script stop
	own_server http-script '{"rules":[{"match":"GET ","hang":true}]}'
	local start=$SECONDS
	RW_VERIFY=all report
	assert_status 0
	assert_equal "$(deliveries)" '3 attachments'
	assert_equal "$(wc -l <<<"$stderr")" 1
	assert_stderr_has 'rw-verify ended with status 69: pdf_url is dead: '
	# A store that drips is also limited.
	server http-script stop
	own_server http-script '{"rules":[{"match":"GET ","drip":"head"}]}'
	report --again
	assert_status 0
	assert_equal "$(deliveries)" '3 attachments'
	[ $((SECONDS - start)) -lt 150 ] || fail 'it took too long'
}

@test "a dry run tries no link" {
	rw-record --init
	due 3
	report --dry-run
	assert_status 0
	assert_equal "$(gets)" 0
	DRY_RUN_MODE=true report
	assert_equal "$(gets)" 0
	report --to me@example.com
	assert_status 0
	assert_equal "$(gets)" 2
}

@test "rw-report --check tries a link before the month" {
	rw-record --init
	due 1
	report --check
	assert_status 0
	assert_output_has 'ok    links: '
	MINIO_PUBLIC_ENDPOINT_URL=http://127.0.0.1:1 report --check
	assert_status 69
	assert_output_has 'set RW_VERIFY=off'
	MINIO_PUBLIC_ENDPOINT_URL=http://127.0.0.1:1 RW_VERIFY=off report --check
	assert_status 0
	assert_output_has 'such links are mailed all the same (RW_VERIFY=off)'
	report --check --quiet
	assert_status 0
	assert_output ''
	assert_stderr ''
}

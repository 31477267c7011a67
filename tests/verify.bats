#!/usr/bin/env bats
# rw-verify: are the links alive?

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	own_server http-script
}

# link N: a line whose links lead to objects N.
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
	log_count "$HTTP_SCRIPT_LOG" '.event == "request" and .method == "GET"'
}

@test "live links pass untouched, by one byte each" {
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

@test "lines without links, and failed ones, pass untouched" {
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

@test "unreachable links: 69, and the line goes on without them" {
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

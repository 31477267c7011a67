#!/usr/bin/env bats
# rw-put with a failing store: which requests are tried again, how often, after
# which time, and the resulting record.
#
# bats file_tags=long

load helpers

setup() {
	printf pdf >"$BATS_TEST_TMPDIR/a.pdf"
	printf xlsx >"$BATS_TEST_TMPDIR/a.xlsx"
}

# reports N: prints N lines with the same two files.
reports() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","pdf_path":"%s","excel_path":"%s"}\n' \
			"$i" "$BATS_TEST_TMPDIR/a.pdf" "$BATS_TEST_TMPDIR/a.xlsx"
	done
}

# store RULE...: starts a store with these rules, and uploads one report.
store() {
	local IFS=,
	own_server http-script "{\"rules\":[$*]}"
}

put() {
	run --separate-stderr rw-put "$@" < <(reports "${reports:-1}")
}

# requests FILTER: prints the number of matching requests.
requests() {
	log_count "$HTTP_SCRIPT_LOG" ".event == \"request\" and ($1)"
}

connections() {
	log_count "$HTTP_SCRIPT_LOG" '.event == "connect"'
}

# gap FILTER: prints the milliseconds between the first two matching requests.
gap() {
	jq -s "[.[] | select(.event == \"request\" and ($1)) | .time] |
		((.[1] - .[0]) * 1000 | floor)" "$HTTP_SCRIPT_LOG"
}

pdf='.method == "PUT" and (.target | endswith(".pdf"))'
error() { # CODE [MORE]
	printf '<Error><Code>%s</Code><Message>by the script</Message>%s</Error>' \
		"$1" "${2:-}"
}

stored_after() { # REQUESTS
	put
	assert_status 0
	assert_json "$output" .minio_upload true
	assert_json "$output" .error null
	assert_equal "$(requests "$pdf")" "$1" "requests for the PDF"
	assert_equal "$(requests '.target | endswith(".xlsx")')" 1 \
		"requests for the workbook"
}

refused_after() { # REQUESTS RETRYABLE WORDS
	put
	assert_status 1
	assert_json "$output" .minio_upload false
	assert_json "$output" '.pdf_key, .excel_key' $'null\nnull'
	assert_json "$output" '.error | .tool, .kind, .retryable' \
		"rw-put"$'\n'"refused"$'\n'"$2"
	assert_stderr_has "$3"
	assert_json "$output" ".error.message | contains(\"$3\")" true
	assert_equal "$(requests "$pdf")" "$1" "requests for the PDF"
}

@test "500 once: tried again" {
	store '{"match":"pdf","nth":1,"status":500}'
	stored_after 2
	[ "$(gap "$pdf")" -le 1200 ]
}

@test "500, 502, 503, 504 and 408: tried again, each" {
	for status in 500 502 503 504 408; do
		store "{\"match\":\"pdf\",\"nth\":1,\"status\":$status}"
		stored_after 2
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	done
}

@test "500 twice: tried again twice" {
	store '{"match":"pdf","nth":[1,2],"status":500}'
	stored_after 3
}

@test "500 permanently: three attempts, then the record has the error" {
	store "{\"match\":\"pdf\",\"status\":500,\"body\":\"$(error InternalError)\"}"
	refused_after 3 true "the store answers 500 InternalError to PUT reports/2025-06/f-1/report_2025-06.pdf: by the script"
}

@test "RW_S3_ATTEMPTS=1: no second attempt" {
	store '{"match":"pdf","status":500}'
	RW_S3_ATTEMPTS=1 refused_after 1 true "the store answers 500"
}

@test "503 SlowDown: tried again" {
	store "{\"match\":\"pdf\",\"nth\":1,\"status\":503,\"body\":\"$(error SlowDown)\"}"
	stored_after 2
}

@test "429 with Retry-After: not before that" {
	store '{"match":"pdf","nth":1,"status":429,"headers":{"Retry-After":"2"}}'
	stored_after 2
	[ "$(gap "$pdf")" -ge 2000 ]
	[ "$(gap "$pdf")" -le 3500 ]
}

@test "503 with a Retry-After date: not before that" {
	# The server starts slowly, so the time of the second request counts,
	# not the gap.
	at=$(($(date +%s) + 5))
	store "{\"match\":\"pdf\",\"nth\":1,\"status\":503,\"headers\":{\"Retry-After\":\"$(date -u -d "@$at" '+%a, %d %b %Y %H:%M:%S GMT')\"}}"
	stored_after 2
	[ "$(jq -s "[.[] | select(.event == \"request\" and ($pdf)) | .time] |
		.[1] >= $at" "$HTTP_SCRIPT_LOG")" = true ]
}

@test "Retry-After of an hour is not waited for" {
	store '{"match":"pdf","status":503,"headers":{"Retry-After":"3600"}}'
	refused_after 1 true "the store answers 503"
}

@test "a connection that is reset or dropped in the middle: tried again" {
	for how in '"reset":true' '"drop":true' \
		'"at":"head","after":1,"reset":true'; do
		store "{\"match\":\"pdf\",\"nth\":1,$how}"
		stored_after 2
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	done
}

@test "a partial answer: tried again" {
	store '{"match":"pdf","nth":1,"status":200,"store":true,"body":"0123456789","half":true}'
	stored_after 2
}

@test "an answer that is not HTTP: the record fails, the other connection continues" {
	store '{"match":"pdf","status":200,"headers":{"Content-Length":"abc"}}'
	put
	assert_status 69
	assert_json "$output" .minio_upload false
}

@test "301 with another region: not followed, the region is named, the rest is not tried" {
	store '{"match":"PUT","status":301,"headers":{"Location":"http://127.0.0.1:1/","x-amz-bucket-region":"eu-west-3"},"body":"<Error><Code>PermanentRedirect</Code></Error>"}'
	reports=20 put
	assert_status 1
	assert_stderr_has "(the bucket is in eu-west-3)"
	assert_stderr_has "(is MINIO_REGION right?)"
	assert_equal "$(json .minio_upload <<<"$output" | sort | uniq -c | xargs)" \
		"20 false"
	[ "$(requests true)" -le 8 ]
}

@test "400 with the right region in the answer" {
	store "{\"status\":400,\"body\":\"$(error AuthorizationHeaderMalformed '<Region>eu-west-3</Region>')\"}"
	refused_after 1 false "(the bucket is in eu-west-3)"
}

@test "302 is not followed" {
	store '{"match":"pdf","status":302,"headers":{"Location":"http://127.0.0.1:1/"}}'
	refused_after 1 false "the store answers 302"
}

@test "403 for one object: only this report fails" {
	store "{\"match\":\"f-2/.*pdf\",\"status\":403,\"body\":\"$(error AccessDenied)\"}"
	reports=3 put
	assert_status 1
	assert_equal "$(json .minio_upload <<<"$output" | xargs)" "true false true"
	assert_stderr_has "f-2 2025-06: the store answers 403 AccessDenied"
	assert_stderr_has "rw-bucket --print-policy"
	assert_equal "$(requests '.target | test("f-2/.*pdf")')" 1
}

@test "wrong keys: detected once, not once for each report" {
	for code in InvalidAccessKeyId SignatureDoesNotMatch ExpiredToken \
		NoSuchBucket; do
		store "{\"status\":403,\"body\":\"$(error $code)\"}"
		reports=100 put
		assert_status 1
		assert_stderr_has "f-100 2025-06: given up: the store answers 403 $code"
		[ "$(requests true)" -le 8 ]
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	done
}

@test "a clock that differs is corrected, once for all" {
	own_server http-script '{"skew":7200}'
	reports=10 put
	assert_status 0
	assert_equal "$(json .minio_upload <<<"$output" | sort -u)" true
	[ "$(requests '.method == "PUT"')" -le 22 ]
}

@test "a clock that cannot be corrected: one more attempt only" {
	store "{\"match\":\"pdf\",\"status\":403,\"headers\":{\"Date\":\"Sun, 06 Nov 1994 08:49:37 GMT\"},\"body\":\"$(error RequestTimeTooSkewed)\"}"
	refused_after 2 false "the clocks of the store and of this host differ"
}

@test "an answer that is a megabyte too long is cut off" {
	big=$(head -c 3000000 /dev/zero | tr '\0' x)
	printf '{"rules":[{"match":"pdf","status":200,"body":"%s"}]}' "$big" \
		>"$BATS_TEST_TMPDIR/script"
	own_server http-script "$BATS_TEST_TMPDIR/script"
	put
	assert_status 69
	assert_json "$output" .minio_upload false
}

@test "an error page that is not XML, or hostile XML, does no harm" {
	for body in '<html>busy' '&' '<?xml version=\"1.0\"?><!DOCTYPE Error [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Error><Code>X&a;</Code></Error>' \
		'<Error><Code>\u001b[31m</Code></Error>' \
		'<!DOCTYPE Error [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><Error><Code>&d;&d;&d;&d;&d;&d;&d;&d;</Code></Error>'; do
		store "{\"match\":\"pdf\",\"status\":400,\"body\":\"$body\"}"
		put
		assert_status 1
		assert_stderr_has "the store answers 400"
		assert_stderr_lacks root:
		[ "$(tr -d '\40-\176\n' <<<"$stderr" | wc -c)" -eq 0 ]
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	done
}

# ---- unreachable stores -----------------------------------------------------

@test "1,000 reports against a refused port: a dozen connections at most" {
	need_namespace --net
	own_server http-script
	port=${MINIO_ENDPOINT_URL##*:}
	server http-script stop
	reports 1000 >"$BATS_TEST_TMPDIR/lines"
	# In a separate network namespace, so that no other packets are counted.
	run --separate-stderr unshare -n sh -c '
		ip link set lo up && [ "$(ip -br link | wc -l)" = 1 ] || exit 99
		rw-put <"$1/lines" >"$1/out"
		echo $?
		awk "/^Tcp: [0-9]/ { print \$6 }" /proc/net/snmp' sh "$BATS_TEST_TMPDIR"
	[ "$status" -ne 1 ] || skip "no network namespaces here"
	assert_status 0
	assert_equal "${lines[0]}" 69
	echo "connections: ${lines[1]}"
	[ "${lines[1]}" -ge 2 ]
	[ "${lines[1]}" -le 12 ]
	assert_lines 1000 "$BATS_TEST_TMPDIR/out"
	assert_equal "$(json '.minio_upload, .error.kind' "$BATS_TEST_TMPDIR/out" |
		sort | uniq -c | xargs)" "1000 false 1000 unreachable"
	assert_stderr_has "f-1000 2025-06: given up: 127.0.0.1:$port cannot be reached"
}

@test "a store that resets every connection: a dozen at most" {
	store '{"at":"connect","reset":true}'
	reports=200 put
	assert_status 69
	assert_equal "${#lines[@]}" 200
	[ "$(connections)" -le 12 ]
}

@test "a store that accepts and never answers: one bounded wait" {
	store '{"at":"head","hang":true}'
	began=$SECONDS
	RW_S3_TIMEOUT=2 reports=200 put
	assert_status 69
	assert_equal "${#lines[@]}" 200
	assert_stderr_has "does not answer: no data was transferred for 2 seconds"
	[ $((SECONDS - began)) -le 8 ]
	[ "$(connections)" -le 3 ]
}

@test "a request whose answer hangs is sent again" {
	store '{"match":"pdf","nth":1,"hang":true}'
	RW_S3_TIMEOUT=1 stored_after 2
}

@test "a store that becomes unreachable in the middle, permanently" {
	store '{"at":"head","from":101,"drop":true}' \
		'{"at":"connect","from":9,"reset":true}'
	reports=200 put
	assert_status 69
	assert_equal "${#lines[@]}" 200
	stored=$(json 'select(.minio_upload)' <<<"$output" | wc -l)
	[ "$stored" -ge 40 ]
	[ "$stored" -le 50 ]
	assert_equal "$(json 'select(.minio_upload) | select(.pdf_key == null or .error != null)' <<<"$output")" ""
	assert_equal "$(json 'select(.minio_upload | not) | select(.pdf_key != null or .error == null)' <<<"$output")" ""
}

@test "a store that is down for a second: nothing is lost" {
	own_server http-script
	(sleep 0.3; server http-script kill; sleep 0.8; server http-script start) 3>&- &
	pid=$!
	(reports 100; sleep 0.6; reports 100) |
		rw-put >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || true
	wait $pid
	assert_lines 200 "$BATS_TEST_TMPDIR/out"
	assert_equal "$(json .minio_upload "$BATS_TEST_TMPDIR/out" | sort | uniq -c | xargs)" \
		"200 true"
}

@test "a name that does not resolve: the store is unreachable" {
	export MINIO_ENDPOINT_URL=https://nowhere.invalid MINIO_ACCESS_KEY=a \
		MINIO_SECRET_KEY=b MINIO_BUCKET_NAME=reports
	reports=3 put
	assert_status 69
	assert_stderr_has "nowhere.invalid cannot be reached"
}

# ---- connections ------------------------------------------------------------

@test "connections are kept over the whole input, and -j bounds them" {
	store
	reports=50 put -j 4
	assert_status 0
	assert_equal "$(requests '.method == "PUT"')" 100
	[ "$(connections)" -le 4 ]
	assert_equal "$(requests '.headers.Expect != null')" 0
	assert_equal "$(requests '.headers["Transfer-Encoding"] != null')" 0
}

@test "connections that the store closes are opened again" {
	store '{"close":true}'
	reports=20 put
	assert_status 0
	assert_equal "$(requests '.method == "PUT"')" 40
}

@test "both files of a report are uploaded at the same time" {
	store '{"match":"PUT","delay":0.5}'
	put
	assert_status 0
	[ "$(gap true)" -lt 400 ]
}

# ---- parts ------------------------------------------------------------------

large() {
	head -c 12000000 /dev/urandom >"$BATS_TEST_TMPDIR/a.pdf"
	export RW_S3_MULTIPART_FROM=6000000 RW_S3_PART_SIZE=5242880
}

@test "a large file goes in parts, several at once" {
	large
	store '{"match":"partNumber","delay":0.3}'
	reports=1 put
	assert_status 0
	assert_equal "$(requests '.target | test("partNumber")')" 3
	[ "$(gap '.target | test("partNumber")')" -lt 250 ]
	assert_equal "$(requests '.method == "DELETE"')" 0
	curl -s "$MINIO_ENDPOINT_URL/reports/$(json .pdf_key <<<"$output")" |
		cmp - "$BATS_TEST_TMPDIR/a.pdf"
}

@test "a part that fails is sent again alone" {
	large
	store '{"match":"partNumber=2","nth":1,"status":500}'
	put
	assert_status 0
	assert_equal "$(requests '.target | test("partNumber")')" 4
}

@test "a part that cannot be sent: the upload is aborted" {
	large
	store '{"match":"partNumber=2","status":500}'
	put
	assert_status 1
	assert_equal "$(requests '.method == "DELETE" and (.target | test("uploadId"))')" 1
	assert_equal "$(requests '.method == "POST" and (.target | test("uploadId"))')" 0
}

@test "an error inside the 200 of the completion: tried again" {
	large
	store "{\"match\":\"POST .*uploadId\",\"nth\":1,\"status\":200,\"body\":\"$(error InternalError)\"}"
	put
	assert_status 0
	assert_equal "$(requests '.method == "POST" and (.target | test("uploadId"))')" 2
}

@test "a permanent error inside the 200: aborted" {
	large
	store "{\"match\":\"POST .*uploadId\",\"status\":200,\"body\":\"$(error InternalError)\"}"
	put
	assert_status 1
	assert_stderr_has "the store answers 200 to POST reports/2025-06/f-1/report_2025-06.pdf with the error InternalError: by the script"
	assert_equal "$(requests '.method == "DELETE"')" 1
}

@test "a completion whose answer was lost is recognised" {
	large
	store '{"match":"POST .*uploadId","nth":1,"status":200,"store":true,"body":"0123456789","half":true}'
	put
	assert_status 0
	assert_equal "$(requests '.method == "HEAD"')" 1
}

@test "TERM in the middle: begun uploads end, nothing is left open" {
	large
	store '{"match":"partNumber","delay":1}'
	rw-put < <(reports 2; sleep 20) >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	wait_for 5 grep -q partNumber "$HTTP_SCRIPT_LOG"
	kill -TERM $pid
	wait $pid || true
	assert_lines 2 "$BATS_TEST_TMPDIR/out"
	assert_equal "$(requests '.method == "POST" and (.target | test("uploads"))')" \
		"$(requests '.method == "POST" and (.target | test("uploadId"))')"
}

@test "a pipe in place of a file is an error, and is not waited for" {
	store
	rm "$BATS_TEST_TMPDIR/a.pdf"
	mkfifo "$BATS_TEST_TMPDIR/a.pdf"
	run --separate-stderr timeout 10 rw-put < <(reports 1)
	assert_status 1
	assert_stderr_has 'a.pdf is not a regular file'
	assert_json "$output" .minio_upload false
}

@test "a secret that the store repeats is never shown" {
	local echo key
	key=$(cat /proc/sys/kernel/random/uuid)/x+y
	for echo in "$key" "$(printf %s "$key" | base64 -w 0)" "cut ${key:0:20}" \
		"${key//\//%2F}" "AWS4-HMAC-SHA256 Credential=k, Signature=0123456789abcdef" \
		"PUT /a?X-Amz-Signature=0123456789abcdef" \
		"https://user:0123456789abcdef@proxy/"; do
		store '{"match":"PUT","status":403,"body":"<Error><Code>AccessDenied</Code><Message>you said '"$echo"'</Message><Region>'"$key"'</Region></Error>"}'
		MINIO_SECRET_KEY=$key RW_LOG_FILE=$BATS_TEST_TMPDIR/log put --verbose
		assert_status 1
		assert_stderr_has '403 AccessDenied'
		assert_stderr_has '***'
		for words in "$output" "$stderr" "$(cat "$BATS_TEST_TMPDIR/log")"; do
			[[ $words != *"${key:0:8}"* && $words != *"$echo"* &&
				$words != *0123456789abcdef* ]] || fail "$echo: $words"
		done
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	done
}

# rw-put with a store that is slow in every possible way. Single bytes add no
# time; steadily arriving bytes are waited for.
#
# bats file_tags=plain,long

load helpers

setup_file() {
	[ -z "${RW_TEST_SOAK-}" ] || export BATS_TEST_TIMEOUT=3600
}

setup() {
	head -c 30000 /dev/urandom >"$BATS_TEST_TMPDIR/a.pdf"
	head -c 9000 /dev/urandom >"$BATS_TEST_TMPDIR/a.xlsx"
	# A tenth of the default.
	export RW_S3_TIMEOUT=2
}

reports() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","pdf_path":"%s","excel_path":"%s"%s}\n' \
			"$i" "$BATS_TEST_TMPDIR/a.pdf" "$BATS_TEST_TMPDIR/a.xlsx" \
			"${2:-}"
	done
}

# put N [OPTION...]: uploads N reports, and measures the time.
put() {
	began=$(date +%s%3N)
	run --separate-stderr rw-put "${@:2}" < <(reports "$1" "${more:-}")
	took=$(($(date +%s%3N) - began))
}

# gives_up [MILLISECONDS]: expects all lines within this time, with the reason.
gives_up() {
	assert_status 69
	assert_equal "${#lines[@]}" 30
	assert_equal "$(json 'select(.minio_upload | not) | .error.kind' <<<"$output" | sort -u)" \
		unreachable
	[ "$took" -le "${1:-7000}" ] || fail "it took $took ms"
}

# again SCRIPT: replaces the store.
again() {
	[ -z "${SERVER_DIR[http-script]:-}" ] || server http-script stop
	own_server http-script "$1"
}

@test "a store that drips, in each phase of its answer: all requests fail in bounded time" {
	local drip at
	for drip in read head headers interim answer trailers; do
		at=body
		[ "$drip" != read ] || at="head"
		again "{\"rules\":[{\"at\":\"$at\",\"drip\":\"$drip\"}]}"
		put 30
		gives_up
	done
}

@test "a connection that is silent, or a handshake that drips" {
	again '{"rules":[{"at":"connect","hang":true}]}'
	put 30
	gives_up
	again '{"rules":[{"at":"connect","drip":"tls"}]}'
	export MINIO_SECURE=true
	MINIO_ENDPOINT_URL=https${MINIO_ENDPOINT_URL#http}
	put 30
	gives_up
}

@test "a store that drips now and then, for some requests, in a retry: the stage ends" {
	local rule
	for rule in '"from":5' '"nth":[1,3,5,7,9,11,13,15,17,19]' '"match":"pdf"' \
		'"from":5,"every":0.001'; do
		again "{\"rules\":[{\"drip\":\"answer\",$rule}]}"
		put 30
		gives_up 14000
	done
	again '{"rules":[{"match":"pdf","nth":[1,2],"status":500},{"match":"pdf","drip":"headers"}]}'
	put 30
	gives_up 14000
}

@test "a store that drips for HEAD alone" {
	more=",\"stored_pdf_sha256\":\"$(sha256sum <"$BATS_TEST_TMPDIR/a.pdf" | cut -d ' ' -f 1)\""
	again '{"rules":[{"match":"^HEAD","drip":"headers"}]}'
	put 30
	gives_up 14000
}

@test "many interim answers count as no answer; a few do no harm" {
	again '{"rules":[{"drip":"interim","every":0}]}'
	put 30
	gives_up
	assert_stderr_has 'more than 5 interim answers (1xx)'
}

@test "a slow but steady connection is waited for: many reports, and one large file" {
	# Four times the lowest rate; a budget that ends long before the upload.
	export RW_S3_LEAST_RATE=40000 RW_S3_BUDGET=3
	again '{"line":160000}'
	put 40
	assert_status 0
	assert_equal "$(json .minio_upload <<<"$output" | sort | uniq -c | xargs)" '40 true'
	[ "$took" -ge 7000 ] || fail "the line was not slow: $took ms"
	head -c 1500000 /dev/urandom >"$BATS_TEST_TMPDIR/a.pdf"
	put 1
	assert_status 0
	[ "$took" -ge 7000 ] || fail "the line was not slow: $took ms"
}

@test "a connection slower than the lowest rate is given up, and the remaining reports at once" {
	export RW_S3_LEAST_RATE=400000 RW_S3_BUDGET=3
	again '{"line":40000}'
	put 30
	gives_up 10000
	assert_stderr_has 'f-30 2025-06: given up: 127.0.0.1'
	assert_stderr_has 'is too slow: the time for all requests is over (RW_S3_BUDGET)'
}

@test "slow answers to many small requests are waited for" {
	: >"$BATS_TEST_TMPDIR/a.pdf"
	: >"$BATS_TEST_TMPDIR/a.xlsx"
	export RW_S3_BUDGET=3
	again '{"rules":[{"delay":0.8}]}'
	put 60
	assert_status 0
	[ "$took" -ge 7000 ] || fail "the store was not slow: $took ms"
}

@test "a name whose resolution never ends" {
	export MINIO_ENDPOINT_URL=http://slow.invalid MINIO_SECURE=false \
		MINIO_ACCESS_KEY=a MINIO_SECRET_KEY=b MINIO_BUCKET_NAME=reports
	need_plain_build	# its runtime must come first
	began=$(date +%s%3N)
	LD_PRELOAD=$BUILD/resolver.so run --separate-stderr rw-put < <(reports 30)
	took=$(($(date +%s%3N) - began))
	gives_up
}

@test "rw-verify at a host that drips: the links are dead, in bounded time" {
	again '{"rules":[{"drip":"headers"}]}'
	local i
	for ((i = 1; i <= 30; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","pdf_url":"%s/a","excel_url":"%s/b"}\n' \
			"$i" "$MINIO_ENDPOINT_URL" "$MINIO_ENDPOINT_URL"
	done >"$BATS_TEST_TMPDIR/links"
	began=$(date +%s%3N)
	run --separate-stderr rw-verify <"$BATS_TEST_TMPDIR/links"
	took=$(($(date +%s%3N) - began))
	assert_status 69
	assert_equal "${#lines[@]}" 30
	[ "$took" -le 14000 ] || fail "it took $took ms"
}

@test "--check against a store that drips ends" {
	again '{"rules":[{"drip":"headers"}]}'
	run --separate-stderr timeout 20 rw-put --check
	assert_status 69
}

@test "invalid settings of time" {
	again '{}'
	for name in RW_S3_TIMEOUT RW_S3_BUDGET; do
		run --separate-stderr env "$name=0" rw-put </dev/null
		assert_status 78
		assert_stderr_has "$name is 0: no answer can arrive in that time"
	done
	RW_S3_LEAST_RATE=0 run --separate-stderr rw-put </dev/null
	assert_status 78
	RW_GRACE=x run --separate-stderr rw-put </dev/null
	assert_status 78
}

@test "a phase that drips, at one place: all of each with make soak" {
	local drip at where drips=answer places=('"nth":[3,7,11,15]' '"match":"xlsx"')
	if [ -n "${RW_TEST_SOAK:-}" ]; then
		drips='read head headers interim answer trailers'
		places+=('"nth":1' '"from":5' '"match":"^PUT"' '"match":"^HEAD"'
			'"from":9,"every":0.001')
	fi
	more=",\"stored_pdf_sha256\":\"$(sha256sum <"$BATS_TEST_TMPDIR/a.pdf" | cut -d ' ' -f 1)\""
	for drip in $drips; do
		at=body
		[ "$drip" != read ] || at="head"
		for where in "${places[@]}"; do
			again "{\"rules\":[{\"at\":\"$at\",\"drip\":\"$drip\",$where}]}"
			put 30
			assert_equal "${#lines[@]}" 30 "$drip $where"
			[ "$took" -le 14000 ] || fail "$drip $where: $took ms"
		done
	done
}

# ---- signals ------------------------------------------------------------------

# stopped SIGNAL...: sends these signals to rw-put at a store that drips, with
# pauses of a little more than a second.
stopped() {
	local signal
	: >"$HTTP_SCRIPT_LOG"
	rw-put < <(reports 5; sleep 30) >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local pid=$!
	wait_for 5 grep -q '"request"' "$HTTP_SCRIPT_LOG"
	began=$(date +%s%3N)
	for signal; do
		kill "-$signal" $pid
		[ $# = 1 ] || sleep 1.2
	done
	status=0
	wait $pid || status=$?
	took=$(($(date +%s%3N) - began))
	assert_lines 5 "$BATS_TEST_TMPDIR/out"
	assert_equal "$(json '.error.message | contains("stopped by a signal")' \
		"$BATS_TEST_TMPDIR/out" | sort -u)" true
}

@test "TERM: begun uploads continue for the grace period, then they are given up" {
	export RW_S3_TIMEOUT=60 RW_GRACE=2
	again '{"rules":[{"drip":"headers"}]}'
	stopped TERM
	assert_status 143
	[ "$took" -ge 1500 ]
	[ "$took" -le 4000 ]
	RW_GRACE=30 stopped HUP HUP
	assert_status 129
	[ "$took" -le 4000 ]
}

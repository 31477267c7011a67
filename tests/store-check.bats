#!/usr/bin/env bats
# rw-put --check: the probe, and the links to it. On a real store: radosgw, or
# the store in RW_TEST_STORE.

load put_helpers

key=reports/.rw-put-check

check() {
	run rw-put --check "$@"
}

versions() {
	s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?versions=" |
		grep -o '<Key>[^<]*' || :
}

is_removed() {
	assert_equal "$(versions)" ""
}

# A scripted store that refuses matching links.
picky_store() { # MATCH [MORE RULES]
	own_server http-script "{\"rules\":[{\"match\":\"GET .*$1\",\"status\":403,\"body\":\"<Error><Code>AccessDenied</Code></Error>\"}${2:+,$2}]}"
}

# Expects that the scripted store no longer has the probe.
is_removed_there() {
	assert_equal "$(curl -s -o answer -w '%{http_code}' \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/$key")" 404
}

@test "a link is made as a run would make it, and fetched; the probe is removed" {
	need_store
	new_bucket
	need_scheme sigv2
	check
	assert_status 0
	assert_output_has "ok    sigv4: the store honours a SigV4 link of 7 days"
	assert_output_has "ok    sigv2: the store honours a SigV2 link of 30 days"
	assert_output_has "ok    links: sigv2 for 30 days: fetched from $MINIO_ENDPOINT_URL"
	assert_output_has "ok    delete: $key is removed"
	is_removed
	RW_URL_EXPIRES=12h check
	assert_output_has "ok    links: sigv4 for 12 hours"
	check --expires 6d
	assert_output_has "ok    links: sigv4 for 6 days"
	check --expires 6d --scheme sigv2
	assert_output_has "ok    links: sigv2 for 6 days"
	check --scheme sigv4
	assert_status 78
	assert_output_has "FAIL  links: a SigV4 link is valid for at most 7 days"
	is_removed
	check --at "$(date -u -d '31 days ago' +%Y-%m-%dT%H:%M:%SZ)"
	assert_status 1
	assert_output_has "FAIL  links: a link as a run makes it (sigv2 for 30 days, on $MINIO_ENDPOINT_URL) is dead: the store answers 403"
	is_removed
	check --scheme v5
	assert_status 64
}

@test "the options of links are for --check, and unknown words are usage errors" {
	for words in "--expires 7d" "--scheme sigv4" "--at 2025-07-01T00:00:00Z" \
		"--check --at noon" "--check --expires soon"; do
		# shellcheck disable=SC2086 # words are meant
		put $words < <(line)
		assert_status 64
		assert_output ""
	done
}

@test "the public endpoint is tried" {
	need_store
	new_bucket
	need_scheme sigv2
	own_server http-proxy "${MINIO_ENDPOINT_URL#http://}" ""
	MINIO_PUBLIC_ENDPOINT_URL=$HTTP_PROXY_URL check
	assert_status 0
	assert_output_has "ok    links: sigv2 for 30 days: fetched from $HTTP_PROXY_URL"
	[ "$(log_count "$HTTP_PROXY_LOG" '.event == "request" and .method == "GET"')" -ge 3 ]
	assert_equal "$(log_count "$HTTP_PROXY_LOG" '.event == "request" and .method != "GET"')" 0
	MINIO_PUBLIC_ENDPOINT_URL=http://127.0.0.1:1 check
	assert_status 69
	assert_output_has "FAIL  links: a link as a run makes it (sigv2 for 30 days, on http://127.0.0.1:1) is dead"
	is_removed
	# A different name: a SigV4 signature is valid for one host.
	MINIO_PUBLIC_ENDPOINT_URL=$HTTP_PROXY_URL/elsewhere check
	assert_status 1
	assert_output_has "FAIL  links: "
	is_removed
}

@test "a page that is not the probe does not count as a working link" {
	need_store
	new_bucket
	inner=$MINIO_ENDPOINT_URL access=$MINIO_ACCESS_KEY secret=$MINIO_SECRET_KEY
	bucket=$MINIO_BUCKET_NAME
	own_server http-script '{"rules":[{"match":"GET","status":200,"body":"<html>Sign in</html>"}]}'
	export MINIO_PUBLIC_ENDPOINT_URL=$MINIO_ENDPOINT_URL \
		MINIO_ENDPOINT_URL=$inner MINIO_ACCESS_KEY=$access \
		MINIO_SECRET_KEY=$secret MINIO_BUCKET_NAME=$bucket
	check
	assert_status 1
	assert_output_has "FAIL  links: "
	assert_output_has "does not give the bytes that were stored: does $MINIO_PUBLIC_ENDPOINT_URL lead to this store?"
	is_removed
}

@test "on a versioned bucket nothing of the probe remains" {
	need_store
	new_bucket
	rw-bucket --versioning
	check
	assert_status 0
	assert_output_has "ok    links: "
	assert_output_has "ok    delete: "
	is_removed
}

@test "keys without the right to delete: the probe remains, and the check reports it" {
	need_store
	new_bucket
	rw-bucket
	name=worker-${MINIO_BUCKET_NAME#test-}
	rw-bucket --print-policy >policy
	need_users
	server "${RW_TEST_STORE:-radosgw}" user "$name" "$PWD/policy"
	bucket=$MINIO_BUCKET_NAME
	# shellcheck source=/dev/null
	source "${SERVER_DIR[${RW_TEST_STORE:-radosgw}]}/user-$name.env"
	export MINIO_BUCKET_NAME=$bucket
	check --expires 7d
	assert_status 0
	assert_output_has "ok    links: sigv4 for 7 days"
	assert_output_has "warn  delete: $key remains: these keys may not delete it"
	# The keys of MinIO are temporary.
	if [ -n "${MINIO_SESSION_TOKEN:-}" ]; then
		check
		assert_status 1
		assert_output_has "FAIL  links: "
		assert_output_has "this store does not accept SigV2 links that are signed with temporary keys"
	fi
}

@test "a store without SigV2: 30 days fail, and 7 days do not" {
	picky_store AWSAccessKeyId
	check
	assert_status 1
	assert_output_has "ok    sigv4: "
	assert_output_has "warn  sigv2: no SigV2 links: the store answers 403 AccessDenied to GET the link"
	assert_output_has "FAIL  links: a link as a run makes it (sigv2 for 30 days"
	is_removed_there
	check --expires 7d
	assert_status 0
	assert_output_has "ok    links: sigv4 for 7 days"
	assert_output_lacks Signature
}

@test "a store that refuses response headers in SigV2 links: the cure is named" {
	picky_store 'response-content-disposition.*AWSAccessKeyId'
	check
	assert_status 1
	assert_output_has "does not accept links that name the file to save: set RW_DOWNLOAD_NAME to the empty value"
	RW_DOWNLOAD_NAME='' check
	assert_status 0
	assert_output_has "ok    links: sigv2 for 30 days"
}

@test "temporary keys that SigV2 links do not support" {
	picky_store 'x-amz-security-token.*Signature|GET .*AWSAccessKeyId.*x-amz-security-token'
	MINIO_SESSION_TOKEN=token check
	assert_status 1
	assert_output_has "does not accept SigV2 links that are signed with temporary keys"
	assert_output_has "ok    sigv4: "
}

@test "the probe is removed when reading fails, and when no answer arrives in time" {
	own_server http-script '{"rules":[{"match":"GET","hang":true}]}'
	RW_S3_TIMEOUT=1 RW_S3_BUDGET=3 check
	assert_status 69
	assert_output_has "FAIL  read: "
	assert_output_has "ok    delete: "
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "answer" and .status == 204')" 1
}

@test "an upload without an answer may be stored: it is removed" {
	own_server http-script '{"rules":[{"match":"PUT","store":true,"status":200,"delay":4}]}'
	RW_S3_TIMEOUT=1 RW_S3_BUDGET=2 RW_S3_ATTEMPTS=1 check
	assert_status 69
	assert_output_has "FAIL  write: "
	assert_output_has "ok    delete: "
}

@test "a request to delete that the store refuses is not repeated forever" {
	own_server http-script '{"rules":[{"match":"DELETE","status":500}]}'
	check
	assert_status 0
	assert_output_has "warn  delete: $key may remain: the store answers 500"
}

@test "TERM: the probe is removed, and the check ends by the signal" {
	own_server http-script '{"rules":[{"match":"GET .*Signature","hang":true}]}'
	rw-put --check >out 2>&1 &
	pid=$!
	wait_for 20 grep -q '"hang"' "$HTTP_SCRIPT_LOG"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	assert_equal "$status" 143
	assert_file_has out "ok    delete: $key is removed"
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "answer" and .status == 204')" 1
}

@test "CloudFront: its links are tried, with the same 30 days as in a run" {
	need_command openssl
	openssl genrsa -out key.pem 2048
	chmod 600 key.pem
	own_server http-script '{}'
	export RW_CLOUDFRONT_KEY_FILE=key.pem RW_CLOUDFRONT_KEY_ID=K123 \
		RW_CLOUDFRONT_URL=https://127.0.0.1:1
	check
	assert_status 69
	assert_output_has "ok    sigv2: "
	assert_output_has "warn  cloudfront: no CloudFront links: "
	assert_output_has "FAIL  links: a link as a run makes it (cloudfront for 30 days, on https://127.0.0.1:1) is dead: "
}

#!/usr/bin/env bats
# Refusals that every tool of the store explains in the same way: the clock, the
# region, proxies and redirects. HEAD, whose answer has no body, is included.

load put_helpers

# store MEMBERS: starts a scripted store with these members.
store() {
	own_server http-script "{$1}"
}

empty_bucket='{"match":"GET .*versioning","status":200,"body":"<VersioningConfiguration/>"},
	{"match":"GET .*lifecycle","status":404,"body":"<Error><Code>NoSuchLifecycleConfiguration</Code></Error>"}'

# each_tool: prints the messages of every tool that sends HEAD about its
# refusal.
each_tool() {
	rw-bucket --dry-run
	rw-bucket --check
	rw-put --check
}

@test "a clock that differs: rw-bucket corrects it, as rw-put does" {
	for skew in 7200 -7200; do
		store "\"skew\":$skew,\"rules\":[$empty_bucket]"
		run --separate-stderr rw-bucket --dry-run
		assert_status 0
		assert_output_has "bucket reports: unchanged"
		put --check
		assert_output_has "ok    write: "
		put < <(line)
		assert_status 0
		server http-script stop
	done
}

@test "a clock that cannot be corrected is named for HEAD too" {
	store "\"rules\":[{\"match\":\"HEAD\",\"status\":403,\"headers\":{\"Date\":\"Sun, 06 Nov 1994 08:49:37 GMT\"}}]"
	run --separate-stderr rw-bucket
	assert_status 1
	assert_stderr_has "the store answers 403"
	assert_stderr_has "s behind this host's)"
	run rw-bucket --check
	assert_output_has "s behind this host's)"
}

@test "the wrong region is named for HEAD, by every tool" {
	for status in 400 403 301 307; do
		store "\"rules\":[{\"status\":$status,\"headers\":{\"x-amz-bucket-region\":\"eu-west-3\"}}]"
		run each_tool
		assert_equal "$(grep -c 'the bucket is in eu-west-3' <<<"$output")" 3
		assert_equal "$(grep -c 'is MINIO_REGION right' <<<"$output")" 3
		put < <(line)
		assert_status 1
		assert_stderr_has "(the bucket is in eu-west-3)"
		server http-script stop
	done
}

@test "the right region in an answer is not an error" {
	store '"rules":[{"match":"HEAD","status":403,"headers":{"x-amz-bucket-region":"us-east-1"}}]'
	run --separate-stderr rw-bucket
	assert_status 1
	assert_stderr_has "wrong keys"
	assert_stderr_lacks MINIO_REGION
}

@test "407 is the proxy's answer, over http and over a tunnel" {
	store '"rules":[{"status":407}]'
	run each_tool
	assert_equal "$(grep -c 'check http_proxy, HTTPS_PROXY' <<<"$output")" 3
	assert_output_has "FAIL  reach: the store answers 407"
	put < <(line)
	assert_stderr_has "the proxy requires a user and a password"
	export https_proxy=$MINIO_ENDPOINT_URL
	MINIO_ENDPOINT_URL=https://s3.example.com MINIO_SECURE=true \
		run --separate-stderr rw-bucket
	assert_status 69
	assert_stderr_has "the proxy answers 407"
}

@test "the target of a redirect is named, without a secret" {
	for status in 301 302 307 308; do
		store "\"rules\":[{\"status\":$status,\"headers\":{\"Location\":\"https://elsewhere.example/x?X-Amz-Signature=abc\"}}]"
		run each_tool
		assert_equal "$(grep -c 'a redirect to https://elsewhere.example: is MINIO_ENDPOINT_URL right' <<<"$output")" 3
		assert_output_lacks abc
		server http-script stop
	done
	store '"rules":[{"status":307,"body":"<Error><Code>TemporaryRedirect</Code></Error>"}]'
	put < <(line)
	assert_stderr_has "the bucket is new or in another region"
}

@test "--check: a slow store is not a wrong clock" {
	store '"rules":[{"match":"PUT","delay":4}]'
	run rw-put --check
	assert_status 0
	assert_output_has "ok    clock: the store's clock differs by 0 s"
}

@test "--check reports whether the store's clock is slow or fast" {
	store '"skew":300'
	run rw-put --check
	assert_output_has "warn  clock: the store's clock is 300 s ahead of this host's"
	server http-script stop
	store '"skew":-300'
	run rw-put --check
	assert_output_has "warn  clock: the store's clock is 300 s behind this host's"
	server http-script stop
	store '"rules":[{"headers":{"Date":"yesterday"}}]'
	run rw-put --check
	assert_output_has "warn  clock: unknown: the store sends no valid Date"
}

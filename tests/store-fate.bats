#!/usr/bin/env bats
# The messages and members about the expiry of reports in stores without
# x-amz-expiration. Each run asks such a store once for its rules.

load put_helpers

# silent [RULE...]: starts a store that keeps rules, without x-amz-expiration.
silent() {
	local IFS=,
	own_server http-script "{\"rules\":[$*]}"
}

asked() {
	log_count "$HTTP_SCRIPT_LOG" \
		'.event == "request" and (.target | contains("lifecycle"))'
}

rule() { # FILTER ACTION
	curl -sS -X PUT --data-binary \
		"<LifecycleConfiguration><Rule><ID>a</ID>$1<Status>Enabled</Status>$2</Rule></LifecycleConfiguration>" \
		"$MINIO_ENDPOINT_URL/reports?lifecycle="
}

days() { # MEMBER VALUE: from now, rounded
	echo $((($(date -d "$(json ".$1" <<<"$output" | head -n 1)" +%s) - $(date +%s) + 43200) / 86400))
}

reports() {
	local i
	for ((i = 1; i <= $1; i++)); do
		line | sed "s/f-1/f-$i/"
	done
}

@test "no rules: the store never deletes the files; one request, one message" {
	silent
	put < <(reports 20)
	assert_status 0
	assert_equal "$(grep -c 'the store will never delete this report: bucket reports has no lifecycle rule' <<<"$stderr")" 1
	assert_equal "$(asked)" 1
	assert_equal "$(json .minio_upload <<<"$output" | sort | uniq -c | xargs)" "20 true"
	assert_json "$(head -n 1 <<<"$output")" .object_expires_at null
	rule '<Filter><Prefix>other/</Prefix></Filter>' '<Expiration><Days>9</Days></Expiration>'
	put < <(line)
	assert_stderr_has "will never delete"
}

@test "a rule: no message, and the lines have the earliest end" {
	silent
	rule '<Prefix/>' '<Expiration><Days>90</Days></Expiration>'
	put < <(reports 3)
	assert_status 0
	assert_stderr ""
	assert_equal "$(days object_expires_at)" 90
	assert_equal "$(json 'has("object_expires_at")' <<<"$output" | xargs)" "true true true"
	# If a link outlives the file, there must be a warning.
	run --separate-stderr rw-presign --expires 100d <<<"$output"
	assert_stderr_has "the store deletes the report before its link expires"
	rw-bucket --expire-days 200
	put < <(line)
	assert_equal "$(days object_expires_at)" 90
}

@test "a file that was stored before expires by its own date" {
	silent '{"match":"HEAD .*report","headers":{"Last-Modified":"'"$(date -u -d '30 days ago' '+%a, %d %b %Y %H:%M:%S GMT')"'"}}'
	rule '<Prefix/>' '<Expiration><Days>90</Days></Expiration>'
	put < <(line)
	sum() { sha256sum "$1" | cut -d ' ' -f 1; }
	put < <(line "\"stored_pdf_sha256\":\"$(sum a.pdf)\",\"stored_excel_sha256\":\"$(sum a.xlsx)\"")
	assert_status 0
	assert_equal "$(days object_expires_at)" 60
}

@test "a store that does not report its rules: one message" {
	for answer in '"status":403,"body":"<Error><Code>AccessDenied</Code></Error>"' \
		'"status":501' '"status":200,"body":"<html>"' \
		'"status":200,"body":"<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix>reports/2025-06/</Prefix></Filter><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>"'; do
		silent "{\"match\":\"lifecycle\",$answer}"
		put < <(reports 3)
		assert_status 0
		assert_equal "$(grep -c 'the store does not say whether it will delete this report: it sends no x-amz-expiration, and ' <<<"$stderr")" 1
		assert_stderr_lacks "never delete"
		run rw-put --check
		assert_status 0
		assert_output_has "warn  lifecycle: the store does not say whether it deletes objects under reports/"
		server http-script stop
	done
}

@test "an answer that never arrives delays the reports, and loses none" {
	silent '{"match":"lifecycle","hang":true}'
	RW_S3_TIMEOUT=2 put < <(reports 30)
	assert_status 0
	assert_equal "$(asked)" 1
	assert_equal "$(json .minio_upload <<<"$output" | sort | uniq -c | xargs)" "30 true"
	assert_stderr_has "the store does not say whether it will delete this report"
}

@test "a store that reports the expiry of each object is not asked" {
	silent '{"match":"PUT","headers":{"x-amz-expiration":"expiry-date=\"Sun, 23 Dec 2035 00:00:00 GMT\", rule-id=\"a\""}}'
	put < <(reports 3)
	assert_stderr ""
	assert_equal "$(asked)" 0
	assert_json "$(head -n 1 <<<"$output")" .object_expires_at 2035-12-23T00:00:00Z
}

@test "--check reads the rules too" {
	silent
	run rw-put --check
	assert_output_has "warn  lifecycle: no rule deletes objects under reports/; rw-bucket sets it"
	rw-bucket
	run rw-put --check
	assert_output_has "ok    lifecycle: objects under reports/ expire after 180 days"
}

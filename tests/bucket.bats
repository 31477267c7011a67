#!/usr/bin/env bats
# rw-bucket on a real store: radosgw, or the store in RW_TEST_STORE.

load helpers

store=${RW_TEST_STORE:-radosgw}

bucket() {
	run --separate-stderr rw-bucket "$@"
}

rules() {
	s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?lifecycle="
}

# put_rules XML: sets foreign rules.
put_rules() {
	"$PYTHON" - "$1" <<'PY'
import os, sys, boto3
env = os.environ
s3 = boto3.client("s3", endpoint_url=env["MINIO_ENDPOINT_URL"],
                  region_name="us-east-1",
                  aws_access_key_id=env["MINIO_ACCESS_KEY"],
                  aws_secret_access_key=env["MINIO_SECRET_KEY"])
s3.put_bucket_lifecycle_configuration(
    Bucket=env["MINIO_BUCKET_NAME"],
    LifecycleConfiguration={"Rules": eval(sys.argv[1])})
PY
}

# rule ID PREFIX DAYS
rule() {
	printf '{"ID":"%s","Filter":{"Prefix":"%s"},"Status":"Enabled","Expiration":{"Days":%d}}' "$@"
}

put_object() { # KEY
	s3_curl -X PUT -H 'Content-Length: 0' \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/$1"
}

@test "no store configured is 78" {
	bucket
	assert_status 78
	assert_stderr_has "no object store is configured"
	bucket --check
	assert_status 78
}

@test "it makes a private bucket with its rules; a second time changes nothing" {
	need_store
	use_new_name
	bucket --dry-run
	assert_status 0
	assert_output_has "would be created"
	bucket --check
	assert_status 1
	assert_output_has "FAIL  bucket: $MINIO_BUCKET_NAME does not exist"
	bucket
	assert_status 0
	assert_output_has "bucket $MINIO_BUCKET_NAME: created, private"
	assert_output_has "lifecycle: reports/ expires after 180 days, set"
	before=$(rules)
	bucket
	assert_status 0
	assert_output_lacks set
	assert_output_lacks made
	assert_equal "$(rules)" "$before"
	assert_equal "$(curl -s -o /dev/null -w '%{http_code}' \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME")" 403
	bucket --check
	assert_status 0
	assert_output_lacks FAIL
}

@test "the rules have the expected content" {
	need_store
	new_bucket
	bucket --expire-days 90
	all=$(rules)
	[[ $all == *"<ID>report-worker-reports</ID>"* ]]
	[[ $all == *"<ID>report-worker-markers</ID>"* ]]
	[[ $all == *"<Prefix>reports/</Prefix>"* ]]
	[[ $all == *"<Days>90</Days>"* ]]
	[[ $all == *"<NoncurrentDays>90</NoncurrentDays>"* ]]
	[[ $all == *"<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"* ]]
	# MinIO has no such rule, and drops it; others may.
	[ "$store" != radosgw ] ||
		[[ $all == *"<DaysAfterInitiation>1</DaysAfterInitiation>"* ]]
	bucket --check --expire-days 90
	assert_status 0
	bucket --check
	assert_status 1
	assert_output_has "FAIL  lifecycle: "
	bucket
	assert_output_has "lifecycle: reports/ expires after 180 days, set"
	assert_equal "$(rules | grep -o '<ID>' | wc -l)" 2
}

@test "foreign rules are not changed" {
	need_store
	"$PYTHON" -c 'import boto3' || skip "python3-boto3 is not installed"
	new_bucket
	put_rules "[$(rule others-logs logs/ 7),$(rule "others ü & <b>" tmp/ 1)]"
	bucket
	assert_status 0
	all=$(rules)
	[[ $all == *"<ID>others-logs</ID>"* ]]
	[[ $all == *"<Prefix>logs/</Prefix>"* ]]
	[[ $all == *"<Days>7</Days>"* ]]
	[[ $all == *"<ID>others ü &amp; &lt;b"* ]]
	assert_equal "$(grep -o '<Rule>' <<<"$all" | wc -l)" 4
	before=$all
	bucket --expire-days 30
	after=$(rules)
	assert_equal "$(grep -o '<Rule>' <<<"$after" | wc -l)" 4
	[[ $after == *"<Days>7</Days>"* && $after == *"<Days>30</Days>"* ]]
	[[ $after != *"<Days>180</Days>"* ]]
}

@test "a changed rule of ours is corrected" {
	need_store
	"$PYTHON" -c 'import boto3' || skip "python3-boto3 is not installed"
	new_bucket
	bucket
	put_rules "[$(rule report-worker-reports reports/ 3650)]"
	bucket --check
	assert_status 1
	bucket
	assert_output_has ", set"
	[[ $(rules) != *3650* ]]
}

@test "--dry-run reports the actions, and does nothing" {
	need_store
	new_bucket
	bucket --dry-run --versioning
	assert_status 0
	assert_output_has "versioning: would be switched on"
	assert_output_has "reports/ expires after 180 days, would be set"
	run rules
	assert_output_lacks report-worker
	bucket --check --versioning
	assert_status 1
	assert_output_has "FAIL  versioning: off"
	bucket --versioning
	bucket --check --versioning
	assert_status 0
	assert_output_has "ok    versioning: on"
}

@test "a bucket that can be listed without credentials is named" {
	need_store
	[ "$store" = radosgw ] || skip "needs ACLs, as radosgw has them"
	new_bucket
	bucket
	s3_curl -X PUT -H 'x-amz-acl: public-read' -H 'Content-Length: 0' \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?acl="
	bucket --check
	assert_status 1
	assert_output_has "FAIL  privacy: anyone can list"
}

@test "a store that saves different rules from those sent is detected" {
	own_server http-script '{"rules":[
		{"match":"GET .*lifecycle","status":200,"body":"<LifecycleConfiguration/>"},
		{"match":"GET .*versioning","status":200,"body":"<VersioningConfiguration/>"}]}'
	bucket
	assert_status 1
	assert_stderr_has "the store accepted the lifecycle rules but returns different ones"
}

@test "rules that cannot be understood are not overwritten" {
	own_server http-script '{"rules":[
		{"match":"GET .*lifecycle","status":200,"body":"<Something/>"},
		{"match":"GET .*versioning","status":200,"body":"<VersioningConfiguration/>"}]}'
	bucket
	assert_status 1
	assert_stderr_has "cannot be read"
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" \
		'.event == "request" and .method == "PUT"')" 0
}

@test "a store that refuses the rule for lost parts gets the other rules" {
	own_server http-script '{"rules":[
		{"match":"GET .*versioning","status":200,"body":"<VersioningConfiguration/>"},
		{"match":"GET .*lifecycle","nth":[1,2],"status":404,"body":"<Error><Code>NoSuchLifecycleConfiguration</Code></Error>"},
		{"match":"PUT .*lifecycle","nth":1,"status":400,"body":"<Error><Code>MalformedXML</Code></Error>"}]}'
	bucket
	assert_equal "$(log_count "$HTTP_SCRIPT_LOG" '.event == "request" and .method == "PUT"')" 2
	[ "$(jq -s '[.[] | select(.event == "answer" and .length > 0) | .length] | .[1] < .[0]' \
		"$HTTP_SCRIPT_LOG")" = true ]
}

@test "the least policy: the worker can put and read reports, and nothing else" {
	need_store
	new_bucket
	rw-bucket
	cd "$BATS_TEST_TMPDIR"
	name=worker-${MINIO_BUCKET_NAME#test-}
	rw-bucket --print-policy >policy
	jq -e . policy >parsed
	need_users
	server "$store" user "$name" "$PWD/policy"
	echo other >a.pdf
	echo more >a.xlsx
	put_object elsewhere
	bucket=$MINIO_BUCKET_NAME
	# shellcheck source=/dev/null
	source "${SERVER_DIR[$store]}/user-$name.env"
	export MINIO_BUCKET_NAME=$bucket
	run --separate-stderr rw-put --check --expires 7d
	assert_status 0
	assert_output_lacks FAIL
	run --separate-stderr rw-put <<<"{\"follower_id\":\"f\",\"report_period\":\"2025-06\",\"pdf_path\":\"$PWD/a.pdf\",\"excel_path\":\"$PWD/a.xlsx\"}"
	assert_status 0
	# MinIO does not accept a session token in a SigV2 link.
	url=$(rw-presign --expires 7d <<<"$output" | json .pdf_url)
	curl -sS --fail-with-body -o got "$url"
	cmp got a.pdf
	code() {
		s3_curl -o answer -w '%{http_code}' \
			${MINIO_SESSION_TOKEN:+-H "x-amz-security-token: $MINIO_SESSION_TOKEN"} \
			"$@" || :
	}
	base=$MINIO_ENDPOINT_URL/$bucket
	assert_equal "$(code "$base/reports/2025-06/f/report_2025-06.pdf")" 200
	assert_equal "$(code "$base")" 403 "list"
	assert_equal "$(code "$base/elsewhere")" 403 "read elsewhere"
	assert_equal "$(code -X PUT -H 'Content-Length: 0' "$base/elsewhere")" 403 "write elsewhere"
	assert_equal "$(code -X DELETE "$base/reports/2025-06/f/report_2025-06.pdf")" 403 "delete"
	assert_equal "$(code "$base?lifecycle=")" 403 "read the rules"
	assert_equal "$(code -X DELETE "$base?lifecycle=")" 403 "delete the rules"
	assert_equal "$(code -X DELETE "$base")" 403 "delete the bucket"
	assert_equal "$(code -X PUT -H 'Content-Length: 0' "$base-2")" 403 "make a bucket"
}

# ---- time passes ------------------------------------------------------------

listed() { # KEY: current or as a version
	s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?versions=" |
		grep -c "<Key>$1</Key>" || :
}

is_gone() {
	[ "$(listed "$1")" = 0 ]
}

use_fast_days() {
	need_plain_build	# the rules are set in the others; then the store works
	[ "$store" = radosgw ] || skip "only radosgw lets days pass in seconds"
	RW_TEST_LC_INTERVAL=2 need_server radosgw.lc
	new_bucket
	[ -z "${1:-}" ] || RW_URL_EXPIRES=3d rw-bucket "$1" --expire-days 3
	RW_URL_EXPIRES=3d rw-bucket --expire-days 3
	put_object reports/2025-06/f/a
	put_object elsewhere/a
}

@test "reports are deleted after their days, and other objects are not" {
	use_fast_days
	assert_equal "$(listed reports/2025-06/f/a)" 1
	wait_for 60 is_gone reports/2025-06/f/a
	assert_equal "$(listed elsewhere/a)" 1
}

@test "versioned: the versions and their markers are deleted as well" {
	use_fast_days --versioning
	put_object reports/2025-06/f/a
	assert_equal "$(listed reports/2025-06/f/a)" 1
	[ "$(s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?versions=" |
		grep -o '<Key>reports/2025-06/f/a</Key>' | wc -l)" -ge 2 ]
	wait_for 120 is_gone reports/2025-06/f/a
	assert_equal "$(listed elsewhere/a)" 1
}

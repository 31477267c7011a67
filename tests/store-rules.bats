#!/usr/bin/env bats
# rw-bucket on stores that accept only some of its rules, and with foreign rules
# in every form. The stores are scripted, because no available server refuses as
# much.

load put_helpers

ns='xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"'
unversioned='{"match":"GET .*versioning","status":200,"body":"<VersioningConfiguration/>"}'

bucket() {
	run --separate-stderr rw-bucket "$@"
}

# picky [RULE...]: replaces the store by a private store that keeps rules, and
# refuses documents by these rules.
picky() {
	local IFS=,
	if [ -n "${HTTP_SCRIPT_LOG:-}" ]; then
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	fi
	own_server http-script \
		"{\"rules\":[{\"match\":\"GET /reports$\",\"status\":403}${*:+,$*}]}"
}

# refuses REGEX [STATUS CODE]: prints a rule that refuses matching documents.
refuses() {
	printf '{"match":"PUT .*lifecycle","holding":"%s","status":%s,"body":"<Error><Code>%s</Code></Error>"}' \
		"$1" "${2:-400}" "${3:-MalformedXML}"
}

rules() {
	curl -sS "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?lifecycle="
}

# others XML: sets foreign rules.
others() {
	curl -sS -X PUT --data-binary \
		"<LifecycleConfiguration ${ns//\\/}>$1</LifecycleConfiguration>" \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?lifecycle="
}

puts() {
	log_count "$HTTP_SCRIPT_LOG" \
		'.event == "answer" and .status == 200 and .length > 0'
}

parts=AbortIncomplete
markers=ExpiredObjectDeleteMarker
noncurrent=NoncurrentVersion

# takes_all_but WORDS PATTERN...: expects that these are refused, and that WORDS
# name the missing rules.
takes_all_but() {
	local words=$1 pattern before
	shift
	bucket
	assert_status 0
	assert_output_has "lifecycle: reports/ expires after 180 days, set"
	assert_stderr_has "this store accepts no rule that deletes $words;"
	for pattern in $parts $markers $noncurrent; do
		if [[ " $* " == *" $pattern "* ]]; then
			refute grep -q "$pattern" <<<"$(rules)"
		else
			grep -q "$pattern" <<<"$(rules)"
		fi
	done
	grep -q '<Days>180</Days>' <<<"$(rules)"
	before=$(puts)
	bucket
	assert_status 0
	assert_output_has "lifecycle: reports/ expires after 180 days, unchanged"
	assert_stderr ""
	assert_equal "$(puts)" "$before" "documents that were taken"
	bucket --verbose
	assert_stderr_has "this store accepts no rule that deletes $words;"
}

@test "a store that refuses some rules gets the others, and the missing rules are named" {
	picky "$unversioned" "$(refuses $parts)"
	takes_all_but "parts of incomplete uploads" $parts
	picky "$unversioned" "$(refuses $markers 400 InvalidArgument)"
	takes_all_but "delete markers" $markers
	picky "$unversioned" "$(refuses $noncurrent 501 NotImplemented)"
	takes_all_but "replaced versions" $noncurrent
	picky "$unversioned" "$(refuses $noncurrent)" "$(refuses $markers)"
	takes_all_but "replaced versions, delete markers" $noncurrent $markers
	picky "$unversioned" "$(refuses "$noncurrent|$markers|$parts" 400 InvalidRequest)"
	takes_all_but "replaced versions, delete markers, parts of incomplete uploads" \
		$noncurrent $markers $parts
}

@test "a store that accepts one rule for each prefix" {
	picky "$unversioned" "$(refuses 'reports/</Prefix>.*reports/</Prefix>' 400 InvalidRequest)"
	takes_all_but "delete markers" $markers
	# A foreign rule already has this prefix.
	picky "$unversioned" "$(refuses 'reports/</Prefix>.*reports/</Prefix>' 400 InvalidRequest)"
	others '<Rule><ID>theirs</ID><Filter><Prefix>reports/</Prefix></Filter><Status>Disabled</Status><Expiration><Days>3</Days></Expiration></Rule>'
	before=$(rules)
	bucket
	assert_status 1
	assert_stderr_has "the store accepts no rule that deletes reports/: the store answers 400 InvalidRequest"
	assert_equal "$(rules)" "$before"
}

@test "a store with the first version of rules: the prefix without a filter" {
	picky "$unversioned" "$(refuses '<Filter>')"
	bucket
	assert_status 0
	assert_stderr ""
	grep -q '<Rule><ID>report-worker-reports</ID><Prefix>reports/</Prefix>' \
		<<<"$(rules)"
	bucket
	assert_output_has unchanged
	bucket --check
	assert_status 0
}

@test "foreign rules of the first version: ours have the same form, theirs keep their bytes" {
	# As S3: either all rules have a filter, or none.
	picky "$unversioned" \
		"$(refuses '<Filter>.*</ID><Prefix>|</ID><Prefix>.*<Filter>' 400 InvalidRequest)"
	theirs='<Rule><ID>logs &amp; more</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>7</Days></Expiration></Rule>'
	others "$theirs"
	bucket
	assert_status 0
	assert_stderr ""
	[[ $(rules) == *"$theirs"* ]]
	assert_equal "$(rules | grep -o '<Rule>' | wc -l)" 3
	assert_equal "$(puts)" 2
	bucket --expire-days 90
	[[ $(rules) == *"$theirs"* ]]
	picky "$unversioned" \
		"$(refuses '<Filter>.*</ID><Prefix>|</ID><Prefix>.*<Filter>' 400 InvalidRequest)"
	theirs='<Rule><ID>v2</ID><Filter><And><Prefix>logs/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Disabled</Status><Transition><Days>30</Days><StorageClass>COLD</StorageClass></Transition></Rule>'
	others "$theirs"
	bucket
	assert_status 0
	[[ $(rules) == *"$theirs"* ]]
	grep -q '<Filter><Prefix>reports/</Prefix></Filter>' <<<"$(rules)"
}

@test "a store that loses foreign rules is detected" {
	picky "$unversioned" '{"match":"GET .*lifecycle","nth":3,"status":200,"body":"<LifecycleConfiguration><Rule><ID>report-worker-reports</ID><Filter><Prefix>reports/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>180</Days></Expiration></Rule></LifecycleConfiguration>"}'
	others '<Rule><ID>theirs</ID><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule>'
	rules >first
	bucket
	assert_status 1
	assert_stderr_has "the store has kept 0 of 1 lifecycle rules of other programs"
}

@test "a refusal that is not about the rules ends the attempt at once" {
	for code in AccessDenied InvalidAccessKeyId; do
		picky "$unversioned" "$(refuses . 403 $code)"
		bucket
		assert_status 1
		assert_stderr_has "the store answers 403 $code"
		assert_equal "$(log_count "$HTTP_SCRIPT_LOG" \
			'.event == "request" and .method == "PUT"')" 1
		done
}

@test "a store without support for rules is reported" {
	picky "$unversioned" '{"match":"lifecycle","status":501,"body":"<Error><Code>NotImplemented</Code></Error>"}'
	bucket
	assert_status 1
	assert_stderr_has "this store has no lifecycle rules (501 NotImplemented), so that nothing deletes reports"
	bucket --check
	assert_status 1
	assert_output_has "FAIL  lifecycle: this store has no lifecycle rules"
}

@test "a store without versions gets the rules; --versioning fails there" {
	for answer in '"status":501,"body":"<Error><Code>NotImplemented</Code></Error>"' \
		'"status":405' '"status":400,"body":"<Error><Code>InvalidRequest</Code></Error>"' \
		'"status":200,"body":"<ListBucketResult/>"' '"status":200,"body":""'; do
		picky "{\"match\":\"versioning\",$answer}"
		bucket
		assert_status 0
		assert_output_has "versioning: this store has none"
		assert_output_has ", set"
		bucket --versioning
		assert_status 1
		assert_stderr_has "versioning cannot be switched on: this store has none"
		assert_output_has ", unchanged"
		bucket --check
		assert_output_has "ok    versioning: this store has none"
		assert_output_has "ok    lifecycle: "
		bucket --check --versioning
		assert_status 1
		assert_output_has "FAIL  versioning: this store has none"
		done
	picky "$unversioned" '{"match":"PUT .*versioning","status":501,"body":"<Error><Code>NotImplemented</Code></Error>"}'
	bucket --versioning
	assert_status 1
	assert_stderr_has "versioning cannot be switched on: the store answers 501"
	assert_output_has ", set"
	picky '{"match":"versioning","status":403,"body":"<Error><Code>AccessDenied</Code></Error>"}'
	bucket
	assert_status 1
	assert_stderr_has "the store answers 403 AccessDenied"
}

@test "--check: missing rules are a failure where versions are kept, otherwise a warning" {
	picky "$unversioned" "$(refuses $noncurrent)"
	bucket
	bucket --check
	assert_status 0
	assert_output_has "warn  lifecycle: reports/ expires after 180 days; no rule deletes replaced versions"
	picky "$(refuses $noncurrent)" '{"match":"GET .*versioning","status":200,"body":"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"}'
	bucket
	bucket --check
	assert_status 1
	assert_output_has "FAIL  lifecycle: no rule deletes replaced versions"
}

@test "--expire-days below the life of the links is refused" {
	picky "$unversioned"
	for words in "--expire-days 29" "--check --expire-days 1" \
		"--dry-run --expire-days 29"; do
		# shellcheck disable=SC2086 # words are meant
		bucket $words
		assert_status 78
		assert_output ""
		assert_stderr_has "and links are valid for 30 days (RW_URL_EXPIRES): expected at least 30 days"
	done
	bucket --expire-days 30
	assert_status 0
	RW_URL_EXPIRES=25h bucket --expire-days 1
	assert_status 78
	assert_stderr_has "expected at least 2 days"
	RW_URL_EXPIRES=25h bucket --expire-days 2
	assert_status 0
	RW_URL_EXPIRES=200d bucket
	assert_status 78
	assert_stderr_has "--expire-days is 180"
	bucket --print-policy --expire-days 1
	assert_status 0
}

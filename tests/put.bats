#!/usr/bin/env bats
# rw-put on a real store: new files, and files that are already stored.
# put-ways.bats tests connections, put-faults.bats a failing store.

load put_helpers

# ---- without a store -------------------------------------------------------

@test "no store configured: a choice, not an error" {
	put < <(line)
	assert_status 0
	assert_json "$output" .minio_upload false
	assert_json "$output" .error null
	assert_stderr ""
	MINIO_REGION=eu-west-1 MINIO_SECURE=true put < <(line)
	assert_status 0
}

@test "a partial configuration is 78 and passes nothing" {
	MINIO_ENDPOINT_URL=https://s3.example.com put < <(line)
	assert_status 78
	assert_output ""
	assert_stderr_has "only partly configured: MINIO_ACCESS_KEY, MINIO_SECRET_KEY and MINIO_BUCKET_NAME are not set"
	MINIO_BUCKET_NAME=reports AWS_ACCESS_KEY_ID=a put < <(line)
	assert_status 78
}

@test "a secret never shows" {
	export MINIO_ENDPOINT_URL=https://127.0.0.1:1 MINIO_ACCESS_KEY=access \
		MINIO_SECRET_KEY=very-secret-key MINIO_BUCKET_NAME=reports \
		RW_LOG_FILE=$PWD/log MINIO_SESSION_TOKEN=very-secret-token
	put --verbose < <(line)
	assert_status 69
	assert_output_lacks very-secret
	assert_stderr_lacks very-secret
	assert_file_lacks log very-secret
	assert_file_has log "Failed to upload to MinIO: "
}

@test "--dry-run and DRY_RUN_MODE upload nothing" {
	need_store
	new_bucket
	put --dry-run < <(line)
	assert_status 0
	assert_json "$output" .minio_upload false
	assert_json "$output" '[.pdf_key, .excel_key, .dry_run]' \
		'["reports/2025-06/f-1/report_2025-06.pdf","reports/2025-06/f-1/report_2025-06.xlsx",true]'
	rw-presign <<<"$output" >linked
	assert_json "$(cat linked)" '[has("pdf_url"),has("excel_url")]' '[true,true]'
	DRY_RUN_MODE=true put < <(line)
	assert_json "$output" '[.minio_upload, .dry_run]' '[false,true]'
	run s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME"
	assert_output_lacks "<Key>"
	# An uploaded file stays uploaded; without a store there is no link.
	put <linked
	assert_json "$output" '[.minio_upload, has("dry_run")]' '[true,false]'
	unset "${!MINIO_@}"
	put <linked
	assert_json "$output" '[.minio_upload, has("dry_run"), has("pdf_key")]' \
		'[false,false,false]'
}

# ---- what is stored --------------------------------------------------------

@test "both files are stored under their keys, with type and metadata" {
	need_store
	new_bucket
	put < <(line)
	assert_status 0
	key=reports/2025-06/f-1/report_2025-06
	assert_json "$output" '.pdf_key, .excel_key' "$key.pdf"$'\n'"$key.xlsx"
	assert_json "$output" .minio_upload true
	assert_json "$output" .pdf_sha256 "$(sha256sum a.pdf | cut -d ' ' -f 1)"
	linked=$(rw-presign <<<"$output")
	fetch "$(json .pdf_url <<<"$linked")" a.pdf
	fetch "$(json .excel_url <<<"$linked")" a.xlsx
	head=$(head_of "$(json .pdf_url <<<"$linked")")
	[[ $head == *"content-type: application/pdf"* ]]
	[[ $head == *"x-amz-meta-follower-id: f-1"* ]]
	[[ $head == *"x-amz-meta-period: 2025-06"* ]]
	[[ $head == *"x-amz-meta-sha256: $(sha256sum a.pdf | cut -d ' ' -f 1)"* ]]
	[[ $head == *'content-disposition: attachment; filename="spreadpilot_report_2025-06.pdf"'* ]]
	head=$(head_of "$(json .excel_url <<<"$linked")")
	[[ $head == *"content-type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"* ]]
}

@test "the log has the messages that operators search for" {
	need_store
	new_bucket
	RW_LOG_FILE=$PWD/log put < <(line)
	assert_file_has log "Successfully uploaded $PWD/a.pdf to reports/2025-06/f-1/report_2025-06.pdf"
	assert_file_has log "Successfully uploaded $PWD/a.xlsx to reports/2025-06/f-1/report_2025-06.xlsx"
}

@test "a revision has keys of its own" {
	need_store
	new_bucket
	put < <(line '"revision":2')
	assert_json "$output" .pdf_key reports/2025-06/f-1/report_2025-06_r2.pdf
	assert_json "$output" .excel_key reports/2025-06/f-1/report_2025-06_r2.xlsx
	put < <(line '"revision":1')
	assert_json "$output" .pdf_key reports/2025-06/f-1/report_2025-06.pdf
}

@test "empty files, and 200 reports over few connections" {
	need_store
	new_bucket
	: >a.xlsx
	for i in $(seq 200); do
		line | sed "s/f-1/f-$i/"
	done >lines
	put -j 4 <lines
	assert_status 0
	assert_equal "$(json .follower_id <<<"$output" | xargs)" \
		"$(json .follower_id lines | xargs)" "order"
	assert_equal "$(json .minio_upload <<<"$output" | sort -u)" true
	linked=$(tail -n 1 <<<"$output" | rw-presign)
	fetch "$(json .pdf_url <<<"$linked")" a.pdf
	fetch "$(json .excel_url <<<"$linked")" a.xlsx
}

@test "keys with every kind of byte, signed in headers and in links" {
	need_store
	new_bucket
	need_scheme sigv2
	"$PYTHON" - >keys <<'PY'
import random, sys
rng = random.Random(7)
chars = [chr(c) for c in range(0x20, 0x7f) if chr(c) not in "\\"] + \
    list("äßñ€漢😀é")
keys = ["reports/" + c + "x" for c in chars if c not in "/."]
keys += ["reports/" + "".join(rng.choice(chars) for _ in range(20))
         .replace("/", "_").replace("..", "__") + "x" for _ in range(40)]
sys.stdout.write("".join(k + "\0" for k in keys))
PY
	for scheme in sigv4 sigv2; do
		"$BUILD/try_s3" "$scheme" <keys >links || fail "refused"
		assert_equal "$(wc -l <links)" "$(tr -dc '\0' <keys | wc -c)"
		tr '\0' '\n' <keys >expected
		# The body of each object is its key.
		while read -r url; do
			curl -sS --fail-with-body -m 30 --path-as-is -g "$url"
			echo
		done <links >got
		cmp got expected || fail "$(diff got expected | head -n 5)"
	done
}

@test "wrong keys: a clear error, and the line is passed on" {
	need_store
	MINIO_SECRET_KEY=wrong put < <(line)
	assert_status 1
	assert_stderr_has "403 SignatureDoesNotMatch"
	assert_stderr_has "(check MINIO_SECRET_KEY)"
	assert_json "$output" '.minio_upload, .error.tool' $'false\nrw-put'
	MINIO_ACCESS_KEY=nobody put < <(line)
	assert_status 1
	assert_stderr_has "(check MINIO_ACCESS_KEY)"
	MINIO_BUCKET_NAME=no-such-bucket-here put < <(line)
	assert_status 1
	assert_stderr_has "NoSuchBucket"
}

@test "a file that is missing, is a directory, or differs from the report" {
	need_store
	new_bucket
	put < <(line | sed 's/a\.xlsx/none.xlsx/')
	assert_status 74
	assert_stderr_has "cannot open $PWD/none.xlsx: No such file"
	assert_json "$output" '.minio_upload, .pdf_key' $'false\nnull'
	put < <(line | sed 's/a\.xlsx//')
	assert_stderr_has "is not a regular file"
	put < <(line '"excel_sha256":"00"'; line)
	assert_status 1
	assert_stderr_has "was changed after it was made"
	other=$(sha256sum <a.pdf | cut -d ' ' -f 1)
	put < <(line "\"excel_sha256\":\"$other\"")
	assert_status 1
	assert_stderr_has "$PWD/a.xlsx was changed after it was made: its SHA-256 is $(sha256sum <a.xlsx | cut -d ' ' -f 1) and the record says $other"
	put --gzip < <(line "\"excel_sha256\":\"$other\"")
	assert_stderr_has "was changed after it was made"
	put < <(line '"excel_sha256":"00"'; line)
	assert_equal "$(json .minio_upload <<<"$output" | xargs)" "false true"
	put <<<'{"follower_id":"f","report_period":"2025-06","pdf_path":"x"}'
	assert_status 1
	assert_stderr_has "excel_path is missing"
}

@test "an error of rw-put is cleared at the next attempt; errors of other tools stay" {
	need_store
	new_bucket
	error='"error":{"tool":"rw-put","kind":"unreachable","message":"x","retryable":true},"minio_upload":false'
	put < <(line "$error")
	assert_status 0
	assert_json "$output" '.error, .minio_upload' $'null\ntrue'
	line "${error/rw-put/rw-gen}" >in
	put <in
	assert_output "$(cat in)"
}

# ---- stored already --------------------------------------------------------

@test "a file that is stored with the same checksum is not uploaded again" {
	need_store
	new_bucket
	put < <(line)
	sums="\"stored_pdf_sha256\":\"$(json .pdf_sha256 <<<"$output")\",\"stored_excel_sha256\":\"$(json .excel_sha256 <<<"$output")\""
	key=$(json .pdf_key <<<"$output")
	put --verbose < <(line "$sums")
	assert_status 0
	assert_json "$output" '.minio_upload, .pdf_key' "true"$'\n'"$key"
	assert_stderr_has "Already stored: $PWD/a.pdf as $key"
	assert_stderr_lacks "Successfully uploaded"
	# Changed on this host: uploaded.
	echo more >>a.pdf
	put --verbose < <(line "$sums")
	assert_stderr_has "Successfully uploaded $PWD/a.pdf"
	assert_stderr_has "Already stored: $PWD/a.xlsx"
	fetch "$(rw-presign <<<"$output" | json .pdf_url)" a.pdf
	# Missing in the store: uploaded, even if the ledger has it as stored.
	sums="\"stored_pdf_sha256\":\"$(json .pdf_sha256 <<<"$output")\""
	s3_curl -X DELETE "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/$key"
	put --verbose < <(line "$sums")
	assert_status 0
	assert_stderr_has "Successfully uploaded $PWD/a.pdf"
	fetch "$(rw-presign <<<"$output" | json .pdf_url)" a.pdf
}

@test "a stored file that would expire before its link is uploaded again" {
	need_store
	new_bucket
	RW_URL_EXPIRES=20d rw-bucket --expire-days 20
	put < <(line)
	sums="\"stored_pdf_sha256\":\"$(json .pdf_sha256 <<<"$output")\",\"stored_excel_sha256\":\"$(json .excel_sha256 <<<"$output")\""
	put --verbose < <(line "$sums")
	assert_stderr_has "Successfully uploaded $PWD/a.pdf"
	RW_URL_EXPIRES=7d put --verbose < <(line "$sums")
	assert_stderr_has "Already stored: $PWD/a.pdf"
}

# ---- versions --------------------------------------------------------------

@test "on a versioned bucket an old link shows the old file" {
	need_store
	new_bucket
	rw-bucket --versioning
	put < <(line)
	cp a.pdf old.pdf
	old=$(rw-presign <<<"$output")
	[ "$(json .pdf_version_id <<<"$old")" != null ]
	[[ $(json .pdf_url <<<"$old") == *versionId=* ]]
	echo new >>a.pdf
	put < <(line)
	new=$(rw-presign <<<"$output")
	fetch "$(json .pdf_url <<<"$old")" old.pdf
	fetch "$(json .pdf_url <<<"$new")" a.pdf
	for scheme in sigv4 sigv2; do
		url=$(rw-presign --scheme $scheme --expires 1d <<<"$old" |
			json .pdf_url)
		fetch "$url" old.pdf
	done
}

# ---- compression -----------------------------------------------------------

@test "--gzip only where it saves a tenth; the link returns the original file" {
	need_store
	new_bucket
	seq 20000 >a.pdf
	put --gzip < <(line)
	assert_status 0
	assert_json "$output" .pdf_sha256 "$(sha256sum a.pdf | cut -d ' ' -f 1)"
	linked=$(rw-presign <<<"$output")
	head=$(head_of "$(json .pdf_url <<<"$linked")")
	[[ $head == *"content-encoding: gzip"* ]]
	[ "$(wc -c <fetched)" -lt $(($(wc -c <a.pdf) * 9 / 10)) ]
	curl -sS --compressed -o fetched "$(json .pdf_url <<<"$linked")"
	cmp fetched a.pdf
	head=$(head_of "$(json .excel_url <<<"$linked")")
	[[ $head != *content-encoding* ]]
	fetch "$(json .excel_url <<<"$linked")" a.xlsx
	# Correctly stored: not uploaded again.
	put --gzip --verbose < <(line "\"stored_pdf_sha256\":\"$(json .pdf_sha256 <<<"$output")\"")
	assert_stderr_has "Already stored: $PWD/a.pdf"
}

# ---- large files -----------------------------------------------------------

# open_uploads: prints the number of uploads that were begun and not ended.
open_uploads() {
	s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?prefix=reports%2F2025-06%2Ff-1%2Freport_2025-06.pdf&uploads=" |
		grep -o '<UploadId>' | wc -l
}

@test "300 MB in parts, killed in the middle, and again" {
	need_store
	new_bucket
	head -c 300000000 /dev/zero | openssl enc -aes-128-ctr -nosalt \
		-pass pass:x -md sha256 >a.pdf 2>err
	line >in
	RW_FAULT=rw-put:part-uploaded:5 put <in
	assert_status 137
	[ "$(open_uploads)" -ge 1 ]
	put <in
	assert_status 0
	assert_json "$output" .minio_upload true
	assert_equal "$(open_uploads)" 0 "uploads left open"
	fetch "$(rw-presign <<<"$output" | json .pdf_url)" a.pdf
	[ "$(/usr/bin/time -f %M rw-put <in 2>&1 >out | tail -n 1)" -lt 60000 ]
}

# ---- the other checks ------------------------------------------------------

@test "--check reports correct and wrong settings" {
	need_store
	new_bucket
	put --check
	assert_status 0
	for point in reach credentials bucket write read clock; do
		assert_output_has "ok    $point: "
	done
	assert_output_has "warn  lifecycle: no rule deletes objects under reports/"
	rw-bucket
	put --check
	assert_output_has "ok    lifecycle: objects stored now expire at "
	MINIO_SECRET_KEY=wrong put --check
	assert_status 1
	assert_output_has "FAIL  credentials: "
	MINIO_BUCKET_NAME=no-such-bucket-here put --check
	assert_status 1
	assert_output_has "FAIL  bucket: "
	MINIO_ENDPOINT_URL=http://127.0.0.1:1 put --check
	assert_status 69
	assert_output_has "FAIL  reach: "
	unset MINIO_ENDPOINT_URL MINIO_ACCESS_KEY MINIO_SECRET_KEY \
		MINIO_BUCKET_NAME
	put --check
	assert_status 0
	assert_output_has "no object store is configured"
}

@test "one warning when reports are never deleted; none with the rule" {
	need_store
	new_bucket
	put < <(line; line; line)
	assert_status 0
	assert_equal "$(grep -c 'will never delete' <<<"$stderr")" 1
	assert_json "$(head -n 1 <<<"$output")" .object_expires_at null
	rw-bucket --expire-days 90
	put < <(line)
	assert_stderr ""
	at=$(json .object_expires_at <<<"$output")
	days=$((($(date -d "$at" +%s) - $(date +%s)) / 86400))
	[ "$days" -ge 89 ]
	[ "$days" -le 91 ]
}

#!/usr/bin/env bats
# rw-presign: links.

load helpers

setup() {
	export MINIO_ENDPOINT_URL=https://s3.example.com \
		MINIO_ACCESS_KEY=AKIAIOSFODNN7EXAMPLE \
		MINIO_SECRET_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
		MINIO_BUCKET_NAME=reports
	line='{"follower_id":"f-1","report_period":"2025-06","pdf_key":"a.pdf","excel_key":"a.xlsx"}'
}

presign() {
	run --separate-stderr rw-presign "$@" <<<"$line"
}

@test "the links equal those of boto3, byte for byte" {
	"$PYTHON" -c 'import boto3' || skip "python3-boto3 is not installed"
	run "$PYTHON" "$ROOT/tests/botocore_links.py" "$BUILD/rw-presign" 500
	assert_status 0
	assert_output_has "500 links compared, 0 different"
}

@test "no libcurl and no libxml2: links are made offline" {
	run ldd "$BUILD/rw-presign"
	assert_status 0
	assert_output_has libcrypto
	assert_output_lacks curl
	assert_output_lacks xml
}

@test "--at gives the same link each time, and reports its end" {
	presign --at 2025-07-01T00:00:00Z --expires 7d
	assert_status 0
	first=$output
	presign --at 2025-07-01T00:00:00Z --expires 7d
	assert_output "$first"
	assert_json "$output" .url_expires_at 2025-07-08T00:00:00Z
	assert_json "$output" .url_scheme sigv4
	assert_stderr ""
}

@test "the scheme depends on the requested lifetime" {
	presign --expires 7d
	assert_json "$output" .url_scheme sigv4
	presign --expires 604801
	assert_json "$output" .url_scheme sigv2
	presign
	assert_json "$output" .url_scheme sigv2
	MINIO_ENDPOINT_URL=https://s3.eu-central-1.amazonaws.com presign
	assert_status 78
	assert_output ""
	assert_stderr_has "no link can be valid for 30 days"
	RW_LINK_BASE_URL=https://x.example presign
	assert_status 78
	assert_output ""
	assert_stderr_has "RW_LINK_BASE_URL"
}

@test "a SigV4 link over 7 days is refused before anything is printed" {
	presign --scheme sigv4 --expires 8d
	assert_status 78
	assert_output ""
	assert_stderr_has "is valid for at most 7 days"
}

@test "providers that have SigV4 alone: a longer link is refused, with their name" {
	for case in "s3.eu-west-1.amazonaws.com Amazon S3" \
		"s3.eu-west-1.amazonaws.com. Amazon S3" \
		"s3.cn-north-1.amazonaws.com.cn Amazon S3" \
		"0123abcd.r2.cloudflarestorage.com Cloudflare R2" \
		"0123abcd.eu.r2.cloudflarestorage.com Cloudflare R2" \
		"s3.us-west-004.backblazeb2.com Backblaze B2"; do
		for name in MINIO_ENDPOINT_URL MINIO_PUBLIC_ENDPOINT_URL; do
			run --separate-stderr env "$name=https://${case%% *}" \
				rw-presign <<<"$line"
			assert_status 78
			assert_output ""
			assert_stderr_has "no link can be valid for 30 days: ${case#* } allows 7 (SigV4) and does not accept SigV2"
			run --separate-stderr env "$name=https://${case%% *}" \
				rw-presign --scheme sigv2 --expires 1d <<<"$line"
			assert_status 78
			assert_output ""
			assert_stderr_has "${case#* } does not accept SigV2 links"
			run --separate-stderr env "$name=https://${case%% *}" \
				rw-presign --expires 7d <<<"$line"
			assert_status 0
			assert_json "$output" .url_scheme sigv4
		done
	done
	MINIO_ENDPOINT_URL=https://notbackblazeb2.com presign
	assert_json "$output" .url_scheme sigv2
}

@test "--check reports it before the first upload" {
	run --separate-stderr rw-presign --check </dev/null
	assert_status 0
	assert_output_has "links: sigv2 for 30 days on "
	MINIO_ENDPOINT_URL=https://s3.amazonaws.com \
		run --separate-stderr rw-presign --check </dev/null
	assert_status 78
	assert_stderr_has "no link can be valid for 30 days"
}

@test "unknown words are usage errors" {
	for words in "--scheme v4" "--expires soon" "--expires 0" "--at noon" \
		"--expires 1d --at 2025-07-01"; do
		# shellcheck disable=SC2086 # words are meant
		presign $words
		assert_status 64
		assert_output ""
	done
	presign --scheme link
	assert_status 78
}

@test "no store configured: lines pass unchanged" {
	unset MINIO_ENDPOINT_URL MINIO_ACCESS_KEY MINIO_SECRET_KEY \
		MINIO_BUCKET_NAME
	presign
	assert_status 0
	assert_output "$line"
	assert_stderr ""
}

@test "a partial configuration names the missing settings" {
	for name in MINIO_ENDPOINT_URL MINIO_ACCESS_KEY MINIO_SECRET_KEY \
		MINIO_BUCKET_NAME; do
		run --separate-stderr env -u "$name" rw-presign <<<"$line"
		assert_status 78
		assert_output ""
		assert_stderr_has "$name is not set"
	done
}

@test "AWS_* names are used second, and the two families are not mixed" {
	presign --at 2025-07-01T00:00:00Z --expires 1d
	first=$output
	AWS_ACCESS_KEY_ID=other AWS_SECRET_ACCESS_KEY=other \
		AWS_SESSION_TOKEN=other presign --at 2025-07-01T00:00:00Z --expires 1d
	assert_output "$first"
	export AWS_ACCESS_KEY_ID=$MINIO_ACCESS_KEY \
		AWS_SECRET_ACCESS_KEY=$MINIO_SECRET_KEY \
		AWS_ENDPOINT_URL_S3=$MINIO_ENDPOINT_URL
	unset MINIO_ACCESS_KEY MINIO_SECRET_KEY MINIO_ENDPOINT_URL
	presign --at 2025-07-01T00:00:00Z --expires 1d
	assert_output "$first"
	AWS_SESSION_TOKEN=token presign --expires 1d
	assert_output_has "X-Amz-Security-Token=token"
	AWS_REGION=eu-west-3 presign --expires 1d
	assert_output_has "%2Feu-west-3%2Fs3"
}

@test "secrets come from files too" {
	presign --at 2025-07-01T00:00:00Z
	first=$output
	printf '%s\n' "$MINIO_SECRET_KEY" >"$BATS_TEST_TMPDIR/secret"
	unset MINIO_SECRET_KEY
	MINIO_SECRET_KEY_FILE=$BATS_TEST_TMPDIR/secret \
		presign --at 2025-07-01T00:00:00Z
	assert_output "$first"
}

@test "lines without both keys, and failed lines, pass unchanged" {
	for line in '{"follower_id":"f","report_period":"2025-06"}' \
		'{"follower_id":"f","report_period":"2025-06","pdf_key":"a"}' \
		'{"follower_id":"f","report_period":"2025-06","excel_key":"a","pdf_key":null}' \
		'{"follower_id":"f","report_period":"2025-06","pdf_key":"a","excel_key":"b","error":{"tool":"rw-put","kind":"refused","message":"no","retryable":false}}'; do
		presign
		assert_status 0
		assert_output "$line"
	done
}

@test "an invalid key is an error of its record, without a link" {
	line='{"follower_id":"f","report_period":"2025-06","pdf_key":"a","excel_key":7,"pdf_url":"old","url_expires_at":"2025-01-01T00:00:00Z","url_scheme":"v4"}'
	presign
	assert_status 1
	assert_json "$output" .error.tool rw-presign
	assert_json "$output" '[.pdf_url, .excel_url, .url_expires_at, .url_scheme]' '[null,null,null,null]'
}

@test "the link sets the file name for the browser; the brand is a setting" {
	presign
	assert_output_has "filename%3D%22SpreadPilot_Report_2025-06.pdf%22"
	assert_output_has "filename%3D%22SpreadPilot_Report_2025-06.xlsx%22"
	RW_DOWNLOAD_NAME=Acme presign
	assert_output_has "filename%3D%22Acme_2025-06.pdf%22"
	RW_DOWNLOAD_NAME='' presign
	assert_output_lacks disposition
	RW_DOWNLOAD_NAME=Zürich presign
	assert_output_has "filename%3D%22Z_rich_2025-06.pdf%22%3B%20filename%2A%3DUTF-8%27%27Z%25C3%25BCrich_2025-06.pdf"
	RW_DOWNLOAD_NAME='a"b' presign
	assert_status 78
	line=${line%\}},\"revision\":2\}
	presign
	assert_output_has "SpreadPilot_Report_2025-06_r2.pdf"
}

@test "the link names the version" {
	line=${line%\}},\"pdf_version_id\":\"v/1\"\}
	presign
	[[ $(json .pdf_url <<<"$output") == *"versionId=v%2F1&"* ]]
	[[ $(json .excel_url <<<"$output") != *versionId* ]]
}

@test "one warning when the report is deleted before its link ends" {
	line=${line%\}},\"object_expires_at\":\"2025-07-20T00:00:00Z\"\}
	run --separate-stderr rw-presign --at 2025-07-01T00:00:00Z \
		<<<"$line"$'\n'"$line"
	assert_status 0
	assert_equal "$(grep -c 'deletes the report before' <<<"$stderr")" 1
	presign --at 2025-07-01T00:00:00Z --expires 19d
	assert_stderr ""
}

@test "one warning when the keys are temporary" {
	presign --expires 1d
	assert_stderr ""
	MINIO_SESSION_TOKEN=t presign --expires 1d
	assert_status 0
	assert_equal "$(grep -c 'temporary keys' <<<"$stderr")" 1
}

@test "endpoints" {
	check() { # URL STYLE SECURE EXPECTED
		MINIO_ENDPOINT_URL=$1 RW_S3_STYLE=$2 MINIO_SECURE=$3 \
			presign --expires 1d
		assert_status 0
		assert_json "$output" '.pdf_url | split("?")[0]' "$4"
	}
	check https://s3.example.com '' '' https://s3.example.com/reports/a.pdf
	check s3.example.com '' '' https://s3.example.com/reports/a.pdf
	check s3.example.com:80 '' false http://s3.example.com/reports/a.pdf
	check https://S3.Example.COM:443/ '' '' https://s3.example.com/reports/a.pdf
	check https://s3.example.com/x/y/ '' '' https://s3.example.com/x/y/reports/a.pdf
	check https://s3.example.com:9000 virtual '' https://reports.s3.example.com:9000/a.pdf
	check 'https://[::1]:9000' '' '' 'https://[::1]:9000/reports/a.pdf'
	check https://s3.eu-west-1.amazonaws.com '' '' https://reports.s3.eu-west-1.amazonaws.com/a.pdf
	check https://s3.eu-west-1.amazonaws.com path '' https://s3.eu-west-1.amazonaws.com/reports/a.pdf
	MINIO_PUBLIC_ENDPOINT_URL=https://files.example.com \
		check http://10.0.0.1:9000 '' false https://files.example.com/reports/a.pdf
}

@test "endpoints that are not valid" {
	for url in ftp://x https:// https://user:Zq7Xv9@x 'https://x?y' 'https://x/a b' \
		https://x:0 https://x:99999 https://x:y 'https://[::1' 'https://x#y'; do
		MINIO_ENDPOINT_URL=$url presign
		assert_status 78
		assert_output ""
		assert_stderr_has MINIO_ENDPOINT_URL
		assert_stderr_lacks Zq7
	done
	MINIO_ENDPOINT_URL=http://x presign
	assert_status 78
	assert_stderr_has "requires MINIO_SECURE=false"
	MINIO_SECURE=false presign
	assert_status 78
	RW_S3_STYLE=virtual MINIO_ENDPOINT_URL=https://127.0.0.1 presign
	assert_status 78
	RW_S3_STYLE=both presign
	assert_status 78
	MINIO_BUCKET_NAME=a/b presign
	assert_status 78
}

@test "CloudFront links verify with the openssl command" {
	need_command openssl
	cd "$BATS_TEST_TMPDIR"
	openssl genrsa -out key.pem 2048
	openssl rsa -in key.pem -pubout -out public.pem
	export RW_CLOUDFRONT_KEY_FILE=key.pem RW_CLOUDFRONT_KEY_ID=K123 \
		RW_CLOUDFRONT_URL=https://d1.cloudfront.net
	presign --at 2025-07-01T00:00:00Z
	assert_status 0
	assert_json "$output" .url_scheme cloudfront
	url=$(json .pdf_url <<<"$output")
	resource=${url%%&Expires=*}
	[[ $resource == "https://d1.cloudfront.net/a.pdf?response-content"* ]]
	[[ $url == *"&Expires=1753920000&Signature="*"&Key-Pair-Id=K123" ]]
	printf '{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":1753920000}}}]}' \
		"$resource" >policy
	signature=${url#*Signature=}
	tr -- '-_~' '+=/' <<<"${signature%%&*}" | base64 -d >signature
	run openssl dgst -sha1 -verify public.pem -signature signature policy
	assert_output "Verified OK"
	RW_CLOUDFRONT_KEY_FILE=policy presign
	assert_status 78
	RW_CLOUDFRONT_URL='' presign
	assert_status 78
}

@test "the log has the key and never a signature" {
	export RW_LOG_FILE=$BATS_TEST_TMPDIR/log
	presign --verbose
	assert_file_has "$RW_LOG_FILE" "Generated pre-signed URL for a.pdf"
	assert_file_has "$RW_LOG_FILE" "Generated pre-signed URL for a.xlsx"
	assert_file_lacks "$RW_LOG_FILE" Signature
	assert_stderr_has "Generated pre-signed URL for a.pdf"
	assert_stderr_lacks Signature
}

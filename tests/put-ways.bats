#!/usr/bin/env bats
# rw-put and links on a real store: TLS, proxies, prefixes, names, and the
# lifetime of links.

load put_helpers

# ---- ways to the store -----------------------------------------------------

@test "TLS with a private CA; a wrong name, an unknown CA, an expired certificate" {
	need_store
	new_bucket
	target=${MINIO_ENDPOINT_URL#http://}
	own_server tls-proxy "$target"
	export MINIO_ENDPOINT_URL=https://localhost:${TLS_PROXY##*:} \
		MINIO_SECURE=true
	RW_CA_FILE='' put < <(line)
	assert_status 69
	assert_stderr_has "cannot be trusted"
	put < <(line)
	assert_status 0
	assert_json "$output" .minio_upload true
	linked=$(rw-presign <<<"$output")
	curl -sS --fail-with-body --cacert "$RW_CA_FILE" -o fetched \
		"$(json .pdf_url <<<"$linked")"
	cmp fetched a.pdf
	rw-verify <<<"$linked"
	RW_CA_FILE=none put < <(line)
	assert_status 78
	for name in other-host unknown-ca expired; do
		RW_TEST_CERT=$name own_server tls-proxy.$name "$target"
		MINIO_ENDPOINT_URL=https://localhost:${TLS_PROXY##*:}
		put < <(line; line)
		assert_status 69
		assert_stderr_has "cannot be trusted"
		assert_equal "$(json .minio_upload <<<"$output" | xargs)" \
			"false false"
	done
}

@test "an HTTP proxy, and NO_PROXY" {
	need_store
	new_bucket
	own_server http-proxy
	http_proxy=$HTTP_PROXY_URL put < <(line)
	assert_status 0
	assert_equal "$(log_count "$HTTP_PROXY_LOG" '.event == "request" and .method == "PUT"')" 2
	http_proxy=$HTTP_PROXY_URL no_proxy=127.0.0.1 put < <(line)
	assert_status 0
	assert_equal "$(log_count "$HTTP_PROXY_LOG" '.event == "request" and .method == "PUT"')" 2
	http_proxy=http://127.0.0.1:1 put < <(line)
	assert_status 69
}

@test "the password in a malformed URL of a proxy is not shown" {
	export MINIO_ENDPOINT_URL=http://127.0.0.1:1 MINIO_ACCESS_KEY=a \
		MINIO_SECRET_KEY=b MINIO_BUCKET_NAME=bucket MINIO_SECURE=false
	http_proxy=http://u:SECRET/WORD@127.0.0.1:1 RW_LOG_FILE=log \
		put < <(line)
	assert_status 78
	assert_stderr_has 'http_proxy: expected USER or USER:PASSWORD before'
	assert_stderr_lacks SECRET
	assert_output_lacks SECRET
	assert_file_lacks log SECRET
}

@test "an endpoint with a path prefix that a proxy removes" {
	need_store
	new_bucket
	need_scheme sigv2
	own_server http-proxy "${MINIO_ENDPOINT_URL#http://}" /s3/store
	export MINIO_ENDPOINT_URL=$HTTP_PROXY_URL/s3/store
	# The store verifies the request that it sees, without the prefix.
	put < <(line)
	assert_status 1
	export RW_S3_SIGN_PREFIX=false
	put < <(line)
	assert_status 0
	for scheme in sigv4 sigv2; do
		url=$(rw-presign --expires 1d --scheme $scheme <<<"$output" |
			json .pdf_url)
		[[ $url == "$MINIO_ENDPOINT_URL"/* ]]
		fetch "$url" a.pdf
	done
}

@test "IPv6" {
	own_server http-script '{"host":"::1"}'
	[[ $MINIO_ENDPOINT_URL == *"[::1]"* ]]
	put < <(line)
	assert_status 0
	curl -sS -g "$MINIO_ENDPOINT_URL/reports/$(json .pdf_key <<<"$output")" |
		cmp - a.pdf
	assert_equal "$(jq -r 'select(.event == "request") | .headers.Host' \
		"$HTTP_SCRIPT_LOG" | sort -u)" "${MINIO_ENDPOINT_URL#http://}"
}

@test "the bucket in the host name" {
	need_store
	[ "${RW_TEST_STORE:-radosgw}" != s3 ] ||
		skip "RW_TEST_S3_ENDPOINT may have no name for its buckets"
	new_bucket
	export RW_S3_STYLE=virtual
	port=${MINIO_ENDPOINT_URL##*:}
	MINIO_ENDPOINT_URL=http://localhost:$port
	put < <(line)
	assert_status 0
	for scheme in sigv4 sigv2; do
		url=$(rw-presign --expires 1d --scheme $scheme <<<"$output" |
			json .pdf_url)
		[[ $url == "http://$MINIO_BUCKET_NAME.localhost:$port/reports/"* ]]
		curl -sS --fail-with-body -o fetched \
			--resolve "$MINIO_BUCKET_NAME.localhost:$port:127.0.0.1" "$url"
		cmp fetched a.pdf
	done
}

@test "links for the host that the follower reaches" {
	need_store
	new_bucket
	own_server http-proxy "${MINIO_ENDPOINT_URL#http://}" ""
	put < <(line)
	url=$(MINIO_PUBLIC_ENDPOINT_URL=$HTTP_PROXY_URL rw-presign <<<"$output" |
		json .pdf_url)
	[[ $url == "$HTTP_PROXY_URL"/* ]]
	fetch "$url" a.pdf
}

@test "SigV4 is limited to 7 days: the server refuses a longer link" {
	need_store
	"$PYTHON" -c 'import boto3' || skip "python3-boto3 is not installed"
	new_bucket
	put < <(line)
	link() { # SECONDS
		"$PYTHON" - "$1" "$(json .pdf_key <<<"$output")" <<'PY'
import os, sys, boto3
from botocore.config import Config
env = os.environ
s3 = boto3.client("s3", endpoint_url=env["MINIO_ENDPOINT_URL"],
                  region_name="us-east-1",
                  aws_access_key_id=env["MINIO_ACCESS_KEY"],
                  aws_secret_access_key=env["MINIO_SECRET_KEY"],
                  config=Config(signature_version="s3v4",
                                s3={"addressing_style": "path"}))
print(s3.generate_presigned_url("get_object", ExpiresIn=int(sys.argv[1]),
      Params={"Bucket": env["MINIO_BUCKET_NAME"], "Key": sys.argv[2]}))
PY
	}
	assert_equal "$(status_of "$(link 604800)")" 200
	# See DEVIATIONS.md.
	case ${RW_TEST_STORE:-radosgw} in
	minio) assert_equal "$(status_of "$(link 604801)")" 400 ;;
	s3) [[ $(status_of "$(link 604801)") == 40? ]] ;;
	*) assert_equal "$(status_of "$(link 604801)")" 403 ;;
	esac
}

# ---- links -----------------------------------------------------------------

@test "a link for 30 days works now, and a link made 31 days ago does not" {
	need_store
	new_bucket
	need_scheme sigv2
	put < <(line)
	stored=$output
	fetch "$(rw-presign <<<"$stored" | json .pdf_url)" a.pdf
	at=$(date -u -d '31 days ago' +%Y-%m-%dT%H:%M:%SZ)
	assert_equal "$(status_of "$(rw-presign --at "$at" <<<"$stored" |
		json .pdf_url)")" 403
	at=$(date -u -d '29 days ago' +%Y-%m-%dT%H:%M:%SZ)
	fetch "$(rw-presign --at "$at" <<<"$stored" | json .pdf_url)" a.pdf
	at=$(date -u -d '8 days ago' +%Y-%m-%dT%H:%M:%SZ)
	assert_equal "$(status_of "$(rw-presign --expires 7d --at "$at" \
		<<<"$stored" | json .pdf_url)")" 403
}

#!/usr/bin/env bats
# rw-put counts an object as stored only when the store's answers prove it: the
# answers to PUT and to the completion of a multipart upload, the HEAD requests,
# and the aborted uploads of other processes.
#
# bats file_tags=long

load helpers

setup() {
	head -c 3000 /dev/urandom >"$BATS_TEST_TMPDIR/a.pdf"
	head -c 900 /dev/urandom >"$BATS_TEST_TMPDIR/a.xlsx"
	cd "$BATS_TEST_TMPDIR"
	# Retries are as fast as the tests need them.
	export RW_S3_ATTEMPTS=1
}

line() {
	printf '{"follower_id":"f-1","report_period":"2025-06","pdf_path":"%s","excel_path":"%s"}\n' \
		"$PWD/a.pdf" "$PWD/a.xlsx"
}

# store RULE...: replaces the store by a store with these rules.
store() {
	local IFS=,
	if [ -n "${SERVER_DIR[http-script]:-}" ]; then
		server http-script stop
		rm "$HTTP_SCRIPT_LOG"
	fi
	own_server http-script "{\"rules\":[$*]}"
}

put() {
	run --separate-stderr rw-put "$@" < <(line)
}

requests() {
	log_count "$HTTP_SCRIPT_LOG" ".event == \"request\" and ($1)"
}

key=reports/2025-06/f-1/report_2025-06.pdf

# small_peak WHAT: expects a small number of kilobytes in the file peak.
# Sanitizers need more.
small_peak() {
	[ -n "${RW_TEST_SANITIZED:-}" ] || [ "$(tail -n 1 peak)" -lt 60000 ] ||
		fail "$1: $(cat peak) kB"
}

# stored [HEADS]: expects that the report is stored after this number of HEAD
# requests.
stored() {
	put
	assert_status 0
	assert_json "$output" '.minio_upload, .error' $'true\nnull'
	assert_equal "$(requests '.method == "HEAD"')" "${1:-0}" "HEAD requests"
}

# refused WORDS [HEADS]
refused() {
	put
	assert_status 1
	assert_json "$output" '.minio_upload, .pdf_key, .excel_key' \
		$'false\nnull\nnull'
	assert_json "$output" '.error.tool, .error.kind' $'rw-put\nrefused'
	assert_stderr_has "$1"
	assert_equal "$(requests '.method == "HEAD"')" "${2:-0}" "HEAD requests"
}

error() { # CODE
	printf '<Error><Code>%s</Code><Message>by the script</Message></Error>' \
		"$1"
}

# ---- one request -----------------------------------------------------------

@test "an equal ETag is stored, in every form, without a HEAD" {
	local md5 tag
	md5=$(md5sum <a.pdf | cut -d ' ' -f 1)
	store
	stored
	for tag in "$md5" "\\\"${md5^^}\\\"" "W/\\\"$md5\\\""; do
		store "{\"match\":\"PUT .*pdf\",\"headers\":{\"ETag\":\"$tag\"}}"
		stored
	done
	for tag in 201 204; do
		store "{\"match\":\"PUT .*pdf\",\"status\":$tag,\"headers\":{\"ETag\":\"\\\"$md5\\\"\"}}"
		stored
	done
}

@test "an encrypted object with an ETag is stored without a HEAD" {
	local how
	for how in '"x-amz-server-side-encryption":"aws:kms"' \
		'"x-amz-server-side-encryption":"aws:kms:dsse"' \
		'"x-amz-server-side-encryption-customer-algorithm":"AES256"'; do
		store "{\"match\":\"PUT\",\"headers\":{\"ETag\":\"\\\"whatever\\\"\",$how}}"
		stored
	done
	store '{"match":"PUT .*pdf","headers":{"ETag":null,"x-amz-server-side-encryption":"aws:kms"}}'
	stored 1
}

@test "a different ETag or none: HEAD decides" {
	local tag
	for tag in null '"\"00000000000000000000000000000000\""' \
		'"\"00000000000000000000000000000000-1\""' '"\"whatever\""' \
		'""'; do
		store "{\"match\":\"PUT .*pdf\",\"headers\":{\"ETag\":$tag}}"
		stored 1
		# The same answer, but nothing is stored.
		store "{\"match\":\"PUT .*pdf\",\"status\":200,\"headers\":{\"ETag\":$tag}}"
		refused "$key is not proved to be stored: the store answers 200 to PUT $key with" 1
		assert_stderr_has "the store answers 404 to HEAD $key"
	done
	for tag in 201 202 203 204 206; do
		store "{\"match\":\"PUT .*pdf\",\"status\":$tag}"
		refused "the store answers $tag to PUT $key with" 1
		store "{\"match\":\"PUT .*pdf\",\"status\":$tag,\"store\":true,\"headers\":{\"ETag\":null}}"
		stored 1
	done
}

@test "a HEAD that proves nothing" {
	local rule
	while IFS='|' read -r rule words; do
		store '{"match":"PUT .*pdf","headers":{"ETag":null}}' \
			"{\"match\":\"HEAD\",$rule}"
		refused "$words" 1
	done <<-'END'
		"headers":{"Content-Length":"2999"}|HEAD reports 2999 bytes, and 3000 were sent
		"headers":{"x-amz-meta-sha256":null}|HEAD reports no x-amz-meta-sha256
		"headers":{"x-amz-meta-sha256":"00"}|HEAD reports x-amz-meta-sha256 00, and
		"status":200|HEAD reports 0 bytes
		"status":204|HEAD is answered 204
		"status":302|the store answers 302 to HEAD
		"status":403|(does the user's policy allow s3:GetObject? rw-bucket --print-policy)
		"status":500|the store answers 500 to HEAD
	END
	store '{"match":"PUT .*pdf","headers":{"ETag":null}}' \
		'{"match":"HEAD","drop":true}'
	put
	assert_status 69
	assert_json "$output" .minio_upload false
}

@test "HEAD finds nothing at first: it is repeated, within limits" {
	export RW_S3_ATTEMPTS=3
	store '{"match":"PUT .*pdf","headers":{"ETag":null}}' \
		'{"match":"HEAD","nth":1,"status":404}'
	stored 2
	store '{"match":"PUT .*pdf","headers":{"ETag":null}}' \
		'{"match":"HEAD","status":404}'
	refused "the store answers 404 to HEAD" 3
	store '{"match":"PUT .*pdf","headers":{"ETag":null}}' \
		'{"match":"HEAD","status":403}'
	refused "the store answers 403 to HEAD" 1
}

@test "a body, where a PUT has none, is a failure: pages, errors, blanks" {
	local body words
	while IFS='|' read -r body words; do
		store "{\"match\":\"PUT .*pdf\",\"status\":200,\"store\":true,\"body\":\"$body\",\"headers\":{\"ETag\":\"\\\"$(md5sum <a.pdf | cut -d ' ' -f 1)\\\"\"}}"
		refused "the store answers 200 to PUT $key with $words"
	done <<-'END'
		<!DOCTYPE html><title>Sign in</title>|an HTML page, where an S3 store sends none (a proxy or a console may answer
		\n  <html lang='en'><head>|an HTML page
		<Error><Code>AccessDenied</Code><Message>no</Message></Error>|the error AccessDenied: no (does the user's policy
		{\"code\":\"SlowDown\"}|the error SlowDown
		{\"ok\":true}|a body that is not XML
		 |a body of blanks
		<PutObjectResult/>|an XML document PutObjectResult
	END
	# A retry may get such a page, too.
	export RW_S3_ATTEMPTS=3
	store '{"match":"PUT .*pdf","nth":1,"status":200,"body":"<html>"}'
	stored
	assert_equal "$(requests '.method == "PUT" and (.target | endswith(".pdf"))')" 2
}

@test "a proxy that answers every request with its page mails no dead link" {
	store '{"status":200,"body":"<html>Sign in</html>","headers":{"Content-Type":"text/html"}}'
	put
	assert_status 1
	assert_json "$output" '.minio_upload, .pdf_key' $'false\nnull'
	rw-presign <<<"$output" >linked || true
	assert_equal "$(json 'has("pdf_url")' linked)" false
	# The same for a report that is stored according to the ledger.
	sums="\"stored_pdf_sha256\":\"$(sha256sum <a.pdf | cut -d ' ' -f 1)\",\"stored_excel_sha256\":\"$(sha256sum <a.xlsx | cut -d ' ' -f 1)\""
	run --separate-stderr rw-put < <(line | sed "s/}\$/,$sums}/")
	assert_status 1
	assert_json "$output" .minio_upload false
}

@test "a run whose store is a sign-in page mails the files to all followers" {
	store '{"status":200,"body":"<!DOCTYPE html><title>Sign in</title>"}'
	export REPORT_SENDER_EMAIL=reports@example.com \
		RW_MAIL_TRANSPORT=maildir:$PWD/mail
	rw-record --init
	printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50","2025-06-03":"-40.25"}}\n' \
		1 1 2 2 3 3 >due.jsonl
	run --separate-stderr rw-report --input due.jsonl --json
	assert_status 0
	assert_stderr_has "with an HTML page, where an S3 store sends none"
	assert_stderr_has "Using email attachments (MinIO not available)"
	"$PYTHON" "$ROOT/tests/read_mail.py" mail/new >mails
	assert_equal "$(jq -c 'select(.links == []) | .to' mails | wc -l)" 3
}

@test "--check stores its probe with the same checks" {
	store '{"match":"PUT","status":200,"body":"<!DOCTYPE html>"}'
	put --check
	assert_status 1
	assert_output_has "FAIL  write: the store answers 200 to PUT reports/.rw-put-check with an HTML page, where an S3 store sends none"
	store '{"match":"PUT","status":204}'
	put --check
	assert_status 1
	assert_output_has "FAIL  write: reports/.rw-put-check is not proved to be stored: the store answers 204 to PUT reports/.rw-put-check without an ETag; the store answers 404 to HEAD"
	store '{"match":"PUT","headers":{"ETag":null}}'
	put --check
	assert_output_has "ok    write: "
	assert_output_has "ok    read: "
}

@test "--gzip: HEAD compares the size of the uploaded bytes" {
	seq 20000 >a.pdf
	store '{"match":"PUT .*pdf","headers":{"ETag":"\"x\""}}'
	put --gzip
	assert_status 0
	assert_equal "$(requests '.method == "HEAD"')" 1
}

# ---- error bodies ----------------------------------------------------------

@test "error bodies in any encoding give their code and the hint" {
	local body wrap
	error NoSuchBucket >plain
	for wrap in cat gzip 'iconv -t UTF-16' 'iconv -t UTF-16LE' \
		'iconv -t UTF-16BE' 'iconv -t UTF-32' "sed 's/^/ \\n\\t\\n/'" \
		"sed '1s/^/\\xef\\xbb\\xbf/'" "sed 's/</<s3:/g; s|<s3:/|</s3:|g'" \
		"sed 's/^/<ErrorResponse xmlns=\"x\">/; s/\$/<\\/ErrorResponse>/'" \
		"echo '{\"Code\":\"NoSuchBucket\",\"Message\":\"by the script\"}'" \
		"echo '{\"error\":{\"code\":\"NoSuchBucket\",\"message\":\"by the script\"}}' | gzip"; do
		body=$(eval "$wrap" <plain | base64 -w 0)
		store "{\"match\":\"PUT .*pdf\",\"status\":404,\"base64\":\"$body\"}"
		refused "the store answers 404 NoSuchBucket to PUT $key: by the script (check MINIO_BUCKET_NAME; rw-bucket creates it)"
	done
}

@test "XML and gzip bombs: refused, at no cost" {
	local body
	"$PYTHON" - <<-'PY'
		import gzip, zlib
		def save(name, data):
		    open(name, "wb").write(data)
		flat = b'<!DOCTYPE Error [<!ENTITY a "' + b"a" * 30000 + b'">]>'
		save("flat", flat + b"<Error><Code>" + b"&a;" * 10000 + b"</Code></Error>")
		laughs = b'<!DOCTYPE Error [<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
		    b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10)
		    for i in range(1, 20))
		save("laughs", laughs + b"]><Error><Code>&a19;</Code></Error>")
		save("circle", b'<!DOCTYPE Error [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
		     b"<Error><Code>&a;</Code></Error>")
		save("deep", b"<Error>" * 100000)
		save("wide", b"<Error" + b"".join(b" a%d=''" % i for i in range(80000)) + b"/>")
		save("gzip", gzip.compress(b" " * 300_000_000))
		save("twice", gzip.compress(gzip.compress(b" " * 300_000_000)))
	PY
	for body in flat laughs circle deep wide gzip twice; do
		printf '{"rules":[{"match":"PUT","status":400,"base64":"%s"}]}' \
			"$(base64 -w 0 "$body")" >script
		[ -z "${SERVER_DIR[http-script]:-}" ] || server http-script stop
		own_server http-script "$PWD/script"
		line >in
		run /usr/bin/time -f %M -o peak rw-put <in
		assert_status 1
		assert_output_has "the store answers 400 to PUT"
		small_peak "$body"
	done
}

@test "rw-bucket: lifecycle rules with a DTD are refused, at no cost" {
	local flat
	flat=$(printf 'a%.0s' {1..20000})
	store "{\"match\":\"GET .*lifecycle\",\"status\":200,\"body\":\"<!DOCTYPE x [<!ENTITY a '$flat'>]><LifecycleConfiguration><Rule><ID>$(printf '&a;%.0s' {1..5000})</ID></Rule></LifecycleConfiguration>\"}"
	run /usr/bin/time -f %M -o peak rw-bucket
	assert_status 1
	assert_output_has "XML with a DTD"
	small_peak "the rules"
	assert_equal "$(requests '.method == "PUT" and (.target | test("lifecycle"))')" 0
}

# ---- parts -----------------------------------------------------------------

large() {
	head -c 6000000 /dev/urandom >a.pdf
	export RW_S3_MULTIPART_FROM=5500000 RW_S3_PART_SIZE=5242880
}

@test "a completion is proved by its document or by HEAD" {
	large
	store
	stored
	# Completed, with answers of many kinds.
	while IFS='|' read -r body heads; do
		store "{\"match\":\"POST .*uploadId\",\"status\":200,\"store\":true,\"body\":\"$body\"}"
		stored "$heads"
		assert_equal "$(requests '.method == "DELETE"')" 0 "aborted"
	done <<-'END'
		|1
		   \n |1
		<CompleteMultipartUploadResult><ETag>|1
		<html><p>Sign in</p></html>|1
		<!DOCTYPE html>|1
		<CompleteMultipartUploadResult/>|1
		\n\n <?xml version='1.0'?><x:CompleteMultipartUploadResult xmlns:x='y'><x:ETag>any</x:ETag></x:CompleteMultipartUploadResult>|1
	END
}

@test "a completion that is not proved: the message has the answer, and the upload is aborted" {
	large
	while IFS='|' read -r body words; do
		store "{\"match\":\"POST .*uploadId\",\"status\":200,\"body\":\"$body\"}"
		refused "$key is not proved to be stored: the store answers 200 to POST $key $words" 1
		assert_stderr_has "the store answers 404 to HEAD $key"
		assert_equal "$(requests '.method == "DELETE"')" 1 "aborted"
	done <<-'END'
		|with an empty body
		   \n |with a body of blanks
		<CompleteMultipartUploadResult><ETag>|with a body that is incomplete or not XML
		<html><p>Sign in</p></html>|with an HTML page
		<CompleteMultipartUploadResult/>|without an ETag
	END
	# After blanks that keep the connection alive.
	store "{\"match\":\"POST .*uploadId\",\"status\":200,\"body\":\"<?xml version='1.0'?>\n   \n\n  $(error AccessDenied)\"}"
	refused "the store answers 200 to POST $key with the error AccessDenied: by the script"
	assert_equal "$(requests '.method == "DELETE"')" 1 "aborted"
}

@test "a completion with an object of a different size is a failure" {
	large
	store '{"match":"POST .*uploadId","status":200,"store":true,"body":"<CompleteMultipartUploadResult><ETag>any</ETag></CompleteMultipartUploadResult>"}' \
		'{"match":"HEAD","headers":{"Content-Length":"5242880"}}'
	refused "HEAD reports 5242880 bytes, and 6000000 were sent" 1
}

@test "a gateway that lost the answer of the completion" {
	large
	for status in 500 502 504; do
		store "{\"match\":\"POST .*uploadId\",\"status\":$status,\"store\":true}"
		stored 1
	done
	store '{"match":"POST .*uploadId","store":true,"status":200,"body":"0123456789","half":true}'
	stored 1
	store '{"match":"POST .*uploadId","status":504}'
	refused "the store answers 504" 1
	assert_equal "$(requests '.method == "DELETE"')" 1 "aborted"
}

@test "parts are completed with the ETags that were answered" {
	large
	# The answer has neither an MD5 nor XML.
	store '{"match":"partNumber","headers":{"ETag":"\"k&ms-<1>\""}}'
	stored
	store '{"match":"partNumber","headers":{"ETag":"\"00000000000000000000000000000000\"","x-amz-server-side-encryption":"aws:kms"}}' \
		'{"match":"POST .*uploadId","status":200,"store":true,"body":"<CompleteMultipartUploadResult><ETag>&quot;other-2&quot;</ETag></CompleteMultipartUploadResult>"}'
	stored 1
	# The sent ETags equal the received ones.
	store '{"match":"partNumber=1","headers":{"ETag":"\"k&ms-<1>\""}}' \
		'{"match":"partNumber=2","headers":{"ETag":"plain"}}'
	put
	assert_status 0
	want='<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><PartNumber>1</PartNumber><ETag>&quot;k&amp;ms-&lt;1&gt;&quot;</ETag></Part><Part><PartNumber>2</PartNumber><ETag>plain</ETag></Part></CompleteMultipartUpload>'
	number=$(jq -s '[.[] | select(.event == "request" and .method == "POST" and (.target | test("uploadId")))][0].n' "$HTTP_SCRIPT_LOG")
	assert_equal "$(jq -r "select(.event == \"answer\" and .n == $number) | .sha256" "$HTTP_SCRIPT_LOG")" \
		"$(printf %s "$want" | sha256sum | cut -d ' ' -f 1)"
}

@test "an answer to a part or a start that no S3 store gives" {
	large
	store '{"match":"partNumber=2","headers":{"ETag":null}}'
	refused "part 2: the store answers 200 to PUT $key without a usable ETag"
	store '{"match":"partNumber=2","status":200,"body":"<html>"}'
	refused "part 2: the store answers 200 to PUT $key with an HTML page"
	store '{"match":"POST .*uploads","status":200,"body":"<html>"}'
	refused "the store answers 200 to POST $key with an HTML page, where an S3 store sends an InitiateMultipartUploadResult"
	store "{\"match\":\"POST .*uploads\",\"status\":200,\"body\":\"$(error AccessDenied)\"}"
	refused "the store answers 200 to POST $key with the error AccessDenied"
}

# ---- uploads of other processes --------------------------------------------

# aborted: prints the IDs of aborted uploads.
aborted() {
	jq -r 'select(.event == "request" and .method == "DELETE") |
		.target | sub(".*uploadId="; "")' "$HTTP_SCRIPT_LOG" | xargs
}

@test "a second upload of the same key does not abort the first, live upload" {
	large
	store '{"match":"partNumber=2","nth":1,"delay":3}'
	line >in
	rw-put <in >first 3>&- &
	pid=$!
	wait_for 5 grep -q partNumber=2 "$HTTP_SCRIPT_LOG"
	put
	assert_status 0
	assert_equal "$(aborted)" ""
	wait $pid || fail "the first failed"
	assert_json "$(cat first)" .minio_upload true
	assert_equal "$(find "$RW_STATE_DIR/uploads" -type f)" "" "notes left"
}

@test "uploads of this host's dead runs are aborted, with any key" {
	large
	store
	line | sed s/f-1/f-9/ >in
	RW_FAULT=rw-put:part-uploaded:1 run rw-put <in
	assert_status 137
	[ "$(find "$RW_STATE_DIR/uploads" -type f | wc -l)" = 1 ]
	put
	assert_status 0
	assert_equal "$(requests '.method == "DELETE" and (.target | test("f-9/"))')" 1
	assert_equal "$(requests '.method == "DELETE"')" 1
	assert_equal "$(find "$RW_STATE_DIR/uploads" -type f)" "" "notes left"
}

@test "uploads that cannot be aborted are noted for the next run, also for a different store" {
	large
	store '{"match":"DELETE","nth":1,"status":403}'
	line >in
	RW_FAULT=rw-put:part-uploaded:1 run rw-put <in
	put
	assert_status 0
	[ "$(find "$RW_STATE_DIR/uploads" -type f | wc -l)" = 1 ]
	MINIO_BUCKET_NAME=other put
	assert_status 0
	assert_equal "$(requests '.method == "DELETE"')" 1
	[ "$(find "$RW_STATE_DIR/uploads" -type f | wc -l)" = 1 ]
	put
	assert_equal "$(requests '.method == "DELETE"')" 2
	assert_equal "$(find "$RW_STATE_DIR/uploads" -type f)" "" "notes left"
}

@test "uploads of unknown runs are aborted when they are older than RW_S3_STALE_AFTER" {
	local list='' name age
	large
	for name in young:3600 old:90000 other:90000; do
		age=${name#*:} name=${name%:*}
		list+="<Upload><Key>$key$([ "$name" != other ] || echo .x)</Key><UploadId>$name</UploadId><Initiated>$(date -u -d "@$(($(date +%s) - age))" +%FT%T.000Z)</Initiated></Upload>"
	done
	list+="<Upload><Key>$key</Key><UploadId>undated</UploadId></Upload>"
	list="{\"match\":\"GET .*uploads=\",\"status\":200,\"body\":\"<ListMultipartUploadsResult>$list</ListMultipartUploadsResult>\"}"
	store "$list"
	stored
	assert_equal "$(aborted)" old
	store "$list"
	RW_S3_STALE_AFTER=30m stored
	assert_equal "$(aborted)" "young old"
	# By the store's clock, unless it is ahead of ours.
	store "${list/\"status\"/\"headers\":{\"Date\":\"$(date -u -d '2 days' '+%a, %d %b %Y %H:%M:%S GMT')\"\},\"status\"}"
	stored
	assert_equal "$(aborted)" old
	store "${list/\"status\"/\"headers\":{\"Date\":\"$(date -u -d '-2 days' '+%a, %d %b %Y %H:%M:%S GMT')\"\},\"status\"}"
	stored
	assert_equal "$(aborted)" ''
}

@test "RW_S3_STALE_AFTER that is 0 or not a time ends 78" {
	store
	RW_S3_STALE_AFTER=0 put
	assert_status 78
	assert_stderr_has "RW_S3_STALE_AFTER is 0: uploads in progress would be aborted"
	RW_S3_STALE_AFTER=x put
	assert_status 78
}

@test "a state directory that cannot be used fails no upload" {
	large
	store
	touch blocked
	RW_STATE_DIR=$PWD/blocked RW_LOG_FILE=$PWD/log put
	assert_status 0
	assert_file_has log "uploads in parts are not noted"
}

# ---- real stores -----------------------------------------------------------

# encrypt_bucket: enables SSE-KMS by default, so that ETags are not MD5 sums.
encrypt_bucket() {
	local body='<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>rw</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>'
	curl -sS --fail-with-body -m 30 --aws-sigv4 "aws:amz:us-east-1:s3" \
		--user "$MINIO_ACCESS_KEY:$MINIO_SECRET_KEY" -X PUT \
		-H "content-md5: $(printf %s "$body" | openssl md5 -binary | base64)" \
		-H "x-amz-content-sha256: $(printf %s "$body" | sha256sum | cut -d ' ' -f 1)" \
		--data-binary "$body" \
		"$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME?encryption="
}

@test "MinIO with SSE-KMS: one request, and parts" {
	need_server minio
	new_bucket
	encrypt_bucket
	large
	put --verbose
	assert_status 0
	assert_json "$output" .minio_upload true
	rw-presign <<<"$output" >linked
	curl -sS --fail-with-body -o fetched -D heads "$(json .pdf_url linked)"
	cmp fetched a.pdf
	grep -qi '^x-amz-server-side-encryption: aws:kms' heads
	curl -sS --fail-with-body -o fetched "$(json .excel_url linked)"
	cmp fetched a.xlsx
}

@test "an answer that is too long is not a proof, and the message says so" {
	printf '{"rules":[{"match":"PUT .*pdf","status":200,"body":"%01100000d"}]}' 0 \
		>script
	own_server http-script script
	put
	assert_status 69
	assert_json "$output" .minio_upload false
	assert_stderr_has 'sent no complete answer: it is longer than 1048576 bytes'
}

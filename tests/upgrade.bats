#!/usr/bin/env bats
# A ledger, a journal and a bucket of release 1.0.0, whose documents have another
# layout and whose entries no digests (tests/data/1.0.0-store): f-1 and f-2 were
# sent links, the mail to f-3 may have arrived.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	need_store
	new_bucket
	old=$ROOT/tests/data/1.0.0-store
	# Its claims and its journal are of this host and this directory.
	export RW_STATE_DIR=/var/tmp/report-worker-upgrade-$$ RW_HOST=worker-1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$PWD/mail RW_WAIT_CLAIMS=0
	rm -rf "$RW_STATE_DIR"
	cp -r "$old/state" "$RW_STATE_DIR"
	chmod -R u+w,go-w "$RW_STATE_DIR"
	chmod 700 "$RW_STATE_DIR"
	sqlite3 "$RW_STATE_DIR/ledger.db" \
		"UPDATE report_sent SET state_dir=replace(state_dir,'/var/tmp/report-worker','$RW_STATE_DIR')"
	cp "$old/due.jsonl" .
	store_old
	rw-bucket >/dev/null 2>&1 || true
}

teardown() {
	rm -rf "$RW_STATE_DIR"
}

# The objects, as that release stored them.
store_old() {
	"$PYTHON" - "$old/reports" <<-'PY'
		import boto3, hashlib, os, pathlib, sys
		s3 = boto3.client("s3", endpoint_url=os.environ["MINIO_ENDPOINT_URL"],
		    aws_access_key_id=os.environ["MINIO_ACCESS_KEY"],
		    aws_secret_access_key=os.environ["MINIO_SECRET_KEY"],
		    region_name=os.environ.get("MINIO_REGION", "us-east-1"))
		top = pathlib.Path(sys.argv[1])
		for path in top.rglob("report_*"):
		    data = path.read_bytes()
		    s3.put_object(Bucket=os.environ["MINIO_BUCKET_NAME"],
		        Key=f"reports/{path.relative_to(top)}", Body=data,
		        Metadata={"sha256": hashlib.sha256(data).hexdigest()})
	PY
}

# stored ID [PDF|XLSX]: the object is that of release 1.0.0.
assert_stored_as_before() {
	local suffix
	for suffix in pdf xlsx; do
		s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/reports/2025-06/$1/report_2025-06.$suffix" >object
		cmp object "$old/reports/2025-06/$1/report_2025-06.$suffix"
	done
}

entry() {
	rw-status --follower "$1" --json | jq -c "$2"
}

# The links and attachments of the newest mail to ID.
mail_to() {
	"$PYTHON" "$ROOT/tests/read_mail.py" mail/new |
		jq -c "select(.to == \"$1@example.com\")" | tail -1
}

only() {
	grep "\"$1\"" due.jsonl >one.jsonl
}

@test "--again links to what was sent, whatever the layout is now" {
	sha256=$(entry f-1 .pdf_sha256)
	only f-1
	run --separate-stderr rw-report --input one.jsonl --again
	assert_status 0
	assert_stderr_lacks 'email attachments'
	assert_json "$(mail_to f-1)" '[(.links | length), .attachments]' '[2,{}]'
	curl -fsS "$(mail_to f-1 | jq -r '.links[0]')" | cmp - "$old/reports/2025-06/f-1/report_2025-06.pdf"
	assert_stored_as_before f-1
	# The ledger knows what is stored, and now the digests.
	assert_equal "$(entry f-1 .pdf_sha256)" "$sha256"
	assert_equal "$(entry f-1 '[.sequence, .delivery, (.content_sha256 | length)]')" '[1,"links",64]'
	# And once more, by the content.
	run --separate-stderr rw-report --input one.jsonl --again
	assert_status 0
	assert_json "$(mail_to f-1)" '.links | length' 2
	assert_stored_as_before f-1
}

@test "--again attaches the report, made again, when the objects are gone" {
	s3_curl -X DELETE "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/reports/2025-06/f-1/report_2025-06.pdf"
	grep -v f-3 due.jsonl >two.jsonl
	run --separate-stderr rw-report --input two.jsonl --again
	assert_status 0
	assert_stderr_has 'rw-put ended with status 1: the object that was sent cannot be linked to: '
	assert_stderr_has 'Using email attachments (MinIO not available) for 1 of 2 reports'
	assert_json "$(mail_to f-1)" '[.links, (.attachments | length)]' '[[],2]'
	assert_json "$(mail_to f-2)" '[(.links | length), .attachments]' '[2,{}]'
	assert_stored_as_before f-2
}

@test "--again attaches the report when the store cannot be asked" {
	only f-2
	MINIO_ENDPOINT_URL=http://127.0.0.1:1 run --separate-stderr rw-report \
		--input one.jsonl --again
	assert_status 0
	assert_json "$(mail_to f-2)" '[.links, (.attachments | length)]' '[[],2]'
	assert_stored_as_before f-2
	assert_equal "$(entry f-2 .pdf_sha256)" \
		"\"$(sha256sum <"$old/reports/2025-06/f-2/report_2025-06.pdf" | cut -c 1-64)\""
}

@test "--again of other figures, or in another currency, is refused" {
	only f-1
	sed -i 's/"100"/"101"/' one.jsonl
	run rw-report --input one.jsonl --again
	assert_status 1
	assert_output_has 'it was sent, or may have been, with 98.50 EUR and a commission of 19.70 EUR, and has 99.50 EUR'
	only f-1
	sed -i 's/"EUR"/"USD"/' one.jsonl
	run rw-report --input one.jsonl --again
	assert_status 1
	assert_output_has 'and has 98.50 USD'
	assert_stored_as_before f-1
	assert_equal "$(entry f-1 '[.state,.sequence]')" '["sent",0]'
}

@test "--revise of equal figures is unchanged, and --force sends it" {
	only f-1
	run rw-report --input one.jsonl --follower f-1 --revise
	assert_status 1
	assert_output_has '1 reports are unchanged'
	run rw-report --input one.jsonl --follower f-1 --revise --force
	assert_status 0
	assert_equal "$(entry f-1 '[.state,.revision]')" '["sent",2]'
	assert_stored_as_before f-1
	# From now on both digests count.
	run rw-report --input one.jsonl --follower f-1 --revise
	assert_status 1
	RW_BRAND=Another run rw-report --input one.jsonl --follower f-1 --revise
	assert_status 0
	assert_equal "$(entry f-1 '[.state,.revision]')" '["sent",3]'
}

@test "the report in doubt is sent again when its figures are the same" {
	run --separate-stderr rw-report --input due.jsonl
	assert_status 0
	assert_stderr_has '1 of 1 are in doubt: the same message may go out a second time: f-3 2025-06'
	assert_equal "$(entry f-3 '[.state,.revision,.sequence]')" '["sent",1,0]'
	assert_equal "$(find mail/new -type f | wc -l)" 1
	message_id=$(jq -r .message_id "$old"/state/journal/*.jsonl | grep -v null | head -1)
	assert_json "$(mail_to f-3)" .message_id "$message_id"
}

@test "the report in doubt is held when its figures have changed" {
	only f-3
	sed -i 's/"300"/"301"/' one.jsonl
	run rw-report --input one.jsonl
	assert_status 1
	assert_output_has '1 of 1 are in doubt and were held back'
	assert_equal "$(entry f-3 .state)" '"in_doubt"'
	[ ! -d mail/new ] || [ -z "$(ls mail/new)" ]
	rw-status --in-doubt --json | rw-record --resolve retry >/dev/null
	run rw-report --input one.jsonl
	assert_status 0
	assert_equal "$(entry f-3 '[.state,.total_pnl]')" '["sent","299.50"]'
}

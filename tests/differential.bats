# The parsers and the documents against other implementations: Python's json,
# decimal, datetime and email, botocore and qpdf. The inputs are made, and the same
# in each run. gen-documents.bats has openpyxl, LibreOffice and poppler, env.bats
# has python-dotenv.

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com
}

ask() {
	run "$PYTHON" "$ROOT/tests/differential.py" "$BUILD/parse_probe" 3000 "$1"
	assert_status 0
	assert_output_has ' 0 different'
}

@test "JSON is accepted and decoded as by Python" {
	ask json
}

@test "UTF-8 ends being UTF-8 at the same byte as for Python" {
	ask utf8
}

@test "amounts are those of Python's decimal" {
	ask money
}

@test "bytes are percent-encoded as by botocore" {
	ask percent
}

@test "days and times are those of Python's datetime" {
	ask date
	ask time
}

@test "addresses that are accepted have the same parts for Python's email" {
	ask address
}

@test "qpdf finds nothing wrong with the PDFs" {
	need_command qpdf
	local pdf
	cd "$BATS_TEST_TMPDIR"
	{
		cat "$ROOT/examples/followers.jsonl"
		printf '{"follower_id":"f-1","report_period":"2025-06",%s}\n' \
			'"name":"Ωmega","commission_pct":20,"daily_pnl":{"2025-06-02":"1.5"}'
	} | rw-gen --no-sync --out out >lines
	while read -r pdf; do
		run qpdf --check "$pdf"
		assert_status 0
		assert_output_has 'No syntax or stream encoding errors found'
	done < <(jq -r .pdf_path lines)
	assert_equal "$(wc -l <lines)" 15
}

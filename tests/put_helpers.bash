# shellcheck shell=bash
# For rw-put on a real store, put.bats and put-ways.bats: radosgw, or the store
# in RW_TEST_STORE.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	head -c 20000 /dev/urandom >a.pdf
	head -c 9000 /dev/urandom >a.xlsx
}

# line [MEMBERS]: one report.
line() {
	printf '{"follower_id":"f-1","report_period":"2025-06","pdf_path":"%s","excel_path":"%s"%s}\n' \
		"$PWD/a.pdf" "$PWD/a.xlsx" "${1:+,$1}"
}

put() {
	run --separate-stderr rw-put "$@"
}

# fetch URL FILE: expects that the URL returns the file.
fetch() {
	curl -sS --fail-with-body -m 30 -o fetched "$1" &&
		cmp fetched "$2"
}

status_of() {
	curl -sS -m 30 -o fetched -w '%{http_code}' "$@"
}

head_of() {
	curl -sS -m 30 -D - -o fetched "$1" | tr -d '\r' | tr '[:upper:]' '[:lower:]'
}

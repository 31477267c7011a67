# shellcheck shell=bash
# For the contract of the ledger: ledger*.bats run on SQLite, and on MongoDB as
# ledger*-mongo.bats, which are links to the same files.

load helpers
load run_helpers

setup() {
	case $BATS_TEST_FILENAME in
	*-mongo.bats)
		new_database
		;;
	*)
		export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db
		;;
	esac
	cd "$BATS_TEST_TMPDIR" || return 1
	rw-record --init
}

# without_ledger: as before setup made one.
without_ledger() {
	case $BATS_TEST_FILENAME in
	*-mongo.bats)
		new_database
		;;
	*)
		rm "$RW_LEDGER"*
		;;
	esac
	rm -r "$RW_STATE_DIR"
}

# lines N [PERIOD] [MORE]: prints N followers f-1, f-2, ...; MORE: further
# members.
lines() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"%s"%s}\n' "$i" \
			"${2:-2025-06}" "${3:+,$3}"
	done
}

# The output of rw-mail for claimed lines.
mailed() {
	jq -c '. + {email_sent: true, delivery: "links",
		sent_timestamp: "2025-07-01T00:10:00Z",
		message_id: "<\(.follower_id)@x>",
		pdf_url: "https://s/p", excel_url: "https://s/x",
		minio_upload: true, pdf_key: "k.pdf", excel_key: "k.xlsx",
		pdf_sha256: "aa", excel_sha256: "bb"}'
}

refused() {
	jq -c '. + {email_sent: false, error: {tool: "rw-mail",
		kind: "refused", message: "550 no such user",
		retryable: false}}'
}

doubtful() {
	jq -c '. + {email_sent: false, state: "in_doubt", error: {
		tool: "rw-mail", kind: "in_doubt",
		message: "the connection was lost", retryable: true}}'
}

# The output of rw-gen for a line that it cannot use.
broken() {
	jq -c '. + {error: {tool: "rw-gen", kind: "data", message: "no iban",
		retryable: false}}'
}

# The lines that rw-mail writes into its journal before it sends.
begun() {
	jq -c '{journal: "begin", follower_id, report_period, claim, revision,
		sequence, message_id: "<m>", time: "2025-07-01T00:10:00Z"}'
}

# journal NAME: writes a journal with the lines on standard input.
journal() {
	mkdir -p "$RW_STATE_DIR/journal"
	cat >"$RW_STATE_DIR/journal/$1.1.20250701.jsonl"
}

# entry ID FILTER: prints values of the entry in rw-status.
entry() {
	rw-status --follower "$1" --json --show-urls | jq -r -c "$2"
}

assert_entry() {
	assert_equal "$(entry "$1" "$2")" "$3" "$1: $2 differs"
}

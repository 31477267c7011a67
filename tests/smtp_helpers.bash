# shellcheck shell=bash
# For tests of rw-mail with mail servers that misbehave: smtp.bats and
# smtp-connect.bats.

setup_file() {
	local dir=$BATS_FILE_TMPDIR/certs
	"$ROOT/tests/servers/smtp-script" start "$dir" '{}' || return
	"$ROOT/tests/servers/smtp-script" stop "$dir"
}

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com RW_SMTP_TIMEOUT=1 \
		RW_SMTP_DOT_TIMEOUT=1
	cd "$BATS_TEST_TMPDIR" || return 1
	links='"pdf_url":"https://s.example/a.pdf","excel_url":"https://s.example/a.xlsx"'
	followers 3 >line
}

# followers N [MEMBERS]: f-1 to f-N, each with an address of the same name.
followers() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","claim":"c%d",%s}\n' \
			$i $i $i "${2:-$links}"
	done
}

# serve SCRIPT: a new server, with the certificates of the file's first.
serve() {
	local dir=$BATS_TEST_TMPDIR/servers/smtp-script
	[ -z "${SERVER_DIR[smtp-script]:-}" ] || server smtp-script stop
	rm -rf "$dir/messages" "$dir/log.jsonl"
	forget_claims
	mkdir -p "$dir"
	cp "$BATS_FILE_TMPDIR"/certs/*.pem "$dir"
	own_server smtp-script "$1"
}

# A claim is good for one mail; the tests send the same lines several times.
forget_claims() {
	rm -rf "$RW_STATE_DIR/journal"
}

# outcomes: of each follower in turn, from the output in the file out.
outcomes() {
	jq -s -r 'sort_by(.follower_id) | map(
		if .email_sent then "sent"
		elif .error.kind == "in_doubt" and .state == "in_doubt" then "doubt"
		elif .error.tool != "rw-mail" then "?"
		elif .error.retryable then "later"
		else "never" end) | join(" ")' out
}

# fault SCRIPT STATUS OUTCOMES [OPTION...]: what a run with that server gives.
# The server must have confirmed what is "sent" and no more, kept nothing that
# was to be sent later or never, and the journal must say the same.
fault() {
	local code=0 script=$1 expected=$2 outcomes=$3 sent later kept
	shift 3
	rm -rf "$RW_STATE_DIR"
	serve "$script"
	rw-mail -j 1 "$@" <line >out 2>err || code=$?
	server smtp-script stop
	assert_equal "$(outcomes)" "$outcomes" "outcomes with $script: $(cat err)"
	assert_equal "$code" "$expected" "status with $script: $(cat err)"
	sent=$(grep -o sent <<<"$outcomes" | wc -l)
	later=$(grep -oE 'later|never' <<<"$outcomes" | wc -l)
	assert_equal "$(log_count "$SMTP_SCRIPT_LOG" '.event == "message" and .confirmed')" \
		"$sent" "confirmed with $script"
	kept=$(jq -r 'select(.event == "message") | .to[]' "$SMTP_SCRIPT_LOG" |
		sort | uniq | wc -l)
	[ "$kept" -le $((3 - later)) ] ||
		fail "$script: $kept messages were kept, $later were not sent"
	assert_journal_says_the_same
}

# What began and has an outcome there, has the outcome of the output.
assert_journal_says_the_same() {
	[ -d "$RW_STATE_DIR/journal" ] || return 0
	jq -c 'select(.journal != "begin") | del(.journal)' \
		"$RW_STATE_DIR"/journal/* | sort >journaled
	jq -c . out | sort >given
	assert_equal "$(comm -23 journaled given)" "" "journal and output differ"
	assert_equal "$(jq -r 'select(.journal == "begin") | .follower_id' "$RW_STATE_DIR"/journal/* | sort -u)" \
		"$(jq -r 'select(.journal != "begin") | .follower_id' "$RW_STATE_DIR"/journal/* | sort -u)" \
		"a begin without an outcome"
}

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
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","claim":"c%d","mail_edition":2,%s}\n' \
			$i $i $i "${2:-$links}"
	done
}

# serve SCRIPT: starts a new server with the certificates of the first one in
# the file.
serve() {
	local dir=$BATS_TEST_TMPDIR/servers/smtp-script
	[ -z "${SERVER_DIR[smtp-script]:-}" ] || server smtp-script stop
	rm -rf "$dir/messages" "$dir/log.jsonl"
	forget_claims
	mkdir -p "$dir"
	cp "$BATS_FILE_TMPDIR"/certs/*.pem "$dir"
	own_server smtp-script "$1"
}

# A claim is valid for one mail; the tests send the same lines several times.
forget_claims() {
	rm -rf "$RW_STATE_DIR/journal"
}

# Prints the outcome of each follower, in order, from all lines of an output.
# shellcheck disable=SC2016 # jq's
outcomes_filter='def outcomes: sort_by(.follower_id) | map(
	if .email_sent then "sent"
	elif .error.kind == "in_doubt" and .state == "in_doubt" then "doubt"
	elif .error.tool != "rw-mail" then "?"
	elif .error.retryable then "later"
	else "never" end) | join(" ");'

# outcomes: prints the outcomes in the file out.
outcomes() {
	jq -s -r "$outcomes_filter outcomes" out
}

# seen: prints the outcomes, the number of messages that the server has
# confirmed, and the number of recipients that it has stored one for; one on
# each line. (jq takes long to start.)
seen() {
	jq -n -r --slurpfile out out --slurpfile log "$SMTP_SCRIPT_LOG" \
		"$outcomes_filter"'
		[$log[] | select(.event == "message")] as $kept
		| ($out | outcomes), ($kept | map(select(.confirmed)) | length),
			($kept | map(.to[]) | unique | length)'
}

# fault SCRIPT STATUS OUTCOMES [OPTION...]: expects this result of a run with
# this server. The server must have confirmed exactly the mails that are "sent",
# must not have stored any mail that is to be sent later or never, and the
# journal must have the same outcomes.
fault() {
	local code=0 script=$1 expected=$2 outcomes=$3 sent later got
	shift 3
	rm -rf "$RW_STATE_DIR"
	serve "$script"
	rw-mail -j 1 "$@" <line >out 2>err || code=$?
	server smtp-script stop
	mapfile -t got < <(seen)
	assert_equal "${got[0]}" "$outcomes" "outcomes with $script: $(cat err)"
	assert_equal "$code" "$expected" "status with $script: $(cat err)"
	sent=$(grep -o sent <<<"$outcomes" | wc -l)
	later=$(grep -oE 'later|never' <<<"$outcomes" | wc -l)
	assert_equal "${got[1]}" "$sent" "confirmed with $script"
	[ "${got[2]}" -le $((3 - later)) ] ||
		fail "$script: ${got[2]} messages were kept, $later were not sent"
	assert_journal_says_the_same
}

# Each begun mail with an outcome in the journal has the outcome of the output,
# once.
assert_journal_says_the_same() {
	[ -d "$RW_STATE_DIR/journal" ] || return 0
	# shellcheck disable=SC2016 # jq's
	assert_equal "$(jq -n -c --slurpfile out out '[inputs]
		| map(select(.journal == "begin").follower_id) as $begun
		| map(select(.follower_id and .journal != "begin")
			| del(.journal, .n, .crc32c)) as $ended
		| ($ended | map(tojson)) as $lines
		| $lines - ($out | map(tojson)),
			($lines | length) - ($lines | unique | length),
			($begun | unique) == ($ended | map(.follower_id) | unique)
		' "$RW_STATE_DIR"/journal/* | tr '\n' ' ')" "[] 0 true " \
		"the journal: what differs from the output, what is there twice, whether all has an outcome"
}

# Who counts as dead: not a run whose locks a cleaner has removed, nor one on
# another kernel whose locks cannot be seen from here; and which clock ends a
# lease. Whatever is removed, nobody is mailed twice.
#
# bats file_tags=long

load helpers

setup() {
	own_server smtp-sink
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_TEST_BOOT=11111111-2222-3333-4444-555555555555
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	cd "$BATS_TEST_TMPDIR" || return 1
	rw-record --init
}

teardown() {
	[ -z "${runner:-}" ] || kill "$runner" 2>/dev/null || true
	stop_own_servers
}

# followers N
followers() {
	seq "$1" | sed 's/.*/{"follower_id":"f-&","report_period":"2025-06","email":"f-&@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"1.50"}}/' \
		>"$due_file"
}

# run_slowly N: a run over N followers, $runner, that has mailed some.
run_slowly() {
	followers "$1"
	RW_MAIL_OPTIONS='--rate 10/s' rw-report \
		--input "$due_file" >first.out 2>&1 3>&- &
	runner=$!
	wait_for 30 has_mailed 3
}

# has_mailed N: at least.
has_mailed() {
	[ "$(mailed | wc -l)" -ge "$1" ]
}

mailed() {
	grep -rhoE '^X-Rcpt-Args: <f-[0-9]+' "$SMTP_SINK_DIR" | sed 's/.*<//'
}

# mailed_once N
mailed_once() {
	assert_equal "$(mailed | sort | uniq -d)" '' 'mailed twice'
	assert_equal "$(mailed | sort)" "$(seq -f 'f-%g' "$1" | sort)"
}

# first_ends: the run of run_slowly, well.
first_ends() {
	local status=0
	wait "$runner" || status=$?
	runner=
	assert_equal "$status" 0 "$(cat first.out)"
}

@test "a cleaner removes the locks of a run: no second run mails what it has" {
	run_slowly 60
	rm "$RW_STATE_DIR"/runs/*.lock "$RW_STATE_DIR/lock"
	run rw-report --input "$due_file"
	first_ends
	mailed_once 60
}

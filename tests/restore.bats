#!/usr/bin/env bats
# Executes the commands of docs/restore.md in a copy of this machine, for each
# section, with a ledger in SQLite and in MongoDB. "sent" counts the mails of each
# follower in a maildir.
#
# bats file_tags=plain,long

load helpers
load machine_helpers
load page_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# section TITLE: next_block continues with the first block of this section.
section() {
	blocks=$(awk -v title="## $1" '$0 == title { print n + 0; exit }
		/^```sh$/ { n++ }' "$ROOT/docs/restore.md")
	[ -n "$blocks" ] || fail "there is no section $1"
}

# new_worker sqlite|mongo [LEDGER]: a machine with a worker, and reports of four
# followers that are due.
new_worker() {
	need_machine
	new_machine "$BATS_TEST_TMPDIR/machine"
	install_tools
	mkdir -p "$MACHINE/upper/etc/report-worker" "$MACHINE/upper/var/spool/reports"
	{
		echo RW_STATE_DIR=/var/lib/report-worker
		echo RW_MAIL_TRANSPORT=maildir:/var/spool/reports/mail
		echo REPORT_SENDER_EMAIL=reports@example.com
		[ -z "${2:-}" ] || echo "RW_LEDGER=$2"
		if [ "$1" = mongo ]; then
			new_database
			printf 'MONGO_URI="%s"\nMONGO_DB_NAME=%s\n' "$MONGO_URI" "$MONGO_DB_NAME"
		fi
	} >"$MACHINE/upper/etc/report-worker/report-worker.env"
	for n in 1 2 3 4; do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"1%d.50"}}\n' $n $n $n
	done >"$MACHINE/upper/var/spool/reports/due.jsonl"
	mkdir -p "$MACHINE/upper/root"
	take_blocks restore.md
	sed -i 's|^options=.*|options="--period $period --input /var/spool/reports/due.jsonl"|' block.1
	blocks=0
	machine 'useradd --system --user-group --home-dir /var/lib/report-worker \
			--shell /usr/sbin/nologin report-worker
		install -d -m 0700 -o report-worker -g report-worker \
			/var/lib/report-worker /var/spool/reports/ledger
		chown report-worker /var/spool/reports
		as_worker rw-record --init'
}

# machine COMMANDS: executes them with the page's definitions.
machine() {
	{
		cat block.1
		echo "$1"
	} >"$MACHINE/upper/root/commands"
	in_machine bash -e commands || fail "commands failed: $1"
}

# send ID...: a run that mails these followers.
send() {
	machine "printf '{\"follower_id\":\"%s\"}\n' $* >chosen
		as_worker rw-report \$options --select - <chosen"
}

# die_after_mail: a run of the followers f-2, f-3 and f-4 that ends after their
# mail, before the ledger has the outcomes.
die_after_mail() {
	machine 'cd /var/spool/reports
		grep -v "\"f-1\"" due.jsonl >three.jsonl
		as_worker rw-run -- sh -c "rw-record --lookup <three.jsonl |
			rw-gen --out made | rw-record --claim | rw-mail >mailed.jsonl"'
}

# sent ID...: prints the number of mails of each follower.
sent() {
	local one
	for one; do
		{ grep -lsr "^To: .*$one@example.com" \
			"$MACHINE/upper/var/spool/reports/mail" || true; } | wc -l
	done | paste -s -d ' '
}

# block_ok WORDS: the next block has these words, and ends with status 0.
block_ok() {
	next_block "$1"
	assert_status 0
	echo "$blocks" >>"$BATS_FILE_TMPDIR/executed"
}

lost_ledger() {
	send f-1 f-2
	"lose_$1"
	section 'The ledger is lost'
	block_ok --replay
	block_ok 'rw-report $options'
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 1 1'
}

lose_sqlite() {
	machine 'rm /var/lib/report-worker/ledger.db*'
}

lose_mongo() {
	"$PYTHON" -c 'import os, pymongo
client = pymongo.MongoClient(os.environ["MONGO_URI"])
client.drop_database(os.environ["MONGO_DB_NAME"])'
}

@test "the ledger is lost: SQLite" {
	new_worker sqlite
	lost_ledger sqlite
}

@test "the ledger is lost: MongoDB" {
	new_worker mongo
	lost_ledger mongo
}

@test "an older copy of the ledger: SQLite" {
	new_worker sqlite
	send f-1
	section Backups
	block_ok .backup
	send f-2
	section "Only an older copy of the ledger is left"
	block_ok ledger.db-wal
	run machine 'as_worker rw-report $options'
	assert_output_has 'rw-record --replay'
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 0 0'
	block_ok --replay
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 1 1'
}

@test "an older copy of the ledger: MongoDB" {
	new_worker mongo
	send f-1
	# mongodump and mongorestore, which Debian does not have.
	mongo_copy report_sent report_sent_history report_runs
	send f-2
	mongo_copy back
	section "Only an older copy of the ledger is left"
	blocks=$((blocks + 1)) # the file of SQLite
	block_ok --replay
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 1 1'
}

# mongo_copy back|NAME...
mongo_copy() {
	"$PYTHON" -c 'import bson, os, sys, pymongo
db = pymongo.MongoClient(os.environ["MONGO_URI"])[os.environ["MONGO_DB_NAME"]]
if sys.argv[1] != "back":
    for name in sys.argv[1:]:
        with open("copy." + name, "wb") as to:
            for document in db[name].find():
                to.write(bson.encode(document))
else:
    for file in os.listdir():
        if file.startswith("copy."):
            name = file.split(".")[1]
            db[name].delete_many({})
            documents = bson.decode_all(open(file, "rb").read())
            if documents:
                db[name].insert_many(documents)
' "$@"
}

# lost_state: a run died after its mail, and its journal is lost.
lost_state() {
	send f-1
	die_after_mail
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 1 1'
	machine 'rm -r /var/lib/report-worker'
	section 'The state directory is lost'
	sed -i 's/f-1/f-2/' "block.$((blocks + 4))" # the log shows f-2
	block_ok 'install -d'
	block_ok --host
	block_ok --in-doubt
	assert_output_has f-2
	block_ok 'resolve sent'
	block_ok 'rw-report $options'
	# The log did not show these: they were sent again, and counted.
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 2 2'
	run machine 'as_worker rw-status --unsent --json'
	assert_output ''
}

@test "the state directory is lost: SQLite" {
	new_worker sqlite /var/spool/reports/ledger/ledger.db
	lost_state
}

@test "the state directory is lost: MongoDB" {
	new_worker mongo
	lost_state
}

@test "the state directory is lost with the SQLite ledger in it" {
	new_worker sqlite
	send f-1
	section Backups
	block_ok .backup
	send f-2
	machine 'rm -r /var/lib/report-worker'
	echo f-2 >"$MACHINE/upper/root/delivered.txt"
	section 'The state directory is lost, with the SQLite ledger in it'
	block_ok ledger.db
	block_ok delivered.txt
	block_ok 'rw-report $options'
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 1 1'
}

# damaged_journal: a run died after its mail, and a line of its journal is damaged.
damaged_journal() {
	local name
	send f-1
	die_after_mail
	name=$(basename "$MACHINE"/upper/var/lib/report-worker/journal/*.j*.jsonl)
	sed -i '4s/^..../zzzz/' \
		"$MACHINE/upper/var/lib/report-worker/journal/$name"
	run machine 'as_worker rw-report $options'
	assert_output_has "$name"
	assert_output_has 'damaged at line'
	section 'A damaged journal'
	sed -i "s/FILE/$name/" "block.$((blocks + 1))"
	block_ok '"begin"'
	block_ok hold
	assert_output_has $'f-2\t<'
	block_ok 'resolve sent'
	block_ok 'rw-report $options'
	assert_equal "$(sent f-1 f-2 f-3 f-4)" '1 1 2 2'
	run machine 'as_worker rw-status --unsent --json'
	assert_output ''
}

@test "a damaged journal: SQLite" {
	new_worker sqlite
	damaged_journal
}

@test "a damaged journal: MongoDB" {
	new_worker mongo
	damaged_journal
}

@test "each block of the page was executed by one of these tests" {
	local n
	[ -e "$BATS_FILE_TMPDIR/executed" ] || skip 'the other tests did not run'
	take_blocks restore.md
	for ((n = 2; n <= $(find . -name 'block.*' | wc -l); n++)); do
		grep -qx "$n" "$BATS_FILE_TMPDIR/executed" || fail "not executed:" "$(cat "block.$n")"
	done
}

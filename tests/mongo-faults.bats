#!/usr/bin/env bats
# Servers that imitate MongoDB: their wrong answers about claims, entries with
# an ambiguous form, and batches that are too large for them.
#
# bats file_tags=plain

load helpers
load run_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	[ -z "${liar:-}" ] || kill "$liar" || true
	drop_database
	stop_own_servers
}

# behind MODE: sets MONGO_URI to a server with this fault.
behind() {
	[ -z "${RW_TEST_MONGO_URI:-}" ] || skip 'a server without a login is needed'
	new_database
	rw-record --init 2>/dev/null
	local server=${MONGO_URI##*:} port
	server=${server%%/*}
	honest=$MONGO_URI
	port=$("$PYTHON" -c 'import socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
	"$PYTHON" "$ROOT/tests/servers/mongo_liar.py" "$port" "$server" "$1" \
		>liar.out 2>liar.err 3>&- &
	liar=$!
	wait_for 10 grep -q listening liar.out
	export MONGO_URI="mongodb://127.0.0.1:$port/?directConnection=true"
}

pymongo() {
	MONGO_URI=${honest:-$MONGO_URI} "$PYTHON" -c "
import datetime, os, pymongo
from bson import ObjectId, Decimal128, Int64
db = pymongo.MongoClient(os.environ['MONGO_URI'])[os.environ['MONGO_DB_NAME']]
$1"
}

lines() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com"}\n' "$i" "$i"
	done
}

# ---- claims ---------------------------------------------------------------

@test "--check proves that the server compares before it sets" {
	new_database
	rw-record --init
	run rw-record --check
	assert_status 0
	# The test document was removed.
	run pymongo "
print(db.report_runs.count_documents({}), db.report_sent.count_documents({}))"
	assert_output '0 0'
}

@test "a server that ignores the condition: 78, and no report is claimed" {
	behind blind
	run rw-record --check
	assert_status 78
	assert_output_has 'changes a document that the condition does not hold for'
	run --separate-stderr rw-record --claim < <(lines 3)
	assert_status 78
	assert_output ''
	assert_stderr_has 'no mail is sent with a ledger on such a server'
	run pymongo "
print(db.report_runs.count_documents({}), db.report_sent.count_documents({}))"
	assert_output '0 0'
}

@test "a server that counts documents that it did not change: 78" {
	behind miscount
	run rw-record --check
	assert_status 78
	assert_output_has 'does not count what a condition held for'
	run --separate-stderr rw-record --claim < <(lines 3)
	assert_status 78
	assert_output ''
}

@test "a server that accepts one _id twice: 78" {
	behind twice
	run rw-record --check
	assert_status 78
	assert_output_has 'accepts two documents with one _id'
	run --separate-stderr rw-record --claim < <(lines 3)
	assert_status 78
	assert_output ''
}

# ---- entries of the Python system -----------------------------------------

@test "a malformed entry of the Python system stops the run, and is named" {
	new_database
	rw-record --init
	pymongo "
db.report_sent.insert_many([
    {'follower_id': 'f-1', 'report_period': '2025-06', 'email_sent': 1},
    {'follower_id': 'f-2', 'report_period': '2025-06', 'email_sent': True},
    {'follower_id': 'f-3', 'report_period': '2025-06', 'email_sent': Int64(1)},
    {'follower_id': 'f-4', 'report_period': '2025-06', 'email_sent': 0},
    {'follower_id': 'f-5', 'report_period': '2025-06', 'email_sent': False}])"
	run --separate-stderr rw-record --lookup < <(lines 6)
	assert_status 0
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'f-4 f-5 f-6 '
	local odd
	for odd in "'follower_id': ObjectId('665f00000000000000000001')" \
		"'follower_id': 42" "'follower_id': None" "'follower_id': ' f-6'" \
		"'follower_id': 'f-6 '" "'follower_id': ['f-6']" \
		"'report_period': datetime.datetime(2025, 6, 1)" \
		"'report_period': '2025-6'" "'report_period': '202506'" \
		"'report_period': 202506" "'report_period': '2025-06-01'" \
		"'report_period': ' 2025-06'" "'report_period': 'June 2025'" \
		"'report_period': None" "'email_sent': 'true'" "'email_sent': 'yes'" \
		"'email_sent': 'False'" "'email_sent': 1.0" "'email_sent': None" \
		"'email_sent': Decimal128('1')" "'email_sent': [True]" \
		"'email_sent': datetime.datetime(2025, 7, 1)"; do
		pymongo "
d = {'_id': 'odd', 'follower_id': 'f-9', 'report_period': '2025-06',
    'email_sent': True}
d.update({$odd})
db.report_sent.replace_one({'_id': 'odd'}, d, upsert=True)"
		for mode in --lookup --claim --check; do
			run --separate-stderr rw-record $mode < <(lines 6)
			[ "$status" = 78 ] || fail "$odd: $mode ends with $status"
			assert_output ''
			assert_stderr_has 'it is not clear what was sent'
			assert_stderr_has '"_id" : "odd"'
		done
	done
	pymongo "
db.report_sent.delete_one({'_id': 'odd'})
db.report_sent.insert_one({'follower_id': 'f-6', 'report_period': '2025-06'})"
	run rw-record --claim < <(lines 6)
	assert_status 78
}

# ---- batches --------------------------------------------------------------

mailed() {
	jq -c '. + {email_sent: true, delivery: "links",
		sent_timestamp: "2025-07-01T00:10:00Z"}'
}

@test "a batch that a server never answers: 69 in bounded time, with its size" {
	need_plain_build
	behind hang:20
	lines 30 >in
	MONGO_URI=$honest rw-record --claim <in >claimed
	MONGO_URI="$MONGO_URI&socketTimeoutMS=2500" run --separate-stderr \
		timeout 60 rw-record --result < <(mailed <claimed)
	assert_status 69
	assert_stderr_has 'cannot write a batch of 30 entries (--batch)'
	# Smaller batches pass.
	run --separate-stderr rw-record --batch 20 --result < <(mailed <claimed)
	assert_status 0
}

@test "--result makes smaller batches for a slow server, without a message" {
	need_plain_build
	behind slow:2200
	lines 300 >in
	MONGO_URI=$honest rw-record --claim <in >claimed
	# 100, 50, 25, 12, 10, ...; the last batches are fast.
	run --separate-stderr timeout 120 rw-record --result --batch 100 \
		< <(mailed <claimed)
	assert_status 0
	assert_stderr ''
	assert_equal "$(wc -l <<<"$output")" 300
	local slow
	slow=$(grep -c slow liar.out)
	[ "$slow" -le 12 ] || fail "$slow slow batches"
	assert_equal "$(MONGO_URI=$honest rw-status --all --json | json .state | sort | uniq -c |
		xargs)" '300 sent'
}

@test "--lookup asks for no aggregation, and finds the mark of any earlier month" {
	new_database
	rw-record --init
	pymongo "
def entry(f, period, mark, **more):
    db.report_sent.insert_one({'_id': period + '/' + f, 'follower_id': f,
        'report_period': period, 'email_sent': True, 'state': 'sent',
        'claim': f + period, 'high_water_mark_after': mark, **more})
entry('f-1', '2025-05', '5.00'); entry('f-1', '2025-04', '4.00')
entry('f-2', '2025-03', '3.00'); entry('f-2', '2024-12', '1.00')
entry('f-4', '2025-07', '7.00'); entry('f-5', '2024-12', '2.00')"
	run --separate-stderr rw-record --lookup < <(lines 5)
	assert_status 0
	assert_equal "$(json '[.follower_id, .high_water_mark]' <<<"$output" | tr '\n' ' ')" \
		'["f-1","5.00"] ["f-2","3.00"] ["f-3",null] ["f-4",null] ["f-5","2.00"] '
	run --separate-stderr rw-record --lookup < <(lines 5 | sed s/2025-06/2025-01/)
	assert_equal "$(json '[.follower_id, .high_water_mark]' <<<"$output" | tr '\n' ' ')" \
		'["f-1",null] ["f-2","1.00"] ["f-3",null] ["f-4",null] ["f-5","2.00"] '
	run grep -rlE 'mongoc_collection_aggregate|\$first' "$ROOT/lib"
	assert_output "$ROOT/lib/ledger/mongo_index.c"
}

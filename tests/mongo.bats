#!/usr/bin/env bats
# MongoDB only: documents that the Python system reads and wrote, and servers
# that are unreachable, are slow, or return.
#
# bats file_tags=plain

load helpers
load run_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

again() {
	"$ROOT/tests/servers/mongo" start "${SERVER_DIR[mongo]}"
}

pymongo() {
	"$PYTHON" -c "
import datetime, os, pymongo
from bson import ObjectId
db = pymongo.MongoClient(os.environ['MONGO_URI'])[os.environ['MONGO_DB_NAME']]
$1"
}

# lines N: prints N lines with links, so that rw-mail needs no files.
lines() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","pdf_url":"https://s.example.com/p","excel_url":"https://s.example.com/x","url_expires_at":"2099-01-01T00:00:00Z","minio_upload":true}\n' "$i" "$i"
	done
}

mailed() {
	jq -c '. + {email_sent: true, delivery: "links",
		sent_timestamp: "2025-07-01T00:10:00Z"}'
}

# A whole pipeline by hand over the lines in "in", to the maildir "mail".
whole_run() {
	start_run "$1"
	rw-record --lookup <in >todo 2>>err || return
	{
		rw-record --claim <todo 2>>err
		echo $? >claim
	} | {
		# Outside a run, because the links are not from the store.
		env -u RW_RUN_ID rw-mail --transport "maildir:$PWD/mail" \
			--rate 40/s 2>>err
		echo $? >mail.status
	} | {
		rw-record --result >done 2>>err
		echo $? >result
	} || true
	kill_run
}

# Expects exactly one mail for each of N followers.
assert_mailed_once() {
	grep -rh '^To: ' mail/new | sort >to
	assert_lines "$1" to
	assert_equal "$(uniq -d to)" ''
}

export_sender() {
	export REPORT_SENDER_EMAIL=reports@example.com RW_ADMIN_COPY=none
}

# The Python system has sent the report of f-1, and failed to send that of f-2.
python_system_ran() {
	pymongo "
db.report_sent.insert_many([
    {'follower_id': 'f-1', 'report_period': '2025-06', 'email_sent': True,
     'sent_timestamp': datetime.datetime(2025, 7, 1), 'pdf_url': 'p',
     'excel_url': None, 'minio_upload': True, 'note': 'theirs'},
    {'_id': ObjectId('665f00000000000000000001'), 'follower_id': 'f-2',
     'report_period': '2025-06', 'email_sent': False, 'pdf_url': None,
     'excel_url': None, 'minio_upload': False, 'note': 'theirs'}])"
}

# ---- documents -------------------------------------------------------------

@test "the Python system's readers find their seven members, with their types" {
	new_database
	rw-record --init
	lines 2 | rw-record --claim >claimed
	head -n 1 claimed | mailed | rw-record --result >/dev/null
	run pymongo "
for d in db.report_sent.find().sort('follower_id'):
    print(d['follower_id'], d['report_period'], d['email_sent'] is True,
        type(d.get('sent_timestamp')).__name__, d['pdf_url'],
        d['excel_url'], d['minio_upload'] is True)
print(sorted(i['key'] for i in db.report_sent.index_information().values()
    if i.get('unique'))[-1])"
	assert_output "f-1 2025-06 True datetime https://s.example.com/p https://s.example.com/x True
f-2 2025-06 False NoneType None None False
[('follower_id', 1), ('report_period', 1)]"
}

@test "reports that the Python system sent stay sent, and its failures are tried again" {
	new_database
	python_system_ran
	lines 3 >in
	run rw-record --lookup <in
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'f-2 f-3 '
	rw-record --claim <in >claimed
	assert_equal "$(json .follower_id claimed | tr '\n' ' ')" 'f-2 f-3 '
	mailed <claimed | rw-record --result >/dev/null
	run pymongo "
d = db.report_sent.find_one({'follower_id': 'f-2'})
print(d['_id'], d['note'], d['email_sent'], d['state'], d['revision'])
print(db.report_sent.count_documents({}))"
	assert_output '665f00000000000000000001 theirs True sent 1
3'
	# Revised: the entry counts as revision 1.
	head -n 1 in | rw-record --lookup --revise >looked
	assert_json "$(cat looked)" .revision 2
	rw-record --claim --revise <looked >claimed
	jq -c '. + {error: {tool: "rw-mail", message: "no"}}' claimed |
		rw-record --result >/dev/null
	head -n 1 in | rw-record --lookup | rw-record --claim >claimed
	assert_json "$(cat claimed)" '[.revision,.sequence]' '[2,0]'
	mailed <claimed | rw-record --result >/dev/null
	run pymongo "
print([(d['pdf_url'], d['email_sent']) for d in db.report_sent_history.find()])"
	assert_output "[('p', True)]"
}

@test "eight processes at once over entries of the Python system" {
	new_database
	pymongo "
db.report_sent.insert_many({'follower_id': 'f-%d' % i,
    'report_period': '2025-06', 'email_sent': i % 2 == 0}
    for i in range(1, 201))"
	lines 300 >in
	claim_eightfold 200
}

@test "duplicates that prevent the unique index are named, with the remedy" {
	new_database
	pymongo "
db.report_sent.insert_many({'follower_id': f, 'report_period': '2025-06',
    'email_sent': s} for f, s in [('a', True), ('a', False), ('b', True)])"
	run rw-record --claim < <(lines 1)
	assert_status 78
	assert_output_has 'more than one entry for a 2025-06; delete all but one'
	run pymongo "
print(db.report_sent.count_documents({}))"
	assert_output 3
	pymongo "db.report_sent.delete_one({'follower_id': 'a', 'email_sent': False})"
	run rw-record --claim < <(lines 1)
	assert_status 0
}

@test "a unique index of a different name is accepted" {
	new_database
	pymongo "
db.report_sent.create_index([('follower_id', 1), ('report_period', 1)],
    unique=True, name='theirs')"
	run rw-record --claim < <(lines 1)
	assert_status 0
	run pymongo "
print(sorted(db.report_sent.index_information()))"
	assert_output "['_id_', 'claim_1', 'theirs']"
}

@test "a rehearsal does not change entries of the Python system" {
	new_database
	python_system_ran
	show() {
		pymongo "
for d in db.report_sent.find().sort('follower_id'):
    print(sorted((k, v) for k, v in d.items() if k != '_id'))"
	}
	show >before
	lines 2 | rw-record --claim --again >claimed
	assert_lines 2 claimed
	jq -c '. + {email_sent: false, state: "rehearsed"}' claimed |
		rw-record --result >/dev/null
	show >after
	assert_equal "$(head -n 1 after)" "$(head -n 1 before)"
	# Reports that it failed to send are due, and remain its entries.
	run rw-record --lookup < <(lines 2)
	assert_equal "$(json .follower_id <<<"$output")" f-2
	assert_file_has after "('email_sent', False)"
	assert_lines 2 after
}

@test "an index in its place that is not unique is named" {
	new_database
	[ "$RW_TEST_MONGO_KIND" != java ] ||
		skip 'mongo-java-server keeps only unique indexes'
	pymongo "
db.report_sent.create_index([('follower_id', 1), ('report_period', 1)])"
	run rw-record --claim < <(lines 2)
	assert_status 78
	assert_output_has 'is not unique; drop it'
}

@test "two lines of one batch that lost their entry to a different process: both are reported" {
	new_database
	rw-record --init
	lines 3 | rw-record --claim >claimed
	pymongo "
db.report_sent.update_one({'follower_id': 'f-2'}, {'\$set': {'claim': 'x'}})
db.report_sent.delete_one({'follower_id': 'f-3'})"
	run --separate-stderr rw-record --result < <(mailed <claimed)
	assert_status 1
	assert_stderr_has 'f-2 2025-06: the claim was lost'
	assert_stderr_has 'f-3 2025-06: the claim was lost'
	assert_equal "$(rw-status --all --json | json 'select(.state == "sent").follower_id')" f-1
}

# ---- settings --------------------------------------------------------------

@test "settings: the database, a file for the URI, no password in messages" {
	new_database
	MONGO_DB_NAME='' run rw-record --claim </dev/null
	assert_status 78
	assert_output_has 'MONGO_DB_NAME is not: set it to the name of the database'
	rw-record --init
	echo "$MONGO_URI" >uri
	MONGO_URI='' MONGO_URI_FILE=$PWD/uri run rw-record --claim --check
	assert_status 0
	assert_output_has "MongoDB $MONGO_DB_NAME at "
	MONGO_URI='mongodb://u:p@ss/word@h/' run rw-record --claim </dev/null
	assert_status 78
	assert_output_lacks ss/word
	assert_output_has 'percent-encoded'
	# shellcheck disable=SC2097,SC2098 # the name as it was
	MONGO_URI=$(sed "s|^\([a-z+]*://[^/?]*\)/\{0,1\}|\1/$MONGO_DB_NAME|" \
		<<<"$MONGO_URI") MONGO_DB_NAME='' run rw-record --claim --check
	assert_status 0
	MONGO_URI=$(mongo_uri_with tlsAllowInvalidCertificates=true) run \
		rw-record --claim --check
	assert_status 78
}

@test "a login reaches the driver; a refusal is reported without the login" {
	new_database
	local host=${MONGO_URI#*://}
	host=${host#*@}
	MONGO_URI="mongodb://somebody:hunter2@${host%%[/?]*}/?authSource=admin" \
		run rw-record --claim </dev/null
	[ "$status" = 78 ] || [ "$status" = 69 ] || fail 'a login was ignored'
	assert_output_lacks hunter2
}

@test "mongodb+srv without an answer from DNS is a clear error" {
	MONGO_URI='mongodb+srv://db.no-such-host.invalid/' MONGO_DB_NAME=x \
		run timeout 60 rw-record --claim </dev/null
	assert_status 69
	assert_output_has 'cannot find the servers'
}

@test "TLS: a private CA is trusted only when RW_CA_FILE names it" {
	new_database
	rw-record --init
	local host=${MONGO_URI#*://}
	case $host in
	*@* | *,* | *\?*) skip 'needs one server without a login or options' ;;
	esac
	own_server tls-proxy "${host%%/*}"
	export MONGO_URI="mongodb://$TLS_PROXY/?tls=true&serverSelectionTimeoutMS=3000"
	run rw-record --claim --check
	assert_status 69
	MONGO_URI="$MONGO_URI&tlsCAFile=$RW_CA_FILE" run rw-record --claim --check
	assert_status 0
}

# ---- unreachable servers ---------------------------------------------------

@test "unreachable at the start: nothing is claimed, --result reads on, status 69" {
	export MONGO_URI='mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500'
	export MONGO_DB_NAME=x
	run --separate-stderr rw-record --lookup < <(lines 3)
	assert_status 69
	assert_output ''
	run --separate-stderr rw-record --claim < <(lines 3)
	assert_status 69
	assert_output ''
	assert_stderr_has 'cannot reach the server'
	lines 2000 >many
	mkfifo pipe
	rw-record --result <pipe >out 2>err 3>&- &
	local pid=$! status=0
	# The writer would end with SIGPIPE if its output were not read.
	cat many >pipe
	wait "$pid" || status=$?
	assert_equal "$status" 69
}

@test "restarted between two batches: nothing is lost" {
	own_mongo
	rw-record --init
	mkfifo pipe
	rw-record --claim <pipe >out 2>err 3>&- &
	local pid=$!
	exec 7>pipe
	lines 1 >&7
	wait_for 10 test -s out
	server mongo kill
	again
	lines 2 | tail -n 1 >&7
	exec 7>&-
	wait "$pid"
	assert_lines 2 out
	assert_equal "$(cat err)" ''
	# What was claimed before the kill is still claimed.
	run rw-record --claim < <(lines 2)
	assert_output_lacks follower_id
}

@test "lost in the middle of a run: the journal keeps the outcomes, nobody is mailed twice" {
	own_mongo
	export_sender
	MONGO_URI=$(mongo_uri_with serverSelectionTimeoutMS=500)
	rw-record --init
	lines 160 >in
	whole_run r1 3>&- &
	local run=$!
	wait_for 20 eval '[ "$(find mail/new -type f 2>/dev/null | wc -l)" -ge 20 ]'
	server mongo kill
	wait "$run"
	# All reports were claimed and mailed before the ledger failed.
	assert_equal "$(cat claim mail.status result | tr '\n' ' ')" '0 0 69 '
	assert_file_has err 'outcomes were not recorded; the journal has those of rw-mail'
	again
	whole_run r2
	assert_file_has err 'found the journal of a run that ended early'
	assert_mailed_once 160
	assert_equal "$(rw-status --all --json | jq -r .state | sort | uniq -c | tr -s ' ')" \
		' 160 sent'
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "answers slowly: it is waited for" {
	own_mongo
	export_sender
	rw-record --init
	lines 60 >in
	whole_run r1 3>&- &
	local run=$!
	wait_for 20 eval '[ "$(find mail/new -type f 2>/dev/null | wc -l)" -ge 10 ]'
	server mongo pause
	sleep 4
	server mongo resume
	wait "$run"
	assert_equal "$(cat claim mail.status result | tr '\n' ' ')" '0 0 0 '
	assert_mailed_once 60
	assert_equal "$(rw-status --run r1 --json | json .sent)" 60
}

@test "does not answer at all: a timeout, and 69" {
	own_mongo
	rw-record --init
	server mongo pause
	MONGO_URI="$MONGO_URI?socketTimeoutMS=1000&connectTimeoutMS=1000&serverSelectionTimeoutMS=1500" \
		run timeout 30 rw-record --claim < <(lines 1)
	server mongo resume
	assert_status 69
}

@test "a replica set whose primary steps down in the middle of a run" {
	RW_TEST_MONGO_REPLICAS=3 own_mongo
	export_sender
	rw-record --init
	lines 200 >in
	whole_run r1 3>&- &
	local run=$!
	wait_for 30 eval '[ "$(find mail/new -type f 2>/dev/null | wc -l)" -ge 20 ]'
	server mongo stepdown
	wait "$run"
	whole_run r2
	assert_mailed_once 200
	assert_equal "$(rw-status --all --json | jq -r .state | sort -u)" sent
}

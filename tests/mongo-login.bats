#!/usr/bin/env bats
# Logins and TLS of MongoDB, for every tool that connects to it, on FerretDB.
#
# bats file_tags=plain

load helpers

# The administrator of the server, and the rest of the URI.
admin='root @:/?#[]%'
admin_password='pa:ss@w/o?r#d%20[&=+]"$`\z'

setup() {
	RW_TEST_USER=$admin RW_TEST_PASSWORD=$admin_password \
		need_server ferretdb
	cd "$BATS_TEST_TMPDIR" || return 1
	export MONGO_DB_NAME_SECRETS=secrets RW_MAIL_TRANSPORT=maildir:mail \
		REPORT_SENDER_EMAIL=reports@example.com
	MONGO_DB_NAME=rw_test_$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	echo '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","pdf_url":"https://s.example/p","excel_url":"https://s.example/x"}' \
		>line
}

encode() {
	jq -n -r --arg text "$1" '$text | @uri'
}

# login USER PASSWORD [HOST:PORT] [OPTION&...]: sets MONGO_URI.
login() {
	MONGO_URI="mongodb://$(encode "$1"):$(encode "$2")@${3:-$FERRETDB_TLS}/?tls=true&serverSelectionTimeoutMS=${patience:-5000}&${4-tlsCAFile=$FERRETDB_CA}"
	export MONGO_URI
}

# The tools that open a connection, one on each line; rw-report calls its tools.
single='rw-record --check
rw-status
rw-list --period 2025-06
rw-secrets --check SMTP_PASSWORD -- true'
tools="$single
rw-report --check --period 2025-06"
modes='rw-record --init
rw-record --lookup
rw-record --claim
rw-record --result
rw-record --audit
rw-list --check'

# every_tool_works: expects that the login works. FerretDB cannot hold a ledger;
# rw-record --check detects this after the login.
every_tool_works() {
	local tool
	while read -r tool; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 $tool <line
		[[ $status = 0 || ($status = 78 && $stderr == *"on the same condition"*) ]] ||
			fail "$tool does not work"
	done <<<"$tools"
}

# every_tool STATUS [WORDS] [TOOLS]: expects this status of each tool, WORDS on
# standard error, and no secret there or in its log.
every_tool() {
	local tool
	while read -r tool; do
		rm -f log
		# shellcheck disable=SC2086 # words
		RW_LOG_FILE=log run --separate-stderr timeout 60 $tool <line
		[ "$status" = "$1" ] || fail "$tool: expected $1"
		[ -z "${2-}" ] || assert_stderr_has "$2"
		[ "$1" = 0 ] || assert_shows_nothing "$tool"
	done <<<"${3-$tools}"
}

assert_shows_nothing() {
	local secret
	for secret in 'pa:ss' 'pa%3Ass' 'w/o?r' w%2Fo%3Fr mistake; do
		assert_output_lacks "$secret"
		assert_stderr_lacks "$secret"
		[ ! -e log ] || assert_file_lacks log "$secret"
	done
}

# add_user USER PASSWORD: adds the user as the administrator.
add_user() {
	login "$admin" "$admin_password"
	"$PYTHON" -c 'import os, sys, pymongo
pymongo.MongoClient(os.environ["MONGO_URI"]).admin.command("createUser",
    sys.argv[1], pwd=sys.argv[2], roles=[], mechanisms=["SCRAM-SHA-256"])' "$@"
}

with_store() {
	need_store
	new_bucket >/dev/null
}

# ---- logins ------------------------------------------------------------------

@test "SCRAM-SHA-256: every tool, a user and a password with all special characters" {
	with_store
	login "$admin" "$admin_password"
	rw-record --init
	fill_secrets
	every_tool_works
	rw-list --period 2025-06 >listed
	assert_equal "$(json .follower_id listed)" f-1
	rw-record --claim <line | rw-mail >mailed
	rw-record --result <mailed >done
	rw-record --audit <line
	rw-record --lookup <line >looked
	assert_lines 0 looked
	assert_equal "$(rw-status --all --json | json .state)" sent
	run rw-secrets SMTP_PASSWORD -- sh -c 'echo "$SMTP_PASSWORD"'
	assert_output from-the-database
}

fill_secrets() {
	"$PYTHON" -c 'import os, pymongo
client = pymongo.MongoClient(os.environ["MONGO_URI"])
client.secrets.secrets.insert_one({"name": "SMTP_PASSWORD",
    "environment": "development", "value": "from-the-database"})
db = client[os.environ["MONGO_DB_NAME"]]
db.followers.insert_one({"_id": "f-1", "email": "f-1@example.com",
    "enabled": True})
db.daily_pnl.insert_one({"follower_id": "f-1", "date": "2025-06-02",
    "total_pnl": "1.50"})'
}

@test "users and passwords with other characters, in the URI, a file and a settings file" {
	local user password n=0
	while IFS='|' read -r user password; do
		n=$((n + 1))
		add_user "$user$MONGO_DB_NAME" "$password"
		login "$user$MONGO_DB_NAME" "$password"
		rw-record --init
		rw-status
		login "$user$MONGO_DB_NAME" "${password}mistake"
		run rw-status
		assert_status 78
	done <<-'END'
		a@b.example|a@b.example
		50%|100%25
		x:y|:
		/|//?#
		wörker|schlüssel-ß-日本
		a b|  two  blanks
		a+b|c+d&e=f;g
		-|~!$^*(){}<>,
		'"\|'"\`$HOME
	END
	assert_equal "$n" 9
	login "$admin" "$admin_password"
	printf '%s\n' "$MONGO_URI" >uri
	printf "MONGO_URI='%s'\nMONGO_DB_NAME=%s\n" "$MONGO_URI" \
		"$MONGO_DB_NAME" >settings
	chmod 600 uri settings
	(
		unset MONGO_URI
		MONGO_URI_FILE=uri rw-status
		unset MONGO_DB_NAME
		rw-env settings -- rw-status
	)
}

@test "a wrong user, a wrong password, or no login: 78 for every tool" {
	login "$admin" "$admin_password"
	rw-record --init
	login "$admin" "$admin_password"mistake
	every_tool 78 "at $FERRETDB_TLS: cannot log in: Authentication failed" \
		"$tools
$modes"
	login "nobody" "$admin_password"
	every_tool 78 "at $FERRETDB_TLS: cannot log in: Authentication failed"
	MONGO_URI="mongodb://$FERRETDB_TLS/?tls=true&tlsCAFile=$FERRETDB_CA"
	every_tool 78 "requires authentication"
}

# ---- TLS ---------------------------------------------------------------------

@test "the right CA, a different one, none, a different name: 69 for every tool" {
	local ca=$FERRETDB_CA host patience=500
	login "$admin" "$admin_password" "$FERRETDB_TLS" \
		"tlsCAFile=${FERRETDB_CA%/*}/another-ca.pem"
	every_tool 69 'certificate verify failed'
	login "$admin" "$admin_password" "$FERRETDB_TLS" ''
	every_tool 69 'certificate verify failed' "$single"
	RW_TEST_CERT=other-host own_server ferretdb.other
	host=$FERRETDB_TLS
	login "$admin" "$admin_password" "$host"
	[ "$ca" != "$FERRETDB_CA" ] || fail 'it is the same server'
	every_tool 69 'certificate' "$single"
	RW_TEST_CERT=unknown-ca own_server ferretdb.unknown
	login "$admin" "$admin_password"
	every_tool 69 'certificate verify failed' "$single"
}

@test "TLS to a port without TLS, and the reverse: 69 for every tool" {
	local patience=500
	login "$admin" "$admin_password" "$FERRETDB_PLAIN"
	every_tool 69 "at $FERRETDB_PLAIN" "$single"
	MONGO_URI="mongodb://$FERRETDB_TLS/?serverSelectionTimeoutMS=$patience"
	every_tool 69 "at $FERRETDB_TLS"
}

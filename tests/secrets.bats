#!/usr/bin/env bats
# rw-secrets: secrets from MongoDB for one command.

load helpers

setup() {
	new_database MONGO_DB_NAME_SECRETS
	cd "$BATS_TEST_TMPDIR" || return 1
	"$PYTHON" -c "
import os, pymongo
secrets = pymongo.MongoClient(os.environ['MONGO_URI'])[
    os.environ['MONGO_DB_NAME_SECRETS']].secrets
for name, environment, value in [
        ('MINIO_SECRET_KEY', 'development', 'dev-key'),
        ('MINIO_SECRET_KEY', 'production', 'prod/key+\"ü'),
        ('SMTP_PASSWORD', 'development', 'pass word'),
        ('EMPTY', 'development', ''), ('NUMBER', 'development', 5),
        ('TWICE', 'development', 'a'), ('TWICE', 'development', 'b')]:
    secrets.insert_one({'name': name, 'environment': environment,
        'value': value})"
}

@test "only the command gets the secrets of its environment" {
	run --separate-stderr rw-secrets MINIO_SECRET_KEY SMTP_PASSWORD -- \
		sh -c 'printf "%s|%s" "$MINIO_SECRET_KEY" "$SMTP_PASSWORD"'
	assert_status 0
	assert_stderr ''
	assert_output 'dev-key|pass word'
	APP_ENV=production run rw-secrets MINIO_SECRET_KEY -- \
		printenv MINIO_SECRET_KEY
	assert_output 'prod/key+"ü'
	[ -z "${MINIO_SECRET_KEY:-}" ]
}

@test "it becomes the command: its options, its status, its process" {
	run rw-secrets SMTP_PASSWORD -- sh -c 'exit 17'
	assert_status 17
	run rw-secrets SMTP_PASSWORD -- printf -- '--%s' x
	assert_output --x
	rw-secrets SMTP_PASSWORD -- sleep 60 3>&- &
	wait_for 5 grep -q sleep "/proc/$!/comm"
	kill "$!"
}

@test "a missing secret stops it with the name" {
	run rw-secrets SMTP_PASSWORD NO_SUCH -- touch ran
	assert_status 78
	assert_output_has 'there is no secret NO_SUCH for environment development'
	[ ! -e ran ]
	APP_ENV=staging run rw-secrets SMTP_PASSWORD -- touch ran
	assert_status 78
	run rw-secrets EMPTY -- touch ran
	assert_status 78
	run rw-secrets NUMBER -- touch ran
	assert_status 78
	run rw-secrets TWICE -- touch ran
	assert_status 78
	assert_output_has 'TWICE of environment development has more than one entry'
	[ ! -e ran ]
}

@test "usage errors are refused" {
	local words
	for words in '' 'A' '-- true' 'A --' 'A=B -- true' '9A -- true'; do
		# shellcheck disable=SC2086
		run rw-secrets $words
		assert_status 64
	done
	run rw-secrets SMTP_PASSWORD -- ./no-such-command
	assert_status 64
	assert_output_has 'cannot run ./no-such-command'
}

@test "no value is in a message, a log, an argument or a core dump" {
	RW_LOG_FILE=$PWD/log run rw-secrets --verbose SMTP_PASSWORD TWICE -- true
	assert_output_lacks 'pass word'
	[ ! -s log ] || assert_file_lacks log 'pass word'
	rw-secrets SMTP_PASSWORD -- sleep 60 3>&- &
	local pid=$!
	wait_for 5 grep -q sleep "/proc/$pid/comm"
	run tr '\0' ' ' <"/proc/$pid/cmdline"
	assert_output 'sleep 60 '
	run grep 'Max core file size' "/proc/$pid/limits"
	[[ $output =~ Max\ core\ file\ size\ +0\ +0 ]]
	kill "$pid"
}

@test "around rw-report: the stages get the secrets" {
	export MONGO_DB_NAME=$MONGO_DB_NAME_SECRETS
	rw-record --init
	head -n 2 "$ROOT/examples/followers.jsonl" >in
	# An unreachable store: a partial configuration would be refused instead.
	MINIO_ENDPOINT_URL=http://127.0.0.1:1 MINIO_SECURE=false \
		MINIO_ACCESS_KEY=key MINIO_BUCKET_NAME=reports \
		RW_MAIL_TRANSPORT="maildir:$PWD/mail" REPORT_SENDER_EMAIL=r@example.com \
		run rw-secrets MINIO_SECRET_KEY SMTP_PASSWORD -- \
		rw-report --period 2025-06 --input in --out reports
	assert_status 0
	assert_output_has 'Using email attachments (MinIO not available)'
	assert_output_lacks dev-key
	assert_equal "$(find mail/new -type f | wc -l)" 2
}

@test "settings: the database must be named, the server must answer" {
	MONGO_DB_NAME_SECRETS='' run rw-secrets A -- true
	assert_status 78
	assert_output_has 'MONGO_DB_NAME_SECRETS is not: set it to the name of the database'
	MONGO_URI='mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300' \
		run rw-secrets A -- true
	assert_status 69
}

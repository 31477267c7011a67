#!/usr/bin/env bats
# No part of a password in a URL is ever printed, in whatever way it was pasted
# into a setting. Other faults of a URL are reported correctly.
#
# bats file_tags=plain,long

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	# This text is in no message of ours.
	hostile=('Zq7@Xv9' '@Zq7Xv9' 'Zq7Xv9@' 'Zq7:Xv9' 'Zq7/Xv9' 'Zq7?Xv9'
		'Zq7#Xv9' 'Zq7%Xv9' 'Zq7Xv9%' 'Zq7%4' 'Zq7%00Xv9' 'Zq7 Xv9'
		'27017/Zq7Xv9' 'Zq7Xv9@h:1' '://Zq7Xv9' 'Zq7@Xv9/?#:%' "Zq7'@Xv9"
		'Zq7"#Xv9' 'Zq7\:Xv9' 'Zq7$HOME@Xv9' 'Zq7`id`@Xv9' 'Zq7,Xv9@'
		'Zq7?a=b&c=@Xv9')
}

# A store without an endpoint; all other settings exist.
export_store() {
	export MINIO_ACCESS_KEY=key MINIO_SECRET_KEY=secretsecret
	export MINIO_BUCKET_NAME=reports
}

# assert_secret WHAT...: expects that no part of WHAT is shown.
assert_secret() {
	if printf '%s\n' "$output" | cat - log | grep -qE 'Zq7|Xv9'; then
		fail "a part of the password is shown: $*" "$output"
	fi
}

# refuse SETTING BEFORE BEHIND COMMAND...: expects a refusal with each hostile
# password between BEFORE and BEHIND.
refuse() {
	local setting=$1 before=$2 behind=$3 password
	shift 3
	for password in "${hostile[@]}"; do
		: >log
		run env "$setting=$before$password$behind" RW_LOG_FILE="$PWD/log" \
			"$@" </dev/null
		assert_secret "$setting, $password"
		assert_status 78
		assert_output_has "$setting: expected USER or USER:PASSWORD"
		assert_output_has percent-encoded
		assert_file_has log percent-encoded
	done
}

@test "MONGO_URI with a password that is not encoded: 78, and no part of it" {
	local hosts
	export MONGO_DB_NAME=x MONGO_DB_NAME_SECRETS=x
	for hosts in @h:27017/db '@a:1,b:2/db?replicaSet=r' @h; do
		refuse MONGO_URI mongodb://u: "$hosts" rw-record --verbose --check
	done
	refuse MONGO_URI mongodb+srv://u: @h/ rw-list --verbose --period 2025-06
	refuse MONGO_URI mongodb://u: @h/ rw-status --verbose
	refuse MONGO_URI mongodb://u: @h/ rw-secrets --verbose A -- true
	refuse MONGO_URI mongodb://u: @h/ rw-record --verbose --result
}

@test "PostgreSQL's URLs likewise" {
	local setting
	for setting in PNL_DATABASE_URL DATABASE_URL POSTGRES_URI; do
		refuse $setting postgresql://u: @h/db rw-list --verbose --check \
			--followers /dev/null --period 2025-06
	done
	refuse PNL_DATABASE_URL postgresql+asyncpg://u: @h/db rw-list --verbose \
		--check --followers /dev/null --period 2025-06
}

@test "the mail server's URI likewise, as a setting and as an option" {
	export REPORT_SENDER_EMAIL=r@example.com
	local password
	for password in "${hostile[@]}"; do
		: >log
		SMTP_URI="smtp://u:$password@h:587" RW_LOG_FILE=$PWD/log run \
			rw-mail --verbose --check
		assert_secret "$password"
		assert_status 78
		assert_output_has percent-encoded
		assert_file_has log percent-encoded
		# An option takes no password at all.
		RW_LOG_FILE=$PWD/log run rw-mail --verbose --check \
			--transport "smtps://u:$password@h"
		assert_secret "$password"
		assert_status 64
	done
}

@test "the URLs of the store and of its links likewise" {
	local setting
	export_store
	for setting in MINIO_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL; do
		refuse $setting https://u: @h:9000 rw-put --verbose --check
		refuse $setting u: @h:9000 rw-presign --verbose --check
	done
	export MINIO_ENDPOINT_URL=https://s.example.com
	refuse MINIO_PUBLIC_ENDPOINT_URL https://u: @h rw-presign --verbose --check
	RW_CLOUDFRONT_KEY_ID=K RW_CLOUDFRONT_KEY=x refuse RW_CLOUDFRONT_URL \
		https://u: @h rw-presign --verbose --check --scheme cloudfront
	refuse RW_LINK_BASE_URL https://u: @h rw-presign --verbose --check
}

@test "proxies likewise" {
	local name
	export_store
	export MINIO_ENDPOINT_URL=http://127.0.0.1:1 MINIO_SECURE=false
	export REPORT_SENDER_EMAIL=r@example.com
	for name in http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY; do
		refuse $name http://u: @127.0.0.1:1 rw-put --verbose --check
	done
	for name in smtp_proxy SMTP_PROXY all_proxy ALL_PROXY; do
		refuse $name u: @127.0.0.1:1 rw-mail --verbose --check \
			--transport smtp://127.0.0.1:1
	done
}

@test "the heartbeat's URL likewise, for a run and for --check" {
	refuse RW_HEARTBEAT_URL https://u: @h/x rw-run --verbose --check
	RW_STATE_DIR=$PWD/state refuse RW_HEARTBEAT_URL https://u: @h/x \
		rw-run --verbose -- true
	RW_STATE_DIR=$PWD/state refuse RW_HEARTBEAT_URL https://u: @h/x \
		rw-report --period 2025-06 --input /dev/null
	[ ! -e state/runs ] || [ -z "$(ls state/runs)" ]
}

@test "a whole run and its --check, with the settings of a file" {
	local password
	for password in "${hostile[@]:12}"; do
		: >log
		# As a shell quotes it.
		printf '%s\n' "MONGO_DB_NAME=x" "RW_LOG_FILE=$PWD/log" \
			"RW_STATE_DIR=$PWD/state" REPORT_SENDER_EMAIL=r@example.com \
			"MONGO_URI=mongodb://u:$password@h/" \
			"SMTP_URI=smtp://u:$password@h" \
			"PNL_DATABASE_URL=postgresql://u:$password@h/x" \
			"MINIO_ENDPOINT_URL=https://u:$password@h" \
			"RW_HEARTBEAT_URL=https://u:$password@h" \
			"https_proxy=http://u:$password@h" >"env"
		chmod 600 env
		run rw-report --verbose --check --env env --period 2025-06
		assert_secret "$password"
		assert_status 78
		run rw-report --verbose --env env --period 2025-06
		assert_secret "$password"
		assert_status 78
	done
}

# tell WORDS SETTING=VALUE COMMAND...: expects 78 with these words, and no
# advice to encode a password.
tell() {
	local words=$1
	shift
	: >log
	run env RW_LOG_FILE="$PWD/log" "$@" </dev/null
	assert_secret "$@"
	assert_status 78
	assert_output_has "$words"
	assert_output_lacks percent-encoded
}

@test "other faults in a URL are reported correctly" {
	export MONGO_DB_NAME=x REPORT_SENDER_EMAIL=r@example.com
	local mongo=(rw-record --check) list=(rw-list --check --followers /dev/null
		--period 2025-06) mail=(rw-mail --check)
	tell 'does not begin with mongodb:// or mongodb+srv://' \
		MONGO_URI=mongo://u:Zq7Xv9@h/ "${mongo[@]}"
	tell 'its port is not a number' MONGO_URI=mongodb://h:Zq7/ "${mongo[@]}"
	tell 'followed by "@"' MONGO_URI=mongodb://u:Zq7Xv9/ "${mongo[@]}"
	tell 'its port is not a number' MONGO_URI=mongodb://a,b:70000/ "${mongo[@]}"
	tell 'it has no host' MONGO_URI=mongodb:///db "${mongo[@]}"
	tell 'it has no host' MONGO_URI=mongodb://u:Zq7Xv9@/db "${mongo[@]}"
	tell 'Unsupported w value' 'MONGO_URI=mongodb://h/?w=-5' \
		"${mongo[@]}"
	tell 'Unsupported value for "tls"' 'MONGO_URI=mongodb://h/?tls=maybe' \
		"${mongo[@]}"
	tell 'contains no "=" sign' 'MONGO_URI=mongodb://h/?tls' "${mongo[@]}"
	tell 'begin with postgresql://' PNL_DATABASE_URL=mysql://u:Zq7Xv9@h/db \
		"${list[@]}"
	tell 'HOST:PORT has no number as its port' \
		PNL_DATABASE_URL=postgresql://u:Zq7Xv9/db "${list[@]}"
	tell 'begin with postgresql://' \
		'PNL_DATABASE_URL=host=h user=u password=Zq7@Xv9' "${list[@]}"
	tell 'libpq has no parameter "sslmod"' \
		'PNL_DATABASE_URL=postgresql://u:Zq7Xv9@h/db?sslmod=require' \
		"${list[@]}"
	tell 'its port is not a number' SMTP_URI=smtp://u:Zq7Xv9 "${mail[@]}"
	tell 'it has no host' SMTP_URI=smtp://u:Zq7Xv9@ "${mail[@]}"
	tell 'it has a path' SMTP_URI=smtp://u:Zq7Xv9@h/x "${mail[@]}"
	tell 'it has a "?"' 'SMTP_URI=smtp://u:Zq7Xv9@h?x=y' "${mail[@]}"
	tell 'must begin with smtp:, ' SMTP_URI=http://u:Zq7Xv9@h "${mail[@]}"
	tell 'does not begin with http:// or https://' \
		RW_HEARTBEAT_URL=u:Zq7Xv9@h rw-run --check
	tell 'its port is not a number' RW_HEARTBEAT_URL=https://u:Zq7Xv9/ \
		rw-run --check
	export_store
	tell 'takes no user and no password' \
		MINIO_ENDPOINT_URL=https://u:Zq7Xv9@h rw-put --check
	tell 'is not a valid endpoint' MINIO_ENDPOINT_URL=https://u:Zq7Xv9 \
		rw-put --check
	tell 'unknown scheme' MINIO_ENDPOINT_URL=http://127.0.0.1:1 \
		MINIO_SECURE=false all_proxy=gopher://u:Zq7Xv9@h rw-put --check
}

@test "a password after the question mark is not shown as the name of a parameter" {
	export MONGO_DB_NAME=x
	: >log
	RW_LOG_FILE=$PWD/log MONGO_URI='mongodb://127.0.0.1:1/?tls=true&tlsCertificateKeyFilePassword=a&Zq7Xv9=b&serverSelectionTimeoutMS=100' \
		run rw-record --verbose --check
	assert_secret
	assert_output_has 'has an option that the driver does not know'
	RW_LOG_FILE=$PWD/log \
		PNL_DATABASE_URL='postgresql://h/db?password=a&Zq7Xv9=b' run rw-list \
		--verbose --check --followers /dev/null --period 2025-06
	assert_status 78
	assert_secret
	assert_output_has percent-encoded
}

@test "the same passwords are accepted when encoded" {
	local password encoded
	export MONGO_DB_NAME=x REPORT_SENDER_EMAIL=r@example.com
	for password in "${hostile[@]}"; do
		[ "$password" != 'Zq7%00Xv9' ] || continue
		encoded=$("$PYTHON" -c 'import sys, urllib.parse
print(urllib.parse.quote(sys.argv[1], safe=""))' "$password")
		: >log
		MONGO_URI="mongodb://u:$encoded@127.0.0.1:1/?serverSelectionTimeoutMS=50" \
			RW_LOG_FILE=$PWD/log run rw-record --verbose --check
		assert_status 69
		assert_secret "$password"
		PNL_DATABASE_URL="postgresql://u:$encoded@127.0.0.1:1/x" \
			RW_LOG_FILE=$PWD/log run rw-list --verbose --check \
			--followers /dev/null --period 2025-06
		assert_status 69
		assert_secret "$password"
		SMTP_URI="smtp://u:$encoded@127.0.0.1:1" RW_LOG_FILE=$PWD/log \
			run rw-mail --verbose --check
		assert_status 69
		assert_secret "$password"
	done
}

@test "an option of MONGO_URI that the driver does not use is a warning" {
	export MONGO_DB_NAME=x
	MONGO_URI='mongodb://127.0.0.1:1/?retrywrits=true&serverSelectionTimeoutMS=50' \
		run rw-record --check
	assert_status 69
	assert_output_has 'warning: MONGO_URI: Unsupported URI option "retrywrits"'
	# An option of PyMongo, when both systems use one .env.
	MONGO_URI='mongodb://127.0.0.1:1/?tz_aware=true&uuidRepresentation=standard&serverSelectionTimeoutMS=50' \
		run rw-record --check
	assert_status 69
	assert_output_lacks warning
}

@test "MONGO_DB_NAME by MongoDB's rules" {
	local name
	export MONGO_URI='mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50'
	for name in a.b a/b 'a\b' 'a b' 'a"b' 'a$b' "$(printf 'a\tb')" \
		"$(printf 'a\377b')" "$(printf '%064d' 0)" mongodb://u:Zq7@h/ \
		"$(printf 'ü%.0s' $(seq 32))"; do
		: >log
		MONGO_DB_NAME=$name RW_LOG_FILE=$PWD/log run rw-record --check
		assert_secret "$name"
		assert_status 78
		assert_output_has 'MONGO_DB_NAME'
		assert_output_has 'the name of a database in MongoDB has 1 to 63 bytes'
		MONGO_DB_NAME_SECRETS=$name run rw-secrets A -- true
		assert_status 78
		assert_output_has 'MONGO_DB_NAME_SECRETS'
	done
	for name in a-b a_b 1 ü "$(printf '%063d' 0)" 'a*b' 'a:b'; do
		MONGO_DB_NAME=$name run rw-record --check
		assert_status 69
	done
}

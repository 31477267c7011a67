#!/usr/bin/env bats
# The settings of the store as users write them: with the bucket in the
# endpoint, and with blanks and line ends. On a real store: radosgw, or the
# store in RW_TEST_STORE.

load put_helpers

objects() { # BUCKET
	s3_curl "$inner/$1" | grep -o '<Key>[^<]*' || :
}

# every_tool: expects 78 from each tool; prints the messages.
every_tool() {
	local tool
	for tool in "rw-bucket" "rw-bucket --check" "rw-bucket --dry-run" \
		"rw-put --check" "rw-put" "rw-presign --check" "rw-presign"; do
		# shellcheck disable=SC2086 # words are meant
		run --separate-stderr $tool < <(line)
		assert_status 78
		assert_output ""
		echo "$tool: $stderr"
	done
}

@test "an endpoint that names the bucket is refused by every tool, with the right value" {
	need_store
	new_bucket
	inner=$MINIO_ENDPOINT_URL
	port=${inner##*:}
	for url in "$inner/$MINIO_BUCKET_NAME" "$inner/$MINIO_BUCKET_NAME/" \
		"$inner/x/$MINIO_BUCKET_NAME/y"; do
		right=$inner
		[[ $url != */x/* ]] || right=$inner/x
		export MINIO_ENDPOINT_URL=$url
		every_tool >said
		assert_equal "$(grep -c "names the bucket $MINIO_BUCKET_NAME in its path.*expected $right (" said)" 7
	done
	export MINIO_ENDPOINT_URL=http://$MINIO_BUCKET_NAME.localhost:$port
	every_tool >said
	assert_equal "$(grep -c "in its host.*expected http://localhost:$port (" said)" 7
	export MINIO_ENDPOINT_URL=$inner \
		MINIO_PUBLIC_ENDPOINT_URL=$inner/$MINIO_BUCKET_NAME
	every_tool >said
	assert_equal "$(grep -c "MINIO_PUBLIC_ENDPOINT_URL already names" said)" 7
	assert_equal "$(objects "$MINIO_BUCKET_NAME")" ""
}

@test "an endpoint that names a different bucket: the made object is not a bucket" {
	need_store
	new_bucket
	inner=$MINIO_ENDPOINT_URL
	other=$MINIO_BUCKET_NAME
	export MINIO_ENDPOINT_URL=$inner/$other MINIO_BUCKET_NAME=reports-of-ours
	run --separate-stderr rw-bucket
	assert_status 78
	assert_output ""
	assert_stderr_has "reports-of-ours is an object and not a bucket at $MINIO_ENDPOINT_URL"
	assert_equal "$(objects "$other")" ""
	put --check
	assert_status 78
	assert_output_has "FAIL  bucket: objects can be stored, and bucket reports-of-ours does not exist"
	assert_equal "$(objects "$other")" ""
	# An earlier version made this object.
	s3_curl -X PUT -H 'Content-Length: 0' "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME"
	run --separate-stderr rw-bucket --check
	assert_status 78
	assert_output_has "FAIL  bucket: reports-of-ours is an object and not a bucket"
}

@test "keys from files and from .env: blanks and line ends around them do not count" {
	need_store
	new_bucket
	printf '\n %s \r\n\n' "$MINIO_ACCESS_KEY" >access
	printf '\357\273\277%s\r\n' "$MINIO_SECRET_KEY" >secret
	chmod 600 access secret
	MINIO_ACCESS_KEY='' MINIO_SECRET_KEY='' MINIO_ACCESS_KEY_FILE=access \
		MINIO_SECRET_KEY_FILE=secret MINIO_REGION=$' us-east-1\r' \
		put < <(line)
	assert_status 0
	MINIO_ACCESS_KEY="	$MINIO_ACCESS_KEY " MINIO_SECRET_KEY="$MINIO_SECRET_KEY"$'\r' \
		MINIO_BUCKET_NAME=" $MINIO_BUCKET_NAME"$'\r\n' \
		MINIO_ENDPOINT_URL="$MINIO_ENDPOINT_URL"$'\r' put < <(line)
	assert_status 0
	url=$(MINIO_ACCESS_KEY=" $MINIO_ACCESS_KEY"$'\n' rw-presign <<<"$output" |
		json .pdf_url)
	fetch "$url" a.pdf
	for name in ACCESS_KEY SECRET_KEY BUCKET_NAME REGION ENDPOINT_URL; do
		printf 'MINIO_%s="%s "\r\n' "$name" \
			"$(printenv "MINIO_$name")"
	done >settings
	chmod 600 settings
	printf 'MINIO_SECURE=false\r\n' >>settings
	run --separate-stderr env -u MINIO_ACCESS_KEY -u MINIO_SECRET_KEY \
		-u MINIO_BUCKET_NAME -u MINIO_REGION -u MINIO_ENDPOINT_URL \
		rw-env settings -- rw-put < <(line)
	assert_status 0
}

@test "a blank or a line end inside is refused, and the value is not shown" {
	export MINIO_ENDPOINT_URL=http://127.0.0.1:1 MINIO_SECURE=false \
		MINIO_ACCESS_KEY=access MINIO_SECRET_KEY=hunter2hunter2 \
		MINIO_SESSION_TOKEN=tokentoken MINIO_BUCKET_NAME=reports \
		MINIO_REGION=us-east-1 RW_LOG_FILE=$PWD/log
	for name in ACCESS_KEY SECRET_KEY SESSION_TOKEN BUCKET_NAME REGION; do
		for inside in ' ' $'\t' $'\n' $'\r\nx-evil: 1' $'\302\240'; do
			variable=MINIO_$name
			value=${!variable}
			run --separate-stderr env \
				"$variable=${value:0:3}$inside${value:3}" \
				rw-put < <(line)
			assert_status 78
			assert_output ""
			assert_stderr_has "$variable has a blank, a line end or a control character inside (character 4)"
			assert_stderr_lacks hunter
			assert_stderr_lacks tokent
		done
	done
	assert_file_lacks log hunter
	assert_equal "$(grep -c '^x-evil' log)" 0
	printf 'hunter2hunter2\nAKIA\n' >two
	: >none
	chmod 600 two none
	MINIO_SECRET_KEY='' MINIO_SECRET_KEY_FILE=two put < <(line)
	assert_status 78
	assert_stderr_has "MINIO_SECRET_KEY_FILE has a blank, a line end"
	MINIO_SECRET_KEY='' MINIO_SECRET_KEY_FILE=none put < <(line)
	assert_status 78
	assert_stderr_has "MINIO_SECRET_KEY_FILE: none is empty"
}

@test "no setting can add a line to a message or to a check" {
	export MINIO_ENDPOINT_URL=http://127.0.0.1:1 MINIO_SECURE=false \
		MINIO_ACCESS_KEY=access MINIO_SECRET_KEY=hunter2hunter2 \
		MINIO_BUCKET_NAME=reports
	for setting in RW_S3_STYLE RW_CA_FILE RW_S3_TIMEOUT RW_DOWNLOAD_NAME \
		MINIO_SECURE RW_URL_EXPIRES; do
		for tool in "rw-put --check" "rw-presign --check" "rw-verify --check"; do
			# shellcheck disable=SC2086 # words are meant
			run env "$setting"=$'x\nok    evil: \e[31m' $tool
			refute grep -q '^ok    evil' <<<"$output"
			assert_output_lacks $'\e'
		done
	done
}

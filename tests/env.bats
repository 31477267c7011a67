# rw-env: settings of .env files for one command. unit/test_dotenv.c tests the
# parser of lines.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# with ENV-TEXT COMMAND...: runs the command with the settings in the text. The
# names are invented.
with() {
	printf '%b' "$1" >settings
	run --separate-stderr rw-env --pass A --pass B --pass C settings -- \
		"${@:2}"
}

@test "the command gets the settings, and nothing is executed" {
	with '# two\nA=1\n\nexport B="$(touch pwned) `touch pwned` $A"\n' \
		sh -c 'printf "%s|%s" "$A" "$B"'
	assert_status 0
	assert_stderr ''
	assert_output '1|$(touch pwned) `touch pwned` $A'
	[ ! -e pwned ]
}

@test "variables of the environment are kept, even if empty" {
	A=mine B='' with 'A=1\nB=2\nC=3\n' sh -c 'printf "%s|%s|%s" "$A" "$B" "$C"'
	assert_output 'mine||3'
}

@test "the first of several files takes precedence" {
	printf 'A=1\n' >first
	printf 'A=2\nB=2\n' >second
	run rw-env --pass A --pass B first second -- sh -c 'printf "%s%s" "$A" "$B"'
	assert_output 12
}

@test "a BOM, CRLF, no newline at the end, no line at all" {
	with '\xef\xbb\xbfA=1 \r\nB="2"\r\n\r\nC=3' \
		sh -c 'printf "%s|%s|%s" "$A" "$B" "$C"'
	assert_output '1|2|3'
	with '' echo ran
	assert_output ran
}

@test "it becomes the command: its options, its status, its process" {
	with 'A=1\n' sh -c 'exit 17'
	assert_status 17
	with 'A=1\n' printf -- '--%s' x
	assert_output --x
	rw-env settings -- sleep 60 3>&- &
	wait_for 5 grep -q sleep "/proc/$!/comm"
	kill "$!"
}

@test "an invalid line is named, without its value" {
	local line
	for line in hunter2 'A B=hunter2' '1A=hunter2' "A='hunter2" \
		'A="hunter2' "A='hunter2'b" 'A=hunter2\0' "OTHER='hunter2"; do
		with "# one\n\n$line\nB=1\n" touch ran
		assert_status 78
		[[ $stderr =~ ^rw-env:\ error:\ settings,\ line\ 3:\ .+$ ]] ||
			fail "$line: $stderr"
		assert_stderr_lacks hunter2
	done
	[ ! -e ran ]
}

@test "a usage error is 64, a missing file 78" {
	local words
	: >settings
	for words in '' settings '-- true' 'settings --' \
		'settings -- ./no-such' '--nonsense'; do
		# shellcheck disable=SC2086
		run rw-env $words
		assert_status 64
	done
	run rw-env no-such -- touch ran
	assert_status 78
	assert_output_has 'cannot open no-such'
	run rw-env settings -- ./settings
	assert_status 74
	[ ! -e ran ]
}

@test "settings, then secrets, then the run: they can be chained" {
	with 'A=1\n' rw-env settings -- rw-status --version
	assert_status 0
	assert_output_has 'rw-status '
}

@test "only our names of a shared file go into the environment" {
	cat >settings <<-'END'
		JWT_SECRET=hunter2
		MINIO_SECRET_KEY_FILE=/run/k
		RW_BRAND='Our Bank'
		https_proxy=http://proxy:3128
		debug=true
		TZ=Europe/Berlin
		PGSSLMODE=verify-full
		RW_RUN_ID=x
	END
	run --separate-stderr env -i "$(command -v rw-env)" settings -- \
		/usr/bin/env
	assert_status 0
	assert_stderr ''
	assert_equal "$(sort <<<"$output")" "MINIO_SECRET_KEY_FILE=/run/k
PGSSLMODE=verify-full
RW_BRAND=Our Bank
TZ=Europe/Berlin
https_proxy=http://proxy:3128"
	run --separate-stderr env -i "$(command -v rw-env)" --verbose \
		--pass debug settings -- /usr/bin/env
	assert_output_has debug=true
	assert_output_lacks hunter2
	assert_stderr 'rw-env: settings: 2 names skipped that report-worker does not read: JWT_SECRET, RW_RUN_ID'
}

@test "names that make programs load code are never set" {
	local name names='PATH IFS ENV LD_PRELOAD LD_LIBRARY_PATH OPENSSL_CONF
		OPENSSL_MODULES OPENSSL_ENGINES GCONV_PATH BASH_ENV PYTHONPATH
		PYTHONSTARTUP PERL5LIB PERL5OPT SASL_PATH NODE_OPTIONS SHELLOPTS
		GLIBC_TUNABLES GIO_EXTRA_MODULES RW_BUILD'
	for name in $names; do
		printf '%s=hunter2\n' "$name"
	done >settings
	run --separate-stderr rw-env settings -- /usr/bin/env
	assert_status 0
	assert_output_lacks hunter2
	for name in $names; do
		run --separate-stderr rw-env --pass "$name" settings -- touch ran
		assert_status 64
		assert_stderr_has "--pass $name: "
	done
	[ ! -e ran ]
	# The caller's own variables are kept.
	run env GCONV_PATH=/mine rw-env settings -- sh -c 'echo "$GCONV_PATH"'
	assert_output /mine
}

@test "the names that are set are in the page, and the sources read them" {
	local name names
	names=$(rw-env --print-names)
	while read -r name; do
		case $name in
		RW_FAULT | RW_RUN_ID | RW_RUN_DIR | RW_PROGRESS_* | RW_BUILD) continue ;;
		esac
		grep -qxF -e "$name" <<<"$names" || [[ $name == RW_* || $name == PG* ]] ||
			fail "$name is read, and is not among the names"
	done < <({
		grep -rhoE '(rw_config_[a-z0-9]+|getenv|first_of|secret_of|rw_mongo_open)\([^;)]*"[A-Z_0-9]+"' \
			"$ROOT/lib" "$ROOT/tools" | grep -oE '"[A-Z_0-9]+"' | tr -d '"'
		# An example must not set names that are not read.
		sed -n 's/^#\{0,1\}\([A-Z_a-z]*\)=.*/\1/p' \
			"$ROOT/examples/report-worker.env"
	} | sort -u)
	assert_equal "$(sed -n '/^The names are$/,/^\.Ed$/s/^\.Ev \([^ ]*\).*/\1/p' \
		"$ROOT/man/rw-env.1" | LC_ALL=C sort)" "$(LC_ALL=C sort <<<"$names")" \
		'the list in rw-env(1)'
}

@test "a settings file or secret file that other users can write to is refused" {
	local mode
	printf 'RW_BRAND=hunter2\n' >settings
	for mode in 602 620 666 622; do
		chmod "$mode" settings
		run --separate-stderr rw-env settings -- touch ran
		assert_status 78
		assert_stderr_has "other users can write to settings (mode 0$mode)"
		SMTP_PASSWORD_FILE=$PWD/settings SMTP_USER=u SMTP_HOST=localhost \
			REPORT_SENDER_EMAIL=r@example.com \
			run --separate-stderr rw-mail </dev/null
		assert_status 78
		assert_stderr_has "SMTP_PASSWORD_FILE: other users can write to $PWD/settings"
	done
	[ ! -e ran ]
	for mode in 600 640 644 400; do
		chmod "$mode" settings
		run rw-env settings -- sh -c 'echo "$RW_BRAND"'
		assert_output hunter2
	done
	run rw-env <(cat settings) -- sh -c 'echo "$RW_BRAND"'
	assert_output hunter2
	[ "$(id -u)" -ne 0 ] || {
		chown 65534 settings
		run --separate-stderr rw-env settings -- touch ran
		assert_status 78
		assert_stderr_has 'settings belongs to user 65534, who can change it'
	}
}

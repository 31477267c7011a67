# rw-env: settings of .env files for one command, and the settings file of each
# tool. unit/test_dotenv.c tests the parser.

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
	for line in 'A B=hunter2' '=hunter2' "A='hunter2" 'export \n=hunter2' \
		'A="hunter2' "A='hunter2'b" 'A=hunter2\0' "OTHER='hunter2"; do
		with "# one\n\n$line\nB=1\n" touch ran
		assert_status 78
		[[ $stderr =~ ^rw-env:\ error:\ settings,\ line\ 3:\ .+$ ]] ||
			fail "$line: $stderr"
		assert_stderr_lacks hunter2
	done
	[ ! -e ran ]
}

@test "a name without a value is a warning, which does not show it" {
	with 'hunter2\nA=1\nA\n\nB=2' sh -c 'printf "%s|%s" "${A-unset}" "$B"'
	assert_status 0
	assert_output 'unset|2'
	assert_stderr 'rw-env: warning: settings, line 1: a name without "=" sets nothing'
	with 'hunter"2=1\n' rw-env --verbose settings -- true
	assert_stderr_lacks hunter
}

@test "references that grow without end are refused" {
	{
		echo A=xxxxxxxxxxxxxxxx
		for i in {1..20}; do
			echo 'A=${A}${A}'
		done
	} >settings
	run --separate-stderr rw-env --pass A settings -- touch ran
	assert_status 78
	assert_stderr 'rw-env: error: settings, line 15: the value is longer than 131072 bytes'
	{
		printf 'A=%0100000d\n' 0
		yes 'B=${A}' | head -n 100
	} >settings
	run --separate-stderr rw-env --pass A settings -- touch ran
	assert_status 78
	assert_stderr_has 'the values are larger than 8 MiB together'
	for i in {1..10001}; do
		echo "A$i"
	done >settings
	run --separate-stderr rw-env settings -- touch ran
	assert_status 78
	assert_stderr 'rw-env: error: settings, line 10001: more than 10000 names'
	[ ! -e ran ]
}

# Sets $dotenv, a directory with the python-dotenv that the reader follows. It
# is installed once for each run of the tests.
need_dotenv() {
	dotenv=$RW_TEST_RUN/python-dotenv
	(
		flock 9
		[ -d "$dotenv" ] || "$PYTHON" -m pip install -q --target "$dotenv" \
			python-dotenv==1.2.4
	) 9>>"$dotenv.lock" >"$BATS_TEST_TMPDIR/pip" 2>&1 || {
		rm -rf "$dotenv"
		skip "python-dotenv 1.2.4 cannot be had from PyPI: $(tail -n 1 "$BATS_TEST_TMPDIR/pip")"
	}
}

@test "files are read as python-dotenv reads them" {
	need_dotenv
	local count=1500
	[ -z "${RW_TEST_SANITIZED:-}" ] || count=200
	PYTHONPATH=$dotenv run --separate-stderr "$PYTHON" \
		"$ROOT/tests/dotenv_compare.py" "$count" "$RANDOM" \
		"$ROOT"/tests/data/dotenv/*.env
	assert_stderr ''
	assert_output_has ', 0 differ'
	assert_status 0
	# The random files are of both kinds.
	[[ $output =~ ^([0-9]+)\ refused,\ ([0-9]+)\ with\ values ]]
	[ "${BASH_REMATCH[1]}" -gt 50 ]
	[ "${BASH_REMATCH[2]}" -gt 50 ]
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
		RW_ENV_FILE=other
	END
	run --separate-stderr env -i "$(command -v rw-env)" settings -- \
		/usr/bin/env
	assert_status 0
	assert_stderr ''
	assert_equal "$(sort <<<"$output")" "MINIO_SECRET_KEY_FILE=/run/k
PGSSLMODE=verify-full
RW_BRAND=Our Bank
RW_ENV_FILE=/dev/null
TZ=Europe/Berlin
https_proxy=http://proxy:3128"
	run --separate-stderr env -i "$(command -v rw-env)" --verbose \
		--pass debug settings -- /usr/bin/env
	assert_output_has debug=true
	assert_output_lacks hunter2
	assert_stderr 'rw-env: settings: 3 names skipped that report-worker does not read: JWT_SECRET, RW_RUN_ID, RW_ENV_FILE'
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

# ---- the settings file of each tool ------------------------------------------

every_tool() {
	sed -n 's/^TOOLS += //p' "$ROOT/Makefile" | tr ' ' '\n'
}

@test "a settings file may be a pipe; a FIFO that nobody writes to is refused at once" {
	mkfifo fifo
	run --separate-stderr timeout 20 rw-status --env fifo
	assert_status 78
	assert_stderr 'rw-status: error: fifo is a FIFO, and no process writes to it'
	run --separate-stderr timeout 20 rw-report --env fifo
	assert_status 78
	assert_stderr_has 'fifo is a FIFO, and no process writes to it'
	run --separate-stderr timeout 20 rw-status \
		--env <(sleep 1; echo "RW_LEDGER=$PWD/absent")
	assert_status 78
	assert_stderr_has "there is no ledger at $PWD/absent"
}

@test "each tool takes --env and RW_ENV_FILE, and reads one of them" {
	local tool
	printf 'A=hunter2\n\n=hunter2\n' >wrong
	printf 'RW_LOG_FORMAT=neither\n' >settings
	for tool in $(every_tool) rw-report; do
		run --separate-stderr "$tool" --env wrong </dev/null
		assert_status 78
		assert_stderr_has 'wrong, line 3: '
		assert_stderr_lacks hunter2
		run --separate-stderr "$tool" --env '' </dev/null
		assert_status 64
		run "$tool" --env wrong --help
		assert_status 0
		[ "$tool" != rw-env ] || continue
		RW_ENV_FILE=wrong run --separate-stderr "$tool" </dev/null
		assert_status 78
		assert_stderr_has 'wrong, line 3: '
		# The option takes precedence, and the environment over the file.
		RW_ENV_FILE=wrong run --separate-stderr "$tool" --env settings \
			</dev/null
		assert_status 78
		assert_stderr_has 'RW_LOG_FORMAT is "neither"'
		RW_ENV_FILE=settings RW_LOG_FORMAT=json \
			run --separate-stderr "$tool" --env settings </dev/null
		assert_stderr_lacks neither
	done
	RW_ENV_FILE=missing run --separate-stderr rw-gen </dev/null
	assert_status 78
	assert_stderr 'rw-gen: error: cannot open missing: No such file or directory'
	chmod 666 settings
	run --separate-stderr rw-gen --env settings </dev/null
	assert_status 78
	assert_stderr_has 'other users can write to settings'
}

@test "further options of a tool of rw-report cannot name a settings file" {
	: >settings
	RW_GEN_OPTIONS='--env settings' run --separate-stderr rw-report
	assert_status 64
	assert_stderr_has 'RW_GEN_OPTIONS: --env is not allowed here'
}

@test "a run reads its settings file once" {
	need_plain_build # LeakSanitizer does not work under strace
	need_command strace
	printf 'RW_MAIL_TRANSPORT=maildir:%s/mail\nREPORT_SENDER_EMAIL=r@example.com\n' \
		"$PWD" >settings
	rw-record --init
	run --separate-stderr strace -f -qq -e trace=open,openat -o trace \
		rw-report --env "$PWD/settings" \
		--input "$ROOT/examples/followers.jsonl"
	assert_status 0
	assert_stderr ''
	assert_equal "$(grep -c "$PWD/settings" trace)" 1
	[ "$(find mail -type f | wc -l)" = 14 ]
}

@test "on a terminal, a tool names its settings file" {
	need_terminal
	printf 'RW_BRAND=x\n' >settings
	RW_ENV_FILE=settings run on_terminal rw-outcome --worst 0
	assert_output_has 'rw-outcome: settings are read from settings'
	run on_terminal rw-outcome --worst 0
	assert_output_lacks 'settings are read'
}

need_own_etc() {
	[ "$(id -u)" = 0 ] || as_root=--map-root-user
	# shellcheck disable=SC2086
	unshare ${as_root-} --mount true 2>/dev/null ||
		skip 'may not make a mount namespace'
}

# installed TEXT COMMAND...: runs the command where
# /etc/report-worker/report-worker.env has the text.
installed() {
	local text=$1
	shift
	[ -d etc ] || {
		cp -a /etc . 2>/dev/null || :
		mkdir -p etc/report-worker
	}
	printf '%b' "$text" >etc/report-worker/report-worker.env
	chmod 600 etc/report-worker/report-worker.env
	# shellcheck disable=SC2016,SC2086
	run --separate-stderr unshare ${as_root-} --mount sh -c \
		'mount --bind etc /etc && exec "$@"' sh "$@"
}

file=/etc/report-worker/report-worker.env

@test "without settings, every tool reads the file of the installation" {
	need_own_etc
	local tool name
	unset RW_ENV_FILE RW_STATE_DIR
	for tool in $(every_tool) rw-report; do
		[ "$tool" != rw-env ] || continue
		installed '\nhunter2="' "$tool" </dev/null
		assert_status 78
		assert_stderr_has "$file, line 2: a quote is not closed"
		assert_stderr_lacks hunter2
	done
	installed 'RW_STATE_DIR=/nonexistent/state\n' rw-status --verbose
	assert_stderr_has '/nonexistent/state'
	assert_stderr_has "settings are read from $file"
	# A setting that names no server does not prevent it.
	RW_BRAND=x SMTP_PORT=25 installed '\nhunter2="' rw-gen </dev/null
	assert_status 78
	# A file that others can write to is refused, a missing one is not used.
	installed 'RW_BRAND=x\n' sh -c "chmod 666 $file && rw-gen"
	assert_status 78
	assert_stderr_has "other users can write to $file"
	installed '' sh -c "rm $file && rw-gen </dev/null"
	assert_status 0
	assert_stderr ''
}

@test "a poisoned file of the installation is not read when there are settings" {
	need_own_etc
	local poison='\nhunter2="' name suffix
	unset RW_ENV_FILE RW_STATE_DIR
	for name in MONGO_URI MONGO_DB_NAME RW_LEDGER RW_STATE_DIR \
		RW_MAIL_TRANSPORT SMTP_URI SMTP_HOST MINIO_ENDPOINT_URL; do
		for suffix in '' _FILE; do
			installed "$poison" env "$name$suffix=x" rw-gen </dev/null
			assert_status 0
			assert_stderr ''
		done
		installed "$poison" env "$name=" rw-gen </dev/null
		assert_status 0
	done
	printf 'RW_BRAND=x\n' >settings
	for name in /dev/null settings; do
		installed "$poison" env RW_ENV_FILE=$name rw-gen </dev/null
		assert_status 0
	done
	installed "$poison" rw-gen --env settings </dev/null
	assert_status 0
	installed "$poison" rw-env settings -- rw-gen </dev/null
	assert_status 0
}

@test "make, the demo and the tests work beside a poisoned file" {
	need_own_etc
	local poison='\nhunter2="'
	unset RW_ENV_FILE RW_STATE_DIR
	mkdir build
	ln -s "$BUILD"/rw-* build
	installed "$poison" "$ROOT/scripts/demo" build
	assert_status 0
	assert_output_has '14 due, 14 sent.'
	# make demo, check, bench and all others export it.
	printf 'include Makefile\nshow:\n\t@echo $(RW_ENV_FILE) $$RW_ENV_FILE\n' >rules.mk
	run make -s -C "$ROOT" -f "$PWD/rules.mk" show RW_BUILD=
	assert_output '/dev/null /dev/null'
	grep -q '"RW_ENV_FILE"\] = "/dev/null"' "$ROOT/bench/run.py"
	# A test, by tests/run and alone, with and without the helpers.
	printf '%s {\n\t%s\n}\n' '@''test "without the helpers"' 'rw-gen </dev/null' \
		'@''test "with the helpers"' "load '$ROOT/tests/helpers'
		unset RW_STATE_DIR
		rw-gen </dev/null" >probe.bats
	cp "$ROOT/tests/setup_suite.bash" .
	shopt -s extglob
	local plain=${PATH//+([^:])bats-core*([^:]):/} # bats puts itself first
	installed "$poison" env -i PATH="$plain" HOME="$HOME" BUILD="$BUILD" \
		sh "$ROOT/tests/run" "$PWD/probe.bats"
	assert_status 0
	assert_output_has '2 passed, 0 failed'
	installed "$poison" env -i PATH="$plain" HOME="$HOME" BUILD="$BUILD" \
		bats "$PWD/probe.bats"
	assert_status 0
	# The poison works.
	installed "$poison" env -i PATH="$PATH" HOME="$HOME" rw-gen </dev/null
	assert_status 78
}

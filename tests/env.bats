# rw-env: settings of .env files for one command. How a line is read is tested
# in unit/test_dotenv.c.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# with ENV-TEXT COMMAND...: under the settings of that text.
with() {
	printf '%b' "$1" >settings
	run --separate-stderr rw-env settings -- "${@:2}"
}

@test "the command gets the settings, and nothing is executed" {
	with '# two\nA=1\n\nexport B="$(touch pwned) `touch pwned` $A"\n' \
		sh -c 'printf "%s|%s" "$A" "$B"'
	assert_status 0
	assert_stderr ''
	assert_output '1|$(touch pwned) `touch pwned` $A'
	[ ! -e pwned ]
}

@test "what the environment has stays, an empty value too" {
	A=mine B='' with 'A=1\nB=2\nC=3\n' sh -c 'printf "%s|%s|%s" "$A" "$B" "$C"'
	assert_output 'mine||3'
}

@test "of several files the first counts" {
	printf 'A=1\n' >first
	printf 'A=2\nB=2\n' >second
	run rw-env first second -- sh -c 'printf "%s%s" "$A" "$B"'
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

@test "a line that cannot be understood is named, without its value" {
	local line
	for line in hunter2 'A B=hunter2' 'a=hunter2' "A='hunter2" \
		'A="hunter2' "A='hunter2'b" 'PATH=hunter2' 'A=hunter2\0'; do
		with "# one\n\n$line\nB=1\n" touch ran
		assert_status 78
		[[ $stderr =~ ^rw-env:\ error:\ settings,\ line\ 3:\ .+$ ]] ||
			fail "$line: $stderr"
		assert_stderr_lacks hunter2
	done
	[ ! -e ran ]
}

@test "wrong words are 64, a file that is not there 78" {
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

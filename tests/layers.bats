#!/usr/bin/env bats
# The layers hold, and what watches over them would notice if they did not.
#
# bats file_tags=plain

load helpers

# A copy of the code, in which a breach can be made.
plant() {
	if [ ! -d "$BATS_TEST_TMPDIR/copy" ]; then
		mkdir "$BATS_TEST_TMPDIR/copy"
		cp -r "$ROOT/lib" "$ROOT/tools" "$ROOT/scripts" \
			"$BATS_TEST_TMPDIR/copy"
	fi
	printf '%s\n' "$2" >>"$BATS_TEST_TMPDIR/copy/$1"
}

check_copy() {
	run "$BATS_TEST_TMPDIR/copy/scripts/check-layers" "${1:-$BUILD}"
	assert_status 1
}

@test "the layers hold" {
	run "$ROOT/scripts/check-layers" "$BUILD"
	assert_output ""
	assert_status 0
}

@test "a header of a layer above is noticed" {
	plant lib/base/text.c '#include "wire/config.h"'
	check_copy
	assert_output_has 'lib/base/text.c includes "wire/config.h", which is of a layer above it'
}

@test "a library's header outside its files is noticed" {
	plant lib/work/fee.c '#include <curl/curl.h>'
	plant lib/work/fee.h '# include <openssl/evp.h>'
	check_copy
	assert_output_has 'lib/work/fee.c includes <curl/curl.h>'
	assert_output_has 'lib/work/fee.h includes <openssl/evp.h>'
}

@test "a header that belongs to nobody is noticed" {
	plant tools/filter.c '#include <oracle.h>'
	check_copy
	assert_output_has 'gives to no file'
}

@test "a tool that loads what it does not need is noticed" {
	plant lib/base/text.c ''
	mkdir "$BATS_TEST_TMPDIR/build"
	cp "$(command -v curl)" "$BATS_TEST_TMPDIR/build/rw-presign"
	check_copy "$BATS_TEST_TMPDIR/build"
	assert_output_has 'rw-presign loads libcurl'
}

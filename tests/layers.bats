#!/usr/bin/env bats
# The code keeps its layers, and scripts/check-layers detects a violation.
#
# bats file_tags=plain

load helpers

# Makes a copy of the code for a violation.
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

@test "an included header of a higher layer is detected" {
	plant lib/base/text.c '#include "wire/config.h"'
	check_copy
	assert_output_has 'base/text.c includes wire/config.h, and no arrow leads from base to wire'
}

@test "a dependency between rooms that the table does not allow is detected" {
	plant lib/record/own.c '#include "store/store.h"'
	check_copy
	assert_output_has 'record/own.c includes store/store.h, and no arrow leads from record to store'
}

@test "a private header used outside its room is detected" {
	plant tools/rw-put.c '#include "store/s3_parts_priv.h"'
	check_copy
	assert_output_has 'tools/rw-put.c includes store/s3_parts_priv.h, which is private to store'
}

@test "a circle of files is detected, by include and by call" {
	plant lib/base/buf.h '#include "base/text.h"'
	check_copy
	assert_output_has 'circles of files, by include:'
	assert_output_has 'base/buf -> base/text'
	mkdir -p "$BATS_TEST_TMPDIR/build/obj/lib/base"
	"${CC:-cc}" -c -x c -o "$BATS_TEST_TMPDIR/build/obj/lib/base/buf.o" - \
		<<<'void b(void); void a(void); void a(void) { b(); }'
	"${CC:-cc}" -c -x c -o "$BATS_TEST_TMPDIR/build/obj/lib/base/text.o" - \
		<<<'void a(void); void b(void); void b(void) { a(); }'
	check_copy "$BATS_TEST_TMPDIR/build"
	assert_output_has 'circles of files, by call:'
	assert_output_has 'base/text -> base/buf'
}

@test "a library's header outside its files is detected" {
	plant lib/statement/fee.c '#include <curl/curl.h>'
	plant lib/statement/fee.h '# include <openssl/evp.h>'
	check_copy
	assert_output_has 'statement/fee.c includes <curl/curl.h>'
	assert_output_has 'statement/fee.h includes <openssl/evp.h>'
}

@test "a foreign header without an owner in the table is detected" {
	plant tools/filter_loop.c '#include <oracle.h>'
	check_copy
	assert_output_has 'gives to no file'
}

@test "a tool that loads a library that it does not need is detected" {
	plant lib/base/text.c ''
	mkdir "$BATS_TEST_TMPDIR/build"
	cp "$(command -v curl)" "$BATS_TEST_TMPDIR/build/rw-presign"
	check_copy "$BATS_TEST_TMPDIR/build"
	assert_output_has 'rw-presign loads libcurl'
}

# Prints each string in the files with two letters in a row, except includes.
strings_in() {
	grep -hv '^#include' "$@" | grep -ohE '"[^"]*[A-Za-z]{2}[^"]*"' | sort -u
}

@test "no label is in the code of both documents, and no word of the table is in either" {
	local room=$ROOT/lib/statement tmp=$BATS_TEST_TMPDIR

	strings_in "$room"/pdf_*.c >"$tmp/pdf"
	strings_in "$room"/xlsx*.c >"$tmp/xlsx"
	strings_in "$room"/words.c >"$tmp/words"
	[ "$(wc -l <"$tmp/words")" -gt 80 ]
	run comm -12 "$tmp/pdf" "$tmp/xlsx"
	assert_output ""
	run comm -12 "$tmp/pdf" "$tmp/words"
	assert_output ""
	run comm -12 "$tmp/xlsx" "$tmp/words"
	assert_output ""
}

# Prints "OBJECT NAME" for each mutable variable of ours.
mutable_state() {
	local object
	(cd "$BUILD/obj" && find lib tools -name '*.o' | sort | while read -r object; do
		objdump -t "$object" | awk -v object="$object" '
			$4 ~ /^\.t?(data|bss)(\.|$)/ && $4 !~ /rel\.ro/ && $NF ~ /^[a-z]/ {
				print object, $NF
			}'
	done)
}

@test "mutable state of a file exists only where HACKING.md allows it" {
	need_command objdump
	# The log, the outcome, the signal, a fault point, the secrets, the
	# workbook in memory, a warning that was logged, a gate, --quiet of a
	# check, the end of a run of rw-verify.
	run mutable_state
	assert_status 0
	assert_output_has 'lib/base/log.o log_fd'
	run grep -vE '^(lib/(base/(log|fault|secret)|wire/(xlsx_memory|mongo_uri|smtp_case))|tools/(outcome|stop|checklist))\.o |^lib/statement/xlsx\.o same_date$|^tools/rw-verify\.o end_ms$' <<<"$output"
	assert_output ""
}

@test "no name of a static function is in more than three files" {
	cat >"$BATS_TEST_TMPDIR/names.awk" <<-'AWK'
		/^static / && !/[;=]/	{ is_static = 1; next }
		is_static && /^[a-z_0-9]+\(/ {
			sub(/\(.*/, "")
			if (!seen[$0, FILENAME]++)
				files[$0]++
		}
		{ is_static = 0 }
		END {
			for (name in files) {
				total++
				if (files[name] > 3)
					print name ": " files[name]
			}
			print total " names" >"/dev/stderr"
		}
	AWK
	run --separate-stderr sh -c "awk -f '$BATS_TEST_TMPDIR/names.awk' \
		'$ROOT'/lib/*/*.c '$ROOT'/tools/*.c"
	assert_output ""
	[ "${stderr% names}" -gt 1000 ]
}

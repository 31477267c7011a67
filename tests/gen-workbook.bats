#!/usr/bin/env bats
# libxlsxwriter writes the workbooks of rw-gen into memory by default. It writes
# files in a build with XLSX_MEMORY=0, and when the replaced functions do not
# fit the library.

load gen_helpers

# parts DIR: prints name and checksum of each part of each workbook.
parts() {
	"$PYTHON" - "$1" <<-'PY'
		import glob, sys, zipfile, zlib
		for path in sorted(glob.glob(sys.argv[1] + "/*/*/*.xlsx")):
		    with zipfile.ZipFile(path) as book:
		        for name in sorted(book.namelist()):
		            print(path[len(sys.argv[1]):], name, zlib.crc32(book.read(name)))
	PY
}

@test "with the original libxlsxwriter workbooks have the same parts" {
	export SOURCE_DATE_EPOCH=1751328000
	rw-gen --out memory <"$DUE" >memory.jsonl
	rw-gen-files --out files <"$DUE" >files.jsonl
	parts memory >memory.parts
	parts files >files.parts
	[ "$(wc -l <memory.parts)" -gt 200 ]
	diff memory.parts files.parts
}

@test "with a library that writes archives by a different function, files are used" {
	need_plain_build
	LD_PRELOAD=$BUILD/other_xlsxwriter.so gen <"$DUE"
	assert_status 0
	parts reports >other.parts
	assert_equal "$(wc -l <other.parts)" "$(wc -l <"$DUE")"
	assert_equal "$(cut -d ' ' -f 2 <other.parts | sort -u)" other.xml
}

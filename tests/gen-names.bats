#!/usr/bin/env bats
# rw-gen (gen_helpers.bash): names in any script, with DejaVu and the installed
# fonts of Noto, and what no font can show.
#
# bats file_tags=plain

load helpers
load gen_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[ -n "$(fc-list 'Noto Sans CJK JP')" ] ||
		skip 'fonts-noto-cjk is not installed'
	[ -n "$(fc-list 'Noto Sans Devanagari')" ] ||
		skip 'fonts-noto-core is not installed'
	pdf=reports/2025-06/f-1/report_2025-06.pdf
}

# named NAME: the report of a follower with this name; its first page in text,
# without marks of direction.
named() {
	line '"daily_pnl":{"2025-06-02":1}' | jq -c --arg name "$1" '.name = $name' >due
	rm -rf reports
	gen <due
	assert_status 0
	assert_stderr ""
	pdftotext -l 1 "$pdf" - 2>warnings | sed 's/\xe2\x80[\xaa-\xae]//g' >text
	[ ! -s warnings ] || fail "$(cat warnings)"
}

# only_dejavu: fontconfig finds no other font.
only_dejavu() {
	mkdir -p none cache
	cat >fonts.conf <<-END
		<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
		<fontconfig><dir>$PWD/none</dir><cachedir>$PWD/cache</cachedir></fontconfig>
	END
	export FONTCONFIG_FILE=$PWD/fonts.conf
}

# ink FILE LEFT TOP WIDTH HEIGHT: how many dark pixels a part of page 1 has.
ink() {
	pdftoppm -r 144 -gray -l 1 -x "$2" -y "$3" -W "$4" -H "$5" "$1" part
	"$PYTHON" -c 'from PIL import Image
import glob
print(sum(1 for p in Image.open(glob.glob("part*.pgm")[0]).getdata() if p < 128))'
	rm -f part*
}

@test "a name in any script can be read, selected and searched" {
	local name count=0
	while read -r name; do
		named "$name"
		assert_file_has text "$name"
		refute grep -q 'cannot show' text
		[ "$(ink "$pdf" 100 190 500 34)" -gt 100 ] || fail "$name is not drawn"
		count=$((count + 1))
	done <<'END'
田中 陽子
王小明
김민수
Anna 田中
محمد بن عبد الله
יוסי כהן
नरेन्द्र मोदी
สมชาย ใจดี
கமலா
አበበ ቢቂላ
ნინო
Anna 😀
𐀀𐀁
END
	assert_equal "$count" 13
}

@test "Arabic and Hebrew run from right to left, in joined forms" {
	# Alone, each letter has its own form; the word is narrower.
	named 'محمد'
	pdftotext -l 1 -bbox "$pdf" joined
	named 'م ح م د'
	pdftotext -l 1 -bbox "$pdf" apart
	"$PYTHON" - <<'END'
import re
def width(name):
    xs = [(float(a), float(b)) for a, b, word in re.findall(
        r'xMin="([\d.]+)".*?xMax="([\d.]+)".*?>([^<]+)</word>', open(name).read())
        if any('\u0600' <= c <= '\u06ff' for c in word)]
    return max(b for a, b in xs) - min(a for a, b in xs)
assert 0.3 * width("apart") < width("joined") < 0.9 * width("apart"), \
    (width("joined"), width("apart"))
END
	named 'ABC 123 חברה'
	pdftotext -l 1 -bbox "$pdf" boxes
	"$PYTHON" - <<'END'
import re
at = {word: float(x) for x, word in re.findall(
    r'xMin="([\d.]+)".*?>([^<]+)</word>', open("boxes").read())}
hebrew = next(at[w] for w in at if any('\u0590' <= c <= '\u05ff' for c in w))
assert at["ABC"] < at["123"] < hebrew, at
END
	named 'חברה ABC 123'
	pdftotext -l 1 -bbox "$pdf" boxes
	"$PYTHON" - <<'END'
import re
at = {word: float(x) for x, word in re.findall(
    r'xMin="([\d.]+)".*?>([^<]+)</word>', open("boxes").read())}
hebrew = next(at[w] for w in at if any('\u0590' <= c <= '\u05ff' for c in w))
assert at["ABC"] < at["123"] < hebrew, at
END
}

@test "a character that no font has is a square, and the page says so once" {
	named 'Anna 🚀🚀 Keller'
	assert_file_has text 'Anna □ Keller'
	assert_equal "$(grep -c 'This document cannot show all characters of the name.' text)" 1
	run "$PYTHON" -c 'import openpyxl
print(openpyxl.load_workbook("reports/2025-06/f-1/report_2025-06.xlsx")["Summary"]["B4"].value)'
	assert_output 'Anna 🚀🚀 Keller'
}

@test "a name of which no font has anything gives way to the ID, in words" {
	named '🚀'
	assert_file_has text f-1
	assert_file_has text 'The name is in a script that this document cannot show.'
	only_dejavu
	named '田中 陽子'
	assert_file_has text 'The name is in a script that this document cannot show.'
	refute grep -q 田 text
	run "$PYTHON" -c 'import openpyxl
print(openpyxl.load_workbook("reports/2025-06/f-1/report_2025-06.xlsx")["Summary"]["B4"].value)'
	assert_output '田中 陽子'
	# DejaVu has Hebrew and Arabic.
	named 'יוסי כהן'
	assert_file_has text 'יוסי כהן'
	named 'Anna 田中'
	assert_file_has text 'Anna □'
}

@test "the choice of fonts does not depend on what was drawn before" {
	line '"daily_pnl":{"2025-06-02":1}' >one
	jq -c '.name = "田中" | .follower_id = "a"' one >a
	jq -c '.name = "さくら 田中" | .follower_id = "b"' one >b
	jq -c '.name = "김 田中" | .follower_id = "c"' one >c
	cat a b c >due
	gen -j 1 <due
	mv reports first
	cat c b a >due
	gen -j 1 <due
	diff -r reports first
	rm -rf reports
	gen -j 4 <due
	diff -r reports first
}

@test "a damaged installed font is passed over" {
	local font
	mkdir fonts cache
	font=$(fc-list -f '%{file}\n' 'Noto Sans Devanagari:bold' | head -n 1)
	head -c 30000 "$font" >fonts/NotoSansDevanagari-Bold.ttf
	font=$(fc-list -f '%{file}\n' 'Noto Serif Devanagari:bold' | head -n 1)
	cp "$font" fonts/
	cat >fonts.conf <<-END
		<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
		<fontconfig><dir>$PWD/fonts</dir><cachedir>$PWD/cache</cachedir></fontconfig>
	END
	export FONTCONFIG_FILE=$PWD/fonts.conf
	named 'नरेन्द्र'
	assert_file_has text 'नरेन्द्र'
}

@test "joiners stay with the letters that they shape, and are dropped elsewhere" {
	named "$(printf 'می\xe2\x80\x8cخواهم')"
	"$PYTHON" -c 'import sys
sys.exit("\u0645\u06cc\u200c\u062e" not in open("text").read().replace("\n", ""))'
	named "$(printf 'An\xe2\x80\x8dna')"
	assert_file_has text Anna
}

@test "brand, issuer and payee can be in any script" {
	export RW_BRAND=株式会社 RW_ISSUER_NAME='株式会社 例' RW_ISSUER_ADDRESS='東京都'
	export RW_PAYEE_NAME='株式会社' RW_PAYEE_IBAN=DE89370400440532013000
	named Anna
	assert_file_has text 株式会社
	assert_file_has text 東京都
	only_dejavu
	gen <due
	assert_status 78
	assert_stderr_has 'RW_BRAND has characters that no font has'
}

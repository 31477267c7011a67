# rw-gen: the figures of the statements, and the look of the documents.

load gen_helpers

# ---- figures ---------------------------------------------------------------

@test "sums and commissions are exact over 10,000 random months" {
	months random 10000 >due
	rw-gen --dry-run <due >out
	check sums out
	rw-gen --dry-run --fee-model hwm <due >out
	check sums out hwm
}

@test "record, PDF and workbook show the same figures, in every month" {
	months >due
	rw-gen --out reports <due >out
	check sums out
	check layout out
	check workbook out
}

@test "the same with a high-water mark and on letter paper" {
	months | grep high_water_mark >due
	RW_PAPER=letter rw-gen --out reports --fee-model hwm <due >out
	check layout out hwm
	months >due
	RW_PAPER=letter rw-gen --out reports <due >out
	check layout out
	run pdfinfo reports/2025-05/two/report_2025-05.pdf
	assert_output_has "612 x 792 pts (letter)"
}

@test "LibreOffice computes the same values as the workbooks have" {
	need_command soffice
	months >due
	rw-gen --out reports <due >out
	months | grep high_water_mark >due
	rw-gen --out marked --fee-model hwm <due >marked.out
	need_plain_build	# from here LibreOffice works
	check recalc out
	check recalc marked.out hwm
}

@test "ledger and mail have the figures of the record, PDF and workbook" {
	export REPORT_SENDER_EMAIL=reports@example.com
	rw-record --init
	for model in monthly hwm; do
		jq -c --arg id "$model" 'select(.follower_id != "follower-207") |
			.follower_id += "-" + $id | .email = .follower_id + "@example.com" |
			.opening_balance = "10000" | .high_water_mark = "10500"' "$DUE" |
			rw-gen --out reports --fee-model "$model" >"made.$model"
		rw-record --claim <"made.$model" | rw-mail --transport maildir:mail |
			rw-record --result >"$model.done"
		assert_lines 13 "$model.done"
		for part in layout workbook sums; do
			check "$part" "made.$model" "${model/monthly/}"
		done
		run "$PYTHON" "$ROOT/tests/statement_check.py" delivered \
			"$RW_STATE_DIR/ledger.db" mail "${model/monthly/}" <"made.$model"
		assert_status 0
	done
}

@test "a month without commission states the reason" {
	months >due
	rw-gen --out reports <due >out
	while IFS='|' read -r follower words; do
		pdftotext -layout "reports/2025-05/$follower/report_2025-05.pdf" text
		tr -s '[:space:]' ' ' <text >words
		assert_file_has words "$words"
	done <<'END'
none|There was no trading day in May 2025.
none|No commission: there was no trading day
losses|No commission: the month did not end in profit.
free|No commission: the rate is 0 %.
END
}

@test "hwm charges only the part above the mark, and raises the mark" {
	{
		line '"opening_balance":"1000","high_water_mark":"1050","daily_pnl":{"2025-06-02":"150"}'
		line '"opening_balance":"1000","high_water_mark":"1500","daily_pnl":{"2025-06-02":"150"}' |
			sed s/f-1/f-2/
	} >due
	gen --fee-model hwm <due
	assert_status 0
	assert_json "${lines[0]}" \
		'[.total_pnl, .commission_amount, .high_water_mark_after]' \
		'["150.00","20.00","1150.00"]'
	assert_json "${lines[1]}" \
		'[.total_pnl, .commission_amount, .high_water_mark_after]' \
		'["150.00","0.00","1500.00"]'
	# The text of the document, line by line.
	pdftotext -raw reports/2025-06/f-2/report_2025-06.pdf text
	tr -s '[:space:]' ' ' <text >words
	assert_file_has words "No commission: the closing balance of 1,150.00 EUR is not above the high-water mark."
}

@test "DEFAULT_COMMISSION_PERCENTAGE applies to followers without a rate" {
	printf '%s\n' '{"follower_id":"a","report_period":"2025-06","daily_pnl":{"20250602":100}}' >due
	DEFAULT_COMMISSION_PERCENTAGE=12.5 gen <due
	assert_status 0
	assert_json "$output" .commission_amount 12.50
}

# ---- the look of the documents ---------------------------------------------

@test "the documents have title, author and date, and text that can be extracted" {
	RW_BRAND="Müller & Söhne" gen <"$DUE"
	assert_status 0
	run pdfinfo reports/2025-06/follower-123/report_2025-06.pdf
	assert_output_has "Title:           Monthly statement, June 2025"
	assert_output_has "Author:          Müller & Söhne"
	run pdffonts reports/2025-06/follower-123/report_2025-06.pdf
	assert_output_lacks DejaVu
	run pdffonts reports/2025-06/follower-402/report_2025-06.pdf
	assert_output_has DejaVuSans-Bold
	run pdftotext reports/2025-06/follower-402/report_2025-06.pdf -
	assert_output_has "Ελένη Παπαδοπούλου"
}

@test "a name outside all code pages can be selected, too" {
	line '"name":"Nguyễn Łукаш","daily_pnl":{"2025-06-02":1}' >due
	gen <due
	assert_status 0
	run --separate-stderr pdftotext reports/2025-06/f-1/report_2025-06.pdf -
	assert_output_has "Nguyễn Łукаш"
	assert_stderr ""
}

@test "without fonts a name outside Latin-1 is replaced, too, with one warning" {
	mkdir fonts
	echo "no font" >fonts/DejaVuSans.ttf
	{
		line '"name":"Łukasz","daily_pnl":{"2025-06-02":1}'
		line '"name":"Łukasz","daily_pnl":{"2025-06-02":1}'
		line '"name":"Jürgen","daily_pnl":{"2025-06-02":1}' |
			sed s/f-1/f-2/
	} >due
	RW_FONT_DIR=fonts gen -j 1 <due
	assert_status 0
	assert_equal "$(grep -c warning <<<"$stderr")" 1
	assert_stderr_has "no usable DejaVu fonts in fonts (RW_FONT_DIR)"
	assert_stderr_has ": DejaVuSans is not a complete TrueType font"
	run pdftotext reports/2025-06/f-2/report_2025-06.pdf -
	assert_output_has Jürgen
}

# hostile_fonts TABLE OFFSET VALUE: makes fonts with this value at the offset of
# the table.
hostile_fonts() {
	mkdir -p fonts
	local face
	for face in DejaVuSans DejaVuSans-Bold; do
		"$PYTHON" - "$face" "$@" <<-'PY'
			import struct, sys
			face, table, offset, value = sys.argv[1:]
			path = "/usr/share/fonts/truetype/dejavu/%s.ttf" % face
			font = bytearray(open(path, "rb").read())
			for i in range(struct.unpack(">H", font[4:6])[0]):
			    tag, _, at, _ = struct.unpack(">4sLLL", font[12 + 16 * i:28 + 16 * i])
			    if tag == table.encode():
			        struct.pack_into(">H", font, at + int(offset), int(value, 16))
			open("fonts/%s.ttf" % face, "wb").write(font)
		PY
	done
}

# refused_fonts REASON: expects a warning with the reason, and a statement
# without the name.
refused_fonts() {
	RW_FONT_DIR=fonts gen -j 1 < <(
		line '"name":"Łukasz","daily_pnl":{"2025-06-02":1}')
	assert_status 0
	assert_stderr_has "no usable DejaVu fonts in fonts (RW_FONT_DIR)"
	assert_stderr_has "$1"
	run pdftotext reports/2025-06/f-1/report_2025-06.pdf -
	assert_status 0
	assert_output_has f-1
}

@test "fonts that must not be embedded, or are damaged, do not end the run" {
	hostile_fonts OS/2 8 0002
	refused_fonts 'DejaVuSans does not allow to be embedded (its fsType is 0x0002)'
	hostile_fonts OS/2 8 0200
	refused_fonts 'DejaVuSans does not allow to be embedded (its fsType is 0x0200)'
	hostile_fonts head 18 0
	refused_fonts 'DejaVuSans is a damaged TrueType font'
	hostile_fonts maxp 4 0
	refused_fonts 'DejaVuSans '
	# The same font under both names.
	hostile_fonts OS/2 8 0
	cp fonts/DejaVuSans.ttf fonts/DejaVuSans-Bold.ttf
	refused_fonts 'libharu refuses DejaVuSans-Bold, or it has the same name as another font'
}

@test "rw-gen links no network" {
	run readelf -d "$BUILD/rw-gen"
	for library in hpdf xlsxwriter crypto; do
		assert_output_has "[lib$library"
	done
	for library in curl ssl mongoc gmime sqlite xml2 jansson; do
		assert_output_lacks "[lib$library"
	done
}

# rw-gen (gen_helpers.bash): the logo. The image in the document is compared
# with the image in the file.

load helpers
load gen_helpers

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	line '"daily_pnl":{"2025-06-02":1}' >due
	pdf=reports/2025-06/f-1/report_2025-06.pdf
}

# seen WANTED.ppm: expects these pixels in the first image of the document.
seen() {
	rm -f seen-*
	pdfimages -png -f 1 -l 1 "$pdf" seen
	"$PYTHON" - "$1" <<'END'
import sys
from PIL import Image
seen = Image.open("seen-000.png").convert("RGB")
wanted = Image.open(sys.argv[1]).convert("RGB")
sys.exit(seen.size != wanted.size or seen.tobytes() != wanted.tobytes())
END
}

# refuses FILE WORDS: expects 78 before anything is made.
refuses() {
	rm -rf reports
	RW_LOGO=$1 gen <due
	assert_status 78
	assert_stderr_has "RW_LOGO: $1: $2"
	[ ! -e reports ]
}

@test "every kind of PNG is drawn unchanged, with any bit depth" {
	local file
	mkdir png
	"$PYTHON" "$ROOT/tests/png_files.py" png
	for file in png/*.png; do
		RW_LOGO=$file gen <due
		assert_status 0
		seen "${file%.png}.ppm" || fail "$file"
	done
}

@test "half transparent pixels are shown over white, without a mask" {
	"$PYTHON" -c 'from PIL import Image
Image.new("RGBA", (320, 80), (10, 60, 120, 128)).save("logo.png")'
	RW_LOGO=logo.png gen <due
	assert_status 0
	run pdfimages -list "$pdf"
	assert_output_lacks smask
	pdfimages -png "$pdf" seen
	run "$PYTHON" -c 'from PIL import Image
r, g, b = Image.open("seen-000.png").convert("RGB").getpixel((5, 5))
print(10 < r < 255 and 60 < g < 255 and 120 < b < 255)'
	assert_output True
}

@test "a document stores the logo once, at about the size of its file" {
	local plain size
	"$PYTHON" -c 'from PIL import Image, ImageDraw
image = Image.new("RGBA", (1600, 400), (0, 0, 0, 0))
draw = ImageDraw.Draw(image)
for i in range(300):
    draw.ellipse((i * 5, i % 90 * 4, i * 5 + 40, i % 90 * 4 + 40),
                 fill=(i % 256, i * 7 % 256, 120, 255))
image.save("logo.png")'
	gen <due
	assert_status 0
	plain=$(stat -c %s "$pdf")
	RW_LOGO=logo.png gen --out logos <due
	assert_status 0
	pdf=logos/${pdf#*/}
	size=$(stat -c %s logo.png)
	[ "$(($(stat -c %s "$pdf") - plain))" -lt "$((size * 3 / 2))" ] ||
		fail "$(stat -c %s "$pdf") bytes, without the logo $plain, which has $size"
	run count_images
	assert_output 1
}

# Prints the number of image objects in the document.
count_images() {
	pdfimages -list "$pdf" | awk 'NR > 2 { seen[$11] = 1 }
		END { for (object in seen) n++; print n }'
}

@test "a JPEG is rotated according to its Exif data" {
	local turn
	for turn in 1 2 3 4 5 6 7 8; do
		"$PYTHON" - "$turn" <<'END'
import sys
from PIL import Image, ImageOps
image = Image.new("RGB", (160, 80), "white")
image.paste((255, 0, 0), (0, 0, 80, 40))
image.paste((0, 0, 255), (80, 40, 160, 80))
exif = Image.Exif()
exif[274] = int(sys.argv[1])
image.save("logo.jpg", exif=exif, quality=95)
ImageOps.exif_transpose(Image.open("logo.jpg")).save("wanted.png")
END
		RW_LOGO=logo.jpg gen <due
		assert_status 0
		pdftoppm -r 144 -f 1 -l 1 -png "$pdf" page
		run "$PYTHON" - <<'END'
from PIL import Image
page = Image.open("page-1.png").convert("RGB")
wanted = Image.open("wanted.png").convert("RGB")
scale = min(180 / wanted.width, 30 / wanted.height) * 2
w, h = wanted.width * scale, wanted.height * scale
for fx in (0.25, 0.75):
    for fy in (0.25, 0.75):
        seen = page.getpixel((int(51 * 2 + fx * w), int(30 * 2 + fy * h)))
        colour = wanted.getpixel((int(fx * wanted.width),
                                  int(fy * wanted.height)))
        if max(abs(a - b) for a, b in zip(seen, colour)) > 40:
            print(fx, fy, seen, colour)
END
		assert_output ''
	done
}

@test "grey and progressive JPEG files are drawn" {
	"$PYTHON" -c 'from PIL import Image
Image.linear_gradient("L").save("grey.jpg")
Image.linear_gradient("L").convert("RGB").save("progressive.jpg", progressive=True)'
	for logo in grey.jpg progressive.jpg; do
		RW_LOGO=$logo gen <due
		assert_status 0
		run pdfimages -list "$pdf"
		assert_output_has '256   256'
	done
}

@test "a damaged, huge or unsupported file is refused before anything is made" {
	mkdir png
	"$PYTHON" "$ROOT/tests/png_files.py" png
	"$PYTHON" - <<'END'
from PIL import Image
Image.new("CMYK", (32, 32)).save("cmyk.jpg")
Image.effect_noise((64, 64), 90).convert("RGB").save("whole.jpg")
Image.new("L", (5000, 2)).save("wide.png")
Image.new("L", (2, 5000)).save("high.jpg")
Image.new("RGB", (4, 4)).save("logo.gif")
png = open("png/rgb-8.png", "rb").read()
open("cut.png", "wb").write(png[:-40])
open("flipped.png", "wb").write(png[:60] + bytes([png[60] ^ 1]) + png[61:])
open("head.png", "wb").write(png[:20])
jpeg = open("whole.jpg", "rb").read()
open("cut.jpg", "wb").write(jpeg[:len(jpeg) // 2])
open("head.jpg", "wb").write(jpeg[:30])
END
	refuses cut.png 'the PNG file is damaged: '
	refuses flipped.png 'the PNG file is damaged: '
	refuses head.png 'the PNG file is damaged: '
	refuses cut.jpg 'the JPEG file is damaged: '
	refuses head.jpg 'the JPEG file is damaged: '
	refuses cmyk.jpg 'the JPEG file has CMYK colours: expected RGB or grey'
	refuses wide.png 'it has 5000 x 2 pixels: expected at most 4096 x 4096'
	refuses high.jpg 'it has 2 x 5000 pixels: expected at most 4096 x 4096'
	refuses logo.gif 'it is not a PNG or JPEG file'
}

@test "the workbook has the logo once, at its own size, and a description of each image" {
	local name book=reports/2025-06/f-1/report_2025-06.xlsx
	"$PYTHON" -c 'from PIL import Image
image = Image.new("RGB", (800, 200), (10, 60, 120))
image.save("logo.png", dpi=(300, 300))
image.save("logo.jpg", dpi=(300, 300))'
	for name in logo.png logo.jpg; do
		RW_BRAND='Brand & Co' RW_LOGO=$name gen <due
		assert_status 0
		run unzip -Z1 "$book"
		assert_output_has xl/media/image1
		assert_output_lacks xl/media/image2
		run unzip -p "$book" xl/drawings/drawing1.xml
		assert_output_has 'descr="Brand &amp; Co"'
		assert_output_has 'descr="Cumulative P&amp;L: month'
		assert_output_has "descr=\"Daily P&amp;L: 1.00 EUR on the 2nd\""
		# 160 x 40 pixels of 9525 units each.
		assert_output_has '<a:ext cx="1524000" cy="381000"/>'
		RW_BRAND='Brand & Co' RW_LOGO=$name rw-gen-files --out files \
			<due >/dev/null
		for part in xl/media/image1.${name#*.} xl/drawings/drawing1.xml; do
			cmp <(unzip -p "$book" "$part") \
				<(unzip -p "files/${book#*/}" "$part")
		done
	done
}

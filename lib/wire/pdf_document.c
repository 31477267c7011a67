#include "wire/pdf.h"

#include <hpdf.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "base/unicode.h"
#include "wire/deflate.h"
#include "wire/pdf_priv.h"

/* The fastest level: a twelfth more bytes than zlib's middle level, in a sixth
 * of the time. */
enum { LEVEL = 1 };

static const uint32_t no_ink = 0xffffffff;

/* ---- documents --------------------------------------------------------- */

static void
note_failure(HPDF_STATUS code, HPDF_STATUS detail, void *context)
{
	struct rw_pdf *pdf = context;

	if (pdf->failed)
		return;
	pdf->failed = true;
	pdf->code = code;
	pdf->detail = detail;
}

void
rw_pdf_note(struct rw_pdf *pdf, unsigned long code)
{
	note_failure(code, 0, pdf);
}

void
rw_pdf_delete(struct rw_pdf *pdf)
{
	if (pdf == NULL)
		return;
	if (pdf->doc != NULL)
		HPDF_Free(pdf->doc);
	rw_buf_free(&pdf->content);
	rw_buf_free(&pdf->packed);
	rw_deflater_delete(pdf->deflater);
	rw_pdf_glyphs_end(&pdf->fonts, false);
	free(pdf->fonts.shape);
	free(pdf);
}

struct rw_pdf *
rw_pdf_new(const struct rw_pdf_options *options, struct rw_err *err)
{
	struct rw_pdf *pdf = calloc(1, sizeof *pdf);

	if (pdf != NULL) {
		pdf->options = *options;
		pdf->deflater = rw_deflater_new(LEVEL, err);
		pdf->doc = HPDF_New(note_failure, pdf);
		pdf->fonts.doc = pdf->doc;
		pdf->fonts.dir = options->fonts;
		pdf->fonts.shared = options->shared;
		if (pdf->deflater != NULL && pdf->doc != NULL &&
		    HPDF_UseUTFEncodings(pdf->doc) == HPDF_OK)
			return pdf;
	}
	rw_pdf_delete(pdf);
	rw_fail_memory(err, "a PDF document");
	return NULL;
}

static void
set_date(struct rw_pdf *pdf, HPDF_InfoType type, int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	gmtime_r(&when, &tm);
	HPDF_SetInfoDateAttr(pdf->doc, type, (HPDF_Date){
		.year = tm.tm_year + 1900, .month = tm.tm_mon + 1,
		.day = tm.tm_mday, .hour = tm.tm_hour,
		.minutes = tm.tm_min, .seconds = tm.tm_sec, .ind = 'Z'});
}

static void
set_info(struct rw_pdf *pdf, HPDF_InfoType type, const char *text)
{
	if (text != NULL && text[0] != '\0')
		HPDF_SetInfoAttr(pdf->doc, type, text);
}

void
rw_pdf_begin(struct rw_pdf *pdf, const struct rw_pdf_info *info)
{
	HPDF_FreeDoc(pdf->doc);
	HPDF_ResetError(pdf->doc);
	pdf->failed = false;
	pdf->page = NULL;
	pdf->image = NULL;
	rw_buf_reset(&pdf->content);
	rw_pdf_glyphs_end(&pdf->fonts, false);
	rw_pdf_fonts_begin(&pdf->fonts);
	HPDF_NewDoc(pdf->doc);
	HPDF_SetCompressionMode(pdf->doc, HPDF_COMP_IMAGE |
		HPDF_COMP_METADATA);
	HPDF_SetCurrentEncoder(pdf->doc, "UTF-8");
	set_info(pdf, HPDF_INFO_TITLE, info->title);
	set_info(pdf, HPDF_INFO_AUTHOR, info->author);
	set_info(pdf, HPDF_INFO_SUBJECT, info->subject);
	set_date(pdf, HPDF_INFO_CREATION_DATE, info->created);
	set_date(pdf, HPDF_INFO_MOD_DATE, info->created);
}

/* Within the dictionary before the stream. */
static HPDF_STATUS
name_filter(HPDF_Dict contents, HPDF_Stream out)
{
	(void)contents;
	return HPDF_Stream_WriteStr(out, "/Filter /FlateDecode\n");
}

static void
end_page(struct rw_pdf *pdf)
{
	HPDF_PageAttr attr;

	if (pdf->page == NULL)
		return;
	attr = ((HPDF_Page)pdf->page)->attr;
	attr->contents->write_fn = name_filter;
	rw_buf_reset(&pdf->packed);
	if (pdf->content.failed || !rw_deflate(pdf->deflater, RW_DEFLATE_ZLIB,
	    rw_buf_text(&pdf->content), pdf->content.len, &pdf->packed, NULL))
		note_failure(HPDF_FAILD_TO_ALLOC_MEM, 0, pdf);
	if (HPDF_Stream_Write(attr->stream,
	    (const HPDF_BYTE *)rw_buf_text(&pdf->packed),
	    (HPDF_UINT)pdf->packed.len) != HPDF_OK)
		note_failure(HPDF_FAILD_TO_ALLOC_MEM, 0, pdf);
	rw_buf_reset(&pdf->content);
	pdf->page = NULL;
}

/* HPDF_ReadFromStream copies byte by byte. */
static void
copy_out(struct rw_pdf *pdf, struct rw_buf *out)
{
	HPDF_Stream stream = ((HPDF_Doc)pdf->doc)->stream;
	HPDF_UINT count = HPDF_MemStream_GetBufCount(stream), i, len;

	for (i = 0; i < count; i++) {
		const HPDF_BYTE *bytes = HPDF_MemStream_GetBufPtr(stream, i,
			&len);

		if (bytes == NULL) {
			note_failure(HPDF_GetError(pdf->doc), 0, pdf);
			return;
		}
		rw_buf_add(out, bytes, len);
	}
}

/* Text without a face needs fonts that could not be loaded. */
static bool
describe_failure(const struct rw_pdf *pdf, struct rw_err *err)
{
	if (pdf->code == HPDF_INVALID_FONT &&
	    pdf->fonts.wide_error.kind != RW_OK)
		return rw_fail(err, RW_DATA, "the text of the document needs "
			"the DejaVu fonts (RW_FONT_DIR): %s",
			pdf->fonts.wide_error.message);
	return rw_fail(err, RW_BUG, "cannot make a PDF document: libharu error "
		"0x%04lx, detail %lu", pdf->code, pdf->detail);
}

bool
rw_pdf_end(struct rw_pdf *pdf, struct rw_buf *out, struct rw_err *err)
{
	HPDF_STATUS status;

	end_page(pdf);
	if (!pdf->failed)
		rw_pdf_fonts_end(&pdf->fonts);
	rw_pdf_glyphs_end(&pdf->fonts, !pdf->failed);
	/* Not every function of libharu reports its error. */
	if (HPDF_GetError(pdf->doc) != HPDF_OK)
		note_failure(HPDF_GetError(pdf->doc),
			HPDF_GetErrorDetail(pdf->doc), pdf);
	if (!pdf->failed && (status = HPDF_SaveToStream(pdf->doc)) != HPDF_OK)
		note_failure(status, 0, pdf);
	if (!pdf->failed)
		copy_out(pdf, out);
	HPDF_FreeDoc(pdf->doc);
	if (pdf->failed)
		return describe_failure(pdf, err);
	return rw_buf_ok(out, "a PDF document", err);
}

void
rw_pdf_page(struct rw_pdf *pdf)
{
	end_page(pdf);
	pdf->page = HPDF_AddPage(pdf->doc);
	if (pdf->page == NULL) {
		note_failure(HPDF_INVALID_PAGE, 0, pdf);
	} else {
		HPDF_Page_SetWidth(pdf->page, pdf->options.width);
		HPDF_Page_SetHeight(pdf->page, pdf->options.height);
	}
	pdf->fill = pdf->stroke = no_ink;
	pdf->thickness = pdf->size = -1;
	pdf->tracking = 0;
	pdf->face = NULL;
	/* Round joins: a mitred corner would extend beyond its point. */
	rw_buf_adds(&pdf->content, "1 j\n");
}

float
rw_pdf_page_width(const struct rw_pdf *pdf)
{
	return pdf->options.width;
}

float
rw_pdf_page_height(const struct rw_pdf *pdf)
{
	return pdf->options.height;
}

bool
rw_pdf_can_show(struct rw_pdf *pdf, const char *text, struct rw_err *unreadable)
{
	bool failed = pdf->failed;
	bool shows = rw_pdf_fonts_can_show(&pdf->fonts, text, unreadable);

	/* A file that is not a font has no effect on the document. */
	if (pdf->failed && !failed) {
		HPDF_ResetError(pdf->doc);
		pdf->failed = false;
	}
	return shows;
}

/* ---- what can be shown --------------------------------------------------- */

/* A white square in DejaVu Sans. */
#define MISSING "\xe2\x96\xa1"

static bool
can_show_char(struct rw_pdf *pdf, uint32_t c)
{
	struct rw_buf one = {0};
	bool shows;

	rw_text_add_char(&one, c);
	shows = rw_pdf_can_show(pdf, rw_buf_text(&one), NULL);
	rw_buf_free(&one);
	return shows;
}

/* Returns how many visible characters can be shown. */
static size_t
add_shown(struct rw_pdf *pdf, const char *text, struct rw_buf *out)
{
	bool was_missing = false;
	size_t shown = 0;
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0) {
		bool blank = rw_char_is_blank(c) || rw_char_is_ignorable(c);

		if (blank || can_show_char(pdf, c)) {
			rw_text_add_char(out, c);
			shown += !blank;
			was_missing = false;
		} else if (!was_missing) {
			rw_buf_adds(out, MISSING);
			was_missing = true;
		}
	}
	return shown;
}

enum rw_pdf_shown
rw_pdf_add_shown(struct rw_pdf *pdf, const char *text, struct rw_buf *out,
	struct rw_err *unreadable)
{
	struct rw_buf shown = {0};
	bool some;

	if (rw_pdf_can_show(pdf, text, unreadable)) {
		rw_buf_adds(out, text);
		return RW_PDF_ALL;
	}
	some = unreadable->kind == RW_OK &&
		add_shown(pdf, text, &shown) > 0 &&
		rw_pdf_can_show(pdf, rw_buf_text(&shown), NULL);
	if (some)
		rw_buf_adds(out, rw_buf_text(&shown));
	rw_buf_free(&shown);
	return some ? RW_PDF_SOME : RW_PDF_NONE;
}

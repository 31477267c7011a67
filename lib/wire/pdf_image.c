/*
 * Images of a document: each is stored once, and can be drawn several times.
 */
#include <hpdf.h>

#include "wire/image.h"
#include "wire/pdf_priv.h"

static HPDF_STATUS
name_filter(HPDF_Dict dict, HPDF_Stream out, const char *filter)
{
	(void)dict;
	return HPDF_Stream_WriteStr(out, filter);
}

static HPDF_STATUS
name_jpeg(HPDF_Dict dict, HPDF_Stream out)
{
	return name_filter(dict, out, "/Filter /DCTDecode\n");
}

static HPDF_STATUS
name_rows(HPDF_Dict dict, HPDF_Stream out)
{
	return name_filter(dict, out, "/Filter /FlateDecode\n");
}

/* How the rows were filtered before they were compressed. */
static void
describe_rows(HPDF_Dict dict, const struct rw_image *image)
{
	HPDF_Dict parameters = HPDF_Dict_New(dict->mmgr);

	if (parameters == NULL ||
	    HPDF_Dict_Add(dict, "DecodeParms", parameters) != HPDF_OK)
		return;
	HPDF_Dict_AddNumber(parameters, "Predictor", 15);
	HPDF_Dict_AddNumber(parameters, "Colors", image->channels);
	HPDF_Dict_AddNumber(parameters, "BitsPerComponent", 8);
	HPDF_Dict_AddNumber(parameters, "Columns", image->width);
}

static void *
store_image(struct rw_pdf *pdf, const struct rw_image *image)
{
	HPDF_Doc doc = pdf->doc;
	HPDF_Dict dict = HPDF_DictStream_New(doc->mmgr, doc->xref);

	if (dict == NULL)
		return NULL;
	dict->header.obj_class |= HPDF_OSUBCLASS_XOBJECT;
	HPDF_Dict_AddName(dict, "Type", "XObject");
	HPDF_Dict_AddName(dict, "Subtype", "Image");
	HPDF_Dict_AddNumber(dict, "Width", image->width);
	HPDF_Dict_AddNumber(dict, "Height", image->height);
	HPDF_Dict_AddNumber(dict, "BitsPerComponent", 8);
	HPDF_Dict_AddName(dict, "ColorSpace", image->channels == 1 ?
		"DeviceGray" : "DeviceRGB");
	dict->write_fn = image->jpeg ? name_jpeg : name_rows;
	if (!image->jpeg)
		describe_rows(dict, image);
	return HPDF_Stream_Write(dict->stream,
		(const HPDF_BYTE *)image->data.data,
		(HPDF_UINT)image->data.len) == HPDF_OK ? dict : NULL;
}

/* The name of the image on the page. The image is stored when it is first
 * drawn. */
static const char *
name_of(struct rw_pdf *pdf, const struct rw_image *image)
{
	if (pdf->image != image)
		pdf->stored_image = store_image(pdf, image);
	pdf->image = image;
	if (pdf->stored_image == NULL || pdf->page == NULL)
		return NULL;
	return HPDF_Page_GetXObjectName(pdf->page, pdf->stored_image);
}

/* The matrices that map the unit square to the image in its orientation, in
 * units of its width (first row) and of its height (second row). */
static const struct turn {
	float x[3], y[3];	/* along a row, up, from */
} turns[] = {
	{{1, 0, 0}, {0, 1, 0}},
	{{-1, 0, 1}, {0, 1, 0}},
	{{-1, 0, 1}, {0, -1, 1}},
	{{1, 0, 0}, {0, -1, 1}},
	{{0, -1, 1}, {-1, 0, 1}},
	{{0, 1, 0}, {-1, 0, 1}},
	{{0, 1, 0}, {1, 0, 0}},
	{{0, -1, 1}, {1, 0, 0}},
};

void
rw_pdf_image(struct rw_pdf *pdf, float x, float y, float width, float height,
	const struct rw_image *image)
{
	const struct turn *turn = &turns[image->orientation - 1];
	bool lies = turn->x[0] == 0;
	float w = (float)(lies ? image->height : image->width);
	float h = (float)(lies ? image->width : image->height);
	float scale = width / w < height / h ? width / w : height / h;
	const char *name = name_of(pdf, image);
	int i;

	if (name == NULL) {
		rw_pdf_note(pdf, HPDF_INVALID_IMAGE);
		return;
	}
	w *= scale;
	h *= scale;
	rw_buf_adds(&pdf->content, "q ");
	for (i = 0; i < 2; i++) {
		rw_pdf_add_number(pdf, turn->x[i] * w);
		rw_pdf_add_number(pdf, turn->y[i] * h);
	}
	rw_pdf_add_number(pdf, x + turn->x[2] * w);
	rw_pdf_add_number(pdf, pdf->options.height - y - h + turn->y[2] * h);
	rw_buf_addf(&pdf->content, "cm /%s Do Q\n", name);
}

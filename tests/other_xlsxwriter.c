/*
 * Simulates a later libxlsxwriter that writes its archive with a different
 * function of minizip: preloaded, it replaces workbook_close. The archive has
 * one part, "other.xml".
 */
#include <xlsxwriter.h>

typedef void *zip_file;

zip_file zipOpen(const char *path, int append);
int zipOpenNewFileInZip64(zip_file file, const char *name, const void *info,
	const void *extra_local, unsigned extra_local_len,
	const void *extra_global, unsigned extra_global_len,
	const char *comment, int method, int level, int zip64);
int zipWriteInFileInZip(zip_file file, const void *bytes, unsigned len);
int zipCloseFileInZipRaw(zip_file file, unsigned long len, unsigned long crc);
int zipClose(zip_file file, const char *comment);

lxw_error
workbook_close(lxw_workbook *workbook)
{
	zip_file file = zipOpen(workbook->filename, 0);

	if (file == NULL || zipOpenNewFileInZip64(file, "other.xml", NULL,
	    NULL, 0, NULL, 0, NULL, 8, 6, 0) != 0 ||
	    zipWriteInFileInZip(file, "<other/>", 8) != 0 ||
	    zipCloseFileInZipRaw(file, 8, 0) != 0 || zipClose(file, NULL) != 0)
		return LXW_ERROR_ZIP_FILE_OPERATION;
	lxw_workbook_free(workbook);
	return LXW_NO_ERROR;
}

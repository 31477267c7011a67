/*
 * Any text as a record of comma-separated values, and any bytes as a table. The
 * fields, written again with quotes, are read as the same.
 */
#include "fuzz.h"

#include "followers/table.h"
#include "wire/csv.h"

static void
read_again(const struct rw_csv *csv)
{
	struct rw_csv again = {0};
	struct rw_buf text = {0};
	size_t i;
	const char *c;

	for (i = 0; i < csv->count; i++) {
		rw_buf_adds(&text, i == 0 ? "" : ";");
		rw_buf_adds(&text, csv->fields[i] == NULL ? "" : "\"");
		for (c = csv->fields[i]; c != NULL && *c != '\0'; c++)
			rw_buf_adds(&text, *c == '"' ? "\"\"" :
				(char[2]){*c, '\0'});
		rw_buf_adds(&text, csv->fields[i] == NULL ? "" : "\"");
	}
	require(!rw_csv_is_open(rw_buf_text(&text), text.len, ';'));
	require(rw_csv_split(&again, text.data, ';'));
	require(again.count == csv->count);
	for (i = 0; i < csv->count; i++)
		require((again.fields[i] == NULL) == (csv->fields[i] == NULL) &&
			(csv->fields[i] == NULL || strcmp(again.fields[i],
			csv->fields[i]) == 0));
	rw_buf_free(&text);
}

static void
read_table(const void *bytes, size_t len)
{
	struct rw_table table = {0};
	struct rw_err err = {0};
	char path[32];
	const char *text;
	int fd = fuzz_file(bytes, len, path);
	bool good = rw_table_open(&table, path, &err), found = good;

	while (good && found) {
		good = rw_table_next(&table, &found, &err);
		if (good && found)
			good = rw_table_text(&table, "date", &text, &err);
	}
	fuzz_outcome(good, &err);
	rw_table_close(&table);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct rw_csv csv = {0};
	char *text = fuzz_rest(&input);

	if (!rw_csv_is_open(text, strlen(text), ',') &&
	    rw_csv_split(&csv, text, ',')) {
		require(csv.count <= RW_CSV_FIELDS);
		if (csv.count > 0)
			read_again(&csv);
	}
	free(text);
	read_table(data, size);
	return 0;
}

#include "followers/odd_day.h"

#include "tap.h"

static const struct rw_period june = {2025, 6};

static const struct {
	const char *text;
	bool is_elsewhere;
} texts[] = {
	{"", false}, {" ", false}, {"x", false}, {"2025", false},
	{"2025-06", false}, {"June 3, 2025", false}, {"3.6.2025", false},
	{"03.06.2025", false}, {"03.05.2025", false}, {"20.06.2025", false},
	{"20062025", false}, {"2025/06/03", false}, {"2025/05/03", true},
	{"2025/07/01", true}, {"2024/06/03", true}, {"2025.06.03", false},
	{"2025.7.3", true}, {"2025-6-3", false}, {"2025-5-31", true},
	{" 2025-06-03", false}, {"2025-06-03 ", false}, {" 2025-05-03", true},
	{"2025-06-03T22:00:00Z", false}, {"2025-07-01T02:00:00Z", false},
	{"2025-07-02 23:59", false}, {"2025-07-03 00:00", true},
	{"2025-05-30T00:00:00+02:00", false}, {"2025-05-29T23:00", true},
	{"2025-Jun-03", false}, {"2025-13-03", false}, {"2025-05-32", false},
	{"2025-05", true}, {"2025-6", false}, {"2025-1", true}, {"20250503T00", true}, {"20250603T00", false},
	{"1748908800", false}, {"2025603", false},
	{"2025-13-06", false}, {"2025-154", false}, {"2025-106", true},
	{"2025-154T09", false}, {"2025-010", true}, {"2025-400", false},
	{"2025-149", true}, {"2025-150", false}, {"2025-183", false},
	{"2025-184", true}, {"20251306", false},
	{"202513", true}, {"202563", false},
	{"200625", false},
};

/* Of 2025-06-03 and 2025-08-03. */
static const struct {
	int64_t number;
	bool is_elsewhere;
} numbers[] = {
	{20250603, false}, {20250803, true}, {20240603, true},
	{1748908800, false}, {1754179200, true},
	{1748908800000, false}, {1754179200000, true},
	{1748908800000000, false}, {1754179200000000, true},
	{1748908800000000000, false}, {1754179200000000000, true},
	{20242, false}, {20303, true},		/* days since 1970 */
	{45811, false}, {45872, true},		/* of a workbook */
	{0, false}, {-1, false}, {7, false}, {250603, false}, {202506, false},
	{INT64_MAX, false}, {INT64_MIN, false},
	/* Two days around the month may be in it. */
	{1748563200, false}, {1748476800, true},
	{1751414400, false}, {1751500800, true},
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		ok(rw_odd_text_is_elsewhere(texts[i].text, june) ==
			texts[i].is_elsewhere, "\"%s\" %s of June 2025",
			texts[i].text, texts[i].is_elsewhere ? "is not" :
			"may be");
	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		ok(rw_odd_number_is_elsewhere(numbers[i].number, june) ==
			numbers[i].is_elsewhere, "%" PRId64 " %s of June 2025",
			numbers[i].number, numbers[i].is_elsewhere ?
			"is not" : "may be");
	ok(rw_odd_instant_is_elsewhere(-1, june), "1969");
	ok(!rw_odd_instant_is_elsewhere(1751410800000, june), "1 July, 23 h");
	ok(rw_odd_instant_is_elsewhere(1751500800000, june), "3 July");
	ok(!rw_odd_instant_is_elsewhere(1748563200000, june), "30 May");
	ok(rw_odd_instant_is_elsewhere(1748563199999, june), "29 May");
	return done();
}

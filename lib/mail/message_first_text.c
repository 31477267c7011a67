/* The texts of the first edition. They never change. */
#include "mail/message_default_priv.h"

/* Mail clients support little of HTML: one column of tables, styles on the
 * elements, and a style sheet only for what may be lost, dark colours and small
 * screens. */
#define PAGE_HEAD \
"<!DOCTYPE html>\n" \
"<html lang=\"en\">\n" \
"<head>\n" \
"<meta charset=\"utf-8\">\n" \
"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n" \
"<meta name=\"color-scheme\" content=\"light dark\">\n" \
"<meta name=\"supported-color-schemes\" content=\"light dark\">\n" \
"<title>{brand} Monthly Report - {report_period}{corrected}</title>\n" \
"<style>\n" \
":root{color-scheme:light dark}\n" \
"a{color:#0b5cad}\n" \
"@media (max-width:480px){\n" \
".pad{padding-left:20px!important;padding-right:20px!important}\n" \
".outer{padding:0!important}\n" \
".card{border-radius:0!important;border-left:0!important;" \
"border-right:0!important}\n" \
"}\n" \
"@media (prefers-color-scheme:dark){\n" \
"body,.outer{background:#14171c!important}\n" \
".card{background:#1f242c!important;border-color:#333b47!important}\n" \
".ink{color:#e8ebef!important}\n" \
".dim{color:#a3adba!important}\n" \
".rule{border-color:#333b47!important}\n" \
".button{background:#1f6fc4!important}\n" \
"a{color:#7db8f5}\n" \
"}\n" \
"</style>\n" \
"</head>\n" \
"<body style=\"margin:0;padding:0;background:#f3f5f8\">\n" \
"<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" " \
"cellspacing=\"0\" border=\"0\">\n" \
"<tr><td class=\"outer\" align=\"center\" " \
"style=\"padding:32px 12px;background:#f3f5f8\">\n" \
"<!--[if mso]><table role=\"presentation\" width=\"560\"><tr><td>" \
"<![endif]-->\n" \
"<table class=\"card\" role=\"presentation\" width=\"100%\" " \
"cellpadding=\"0\" cellspacing=\"0\" border=\"0\" " \
"style=\"max-width:560px;border-collapse:separate;background:#ffffff;" \
"border:1px solid #dfe4ea;border-radius:10px;overflow:hidden;" \
"font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;" \
"font-size:16px;line-height:1.5;text-align:left\">\n" \
"<tr><td style=\"height:6px;line-height:6px;font-size:0;" \
"background:#0b5cad\">&nbsp;</td></tr>\n" \
"<tr><td class=\"pad\" style=\"padding:28px 36px 0\">\n" \
"<p class=\"dim\" style=\"margin:0;font-size:14px;font-weight:600;" \
"letter-spacing:.02em;color:#5a6675\">{brand} Monthly Report</p>\n" \
"<h1 class=\"ink\" style=\"margin:2px 0 0;font-size:28px;line-height:1.25;" \
"font-weight:700;color:#17202b\">{month}</h1>\n" \
"</td></tr>\n" \
"<tr><td class=\"pad ink\" style=\"padding:20px 36px 0;color:#17202b;" \
"overflow-wrap:anywhere\">\n"

#define PAGE_FOOT \
"</td></tr>\n" \
"<tr><td class=\"pad\" style=\"padding:24px 36px 28px\">\n" \
"<p class=\"dim rule\" style=\"margin:0;padding-top:16px;" \
"border-top:1px solid #dfe4ea;font-size:13px;color:#5a6675\">" \
"This message was sent automatically by {brand}.</p>\n" \
"</td></tr>\n" \
"</table>\n" \
"<!--[if mso]></td></tr></table><![endif]-->\n" \
"</td></tr>\n" \
"</table>\n" \
"</body>\n" \
"</html>\n"

#define PARAGRAPH "<p style=\"margin:0 0 14px\">"

#define BUTTON(url, words) \
"<li style=\"margin:0 0 12px\"><a class=\"button\" href=\"" url "\" " \
"style=\"display:block;padding:13px 20px;border-radius:7px;" \
"background:#0b5cad;color:#ffffff;font-weight:600;text-align:center;" \
"text-decoration:none\">" words "</a></li>\n"

const char *const rw_text_first[RW_TEXTS][RW_TEXT_PIECES] = {
[RW_TEXT_SUBJECT] = {
"{brand} Monthly Report - {report_period}{corrected}\n"},

[RW_TEXT_LINKS_TEXT] = {
"{greeting}\n"
"\n"
"Your monthly report for {report_period}{corrected} is ready.\n"
"\n"
"You can download your reports using the links below ({validity}):\n"
"\n"
"Download PDF Report\n"
"{pdf_url}\n"
"\n"
"Download Excel Report\n"
"{excel_url}\n"
"\n"
"The links work until {url_expires_at}.\n"
"Whoever has them can open your report: please do not forward this message.\n"
"\n"
"-- \n"
"This message was sent automatically by {brand}.\n"},

[RW_TEXT_LINKS_HTML] = {
PAGE_HEAD
PARAGRAPH "{greeting}</p>\n"
PARAGRAPH "Your monthly report for {report_period}{corrected} is ready.</p>\n"
"<p style=\"margin:0 0 18px\">You can download your reports using the links "
"below ({validity}):</p>\n"
"<ul style=\"margin:0;padding:0;list-style:none\">\n"
BUTTON("{pdf_url}", "Download PDF Report")
BUTTON("{excel_url}", "Download Excel Report")
"</ul>\n"
"<p class=\"dim\" style=\"margin:10px 0 0;font-size:14px;color:#5a6675\">"
"The links work until {url_expires_at}. Whoever has them can open your "
"report: please do not forward this message.</p>\n"
PAGE_FOOT},

[RW_TEXT_ATTACHMENTS_TEXT] = {
"{greeting}\n"
"\n"
"Please find attached your monthly report for {report_period}{corrected}.\n"
"\n"
"The report includes your performance summary and commission details.\n"
"\n"
"-- \n"
"This message was sent automatically by {brand}.\n"},

[RW_TEXT_ATTACHMENTS_HTML] = {
PAGE_HEAD
PARAGRAPH "{greeting}</p>\n"
PARAGRAPH "Please find attached your monthly report for "
	"{report_period}{corrected}.</p>\n"
PARAGRAPH "The report includes your performance summary and commission "
"details.</p>\n"
PAGE_FOOT},
};

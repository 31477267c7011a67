#include "mail/message_default_priv.h"

/* Mail clients support little of HTML. The page is therefore one column of
 * tables. Distances are padding of cells, and backgrounds and alignment are
 * attributes, because Outlook for Windows ignores much of CSS. The style
 * sheet, which a client may ignore, only has the dark colours. The blue is that
 * of the statement. tests/mailpit.bats has the share of clients that support
 * what is used here. */
#define NAVY "#17365d"
#define INK "#16212e"
#define MUTED "#5f6b7a"
#define RULE "#d3dae2"
#define TILE "#f3f5f8"

#define FONT "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

#define TABLE "<table role=\"presentation\" cellpadding=\"0\" " \
"cellspacing=\"0\" border=\"0\""

/* A row of the page, with the distance below it. */
#define ROW(class, style) "<tr><td class=\"" class "\" style=\"padding:0 28px " \
style ";" FONT "\">"
#define END "</td></tr>\n"
#define SPACE(height) "<tr><td height=\"" height "\" style=\"font-size:1px;" \
"line-height:" height "px\">&nbsp;" END

#define SMALL "8px;font-size:13px;line-height:20px;color:" MUTED

#define PAGE_HEAD(preheader) \
"<!DOCTYPE html>\n" \
"<html lang=\"en\">\n" \
"<head>\n" \
"<meta charset=\"utf-8\">\n" \
"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n" \
"<meta name=\"color-scheme\" content=\"light dark\">\n" \
"<meta name=\"supported-color-schemes\" content=\"light dark\">\n" \
"<title>{brand} Monthly Report - {month}{corrected}</title>\n" \
"<style>\n" \
"@media (prefers-color-scheme:dark){\n" \
".page{background-color:#10161f!important}\n" \
".card{background-color:#1a2230!important}\n" \
".ink{color:#e8edf3!important}\n" \
".dim,.dim a{color:#a9b5c4!important}\n" \
".pre{color:#10161f!important}\n" \
".edge{background-color:#2f3b4d!important}\n" \
".bar,.first{background-color:#3f72b0!important;" \
"border-color:#3f72b0!important}\n" \
".logo{background-color:#ffffff!important;padding:6px!important}\n" \
".second{background-color:#1a2230!important;border-color:#5d83b3!important}\n" \
".second a{color:#b9d0ee!important}\n" \
"}\n" \
"</style>\n" \
"</head>\n" \
"<body class=\"page\" bgcolor=\"" TILE "\">\n" \
"<div class=\"pre\" style=\"font-size:1px;line-height:1px;color:" TILE ";" \
"mso-hide:all\">" preheader "</div>\n" \
TABLE " class=\"page\" width=\"100%\" bgcolor=\"" TILE "\">\n" \
"<tr><td align=\"center\" style=\"padding:16px 0\">\n" \
"<!--[if mso]>" TABLE " width=\"560\"><tr><td><![endif]-->\n" \
TABLE " class=\"card\" width=\"100%\" align=\"center\" bgcolor=\"#ffffff\" " \
"style=\"max-width:560px;word-break:break-word\">\n" \
"<tr><td class=\"bar\" height=\"6\" bgcolor=\"" NAVY "\" " \
"style=\"font-size:1px;line-height:6px\">&nbsp;" END \
SPACE("24") \
"{?logo_url}" ROW("", "14px") "<img class=\"logo\" src=\"{logo_url}\" " \
"height=\"40\" border=\"0\" alt=\"{brand}\">" END "{/logo_url}" \
ROW("dim", "0;font-size:14px;line-height:20px;color:" MUTED) \
"{brand} Monthly Report" END \
ROW("ink", "0;color:" INK) "<h1 style=\"margin:0;font-size:28px;" \
"line-height:36px\">{month}</h1>" END

/* With paragraphs, whose distances do not need a style. */
#define TEXT ROW("ink", "6px;font-size:16px;line-height:24px;color:" INK)

#define PAGE_FOOT \
ROW("", "14px") TABLE " width=\"100%\"><tr><td class=\"edge\" height=\"1\" " \
"bgcolor=\"" RULE "\" style=\"font-size:1px;line-height:1px\">&nbsp;" \
"</td></tr></table>" END \
ROW("dim", SMALL) \
"You receive this message because you are a follower at {brand}, and {email} " \
"is the address for your monthly report. It was sent automatically." \
"{?issuer_email} If you have a question, write to " \
"<a href=\"mailto:{issuer_email}\" style=\"color:" MUTED "\">" \
"{issuer_email}</a>.{/issuer_email}" END \
ROW("dim", SMALL) \
"{?issuer_name}{issuer_name}<br>{/issuer_name}" \
"{?issuer_address}{issuer_address}<br>{/issuer_address}" \
"{?issuer_number}{issuer_number}<br>{/issuer_number}" \
"{?issuer_url}<a href=\"{issuer_url}\" style=\"color:" MUTED "\">" \
"{issuer_url}</a><br>{/issuer_url}" \
"{?issuer_footer}{issuer_footer}{/issuer_footer}" END \
SPACE("16") \
"</table>\n" \
"<!--[if mso]></td></tr></table><![endif]-->\n" \
"</td></tr>\n" \
"</table>\n" \
"</body>\n" \
"</html>\n"

/* The background and the padding belong to the cell, so that Outlook for
 * Windows draws the button whole. */
#define BUTTON(class, background, color, url, words) \
ROW("", "12px") TABLE " width=\"260\"><tr><td class=\"" class "\" " \
"align=\"center\" bgcolor=\"" background "\" style=\"border:1px solid " NAVY \
";border-radius:6px;padding:12px;font-size:16px;line-height:22px;" FONT "\">" \
"<a href=\"" url "\" style=\"display:block;color:" color ";" \
"text-decoration:none\">" \
"<strong>" words "</strong></a></td></tr></table>" END

/* As text, for those who copy it. */
#define LINK(name, url) \
ROW("dim", "16px;font-size:12px;line-height:17px;" \
"color:" MUTED) name "<br><a href=\"" url "\" style=\"color:" MUTED "\">" url \
"</a>" END

/* A table of a fixed width, whose rows are lines of text. */
#define CORRECTION \
"{?correction}<pre style=\"font-family:Consolas,Menlo,monospace;" \
"font-size:13px;line-height:19px;white-space:pre-wrap\">{correction}</pre>\n" \
"{/correction}"

#define TEXT_FOOT \
"{checksums}" \
"\n" \
"-- \n" \
"You receive this message because you are a follower at {brand}, and\n" \
"{email} is the address for your monthly report.\n" \
"It was sent automatically.\n" \
"{?issuer_email}If you have a question, write to {issuer_email}.\n" \
"{/issuer_email}" \
"{?issuer_name}{issuer_name}\n{/issuer_name}" \
"{?issuer_address}{issuer_address}\n{/issuer_address}" \
"{?issuer_number}{issuer_number}\n{/issuer_number}" \
"{?issuer_url}{issuer_url}\n{/issuer_url}" \
"{?issuer_footer}{issuer_footer}\n{/issuer_footer}"

const char *const rw_text_defaults[RW_TEXTS][RW_TEXT_PIECES] = {
[RW_TEXT_SUBJECT] = {
"{brand} Monthly Report - {month}{corrected}\n"},

[RW_TEXT_LINKS_TEXT] = {
"{greeting}\n"
"\n"
"Your monthly report for {month}{corrected} is ready.\n"
"\n"
"{?correction}{correction}\n\n{/correction}"
"You can download your reports using the links below ({validity}):\n"
"\n"
"Download PDF Report\n"
"{pdf_url}\n"
"\n"
"Download Excel Report\n"
"{excel_url}\n"
"\n"
"The links work until {url_expires_at}.\n"
"Anybody who has a link can open your report: please do not forward this\n"
"message.\n"
TEXT_FOOT},

[RW_TEXT_LINKS_HTML] = {
PAGE_HEAD("Download your PDF and Excel reports, {validity}."),
TEXT "<p>{greeting}</p>\n"
"<p>Your monthly report for {month}{corrected} is ready.</p>\n"
CORRECTION
"<p>You can download your reports using the links below ({validity}):</p>" END
BUTTON("first", NAVY, "#ffffff", "{pdf_url}", "Download PDF Report")
BUTTON("second", "#ffffff", NAVY, "{excel_url}", "Download Excel Report"),
ROW("dim", "10px;font-size:14px;line-height:21px;color:" MUTED)
"<p>The links work until {url_expires_at}. Anybody who has a link can open "
"your report: please do not forward this message.</p>" END
LINK("The link to the PDF report:", "{pdf_url}")
LINK("The link to the Excel report:", "{excel_url}"),
PAGE_FOOT},

[RW_TEXT_ATTACHMENTS_TEXT] = {
"{greeting}\n"
"\n"
"Please find attached your monthly report for {month}{corrected}.\n"
"\n"
"{?correction}{correction}\n\n{/correction}"
"The report includes your performance summary and commission details.\n"
TEXT_FOOT},

[RW_TEXT_ATTACHMENTS_HTML] = {
PAGE_HEAD("Your PDF and Excel reports are attached."),
TEXT "<p>{greeting}</p>\n"
"<p>Please find attached your monthly report for {month}{corrected}.</p>\n"
CORRECTION
"<p>The report includes your performance summary and commission details.</p>"
END,
PAGE_FOOT},
};

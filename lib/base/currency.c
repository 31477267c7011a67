#include "base/currency.h"

#include <string.h>

/* Codes of three letters, by the decimals of the minor unit. */
static const struct {
	int digits;
	const char *codes;
} minor_units[] = {
	{0,
		"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF "
		"XOF XPF"},
	{2,
		"AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD "
		"BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY "
		"COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
		"GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
		"JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA "
		"MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
		"NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
		"SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
		"TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD "
		"XCD XCG YER ZAR ZMW ZWG"},
	{3,
		"BHD IQD JOD KWD LYD OMR TND"},
	{4,
		"CLF UYW"},
};

/* In the list, but without a minor unit: metals, units of account, testing. */
static const char without_unit[] =
	"XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX";

static bool
has(const char *codes, const char *code)
{
	return strlen(code) == 3 && strchr(code, ' ') == NULL &&
		strstr(codes, code) != NULL;
}

bool
rw_currency_digits(const char *code, int *digits, struct rw_err *err)
{
	size_t i;

	for (i = 0; i < sizeof minor_units / sizeof *minor_units; i++)
		if (has(minor_units[i].codes, code)) {
			*digits = minor_units[i].digits;
			return true;
		}
	if (has(without_unit, code))
		return rw_fail(err, RW_DATA, "currency \"%s\" is an ISO 4217 "
			"code without a minor unit: no amount can be paid in "
			"it", code);
	return rw_fail(err, RW_DATA, "currency \"%.20s\" is not a currency "
		"code of ISO 4217", code);
}

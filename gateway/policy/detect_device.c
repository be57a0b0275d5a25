/* detect_device.c - numbers that lead to a thing and from there to a person or a place:
 * vehicles, telephones, SIM cards, cameras, machine-readable zones, police files. */
#include <string.h>

#include "policy/detect.h"
#include "policy/gb.h"

enum { VIN = 17, IMEI = 15, IMSI = 15, CAMERA = 20, CASE_CODE = 23, DETAINEE = 21, MRZ = 44 };

/* Letters in upper case without separators; 0 when there are more than cap. */
static size_t squeeze(struct extent e, char *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < e.len; i++) {
		char c = e.text[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
			continue;
		if (n == cap)
			return 0;
		out[n++] = c;
	}
	return n;
}

bool detect_device_vin(struct match *m)
{
	static const char *const words[] = {"车架", "车辆识别", "识别代号", "VIN", "vin", NULL};
	char c[VIN + 1] = "";
	unsigned letters = 0;

	if (!match_whole(m) || squeeze(match_text(m), c, VIN) != VIN || !gb_vin(c))
		return false;
	for (int i = 0; i < VIN; i++)
		letters += c[i] > '9';
	/* One number in eleven passes; digits alone are something else more often, and
	 * "xxxxxxxxxxxxxxxx3" is a mask. */
	if (letters < 2 || strspn(c, (const char[]){c[0], '\0'}) > VIN / 2)
		return false;
	match_evidence(m, "shape,check-digit");
	match_score(m, true, match_any(match_around(m, CONTEXT_DEFAULT, 10), words));
	return true;
}

bool detect_device_phone(struct match *m)
{
	static const char *const words[] = {"IMEI",  "imei", "IMSI", "imsi", "串号", "ICCID",
					    "iccid", "手机", "SIM",  "卡号", NULL};
	const char *word = match_any(match_around(m, CONTEXT_DEFAULT, 10), words);
	char d[24];
	size_t n = match_digits(match_text(m), d, 20);

	if (!match_whole(m) || memchr(d, 'X', n) != NULL || match_is_decimal(m))
		return false;
	d[n] = '\0';
	if (n >= 19 && strncmp(d, "8986", 4) == 0) {
		if (!gb_luhn(d, n))
			return false;
		match_evidence(m, "iccid,luhn");
	} else if (n == IMSI && strncmp(d, "460", 3) == 0 && word != NULL) {
		match_evidence(m, "imsi");
		match_score(m, false, word);
		return true;
	} else if (n == IMEI && word != NULL && gb_luhn(d, n)) {
		match_evidence(m, "imei,luhn");
	} else {
		return false;
	}
	match_score(m, true, word);
	return true;
}

/* Twenty digits of GB/T 28181: region, two of the industry, three of the type. */
bool detect_device_camera(struct match *m)
{
	static const char *const words[] = {"摄像",   "监控", "视频", "国标编码", "设备编码",
					    "设备ID", "点位", "卡口", "平台",	  NULL};
	const char *word = match_any(match_around(m, CONTEXT_DEFAULT, CONTEXT_DEFAULT), words);
	char d[CAMERA];
	bool camera;

	if (!match_whole(m) || match_digits(match_text(m), d, CAMERA) != CAMERA ||
	    memchr(d, 'X', CAMERA) != NULL || !gb_province(d))
		return false;
	camera = memcmp(d + 10, "131", 3) == 0 || memcmp(d + 10, "132", 3) == 0;
	if (d[10] < '1' || d[10] > '4' ||
	    (word == NULL && !(camera && memcmp(d + 8, "00", 2) == 0)))
		return false;
	match_evidence(m, "region,device-type");
	match_score(m, false, word);
	return true;
}

/* The second line of a passport's machine-readable zone. */
bool detect_device_mrz(struct match *m)
{
	struct extent e = match_text(m);

	if (e.len != MRZ || !match_whole(m) || !gb_mrz(e.text, 9, e.text[9]) ||
	    !gb_mrz(e.text + 13, 6, e.text[19]) || !gb_mrz(e.text + 21, 6, e.text[27]))
		return false;
	match_evidence(m, "shape,check-digits");
	match_score(m, true, NULL);
	return true;
}

/* Month of a year since 1990, not after today. */
static bool is_month(const char *d, int64_t today)
{
	char date[9];

	memcpy(date, d, 6);
	memcpy(date + 6, "01", 3);
	return memcmp(date, "1990", 4) >= 0 && gb_birth_date(date, today);
}

/* A, R, K or T, twelve digits of a police unit, year and month, four digits. */
bool detect_device_case(struct match *m)
{
	static const char *const words[] = {"案件", "编号", "警情", "人员",
					    "勘验", "在逃", NULL};
	char c[CASE_CODE];

	if (!match_whole(m) || squeeze(match_text(m), c, CASE_CODE) != CASE_CODE ||
	    !gb_province(c + 1) || !is_month(c + 13, m->ctx->today))
		return false;
	match_evidence(m, "shape,region,month");
	match_score(m, true, match_any(match_around(m, CONTEXT_DEFAULT, 10), words));
	return true;
}

/* Nine digits of a detention house, a date, four digits (GA 300.3). */
bool detect_device_detainee(struct match *m)
{
	static const char *const words[] = {"看守所", "在押",	  "拘留所",
					    "监所",   "人员编号", NULL};
	char d[DETAINEE];

	if (!match_whole(m) || match_digits(match_text(m), d, DETAINEE) != DETAINEE ||
	    memchr(d, 'X', DETAINEE) != NULL || !gb_province(d) ||
	    memcmp(d + 9, "1980", 4) < 0 || !gb_birth_date(d + 9, m->ctx->today))
		return false;
	match_evidence(m, "shape,region,date");
	match_score(m, true, match_any(match_around(m, CONTEXT_DEFAULT, 10), words));
	return true;
}

/* detect_place.c - coordinates that fix a place: decimal pairs, degrees and minutes,
 * projected pairs of CGCS2000. */
#include <string.h>

#include "policy/detect.h"

enum { PARTS = 6 };

/* Numbers of a hit in order, at most PARTS; decimals of each. */
static unsigned numbers(struct extent e, double v[PARTS], unsigned decimals[PARTS])
{
	unsigned n = 0;

	for (size_t i = 0; i < e.len && n < PARTS;) {
		double unit = 1;
		bool point = false;

		if (e.text[i] < '0' || e.text[i] > '9') {
			i++;
			continue;
		}
		v[n] = 0;
		decimals[n] = 0;
		for (; i < e.len; i++) {
			if (e.text[i] == '.' && !point) {
				point = true;
				continue;
			}
			if (e.text[i] < '0' || e.text[i] > '9')
				break;
			v[n] = v[n] * 10 + (e.text[i] - '0');
			unit *= point ? 10 : 1;
			decimals[n] += point;
		}
		v[n++] /= unit;
	}
	return n;
}

static bool in_china(double latitude, double longitude)
{
	return latitude >= 3 && latitude <= 54 && longitude >= 73 && longitude <= 136;
}

static bool found(struct match *m, const char *how, bool decimals)
{
	static const char *const words[] = {"坐标",  "经度", "纬度", "经纬", "东经", "北纬",
					    "位置",  "点位", "GPS",  "gps",  "定位", "location",
					    "coord", "经度", "lat",  "lng",  NULL};

	struct extent around = match_around(m, CONTEXT_DEFAULT, CONTEXT_DEFAULT);
	const char *word = match_any(around, words);
	const char *place = match_words(around, &m->policy->sensitive_place);

	if (place == NULL && word == NULL && decimals)
		return false; /* two long numbers may be anything */
	match_evidence(m, "%s", how);
	m->severity = place != NULL ? SEV_S2 : SEV_UNSET;
	match_score(m, true, place != NULL ? place : word);
	return true;
}

/* Trigger: two numbers with four decimals or more, a short stretch apart. */
bool detect_place_decimal(struct match *m)
{
	unsigned decimals[PARTS] = {0};
	double v[PARTS] = {0};

	if (!match_whole(m) || numbers(match_text(m), v, decimals) != 2 || decimals[0] < 4 ||
	    decimals[1] < 4 || (!in_china(v[0], v[1]) && !in_china(v[1], v[0])))
		return false;
	return found(m, "decimal-pair", true);
}

/* Trigger: degrees, minutes and perhaps seconds, twice. */
bool detect_place_degrees(struct match *m)
{
	unsigned decimals[PARTS] = {0};
	double v[PARTS] = {0};
	unsigned n = numbers(match_text(m), v, decimals), half = n / 2;

	/* A minute is two kilometres: without seconds nothing is fixed. */
	if (!match_whole(m) || (n != 6 && !(n == 4 && decimals[1] >= 2)) || v[1] >= 60 ||
	    v[half + 1] >= 60 || (!in_china(v[0], v[half]) && !in_china(v[half], v[0])))
		return false;
	return found(m, "degrees", false);
}

/* Trigger: X= and Y= with six to eight digits each. */
bool detect_place_projected(struct match *m)
{
	unsigned decimals[PARTS] = {0};
	double v[PARTS] = {0};

	if (numbers(match_text(m), v, decimals) != 2 || !match_whole(m))
		return false;
	/* Northing of China in metres; easting with or without its zone. */
	if (!((v[0] > 1.9e6 && v[0] < 6.0e6) || (v[1] > 1.9e6 && v[1] < 6.0e6)))
		return false;
	return found(m, "projected-pair", false);
}

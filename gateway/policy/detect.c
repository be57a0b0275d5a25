/* detect.c - names of detectors, for packs and for `sluice-policy explain`. */
#include "policy/detect.h"

#include <string.h>

#include "base/i18n.h"

static const struct {
	const char *name;
	detector_fn fn;
	const char *about;
} table[] = {
	{"id-number", detect_id_number,
	 N_("18 characters: province, real date of birth, GB 11643 check character")},
	{"id-label", detect_id_label,
	 N_("15 or 18 digits under an identity label whose check character is wrong")},
	{"id-masked", detect_id_masked,
	 N_("a masked identity number that shows more than ten characters or a part of the "
	    "birth date")},
	{"mobile", detect_number_mobile,
	 N_("eleven digits from 13 to 19, not a part of a longer number, not a public line")},
	{"bank-card", detect_number_card,
	 N_("16 to 19 digits, Luhn, issuer prefix or card words near")},
	{"plate", detect_number_plate,
	 N_("province, letter and five or six characters with two digits")},
	{"inner-line", detect_number_inner_line,
	 N_("a short number that is not a public line")},
	{"private-address", detect_net_private,
	 N_("RFC 1918, 100.64/10, 169.254/16 or unique local address, not a version number")},
	{"inner-host", detect_net_host,
	 N_("a host name that ends in a suffix of the intranet")},
	{"inner-path", detect_net_path,
	 N_("a share, a local file or a user's folder, not bytes written in hexadecimal")},
	{"link", detect_net_link, N_("plain http, or a host outside the list of public hosts")},
	{"inner-link", detect_net_inner_link,
	 N_("a link to a host that has no public name, with words of a system near")},
	{"email", detect_net_email, N_("a mail address outside the list of public hosts")},
	{"mark", detect_mark_plain,
	 N_("a classification mark as it is printed, spaced or full-width")},
	{"mark-variant", detect_mark_variant,
	 N_("a classification mark in traditional, look-alike, invisible or interleaved "
	    "characters")},
	{"grade-alone", detect_mark_grade,
	 N_("a grade word alone on its line; in a header or the first five lines it spills")},
	{"grade-title", detect_mark_title,
	 N_("a grade word in brackets before a title in the first five lines")},
	{"grade-level", detect_mark_level,
	 N_("a grade given as a value, not a list of grades to choose from")},
	{"copy-number", detect_mark_copy,
	 N_("six digits in the first lines above a mark or an official heading")},
	{"bare-copy-number", detect_mark_bare_copy,
	 N_("a copy number above an official heading, and no grade where one belongs")},
	{"no-public-note", detect_paper_note,
	 N_("the document number of an official paper, which nowhere says whether it is "
	    "public")},
	{"unlisted-source", detect_paper_source,
	 N_("a line naming the source, which is empty or not on the list of sources")},
	{"foreign-paper", detect_paper_foreign,
	 N_("another body's paper, and the draft has neither that body's consent nor the "
	    "address where it was published")},
	{"role-name", detect_name_role,
	 N_("a full name after the role; 某 and × mean it is masked")},
	{"greeting-name", detect_name_greeting, N_("a full name at the start of the line")},
	{"near-name", detect_name_near, N_("a person's name within thirty characters")},
	{"name-around", detect_name_around,
	 N_("a person's name within thirty characters before or behind")},
	{"names-after", detect_name_list, N_("two names or more in the lines that follow")},
	{"person", detect_name_person, N_("a full name before the sex in brackets")},
	{"address", detect_person_address,
	 N_("an address down to building, room or house number with a word of dwelling")},
	{"minor", detect_person_minor,
	 N_("an age under 18 or a pupil, with school or class of a particular person")},
	{"roster", detect_table_people,
	 N_("a table head of names and numbers with at least two filled rows")},
	{"unit-table", detect_table_units,
	 N_("a table head of units and their strength with at least three filled rows")},
	{"name-number", detect_table_pair, N_("a person's name before the number")},
	{"landline", detect_number_landline,
	 N_("area code and seven or eight digits, not a public line")},
	{"vin", detect_device_vin, N_("17 characters with the check character of GB 16735")},
	{"phone-id", detect_device_phone,
	 N_("ICCID or IMEI with its Luhn digit, IMSI of 460, with words around")},
	{"camera-code", detect_device_camera,
	 N_("20 digits of GB/T 28181: region and device type")},
	{"mrz", detect_device_mrz,
	 N_("the second line of a passport's machine-readable zone, three check digits")},
	{"case-code", detect_device_case,
	 N_("A, R, K or T and 22 digits: region of a police unit, a month that was")},
	{"detainee-code", detect_device_detainee,
	 N_("21 digits: region of a detention house and a date that was")},
	{"coordinates", detect_place_decimal,
	 N_("latitude and longitude inside China with four decimals or more")},
	{"degrees", detect_place_degrees,
	 N_("latitude and longitude inside China in degrees and minutes")},
	{"projected", detect_place_projected, N_("a northing of China beside an easting")},
	{"token", detect_key_token,
	 N_("a long value of several kinds of characters, no example")},
	{"date", detect_date_exists, N_("the day exists and the weekday is right")},
	{"future", detect_text_future,
	 N_("an operation word after a word of the future in the same sentence")},
	{"attachment", detect_text_attachment,
	 N_("an attachment number above the listed ones")},
	{"secret", detect_key_password, N_("what follows the word holds a digit, no example")},
	{"title", detect_text_title,
	 N_("a title beside the name that the register does not give")},
	{"document-number", detect_text_number, N_("brackets 〔〕, no 第, no leading zero")},
};

detector_fn detect_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name) == 0)
			return table[i].fn;
	}
	return NULL;
}

const char *detect_about(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].name, name) == 0)
			return table[i].about;
	}
	return NULL;
}

bool detect_reads_on(detector_fn fn)
{
	return fn == detect_table_people || fn == detect_table_units;
}

/* detect.h - detectors that packs may name; each confirms one hit (match.h). */
#ifndef SL_POLICY_DETECT_H
#define SL_POLICY_DETECT_H

#include "policy/match.h"

/* Detector by the name used in packs, NULL: none. */
detector_fn detect_find(const char *name);
/* One sentence for `explain`, NULL: none. */
const char *detect_about(const char *name);

/* Does it read on from its hit and count on meeting hits in their order in the view?
 * NULL: no. */
bool detect_reads_on(detector_fn fn);

/* detect_id.c */
bool detect_id_number(struct match *m);
bool detect_id_label(struct match *m);
bool detect_id_masked(struct match *m);
/* detect_number.c */
bool detect_number_mobile(struct match *m);
bool detect_number_card(struct match *m);
bool detect_number_plate(struct match *m);
bool detect_number_inner_line(struct match *m);
bool detect_number_landline(struct match *m);
/* detect_net.c */
bool detect_net_private(struct match *m);
bool detect_net_host(struct match *m);
bool detect_net_link(struct match *m);
bool detect_net_inner_link(struct match *m);
bool detect_net_path(struct match *m);
bool detect_net_email(struct match *m);
/* detect_mark.c */
bool detect_mark_plain(struct match *m);
bool detect_mark_variant(struct match *m);
bool detect_mark_grade(struct match *m);
bool detect_mark_level(struct match *m);
bool detect_mark_title(struct match *m);
bool detect_mark_copy(struct match *m);
bool detect_mark_bare_copy(struct match *m);
/* detect_name.c */
bool detect_name_role(struct match *m);
bool detect_name_greeting(struct match *m);
bool detect_name_near(struct match *m);
bool detect_name_around(struct match *m);
bool detect_name_list(struct match *m);
bool detect_name_person(struct match *m);
/* detect_person.c */
bool detect_person_address(struct match *m);
bool detect_person_minor(struct match *m);
/* detect_date.c */
bool detect_date_exists(struct match *m);
/* detect_text.c */
bool detect_text_future(struct match *m);
bool detect_text_attachment(struct match *m);
bool detect_text_number(struct match *m);
bool detect_text_title(struct match *m);
/* detect_paper.c */
bool detect_paper_note(struct match *m);
bool detect_paper_source(struct match *m);
bool detect_paper_foreign(struct match *m);
/* detect_table.c */
bool detect_table_people(struct match *m);
bool detect_table_units(struct match *m);
bool detect_table_pair(struct match *m);
/* detect_device.c */
bool detect_device_vin(struct match *m);
bool detect_device_phone(struct match *m);
bool detect_device_camera(struct match *m);
bool detect_device_mrz(struct match *m);
bool detect_device_case(struct match *m);
bool detect_device_detainee(struct match *m);
/* detect_place.c */
bool detect_place_decimal(struct match *m);
bool detect_place_degrees(struct match *m);
bool detect_place_projected(struct match *m);
/* detect_key.c */
bool detect_key_password(struct match *m);
bool detect_key_token(struct match *m);

/* Shared by detectors: is there a person's name that begins at `at`?  Returns
 * its length in bytes, 0: none.  `whole` demands that nothing nameless follows. */
size_t detect_name_at(const struct match *m, size_t at, bool whole);

#endif

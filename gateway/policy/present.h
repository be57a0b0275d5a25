/* present.h - a report in plain words for a person at a terminal. */
#ifndef SL_POLICY_PRESENT_H
#define SL_POLICY_PRESENT_H

#include <stdio.h>

#include "base/cli.h"
#include "base/json.h"

/* Print one file's report (inspection.md section 7) or a draft's merged report:
 * verdict, what could not be inspected, then each finding with where it
 * stands, why it matters, the rule's legal basis and how to fix it. */
void present_report(FILE *out, const struct cli *c, const json_t *report);
/* One line: "D-2026-000123 rev 1  IN_REVIEW  route A  title". */
void present_draft_line(FILE *out, const struct cli *c, const json_t *draft);
/* A line below a vote that was given under an approval policy which is not in force any
 * more; nothing otherwise. */
void present_vote_policy(FILE *out, const struct cli *c, const json_t *vote);
/* Word for a state or verdict in the person's language; borrowed. */
const char *present_state(const char *state);
const char *present_verdict(const char *verdict);
/* Word for a place ("body", "title") in the person's language; borrowed. */
const char *present_place(const char *where);
/* Untrusted JSON string as printable text into one of eight rotating buffers. */
const char *present_text(const char *text);

/* The lines of one file's report above its findings: name, verdict, what was not inspected. */
void present_report_head(FILE *out, const struct cli *c, const json_t *report);
/* One finding of a report: place, excerpt, why, law, what to do. */
void present_finding(FILE *out, const struct cli *c, const json_t *report,
		     const json_t *finding);

/* One line of a new hit in something published. */
void present_alert_line(FILE *out, const struct cli *c, const json_t *alert);

#endif

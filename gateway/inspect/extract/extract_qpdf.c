/* extract_qpdf.c - the beginning and the end of every use of qpdf. */
#include "inspect/extract/extract_qpdf.h"

#include <stddef.h>

qpdf_data extract_qpdf_new(void)
{
	qpdf_data q = qpdf_init();

	if (q == NULL)
		return NULL;
	qpdf_silence_errors(q);
	qpdf_set_suppress_warnings(q, QPDF_TRUE);
	qpdf_set_attempt_recovery(q, QPDF_FALSE);
	return q;
}

void extract_qpdf_free(qpdf_data q)
{
	if (q == NULL)
		return;
	/* The library prints an error that nobody has fetched. */
	if (qpdf_has_error(q))
		(void)qpdf_get_error(q);
	qpdf_cleanup(&q);
}

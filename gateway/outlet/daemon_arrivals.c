/* daemon_arrivals.c - the link's lines of `sluice-outlet status`. */
#include "outlet/daemon_arrivals.h"

#include "base/clock.h"

enum { RANGES_SHOWN = 20, PARTS_SHOWN = 5, RANGES_MAX = 32 << 10, MINUTE = 60, HOUR = 3600 };

static void ago(int64_t seconds, char out[64])
{
	if (seconds < 2 * MINUTE)
		(void)snprintf(out, 64, _("%lld seconds ago"), (long long)seconds);
	else if (seconds < 2 * HOUR)
		(void)snprintf(out, 64, _("%lld minutes ago"), (long long)(seconds / MINUTE));
	else
		(void)snprintf(out, 64, _("%lld hours ago"), (long long)(seconds / HOUR));
}

static void print_heard(const struct cli *c, const struct link_view *v, int64_t now, FILE *out)
{
	char when[CLOCK_TEXT + 1], since[64];

	clock_format(v->heard, when);
	ago(now - v->heard, since);
	if (v->heard == 0)
		(void)fprintf(out,
			      _("%snothing heard from the gateway since the receiver was "
				"started%s\n"),
			      cli_paint(c, CLI_RED), cli_paint(c, CLI_RESET));
	else if (v->silent)
		(void)fprintf(out, _("%snothing heard from the gateway since %s (%s)%s\n"),
			      cli_paint(c, CLI_RED), when, since, cli_paint(c, CLI_RESET));
	else
		(void)fprintf(out, _("last heard from the gateway: %s\n"), when);
	if (v->outdated)
		(void)fprintf(
			out, "  -> %s\n",
			_("Datagrams with the link's key come, but all count as old: either "
			  "a recording is played, or the gateway's numbers went back. "
			  "Restart sluiced at the gateway; if that does not help, give both "
			  "ends a new link.mac_key (docs/link.md)."));
}

static void print_loss(const struct cli *c, const struct link_view *v, FILE *out)
{
	bool bad = v->planned_permille > 0 && v->loss_permille > v->planned_permille;

	(void)fprintf(out,
		      _("lost on the link in the last minute: %s%.1f %%%s (repair makes good "
			"%.1f %%)\n"),
		      cli_paint(c, bad ? CLI_RED : CLI_GREEN), (double)v->loss_permille / 10,
		      cli_paint(c, CLI_RESET), (double)v->planned_permille / 10);
	if (bad)
		(void)fprintf(out, "  -> %s\n",
			      _("Look at the cable and the buffers with sluice-outlet doctor, "
				"or raise link.loss at the gateway."));
}

static void print_refused(const struct cli *c, const struct link_view *v, FILE *out)
{
	if (v->wrong_mac + v->malformed + v->replayed == 0)
		return;
	(void)fprintf(out,
		      _("%srefused datagrams: %lld with a wrong key, %lld malformed, %lld "
			"replayed%s\n"),
		      cli_paint(c, CLI_RED), (long long)v->wrong_mac, (long long)v->malformed,
		      (long long)v->replayed, cli_paint(c, CLI_RESET));
	if (v->silent && v->wrong_mac > 0)
		(void)fprintf(out, "  -> %s\n",
			      _("If these are the gateway's, the two ends hold different keys: "
				"compare them with sluice-keys show."));
}

static void print_buffer(const struct cli *c, const struct link_view *v, FILE *out)
{
	if (v->buffer_got >= v->buffer_asked)
		return;
	(void)fprintf(out,
		      _("%sthe socket buffer has %lld of the %lld bytes asked for%s; %lld "
			"datagrams found it full\n"),
		      cli_paint(c, CLI_RED), (long long)v->buffer_got,
		      (long long)v->buffer_asked, cli_paint(c, CLI_RESET),
		      (long long)v->overflow);
	(void)fprintf(out, "  -> sysctl -w net.core.rmem_max=%lld\n",
		      (long long)v->buffer_asked);
}

static void print_full(const struct cli *c, const struct link_view *v, FILE *out)
{
	if (!v->full)
		return;
	(void)fprintf(out, _("%sthe disk is full: what arrives is dropped%s\n"),
		      cli_paint(c, CLI_RED), cli_paint(c, CLI_RESET));
	(void)fprintf(out, "  -> %s\n",
		      _("Make room in the data directory; what was dropped comes again with "
			"the gateway's repetitions."));
}

static void print_fate(const struct link_view *v, enum link_fate fate, const char *words,
		       FILE *out)
{
	struct buf b;

	if (link_view_count(v, fate) == 0)
		return;
	buf_init(&b, RANGES_MAX);
	link_view_ranges(v, fate, ", ", RANGES_SHOWN, &b);
	(void)fprintf(out, "  %s: %s\n", words, buf_str(&b));
	buf_release(&b);
}

static void print_parts(const struct link_view *v, FILE *out)
{
	unsigned shown = 0;

	for (unsigned i = 0; i < v->n && shown < PARTS_SHOWN; i++) {
		const struct link_missing *m = &v->missing[i];

		if (m->blocks == 0)
			continue;
		(void)fprintf(out, "  ");
		(void)fprintf(out, _("unit %lld is here in part: %lld of %lld blocks\n"),
			      (long long)m->serial, (long long)m->done, (long long)m->blocks);
		shown++;
	}
}

static void print_ask(const struct link_view *v, FILE *out)
{
	struct buf b;

	if (link_view_count(v, LINK_FATE_ASK) == 0)
		return;
	print_fate(v, LINK_FATE_ASK, _("will not come again by themselves"), out);
	buf_init(&b, RANGES_MAX);
	link_view_ranges(v, LINK_FATE_ASK, " ", LINK_VIEW_MISSING_MAX, &b);
	(void)fprintf(out, "  -> %s sluiced link resend %s\n",
		      _("Ask for them; a person at the gateway runs:"), buf_str(&b));
	buf_release(&b);
}

static void print_missing(const struct cli *c, const struct link_view *v, FILE *out)
{
	struct buf b;

	if (v->missing_count == 0) {
		(void)fprintf(out, "%s\n", _("no unit is missing"));
		return;
	}
	buf_init(&b, RANGES_MAX);
	link_view_ranges(v, LINK_FATES, ", ", RANGES_SHOWN, &b);
	(void)fprintf(out, "%s%s: %s%s\n", cli_paint(c, CLI_RED), _("missing units"),
		      buf_str(&b), cli_paint(c, CLI_RESET));
	buf_release(&b);
	print_fate(v, LINK_FATE_COMING, _("on their way"), out);
	print_fate(v, LINK_FATE_REPEATED, _("will be sent again"), out);
	print_parts(v, out);
	print_ask(v, out);
}

void daemon_arrivals_print(const struct cli *c, const struct link_view *v, int64_t now,
			   FILE *out)
{
	if (v->udp) {
		print_heard(c, v, now, out);
		if (!v->silent)
			print_loss(c, v, out);
		print_refused(c, v, out);
		print_buffer(c, v, out);
	}
	print_full(c, v, out);
	print_missing(c, v, out);
}

json_t *daemon_arrivals_json(const struct link_view *v)
{
	static const struct {
		const char *name;
		enum link_fate fate;
	} lists[] = {{"ask_for", LINK_FATE_ASK},
		     {"coming", LINK_FATE_COMING},
		     {"repeated", LINK_FATE_REPEATED},
		     {"unsaid", LINK_FATE_UNSAID}};
	json_t *j;

	if (v->time == 0)
		return NULL;
	j = json_pack("{s:b,s:b}", "full", (int)v->full, "silent", (int)v->silent);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct buf b;

		buf_init(&b, RANGES_MAX);
		link_view_ranges(v, lists[i].fate, " ", LINK_VIEW_MISSING_MAX, &b);
		(void)json_object_set_new(j, lists[i].name, json_string(buf_str(&b)));
		buf_release(&b);
	}
	return j;
}

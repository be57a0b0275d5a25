/* form_ink.c - one family of fonts out of the machine's, in a configuration of its own. */
#include "form/form_ink.h"

#include <stdlib.h>
#include <string.h>

#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>

#include "base/i18n.h"
#include "base/text.h"

/* In the order of preference: song styles first, as official papers are set. */
static const char *const families[] = {"Noto Serif CJK SC", "Source Han Serif SC",
				       "AR PL UMing CN", "Noto Sans CJK SC",
				       "WenQuanYi Zen Hei"};

struct form_ink {
	const char *family;
	FcConfig *own;
	FcCharSet *covered;
	PangoFontMap *map;
};

static bool is_family(const FcPattern *font, const char *family)
{
	FcChar8 *name;

	for (int i = 0; FcPatternGetString(font, FC_FAMILY, i, &name) == FcResultMatch; i++) {
		if (strcmp((const char *)name, family) == 0)
			return true;
	}
	return false;
}

/* The family's font of this weight, NULL when the machine has none. */
static FcPattern *find(FcConfig *system, const char *family, int weight)
{
	FcPattern *wanted = FcPatternCreate(), *found = NULL;
	FcResult result;

	if (wanted == NULL)
		return NULL;
	if (FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family) &&
	    FcPatternAddInteger(wanted, FC_WEIGHT, weight)) {
		FcDefaultSubstitute(wanted);
		found = FcFontMatch(system, wanted, &result);
	}
	FcPatternDestroy(wanted);
	if (found != NULL && !is_family(found, family)) {
		FcPatternDestroy(found);
		return NULL;
	}
	return found;
}

static int add_file(struct form_ink *ink, const FcPattern *font)
{
	FcChar8 *file;

	if (FcPatternGetString(font, FC_FILE, 0, &file) != FcResultMatch)
		return SL_E_NOTFOUND;
	return FcConfigAppFontAddFile(ink->own, file) ? SL_OK : SL_E_IO;
}

static int take_family(struct form_ink *ink, FcConfig *system, const char *family)
{
	FcPattern *plain = find(system, family, FC_WEIGHT_REGULAR), *bold = NULL;
	FcCharSet *set = NULL;
	int r = plain == NULL ? SL_E_NOTFOUND : add_file(ink, plain);

	if (r != SL_OK)
		goto out;
	bold = find(system, family, FC_WEIGHT_BOLD);
	if (bold != NULL)
		r = add_file(ink, bold);
	if (r == SL_OK && FcPatternGetCharSet(plain, FC_CHARSET, 0, &set) != FcResultMatch)
		r = SL_E_NOTFOUND;
	if (r == SL_OK) {
		ink->covered = FcCharSetCopy(set);
		ink->family = family;
	}
out:
	if (plain != NULL)
		FcPatternDestroy(plain);
	if (bold != NULL)
		FcPatternDestroy(bold);
	return r;
}

int form_ink_new(struct form_ink **ret_ink, struct sl_why *why)
{
	struct form_ink *ink = calloc(1, sizeof(*ink));
	FcConfig *system = NULL;
	int r = ink == NULL ? SL_E_NOMEM : SL_OK;

	if (r != SL_OK)
		return r;
	system = FcInitLoadConfigAndFonts();
	ink->own = FcConfigCreate();
	r = system == NULL || ink->own == NULL ? SL_E_NOMEM : SL_E_NOTFOUND;
	for (size_t i = 0; r == SL_E_NOTFOUND && i < sizeof(families) / sizeof(families[0]);
	     i++)
		r = take_family(ink, system, families[i]);
	if (r != SL_OK) {
		(void)why_set(why, r,
			      _("this machine has no font that the form can be set in; install "
				"fonts-noto-cjk"));
		goto out;
	}
	ink->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (ink->map == NULL) {
		r = why_set(why, SL_E_UNSUPPORTED, _("the font library has no FreeType"));
		goto out;
	}
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(ink->map), ink->own);
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(ink->map), 72);
	*ret_ink = ink;
	ink = NULL; /* moved */
out:
	if (system != NULL)
		FcConfigDestroy(system);
	form_ink_free(ink);
	return r;
}

void form_ink_free(struct form_ink *ink)
{
	if (ink == NULL)
		return;
	if (ink->map != NULL)
		g_object_unref(ink->map);
	if (ink->covered != NULL)
		FcCharSetDestroy(ink->covered);
	if (ink->own != NULL)
		FcConfigDestroy(ink->own);
	free(ink);
}

PangoContext *form_ink_context(struct form_ink *ink, const char *language)
{
	PangoContext *context = pango_font_map_create_context(ink->map);
	cairo_font_options_t *options = cairo_font_options_create();

	/* Positions must not depend on a screen. */
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_language(context, pango_language_from_string(language));
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
	pango_context_set_round_glyph_positions(context, FALSE);
	return context;
}

PangoFontDescription *form_ink_font(const struct form_ink *ink, double points, bool bold)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(font, ink->family);
	pango_font_description_set_absolute_size(font, points * PANGO_SCALE);
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	return font;
}

void form_ink_put(const struct form_ink *ink, const char *text, struct buf *out)
{
	size_t len = strlen(text), used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(text + i, len - i, &used);

		if (cp == '\n' || FcCharSetHasChar(ink->covered, cp))
			buf_put(out, text + i, used);
		else
			buf_putf(out, "\\u{%x}", (unsigned)cp);
	}
}

/* fuzz_extract_office.c - bytes as the sheet, the strings or the styles of a workbook, or
 * as a slide; the first byte chooses, the frame around them is good. */
#include <string.h>

#include "tests/fuzz/extract_fuzz.h"
#include "tests/support/make_zip.h"

#define OOXML "application/vnd.openxmlformats-officedocument."
#define REL   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TYPES(parts)                                                                           \
	"<Types><Default Extension='rels' "                                                    \
	"ContentType='application/vnd.openxmlformats-package.relationships+xml'/>" parts       \
	"</Types>"

static const char book_types[] = TYPES(
	"<Override PartName='/w.xml' ContentType='" OOXML "spreadsheetml.sheet.main+xml'/>"
	"<Override PartName='/s.xml' ContentType='" OOXML "spreadsheetml.worksheet+xml'/>"
	"<Override PartName='/t.xml' ContentType='" OOXML "spreadsheetml.sharedStrings+xml'/>"
	"<Override PartName='/f.xml' ContentType='" OOXML "spreadsheetml.styles+xml'/>");
static const char book[] = "<workbook xmlns:r='" REL "'><sheets><sheet name='a' r:id='r1'/>"
			   "</sheets></workbook>";
static const char book_rels[] =
	"<R><Relationship Id='r1' Type='" REL
	"/worksheet' Target='s.xml'/><Relationship Id='r2' "
	"Type='" REL "/sharedStrings' Target='t.xml'/><Relationship Id='r3' Type='" REL
	"/styles' Target='f.xml'/></R>";
static const char sheet[] =
	"<w><sheetData><row><c t='s' s='0'><v>0</v></c></row></sheetData></w>";
static const char strings[] = "<sst><si><t>a</t></si></sst>";
static const char deck_types[] =
	TYPES("<Override PartName='/p.xml' ContentType='" OOXML
	      "presentationml.presentation.main+xml'/>"
	      "<Override PartName='/s.xml' ContentType='" OOXML "presentationml.slide+xml'/>");
static const char deck[] =
	"<p xmlns:r='" REL "'><sldIdLst><sldId id='256' r:id='r1'/></sldIdLst>"
	"<sldSz cx='9144000' cy='6858000'/></p>";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zip_entry members[8] = {
		{.name = "[Content_Types].xml", .data = book_types},
		{.name = "w.xml", .data = book},
		{.name = "_rels/w.xml.rels", .data = book_rels},
		{.name = "s.xml", .data = sheet},
		{.name = "t.xml", .data = strings},
		{.name = "f.xml", .data = "<styleSheet/>"},
	};
	bool slide;
	struct buf zip;

	if (size < 2 || size > 1 << 20)
		return 0;
	slide = data[0] % 4 == 3;
	if (slide) {
		members[0].data = deck_types;
		members[1] = (struct zip_entry){.name = "p.xml", .data = deck};
		members[2].name = "_rels/p.xml.rels";
		members[4].name = NULL;
	}
	members[slide ? 3 : 3 + data[0] % 4].data = (const char *)data + 1;
	members[slide ? 3 : 3 + data[0] % 4].len = size - 1;
	buf_init(&zip, 4 << 20);
	make_zip(members, &zip);
	extract_fuzz(slide ? OOXML "presentationml.presentation" : OOXML "spreadsheetml.sheet",
		     zip.data, zip.len);
	buf_release(&zip);
	return 0;
}

/* case_rules.c - the rules that inspection itself applies, for when no pack words them.
 *
 * Malware and "could not look" belong to the engine, not to a policy: they hold
 * even with an empty set of packs. */
#include "inspect/case.h"

#include <string.h>

static const struct rule_text own[] = {
	{.id = "AV-001",
	 .pack = "inspect",
	 .severity = SEV_S1,
	 .title_en = "Malware",
	 .title_zh = "恶意代码",
	 .message_en = "The antivirus engine recognised malware in this file.",
	 .message_zh = "杀毒引擎在此文件中识别出恶意代码。",
	 .basis = "",
	 .fix_en = "Do not open the file. Tell the information security officer.",
	 .fix_zh = "请勿打开该文件，并报告信息安全负责人。"},
	{.id = "AV-002",
	 .pack = "inspect",
	 .severity = SEV_S2,
	 .title_en = "Not scanned",
	 .title_zh = "未能查毒",
	 .message_en = "The antivirus engine could not look into all of this file.",
	 .message_zh = "杀毒引擎未能检查此文件的全部内容。",
	 .basis = "",
	 .fix_en = "Save the document again without encryption and submit it anew.",
	 .fix_zh = "请去除加密后另存，重新提交。"},
	{.id = "DH-003",
	 .pack = "inspect",
	 .severity = SEV_S1,
	 .title_en = "Hidden content",
	 .title_zh = "隐藏内容",
	 .message_en = "The file holds text that a reader does not see.",
	 .message_zh = "文件含有读者看不到的文字。",
	 .basis = "",
	 .fix_en = "Remove the hidden text.",
	 .fix_zh = "请删除隐藏文字。"},
	{.id = "DH-005",
	 .pack = "inspect",
	 .severity = SEV_S1,
	 .title_en = "Macros and embedded objects",
	 .title_zh = "宏与嵌入对象",
	 .message_en = "The file carries macros, scripts or embedded objects.",
	 .message_zh = "文件含有宏、脚本或嵌入对象。",
	 .basis = "",
	 .fix_en = "Save it in a format without macros.",
	 .fix_zh = "请另存为不含宏的格式。"},
	{.id = "DH-006",
	 .pack = "inspect",
	 .severity = SEV_S2,
	 .title_en = "No text layer",
	 .title_zh = "无文本层",
	 .message_en = "Text stands in pictures only, where it was read with errors.",
	 .message_zh = "文字仅存在于图片中，识读可能有误。",
	 .basis = "",
	 .fix_en = "Hand in the file with text, or read every page.",
	 .fix_zh = "请提供文本版，或逐页阅读。"},
	{.id = "DH-008",
	 .pack = "inspect",
	 .severity = SEV_S1,
	 .title_en = "Type differs from name",
	 .title_zh = "文件类型与名称不符",
	 .message_en = "The file is not what its name says, or it is a program.",
	 .message_zh = "文件的真实类型与名称不符，或者是可执行程序。",
	 .basis = "",
	 .fix_en = "Submit the document itself under its right name.",
	 .fix_zh = "请以正确的扩展名提交文档本身。"},
	{.id = "PI-012",
	 .pack = "inspect",
	 .severity = SEV_S3,
	 .title_en = "People in a picture",
	 .title_zh = "图片中的人员信息",
	 .message_en = "A picture may show faces, plates, cards or screens.",
	 .message_zh = "图片可能含人脸、号牌、证件或屏幕。",
	 .basis = "",
	 .fix_en = "Look at it, and blur them.",
	 .fix_zh = "请人工查看并打码。"},
	{.id = "DH-016",
	 .pack = "inspect",
	 .severity = SEV_S3,
	 .title_en = "Nearly the same as an earlier item",
	 .title_zh = "与已有信息基本相同",
	 .message_en = "The text is nearly that of something refused, recalled or published.",
	 .message_zh = "正文与曾被退回不予公开、已撤回或已发布的信息基本相同。",
	 .basis = "",
	 .fix_en = "Look at the earlier item and say why this one may be published.",
	 .fix_zh = "请核对此前的信息，说明本件可以公开的理由。"},
	{.id = "UF-001",
	 .pack = "inspect",
	 .severity = SEV_S2,
	 .title_en = "Field that cannot be read",
	 .title_zh = "无法读取的字段",
	 .message_en = "The file carries a field, named below, that no program here can read. "
		       "\"sluice fix\" takes such fields out of pictures and leaves what is "
		       "seen as it is.",
	 .message_zh = "文件含有本系统无法读取的字段（名称见下）。“sluice "
		       "fix”可清除图片中的此类字段，画面不变。",
	 .basis = "",
	 .fix_en = "Let \"sluice fix\" take it away.",
	 .fix_zh = "请用“sluice fix”清除。"},
	{.id = "RO-001",
	 .pack = "inspect",
	 .severity = SEV_S2,
	 .title_en = "Seen otherwise than written",
	 .title_zh = "显示与文字不一致",
	 .message_en = "A style shows this text in another order than it is written in, or may "
		       "hide it. Look at it as a reader does.",
	 .message_zh =
		 "样式使此处文字的显示顺序与书写顺序不同，或可能将其隐藏。请按读者所见核对。",
	 .basis = "",
	 .fix_en = "Take the style away, or read what is shown.",
	 .fix_zh = "请删除该样式，或核对实际显示的内容。"},
	{.id = "OF-001",
	 .pack = "inspect",
	 .severity = SEV_S2,
	 .title_en = "Old format not read",
	 .title_zh = "旧格式未能读取",
	 .message_en = "A document of a format before 2007 could not be read here. Save it as "
		       ".docx, .xlsx or .pptx and submit that.",
	 .message_zh =
		 "本系统未能读取此旧格式文档，请另存为 .docx、.xlsx 或 .pptx 后重新提交。",
	 .basis = "",
	 .fix_en = "Save it as .docx, .xlsx or .pptx and submit that.",
	 .fix_zh = "请另存为 .docx、.xlsx 或 .pptx 后重新提交。"},
};

bool case_rule_text(const struct policy *p, const char *rule, struct rule_text *ret_t)
{
	if (policy_rule_text(p, rule, ret_t))
		return true;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (strcmp(own[i].id, rule) == 0) {
			*ret_t = own[i];
			return true;
		}
	}
	return false;
}

/* spill_report.c - the report within 24 hours (保守国家秘密法实施条例 art. 61), filled in as
 * far as the gateway knows; what a person has to write is marked. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "policy/present.h"
#include "spill.h"

enum { EN, ZH };
static const char gap[2][32] = {"[TO FILL IN]", "【待填写】"};

static void line(int language, const char *en, const char *zh, const char *value)
{
	printf("%s%s%s\n", language == ZH ? zh : en, language == ZH ? "：" : ": ",
	       value != NULL && value[0] != '\0' ? present_text(value) : gap[language]);
}

static bool is_look(const char *kind)
{
	static const char *const kinds[] = {"review.show", "review.get", "review.recheck",
					    "spill.get", "spill.share"};
	bool look = false;

	for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		look |= strcmp(kinds[i], kind) == 0;
	return look;
}

/* Whoever got any part of it, before and after it was sealed. */
static void print_seen(int language, const json_t *entries)
{
	const json_t *e;
	unsigned n = 0;
	size_t i;

	printf("%s\n",
	       language == ZH ? "接触人员（据审计记录）：" : "Who has seen it (audit):");
	json_array_foreach(entries, i, e)
	{
		if (!is_look(json_str(e, "kind")))
			continue;
		printf("  %s  %s  %s\n", present_text(json_str(e, "time")),
		       present_text(json_str(e, "actor")), present_text(json_str(e, "kind")));
		n++;
	}
	if (n == 0)
		printf("  %s\n", language == ZH ? "除拟稿人外无人经网关查看"
						: "nobody through the gateway but the author");
}

int spill_report(const struct cli *c, struct session *s, const json_t *row, struct sl_why *why)
{
	const char *given = cli_value(c, "lang"), *set = setlocale(LC_MESSAGES, NULL), *hash;
	int language = strncmp(given != NULL ? given
			       : set != NULL ? set
					     : "",
			       "zh", 2) == 0
			       ? ZH
			       : EN;
	json_t *args = json_pack("{s:s}", "draft", json_str(row, "draft"));
	struct wire_reply reply = {0};
	size_t i;
	const json_t *h;
	int r = wire_ask(s->wire, "review.audit", args, NULL, 0, &reply, why);

	json_decref(args);
	if (r != SL_OK)
		return r;
	printf("%s\n\n", language == ZH
				 ? "泄露国家秘密事件报告（二十四小时）"
				 : "REPORT OF A SUSPECTED LEAK OF STATE SECRETS (24 HOURS)");
	line(language, "Draft", "稿件编号", json_str(row, "draft"));
	line(language, "Unit", "单位", json_str(row, "unit"));
	line(language, "Found", "发现时间", json_str(row, "found"));
	line(language, "Report due", "报告期限", json_str(row, "report_due"));
	line(language, "Rule", "触发规则", json_str(row, "rule"));
	json_array_foreach(json_arr(row, "sha256"), i, h)
	{
		hash = json_string_value(h);
		line(language, "SHA-256", "文件摘要 SHA-256", hash);
	}
	line(language, "Grade and holder of the secret", "密级与定密单位", NULL);
	line(language, "What happened", "事件经过", NULL);
	print_seen(language, json_arr(reply.result, "entries"));
	line(language, "Measures taken by the gateway", "系统已采取措施",
	     language == ZH ? "未进入审核和发布；正文加密封存于保密审查员密钥，明文、标题与文件"
			      "名已清除"
			    : "never reviewed or published; sealed to the secrecy officers, "
			      "plaintext, title and names removed");
	line(language, "Further measures", "后续措施", NULL);
	line(language, "Persons responsible", "责任人员", NULL);
	line(language, "Reported to", "报告对象", NULL);
	line(language, "Signed, date", "填报人、日期", NULL);
	wire_reply_release(&reply);
	return SL_OK;
}

#!/usr/bin/env python3
"""make_answers.py - write what a gateway answers about a draft with everything that a panel can
show, with digests that are right: draft.json, and of that draft what may happen meanwhile
(voted, replaced, lost, lost-recorded, stranger), and hostile-draft.json.

make_answers.py PUBLIC_KEY KEY_ID: those of the fake session (fake.c, its seed never changes)."""
import hashlib
import json
import os
import struct
import sys

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers")
WHERE = ["body", "header", "footer", "note", "comment", "deleted", "inserted", "hidden", "property",
         "filename", "alt", "field", "annotation", "attachment", "ocr", "qr", "old-revision",
         "covered", "metadata", "title"]
LONG_LINE = 1 << 20
MARKS = 10000


def sha(b):
    return hashlib.sha256(b).hexdigest()


def canonical(j):
    return json.dumps(j, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def segment(where, text, obj=0, page=0, line=1, offset=0):
    raw = text.encode()
    return struct.pack(">BIBIIII", 1, obj, WHERE.index(where), page, line, 1, offset) + struct.pack(
        ">I", len(raw)) + raw


def finding(rule, severity, where, text, at, excerpt, message, basis, line=1, page=0, fix=None, obj="0",
            evidence=("number",), length=None):
    offset = text.index(at) if at else 0
    f = {"rule": rule, "severity": severity, "where": where, "object": obj, "offset": offset,
         "length": length or len(at), "line": line, "column": 1, "excerpt": excerpt,
         "message": message, "basis": basis, "evidence": list(evidence), "evasion": [],
         "text_hmac": sha(excerpt.encode()), "fix": fix or {"action": "return", "text": ""}}
    if page:
        f["page"] = page
    return f


def policy(public, keyid):
    key = {"from": "2026-01-01T00:00:00Z", "until": "2027-11-26T00:00:00Z", "use": "dsse-reviewer"}
    people = [("p-02", "u-12", ["liaison", "unit-leader"]), ("p-04", "u-02", ["desk"]),
              ("p-05", "u-03", ["secrecy"]), ("p-06", "u-04", ["secrecy"]), ("p-07", "u-20", ["desk", "secrecy"]),
              ("p-08", "u-05", ["legal"]), ("p-09", "u-06", ["deputy"])]
    persons = []
    for pid, unit, roles in people:
        pub, kid = (public, keyid) if pid == "p-07" else OTHER_KEYS[pid]
        persons.append({"pid": pid, "unit": unit, "roles": roles,
                        "keys": [dict(key, public=pub, keyid=kid)]})
    classes = {"C": {"approval_ttl_s": 604800, "exclude": ["author", "submitter"], "min_persons": 5,
                     "require": [{"min": 1, "role": "unit-leader"}, {"min": 1, "role": "legal"},
                                 {"min": 2, "role": "secrecy"}, {"min": 1, "role": "deputy"},
                                 {"min": 1, "role": "desk"}], "veto": ["secrecy"]}}
    return canonical({"schema": "sluice-policy/1", "version": 4, "classes": classes, "persons": persons})


def files_of(revision):
    body = ("关于北环路夜间施工的通告\n因道路改造，北环路将于11月%s日夜间封闭施工。\n"
            "施工期间请联系内线6317，或拨打公开电话110。\n" % ("29" if revision == 3 else "28"))
    if revision == 3:
        body += "服务点XX个，具体位置另行通知。\n"
    else:
        body += "联系人：张先生，电话15400001234。\n本通告自发布之日起施行。\n"
    body += "Traffic notice for the North Ring Road.\n"
    for i in range(1, 60):
        body += "第%d条 施工路段东起学院路，西至人民路，请绕行。\n" % i
    text = (segment("filename", "notice.docx") + segment("title", "关于北环路夜间施工的通告") +
            segment("body", body, page=1) + segment("comment", "这段先别公开", page=1, line=3) +
            segment("comment", "请法制看一下", page=2, line=9) +
            segment("deleted", "原定通宵施工", page=1, line=4) + segment("hidden", "内部联系表", page=2, line=1) +
            segment("old-revision", "上一版本的一句话") + segment("property", "author: 王起草") +
            segment("property", "company: 云汀市公安局", line=2, offset=12))
    law = "公安机关警务工作秘密具体范围的规定"
    message = {"en": "An internal line or extension is for duty use only.", "zh": "内线、专网号码仅供内部联络使用。"}
    findings = [
        finding("WS-007", "S2", "body", body, "内线6317", "******", message, law, line=3, page=1,
                fix={"action": "replace", "text": "公开办公电话"}, evidence=("score:weak", "number")),
        finding("DH-004", "S4", "property", "author: 王起草", "author", "author: 王起草",
                {"en": "Author, company, paths, printer or place stand in the properties; they are stripped on release.",
                 "zh": "属性中有作者、单位、路径、打印机或位置，发布时清除。"}, "个人信息保护法")]
    if revision == 3:
        findings.insert(1, finding("DH-011", "S3", "body", body, "XX个", "XX个",
                                   {"en": "A placeholder was left.", "zh": "遗留占位符。"},
                                   "政府网站与政务新媒体检查指标（表述错误）", line=4, page=1,
                                   evidence=("score:weak", "pattern")))
    objects = [{"id": "0", "path": "notice.docx", "state": "inspected", "text": "full", "bytes": 4980,
                "type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}]
    sheet = segment("filename", "list.csv") + segment("body", "路段,起,止\n北环路,学院路,人民路\n")
    out = [("notice.docx", objects[0]["type"], b"docx %d" % revision, text, findings, objects),
           ("list.csv", "text/csv", b"csv", sheet, [], [{"id": "0", "path": "list.csv", "state": "inspected",
                                                        "text": "full", "type": "text/csv", "bytes": 3}])]
    if revision == 3:
        photo = {"en": "A picture may show faces, plates, cards or screens; look at it.",
                 "zh": "图片可能含有人脸、车牌、证件或屏幕，请查看。"}
        out.append(("map.png", "image/png", PNG, None,
                    [finding("PI-012", "S3", "ocr", "", "", "", photo, "个人信息保护法第二十五条",
                             evidence=("picture",), length=1)],
                    [{"id": "0", "path": "map.png", "state": "inspected", "text": "none", "type": "image/png",
                      "bytes": len(PNG)}]))
    return out


def png():
    import zlib
    rows = b"".join(b"\0" + bytes([255 if (x // 4 + y // 4) % 2 else 0 for x in range(32)]) for y in range(32))
    chunk = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)) + chunk(
        b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def show_row(draft, revision, files, title, votes, missing, exact, times=None, state="IN_REVIEW"):
    blobs = [{"length": len(b), "media_type": t, "name": n, "sha256": sha(b)} for n, t, b, _, _, _ in files]
    manifest = canonical({"blobs": sorted(blobs, key=lambda b: b["name"]), "channels": ["official-site", "microblog"],
                          "class": "C", "content_type": "CT05", "created": "2026-11-2%dT09:00:00Z" % (2 + revision),
                          "disclosure": "主动公开", "id": "R-" + draft[2:], "index_no": "11349900MB0000012T/2026-00041",
                          "language": "zh-CN", "pubstatus": "usable", "schema": "sluice-manifest/1",
                          "title": title, "version": 1})
    counts = {"S%d" % s: sum(f["severity"] == "S%d" % s for x in files for f in x[4]) for s in range(5)}
    report = {"schema": "sluice-draft-report/1", "verdict": "review", "counts": counts, "files": [
        {"input": {"name": n, "length": len(b), "sha256": sha(b)}, "verdict": "review" if f else "clean",
         "findings": f, "objects": o, "filters": []} for n, _, b, _, f, o in files]}
    rows = [{"index": i, "name": n, "sha256": sha(b), "length": len(b), "media_type": t,
             "text_sha256": sha(x) if x is not None else ""} for i, (n, t, b, x, _, _) in enumerate(files)]
    status = {"draft": draft, "revision": revision, "title": title, "state": state, "verdict": "review",
              "route": "C", "missing": missing, "due": "2026-12-01T16:00:00Z", "unit": "u-12", "author": "p-31",
              "findings": sum(counts.values()), "worst": "S2", "changed": "2026-11-26T09:00:00Z",
              "holders": [{"role": "secrecy", "since": "2026-11-26T10:00:00Z"},
                          {"role": "legal", "since": "2026-11-26T09:30:00Z"}],
              "clocks": [{"kind": "target", "name": {"en": "target of the route", "zh": "本路径目标时限"},
                          "start": "2026-11-26T09:00:00Z", "due": "2026-12-01T16:00:00Z",
                          "due_local": "2026-12-01 24:00", "used_percent": 55, "warn": 50, "provisional": False}]}
    args = {"draft": draft}
    if exact:
        args["revision"] = revision
    row = {"op": "review.show", "args": args, "result": {
        "draft": status, "manifest": manifest, "manifest_sha256": sha(manifest.encode()), "report": report,
        "report_sha256": "", "files": rows, "votes": votes, "policy": {"version": 4, "sha256": ""}, "shown": []}}
    if times:
        row["times"] = times
    return row


def get_rows(draft, revision, files):
    rows = []
    for i, (_, _, b, text, _, _) in enumerate(files):
        if text is not None:
            rows.append({"op": "review.get", "args": {"draft": draft, "revision": revision, "part": "text:%d" % i},
                         "result": {"length": len(text), "sha256": sha(text), "done": True}, "data_hex": text.hex()})
        rows.append({"op": "review.get", "args": {"draft": draft, "revision": revision, "part": "file:%d" % i},
                     "result": {"length": len(b), "sha256": sha(b), "done": True}, "data_hex": b.hex()})
    return rows


def vote(pid, role, decision="approve", **more):
    return dict({"time": "2026-11-26T10:00:00Z", "pid": pid, "role": role, "decision": decision,
                 "policy_version": 4, "policy_in_force": True, "report_in_force": True}, **more)


def common(public, keyid):
    with open(os.path.join(HERE, "queue.json"), encoding="utf-8") as f:
        rows = [r for r in json.load(f)["answers"] if r["op"] in ("whoami", "desk.status", "codes.list")]
    lists = {"drafts": [{"draft": D, "revision": 3, "title": TITLE, "state": "IN_REVIEW", "verdict": "review",
                         "route": "C", "missing": ["legal", "secrecy", "secrecy", "deputy", "desk"],
                         "due": "2026-12-01T16:00:00Z", "findings": 4, "worst": "S2", "unit": "u-12",
                         "author": "p-31", "changed": "2026-11-26T09:00:00Z", "created": "2026-11-26T09:00:00Z",
                         "type": "CT05"}], "total": 1, "offset": 0}
    audit = [("p-31", "draft.prepare", {"revision": 1}), ("p-07", "review.vote", {"revision": 1, "role": "desk",
             "decision": "return", "envelope": sha(b"1")}), ("p-31", "draft.prepare", {"revision": 2}),
             ("p-31", "draft.prepare", {"revision": 3}),
             ("inspector", "draft.move", {"revision": 3, "from": "INSPECTING", "to": "IN_REVIEW"}),
             ("p-02", "review.vote", {"revision": 3, "role": "unit-leader", "decision": "approve",
                                      "envelope": sha(b"2")})]
    entries = [{"seq": i + 1, "time": "2026-11-26T0%d:00:00Z" % i, "actor": a, "kind": k,
                "record": dict(r, draft=D)} for i, (a, k, r) in enumerate(audit)]
    rows += [{"op": "review.list", "result": lists}, {"op": "review.audit", "result": {"entries": entries}},
             {"op": "policy.get", "result": {"version": 4}, "data": policy(public, keyid)}]
    return rows


def write(name, rows):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        f.write('{"answers": [\n' + ",\n".join("  " + json.dumps(r, ensure_ascii=False) for r in rows) + "\n]}\n")


def hostile():
    marks, line = "a" + "\u0301" * MARKS + "b\n", "x"
    text = "\x1b[2J\x1b]0;owned\x07 red \x1b[31m\nsafe \u202etxt.exe\u2066x\u2069 \u200bzero\n"
    head = segment("body", text) + segment("comment", text) + segment("body", marks, offset=len(text))
    body = struct.pack(">BIBIIII", 1, 0, 0, 0, 4, 1, len(text) + len(marks)) + struct.pack(">I", LONG_LINE)
    whole = head + body + line.encode() * LONG_LINE
    f = [("evil.txt", "text/plain", b"evil", whole, [
        finding("DH-009", "S3", "body", text, "safe \u202etxt", "\x1b[7m\u202e", {"en": "\x1b[2J", "zh": "\x1b[2J"},
                "\u202e\x1b]0;x\x07")], [{"id": "0", "path": "evil\x1b.txt", "state": "inspected", "text": "full",
                                          "type": "text/plain", "bytes": 4}])]
    show = show_row(D, 1, f, TITLE, [vote("p-02", "unit-leader", reason="\x1b[31m\u202ereason")], ["desk"], False)
    return [show, {"op": "review.get", "args": {"part": "text:0"},
                   "result": {"length": len(whole), "sha256": sha(whole), "done": True},
                   "data_hex": {"first": (head + body).hex(), "repeat": line.encode().hex(), "times": LONG_LINE}}]


# A director's queue: no draft in review, an appeal, something published at once, holidays unknown.
def appeals(base, olds, shown, gets):
    appeal = {"revision": 3, "pid": "p-31", "reason": "此事已在公告栏公开", "since": "2026-11-27T08:00:00Z",
              "outcome": "open", "envelope_sha256": sha(b"appeal")}
    shown["result"]["appeal"] = appeal
    me = dict([r for r in base if r["op"] == "whoami"][0]["result"], roles=["director"])
    lists = {"drafts": [], "total": 0, "offset": 0, "missing_calendar": 2027,
             "appeals": [{"draft": D}], "to_review": [{"draft": "D-2026-00000%d" % n} for n in range(1, 6)]}
    rows = [r for r in base if r["op"] not in ("whoami", "review.list")]
    status = {"drafts": [dict(shown["result"]["draft"], appeal=appeal,
                              manifest_sha256=shown["result"]["manifest_sha256"])]}
    write("appeal.json", [{"op": "whoami", "result": me}, {"op": "review.list", "result": lists}] + rows + olds +
          [shown, {"op": "draft.status", "result": status},
           {"op": "appeal.decide", "times": 1, "error": "denied",
            "why": "you refused D-2026-000041 yourself; another director must decide about the appeal"},
           {"op": "appeal.decide", "result": {"draft": D, "state": "REFUSED"}}] + gets)


D, TITLE = "D-2026-000041", "关于北环路夜间施工的通告"
PNG = png()
# Public keys and their ids, of secrets that were thrown away.
OTHER_KEYS = {
    "p-02": ("1847785236d0bb41e91b92fd479bca371c60d82a1032c06542e04d9a7d6ca1ce",
             "49b9d904aaca23e889a29e461e132164263810afdcfcc042c281b5c4dafcf2c6"),
    "p-04": ("b766649d0db4c4e1268e677da8e700f770c2c5416d896d05a5ac0d3d423b7fb7",
             "6c348d72e9bc2f32ad00c34e67e11a9d492f9c9c41a7c6a1f11d8deffa251697"),
    "p-05": ("9bf4935b347e149c31b302a58b45996f79ef891fbcf7c8eb23c5b2829b712533",
             "8b2f63a4d6b31d5083b6a126619bd42bb539265adeb769d60fb1129dc7e74609"),
    "p-06": ("775afea15b80eb9b048d68183716bd0a70c808ec00a50922ec00bb76f2b159b2",
             "ff6339424f96668de2b6070eb76b3066dd253403fb60736bd4db6971acd07572"),
    "p-08": ("ed655d734c0ecffc5f522c86b9e3021bfe8148263e5e77a7555ad11549ad3095",
             "8434114e2a55844ccf638d7080eb8745f9f6c96580d54475400640c456958637"),
    "p-09": ("bba81e3546fe619e90fe657c523d9bedd45c7e39f0d9af42c98878c2669714f5",
             "321a1fa0d5edb454ed8b9c6a72185aa716bf7fc30f95666aba139f292ab55df8"),
}


def main():
    public, keyid = sys.argv[1], sys.argv[2]
    now, before = files_of(3), files_of(2)
    missing = ["legal", "secrecy", "secrecy", "deputy", "desk"]
    votes = [vote("p-02", "unit-leader")]
    olds = [show_row(D, 2, before, TITLE, [vote("p-04", "desk", "return", code="wording", reason="日期写错了")], [], True,
                     state="REPLACED"),
            show_row(D, 1, before[:1], TITLE, [], [], True, state="REPLACED")]
    gets = get_rows(D, 3, now) + get_rows(D, 2, before) + get_rows(D, 1, before[:1])
    base = common(public, keyid)
    voted = {"op": "review.vote", "result": {"draft": D, "revision": 3, "role": "desk", "decision": "approve",
                                             "missing": missing[:-1], "state": "IN_REVIEW", "envelope_sha256": sha(b"3")}}
    newest = show_row(D, 3, now, TITLE, votes, missing, False)
    write("draft.json", base + olds + [newest] + gets + [voted])
    # Meanwhile: somebody else has signed as the desk; the next revision is there; the vote gets no answer.
    first = show_row(D, 3, now, TITLE, votes, missing, False, times=1)
    other = show_row(D, 3, now, TITLE, votes + [vote("p-04", "desk")], missing[:-1], False)
    write("voted.json", base + olds + [first, other] + gets + [voted])
    write("replaced.json", base + olds + [first, show_row(D, 4, now, TITLE, [], missing, False)] + gets + [voted])
    write("lost.json", base + olds + [newest] + gets)
    mine = show_row(D, 3, now, TITLE, votes + [vote("p-07", "desk")], missing[:-1], False)
    write("lost-recorded.json", base + olds + [dict(first, times=2), mine] + gets)
    # The same was decided before an appeal was admitted: it must be sent, and here it is refused.
    before_it = show_row(D, 3, now, TITLE, votes + [vote("p-07", "desk", "return", code="wording", reason="旧",
                                                         overruled=True)], missing, False)
    write("overruled.json", base + olds + [before_it] + gets + [
        {"op": "review.vote", "error": "denied", "why": "the vote was sent"}])
    listed = json.loads(policy(public, keyid))
    listed["persons"] = [p for p in listed["persons"] if p["pid"] != "p-07"]
    stranger = [dict(r, data=canonical(listed)) if r["op"] == "policy.get" else r for r in base]
    write("stranger.json", stranger + olds + [newest] + gets)
    write("hostile-draft.json", base + hostile())
    appeals(base, olds, show_row(D, 3, now, TITLE, votes + [vote("p-08", "legal", "refuse", code="process",
                                                                 reason="不宜公开")], [], False, state="REFUSED"), gets)


main()

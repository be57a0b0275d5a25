#!/usr/bin/env bash
# Goal: the review form of a published, a refused and a recalled item as text and PDF: every
# signature verified on the reviewer's machine, the same bytes for everybody; a vote that the
# gateway's owner has rewritten is shown as invalid; a form is no reading of the draft.
. "$(dirname "$0")/common.sh"
start_all
form() { as LIAISON sluice-review form "$@"; }
fresh_notice 57 >"$T/notice.txt"
cat >"$T/meta.yaml" <<'YAML'
title: 关于第五十七号便民事项的通告
type: CT05
column: 公示公告
channels: [official-site, weibo]
disclosure: 主动公开
doc_no: 云公通〔2024〕57号
publisher: 云汀市公安局
created_on: 2024-04-29
source_type: 原创
YAML
submit --meta "$T/meta.yaml" "$T/notice.txt" >"$T/r.json"
id=$(draft_of <"$T/r.json")
release=${id/D-/R-}

# A form shows what is missing, and reading it is not reading the draft.
form "$id" >"$T/before.txt"
grep -q '办理状态：审查中' "$T/before.txt" || fail "the state before: $(cat "$T/before.txt")"
grep -q '签名：' "$T/before.txt" || fail "no room for those who have not signed"
expect_exit 1 as LIAISON sluice-review approve "$id" --role liaison --ack DH-016=样稿重复报送
err_says 'Never shown'

approve_route_a "$id"
is_sent() { [ "$(state_of "$1")" = SENT ]; }
wait_until 60 is_sent "$id" || fail "it was never sent"
form "$id" >"$T/form.txt"
for want in '信息标题：关于第五十七号便民事项的通告' '文号：云公通〔2024〕57号' '■公文类' '■主动公开' \
  '办理状态：已发布并送达各平台' "发布编号：$release 第1版" '发布序列号：1' \
  "$(sha256sum "$T/notice.txt" | cut -c 1-40)"; do
  grep -qF -- "$want" "$T/form.txt" || fail "the form lacks $want: $(cat "$T/form.txt")"
done
grep -q '保密审查意见：■可以公开' "$T/form.txt" && grep -q '由联络员初审签署时一并作出' "$T/form.txt" ||
  fail "nobody gives the secrecy opinion: $(cat "$T/form.txt")"
# Submission, inspection and three votes.
same "$(grep -c '验证有效' "$T/form.txt")" 5 "signatures that verify"
! grep -q '验证无效' "$T/form.txt" || fail "a signature that does not verify"
as DESK sluice-review form --json "$id" >"$T/form.json"
same "$(jq -r '[.schema, (.votes | map(.check + " " + .role) | join(","))] | join(" ")' "$T/form.json")" \
  "sluice-form/1 valid liaison,valid unit-leader,valid desk" "the record"
form "$id" --lang en | grep -q 'Liaison: Approved' || fail "the form in English"

# The same paper for everybody, in every zone; its fonts are in it and its words come out again.
form "$id" --out "$T/a.pdf" >/dev/null
TZ=America/New_York LC_ALL=C as DESK sluice-review form "$id" --out "$T/b.pdf" >/dev/null
cmp "$T/a.pdf" "$T/b.pdf" || fail "two machines print two forms"
same "$(stat -c %a "$T/a.pdf")" 600 "who may read it"
qpdf --check "$T/a.pdf" >"$T/out" || fail "qpdf: $(cat "$T/out")"
same "$(pdffonts "$T/a.pdf" | tail -n +3 | grep -vc 'yes yes yes' || :)" 0 "fonts that are not embedded"
pdftotext -raw "$T/a.pdf" "$T/a.txt"
for want in 信息发布保密审查审批表 关于第五十七号便民事项的通告 "$release" 第1页; do
  grep -qF "$want" "$T/a.txt" || fail "the paper lacks $want: $(cat "$T/a.txt")"
done

# Refused: by whom, why, and nothing that looks like a release.
fresh_notice 58 >"$T/refused.txt"
submit --title 拟公布的名单 --type CT05 "$T/refused.txt" >"$T/r.json"
refused=$(draft_of <"$T/r.json")
as LIAISON sluice-review show "$refused" >/dev/null
as LIAISON sluice-review refuse "$refused" --role liaison --code third-party --reason 文中人员信息未经本人同意 >/dev/null
form "$refused" >"$T/form.txt"
for want in '不予公开（理由代码：third-party 第三方合法权益）' '依据和理由：文中人员信息未经本人同意' '办理状态：决定不予公开'; do
  grep -qF -- "$want" "$T/form.txt" || fail "the refusal lacks $want: $(cat "$T/form.txt")"
done
grep -qx '  发布编号：' "$T/form.txt" || fail "a refused item has a release number"

# Recalled: the order and what became of it.
as SECRECY_1 sluice-review freeze "$release" --reason 地点有误 >/dev/null
form "$id" >"$T/form.txt"
grep -qE '下令冻结：地点有误|已冻结：地点有误' "$T/form.txt" || fail "no word of the freeze: $(tail -n 20 "$T/form.txt")"

# The gateway's owner puts other words under the liaison's signature.
python3 - "$T/gateway/store/sluice.db" "$refused" <<'PY'
import base64, hashlib, json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
year, n = sys.argv[2].split("-")[1:]
old, = db.execute("SELECT envelope FROM vote WHERE number = ?", (int(year) * 1000000 + int(n),)).fetchone()
line = json.loads(db.execute("SELECT bytes FROM object WHERE sha256 = ?", (old,)).fetchone()[0])
body = base64.b64decode(line["payload"]).decode().replace("未经本人同意", "已经本人同意")
line["payload"] = base64.b64encode(body.encode()).decode()
new = json.dumps(line, separators=(",", ":"), sort_keys=True).encode()
name = hashlib.sha256(new).hexdigest()
with db:
    for trigger, in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'vote'").fetchall():
        db.execute("DROP TRIGGER " + trigger)
    db.execute("INSERT INTO object (sha256, bytes) VALUES (?, ?)", (name, new))
    db.execute("UPDATE vote SET envelope = ?, reason = '已经本人同意' WHERE envelope = ?", (name, old))
PY
expect_exit 1 form "$refused"
grep -qF '验证无效：签名与内容不符。以下仅为网关所称。' "$T/out" || fail "a forged vote passes: $(cat "$T/out")"
err_says '1 signature on this form does not verify'
expect_exit 1 form --json "$refused"
same "$(jq -r '.votes[0].check' "$T/out")" signature "what is wrong with the vote"
expect_exit 1 form "$refused" --out "$T/forged.pdf"
pdftotext -raw "$T/forged.pdf" - | grep -q '验证无效' || fail "the paper does not say it"

# Its author has the same paper, but not who ordered the freeze; and nobody else's author.
as AUTHOR sluice form "$id" >"$T/own.txt"
grep -q '已冻结：地点有误' "$T/own.txt" || fail "the author's form lacks the freeze: $(tail -n 20 "$T/own.txt")"
! grep -qE '下令冻结|p-05' "$T/own.txt" || fail "the author is told who ordered it: $(tail -n 20 "$T/own.txt")"
same "$(grep -c '验证有效' "$T/own.txt")" 5 "signatures that the author's machine verifies"
as AUTHOR sluice form "$id" --lang en --out "$T/own.pdf" >"$T/out"
grep -q "$id is in $T/own.pdf" "$T/out" || fail "it does not say where: $(cat "$T/out")"
qpdf --check "$T/own.pdf" >"$T/out" || fail "qpdf: $(cat "$T/out")"
pdftotext -raw "$T/own.pdf" - | grep -q 'Secrecy Review and Approval Form' || fail "the author's paper in English"
as AUTHOR sluice form --help | grep -q -- '--lang' || fail "no help"
same "$(as AUTHOR sluice form --json "$id" | jq -r .schema)" sluice-form/1 "the author's record"
expect_exit 1 as AUTHOR_2 sluice form "$id"
err_says "you have no draft $id"
expect_exit 1 as LIAISON sluice form "$id"
err_says "you have no draft $id"
expect_exit 2 as AUTHOR sluice form "$id" --lang fr

# Referred, answered, refused, appealed against and admitted: all of it signed, all of it there.
fresh_notice 59 >"$T/notice.txt"
submit --type CT05 "$T/notice.txt" >"$T/r.json"
appealed=$(draft_of <"$T/r.json")
as SECRECY_1 sluice-review refer "$appealed" --to 市国家保密局 --question 是否可以公开 >/dev/null
form "$appealed" >"$T/form.txt"
grep -q '■需报审' "$T/form.txt" || fail "the box of a referral: $(cat "$T/form.txt")"
as LEGAL sluice-review answer "$appealed" --opinion 可以公开 >/dev/null
as SECRECY_1 sluice-review refuse "$appealed" --role secrecy --code security --reason 涉及部署 >/dev/null
as AUTHOR sluice appeal "$appealed" --reason 内容已在公告中公开 >/dev/null
as DIRECTOR sluice-review decide-appeal "$appealed" --admit --reason 请重新审查 >/dev/null
reviewed_anew() { [ "$(state_of "$appealed")" = IN_REVIEW ]; }
wait_until 30 reviewed_anew || fail "it is $(state_of "$appealed")"
form "$appealed" >"$T/form.txt"
for want in '征询 市国家保密局：是否可以公开' '答复：可以公开' '不予公开（理由代码：security 三安全一稳定）' \
  '拟稿人申诉：内容已在公告中公开' '复核准予重新审查：请重新审查' '不计入：申诉获准后重新审'; do
  grep -qF -- "$want" "$T/form.txt" || fail "the form lacks $want: $(cat "$T/form.txt")"
done
! grep -q '■不予公开' "$T/form.txt" || fail "a refusal that was overruled ticks its box"
same "$(form --json "$appealed" | jq -r '[.steps[].check] | unique | join(" ")')" valid "the steps' signatures"

# Who may not, and what has no form.
expect_exit 1 as AUTHOR sluice-review form "$id"
err_says 'no reviewing role'
expect_exit 1 form D-2024-009999
expect_exit 2 form "$id" --lang fr
code=0
submit "$SAMPLES/03-marked-paper-spill.txt" >"$T/r.json" || code=$?
same "$code" 4 "exit of a spill"
expect_exit 1 as SECRECY_1 sluice-review form "$(draft_of <"$T/r.json")"
err_says 'sealed'
expect_exit 1 form "$id" --out "$T/no/such/folder.pdf"

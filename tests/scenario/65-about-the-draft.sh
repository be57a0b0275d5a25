#!/usr/bin/env bash
# Goal: what a draft says of itself is held against it: a reply past its term, beside the question,
# or sent before to somebody else; a paper of another body; missing metadata; a text too long for
# its channel. Question and consent reach the reviewers and never what is published.
. "$(dirname "$0")/common.sh"
start_all
# hand_in FILE OPTION...: the draft's report in $T/draft, its findings as "RULE SEVERITY".
hand_in() { submit "$@" >"$T/draft" 2>"$T/err" || :; }
found() { jq -r '[.report.files[].findings[] | .rule + " " + .severity] | sort | join(",")' "$T/draft"; }
day() { date -u -d "$1" +%F; }
question=小区门口乱停车堵塞消防通道怎么办
cat >"$T/reply.txt" <<'TEXT'
网友您好：
您反映的小区门口停车问题收悉。接到反映后，交警大队已会同消防救援站到现场核查，对占用消防通道的车辆依法处理，并协调街道和物业施划禁停标线、增设隔离设施。今后将把该路段列入日常巡查范围，发现占道停车及时劝离。
感谢您的关注和支持。
TEXT
cat >"$T/beside.txt" <<'TEXT'
网友您好：
居民身份证换领请携带本人户口簿和旧证，到任一派出所户籍窗口申请，工作日均可受理，二十日内可以领取新证，异地申请的同样办理。
TEXT
meta() { # FILE LINES...
  local file=$1
  shift
  printf '%s\n' "$@" >"$file"
}

# In time and to the point: nothing to say.
meta "$T/good.yaml" "type: CT16" "channels: [forum]" "question: $question" "received_on: $(day today)"
hand_in --meta "$T/good.yaml" "$T/reply.txt"
same "$(found)" "" "a proper reply"
first=$(jq -r .draft "$T/draft")
# Past due; with the extension that was told, not.
meta "$T/late.yaml" "type: CT16" "channels: [forum]" "received_on: $(day '30 days ago')"
hand_in --meta "$T/late.yaml" "$T/reply.txt"
same "$(found)" "RP-006 S3" "a reply past its term"
meta "$T/longer.yaml" "type: CT16" "channels: [forum]" "received_on: $(day '30 days ago')" "due_on: $(day '30 days')"
hand_in --meta "$T/longer.yaml" "$T/reply.txt"
same "$(found)" "" "an extended reply"
# Beside the question.
hand_in --meta "$T/good.yaml" "$T/beside.txt"
same "$(found)" "RP-004 S4" "a reply to another question"

# Reviewers read the question; the manifest that is signed and published does not have it.
as UNIT_LEADER sluice-review show --json "$first" >"$T/shown"
same "$(jq -r .internal.question "$T/shown")" "$question" "what the reviewer is told"
jq -r .manifest "$T/shown" | grep -q 消防 && fail "the question is in the manifest"
as UNIT_LEADER sluice-review show "$first" | grep -q "$question" || fail "the question is not printed"

# Published, the same words come again as the answer to somebody else.
read_and_approve UNIT_LEADER unit-leader "$first" >/dev/null
read_and_approve DESK desk "$first" >/dev/null
wait_until 30 pull_until_live "$T/site" "R-${first#D-}" || fail "the reply was not published"
grep -rq "$question" "$T/site" "$T/outlet/tree" && fail "the question was published"
hand_in --meta "$T/good.yaml" "$T/reply.txt"
same "$(found)" "RP-005 S4" "the same reply once more"

# A revision keeps what was said for the house.
second=$(jq -r .draft "$T/draft")
as AUTHOR sluice revise --json "$second" --meta "$T/late.yaml" "$T/beside.txt" >"$T/draft" 2>/dev/null || :
same "$(found)" "RP-006 S3" "fields given anew replace the old"
printf 'type: CT16\nchannels: [forum]\n' >"$T/silent.yaml"
as AUTHOR sluice revise --json "$second" --meta "$T/silent.yaml" "$T/beside.txt" >"$T/draft" 2>/dev/null || :
same "$(found)" "RP-006 S3" "fields not given stay"

# Another body's paper, without and with its consent; a repost without its source.
sample=$SAMPLES/01-road-works-clean.txt
sed '1s/.*/转发市应急管理局关于加强汛期值守的通知的通知/' "$sample" >"$T/foreign.txt"
hand_in --type CT05 "$T/foreign.txt"
same "$(found | tr ',' '\n' | sort -u | tr '\n' ' ')" "CS-004 S2 " "another body's paper"
meta "$T/consent.yaml" "type: CT05" "origin_agency: 市应急管理局" "consent: 市应急管理局办公室2026年3月2日函复同意公开"
hand_in --meta "$T/consent.yaml" "$T/foreign.txt"
same "$(found)" "" "with its maker's consent"
meta "$T/repost.yaml" "type: CT07" "source_type: 转载"
hand_in --meta "$T/repost.yaml" "$sample"
same "$(found)" "CS-004 S2,DH-019 S2" "a repost without source"

# Metadata that the catalogue needs; a text too long for a microblog.
hand_in --type CT13 "$sample"
same "$(found)" "DH-010 S2,DH-010 S2" "a guide without its metadata"
meta "$T/guide.yaml" "type: CT13" "created_on: 2026-03-02" "publisher: 云汀市公安局" "validity: 有效"
hand_in --meta "$T/guide.yaml" "$sample"
same "$(found)" "" "a guide with its metadata"
for _ in $(seq 90); do printf '请驾驶人提前规划路线，服从现场指挥，注意行车安全。\n'; done >"$T/long.txt"
hand_in --type CT15 --channel weibo --channel official-site "$T/long.txt"
same "$(found)" "DH-020 S4" "too long for a microblog"

# What is no field, no date, or too long is refused before anyone signs.
meta "$T/bad.yaml" "type: CT16" "received_on: gestern"
expect_exit 1 submit --meta "$T/bad.yaml" "$T/reply.txt"
err_says 'received_on.*date'
meta "$T/bad.yaml" "type: CT16" "recieved_on: 2026-03-02"
expect_exit 1 submit --meta "$T/bad.yaml" "$T/reply.txt"
err_says 'bad.yaml:2'

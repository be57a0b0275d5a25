# people.sh - what people do, as shell words; sourced after stack.sh and DIR/env.
#
# Every word prints JSON on stdout and keeps the program's exit code.

as() { # PERSON PROGRAM ARGS...   as LIAISON sluice-review list
  local var=SLUICE_DEMO_$1 program=$2
  shift 2
  "$BIN/$program" --config "${!var}" "$@"
}
submit() { as AUTHOR sluice submit --json "$@"; } # options and files
draft_of() { jq -r .draft; }
state_of() { as AUTHOR sluice status --json "$1" | jq -r .state; } # ID
# The tests hand the same few samples in again and again, which DH-016 rightly finds.
# read_and_approve PERSON ROLE ID [--ack RULE=REASON...]
read_and_approve() {
  local who=$1 role=$2 id=$3
  shift 3
  as "$who" sluice-review show --json "$id" >/dev/null
  as "$who" sluice-review approve --json "$id" --role "$role" --ack DH-016=样稿重复报送 "$@"
}
approve_route_a() { # ID [--ack...]
  local id=$1
  shift
  read_and_approve LIAISON liaison "$id" "$@" >/dev/null
  read_and_approve UNIT_LEADER unit-leader "$id" "$@" >/dev/null
  read_and_approve DESK desk "$id" "$@" >/dev/null
}
pull() { # INTO [options...]
  local into=$1
  shift
  "$BIN/sluice-pull" --from "$SLUICE_DEMO_URL" --trust "$SLUICE_DEMO_TRUST" --into "$into" --once --json "$@"
}
is_live() { [ -e "$1/live/$2" ]; } # INTO RELEASE
pull_until_live() { # INTO RELEASE
  pull "$1" >/dev/null && is_live "$1" "$2"
}
# A lawful notice unlike every other one, for tests that publish many: near-copies of what was
# published or recalled are a finding (DH-016).
fresh_notice() { # NUMBER [LINES]
  awk -v seed="$1" -v lines="${2:-30}" 'BEGIN {
    n = split("公园 绿化 图书 阅读 桥梁 河道 清洗 花卉 展览 音乐 步道 广场 灯光 雕塑 喷泉 树木 长椅 指示牌 停车 自行车 班车 码头 湖面 草坪 亭子 台阶 围栏 路面 标线 护栏 路灯 井盖 雨水 垃圾桶 候车亭 天桥 隧道 匝道 辅道 绿道", w, " ")
    m = split("修补 更换 粉刷 检查 清理 开放 调整 关闭 延长 增设 移动 加固", v, " ")
    srand(seed)
    printf "关于第%d号便民事项的通告\n\n", seed
    for (i = 1; i <= lines; i++)
      printf "%s%s与%s%s同时进行，%s暂停，%s照常。\n", w[int(rand() * n) + 1], v[int(rand() * m) + 1], w[int(rand() * n) + 1], v[int(rand() * m) + 1], w[int(rand() * n) + 1], w[int(rand() * n) + 1]
    printf "\n特此通告。\n\n云汀市公安局\n2024年4月29日\n\n（此件公开发布）\n"
  }'
}
# sign PERSON ROLE ID [--ack RULE=REASON...]: read, give a reason for each S2 and S3, approve.
sign() {
  local who=$1 role=$2 id=$3 rule
  local acks=()
  shift 3
  for rule in $(as "$who" sluice-review show --json "$id" |
    jq -r '[.report.files[]?.findings[] | select(.suppressed | not) | select(.severity == "S2" or .severity == "S3") | .rule] | unique[]'); do
    acks+=(--ack "$rule=已核对")
  done
  as "$who" sluice-review approve --json "$id" --role "$role" "${acks[@]}" "$@"
}

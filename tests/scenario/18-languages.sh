#!/usr/bin/env bash
# Goal: all seven programs teach in English and in Chinese, say their version, and answer a
# wrong word with exit 2; the catalogue is complete.
. "$(dirname "$0")/common.sh"
# Not through a pipe: grep leaves at the first match, and locale then fails.
grep -qi '^zh_CN.utf8$' <<<"$(locale -a)" || skip "the Chinese locale is not installed"
for program in sluice sluice-review sluiced sluice-outlet sluice-pull sluice-policy sluice-keys; do
  english=$(LC_ALL=C.UTF-8 "$BIN/$program" --help)
  chinese=$(LC_ALL=zh_CN.UTF-8 "$BIN/$program" --help)
  grep -q 'Commands:' <<<"$english" || fail "$program --help lists no commands"
  grep -q 'Exit codes' <<<"$english" || fail "$program --help does not explain exit codes"
  grep -q '命令：' <<<"$chinese" || fail "$program --help is not Chinese"
  grep -q '退出码' <<<"$chinese" || fail "$program --help does not explain exit codes in Chinese"
  same "$("$BIN/$program" --version | cut -d' ' -f1)" "$program" "name in --version"
  expect_exit 2 "$BIN/$program" no-such-command
  expect_exit 2 "$BIN/$program" --no-such-option
done
# Also from inside its sandbox, where no catalogue can be opened any more.
mkdir "$T/tree"
printf '{}' >"$T/root.json"
expect_exit 1 env LC_ALL=zh_CN.UTF-8 "$BIN/sluice-pull" log verify "$T/tree" --trust "$T/root.json"
err_says '发布日志未能证明'
command -v msgfmt >/dev/null || skip "gettext is not installed"
untranslated=$(msgfmt --statistics -o /dev/null "$SOURCE/po/zh_CN.po" 2>&1 | grep -o '[0-9]* untranslated' || printf '0 untranslated')
same "$untranslated" "0 untranslated" "messages without a translation"

#!/usr/bin/env bash
# update.sh - collect the messages of all programs into zh_CN.po; new ones come untranslated.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files 'gateway/*.c' 'reviewer/*.c' 'reviewer/*.h' 'policies/*.c' 'keys/*.c' |
  xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --no-location --sort-output \
    --package-name=sluice --files-from=- --output=po/sluice.pot
msgmerge --quiet --update --backup=none --no-fuzzy-matching po/zh_CN.po po/sluice.pot
rm po/sluice.pot
msgfmt --check --statistics -o /dev/null po/zh_CN.po

#!/usr/bin/env bash
# Goal: files made by real programs get the right outcome through the real gateway: clean ones
# go to review, hidden and unaccepted things come back, what cannot be read is held, malware in
# every container is stopped.
. "$(dirname "$0")/common.sh"
start_all
documents=$SOURCE/tests/corpus/documents
want() { # FILE STATE...: any of the states, and the report names the file
  local file=$1 state code=0
  shift
  submit --type CT04 "$file" >"$T/out" 2>"$T/err" || code=$?
  printf '%s: exit %s\n' "$(basename "$file")" "$code"
  state=$(jq -r .state "$T/out")
  [[ " $* " == *" $state "* ]] || fail "$(basename "$file") is $state, wanted $*: $(head -c 600 "$T/out")"
}
want "$documents/clean.docx" IN_REVIEW
want "$documents/report.pdf" IN_REVIEW
want "$documents/linearized.pdf" IN_REVIEW
want "$documents/gb18030.txt" IN_REVIEW BLOCKED
want "$documents/utf16.txt" IN_REVIEW BLOCKED
want "$documents/tracked-changes.docx" BLOCKED
want "$documents/comments.docx" BLOCKED
want "$documents/hidden.docx" BLOCKED
want "$documents/bomb.docx" HELD BLOCKED
want "$documents/encrypted.pdf" HELD
want "$documents/incremental.pdf" BLOCKED
want "$documents/attachment.pdf" HELD BLOCKED
want "$documents/clean.odt" IN_REVIEW
for kind in odt ods odp xlsx pptx; do want "$documents/hidden.$kind" BLOCKED; done
want "$documents/archives/members.7z" BLOCKED
want "$documents/archives/encrypted.zip" BLOCKED
want "$documents/archives/after-the-end.tar" HELD BLOCKED
want "$documents/archives/notice.txt.gz" IN_REVIEW
want "$documents/properties.rtf" BLOCKED IN_REVIEW
want "$documents/hidden.rtf" BLOCKED
want "$documents/mail/parts.eml" BLOCKED
want "$documents/media/photo.jpg" IN_REVIEW HELD # where nothing reads its thumbnail
want "$documents/media/tail.jpg" HELD BLOCKED
want "$documents/media/film.mp4" HELD
want "$documents/media/sound.mp3" HELD

# A file that is not what its name says.
cp "$documents/report.pdf" "$T/report.docx"
want "$T/report.docx" BLOCKED
head -c 3000 "$documents/clean.docx" >"$T/truncated.docx"
want "$T/truncated.docx" HELD

report=$SOURCE/../shared/real/work-report-2023.txt
if [ -e "$report" ]; then want "$report" IN_REVIEW; fi
if [ -d /usr/share/clamav-testfiles ]; then
  for file in /usr/share/clamav-testfiles/clam.{zip,pdf,7z,mail,tar.gz,exe,exe.rtf,ole.doc}; do
    want "$file" BLOCKED
  done
fi

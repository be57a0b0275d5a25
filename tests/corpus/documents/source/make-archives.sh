#!/usr/bin/env bash
# make-archives.sh DIR - the archives beside the documents, by the programs that people use:
# zip, tar, gzip, 7z, Python's zipfile for a name in GB18030.
set -euo pipefail
out=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf '一、9月17日18时至22时，春和路禁止机动车通行。\n' > notice.txt
printf '当事人身份证号349901198705143123\n' > inner.txt
tar cf inner.tar --owner=zhangwu --group=jing inner.txt
tar czf members.tgz --owner=0 --group=0 --numeric-owner notice.txt inner.tar
7z a -bso0 -bsp0 members.7z notice.txt inner.tar
7z a -bso0 -bsp0 -psecret -mhe=on encrypted-names.7z notice.txt
7z a -bso0 -bsp0 -psecret encrypted.7z notice.txt
zip -q -P secret encrypted.zip notice.txt
zip -q nested.zip notice.txt members.7z members.tgz
echo '内部资料，注意保存' | zip -q -z nested.zip > /dev/null
ln -s /etc/passwd link
tar cf link.tar --owner=0 --group=0 --numeric-owner link notice.txt
(cat inner.tar; echo 再见) > after-the-end.tar
gzip -k notice.txt
python3 - <<'PY'
import zipfile

class Raw(zipfile.ZipInfo):
    def _encodeFilenameFlags(self):
        return "通知/第1号.txt".encode("gb18030"), 0

with zipfile.ZipFile("gb18030-names.zip", "w") as z:
    z.writestr(Raw("x"), "正文\n")
PY
cp members.tgz members.7z encrypted-names.7z encrypted.7z encrypted.zip nested.zip link.tar \
  after-the-end.tar notice.txt.gz gb18030-names.zip "$out"

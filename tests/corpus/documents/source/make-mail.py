"""Mails as Python's email package writes them: DIRECTORY."""
import pathlib
import sys
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

out = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent


def mail(subject):
    m = EmailMessage(policy=SMTP)
    m["From"] = Address("王起草", "wang", "yunting.example")
    m["To"] = Address("李审核", "li", "yunting.example")
    m["Subject"] = subject
    m["Date"] = "Tue, 03 Mar 2026 09:00:00 +0800"
    m["Message-ID"] = "<1@yunting.example>"
    m["Received"] = "from oa.internal (10.34.126.5) by mx.yunting.example; Tue, 03 Mar 2026 09:00:01 +0800"
    return m


m = mail("关于春和路施工的通知：先不要公开，等领导审定以后再说，联系电话15412345678")
m.set_content("请看附件，身份证号349901198705143123。\n", charset="gb18030", cte="base64")
m.add_alternative("<p>请看<b>附</b>件。<span style='display:none'>内部名额3名</span></p>",
                  subtype="html", charset="utf-8", cte="quoted-printable")
m.add_attachment((here / "notice.txt").read_bytes(), maintype="text", subtype="plain",
                 filename="通知第一号.txt")
m.add_attachment((here.parent / "clean.docx").read_bytes(), maintype="application",
                 subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
                 filename="正文.docx")
inner = mail("转来的信")
inner.set_content("里面的信说：名单见第3页。\n", charset="utf-8", cte="base64")
m.add_attachment(inner)
(out / "parts.eml").write_bytes(m.as_bytes())

m = mail("会议通知")
m["Bcc"] = Address("陈领导", "chen", "yunting.example")
m.set_content("下午三点开会。\n", charset="gb2312", cte="8bit")
(out / "plain.eml").write_bytes(m.as_bytes())

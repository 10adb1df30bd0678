# A client of mixi Station's AtomPub as Python ones of 2008 were: it looks for elements by their prefix, takes the first collection,
# and writes its local time with a Z. Arguments: base address, user, key, a JPEG file. Prints one JSON object.
import base64, datetime, hashlib, json, os, sys, urllib.error, urllib.request
from xml.dom import minidom

base, user, key, picture = sys.argv[1:5]

def wsse():
    nonce = os.urandom(16)
    created = sys.argv[5] + "Z"
    digest = base64.b64encode(hashlib.sha1(nonce + created.encode() + key.encode()).digest()).decode()
    return 'UsernameToken Username="%s", PasswordDigest="%s", Nonce="%s", Created="%s"' % (user, digest, base64.b64encode(nonce).decode(), created)

def ask(method, url, body=None, kind=None):
    headers = {"X-WSSE": wsse(), "Authorization": 'WSSE profile="UsernameToken"'}
    if kind:
        headers["Content-Type"] = kind
    answer = urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method))
    return answer, answer.read()

def service(name):
    _, body = ask("GET", base + "/atom/" + name)
    return [(c.getAttribute("href"), c.getElementsByTagName("atom:title")[0].firstChild.data) for c in minidom.parseString(body).getElementsByTagName("collection")]

def text(node, tag):
    found = node.getElementsByTagName(tag)
    return found[0].firstChild.data if found and found[0].firstChild else ""

out = {}
for name in ("tracks", "notify", "friends", "updates"):
    _, body = ask("GET", service(name)[0][0])
    out[name] = [{"title": text(e, "title"), "link": e.getElementsByTagName("link")[0].getAttribute("href"), "author": text(e, "name"), "updated": text(e, "updated"),
                  "term": [c.getAttribute("term") for c in e.getElementsByTagName("category")]} for e in minidom.parseString(body).getElementsByTagName("entry")]
collection = service("diary")[0][0]
answer, _ = ask("POST", collection, "<entry xmlns=\"http://www.w3.org/2007/app\"><title>パイソンの日記</title><summary>本文 &lt;1&gt;\n二行目☀</summary></entry>".encode(), "text/xml")
out["diary"] = [answer.status, answer.headers["Location"]]
answer, body = ask("POST", collection, open(picture, "rb").read(), "image/jpeg")
edit = [l.getAttribute("href") for l in minidom.parseString(body).getElementsByTagName("link") if l.getAttribute("rel") == "edit"][0]
answer, _ = ask("POST", edit, "<entry xmlns=\"http://www.w3.org/2005/Atom\"><summary>写真つきの本文</summary><title>写真つき</title></entry>".encode())
out["pictured"] = [answer.status, answer.headers["Location"]]
album = [href for href, title in service("r=3") if title == "photo album"][0]
answer, _ = ask("POST", album, "<entry xmlns=\"http://www.w3.org/2007/app\"><title>パイソンのアルバム</title><summary>説明</summary></entry>".encode(), "text/xml")
album = [href for href, title in service("r=3") if "/album_id=" in href][0]
answer, _ = ask("POST", album, open(picture, "rb").read(), "image/jpeg")
out["photo"] = answer.status
_, body = ask("GET", album)
out["photos"] = len(minidom.parseString(body).getElementsByTagName("entry"))
try:
    key = "wrong"
    ask("GET", base + "/atom/diary")
except urllib.error.HTTPError as e:
    out["refused"] = [e.code, e.headers["WWW-Authenticate"]]
print(json.dumps(out))

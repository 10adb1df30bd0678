// A client of RFC 5023 as it is written today: a key in Authorization, tags, conditions. Arguments: base address, user, key. Prints one JSON object.
const [base, user, key] = process.argv.slice(2);
const ask = (method, url, body, headers = {}) => fetch(url, {method, body, headers: {Authorization: "Basic " + Buffer.from(user + ":" + key).toString("base64"), ...headers}});
const entry = (title, content) => `<?xml version="1.0"?><entry xmlns="http://www.w3.org/2005/Atom"><title>${title}</title><content type="html">${content}</content></entry>`;
const atom = {"Content-Type": "application/atom+xml;type=entry"};
(async () => {
	const out = {};
	const collection = /href="([^"]+)"/.exec(await (await ask("GET", base + "/atom/")).text())[1];
	let r = await ask("POST", collection, entry("ノードの日記", "&lt;p&gt;一つめ&lt;/p&gt;&lt;p&gt;二つめ &amp;amp; &lt;b&gt;太字&lt;/b&gt;&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;"), atom);
	out.created = r.status;
	const edit = r.headers.get("Location"), tag = r.headers.get("ETag");
	r = await ask("GET", edit);
	out.read = [r.status, r.headers.get("ETag") === tag, /<content type="text">([^<]*)<\/content>/.exec(await r.text())[1]];
	out.same = (await ask("GET", edit, undefined, {"If-None-Match": tag})).status;
	r = await ask("PUT", edit, entry("変えた題", "変えた本文"), {...atom, "If-Match": tag});
	out.put = [r.status, r.headers.get("ETag") !== tag];
	out.lost = (await ask("PUT", edit, entry("上書き", "上書き"), {...atom, "If-Match": tag})).status;
	const feed = await (await ask("GET", collection)).text();
	out.listed = feed.includes("変えた題") && !feed.includes("上書き");
	out.openpne = (await ask("GET", base + "/api.php/feeds/diary/" + /diary_id=(\d+)/.exec(edit)[1])).status;
	out.stale = (await ask("DELETE", edit, undefined, {"If-Match": tag})).status;
	out.deleted = (await ask("DELETE", edit)).status;
	out.gone = (await ask("GET", edit)).status;
	out.other = (await ask("GET", collection.replace(/member_id=\d+/, "member_id=1"))).status;
	out.method = (await ask("DELETE", collection)).status;
	console.log(JSON.stringify(out));
})();

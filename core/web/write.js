// Keeps what is being written: every ten seconds, and when the page is left, the form is kept as a draft; what is not kept yet is asked
// about before the page goes. Above the text stand buttons for decorations and emoji. Without this script the form has its button for drafts.
(function () {
  "use strict";
  var form = document.getElementById("writing"), signs = document.currentScript.dataset;
  if (!form || !window.FormData || !window.fetch) return;
  var body = form.elements.body, kept = words(), busy = false, sent = false;
  var says = document.createElement("p");
  says.className = "by";
  says.setAttribute("role", "status");
  form.appendChild(says);

  function words() {
    return ["title", "body", "visibility", "category"].map(function (name) {
      return form.elements[name] ? form.elements[name].value : "";
    }).join("\n");
  }

  function keep() {
    var now = words();
    if (busy || sent || now === kept || form.elements.entry || !(form.elements.title.value + body.value).trim()) return;
    busy = true;
    var data = new FormData(form);
    data.delete("file");
    data.append("draft", "1");
    data.append("script", "1");
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (answer) {
      form.elements.k.value = answer.token;
      if (!answer.saved) return;
      var field = form.elements.saved || form.appendChild(document.createElement("input"));
      field.type = "hidden";
      field.name = "saved";
      field.value = answer.saved;
      kept = now;
      says.textContent = answer.text;
    }).catch(function () { /* the next time */ }).then(function () { busy = false; });
  }

  setInterval(keep, 10000);
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") keep(); });
  form.addEventListener("submit", function (event) {
    if (busy) { // the token that the form needs is on its way
      event.preventDefault();
      var by = event.submitter;
      setTimeout(function () { form.requestSubmit(by); }, 200);
      return;
    }
    sent = true;
  });
  window.addEventListener("pageshow", function () { sent = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!sent && words() !== kept) event.preventDefault();
  });

  // Decorations and emoji.
  var bar = document.createElement("p");
  bar.className = "tools";
  signs.tools.split(" ").forEach(function (tag) {
    var parts = tag.split("=");
    offer(parts[1] || parts[0], function () { put("[" + parts[0] + "]", "[/" + parts[0] + "]"); });
  });
  signs.emoji.split(" ").forEach(function (sign) { offer(sign, function () { put(sign, ""); }); });
  body.parentNode.insertBefore(bar, body);

  function offer(label, press) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", press);
    bar.appendChild(button);
  }

  // put writes around what is marked.
  function put(before, after) {
    var from = body.selectionStart, to = body.selectionEnd, marked = body.value.slice(from, to);
    body.setRangeText(before + marked + after, from, to, "end");
    if (after && from === to) body.selectionStart = body.selectionEnd = from + before.length;
    body.focus();
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
})();

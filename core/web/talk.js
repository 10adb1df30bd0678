// Helps to write comments and messages on a PC: emoji of every carrier behind a button, and behind "@" the names of friends and of those
// who wrote on this page. Without this script names and emoji are typed.
(function () {
  "use strict";
  var words = document.currentScript.dataset;
  var body = document.querySelector("form.write textarea[name=body]");
  if (!body || !window.fetch) return;
  var signs = words.emoji.split(" "), label = words.label;

  // Emoji.
  var bar = document.createElement("details"), name = document.createElement("summary");
  bar.className = "tools";
  name.textContent = label;
  bar.appendChild(name);
  signs.forEach(function (sign) { offer(bar, sign, function () { put(sign, body.selectionStart); }); });
  body.parentNode.insertBefore(bar, body);

  // Names.
  var list = document.createElement("p"), asked = 0;
  list.className = "tools";
  list.setAttribute("role", "status");
  body.parentNode.insertBefore(list, body.nextSibling);
  body.addEventListener("input", function () {
    var before = body.value.slice(0, body.selectionStart), at = before.lastIndexOf("@");
    var begun = at >= 0 ? before.slice(at + 1) : "";
    list.textContent = "";
    if (at < 0 || begun.length > 20 || /\s/.test(begun)) return;
    var mine = ++asked;
    setTimeout(function () {
      if (mine !== asked) return;
      fetch("/mention.json?q=" + encodeURIComponent(begun), { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (answer) {
        if (mine !== asked) return;
        here(begun).concat(answer.names || []).filter(function (one, i, all) { return all.indexOf(one) === i; }).slice(0, 8).forEach(function (one) {
          offer(list, "@" + one, function () {
            list.textContent = "";
            put("@" + one + " ", at);
          });
        });
      }).catch(function () { /* they are typed */ });
    }, 200);
  });

  // here are those who wrote on this page.
  function here(begun) {
    return Array.prototype.map.call(document.querySelectorAll(".comment .by a"), function (link) { return link.textContent; })
      .filter(function (one) { return one.indexOf(begun) === 0; });
  }

  function offer(where, text, press) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", press);
    where.appendChild(button);
  }

  // put writes in the place of what stands from there to the cursor.
  function put(text, from) {
    body.setRangeText(text, from, body.selectionEnd, "end");
    body.focus();
  }
})();

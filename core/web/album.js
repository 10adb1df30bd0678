// Sends the photos or videos of the upload form one by one, each with its progress, a button to cancel it and, when it fails, one to send it again. What
// a file's answer says comes from the server. Without this script the form sends all files at once and answers them in a page.
(function () {
  "use strict";
  var form = document.getElementById("upload"), said = document.currentScript.dataset;
  if (!form || !window.FormData) return;
  var input = form.elements.file, token = form.elements.k, button = form.elements.send;
  var most = Number(words("most")), queue = [], busy = false, sent = 0, taken = 0;

  function words(key) { return said[key]; }

  var total = document.createElement("p");
  total.setAttribute("role", "status");
  var rows = document.createElement("ul");
  rows.className = "files";
  form.appendChild(total);
  form.appendChild(rows);

  form.addEventListener("submit", function (event) {
    if (!input.files.length) return; // the server says so
    event.preventDefault();
    Array.prototype.forEach.call(input.files, add);
    input.value = "";
    next();
  });
  window.addEventListener("beforeunload", function (event) {
    if (busy || queue.length) event.preventDefault();
  });

  // add gives a file its row.
  function add(file) {
    var row = { file: file, item: document.createElement("li"), bar: document.createElement("progress"), text: document.createElement("span") };
    var name = document.createElement("strong");
    name.textContent = file.name;
    row.item.append(name, " ", row.bar, " ", row.text);
    rows.appendChild(row.item);
    sent++;
    if (file.size > most) return fail(row, words("large"), false);
    enqueue(row);
  }

  function enqueue(row) {
    row.item.className = "";
    row.bar.max = 1;
    row.bar.value = 0;
    row.bar.hidden = false;
    row.text.textContent = words("waiting") + " ";
    row.stop = offer(row, "cancel", function () { cancel(row); });
    queue.push(row);
    say();
  }

  // offer puts a button into a row.
  function offer(row, word, press) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = words(word);
    button.addEventListener("click", press);
    row.text.appendChild(button);
    return button;
  }

  // cancel takes a file out of the queue, or ends its sending. What has arrived whole is there, and the album shows it.
  function cancel(row) {
    var at = queue.indexOf(row);
    if (at >= 0) queue.splice(at, 1);
    else if (row.request) row.request.abort();
    fail(row, words("cancelled"), true);
  }

  function say() {
    total.textContent = words("progress").replace("%s", sent).replace("%s", taken);
    button.disabled = busy;
  }

  function fail(row, text, again) {
    row.bar.hidden = true;
    row.item.className = "error";
    row.text.textContent = text + " ";
    if (again) offer(row, "again", function () { enqueue(row); next(); });
    say();
  }

  // next sends the first file of the queue. One at a time: each answer brings the token of the next form. A file that got no
  // answer is sent again with the same token, so that one which had arrived after all is not there twice.
  function next() {
    if (busy || !queue.length) return;
    busy = true;
    var row = queue.shift(), body = new FormData(), request = new XMLHttpRequest();
    var used = row.token || token.value;
    body.append("k", used);
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name && field.name !== "k" && field.type !== "file" && field.tagName !== "BUTTON") body.append(field.name, field.value);
    });
    body.append("script", "1");
    body.append("file", row.file);
    request.open("POST", form.action);
    request.timeout = 120000 + row.file.size / 8; // 8 kB a second
    row.request = request;
    row.text.textContent = "";
    row.stop = offer(row, "cancel", function () { cancel(row); });
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    };
    request.upload.onload = function () {
      if (row.stop) row.text.textContent = words("checking");
    };
    request.onabort = function () {
      row.token = used;
      renew(function () { done(function () {}); });
    };
    request.onload = function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { /* a page: something is wrong with the form */ }
      if (!answer) return lose(row);
      row.request = row.stop = null;
      token.value = answer.token;
      row.token = "";
      document.getElementById("room").textContent = answer.room;
      document.getElementById("room-count").textContent = answer.count;
      document.getElementById("room").parentNode.querySelector("meter").value = answer.kb;
      done(function () {
        if (!answer.ok) return fail(row, answer.text, false); // the same file would be refused again
        taken++;
        row.bar.value = 1;
        row.item.className = "taken";
        row.text.textContent = answer.text;
      });
    };
    request.onerror = request.ontimeout = function () {
      row.token = used;
      lose(row);
    };
    request.send(body);
  }

  // lose tells that no answer came, and gets a token for the next file.
  function lose(row) {
    renew(function () { done(function () { fail(row, words("lost"), true); }); });
  }

  // renew fetches a token for the next file when the answer that should have brought it is lost.
  function renew(then) {
    var request = new XMLHttpRequest();
    request.open("GET", form.action + "?id=" + form.elements.id.value);
    request.responseType = "document";
    request.timeout = 30000;
    request.onload = function () {
      var fresh = request.response && request.response.querySelector("#upload input[name=k]");
      if (fresh) token.value = fresh.value;
      then();
    };
    request.onerror = request.ontimeout = then;
    request.send();
  }

  function done(then) {
    busy = false;
    then();
    say();
    next();
  }
})();

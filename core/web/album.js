// Sends the photos of the upload form one by one, each with its progress and, when it fails, a button to send it again. What
// a file's answer says comes from the server. Without this script the form sends all files at once and answers them in a page.
(function () {
  "use strict";
  var form = document.getElementById("upload");
  if (!form || !window.FormData) return;
  var input = form.elements.file, token = form.elements.k, button = form.elements.send;
  var most = Number(words("most")), queue = [], busy = false, sent = 0, taken = 0;

  function words(key) { return document.getElementById("upload-" + key).textContent; }

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
    row.text.textContent = words("waiting");
    queue.push(row);
    say();
  }

  function say() {
    total.textContent = words("progress").replace("%s", sent).replace("%s", taken);
    button.disabled = busy;
  }

  function fail(row, text, again) {
    row.bar.hidden = true;
    row.item.className = "error";
    row.text.textContent = text + " ";
    if (again) {
      var retry = document.createElement("button");
      retry.type = "button";
      retry.textContent = words("again");
      retry.addEventListener("click", function () { enqueue(row); next(); });
      row.text.appendChild(retry);
    }
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
    body.append("id", form.elements.id.value);
    body.append("script", "1");
    body.append("file", row.file);
    request.open("POST", form.action);
    request.timeout = 120000;
    row.text.textContent = "";
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    };
    request.onload = function () {
      var answer = null;
      try { answer = JSON.parse(request.responseText); } catch (error) { /* a page: something is wrong with the form */ }
      if (!answer) return lose(row);
      token.value = answer.token;
      row.token = "";
      document.getElementById("room").textContent = answer.room;
      done(function () {
        if (!answer.ok) return fail(row, answer.text, true);
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

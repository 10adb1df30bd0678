// Keeps a long text from being lost: before its page goes unsent the browser asks, and what was typed waits in this tab, to be put back with
// one press, until it was sent. Without this script the form comes back with its text whenever it is refused.
(function () {
  "use strict";
  var words = document.currentScript.dataset, place;
  try { place = window.sessionStorage; } catch (e) { return; }
  if (!place) return;
  var naming = ["community", "id", "topic", "event", "poll", "owner", "diary", "album", "photo", "after", "to", "member", "t"];

  // key names what a form writes to, on its page and on that of its preview.
  function key(form) {
    return naming.reduce(function (name, field) {
      var input = form.querySelector('input[type=hidden][name="' + field + '"]');
      return input ? name + " " + field + "=" + input.value : name;
    }, "musubi " + words.who + " " + form.getAttribute("action"));
  }

  document.querySelectorAll("main form[method=post]").forEach(function (form) {
    var text = form.querySelector("textarea"), name = key(form), sent = false;
    form.addEventListener("submit", function (event) {
      sent = true;
      if (event.submitter && event.submitter.name === "send") place.removeItem(name);
    });
    if (!text) return;
    var fields = Array.prototype.slice.call(form.querySelectorAll('textarea[name], input[type=text][name]'));
    function changed() { return fields.some(function (field) { return field.value !== field.defaultValue; }); }

    offer(place.getItem(name));
    form.addEventListener("input", function () {
      var values = {};
      fields.forEach(function (field) { values[field.name] = field.value; });
      try { place.setItem(name, JSON.stringify(values)); } catch (e) { /* full: the question is left */ }
    });
    window.addEventListener("pageshow", function () { sent = false; });
    window.addEventListener("beforeunload", function (event) { if (!sent && changed()) event.preventDefault(); });

    function offer(kept) {
      if (!kept) return;
      var values = JSON.parse(kept);
      if (fields.every(function (field) { return !(field.name in values) || values[field.name] === field.value; })) return;
      var line = document.createElement("p"), button = document.createElement("button");
      line.setAttribute("role", "status");
      line.textContent = words.left + " ";
      button.type = "button";
      button.textContent = words.back;
      button.addEventListener("click", function () {
        fields.forEach(function (field) { if (field.name in values) field.value = values[field.name]; });
        line.remove();
        text.focus();
      });
      line.appendChild(button);
      form.insertBefore(line, form.firstChild);
    }
  });
})();

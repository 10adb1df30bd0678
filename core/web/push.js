// Asks the browser for a place to be told at, and puts what comes into the form.
(function () {
  "use strict";
  var form = document.getElementById("push");
  if (!form) return;
  var says = document.getElementById("push-says");
  function say(text) { says.textContent = text; }
  say("");
  if (!("serviceWorker" in navigator)) return say(form.dataset.cannot);
  var worker = navigator.serviceWorker.register("/worker.js");
  if (!("PushManager" in window) || !("Notification" in window)) return say(form.dataset.cannot);

  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    var raw = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  var line = form.appendChild(document.createElement("p")), button = line.appendChild(document.createElement("button"));
  button.name = "add";
  button.value = "1";
  button.textContent = form.dataset.add;
  form.addEventListener("submit", function (event) {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") return say(form.dataset.denied);
      return worker.then(function () { return navigator.serviceWorker.ready; }).then(function (ready) {
        return ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) });
      }).then(function (place) {
        form.elements.endpoint.value = place.endpoint;
        form.elements.p256dh.value = text(place.getKey("p256dh"));
        form.elements.auth.value = text(place.getKey("auth"));
        form.submit();
      });
    }).catch(function () { say(form.dataset.cannot); });
  });
})();

// Asks the browser for a passkey, or for its answer with one, and puts what comes into the form. What is asked comes from the server.
(function () {
  "use strict";
  var form = document.getElementById("passkey");
  if (!form) return;
  var says = document.getElementById("passkey-says");
  function refuse() { says.textContent = form.elements.cannot.value; }
  says.textContent = "";
  if (!window.PublicKeyCredential) return refuse();

  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (c) { return c.charCodeAt(0); });
  }
  function text(buffer) {
    var raw = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function known(list) {
    (list || []).forEach(function (one) { one.id = bytes(one.id); });
  }

  form.addEventListener("submit", function (event) {
    if (form.elements.answer.value) return;
    event.preventDefault();
    var asked = JSON.parse(form.elements.options.value).publicKey, making = !!asked.user;
    asked.challenge = bytes(asked.challenge);
    if (making) asked.user.id = bytes(asked.user.id);
    known(asked.excludeCredentials);
    known(asked.allowCredentials);
    var answer = making ? navigator.credentials.create({ publicKey: asked }) : navigator.credentials.get({ publicKey: asked });
    answer.then(function (key) {
      var of = {}, had = key.response;
      ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (part) {
        if (had[part]) of[part] = text(had[part]);
      });
      if (had.getTransports) of.transports = had.getTransports();
      form.elements.answer.value = JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response: of, clientExtensionResults: key.getClientExtensionResults() });
      form.submit();
    }, refuse);
  });
})();

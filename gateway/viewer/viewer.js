// Number keys, * and # press the key of the handset that has the focus; arrow keys go from handset to handset.
addEventListener("keydown", function (e) {
  if (e.ctrlKey || e.altKey || e.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  var phones = Array.prototype.slice.call(document.querySelectorAll(".phone"));
  var at = phones.findIndex(function (p) { return p.contains(document.activeElement); });
  if (at < 0) at = 0;
  if (e.key === "ArrowRight" || e.key === "ArrowLeft") {
    var to = phones[(at + (e.key === "ArrowRight" ? 1 : phones.length - 1)) % phones.length];
    if (to) { to.querySelector(".screen").focus(); e.preventDefault(); }
    return;
  }
  if (/^[0-9*#]$/.test(e.key) && phones[at]) {
    var key = phones[at].querySelector('[data-key="' + e.key + '"]');
    if (key) { key.click(); e.preventDefault(); }
  }
});
if (/^#p\d$/.test(location.hash)) {
  var target = document.querySelector(location.hash + " .screen");
  if (target) target.focus();
}

// Looks at photos on all of the screen: a press on the photo opens it, arrow keys and swipes lead to its neighbours, Escape or a press
// closes it. Without this script the photo is a link to the large picture, and its neighbours are links to their pages.
(function () {
  "use strict";
  var box = null, page = document, at = location.href;

  function link(rel) { return page.querySelector(".pager a[rel=" + rel + "]"); }

  document.addEventListener("click", function (event) {
    var photo = event.target.closest && event.target.closest("a.view");
    if (!photo || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || /^(input|textarea|select)$/i.test(event.target.tagName)) return;
    if (event.key === "ArrowLeft") go("prev");
    else if (event.key === "ArrowRight") go("next");
    else if (event.key === "Escape" && box) close();
    else return;
    event.preventDefault();
  });
  swipes(document.querySelector(".photo"));

  // swipes takes a finger's way across a photo for a step.
  function swipes(on) {
    var x = null, y = null;
    if (!on) return;
    on.addEventListener("touchstart", function (event) {
      x = event.touches.length === 1 ? event.touches[0].clientX : null;
      y = event.touches[0].clientY;
    }, { passive: true });
    on.addEventListener("touchend", function (event) {
      if (x === null) return;
      var dx = event.changedTouches[0].clientX - x, dy = event.changedTouches[0].clientY - y;
      if (Math.abs(dx) > 50 && Math.abs(dx) > 2 * Math.abs(dy)) go(dx > 0 ? "prev" : "next");
      x = null;
    });
  }

  function open() {
    box = document.createElement("dialog");
    box.className = "viewer";
    box.appendChild(document.createElement("img"));
    box.addEventListener("click", close);
    box.addEventListener("close", close);
    swipes(box);
    document.body.appendChild(box);
    box.showModal();
    if (box.requestFullscreen) box.requestFullscreen().catch(function () { /* the window is enough */ });
    show();
  }

  function show() {
    var from = page.querySelector("a.view"), small = from.querySelector("img") || page.querySelector(".photo img"), img = box.firstChild;
    img.src = from.href;
    img.alt = small ? small.alt : "";
    ["prev", "next"].forEach(function (rel) { // at hand when it is asked for
      var a = link(rel);
      if (!a) return;
      fetchPage(a.href, function (other) {
        var photo = other.querySelector("a.view");
        if (photo) new Image().src = photo.href;
      });
    });
  }

  function close() {
    if (!box) return;
    var gone = box;
    box = null;
    if (document.fullscreenElement) document.exitFullscreen();
    gone.remove();
    if (at !== location.href) location.href = at;
  }

  function go(rel) {
    var a = link(rel);
    if (!a) return;
    if (!box) { location.href = a.href; return; }
    fetchPage(a.href, function (other) {
      if (!box || !other.querySelector("a.view")) return;
      page = other;
      at = a.href;
      show();
    });
  }

  function fetchPage(address, then) {
    fetch(address, { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var other = new DOMParser().parseFromString(text, "text/html"), base = other.createElement("base");
      base.href = address;
      other.head.prepend(base);
      then(other);
    }).catch(function () { /* the links are there */ });
  }
})();

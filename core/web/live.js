// Keeps the stream on home as new as it is: the server says that something is new, and the page is asked for again. What is being read stays where
// it is. Without this script, and where there is no such connection, the page is as new as its loading.
(function () {
  "use strict";
  var list = document.getElementById("stream"), says = document.getElementById("stream-says");
  if (!list || !window.EventSource || !window.fetch || !window.DOMParser) return;
  var source = null, mark = list.getAttribute("title");
  list.removeAttribute("title");

  function listen() {
    if (source || document.visibilityState === "hidden") return;
    source = new EventSource("/home/events?mark=" + encodeURIComponent(mark));
    source.onmessage = function (event) {
      mark = event.lastEventId || mark;
      count(JSON.parse(event.data));
      renew();
    };
  }

  // A page that nobody looks at listens to nothing.
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden" && source) {
      source.close();
      source = null;
    } else listen();
  });

  function count(waiting) {
    Object.keys(waiting).forEach(function (path) {
      document.querySelectorAll('nav.menu a[href="' + path + '"]').forEach(function (link) {
        var number = link.querySelector(".count");
        if (!number) {
          number = document.createElement("span");
          number.className = "count";
          link.append(" ", number);
        }
        number.textContent = waiting[path] ? "(" + waiting[path] + ")" : "";
      });
    });
  }

  function renew() {
    fetch("/home?view=stream", { credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (page) {
      var fresh = new DOMParser().parseFromString(page, "text/html").getElementById("stream");
      if (!fresh || list.contains(document.activeElement)) return;
      var before = document.documentElement.scrollHeight, at = window.scrollY;
      list.replaceChildren.apply(list, fresh.childNodes);
      if (at > list.offsetTop) window.scrollTo(0, at + document.documentElement.scrollHeight - before);
      says.textContent = says.getAttribute("title");
    }).catch(function () { /* the next time */ });
  }

  listen();
})();

// Makes photos smaller that are too large to be sent, one by itself or all together: the longer side becomes 4,096 pixels, and the place where
// they were taken does not come along. What fits is sent as it is. Without this script the server keeps what fits of a form, and its text.
(function () {
  "use strict";
  var words = document.currentScript.dataset;
  if (!window.createImageBitmap || !window.DataTransfer) return;
  var limits = words.most.split(" ").map(Number), mostOne = limits[0], mostAll = limits[1], side = 4096;

  document.querySelectorAll('input[type=file][accept^="image/"]').forEach(function (input) {
    input.addEventListener("change", function () { if (input.files.length) fit(input); });
  });

  function all(form) {
    var sum = 0;
    form.querySelectorAll("input[type=file]").forEach(function (input) {
      Array.prototype.forEach.call(input.files, function (file) { sum += file.size; });
    });
    return sum;
  }

  // fit changes the files of a field when they are too large; the form waits until it has.
  function fit(input) {
    var form = input.form, together = all(form) > mostAll, files = Array.prototype.slice.call(input.files);
    if (!together && files.every(function (file) { return file.size <= mostOne; })) return;
    var says = input.parentNode.querySelector("[role=status]") || input.parentNode.appendChild(document.createElement("small"));
    says.setAttribute("role", "status");
    says.textContent = " " + words.says;
    function hold(event) { event.preventDefault(); }
    form.addEventListener("submit", hold, true);
    Promise.all(files.map(function (file) { return together || file.size > mostOne ? smaller(file) : file; })).then(function (made) {
      var box = new DataTransfer();
      made.forEach(function (file) { box.items.add(file); });
      input.files = box.files;
    }).catch(function () { /* no picture: the server says so */ }).then(function () {
      says.textContent = "";
      form.removeEventListener("submit", hold, true);
    });
  }

  function smaller(file) {
    return createImageBitmap(file).then(function (picture) {
      var scale = Math.min(1, side / Math.max(picture.width, picture.height)), canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.9); });
    }).then(function (blob) {
      return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    });
  }
})();

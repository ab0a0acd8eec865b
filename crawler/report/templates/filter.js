(function () {
  "use strict";
  var box = document.getElementById("filter");
  var said = document.getElementById("filter-said");
  document.documentElement.classList.add("js");
  if (box) {
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      var shown = 0;
      document.querySelectorAll("article.finding").forEach(function (item) {
        var group = item.closest(".rule");
        var hit = !wanted || (group.dataset.words + " " + item.textContent).toLowerCase().indexOf(wanted) >= 0;
        item.hidden = !hit;
        if (hit) { shown += 1; }
      });
      document.querySelectorAll(".rule").forEach(function (group) {
        group.hidden = !group.querySelector("article.finding:not([hidden])");
      });
      said.textContent = wanted ? "显示 " + shown + " 条" : "";
    });
  }
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();

/* Opens tabs, accordions and toggles of the sample site. */
document.addEventListener("click", function (event) {
  var title = event.target.closest(".elementor-tab-title");
  if (!title) return;
  var widget = title.closest(".elementor-widget");
  var tabs = widget.classList.contains("elementor-widget-tabs");
  widget.querySelectorAll(".elementor-tab-content").forEach(function (content) {
    var mine = content.dataset.tab === title.dataset.tab;
    if (mine) content.hidden = tabs ? false : !content.hidden;
    else if (tabs) content.hidden = true;
  });
  if (tabs) widget.querySelectorAll(".elementor-tab-title").forEach(function (other) {
    other.setAttribute("aria-selected", String(other.dataset.tab === title.dataset.tab));
  });
});

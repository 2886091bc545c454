// A picture opens enlarged over the page; without this script the link opens the picture itself.

const viewer = document.getElementById("viewer");
const image = viewer?.querySelector("img");

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-viewer]");
  if (!link || !viewer || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  image.src = link.href;
  image.alt = link.dataset.viewer;
  viewer.querySelector("figcaption").textContent = link.dataset.viewer;
  viewer.showModal();
});

// A tap beside the picture closes it.
viewer?.addEventListener("click", (event) => {
  if (event.target === viewer) viewer.close();
});

// A link to a metric opens its line.
function openTarget() {
  const target = location.hash.startsWith("#m-") && document.getElementById(location.hash.slice(1));
  if (target) target.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();

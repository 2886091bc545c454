// Runs before the page is painted, so that a dark page never flashes white.
(() => {
  const KEY = "runform-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem(KEY);
  const current = () => chosen() || (system.matches ? "dark" : "light");

  function show() {
    document.documentElement.dataset.bsTheme = current();
    document.dispatchEvent(new CustomEvent("themechange", { detail: current() }));
  }

  show();
  system.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    localStorage.setItem(KEY, current() === "dark" ? "light" : "dark");
    show();
  });
})();

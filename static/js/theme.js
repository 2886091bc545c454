// Runs before the page is painted, so that a dark page never flashes white.
(() => {
  const KEY = "runform-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem(KEY);
  const current = () => chosen() || (system.matches ? "dark" : "light");
  let onPaper = false;

  function show() {
    const theme = onPaper ? "light" : current();
    if (document.documentElement.dataset.bsTheme === theme) return;
    document.documentElement.dataset.bsTheme = theme;
    document.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  }

  show();
  system.addEventListener("change", show);
  // Paper is white.
  for (const [name, begins] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(name, () => {
      onPaper = begins;
      show();
    });
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    localStorage.setItem(KEY, current() === "dark" ? "light" : "dark");
    show();
  });
})();

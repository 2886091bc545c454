// A choice shows at once; without this script there is a button.

for (const form of document.querySelectorAll("[data-choose]")) {
  form.classList.add("is-live");
  form.addEventListener("change", ({ target }) => {
    // Another FormCheck has other clips.
    if (target.name === "with") for (const clip of form.querySelectorAll("[name=before], [name=after]")) clip.disabled = true;
    form.requestSubmit();
  });
}

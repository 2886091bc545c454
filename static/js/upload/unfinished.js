// Clips that were begun here and have not arrived: choosing the same file goes on, or they are discarded.

export function offerUnfinished(form) {
  for (const button of document.querySelectorAll("[data-discard]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
      button.disabled = true;
      const answer = await fetch(button.dataset.discard, { method: "DELETE", headers }).catch(() => null);
      if (answer?.ok || answer?.status === 404) button.closest("li").remove();
      else button.disabled = false;
    });
  }
}

// What the library's scripts leave out: to say it when a passkey cannot be used here, or was not.

const buttons = document.querySelectorAll("[data-passkey]");
const failed = document.querySelector("[data-passkey-failed]");
// Browsers know passkeys by the name of the site: at a bare number there are none.
const bareNumber = /^[\d.]+$|^\[/.test(location.hostname);

if (!window.PublicKeyCredential || bareNumber) {
  for (const button of buttons) button.disabled = true;
  document.querySelector("[data-passkey-missing]").hidden = false;
}

for (const button of buttons) button.addEventListener("click", () => { failed.hidden = true; });

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  failed.hidden = false;
});

// Uploads a clip with progress, shows its card, and follows the analysis to the results.
// Without this script the form posts as any form does.

const form = document.getElementById("upload");
const RETRIES = 5;
let sending = false;

function newToken() {
  // crypto.randomUUID exists over HTTPS only; a phone in the same network may come over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function send(data, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("load", () => resolve({ status: request.status, answer: request.response || {} }));
    request.addEventListener("error", () => reject(new Error("network")));
    request.send(data);
  });
}

async function sendPatiently(data, show) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(data, (share) => show(share < 1 ? form.dataset.textSending : form.dataset.textStoring, share));
    } catch (error) {
      if (attempt >= RETRIES) throw error;
      show(form.dataset.textLost, 0);
      // The token stays the same: if the server has the clip already, it says so.
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
    }
  }
}

function showCard(answer) {
  const old = document.getElementById(`clip-${answer.clip}`);
  if (answer.outcome === "duplicate" && !old) {
    location.assign(answer.next);
    return;
  }
  htmx.ajax("GET", answer.card, old ? { target: old, swap: "outerHTML" } : { target: "#clips", swap: "beforeend" });
}

async function upload(file) {
  const progress = form.querySelector("[data-progress]");
  const errorLine = form.querySelector("[data-error]");
  const button = form.querySelector("[type=submit]");
  const fail = (text) => Object.assign(errorLine, { textContent: text, hidden: false });
  errorLine.hidden = true;
  if (file.size > Number(form.dataset.maxBytes)) return fail(form.dataset.textLarge);
  const data = new FormData(form);
  data.set("file", file);
  sending = button.disabled = true;
  progress.hidden = false;
  try {
    const { status, answer } = await sendPatiently(data, (text, share) => {
      const percent = Math.round(100 * share);
      progress.querySelector("[data-status]").textContent = share < 1 ? `${text} ${percent} %` : text;
      progress.querySelector("progress").value = percent;
    });
    if (status >= 400) return fail(answer.error || form.dataset.textFailed);
    if (!answer.card) return location.reload();  // the login has ended
    showCard(answer);
    if (answer.note) fail(answer.note);
    form.reset();
    form.elements.upload_token.value = newToken();
  } catch {
    fail(form.dataset.textFailed);
  } finally {
    sending = button.disabled = false;
    progress.hidden = true;
  }
}

if (form) {
  const input = form.elements.file;
  const drop = form.querySelector("[data-drop]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!sending && input.files.length) upload(input.files[0]);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("upload__drop--over", name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => {
    if (sending || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    upload(input.files[0]);
  });
  window.addEventListener("beforeunload", (event) => sending && event.preventDefault());
}

// Every clip of this FormCheck is analysed: go and see, unless something is still on its way up.
document.body.addEventListener("runform:results", (event) => {
  if (!sending) location.assign(event.detail.url);
});

// The clip is gone, or the login has ended: stop asking, and let the page itself say so.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const elsewhere = new URL(xhr.responseURL || location.href).pathname !== requestConfig.path;
  if (xhr.status !== 404 && !(xhr.status === 200 && elsewhere)) return;
  event.detail.shouldSwap = false;
  if (!sending) location.reload();
});

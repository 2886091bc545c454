// Sends a file in parts and goes on after whatever happens: a dead line, a dead server, a closed tab (tus 1.0).

import { checksum } from "./checksum.js";
import { Pace } from "./pace.js";
import { say } from "./words.js";

const PART_BYTES = 8 * 1024 * 1024;
const AGAIN_MS = [0, 1000, 3000, 5000];
const PATIENT_MS = 10_000;

export class Transfer {
  constructor(file, form, said) {
    Object.assign(this, { file, form, said, pace: new Pace(), share: 0 });
    this.csrf = form.elements.csrfmiddlewaretoken.value;
    const given = Object.entries(said).filter(([, value]) => value !== undefined && value !== null && value !== "");
    this.metadata = Object.fromEntries(given.map(([key, value]) => [key, String(value)]));
  }

  /** {answer} of the server, or {error} as a sentence; {} when it was cancelled. */
  run(onProgress) {
    this.onProgress = onProgress;
    return new Promise((end) => {
      this.end = end;
      this.start();
    });
  }

  async start() {
    this.onProgress(say("sending", { percent: 0 }), 0);
    this.upload = new tus.Upload(this.file, {
      endpoint: this.form.dataset.tus,
      chunkSize: PART_BYTES,
      retryDelays: AGAIN_MS,
      removeFingerprintOnSuccess: true,
      headers: { "X-CSRFToken": this.csrf },
      metadata: { ...this.metadata, filename: this.file.name, upload_token: newToken() },
      onBeforeRequest: (request) => checksum(request, this.file, PART_BYTES),
      onShouldRetry: (error) => !refusal(error) && this.broken(),
      onProgress: (sent, total) => this.progressed(sent, total),
      onSuccess: () => this.finish(),
      onError: (error) => this.failed(error),
    });
    const [earlier] = await this.upload.findPreviousUploads();
    if (earlier) this.upload.resumeFromPreviousUpload(earlier);
    this.upload.start();
  }

  progressed(sent, total) {
    this.share = sent / total;
    const percent = Math.round(100 * this.share);
    this.onProgress(`${say("sending", { percent })}${this.pace.text(sent, total)}`, this.share);
  }

  /** Says so at once, and that it goes on. */
  broken() {
    this.pace = new Pace();
    this.onProgress(say(navigator.onLine ? "retrying" : "offline"), this.share);
    return true;
  }

  failed(error) {
    if (this.cancelled) return;
    if (leadsToLogin(error)) location.reload();
    else if (refusal(error)) this.end({ error: reason(error.originalResponse) || say("failed") });
    else this.later(() => this.upload.start());
  }

  /** Never gives up on a line or a server that is away: as soon as there is a line again, and now and then. */
  later(again) {
    this.broken();
    const go = () => {
      clearTimeout(this.timer);
      removeEventListener("online", go);
      if (!this.cancelled) again();
    };
    addEventListener("online", go);
    this.timer = setTimeout(go, PATIENT_MS);
  }

  async finish() {
    this.onProgress(say("storing"), 1);
    const body = new URLSearchParams(this.metadata);
    const headers = { "X-CSRFToken": this.csrf, Accept: "application/json" };
    try {
      const response = await fetch(`${this.upload.url}finish/`, { method: "POST", headers, body });
      if (response.redirected || response.status === 403) location.reload();
      else if (response.status >= 500) this.later(() => this.finish());
      else if (!response.ok) this.end({ error: (await response.json().catch(() => ({}))).error || say("refused") });
      else this.end({ answer: await response.json() });
    } catch {
      this.later(() => this.finish());
    }
  }

  cancel() {
    this.cancelled = true;
    clearTimeout(this.timer);
    this.upload?.abort(true).catch(() => {}); // what stays on the server expires
    this.end?.({});
  }
}

/** An answer that would be the same again; without an answer, and after a conflict, it is worth another try. */
function refusal(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  return leadsToLogin(error) || (status >= 400 && status < 500 && ![408, 409, 423, 429, 460].includes(status));
}

/** The sentence that came with a refusal. */
function reason(response) {
  return response.getHeader("Content-Type")?.startsWith("text/plain") ? response.getBody() : "";
}

function leadsToLogin(error) {
  const at = error.originalResponse?.getUnderlyingObject()?.responseURL ?? "";
  return at.includes("/accounts/login/") || error.originalResponse?.getStatus() === 401;
}

function newToken() {
  // crypto.randomUUID exists over HTTPS only; a phone in the same network may come over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

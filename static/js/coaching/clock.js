// Working time, really measured: seconds in which the page was in view and something was done within the last minute.

const BEAT_S = 15, IDLE_MS = 60_000;

export function watchWork(url, ended) {
  let active = 0, last = performance.now();
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
    addEventListener(kind, () => { last = performance.now(); }, { passive: true });
  }
  const send = () => {
    const body = new FormData();
    body.append("seconds", active);
    body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    active = 0;
    return fetch(url, { method: "POST", body, keepalive: true });
  };
  const beat = async () => {
    try {
      const { status } = await send();
      if (status === 409) ended();
    } catch {
      // Without a connection nothing is counted; the next beat comes by itself.
    }
  };
  setInterval(() => {
    if (document.visibilityState === "visible" && performance.now() - last < IDLE_MS) active += 1;
    if (active >= BEAT_S) beat();
  }, 1000);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && active) beat(); });
}

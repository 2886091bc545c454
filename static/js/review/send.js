// What the notes send to the server, with the page's own token.

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
}

/** ``{ ok, status, ...what the server says }``; without a connection ``{ ok: false, status: 0 }``.  ``last``: the page closes. */
export async function post(url, body, last = false) {
  const headers = { "x-csrftoken": token(), accept: "application/json" };
  try {
    const answer = await fetch(url, { method: "POST", credentials: "same-origin", headers, body, keepalive: last });
    const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
    return { ...said, ok: answer.ok, status: answer.status };
  } catch {
    return { ok: false, status: 0 };
  }
}

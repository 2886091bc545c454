// Sends what a person put right or drew to the server that keeps it.

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";

/** Answers with what the server says; throws with a text for people where it says no. */
export async function send(url, item) {
  const body = new FormData();
  if (item !== undefined) body.append("item", JSON.stringify(item));
  const headers = { "x-csrftoken": token(), accept: "application/json" };
  const answer = await fetch(url, { method: "POST", credentials: "same-origin", headers, body });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw Object.assign(new Error(said.error ?? ""), { final: answer.status >= 400 && answer.status < 500 });
}

/** One after the other, again and again until the line is back.  ``tell``: "saving", "saved", "waiting" or a text. */
export class Outbox {
  constructor(url, tell) {
    Object.assign(this, { url, tell, items: [], busy: false });
    window.addEventListener("beforeunload", (event) => this.items.length && event.preventDefault());
    window.addEventListener("online", () => this.work());
  }

  put(item) {
    this.items.push(item);
    this.work();
  }

  async work() {
    if (this.busy) return;
    this.busy = true;
    while (this.items.length) {
      this.tell("saving");
      try {
        await send(this.url, this.items[0]);
        this.items.shift();
        if (!this.items.length) this.tell("saved");
      } catch (error) {
        if (error.final) {
          this.items.shift();
          this.tell(error.message);
        } else {
          this.tell("waiting");
          await new Promise((go) => setTimeout(go, 2000));
        }
      }
    }
    this.busy = false;
  }

  /** When nothing is on its way any more. */
  async empty() {
    while (this.items.length || this.busy) await new Promise((go) => setTimeout(go, 50));
  }
}

// The sentences and limits that the server wrote into the page.

const data = document.getElementById("promise");
export const { views, grades, limits, words } = data ? JSON.parse(data.textContent) : {};

export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const megabytes = (bytes) => (bytes / 1024 / 1024).toLocaleString(document.documentElement.lang, { maximumFractionDigits: bytes < 1e7 ? 1 : 0 });
export const rounded = (number, digits = 1) => Number(number).toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });

// Tells the server the checksum of each part, where the browser may compute one (over HTTPS and on this machine).

export async function checksum(request, file, partBytes) {
  if (request.getMethod() !== "PATCH" || !crypto.subtle) return;
  const start = Number(request.getHeader("Upload-Offset"));
  const part = await file.slice(start, Math.min(start + partBytes, file.size)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", part));
  request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...digest))}`);
}

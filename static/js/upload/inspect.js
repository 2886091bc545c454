// What a chosen file is, looked at in the browser: nothing is sent.

const PATIENCE_MS = 10_000;

/** seconds, width, height, fps, codec of the file; what could not be told is missing. */
export async function inspect(file, film, library) {
  const [shown, read] = await Promise.all([show(film, file), parse(file, library).catch(() => ({}))]);
  const readable = Boolean(read.codec || shown.width);
  return { ...shown, ...read, readable, playable: readable && shown.playable };
}

/** Open the file in a video element; one that only takes its time, as phones that save power do, may still play. */
function show(film, file) {
  film.src = URL.createObjectURL(file);
  return new Promise((resolve) => {
    const done = (failed) => {
      clearTimeout(late);
      const size = film.videoWidth ? { width: film.videoWidth, height: film.videoHeight, seconds: film.duration } : {};
      resolve({ ...size, playable: !failed });
    };
    const late = setTimeout(() => done(false), PATIENCE_MS);
    film.addEventListener("loadedmetadata", () => done(!film.videoWidth), { once: true });
    film.addEventListener("error", () => done(true), { once: true });
  });
}

/** Read the container: the time stamps of the pictures tell the frame rate, whatever the browser can decode. */
async function parse(file, library) {
  const { Input, ALL_FORMATS, BlobSource } = await import(library);
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return {};
    const rate = await track.computeFrameRateMetrics();
    const tags = await input.getMetadataTags().catch(() => ({}));
    return {
      seconds: (await track.getDurationFromMetadata()) ?? (await track.computeDuration()),
      width: await track.getDisplayWidth(),
      height: await track.getDisplayHeight(),
      codec: await track.getCodec(),
      fps: rate.bestGuessFrameRate,
      // Slow motion is told by a note in the file, which a cut would lose.
      slowMotion: Object.keys(tags.raw ?? {}).some((key) => key.includes("capture.fps")),
    };
  } finally {
    input.dispose();
  }
}

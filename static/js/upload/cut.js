// Cuts a part out of a clip without touching a picture: from the key frame before it, the sound left away.

const MOST_BYTES = 700 * 1024 * 1024; // held in memory while it is made

/** {file, stretch}: a shorter file, and where in it the chosen part lies. */
export async function cut(file, { from_s, to_s }, library) {
  const { Input, ALL_FORMATS, BlobSource, EncodedPacketSink, Conversion, Output, Mp4OutputFormat, BufferTarget } = await import(library);
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  try {
    const track = await input.getPrimaryVideoTrack();
    const key = await new EncodedPacketSink(track).getKeyPacket(from_s, { verifyKeyPackets: true });
    const start = key?.timestamp ?? 0;
    const seconds = await track.computeDuration();
    if ((file.size * (to_s - start)) / seconds > MOST_BYTES) throw new Error("too large to cut here");
    const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
    const conversion = await Conversion.init({
      input, output, tracks: "primary", trim: { start, end: to_s }, audio: { discard: true },
      copy: { mode: "forced", shiftTolerance: Infinity, boundaryPolicy: "expand" }, showWarnings: false,
    });
    if (!conversion.isValid) throw new Error("cannot be cut here");
    await conversion.execute();
    const name = file.name.replace(/\.\w+$/, "") + ".mp4";
    const made = new File([output.target.buffer], name, { type: "video/mp4", lastModified: file.lastModified });
    if (made.size >= file.size) throw new Error("no smaller");
    return { file: made, stretch: { from_s: from_s - start, to_s: to_s - start } };
  } finally {
    input.dispose();
  }
}

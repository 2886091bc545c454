// The microphone: record, how loud it is, stop at the limit.  No page.

const TYPES = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/ogg;codecs=opus"];
// Speech; three minutes are about a megabyte.
const BITS_PER_S = 48_000;

/** Why there is no microphone: a word of the page's. */
export function trouble(error) {
  if (error?.name === "NotAllowedError" || error?.name === "SecurityError") return "denied";
  return error?.name === "NotFoundError" || error?.name === "OverconstrainedError" ? "missing" : "busy";
}

export const able = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder && kind());
const kind = () => TYPES.find((type) => MediaRecorder.isTypeSupported(type));

export class Recorder {
  /** ``heard(level 0..1, seconds)`` comes many times a second, ``ended(blob, seconds)`` once. */
  constructor(most_s, most_bytes, { heard, ended }) {
    Object.assign(this, { most_s, most_bytes, heard, ended });
  }

  async start() {
    const sound = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    this.sound = sound;
    this.parts = [];
    this.bytes = 0;
    const machine = new MediaRecorder(sound, { mimeType: kind(), audioBitsPerSecond: BITS_PER_S });
    this.machine = machine;
    machine.addEventListener("dataavailable", ({ data }) => {
      this.parts.push(data);
      this.bytes += data.size;
      if (this.bytes > 0.95 * this.most_bytes) this.stop();
    });
    machine.addEventListener("stop", () => this.close());
    // The cable was pulled, or the permission taken back.
    sound.getAudioTracks()[0].addEventListener("ended", () => this.stop());
    this.listen(sound);
    machine.start(1000);
    this.began = performance.now();
    this.turn();
  }

  get seconds() { return (performance.now() - this.began) / 1000; }

  listen(sound) {
    this.hall = new AudioContext();
    this.ear = this.hall.createAnalyser();
    this.ear.fftSize = 1024;
    this.hall.createMediaStreamSource(sound).connect(this.ear);
    this.wave = new Float32Array(this.ear.fftSize);
  }

  /** Root mean square in decibels: speech fills the meter, a quiet room does not. */
  get level() {
    this.ear.getFloatTimeDomainData(this.wave);
    const power = this.wave.reduce((sum, at) => sum + at * at, 0) / this.wave.length;
    return Math.max(0, Math.min(1, 1 + (10 * Math.log10(power + 1e-9)) / 60));
  }

  turn() {
    if (this.machine.state !== "recording") return;
    this.heard(this.level, this.seconds);
    if (this.seconds >= this.most_s) this.stop();
    else requestAnimationFrame(() => this.turn());
  }

  stop() {
    if (this.machine?.state !== "recording") return;
    this.length = Math.min(this.seconds, this.most_s);
    this.machine.stop();
  }

  close() {
    this.sound.getTracks().forEach((track) => track.stop());
    this.hall.close();
    this.ended(new Blob(this.parts, { type: this.machine.mimeType }), this.length ?? this.seconds);
  }
}

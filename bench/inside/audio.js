// Recordings from many visitors at once, and speech that nobody reads. Evaluates to the controls that audio.py uses.
(() => {
  const CHUNK = 65_536;
  const chat = globalThis.fetch;
  // Speech as it comes from a fast server: chunk by chunk, as far as somebody reads.
  const speech = (size) => {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        if ((sent += CHUNK) > size) controller.close();
        else controller.enqueue(new Uint8Array(CHUNK));
      },
    });
  };
  const answers = {
    transcriptions: () => Response.json({ text: "Hello" }),
    speech: () => new Response(speech(3_000_000), { headers: { "content-type": "audio/pcm" } }),
  };
  globalThis.fetch = async (input, init) => {
    const answer = answers[String(input).split("/audio/")[1]];
    return answer ? answer() : chat(input, init);
  };

  // 16 kHz, 16 bits, mono.
  const wav = (size) => {
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    const text = (at, value) => bytes.set(new TextEncoder().encode(value), at);
    text(0, "RIFF");
    text(8, "WAVEfmt ");
    view.setUint32(16, 16, true);
    [1, 1].forEach((value, index) => view.setUint16(20 + 2 * index, value, true));
    [16_000, 32_000].forEach((value, index) => view.setUint32(24 + 4 * index, value, true));
    [2, 16].forEach((value, index) => view.setUint16(32 + 2 * index, value, true));
    text(36, "data");
    view.setUint32(40, size - 44, true);
    return new File([bytes], "speech.wav", { type: "audio/wav" });
  };

  return {
    upload: async (url, size) => {
      const form = new FormData();
      form.append("file", wav(size));
      const encoded = new Response(form);
      const type = encoded.headers.get("content-type");
      const body = await encoded.arrayBuffer();
      const headers = { "content-type": type, "content-length": String(body.byteLength), host: "www.example.com" };
      return new Request(url, { method: "POST", body, headers });
    },
  };
})();

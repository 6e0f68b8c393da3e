// A stand-in of the binding for Workers AI. It sends what workerd's own sends (src/cloudflare/internal/ai-api.ts), to
// the stand-in server at `url` instead of Cloudflare.

// The Workers SDK recognizes a binding by the name of its class.
export class Ai {
  #url;

  constructor(url) {
    this.#url = url;
  }

  async run(model, inputs, { returnRawResponse, signal, ...options } = {}) {
    const response = await fetch(`${this.#url}/run?version=3`, {
      method: "POST",
      body: JSON.stringify({ inputs, options: { ...options, returnRawResponse } }),
      headers: { "content-type": "application/json", "cf-consn-sdk-version": "2.0.0", "cf-consn-model-id": model },
      signal,
    });
    if (returnRawResponse) return response;
    if (!response.ok) throw new Error(await response.text());
    return response.headers.get("content-type") === "application/json" ? await response.json() : response.body;
  }
}

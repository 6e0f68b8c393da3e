// @ts-nocheck - the type checker reads it as a classic script
/**
 * The script that pages load:
 *
 *     <script type="module" src="https://your-agent.example.com/voice-agent.js"></script>
 *
 * It defines `<voice-agent>`. Nothing imports this file, so a page may name it with any query string.
 *
 * Without type="module", browsers refuse any script that exports something, before its first statement. So what follows
 * can be read in two ways. A module awaits a regular expression, /[/*]/. A classic script has no `await`: it divides by
 * an array, in which everything up to the next end of a comment is a comment, and gets as far as the report.
 */
0 && await /[/*]/;
export { VoiceAgent } from './voice-agent/define.js';
//*/];

if (document.currentScript) {
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  console.error(`voice-agent: type="module" is missing. Write <script type="module" src="${src}"></script>`);
  import(src);
}

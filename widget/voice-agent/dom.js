/** Small helpers for building DOM. Strings become text nodes, never markup. */

// The sign of the voice agent: sound.
export const VOICE = 'M4 10.5v3M8 7v10M12 3.5v17M16 7v10M20 10.5v3';
const SVG = 'http://www.w3.org/2000/svg';

/**
 * Creates an element. `part` is also set as the class; attributes named `on…` become listeners.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  if (attributes.part) node.className = attributes.part;
  node.append(...children);
  return node;
}

/**
 * Creates an icon from the `d` attribute of one path in a 24 × 24 box.
 *
 * @param {string} path
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  line.setAttribute('d', path);
  svg.append(line);
  svg.ariaHidden = 'true';
  return svg;
}

/**
 * Adds a style sheet to a shadow root. A strict Content-Security-Policy allows this, but not `<style>`.
 *
 * @param {ShadowRoot} root
 * @param {string} css
 */
export function adopt(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}

/**
 * Sets the accessible name and the tooltip of a button that only shows an icon.
 *
 * @param {HTMLElement} button
 * @param {string} text
 */
export function nameButton(button, text) {
  button.title = button.ariaLabel = text;
}

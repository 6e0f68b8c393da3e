const SVG = 'http://www.w3.org/2000/svg';
const PATH = /<path\s[^>]*>/g;
// Of a path, this is all that a QR code consists of.
const ATTRIBUTES = /\b(fill|stroke|d)="([#\w\s.,-]*)"/g;

/**
 * A QR code as elements, from the SVG that the server made. Only the shapes are taken: what comes from a server never
 * becomes markup, and pages may allow no pictures at all (Content-Security-Policy).
 *
 * @param {string} source
 * @param {string} name the accessible name
 */
export function qrCode(source, name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', source.match(/viewBox="([\d\s.]+)"/)?.[1] ?? '');
  svg.setAttribute('class', 'qr');
  svg.setAttribute('part', 'qr');
  svg.role = 'img';
  svg.ariaLabel = name;
  for (const [shape] of source.matchAll(PATH)) {
    const path = document.createElementNS(SVG, 'path');
    for (const [, attribute, value] of shape.matchAll(ATTRIBUTES)) path.setAttribute(attribute, value);
    svg.append(path);
  }
  return svg;
}

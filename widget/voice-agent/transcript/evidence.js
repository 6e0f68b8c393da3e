import { adopt, el } from '../dom.js';
import { addNoticeTexts } from '../notices/load-texts.js';

/** @import { Answer, Config, Source } from '../api/api.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Transcript } from './transcript.js' */

/** @typedef {{ host: VoiceAgentElement, transcript: Transcript, config: () => Config }} Parts */

const STYLE = `
.evidence { margin-top: 4px; font-size: .85em; color: var(--muted); overflow-wrap: anywhere }
`;

/**
 * Shows below an answer where it is from, what of it is in no source, and how to reach the owner if it is none.
 *
 * @param {Parts} parts
 * @param {Element} item the answer's
 * @param {Partial<Answer>} answer
 */
export async function showEvidence(parts, item, { sources = [], unsupported = [], verdict }) {
  await addNoticeTexts(parts);
  const { transcript } = parts;
  const { texts } = transcript;
  const contact = verdict === 'unknown' ? contactLinks(parts.config().contact, texts.contactPage) : [];
  const unchecked = texts.unchecked.replace('{list}', () => unsupported.join(', '));
  const root = /** @type {ShadowRoot} */ (item.getRootNode());
  if (!root.querySelector('.evidence')) adopt(root, STYLE);
  transcript.keepEndInView(() => {
    if (sources.length) item.append(line(texts.sources, sources.map(sourceLink)));
    if (contact.length) item.append(line(texts.contactUs, contact));
    if (unsupported.length) item.append(line(unchecked, []));
  });
  if (unsupported.length) transcript.announce(unchecked);
}

/**
 * @param {string} text
 * @param {(Node | string)[]} items
 */
function line(text, items) {
  return el('div', { part: 'evidence', dir: 'auto' }, text, ...items.flatMap((item, index) => [index ? ' · ' : ' ', item]));
}

/**
 * A link to the words on the page; just the title if the source is on no page. Other websites open in a new tab.
 *
 * @param {Source} source
 */
function sourceLink({ title, url, quote }) {
  const page = URL.parse(url ?? '');
  if (!page || !/^https?:$/.test(page.protocol)) return title;
  // In a text fragment, a hyphen has a meaning of its own.
  if (quote) page.hash += `${page.hash ? '' : '#'}:~:text=${encodeURIComponent(quote).replaceAll('-', '%2D')}`;
  const elsewhere = page.origin === location.origin ? {} : { target: '_blank', rel: 'noopener' };
  return el('a', { href: page.href, part: 'link', ...elsewhere }, title);
}

/**
 * @param {Config['contact']} contact
 * @param {string} label of the page for contacting the owner
 */
function contactLinks(contact, label) {
  const { email, phone, url } = contact ?? {};
  return [
    ...(email ? [el('a', { href: `mailto:${email}`, part: 'link' }, email)] : []),
    ...(phone ? [el('a', { href: `tel:${phone.replace('(0)', '').replace(/[^\d+]/g, '')}`, part: 'link' }, phone)] : []),
    ...(url ? [sourceLink({ title: label, url })] : []),
  ];
}

import { adopt, el } from '../dom.js';

/** @import { Config } from '../api/api.js' */
/** @import { VoiceAgentElement } from '../element.js' */

const STYLE = `
img { width: 100%; height: 100%; object-fit: cover; border-radius: inherit; background: var(--bg) }
`;

/**
 * Shows the owner's logo in the place of the sign of the voice agent, if the page lets it load.
 *
 * @param {{ host: VoiceAgentElement, shadow: ShadowRoot, layout: { logo: HTMLElement }, config: () => Config }} parts
 */
export async function showLogo({ host, shadow, layout, config }) {
  const { href: src } = new URL(config().logo ?? '', host.apiUrl);
  const image = el('img', { alt: '', referrerpolicy: 'no-referrer', src });
  await image.decode();
  adopt(shadow, STYLE);
  layout.logo.replaceChildren(image);
}

/** What a text says without what is only for the eye: Markdown, emoji, the targets of links. */

const FENCED = /^ {0,3}(`{3,}|~{3,})[^`\n]*(?:\n([^]*?))?(?:\n[ \t]*\1[^\n]*|$(?![^]))/gm;
const LINK = /!?\[([^\]\n]{0,200})\](?:\((?:[^()\n]|\([^()\n]*\))*(?:\)|$)|\[[^\]\n]*\])/g;
const LINK_TARGET = /\]\(\s*<?([^\s)>]+)/;
const FOOTNOTE = /\[\^?\d{1,3}\](?!\()/g;
// What follows the host belongs to the address, except the punctuation of the sentence.
const ADDRESS = /<?\b(?:https?:\/\/(?:[^\s<>/?#@]*@)?|(?=www\.))([\p{L}\p{N}.-]*[\p{L}\p{N}])(?::\d+)?(?:[/?#](?:[^\s<>"`|。，、）」]*[^\s<>"`|.,;:!?'*_)\]»”’。，、؟،）」])?)?>?/giu;
const MAIL_LINK = /<(?:mailto:)?([^\s<>@]+@[^\s<>@]+)>/g;
const LIST_MARKER = /^(?:[ \t]*>)*[ \t]*(?:\d{1,9}[.)]|[-*+•–])(?:[ \t]+\[[ x]\])?(?=[ \t])/gm;
const EMOJI = /\p{RI}{2}|[#*\d]\uFE0F?\u20E3|(?:\p{Extended_Pictographic}|\p{Emoji_Presentation})[\p{Emoji_Modifier}\uFE0F\u200D\u{E0020}-\u{E007F}\p{Extended_Pictographic}]*/gu;
// Marks of direction and of where a line may break.
const INVISIBLE = /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;

/** A host is put between these, so that it is known to be one. */
export const [HOST_BEGIN, HOST_END] = ['\uE000', '\uE001'];

/**
 * The words of a part of an answer.
 *
 * @param {string} part
 */
export function withoutMarks(part) {
  return withoutBlocks(part.replace(FENCED, (_all, _fence, code = '') => (code.trim().includes('\n') ? ' ' : code)))
    .replace(FOOTNOTE, '')
    .replace(LINK, label)
    .replace(MAIL_LINK, '$1')
    .replace(ADDRESS, (_address, host) => hostOnly(host))
    .replace(/<br ?\/?>/gi, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&nbsp;/g, ' ')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\*\*|~~|`/g, '')
    .replace(/(?<![\p{L}\p{N}])(?:\*|_{1,3})(?=\S)|(?<=\S)(?:\*|_{1,3})(?![\p{L}\p{N}])/gu, '')
    .replace(EMOJI, ' ')
    .replace(INVISIBLE, '')
    .replace(/ *(?:→|⇒|➔|➜|->|=>) */g, ', ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,;:!?](?: |$))/g, '')
    .trim();
}

/** @param {string} part */
function withoutBlocks(part) {
  return part
    .replace(/^[ \t]*(?:>[ \t]*)+/gm, '')
    .replace(LIST_MARKER, '')
    .replace(/^\s*#{1,6}[ \t]+|[ \t]+#+[ \t]*$/gm, '')
    .replace(/^[\s|:=-]+$/gm, '')
    .replace(/^\s*\||\|\s*$/gm, '')
    .replace(/\s*\|\s*/g, ', ');
}

/**
 * What is said for a link: its words, or the host that it leads to.
 *
 * @param {string} link
 * @param {string} words
 */
function label(link, words) {
  if (words.trim()) return words;
  const [, target = ''] = LINK_TARGET.exec(link) ?? [];
  return target.replace(/^mailto:/, '');
}

/** @param {string} host */
function hostOnly(host) {
  return HOST_BEGIN + host.replace(/^www\./i, '') + HOST_END;
}

/** The browser's own speech, where it has any. */
export { BrowserListener as Listener } from './browser-listener.js';
export { BrowserPlayer as Player } from './browser-player.js';

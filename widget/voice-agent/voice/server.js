/** Speech through the server. */
export { ServerListener as Listener } from './server-listener.js';
export { ServerPlayer as Player } from './server-player.js';

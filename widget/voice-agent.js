/**
 * The script that pages load:
 *
 *     <script type="module" src="https://your-agent.example.com/voice-agent.js"></script>
 *
 * It defines `<voice-agent>`. Nothing imports this file, so a page may name it with any query string.
 */
import { VoiceAgentElement } from './voice-agent/element.js';

VoiceAgentElement.define();

export { VoiceAgentElement as VoiceAgent };

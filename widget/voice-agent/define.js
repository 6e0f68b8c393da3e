import { VoiceAgentElement } from './element.js';

VoiceAgentElement.define();

export { VoiceAgentElement as VoiceAgent };

// An application with the recipe's component, and a button that mounts it anew.
import { createApp, h, ref } from 'vue';

import VoiceAgent from './VoiceAgent.vue';

const visit = ref(0);
const again = h.bind(null, 'button', { onClick: () => (visit.value += 1) }, 'Mount again');
createApp({ render: () => [again(), h(VoiceAgent, { key: visit.value, language: 'de' })] }).mount(
  document.body.appendChild(document.createElement('div')),
);

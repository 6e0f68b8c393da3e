// An application in strict mode, which mounts the recipe's component twice, and a button that mounts it anew.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { VoiceAgent } from './VoiceAgent.jsx';

function App() {
  const [visit, setVisit] = useState(0);
  return (
    <>
      <button onClick={() => setVisit(visit + 1)}>Mount again</button>
      <VoiceAgent key={visit} language="de" />
    </>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

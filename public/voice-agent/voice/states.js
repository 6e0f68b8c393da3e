// Which state may follow which.
const FOLLOWS = {
  idle: ['listening', 'thinking', 'speaking', 'error'],
  listening: ['transcribing', 'thinking', 'speaking', 'idle', 'error'],
  transcribing: ['thinking', 'listening', 'idle', 'error'],
  thinking: ['answering', 'listening', 'idle', 'error'],
  answering: ['speaking', 'listening', 'idle', 'error'],
  speaking: ['answering', 'thinking', 'listening', 'idle', 'error'],
  error: ['listening', 'thinking', 'speaking', 'idle'],
};

/** The ear's state while it is at work, else the mouth's, else the turn's. */
export function stateOf(ear, mouth, turn, before) {
  const speaking = mouth.sounding || (mouth.busy && turn === 'idle');
  const state = ear.state ?? (speaking ? 'speaking' : turn);
  console.assert(state === before || FOLLOWS[before].includes(state), `${before} → ${state}`);
  return state;
}

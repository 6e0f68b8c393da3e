import { RECIPES } from './recipes.js';

const agent = document.querySelector('voice-agent');
const form = document.querySelector('#theme');
const scheme = document.querySelector('#scheme');
const kind = document.querySelector('#kind');
const snippet = document.querySelector('#snippet');
const talk = document.querySelector('#talk');

const DOING = {
  listening: 'It is listening. Go ahead.',
  transcribing: 'It is writing down what you said.',
  thinking: 'It is thinking.',
  answering: 'It is answering.',
  speaking: 'It is speaking. Interrupt it whenever you like.',
  error: 'Something went wrong; the panel says what.',
};

// What was chosen and is not the default: [name, value].
function choices() {
  return Array.from(form.elements)
    .filter(({ name, value, defaultValue = '' }) => name && value !== defaultValue)
    .map(({ name, value, dataset }) => [name, value + (dataset.unit ?? '')]);
}

function show() {
  const chosen = new Map(choices());
  document.documentElement.dataset.scheme = scheme.value;
  for (const { name } of form.elements) {
    const value = chosen.get(name) ?? (name === 'theme' && scheme.value !== 'auto' ? scheme.value : null);
    if (name.startsWith('--')) agent.style.setProperty(name, value);
    else if (value) agent.setAttribute(name, value);
    else if (name) agent.removeAttribute(name);
  }
  const { wrap, where } = RECIPES[kind.value];
  snippet.textContent = wrap(head([...chosen]), tag([...chosen]));
  document.querySelector('#where').textContent = where;
}

function head(chosen) {
  const properties = chosen.filter(([name]) => name.startsWith('--')).map(([name, value]) => `  ${name}: ${value};\n`);
  const style = properties.length ? `<style>\nvoice-agent {\n${properties.join('')}}\n</style>\n` : '';
  return `${style}<script type="module" src="${location.origin}/voice-agent.js"></script>`;
}

function tag(chosen) {
  const attributes = chosen.filter(([name]) => !name.startsWith('--')).map(([name, value]) => ` ${name}="${value}"`);
  return `<voice-agent${attributes.join('')}></voice-agent>`;
}

function questionButton(question) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: question });
  button.addEventListener('click', () => agent.sendMessage(question));
  return button;
}

// The agent suggests what its knowledge can answer.
async function offerQuestions() {
  const response = await fetch(`${agent.apiUrl}/config`);
  const { suggestedQuestions = [] } = await response.json();
  document.querySelector('#questions').replaceChildren(...suggestedQuestions.map(questionButton));
}

function follow({ detail: { state } }) {
  talk.dataset.state = state;
  document.querySelector('#doing').textContent = DOING[state] ?? 'Ask something else, whenever you like.';
}

async function copy() {
  await navigator.clipboard.writeText(snippet.textContent);
  document.querySelector('#copied').textContent = 'Copied.';
}

kind.replaceChildren(...Object.keys(RECIPES).map((name) => new Option(name)));
talk.addEventListener('click', () => agent.talk());
document.addEventListener('voice-agent:state', follow);
document.querySelector('#copy').addEventListener('click', copy);
for (const element of [scheme, kind]) element.addEventListener('change', show);
form.addEventListener('input', show);
form.addEventListener('reset', () => setTimeout(show));
show();
await customElements.whenDefined('voice-agent');
await offerQuestions();

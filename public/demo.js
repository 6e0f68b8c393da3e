const agent = document.querySelector('voice-agent');
const form = document.querySelector('#theme');
const scheme = document.querySelector('#scheme');
const snippet = document.querySelector('#snippet');

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
  snippet.textContent = code([...chosen]);
}

function code(chosen) {
  const properties = chosen.filter(([name]) => name.startsWith('--')).map(([name, value]) => `  ${name}: ${value};\n`);
  const attributes = chosen.filter(([name]) => !name.startsWith('--')).map(([name, value]) => ` ${name}="${value}"`);
  const style = properties.length ? `<style>\nvoice-agent {\n${properties.join('')}}\n</style>\n` : '';
  const script = `<script type="module" src="${location.origin}/voice-agent.js"></script>\n`;
  return `${style}${script}<voice-agent${attributes.join('')}></voice-agent>`;
}

for (const button of document.querySelectorAll('[data-ask]')) {
  button.addEventListener('click', () => agent.sendMessage(button.querySelector('span').textContent));
}

document.querySelector('#copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(snippet.textContent);
  document.querySelector('#copied').textContent = 'Copied.';
});

scheme.addEventListener('change', show);
form.addEventListener('input', show);
form.addEventListener('reset', () => setTimeout(show));
show();

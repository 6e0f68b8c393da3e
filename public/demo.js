const agent = document.querySelector('voice-agent');
const theme = document.querySelector('#theme');
const snippet = document.querySelector('#snippet');
const scheme = document.querySelector('#scheme');
const copied = document.querySelector('#copied');

// What was chosen in the form: [name, value] for each control that is not at its default.
function choices() {
  const changed = Array.from(theme.elements).filter(({ name, value, dataset, type }) => {
    const initial = theme.querySelector(`[name="${name}"]`);
    return name && value !== (type === 'select-one' ? '' : initial.defaultValue) && dataset;
  });
  return changed.map(({ name, value, dataset }) => [name, value + (dataset.unit ?? '')]);
}

function show() {
  const chosen = choices();
  for (const { name } of theme.elements) {
    const value = chosen.find(([key]) => key === name)?.[1];
    if (name.startsWith('--')) agent.style.setProperty(name, value ?? null);
    else if (name) agent.toggleAttribute(name, value !== undefined) && agent.setAttribute(name, value);
  }
  const styles = chosen.filter(([name]) => name.startsWith('--')).map(([name, value]) => `${name}: ${value}`);
  const attributes = chosen.filter(([name]) => !name.startsWith('--')).map(([name, value]) => ` ${name}="${value}"`);
  const script = `<script type="module" src="${location.origin}/voice-agent.js"></script>`;
  const tag = `<voice-agent${attributes.join('')}></voice-agent>`;
  const style = styles.length ? `<style>voice-agent { ${styles.join('; ')} }</style>\n` : '';
  snippet.textContent = `${style}${script}\n${tag}`;
}

document.querySelectorAll('[data-ask]').forEach((button) => {
  button.addEventListener('click', () => agent.sendMessage(button.querySelector('span').textContent));
});

document.querySelector('#copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(snippet.textContent);
  copied.textContent = 'Copied.';
});

scheme.addEventListener('change', () => {
  document.documentElement.dataset.scheme = scheme.value;
  if (scheme.value === 'auto') agent.removeAttribute('theme');
  else agent.setAttribute('theme', scheme.value);
});

theme.addEventListener('input', show);
theme.addEventListener('reset', () => setTimeout(show));
show();

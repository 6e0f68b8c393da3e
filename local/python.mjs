/**
 * Runs a Python script with the machine's own Python, whatever it is called: `node local/python.mjs SCRIPT [ARGUMENT…]`.
 */
import { spawnSync } from 'node:child_process';

// What Windows exits with for its placeholder of a Python that is not installed.
const NOT_INSTALLED = 9009;

for (const python of ['python3', 'python']) {
  const { error, status } = spawnSync(python, process.argv.slice(2), { stdio: 'inherit' });
  if (!error && status !== NOT_INSTALLED) process.exit(status ?? 1);
}
console.error('Python 3 is not installed, or not on the PATH.');
process.exit(1);

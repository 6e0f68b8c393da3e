/**
 * Builds what visitors load: `node widget/build.mjs [--out DIR]`, by default into `dist/`.
 *
 * The script that pages name, `voice-agent.js`, keeps its name. Every module that is imported dynamically, and the
 * audio worklet, becomes one minified file in `voice-agent/hashed/` whose name has a hash of its content, so that
 * files of two releases never mix. The files of `public/` are copied beside them.
 *
 * wrangler runs this as a part of its build command, also where the project's npm packages are not installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const WIDGET = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(WIDGET);
const SCRIPT = 'voice-agent.js';
const HASHED = 'voice-agent/hashed';
const COPIED = ['voice-agent.d.ts', 'custom-elements.json'];
// What docs/widget.md promises.
const BROWSERS = ['chrome131', 'edge131', 'firefox128', 'safari18'];
const HASH_LENGTH = 8;
// `export const STYLE = `…`;`
const STYLE = /(?<=^export const STYLE = `)[^`]*(?=`;$)/m;
// In the script, what classic scripts take for a comment within an array; a module exports another one there.
const MODULE_PART = /^0 && await \/\[\/\*\]\/;\nexport .* from '(.*)';\n\/\/\*\/\];$/m;
// `new URL('./meter.js', import.meta.url)`: a file that is not imported.
const FILE_URL = /new URL\('(\.[^']+\.js)', import\.meta\.url\)/g;

/** esbuild of package.json's version: the project's own, else fetched once into `.cache/`. */
async function loadEsbuild() {
  const version = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')).devDependencies.esbuild;
  const cache = join(ROOT, '.cache', `esbuild-${version}`);
  for (const folder of [ROOT, cache]) {
    const found = fromFolder(folder);
    if (found?.version === version) return found;
  }
  await fetchEsbuild(version, cache);
  const fetched = fromFolder(cache);
  if (!fetched) throw new Error(`esbuild ${version} was fetched, but cannot be loaded from ${cache}.`);
  return fetched;
}

function fromFolder(folder) {
  const package_ = join(folder, 'node_modules', 'esbuild', 'package.json');
  return existsSync(package_) ? createRequire(package_)('esbuild') : null;
}

/** Installs esbuild alone, with the hashes of package-lock.json. */
async function fetchEsbuild(version, folder) {
  const { packages, lockfileVersion } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  const ours = Object.entries(packages).filter(([path]) => /^node_modules\/(esbuild|@esbuild\/[^/]+)$/.test(path));
  const wanted = ours.map(([path, { dev, ...entry }]) => [path, entry]);
  const root = { name: 'voice-agent-build', version: '0.0.0', dependencies: { esbuild: version } };
  const lock = { ...root, lockfileVersion, requires: true, packages: { '': root, ...Object.fromEntries(wanted) } };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...root, private: true }));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  console.log(`Fetching esbuild ${version} …`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retry-mintimeout=1000'];
  const [program, ...first] = npmCommand();
  const npm = spawnSync(program, [...first, 'ci', ...options], { cwd: folder, encoding: 'utf8' });
  if (npm.status === 0) return;
  await rm(folder, { recursive: true, force: true });
  throw new Error(
    `The widget is built with esbuild ${version}, which could not be fetched: run \`npm install\` in this folder, ` +
      `or check the connection to the npm registry.\n${npm.error?.message ?? npm.stderr}`,
  );
}

/** npm as it is installed with this Node.js, else the one in the path. */
function npmCommand() {
  const bin = dirname(process.execPath);
  const places = [join(bin, '..', 'lib'), bin].map((place) => join(place, 'node_modules', 'npm', 'bin', 'npm-cli.js'));
  const found = places.find((place) => existsSync(place));
  return found ? [process.execPath, found] : ['npm'];
}

/** Builds the script and everything that it loads; the files, by path. */
async function bundleAll(esbuild) {
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  /** @type {Map<string, Promise<string>>} what was bundled already: the file's name, by source */
  const names = new Map();

  const bundle = async (source, folder) => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [source],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: BROWSERS,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      plugins: [{ name: 'load-later', setup: (build) => loadLater(build, folder) }],
    });
    return outputFiles[0].contents;
  };
  const hashedName = (source) => {
    if (!names.has(source)) names.set(source, addHashed(source));
    return names.get(source);
  };
  const addHashed = async (source) => {
    const content = await bundle(source, HASHED);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, HASH_LENGTH);
    const name = `${HASHED}/${label(source)}-${hash}.js`;
    files.set(name, content);
    return name;
  };
  /** Bundles what is imported dynamically, and files named by URL, on their own. */
  const loadLater = (build, folder) => {
    const reference = async (source) => `./${relative(folder, await hashedName(source)).replaceAll('\\', '/')}`;
    build.onResolve({ filter: /^\./ }, async ({ path, resolveDir, kind }) =>
      kind === 'dynamic-import' ? { path: await reference(resolve(resolveDir, path)), external: true } : undefined,
    );
    build.onLoad({ filter: /\.js$/ }, async ({ path }) => {
      let contents = await minifyStyles(await readFile(path, 'utf8'), esbuild);
      for (const [whole, file] of contents.matchAll(FILE_URL)) {
        const name = await reference(resolve(dirname(path), file));
        contents = contents.replace(whole, `new URL('${name}', import.meta.url)`);
      }
      return { contents, loader: 'js' };
    });
  };

  files.set(SCRIPT, await bundleScript(esbuild, (source) => bundle(source, '.')));
  return files;
}

/** The script, with all that it exports in the part that classic scripts skip. */
async function bundleScript(esbuild, bundle) {
  const [, exported, report] = (await readFile(join(WIDGET, SCRIPT), 'utf8')).split(MODULE_PART);
  const module = Buffer.from(await bundle(join(WIDGET, exported))).toString();
  if (module.includes('*/')) throw new Error(`The modules of ${SCRIPT} must not contain the end of a comment.`);
  const { code } = await esbuild.transform(report, { minify: true, target: BROWSERS });
  return Buffer.from(`0&&await/[/*]/;${module}//*/];${code}`);
}

/** Minifies the style sheet that a module holds as text. */
async function minifyStyles(source, esbuild) {
  const [style] = source.match(STYLE) ?? [];
  if (!style) return source;
  const { code } = await esbuild.transform(style, { loader: 'css', minify: true, target: BROWSERS });
  return source.replace(style, () => code.trim());
}

/** A readable part of a file's name: `voice/texts/en.js` is `voice-texts-en`, `panel/panel.js` is `panel`. */
function label(source) {
  const parts = relative(join(WIDGET, 'voice-agent'), source).replace(/\.js$/, '').split(/[\\/]/);
  if (parts.at(-1) === parts.at(-2)) parts.pop();
  return parts.join('-');
}

/** The files of a folder, by path within it. */
async function filesOf(folder) {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(folder, file).replaceAll('\\', '/'));
}

/** Makes `out` hold these files and no others. What has not changed is not written, so that watchers stay calm. */
async function write(out, files) {
  for (const name of await filesOf(out)) if (!files.has(name)) await rm(join(out, name));
  for (const [name, content] of files) {
    const path = join(out, name);
    if (existsSync(path) && (await readFile(path)).equals(content)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'dist') } } });
  const files = await bundleAll(await loadEsbuild());
  const copies = COPIED.map((name) => [name, join(WIDGET, name)]);
  for (const name of await filesOf(join(ROOT, 'public'))) copies.push([name, join(ROOT, 'public', name)]);
  for (const [name, path] of copies) files.set(name, await readFile(path));
  await write(resolve(values.out), files);
  console.log(`Built the widget into ${basename(values.out)}/: ${files.size} files`);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

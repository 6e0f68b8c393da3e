// Bundles an application for browsers: node build.mjs ENTRY NODE_MODULES [VITE_CONFIG]. Prints the code.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [entry, modules, config] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const esbuild = require('esbuild');

/** Does what Vite's plugin does with a single-file component, with the options of its configuration. */
const vue = {
  name: 'vue',
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { compileScript, parse } = require('vue/compiler-sfc');
      const { template } = (await import(pathToFileURL(config))).default.plugins[0];
      const { descriptor } = parse(await readFile(path, 'utf8'), {
        filename: path,
        templateParseOptions: template.compilerOptions,
      });
      const script = compileScript(descriptor, { id: 'recipe', inlineTemplate: true, templateOptions: template });
      return { contents: script.content, loader: 'js' };
    });
  },
};

const { outputFiles } = await esbuild.build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  format: 'esm',
  jsx: 'automatic',
  nodePaths: [modules],
  define: {
    'process.env.NODE_ENV': '"development"',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  logLevel: 'error',
  plugins: [vue],
});
process.stdout.write(outputFiles[0].text);

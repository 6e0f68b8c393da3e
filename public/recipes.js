/**
 * How the agent gets onto a page, by what the website is made with: `wrap` makes the code of the lines with the style
 * sheet and the script, and of the tag; `where` says where it goes. docs/recipes.md says more, and is compared with this
 * by a test.
 */
const asHtml = (head, tag) => `${head}\n${tag}`;
const indented = (text) => text.replace(/^/gm, '    ');

export const RECIPES = {
  'plain HTML': { wrap: asHtml, where: 'Before </body>, on every page.' },
  WordPress: {
    wrap: (head, tag) => `add_action('wp_footer', function () { ?>\n${indented(asHtml(head, tag))}\n<?php });`,
    where: 'At the end of the child theme’s functions.php, or in a plugin for code snippets.',
  },
  Shopify: { wrap: asHtml, where: 'In layout/theme.liquid, before </body>.' },
  Wix: {
    wrap: (head, tag) => `${head}\n<script>\n  document.body.insertAdjacentHTML('beforeend', '${tag}');\n</script>`,
    where: 'Under Settings, Custom Code: on all pages, at the end of the body.',
  },
  'React or Vue': { wrap: asHtml, where: 'In index.html. For a component instead, see docs/recipes.md.' },
};

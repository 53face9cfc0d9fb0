/* The tables of the READMEs that come from the code. Each is between two comments that name it. */

import { listed, table } from './markdown.mjs';

/** Whether a target changes databases. */
export const changesDatabases = (name) => ['provision-db', 'upgrade-db'].includes(name);

/** When a target exists. */
function condition({ name, folder, isThereWithoutFolder }) {
  if (name === 'normalize-schema') return ' (schema projects)';
  return folder === undefined || isThereWithoutFolder ? '' : ` (with \`${folder}\`)`;
}

function targetsTable({ targets, executors }) {
  const rows = targets.map((target) => [
    `\`${target.name}\`${condition(target)}`,
    executors[target.name].description.replace(/\.$/, ''),
    listed(target.writes) || (changesDatabases(target.name) ? 'a database' : 'no file'),
  ]);
  return table(['target', 'does', 'writes'], rows);
}

const tables = { targets: targetsTable };

/**
 * @param {string} markdown a page with tables between `<!-- table: <name>, … -->` and `<!-- end of table -->`
 * @param {readonly (keyof typeof tables)[]} names of the tables that it must have
 * @param {object} facts of the code
 * @returns {string} the page with its tables as they must be
 */
export function withTables(markdown, names, facts) {
  return names.reduce((text, name) => {
    const place = new RegExp(`(<!-- table: ${name},[^\\n]*-->\\n)[\\s\\S]*?(<!-- end of table -->)`);
    if (!place.test(text)) throw new Error(`There is no place for the table ${name}.`);
    return text.replace(place, (_, begin, end) => `${begin}\n${tables[name](facts)}\n\n${end}`);
  }, markdown);
}

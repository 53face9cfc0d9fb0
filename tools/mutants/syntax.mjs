import { parseAst } from 'vite';

/** A node of the syntax tree, as Vite gives it. @typedef {Record<string, any> & { readonly type: string, readonly start: number, readonly end: number }} Node */

/** @param {string} source @returns {Node} */
export const syntaxOf = (source) => /** @type {Node} */ (/** @type {unknown} */ (parseAst(source, { lang: 'ts' })));

/** @param {unknown} value @returns {value is Node} */
const isNode = (value) => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** @param {Node} node @returns {Node[]} */
export const childrenOf = (node) => Object.values(node).flat().filter(isNode);

import { childrenOf, syntaxOf } from './syntax.mjs';

/** @typedef {import('./syntax.mjs').Node} Node */

/**
 * A change of a line: an operator, a constant or a statement.
 *
 * @typedef {{ readonly kind: 'operator' | 'constant' | 'statement', readonly line: number, readonly text: string, readonly changed: string }} Change
 */

/** @type {Readonly<Record<string, string>>} */
const otherOperators = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '%': '*',
  '+=': '-=',
  '-=': '+=',
  '??=': '=',
};

/** Nodes of types, and others that a change would leave as they are. */
const isLeftOut = ({ type }) =>
  /^(?:Import|ExportAll)/.test(type) || (type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(type));

/** @param {Node} node @param {string} source @returns {readonly [Change['kind'], number, number, string][]} kind, start, end and what stands there instead */
function changesOfNode(node, source) {
  const { type, start, end } = node;
  if (/^(?:Binary|Logical|Assignment)Expression$/.test(type)) {
    const at = source.indexOf(node.operator, node.left.end);
    const other = otherOperators[node.operator];
    return other ? [['operator', at, at + node.operator.length, other]] : [];
  }
  if (type === 'UnaryExpression' && node.operator === '!') return [['operator', start, start + 1, '']];
  if (type === 'Literal') {
    const other = otherConstant(node.value);
    return other === null ? [] : [['constant', start, end, other]];
  }
  if (type === 'TemplateElement') {
    // its place begins and ends with the marks around the text, or not
    const { raw } = node.value;
    const at = source.indexOf(raw, start);
    return raw.trim() === '' ? [] : [['constant', at, at + raw.length, '']];
  }
  if (node.directive) return [];
  const isStatement = /^(?:Expression|Continue|Break)Statement$/.test(type) || (type === 'IfStatement' && !node.alternate);
  return isStatement ? [['statement', start, end, ';']] : [];
}

/** @param {unknown} value */
function otherConstant(value) {
  if (typeof value === 'boolean') return String(!value);
  if (typeof value === 'number') return String(value + 1);
  if (typeof value === 'string') return value === '' ? "'changed'" : "''";
  return value === null ? 'undefined' : null;
}

/** What a line of the file is while it is read: the last one that starts at or before a place. */
function linesOf(/** @type {string} */ source) {
  const texts = source.split('\n');
  let start = 0;
  const lines = texts.map((text, index) => {
    const line = { number: index + 1, text, start };
    start += text.length + 1;
    return line;
  });
  const lineAt = (/** @type {number} */ place) =>
    lines[lines.findIndex((line) => line.start > place) - 1] ?? lines[lines.length - 1];
  return lineAt;
}

/** The nodes below a node that a change may be in: no types, no names of members, no directives, no names of modules. */
function changeable(/** @type {Node} */ node) {
  const directive = node.type === 'ExpressionStatement' && node.directive ? node.expression : null;
  const left = [node.computed ? null : node.key, directive, node.source];
  return childrenOf(node).filter((child) => !isLeftOut(child) && !left.includes(child));
}

/**
 * The changes of a file that stay within a line.
 *
 * @param {string} source of a TypeScript file
 * @returns {readonly Change[]}
 */
export function changesOf(source) {
  const lineAt = linesOf(source);
  /** @type {Change[]} */
  const changes = [];
  const visit = (/** @type {Node} */ node) => {
    for (const [kind, start, end, by] of changesOfNode(node, source)) {
      const { number, text, start: first } = lineAt(start);
      if (end - first > text.length) continue;
      changes.push({ kind, line: number, text, changed: text.slice(0, start - first) + by + text.slice(end - first) });
    }
    for (const child of changeable(node)) visit(child);
  };
  visit(syntaxOf(source));
  return changes;
}

import { childrenOf, type SyntaxNode, syntaxOf } from './syntax.ts';

/** A change of a line: an operator, a constant or a statement. */
export interface Change {
  readonly kind: 'operator' | 'constant' | 'statement';
  readonly line: number;
  readonly text: string;
  readonly changed: string;
}

const otherOperators: Readonly<Record<string, string>> = {
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

/** Nodes of types, and others in which a change would have no effect. */
const isLeftOut = ({ type }: SyntaxNode) =>
  /^(?:Import|ExportAll)/.test(type) || (type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(type));

/** The changes of a node: kind, start, end and replacement. */
function changesOfNode(node: SyntaxNode, source: string): readonly [Change['kind'], number, number, string][] {
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
    // depending on the parser, its range includes the marks around the text or not
    const { raw } = node.value;
    const at = source.indexOf(raw, start);
    return raw.trim() === '' ? [] : [['constant', at, at + raw.length, '']];
  }
  if (node.directive) return [];
  const isStatement =
    /^(?:Expression|Continue|Break)Statement$/.test(type) || (type === 'IfStatement' && !node.alternate);
  return isStatement ? [['statement', start, end, ';']] : [];
}

function otherConstant(value: unknown) {
  if (typeof value === 'boolean') return String(!value);
  if (typeof value === 'number') return String(value + 1);
  if (typeof value === 'string') return value === '' ? "'changed'" : "''";
  return value === null ? 'undefined' : null;
}

/** Returns the line of the file at a position: the last line that starts at or before it. */
function linesOf(source: string) {
  const texts = source.split('\n');
  let start = 0;
  const lines = texts.map((text, index) => {
    const line = { number: index + 1, text, start };
    start += text.length + 1;
    return line;
  });
  const last = lines.at(-1) ?? { number: 1, text: '', start: 0 };
  return (place: number) => lines[lines.findIndex((line) => line.start > place) - 1] ?? last;
}

/** The nodes below a node that a change may be in: without types, names of members, directives and names of modules. */
function changeable(node: SyntaxNode) {
  const directive = node.type === 'ExpressionStatement' && node.directive ? node.expression : null;
  const left = [node.computed ? null : node.key, directive, node.source];
  return childrenOf(node).filter((child) => !isLeftOut(child) && !left.includes(child));
}

/** The changes of a TypeScript file that stay within one line. */
export function changesOf(source: string): readonly Change[] {
  const lineAt = linesOf(source);
  const changes: Change[] = [];
  const visit = (node: SyntaxNode) => {
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

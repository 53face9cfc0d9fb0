import { parseAst } from 'vite';

/** A node of the syntax tree in the form of Vite. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // biome-ignore lint/suspicious/noExplicitAny: the members follow from the type, of which there are many
  readonly [member: string]: any;
}

export const syntaxOf = (source: string): SyntaxNode => parseAst(source, { lang: 'ts' }) as unknown as SyntaxNode;

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

export const childrenOf = (node: SyntaxNode): SyntaxNode[] => Object.values(node).flat().filter(isNode);

export { type DiagramFormat, diagramFormats, resourceDiagram } from './diagram/diagram.ts';
export type { GraphOptions } from './diagram/entity-graph.ts';
export { type DictionaryRow, dictionaryCells, dictionaryRows } from './dictionary.ts';
export { type DictionaryFormat, dictionaryFormats } from './dictionary-files.ts';
export type { ObjectStatement } from './explored-set.ts';
export { type ArtifactsOfDialect, exploredSet, modelPage, type StatementsOfObject } from './model-page.ts';

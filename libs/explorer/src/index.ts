export { type DiagramFormat, diagramFormats, resourceDiagram } from './diagram/diagram.ts';
export type { GraphOptions } from './diagram/entity-graph.ts';
export {
  type DictionaryFormat,
  type DictionaryRow,
  dictionaryCells,
  dictionaryFormats,
  dictionaryRows,
} from './dictionary.ts';
export type { ObjectStatement } from './explored-set.ts';
export { type ArtifactsOfDialect, exploredSet, modelPage, type StatementsOfObject } from './model-page.ts';

export { diagramFormats, resourceDiagram } from './diagram/diagram.ts';
export {
  type DictionaryFormat,
  dictionaryCells,
  dictionaryFormats,
  dictionaryRows,
} from './dictionary.ts';
export { type ArtifactsOfDialect, exploredSet, modelPage } from './model-page.ts';

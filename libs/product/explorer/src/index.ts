export { diagramFormats, resourceDiagram } from './diagram/diagram.ts';
export {
  type DictionaryFormat,
  dictionaryCells,
  dictionaryFormats,
  dictionaryRows,
} from './dictionary.ts';
export { exploredSet, modelPage, type ShownArtifacts } from './model-page.ts';

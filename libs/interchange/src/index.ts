export { type DescriptorFields, descriptorFields } from './mapping/descriptor-fields.ts';
export {
  type InterchangeFile,
  type InterchangeOptions,
  type InterchangeReader,
  type InterchangeRecord,
  interchangeReader,
} from './read-interchange.ts';
export { type ElementLimits, type ElementOptions, type ReadElement, readElements } from './xml/read-elements.ts';
export type { XmlElement } from './xml/xml-element.ts';

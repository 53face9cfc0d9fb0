import { trimmed, type XmlElement } from '../xml/xml-element.ts';

/** The elements of a descriptor and their names in JSON; all descriptors have the same (design 09 §8.1). */
const fieldOf: ReadonlyMap<string, string> = new Map(
  ['namespace', 'codeValue', 'shortDescription', 'description', 'effectiveBeginDate', 'effectiveEndDate'].map(
    (field) => [`${field.charAt(0).toUpperCase()}${field.slice(1)}`, field],
  ),
);

export interface DescriptorFields {
  /** Texts by their names in JSON. */
  readonly fields: ReadonlyMap<string, string>;
  /** Elements that repeat a field. */
  readonly repeated: readonly XmlElement[];
  /** Elements that are not fields. */
  readonly others: readonly XmlElement[];
}

/** Reads the fields of a descriptor. */
export function descriptorFields({ children }: XmlElement): DescriptorFields {
  const fields = new Map<string, string>();
  const [repeated, others]: [XmlElement[], XmlElement[]] = [[], []];
  for (const child of children) {
    const field = fieldOf.get(child.name);
    if (field === undefined) others.push(child);
    else if (fields.has(field)) repeated.push(child);
    else fields.set(field, trimmed(child.text));
  }
  return { fields, repeated, others };
}

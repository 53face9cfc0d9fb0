/** An XML element with everything inside it. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** Null for the root element. */
  readonly parent: XmlElement | null;
  /** For an element below the root, its number among those of its name, from 1. For all others 0. */
  readonly number: number;
  /** The `id` attribute, which references in the same file can name. */
  readonly id: string | null;
  /** The `ref` attribute: the id of another element. */
  readonly ref: string | null;
  readonly children: readonly XmlElement[];
  /** The text directly inside the element. */
  readonly text: string;
}

/** `/InterchangeStudent/Student[3]/Name/FirstName`. Elements below the root have a number, as have repeated ones. */
export function pathOf(element: XmlElement): string {
  const { name, parent } = element;
  if (!parent) return `/${name}`;
  const alike = parent.children.filter((each) => each.name === name);
  const number = parent.parent === null ? element.number : alike.length > 1 ? alike.indexOf(element) + 1 : 0;
  return `${pathOf(parent)}/${number > 0 ? `${name}[${number}]` : name}`;
}

/** Removes the white space of XML from both ends. */
export const trimmed = (text: string) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

/** Whether an element has no content: no text and no `ref`, neither directly nor in the elements inside it. */
export const isEmpty = ({ text, children, ref }: XmlElement): boolean =>
  ref === null && children.every(isEmpty) && trimmed(text) === '';

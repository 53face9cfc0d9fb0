import type { JsonObject, JsonValue } from '@dms/files';
import type { DocumentNode, DocumentObject } from '@dms/model';
import { extensionMember, extensionsOf } from './model-trees.ts';

/** An object of a document under construction. */
export type ObjectDraft = Map<string, Draft>;

type Draft = ObjectDraft | Draft[] | JsonValue;

const isObject = (draft: Draft | undefined): draft is ObjectDraft => draft instanceof Map;

/** Returns the object at a member. Creates it if it is missing. */
export function objectIn(draft: ObjectDraft, name: string): ObjectDraft {
  const known = draft.get(name);
  if (isObject(known)) return known;
  const made: ObjectDraft = new Map();
  draft.set(name, made);
  return made;
}

/** Returns what a project adds to an object, below `_ext`. */
export const extensionIn = (draft: ObjectDraft, project: string) => objectIn(objectIn(draft, extensionMember), project);

/** Returns the array at a member. Creates it if it is missing. */
export function arrayIn(draft: ObjectDraft, name: string): Draft[] {
  const known = draft.get(name);
  if (Array.isArray(known)) return known as Draft[];
  const made: Draft[] = [];
  draft.set(name, made);
  return made;
}

/** Returns the object at a position of an array. Fills the positions up to it with empty objects. */
export function elementIn(array: Draft[], position: number): ObjectDraft {
  while (array.length <= position) array.push(new Map());
  return array[position] as ObjectDraft;
}

function finished(draft: Draft, node: DocumentNode | undefined): JsonValue {
  if (Array.isArray(draft))
    return draft.map((each) => finished(each, node?.kind === 'array' ? node.element : undefined));
  return isObject(draft) && node?.kind === 'object' ? finishedDocument(draft, node) : (draft as JsonValue);
}

/** Finishes a document. Its members are ordered like the model, not like the elements. */
export function finishedDocument(draft: ObjectDraft, object: DocumentObject): JsonObject {
  const members = new Map<string, JsonValue>();
  for (const [name, member] of object.members) {
    const value = name === extensionMember ? undefined : draft.get(name);
    if (value !== undefined) members.set(name, finished(value, member));
  }
  const added = draft.get(extensionMember);
  if (isObject(added)) {
    const extensions = extensionsOf(object).flatMap(([project, extension]) => {
      const own = added.get(project);
      return isObject(own) ? [[project, finishedDocument(own, extension)] as const] : [];
    });
    members.set(extensionMember, new Map(extensions));
  }
  return members;
}

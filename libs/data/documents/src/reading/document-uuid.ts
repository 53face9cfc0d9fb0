const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text has the form of the uuid of a document, in letters of either case. */
export const isUuid = (text: string): boolean => uuidForm.test(text);

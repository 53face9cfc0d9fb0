/** A part of a regular expression that matches a text alone. */
export const exactPattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

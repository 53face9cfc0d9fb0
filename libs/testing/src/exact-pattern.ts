/** A regular expression that matches exactly this text. */
export const exactPattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

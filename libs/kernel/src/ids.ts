/** Opaque ids that may stand in keys, paths and streams: no separators, no control characters, at most 128 characters. */
export const ID_PATTERN = '^[A-Za-z0-9\\u00A1-\\uD7FF\\uE000-\\uFFFD._:@+-]{1,128}$';
export const PROGRAM_PATTERN = '^[a-z0-9][a-z0-9-]{0,31}$';

/** Key of everything that belongs to one member: it decides the partition. */
export const memberKey = (program: string, member: string): string => `${program}/${member}`;

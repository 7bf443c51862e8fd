/**
 * V8 grows a heap as long as the machine has memory. These bounds keep a process in the memory that it needs: the five services
 * at about 200 MB each, all of them in one process below 400 MB. Under so low a bound V8 would collect the whole heap whenever it
 * grew by a third; when it may grow more before, that costs some memory, and saves a quarter of a service's CPU under load.
 */
export const SERVICE_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=4',
  '--max-old-space-size=192',
  '--heap-growing-percent=70',
];
export const STANDALONE_NODE_FLAGS: readonly string[] = [
  '--max-semi-space-size=32',
  '--max-old-space-size=320',
  '--heap-growing-percent=100',
];

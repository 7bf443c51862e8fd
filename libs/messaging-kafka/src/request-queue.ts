import { innerClass } from './inner-class.ts';

const CHECK_INTERVAL_MS = 10;

interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

interface RequestQueueClass {
  readonly prototype: RequestQueue & { scheduleCheckPendingRequests(): void };
}

const isRequestQueueClass = (value: unknown): value is RequestQueueClass =>
  typeof value === 'function' &&
  typeof value.prototype?.scheduleCheckPendingRequests === 'function' &&
  typeof value.prototype.checkPendingRequests === 'function';

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null) return;
  const throttled = this.throttledUntil - Date.now();
  if (throttled <= 0 && this.pending.length === 0) return;
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttled > 0 ? throttled : CHECK_INTERVAL_MS,
  );
}

/**
 * kafkajs 2.2.4 re-arms a timer with a negative delay for ever on every idle connection (tulios/kafkajs#1751, #1704):
 * a thousand wake-ups a second and a TimeoutNegativeWarning on Node 24. Here a check is only due while something waits.
 */
export function calmRequestQueue(): RequestQueueClass {
  const found = innerClass('network/requestQueue/index', isRequestQueueClass);
  found.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
  return found;
}
